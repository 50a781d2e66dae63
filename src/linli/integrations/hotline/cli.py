"""``linli hotline``: work orders in and out, for an operator and for cron."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from linli.cases import tables as sheets
from linli.grids import queries as places
from linli.integrations.hotline import words
from linli.integrations.hotline.actions import pulling, receiving, sending, tables
from linli.integrations.hotline.actions.pulling import CannotPull
from linli.integrations.hotline.actions.receiving import Outcome
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules.mapping import BadMapping
from linli.kernel import clock, exports, scope

SHOWN = 40
LINE = click.option("--line", "name", default="", help="name of the line (needed if there are several)")
JSON = click.option("--json", "as_json", is_flag=True, help="print the outcome as JSON")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def hotline() -> None:
    """Exchange work orders with a 12345 hotline, by the lines that communities have opened in their settings."""


def _line(name: str) -> Line:
    with scope.within(places.community_ids()):
        found = [
            line
            for line in Line.objects.order_by("pk")
            if not name or name in {line.name_zh, line.name_en, line.key}
        ]
        known = (
            ", ".join(line.name_zh for line in Line.objects.order_by("pk"))
            or "none yet: open one in the settings"
        )
    if len(found) == 1:
        return found[0]
    said = f"There is no line {name!r}." if not found else "Several lines fit; say which one: --line NAME."
    raise click.UsageError(f"{said} Known: {known}.")


@hotline.command("import")
@FILE
@LINE
@click.option("--dry-run", is_flag=True, help="say what would happen and change nothing")
@JSON
def import_table(file: Path, name: str, dry_run: bool, as_json: bool) -> None:
    """Take in a table of orders (CSV or XLSX). Run again, it changes nothing.

    Exit code 3 when rows were refused, 2 when the file or the mapping cannot be used.
    """
    line = _line(name)
    try:
        mapping = mappings.load(line.mapping)
        rows = tables.rows_of(file, mapping)
    except (sheets.BadTable, BadMapping) as error:
        raise click.UsageError(str(error)) from error
    if dry_run:
        _tell(receiving.preview(mapping=mapping, rows=rows, line=line), as_json)
        return
    with click.progressbar(rows, label=file.name, file=sys.stderr, hidden=as_json) as bar:
        outcome = receiving.receive(line=line, mapping=mapping, rows=bar, at=clock.now())
    _tell(outcome, as_json)


def _tell(outcome: Outcome, as_json: bool) -> None:
    refused = [one for one in outcome.done if one.wrongs]
    if as_json:
        told: dict[str, Any] = {**outcome.counts, "orders": [asdict(one) for one in outcome.done]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(", ".join(f"{n} {result}" for result, n in outcome.counts.items()) + ".")
        for one in refused[:SHOWN]:
            why = "; ".join(f"{wrong.field}: {words.wrong(wrong)}" for wrong in one.wrongs)
            click.echo(f"  line {one.line} {one.number}: {why}")
        if len(refused) > SHOWN:
            click.echo(f"  and {len(refused) - SHOWN} more")
    if outcome.count("refused"):
        sys.exit(3)


@hotline.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@LINE
@click.option("--batch", default="", help="write a table that left before once more")
def export(file: Path, name: str, batch: str) -> None:
    """Write receipts and results for a hotline that takes tables (.csv or .xlsx); each row leaves once."""
    line = _line(name)
    try:
        named, rows = tables.results(line, at=clock.now(), batch=batch)
    except BadMapping as error:
        raise click.UsageError(str(error)) from error
    if file.suffix.lower() == ".xlsx":
        with file.open("wb") as out:
            exports.write_xlsx(rows, out, sheet="12345")
    else:
        file.write_bytes(b"".join(exports.write_csv(rows)))
    click.echo(f"{len(rows) - 1} rows in {file} (batch {named}).")


@hotline.command()
@LINE
@JSON
def pull(name: str, as_json: bool) -> None:
    """Ask the hotline's server for new orders now. Exit code 1 when it cannot be asked."""
    try:
        outcome = pulling.pull(_line(name), at=clock.now())
    except CannotPull as failed:
        raise click.ClickException(words.said(failed.code)) from failed
    _tell(outcome, as_json)


@hotline.command()
def push() -> None:
    """Send what waits in the outbox now, of every community."""
    click.echo(f"{sending.sweep(clock.now())} messages tried.")


@hotline.command()
@FILE
@LINE
@JSON
def reconcile(file: Path, name: str, as_json: bool) -> None:
    """Compare their list of orders (CSV or XLSX: number and state) with ours. Exit code 3 when they differ."""
    line = _line(name)
    try:
        differences, compared = tables.reconcile(line, tables.rows_of(file, mappings.load(line.mapping)))
    except (sheets.BadTable, BadMapping) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        told = {"compared": compared, "differences": [asdict(one) for one in differences]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{compared} orders compared, {len(differences)} differ.")
        writer = csv.writer(sys.stdout)
        writer.writerows([one.number, one.code, one.theirs, one.ours] for one in differences)
    if differences:
        sys.exit(3)
