"""``linli web``."""

from __future__ import annotations

from pathlib import Path

import click

from linli.runtime import database
from linli.runtime import web as process


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Processes; one a core is plenty.")
@click.option("--threads", default=4, show_default=True, help="Requests served at the same time, a process.")
@click.pass_obj
def web(home: Path, host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages and API. Needs DATABASE_URL, or a Linli that runs on this data folder."""
    database.join(home)
    process.serve(host, port, workers=workers, threads=threads)
