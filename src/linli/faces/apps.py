from __future__ import annotations

from django.apps import AppConfig


class FacesConfig(AppConfig):
    """The look: tokens, base templates, small browser modules, template tags. Knows no domain."""

    name = "linli.faces"
    label = "faces"
