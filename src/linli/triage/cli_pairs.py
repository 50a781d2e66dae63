"""``linli triage pairs``: how well the same matter is told from another one, on hand-written pairs."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path

import click

from linli.triage.rules import pairs as rules
from linli.triage.rules import similar

OURS = Path(__file__).parent / "tests" / "data" / "pairs.csv"
THRESHOLDS = (0.35, 0.5, 0.7)


@click.command("pairs")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wrong", is_flag=True, help="only the pairs that are judged wrong at 0.5")
@click.option("--json", "as_json", is_flag=True, help="print as JSON, with every pair")
def pairs(file: Path | None, wrong: bool, as_json: bool) -> None:
    """Judge pairs of reports: the same matter, or not.

    Without FILE our own hand-written pairs; a table of your own needs the columns set, kind, where, days, same, one, two.
    """
    with (file or OURS).open(encoding="utf-8", newline="") as table:
        held = rules.weighed(csv.DictReader(table))
    shown = [pair for pair in held if not wrong or (pair.certainty >= 0.5) != pair.same]
    figures = {
        group: {
            str(at): asdict(rules.scores([pair for pair in held if pair.group == group], at))
            for at in THRESHOLDS
        }
        for group in sorted({pair.group for pair in held})
    }
    if as_json:
        found = {"version": similar.VERSION, "scores": figures, "pairs": [asdict(pair) for pair in shown]}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for group, table_of in figures.items():
        for at, one in table_of.items():
            click.echo(f"{group} at {at}: precision {one['precision']}, recall {one['recall']}, n {one['n']}")
    for pair in shown if wrong else ():
        click.echo(
            f"{pair.certainty:.2f} {'same' if pair.same else 'not'} {pair.kind}: {pair.one} | {pair.two}"
        )
