"""Many places at once, from files: everything is checked before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from linli.grids import access as doors
from linli.grids import events as facts
from linli.grids import known, queries
from linli.grids.actions import writing
from linli.grids.actions.places import bump_version
from linli.grids.models import Place
from linli.grids.rules import plan as plans
from linli.grids.rules.datum import Datum
from linli.grids.rules.sheets import Sheets
from linli.grids.rules.words import Level
from linli.kernel import access, audit, events

Progress = Callable[[int], None]


class Refused(Exception):
    """An import with problems: nothing was written. ``plan`` names each of them."""

    def __init__(self, plan: plans.Plan) -> None:
        super().__init__(f"{len(plan.problems)} problems")
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do (``version`` is None then)."""

    plan: plans.Plan
    version: int | None


def import_places(
    *,
    actor: access.Actor,
    sheets: Sheets,
    at: datetime,
    community: str = "",
    datum: Datum = Datum.WGS84,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Imported:
    """Make the places as the sheets say, all of it or nothing; again is the same as once.

    :param community: take only the rows of this community (12 digits).
    :param datum: in which the source gave its points, for the record; the sheets are in WGS-84 already.
    :param progress: is told how many more rows have been written.
    :raises Refused: when any row has a problem.
    :raises access.NotFound: when a row belongs to a community that the actor does not keep.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('linli.places'))")
        _require(actor, sheets, community)
        plan = plans.make(sheets, known.of(sheets), queries.day_of(at), community=community)
        if plan.problems:
            raise Refused(plan)
        if dry_run or plan.is_empty:
            return Imported(plan, None)
        writing.write(plan, at, progress)
        version = bump_version()
        _record(actor, plan, version, datum, at)
    return Imported(plan, version)


def _require(actor: access.Actor, sheets: Sheets, community: str) -> None:
    """Only the platform makes communities and divisions; keepers change what is in their own community."""
    if actor is access.SYSTEM:
        return
    codes = {code for code in sheets.communities() if code.startswith(community)}
    kept = Place.objects.filter(
        pk__in=doors.kept_communities(actor), level=Level.COMMUNITY.value, code__in=codes
    )
    if sheets.divisions or kept.count() != len(codes):
        raise access.NotFound


def _record(actor: access.Actor, plan: plans.Plan, version: int, datum: Datum, at: datetime) -> None:
    """One audit entry and one fact for each community touched; divisions belong to none (0)."""
    counts: dict[str, Counter[str]] = {}
    for change in plan.places:
        counts.setdefault(change.code[:12], Counter())[change.what] += 1
    ids = dict(
        Place.objects.filter(level=Level.COMMUNITY.value, valid_to__isnull=True).values_list("code", "pk")
    )
    divisions = Counter(change.what for change in plan.divisions)
    for code in plan.outlines:
        if code[:12] in ids:
            counts.setdefault(code[:12], Counter())["outlines"] += 1
        else:
            divisions["outlines"] += 1
    named = [(ids.get(code, 0), code, count) for code, count in sorted(counts.items())]
    for community_id, code, count in [*named, *([(0, "divisions", divisions)] if divisions else [])]:
        audit.record(
            community_id=community_id,
            actor=actor,
            verb="grids.import_places",
            object=f"import:{version}",
            at=at,
            detail={"of": code, "datum": datum.value, **count},
        )
        events.publish(
            facts.PlacesImported(
                community_id,
                count["added"],
                count["changed"],
                count["closed"],
                count["outlines"],
                version,
                at,
            )
        )
