"""``linli places``: import, find, list and export places."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from linli.grids import exports, locate, posters, queries
from linli.grids.actions import posters as poster_actions
from linli.grids.actions.duties import BadDuty, DutyHeld, grant_duty
from linli.grids.actions.importing import Imported, Refused, import_places
from linli.grids.rules import sheets as sheet_rules
from linli.grids.rules.datum import Datum, to_wgs84
from linli.grids.rules.plan import Change, Plan
from linli.grids.rules.posters import Layout, sheets
from linli.grids.rules.sheets import Problem
from linli.grids.rules.words import Role
from linli.grids.words import FAULTS, LEVELS, PROBLEMS, WARNINGS
from linli.kernel import access, clock
from linli.people import queries as people
from linli.people import rules as people_rules

SHOWN = 40
CHANGES = ("added", "changed", "closed")
DATUMS = click.Choice([datum.value for datum in Datum])
IMPORT_HELP = f"""Import places from CSV tables and GeoJSON outlines.

All files are checked together before anything is written: one bad row, and nothing changes. Importing
the same files again changes nothing. Files are UTF-8 or GB 18030; a blank cell leaves what is there, a
single - clears it.

\b
Tables of places have the columns
  {", ".join(sheet_rules.PLACE_COLUMNS[:8])},
  {", ".join(sheet_rules.PLACE_COLUMNS[8:])}
  level: community committee grid courtyard building unit dwelling; kind (grids): base or dedicated;
  aliases are separated by ; and a day in valid_to closes a place from that day on.
\b
Tables of divisions have the columns
  {", ".join(sheet_rules.DIVISION_COLUMNS)}
  or those of the public list of statistical codes:
  {", ".join(sheet_rules.PUBLIC_COLUMNS)}
\b
Outlines are GeoJSON FeatureCollections of polygons, each with a property "code" (a place's or division's).
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def places() -> None:
    """Import, check and find places."""
    wish = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    translation.activate("zh-hans" if wish.lower().startswith("zh") else "en")


@places.command("import", help=IMPORT_HELP)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--datum", type=DATUMS, default=Datum.WGS84.value, show_default=True, help="Datum of the coordinates."
)
@click.option("--community", default="", metavar="CODE", help="Take only this community's rows (12 digits).")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def import_files(files: tuple[Path, ...], datum: str, community: str, dry_run: bool, as_json: bool) -> int:
    """Import places; returns the exit code."""
    sheets = sheet_rules.Sheets()
    for file in files:
        sheets.add(sheet_rules.read(file.name, file.read_bytes(), Datum(datum)))
    rows = len(sheets.places) + len(sheets.divisions) + len(sheets.outlines)
    try:
        with click.progressbar(length=rows, label="Import", file=sys.stderr) as bar:
            done = import_places(
                actor=access.SYSTEM,
                sheets=sheets,
                at=clock.now(),
                community=community,
                datum=Datum(datum),
                dry_run=dry_run,
                progress=bar.update,
            )
    except Refused as refused:
        _say(Imported(refused.plan, None), dry_run=dry_run, as_json=as_json)
        return 1
    _say(done, dry_run=dry_run, as_json=as_json)
    return 0


def _say(done: Imported, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_outcome(done, dry_run=dry_run), ensure_ascii=False, default=str))
        return
    plan = done.plan
    for problem in plan.problems:
        click.secho(_sentence(problem, PROBLEMS), fg="red", err=True)
    for warning in plan.warnings:
        click.secho(_sentence(warning, WARNINGS), fg="yellow", err=True)
    if plan.problems:
        click.secho(f"{len(plan.problems)} problems; nothing was changed.", fg="red", err=True)
        return
    changes = [*plan.divisions, *plan.places]
    for change in changes[:SHOWN]:
        click.echo(_line(change))
    if len(changes) > SHOWN:
        click.echo(f"… and {len(changes) - SHOWN} more")
    counts = ", ".join(f"{plan.count(what)} {what}" for what in CHANGES)
    rest = f"{len(plan.outlines)} outlines drawn; {plan.unchanged} as they were, {plan.left_out} left out."
    click.echo(f"{'Would be' if dry_run else 'Done:'} {counts}, {rest}")


def _sentence(problem: Problem, advice: dict[str, Any]) -> str:
    detail = f" ({problem.detail})" if problem.detail else ""
    return f"{problem.source.file}:{problem.source.line}: {advice.get(problem.code, problem.code)}{detail}"


def _line(change: Change) -> str:
    mark = {"added": "+", "changed": "~", "closed": "×"}[change.what]
    if change.what == "added":
        said = str(change.values.get("name_zh", ""))
    else:
        said = ", ".join(f"{key}: {change.was[key]} → {new}" for key, new in change.values.items())
    return f"{mark} {change.code}  {LEVELS.get(change.level.value, change.level.value)}  {said}"


def _outcome(done: Imported, *, dry_run: bool) -> dict[str, Any]:
    plan = done.plan
    return {
        "dry_run": dry_run,
        "written": done.version is not None,
        "version": done.version,
        **{what: plan.count(what) for what in CHANGES},
        "outlines": len(plan.outlines),
        "unchanged": plan.unchanged,
        "left_out": plan.left_out,
        "problems": [_problem(each, PROBLEMS) for each in plan.problems],
        "warnings": [_problem(each, WARNINGS) for each in plan.warnings],
        "changes": _changes(plan),
    }


def _changes(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"what": each.what, "code": each.code, "level": each.level.value, "now": each.values, "was": each.was}
        for each in [*plan.divisions, *plan.places]
    ]


def _problem(problem: Problem, advice: dict[str, Any]) -> dict[str, Any]:
    return {
        "file": problem.source.file,
        "line": problem.source.line,
        "code": problem.code,
        "detail": problem.detail,
        "advice": str(advice.get(problem.code, "")),
    }


