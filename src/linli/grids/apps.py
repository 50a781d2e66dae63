"""The Django application of the places."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    """Places, duties, memberships and the community's own settings."""

    name = "linli.grids"
    label = "grids"
    verbose_name = _("Places and duties")
    default_auto_field = "django.db.models.BigAutoField"
