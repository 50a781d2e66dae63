from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, identity levels, organisations, consent."""

    name = "linli.people"
    label = "people"
