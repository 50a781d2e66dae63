"""``linli jobs list | retry``; called by :class:`linli.runtime.rooms.RoomDoor`, which has set Django up."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from linli.kernel import jobs as machine


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def jobs() -> None:
    """See reactions that failed for good, and let them be tried again."""


@jobs.command(name="list")
@click.option("--limit", default=100, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(limit: int, as_json: bool) -> None:
    """Name the jobs that failed: number, reaction, fact, tries, when. Why is in the worker's log."""
    found = machine.failed(limit)
    if as_json:
        click.echo(json.dumps({"failed": [asdict(one) for one in found]}, default=str))
        return
    for one in found:
        when = f"{one.at:%Y-%m-%d %H:%M}" if one.at else "-"
        click.echo(f"{one.id:>8}  {one.reaction}  {one.fact}  {one.attempts} tries  {when}")
    if not found:
        click.echo("No job has failed.")


@jobs.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every failed job.")
def retry(numbers: tuple[int, ...], everything: bool) -> None:
    """Let failed jobs be tried again, from the first try on, by the worker."""
    if bool(numbers) == everything:
        raise click.UsageError("Name the jobs by their numbers (linli jobs list), or say --all.")
    done = machine.retry(None if everything else numbers)
    click.echo(f"{done} to be tried again.")
    sys.exit(0 if done or everything else 1)
