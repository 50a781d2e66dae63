"""Adjustments: points given or taken by people, with a reason and evidence, once a second person agrees."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.assessment import access
from linli.assessment.actions import runs as running
from linli.assessment.actions.recording import one_at_a_time, record
from linli.assessment.events import AdjustmentAsked, AdjustmentDecided
from linli.assessment.models import Adjustment, Run
from linli.assessment.queries import runs
from linli.assessment.rules import objections
from linli.assessment.rules.runs import DECIDERS, OPEN, REVIEWERS, Cause, State
from linli.kernel.access import Actor, Forbidden
from linli.kernel.refusals import Refused, Wrong


def propose(
    *,
    actor: Actor,
    run_id: int,
    subject_id: int,
    points: int,
    reason: str,
    why: str,
    evidence: str,
    key: UUID,
    at: datetime,
) -> Adjustment:
    """Ask that points be given (or taken, negative), in thousandths; nothing changes until somebody else agrees.

    :raises NotFound: no such run for the actor.
    :raises Forbidden: not_your_door, final, own_affair.
    :raises Refused: subject_id (unknown), points, reason, why, evidence.
    """
    run = access.find_run(actor, run_id)
    access.require(actor, run.community_id, REVIEWERS)
    held = Adjustment.objects.filter(community_id=run.community_id, key=key).first()
    if held is not None:
        return held
    if State(run.state) not in OPEN:
        raise Forbidden("final")
    if access.is_own(actor, run, subject_id):
        raise Forbidden("own_affair")
    wrong = objections.wrong_adjustment(points, reason, why, evidence)
    if runs.of_subject(run.pk, subject_id) is None:
        wrong.append(Wrong("subject_id", "unknown"))
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        made = Adjustment.objects.create(
            community_id=run.community_id,
            key=key,
            scheme_id=run.scheme_id,
            since_date=run.since_date,
            subject_id=subject_id,
            points=points,
            reason=reason,
            why=why.strip(),
            evidence=evidence.strip(),
            asked_by_id=actor.person_id,
            asked_at=at,
        )
        fact = AdjustmentAsked(run.community_id, made.pk, at)
        record(actor, run.community_id, "propose_adjustment", f"adjustment:{made.pk}", at, fact,
               detail={"run": run.pk, "reason": reason})  # fmt: skip
    return made


def decide(
    *, actor: Actor, adjustment_id: int, granted: bool, answer: str, at: datetime
) -> tuple[Adjustment, Run | None]:
    """Agree or not; whoever asked for it may not. When granted the run is computed again.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, already_decided, needs_another_person, own_affair, final.
    :raises Refused: answer (too_short, too_long).
    """
    with transaction.atomic():
        row = access.find_adjustment(actor, adjustment_id, lock=True)
        access.require(actor, row.community_id, DECIDERS)
        one_at_a_time(row.scheme_id, row.since_date)
        held = running.holds(row.community_id, row.scheme_id, row.since_date)
        _require_decidable(actor, row, held)
        wrong = objections.wrong_words("answer", answer)
        if wrong:
            raise Refused(*wrong)
        row.granted, row.answer = granted, answer.strip()
        row.decided_by_id, row.decided_at = actor.person_id, at
        row.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
        fact = AdjustmentDecided(row.community_id, row.pk, at, granted)
        record(actor, row.community_id, "decide_adjustment", f"adjustment:{row.pk}", at, fact,
               detail={"granted": granted})  # fmt: skip
        made = None
        if granted and held is not None:
            made = running.correct(actor=actor, held=held, cause=Cause.ADJUSTMENT, at=at)
    return row, made


def _require_decidable(actor: Actor, row: Adjustment, held: Run | None) -> None:
    if row.decided_at is not None:
        raise Forbidden("already_decided")
    if held is None or State(held.state) not in OPEN:
        raise Forbidden("final")
    if row.asked_by_id == actor.account_id:
        raise Forbidden("needs_another_person")
    if access.is_own(actor, held, row.subject_id):
        raise Forbidden("own_affair")