@places.command("locate")
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--datum", type=DATUMS, default=Datum.WGS84.value, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def locate_point(lon: float, lat: float, datum: str, as_json: bool) -> int:
    """Say which community, grid and building a point lies in. Exit code 1 if in none.

    Negative degrees need -- before them: linli places locate -- -73.9 40.7
    """
    found = locate.locate(*to_wgs84(lon, lat, Datum(datum)))
    if as_json:
        click.echo(json.dumps(asdict(found) if found else None))
    elif found is None:
        click.echo("In no community.", err=True)
    else:
        place = queries.place(found.building_id or found.grid_id or found.community_id)
        for each in queries.ancestors(place) if place else []:
            click.echo(f"{each.code}  {LEVELS[each.level]}  {each.name_zh}")
    return 0 if found else 1


@places.command("list")
@click.option("--community", default="", metavar="CODE", help="Only this community, with all its places.")
@click.option("--level", type=click.Choice(list(LEVELS)), multiple=True, help="Only these levels.")
@click.option("--json", "as_json", is_flag=True)
def list_places(community: str, level: tuple[str, ...], as_json: bool) -> int:
    """List the communities, or the places of one."""
    top = queries.communities()
    if community:
        top = [each for each in top if each.code == community]
        if not top:
            raise click.ClickException(f"There is no community {community}. Try linli places list.")
        top = queries.subtree(top[0].path, *level)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in top], ensure_ascii=False, default=str))
        return 0
    for each in top:
        click.echo(f"{'  ' * each.depth}{each.code}  {LEVELS[each.level]}  {each.name_zh}")
    return 0


@places.command("export")
@click.option("--community", required=True, metavar="CODE", help="Which community (12 digits).")
@click.option("--what", type=click.Choice(["places", "outlines"]), default="places", show_default=True)
@click.option("--datum", type=DATUMS, default=Datum.WGS84.value, show_default=True)
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="A file, or - for here.")
def export(community: str, what: str, datum: str, output: io.TextIOBase) -> int:
    """Write a community's places as linli places import reads them."""
    found = queries.place_by_code(community)
    if found is None or found.level != "community":
        raise click.ClickException(f"There is no community {community}. Try linli places list.")
    if what == "outlines":
        json.dump(exports.outlines(found.id, Datum(datum)), output, ensure_ascii=False)
        return 0
    writer = csv.writer(output, lineterminator="\n")
    writer.writerows(exports.table(found, Datum(datum)))
    return 0


@places.command("appoint")
@click.argument("phone")
@click.option(
    "--place",
    "code",
    required=True,
    metavar="CODE",
    help="Where: a community's 12 digits, or a place's code.",
)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="As what.")
@click.option("--title", default="", help="What the duty is called at the door.")
def appoint(phone: str, code: str, role: str, title: str) -> int:
    """Let an account serve at a place from today on: for the first administrator of a community.

    Administrators then appoint everybody else on their page, /desk/settings/duties/. The account must be there:
    see linli people open.
    """
    place = queries.place_by_code(code)
    if place is None:
        raise click.ClickException(f"There is no place {code}. Try linli places list.")
    try:
        account = people.account_by_phone(people_rules.normal_phone(phone))
    except people_rules.BadPhone as bad:
        raise click.BadParameter(str(FAULTS["bad_phone"]), param_hint="PHONE") from bad
    if account is None:
        raise click.ClickException("No account has this phone. Try linli people open.")
    try:
        duty = grant_duty(
            actor=access.SYSTEM,
            account_id=account.pk,
            role=role,
            place_id=place.id,
            at=clock.now(),
            title=title,
        )
    except BadDuty as bad:
        raise click.ClickException(str(FAULTS.get(bad.code, bad.code))) from bad
    except DutyHeld as held:
        raise click.ClickException(str(FAULTS["held_already"])) from held
    click.echo(
        f"Account {account.pk} serves as {role} at {place.code} {place.name_zh} from {duty.from_date} on."
    )
    return 0


@places.command("posters")
@click.option("--community", required=True, metavar="CODE", help="Which community (12 digits).")
@click.option("--place", "code", default="", metavar="CODE", help="Only this place and all below it.")
@click.option("--layout", type=click.Choice([each.value for each in Layout]), default="a4", show_default=True)
@click.option("--address", default="", metavar="URL", help="What phones open; else LINLI_BASE_URL.")
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF file."
)
def draw_posters(community: str, code: str, layout: str, address: str, output: Path) -> int:
    """Draw a poster or a sticker for every place of a community that has a page of its own."""
    place = queries.place_by_code(code or community)
    if place is None or not place.code.startswith(community):
        raise click.ClickException(f"There is no place {code or community}. Try linli places list.")
    base = (address or settings.LINLI_BASE_URL or "").rstrip("/")
    if urlsplit(base).scheme not in ("http", "https"):
        raise click.ClickException("What do phones open? Set LINLI_BASE_URL, or give --address https://…")
    try:
        drawn = poster_actions.signs(place, base + reverse("grids:scan", args=["0"]).removesuffix("0/"))
    except poster_actions.NothingToPrint as nothing:
        raise click.ClickException(str(FAULTS[nothing.code])) from nothing
    with (
        output.open("wb") as file,
        click.progressbar(length=len(drawn), label="Draw", file=sys.stderr) as bar,
    ):
        posters.draw(file, drawn, Layout(layout), progress=lambda done: bar.update(done - bar.pos))
        bar.update(len(drawn) - bar.pos)
    click.echo(f"{output}: {len(drawn)} codes on {sheets(Layout(layout), len(drawn))} pages.")
    return 0
