from __future__ import annotations

from django.apps import AppConfig

from linli.faces import languages


class FacesConfig(AppConfig):
    """The look: tokens, base templates, small browser modules, template tags. Knows no domain."""

    name = "linli.faces"
    label = "faces"

    def ready(self) -> None:
        """Each language is completed by English, not by Chinese."""
        languages.let_english_stand()
