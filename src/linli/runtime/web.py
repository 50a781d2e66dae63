"""The web process: granian serving the WSGI application with a few threads."""

from __future__ import annotations

import importlib
import signal
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from linli.runtime.osuser import die_with_parent

TARGET = "linli.site.wsgi:application"
BACKLOG = 1024
STOP_SECONDS = 10


def serve(host: str, port: int, *, workers: int, threads: int) -> None:
    """Serve until SIGTERM; requests under way are finished first."""
    Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_SECONDS,
    ).serve(target_loader=_Load(), wrap_loader=False)


class _Load:
    """Loads the application inside granian's worker process, tied to the life of the main one.

    Without the tie a worker whose main process was killed would keep the port, and nobody could start again.
    """

    def __init__(self) -> None:
        self.tie = die_with_parent(signal.SIGTERM)

    def __call__(self) -> Callable[..., Any]:
        self.tie()
        module, name = TARGET.split(":")
        loaded: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return loaded
