"""``linli triage hot``: what a table of messages is about, without a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from linli.cases import tables
from linli.cases.rules.messages import BadMapping
from linli.kernel.clock import LOCAL
from linli.triage.rules import topics_files
from linli.triage.rules.topics_files import FileTopic

Option = TypeVar("Option", bound=Callable[..., Any])


def _column(name: str, words: str) -> Callable[[Option], Option]:
    return click.option(
        f"--{name}", default="", metavar="COL", help=f"column of {words}; found by itself under common names"
    )


@click.command("hot")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_column("id", "the message's number")
@_column("subject", "its subject")
@_column("body", "its text")
@_column("time", "when it was sent")
@_column("votes", "how many support it")
@_column("user", "who sent it, so that somebody who writes twice is one person")
@click.option("--least", type=click.IntRange(1), default=2, show_default=True, help="messages of a topic")
@click.option("--limit", type=click.IntRange(1), default=None, help="only so many, the hottest")
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def hot(file: Path, least: int, limit: int | None, as_json: bool, **given: str) -> None:
    """Group the messages of a table (CSV or XLSX) by what they are about and where, hottest first.

    Heat is the sum of people, votes, days and growth (docs/triage.md). Exit code 2 when the file cannot be used.
    """
    try:
        there, rows = tables.columns_and_rows(file)
        held = topics_files.columns(there, {name: column for name, column in given.items() if column})
        read = [topics_files.message(row, held, line, LOCAL) for line, row in rows]
    except (tables.BadTable, BadMapping) as error:
        raise click.UsageError(str(error)) from error
    found = topics_files.topics([one for one in read if one is not None], zone=LOCAL, least=least)[:limit]
    if as_json:
        click.echo(json.dumps({"topics": [plain(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        span = f"{one.first_at:%Y-%m-%d} … {one.last_at:%Y-%m-%d}" if one.first_at and one.last_at else ""
        click.echo(f"{one.heat.total:>7.1f}  {len(one.members):>4}  {span:<25}  {one.title}")
    click.echo(f"{len(found)} topics in {len(read)} messages.", err=True)


def plain(topic: FileTopic) -> dict[str, Any]:
    """A topic as JSON carries it; the parts of the heat are points and add up to it."""
    weighed = topic.heat
    return {
        "title": f"{topic.title}",
        "heat": weighed.total,
        "from": topic.first_at.isoformat() if topic.first_at else None,
        "to": topic.last_at.isoformat() if topic.last_at else None,
        "place": topic.place,
        "members": list(topic.members),
        "people": weighed.people,
        "votes": weighed.votes,
        "days": weighed.days,
        "points": {
            "people": round(weighed.people_points, 2),
            "votes": round(weighed.votes_points, 2),
            "days": round(weighed.days_points, 2),
            "growth": round(weighed.growth_points, 2),
        },
    }
