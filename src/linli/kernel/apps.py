from __future__ import annotations

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The closed list of small machines every room needs; knows no domain."""

    name = "linli.kernel"
    label = "kernel"
