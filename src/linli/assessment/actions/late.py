"""What became known late: runs that are not final are computed again by rule, of a final one the leader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from linli.assessment.actions import runs
from linli.assessment.actions.recording import one_at_a_time, record
from linli.assessment.events import LateFactsFound
from linli.assessment.models import Run
from linli.assessment.queries.runs import inputs_of
from linli.assessment.rules import late, scheme_text, scoring
from linli.assessment.rules.late import Verdict
from linli.assessment.rules.runs import OPEN, State
from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.access import SYSTEM

#: A result that has been final for so long is no longer looked at: who would be told could do nothing about it.
WATCHED = timedelta(days=35)


def sweep(at: datetime) -> int:
    """Compare every run that holds with what is known now; returns how many were computed again or told of."""
    done = 0
    for community_id in places.communities_with(_watched(at)):
        with scope.within([community_id]):
            found = _watched(at).filter(community_id=community_id).order_by("pk")
            done += sum(_look(run_id, at) for run_id in found.values_list("pk", flat=True))
    return done


def _watched(at: datetime) -> QuerySet[Run]:
    held = Run.objects.filter(state__in=[state.value for state in OPEN])
    return held | Run.objects.filter(state=State.FINAL.value, final_at__gt=at - WATCHED)


def _look(run_id: int, at: datetime) -> int:
    """Do with one run what the rule says (`rules.late`)."""
    with transaction.atomic():
        of = Run.objects.get(pk=run_id)
        one_at_a_time(of.scheme_id, of.since_date)
        run = Run.objects.select_for_update(of=("self",)).select_related("version").get(pk=run_id)
        scheme = scheme_text.read(run.version.says)
        before = inputs_of(run.pk)
        now = runs.known_now(run.community_id, scheme, before)
        came = late.came(before, now)
        if not came:
            return 0
        inputs = replace(before, rows=now)
        points = late.moved(scoring.score(scheme, before), scoring.score(scheme, inputs))
        note = late.as_plain(came, points, at)
        said = late.verdict(State(run.state), came, points, computed_at=run.computed_at, at=at)
        if said is Verdict.AGAIN:
            decided = runs.with_decisions(inputs, run.community_id, run.scheme_id)
            runs.catch_up(held=run, inputs=decided, late=note, at=at)
            return 1
        return _tell(run, note, at) if said is Verdict.TELL else 0


def _tell(run: Run, note: dict[str, object], at: datetime) -> int:
    """Note beside a final run what came late, and tell of it, once for the same rows and points."""
    if late.same(run.late, note):
        return 0
    run.late = note
    run.save(update_fields=["late"])
    fact = LateFactsFound(run.community_id, run.pk, at)
    record(SYSTEM, run.community_id, "late_facts", f"run:{run.pk}", at, fact)
    return 1
