from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """What a community tells everybody: announcements for a place and all below it."""

    name = "linli.publishing"
    label = "publishing"
