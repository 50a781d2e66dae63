"""The web process: granian serving the WSGI application with a few threads."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from linli.runtime import application
from linli.runtime import home as homes
from linli.runtime.osuser import die_with_parent
from linli.site import env

PROXIES = "127.0.0.1,::1"
BACKLOG = 1024
STOP_SECONDS = 10


def serve(host: str, port: int, *, workers: int, threads: int) -> None:
    """Serve until SIGTERM; requests under way are finished first.

    The application is loaded here, before the processes that answer are forked: they share it, and one that died is
    back at once.
    """
    application.take("web")
    loaded = application.wsgi()
    application.warm_up()
    Granian(
        application.TARGET,
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
    ).serve(target_loader=_Load(loaded), wrap_loader=False)


class _Load:
    """Makes the application ready inside granian's worker process, tied to the life of the main one.

    Without the tie a worker whose main process was killed would keep the port, and nobody could start again.
    """

    def __init__(self, loaded: Callable[..., Any]) -> None:
        self.loaded = loaded
        self.tie = die_with_parent(signal.SIGTERM)

    def __call__(self) -> Callable[..., Any]:
        self.tie()
        homes.clear_incoming(homes.default())
        return behind(self.loaded, env.words("LINLI_TRUSTED_PROXIES", PROXIES))


def behind(application: Callable[..., Any], proxies: list[str]) -> Callable[..., Any]:
    """The application, told the address of the person rather than that of the web server in front of it.

    Only the named proxies (addresses or networks) are believed; with none, nobody is. Limits and logs would
    otherwise take all people behind the proxy for one.
    """
    if not proxies:
        return application
    wrapped: Callable[..., Any] = wrap_wsgi_with_proxy_headers(application, proxies)
    return wrapped
