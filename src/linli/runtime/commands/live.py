"""``linli live``. Imports no Django: an open screen is to cost kilobytes, and the process little more."""

from __future__ import annotations

from pathlib import Path

import click
import uvicorn

from linli.runtime import database

STOP_SECONDS = 2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, help="The port to listen on.")
@click.pass_obj
def live(home: Path, host: str, port: int) -> None:
    """Tell open screens what has changed (Server-Sent Events). Needs a direct connection to the database."""
    database.join(home)
    uvicorn.run(
        "linli.site.live:application",
        host=host,
        port=port,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
    )
