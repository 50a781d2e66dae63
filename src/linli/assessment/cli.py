"""``linli assessment``: compute runs, show them, compute them again to the bit, try other schemes and weights."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from linli.assessment.actions import runs as running
from linli.assessment.indicators import INDICATORS
from linli.assessment.models import Run
from linli.assessment.queries import runs, schemes, trials
from linli.assessment.rules import scheme_text, scoring
from linli.assessment.rules.rows import as_plain, digest
from linli.assessment.rules.scheme import POINTS, Scheme
from linli.assessment.rules.scheme_text import BadScheme
from linli.assessment.versions import code_version
from linli.grids import queries as places
from linli.kernel import clock, scope
from linli.kernel.access import SYSTEM, Forbidden, NotFound
from linli.kernel.refusals import Refused

_COMMUNITY = click.option(
    "--community", default="", help="12-digit code of the community (needed if there are several)"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def assessment() -> None:
    """The grid workers' league: runs, proofs, trials."""


@assessment.command("run")
@click.argument("scheme", type=int)
@click.argument("since", type=click.DateTime(["%Y-%m-%d"]))
def run_(scheme: int, since: datetime) -> None:
    """Compute the run of SCHEME (its id) for the period that begins on the day SINCE.

    Where nothing has changed since, the run that holds is told; a final run never changes.
    """
    community_id = _community_of_scheme(scheme)
    try:
        made = running.compute(
            actor=SYSTEM, community_id=community_id, scheme_id=scheme, since_date=since.date(), at=clock.now()
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    except Forbidden as why:
        raise click.ClickException(f"This cannot be done now: {why.code}.") from why
    with scope.within([community_id]):
        _tell(runs.as_row(made))


@assessment.command("runs")
@_COMMUNITY
@click.option("--all", "every", is_flag=True, help="superseded versions too")
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def runs_(community: str, every: bool, as_json: bool) -> None:
    """List the runs of a community, the newest period first."""
    community_id = _community(community)
    with scope.within([community_id]):
        found = runs.listed(community_id, superseded=every)
    if as_json:
        click.echo(json.dumps([_plain(row) for row in found], ensure_ascii=False, default=str, indent=1))
        return
    for row in found:
        _tell(row)


@assessment.command("show")
@click.argument("run", type=int)
@click.option("--subject", type=int, help="one account (or place): every part with the rows behind it")
def show(run: int, subject: int | None) -> None:
    """Show the scores of RUN, or every part of one of them."""
    with scope.within(places.community_ids()):
        row = _run(run)
        _tell(row)
        if subject is None:
            for one in runs.scores(run):
                click.echo(
                    f"  {_rank(one.rank):>4}  {_points(one.total):>8}  {one.subject_kind} {one.subject_id}"
                )
            return
        for part in runs.parts(run, subject):
            value = "–" if part.value is None else f"{part.numerator}/{part.denominator}"
            name = INDICATORS[part.indicator].name.en if part.indicator in INDICATORS else part.indicator
            click.echo(f"  {_points(part.points):>8}  {value:>10}  {name} {part.why}")
            click.echo(
                f"            {part.source}: {list(part.counted)} | {list(part.rest)} | left out {list(part.excluded)}"
            )


@assessment.command("rescore")
@click.argument("run", type=int)
def rescore(run: int) -> None:
    """Compute RUN again from what it kept, and prove that the same comes out to the bit.

    Exit code 1 when it does not. Today's tables are not looked at.
    """
    with scope.within(places.community_ids()):
        row = _run(run)
        inputs = runs.inputs_of(run)
        says = Run.objects.select_related("version").get(pk=run).version.says
    given = digest(as_plain(inputs)) == row.digest
    same = scoring.result_digest(scoring.score(scheme_text.read(says), inputs)) == row.result_digest
    program = code_version() == row.code_version
    click.echo(f"inputs  {row.digest[:16]}…  {'as they were' if given else 'CHANGED'}")
    click.echo(f"result  {row.result_digest[:16]}…  {'the same' if same else 'DIFFERENT'}")
    click.echo(f"program {row.code_version[:16]}…  {'the same' if program else 'another one computed it'}")
    if not (given and same):
        raise SystemExit(1)


@assessment.command("dry-run")
@click.argument("scheme", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_COMMUNITY
@click.option("--against", type=int, help="id of the scheme to compare with")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="as if it were this day")
def dry_run(scheme: Path, community: str, against: int | None, today: datetime | None) -> None:
    """Try SCHEME (a JSON file) on the last whole quarter: who would move, and why. Nothing is written."""
    wanted = _scheme(scheme)
    community_id = _community(community)
    day: date = today.date() if today else places.day_of(clock.now())
    with scope.within([community_id]):
        for one in trials.dry_run(community_id, wanted, today=day, scheme_id=against):
            click.echo(f"{one.since_date} to {one.until_date}: {len(one.after.scores)} assessed")
            for moved in one.moved:
                because = ", ".join(f"{code} {by / POINTS:+.3f}" for code, by in moved.because)
                click.echo(
                    f"  {moved.subject_id}: {_points(moved.total_before)} → {_points(moved.total_after)},"
                    f" rank {_rank(moved.rank_before)} → {_rank(moved.rank_after)}  {because}"
                )
            if one.before is None:
                for scored in one.after.scores:
                    click.echo(f"  {scored.subject.id}: {_points(scored.total)}, rank {_rank(scored.rank)}")


@assessment.command("sensitivity")
@click.argument("run", type=int)
@click.option("--by", type=click.IntRange(1, 50), default=5, help="percent of the whole")
def sensitivity(run: int, by: int) -> None:
    """Raise and lower each weight of RUN's scheme a little: how many would change places."""
    with scope.within(places.community_ids()):
        _run(run)
        for one in trials.sensitivity(run, by=by):
            first = "  the first place changes" if one.leader_changes else ""
            click.echo(
                f"{one.indicator:<22} {one.weight:>3} → {one.changed_to:>3} %:"
                f" {one.movers} move, by {one.furthest} at most{first}"
            )


@assessment.command("schemes")
@_COMMUNITY
def schemes_(community: str) -> None:
    """List the schemes of a community, and those that come with Linli."""
    community_id = _community(community)
    for one in schemes.listed(community_id, places.day_of(clock.now())):
        held = one.now or one.next or one.draft
        name = held.scheme.name_zh if held else ""
        click.echo(f"{one.id:>5}  {one.level:<12} {one.period:<8} {name}{'  closed' if one.closed else ''}")
    for code, says in schemes.shipped().items():
        click.echo(f"    –  {says['level']:<12} {says['period']:<8} {says['name']['zh']}  ({code})")


def _run(run_id: int) -> runs.RunRow:
    row = runs.one(run_id)
    if row is None:
        raise click.UsageError(f"There is no run {run_id}.")
    return row


def _scheme(file: Path) -> Scheme:
    try:
        return scheme_text.read(json.loads(file.read_text(encoding="utf-8")))
    except BadScheme as bad:
        lines = "".join(f"\n  {one.path}: {one.code} {one.limit}" for one in bad.faults)
        raise click.ClickException(f"This is no scheme:{lines}") from bad
    except ValueError as bad:
        raise click.ClickException(f"{file} is not JSON: {bad}") from bad


def _community_of_scheme(scheme_id: int) -> int:
    try:
        return schemes.community_of(scheme_id)
    except NotFound:
        raise click.UsageError(f"There is no scheme {scheme_id}.") from None


def _community(code: str) -> int:
    known = places.communities()
    found = [one for one in known if one.code == code] if code else known
    if len(found) != 1:
        said = f"There is no community {code}." if code else "Say which community: --community CODE."
        listed = ", ".join(f"{one.code} {one.name_zh}" for one in known) or "none yet"
        raise click.UsageError(f"{said} Known: {listed}.")
    return found[0].id


def _tell(row: runs.RunRow) -> None:
    click.echo(
        f"{row.id:>6}  scheme {row.scheme_id}  {row.since_date} to {row.until_date}  version {row.number}"
        f"  {row.state} ({row.cause})  {row.subjects} assessed"
    )


def _plain(row: runs.RunRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__dataclass_fields__}


def _points(points: int | None) -> str:
    return "–" if points is None else f"{points / POINTS:.3f}"


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)
