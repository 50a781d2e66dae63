"""The application as a process of it needs it: rooms, routes and words loaded, and its part in the house taken."""

from __future__ import annotations

import gc
import importlib
import os
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils import translation

from linli.runtime import inside

TARGET = "linli.site.wsgi:application"
#: What web and worker need beside the rooms. Nothing of it may open a connection or start a thread.
BESIDE = ("linli.site.timetable", "linli.site.live", "linli.runtime.web", "linli.runtime.worker")


def take(part: str) -> None:
    """Load Linli's settings and all rooms, unless they are loaded, and be this part of the house.

    :param part: `web` or `worker`: how patient its statements are (`site.settings: PATIENCE`), from the next connection on.
    """
    os.environ.setdefault("LINLI_PART", part)
    if not apps.ready:
        inside.set_up_django()
    elif settings.LINLI_PART != part:
        from linli.site import settings as ours  # noqa: PLC0415  (reads the environment, which is complete only now)

        settings.LINLI_PART = part
        own = ours.database(os.environ["DATABASE_URL"], part)
        connections.settings["default"]["OPTIONS"] = own["OPTIONS"]


def warm_up() -> None:
    """Load what Django would otherwise load at the first request: routes, with all pages behind them, and words.

    Nothing of the data folder is read: it may still be in the making. What was loaded is put out of the way of the
    collector of garbage, which would write into every page of memory that forked processes share.
    """
    for name in BESIDE:
        importlib.import_module(name)
    _ = get_resolver().url_patterns
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Saved.")
    gc.collect()
    gc.freeze()


def wsgi() -> Callable[..., Any]:
    """The WSGI application, its middleware made ready."""
    module, name = TARGET.split(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
