from __future__ import annotations

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """The residents' chat groups of a place: a directory with records of how many they reach."""

    name = "linli.groups"
    label = "groups"
