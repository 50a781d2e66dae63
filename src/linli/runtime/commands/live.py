"""``linli live``. Imports no Django: an open screen is to cost kilobytes, and the process little more."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import signal
from collections.abc import Coroutine
from pathlib import Path

import click

from linli.runtime import database


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, help="The port to listen on.")
@click.pass_obj
def live(home: Path, host: str, port: int) -> None:
    """Tell open screens what has changed (Server-Sent Events). Needs a direct connection to the database."""
    from linli.site import live as screens  # noqa: PLC0415  (only this process needs it)

    database.join(home)
    _many_files()
    asyncio.run(_until_told(screens.serve(host, port, os.environ["DATABASE_URL"])))


def _many_files() -> None:
    """Each screen is an open file: take as many as the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _until_told(serving: Coroutine[None, None, None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    gc.freeze()  # what the imports left stays; the collector looks only at what screens make
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
