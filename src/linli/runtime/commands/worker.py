"""``linli worker``."""

from __future__ import annotations

from pathlib import Path

import click

from linli.runtime import database
from linli.runtime import worker as process


@click.command()
@click.option(
    "--concurrency", default=process.CONCURRENCY, show_default=True, help="Jobs done at the same time."
)
@click.pass_obj
def worker(home: Path, concurrency: int) -> None:
    """Do jobs and timed sweeps. Any number of these may run, on any number of machines."""
    database.join(home)
    process.work(concurrency=concurrency)
