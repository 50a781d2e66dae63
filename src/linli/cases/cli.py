"""``linli cases``: import messages, see how promises were kept, look at one case."""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from linli.cases import tables, words
from linli.cases.actions import callback_draw, defaults, importing
from linli.cases.queries import kept, reference
from linli.cases.rules import messages
from linli.grids import queries as places
from linli.kernel import access, clock, exports, scope
from linli.kernel.access import NotFound


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cases() -> None:
    """Import and look at cases."""


def _community(code: str) -> int:
    only = places.communities() if not code else []
    if len(only) == 1:
        return only[0].id
    try:
        return reference.community_id(code)
    except NotFound:
        known = ", ".join(f"{one.code} {one.name_zh}" for one in places.communities()) or "none yet"
        said = f"There is no community {code}." if code else "Say which community: --community CODE."
        raise click.UsageError(f"{said} Known: {known}.") from None


def _given(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in [one for given in pairs for one in given.split(",")]:
        field, equals, column = pair.partition("=")
        if not equals or not column:
            raise click.UsageError(f"--map {pair}: write FIELD=COLUMN.")
        found[field.strip()] = column.strip()
    return found


@cases.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--community",
    default="",
    help="12-digit code of the community that takes the messages in (needed if there are several)",
)
@click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COLUMN[,…]",
    help="which column is what: id, subject, body, time, category, reply, reply_time; common names are found by themselves",
)  # fmt: skip
@click.option(
    "--batch", default="", help="name of this import (default: the file's name); run again under it to resume"
)
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="write the refused rows here, as CSV"
)
@click.option("--json", "as_json", is_flag=True, help="print the outcome as JSON")
def import_file(
    file: Path, community: str, pairs: tuple[str, ...], batch: str, rejects: Path | None, as_json: bool
) -> None:
    """Take in messages as cities export them (CSV or XLSX), with their replies, at their own times.

    Every row goes through the same actions as a report on the page. Rows are committed as it goes: after a crash, run the
    same command again; nothing is doubled. Exit code 3 when rows were refused, 2 when the file cannot be used.
    """
    community_id = _community(community)
    try:
        columns, rows = tables.columns_and_rows(file)
        found = messages.mapping(columns, _given(pairs))
        total = sum(1 for _ in tables.columns_and_rows(file)[1])
    except (tables.BadTable, messages.BadMapping) as error:
        raise click.UsageError(str(error)) from error
    with click.progressbar(length=total, label=file.name, file=sys.stderr, hidden=as_json) as bar:
        outcome = importing.import_messages(
            community_id=community_id,
            batch=batch or file.name,
            rows=((line, messages.read(row, found, clock.LOCAL)) for line, row in rows),
            at=clock.now(),
            progress=bar.update,
        )
    _tell(outcome, as_json)
    if rejects:
        _write_rejects(rejects, outcome)
    if outcome.refused:
        sys.exit(3)


def _tell(outcome: importing.Outcome, as_json: bool) -> None:
    refused: list[dict[str, Any]] = [
        {"line": line, "errors": [asdict(one) for one in wrongs]} for line, wrongs in outcome.refused
    ]
    if as_json:
        plain = {
            "imported": outcome.imported,
            "replied": outcome.replied,
            "already_here": outcome.already_here,
            "refused": refused,
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
        return
    click.echo(
        f"{outcome.imported} imported ({outcome.replied} with a reply), {outcome.already_here} were here already,"
        f" {len(refused)} refused."
    )
    for line, wrongs in outcome.refused[:40]:
        click.echo(
            f"  line {line}: "
            + "; ".join(
                f"{one.field}: {words.wrong(one.code, field=one.field, limit=one.limit)}" for one in wrongs
            )
        )
    if len(refused) > 40:
        click.echo(f"  … and {len(refused) - 40} more; --rejects FILE writes them all.")


def _write_rejects(path: Path, outcome: importing.Outcome) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "field", "code", "limit"])
        for line, wrongs in outcome.refused:
            for one in wrongs:
                writer.writerow(
                    [line, *(exports.csv_cell(cell) for cell in (one.field, one.code, one.limit))]
                )


@cases.command("promises")
@click.option("--community", default="", help="12-digit code of the community (needed if there are several)")
@click.option("--batch", default="", help="only the cases of this import")
@click.option("--within", "within_days", type=click.FloatRange(min=0.01), default=15.0, show_default=True,
              help="days of 24 hours from the report to the first answer the resident can read")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def promises(community: str, batch: str, within_days: float, as_json: bool) -> None:
    """How promises were kept: days to the first answer, and each stage met, late, running or broken."""
    community_id = _community(community)
    with scope.within([community_id]):
        answered = kept.answered(community_id, within_days=within_days, batch=batch)
        by_stage = kept.stages(community_id, at=clock.now(), batch=batch)
    if as_json:
        plain = asdict(answered) | {"share": answered.share, "stages": [asdict(one) for one in by_stage]}
        click.echo(json.dumps(plain))
        return
    if answered.median_days is None or answered.share is None:
        click.echo("No case has been answered yet.")
    else:
        click.echo(f"{answered.cases} answered; half of them within {answered.median_days:.1f} days;")
        click.echo(f"{answered.within} ({answered.share:.1%}) within {within_days:g} days of 24 hours.")
    for one in by_stage:
        click.echo(
            f"  {one.stage:<14} met {one.met:>6}  late {one.late:>6}  running {one.running:>5}  broken {one.broken:>5}"
        )


@cases.command("draw")
@click.option("--community", default="", help="12-digit code of the community (needed if there are several)")
@click.option("--month", required=True, metavar="YYYY-MM", help="the month whose lots are drawn again")
def draw(community: str, month: str) -> None:
    """Draw again who is called back: every closing of a month, from its seed and the plan of its day.

    Fails when one row does not come out as it is kept.
    """
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise click.UsageError("--month: write it as 2026-11.")
    community_id = _community(community)
    with scope.within([community_id]):
        found, differing = callback_draw.repeat(community_id, month)
        drawn = found.exclude(why__in=["", "asked"]).count()
        click.echo(f"{found.count()} closings, {drawn} drawn, {len(differing)} differ.")
        for row, what in differing:
            click.echo(f"  {row.case.number} round {row.round}: {what}")
    if differing:
        raise SystemExit(1)


@cases.command("defaults")
@click.option("--community", default="", help="12-digit code of the community (needed if there are several)")
def install_defaults(community: str) -> None:
    """Give a new community the shipped categories, promises and routing rules, from today on.

    They are examples to begin with: the community changes them on its settings pages. Refused where it has
    categories of its own.
    """
    at = clock.now()
    try:
        rows = defaults.install(
            actor=access.SYSTEM,
            community_id=_community(community),
            at=at,
            from_date=at.astimezone(clock.LOCAL).date(),
        )
    except defaults.AlreadyThere as there:
        raise click.ClickException(f"Community {community} has categories of its own already.") from there
    click.echo(f"{rows} rows of categories, promises and routing.")
