from __future__ import annotations

from django.apps import AppConfig

from linli.faces import pages as faces


class PeopleConfig(AppConfig):
    """Accounts, identity levels, organisations, consent."""

    name = "linli.people"
    label = "people"

    def ready(self) -> None:
        """What a person chooses on a page is kept with their account."""
        from linli.people.pages import ways  # noqa: PLC0415  (tables are known only now)

        faces.keep_choices(ways.keep)
