"""Appeals: made by whoever is assessed, against a part; decided by somebody who neither scored nor is concerned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.assessment import access
from linli.assessment.actions import runs as running
from linli.assessment.actions.recording import one_at_a_time, record
from linli.assessment.events import AppealDecided, AppealMade
from linli.assessment.models import Appeal, Part, Run
from linli.assessment.queries import runs
from linli.assessment.rules import objections
from linli.assessment.rules.rows import Corrected
from linli.assessment.rules.runs import DECIDERS, Cause, Ruling, may_decide
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.refusals import Refused, Wrong


def lodge(
    *,
    actor: Actor,
    run_id: int,
    subject_id: int,
    indicator: str,
    words: str,
    key: UUID,
    at: datetime,
    source: str = "",
    row_id: int | None = None,
) -> Appeal:
    """Say that a part of one's score is wrong, and about which row. The same key again gives the first one.

    :raises NotFound: no such run, not told, or not one's own score.
    :raises Forbidden: too_late (the time for appeals is over, or a newer version holds).
    :raises Refused: indicator (unknown, already_open), words (too_short, too_long), row_id (unknown).
    """
    run = access.find_run(actor, run_id)
    if not access.is_own(actor, run, subject_id) or runs.of_subject(run_id, subject_id) is None:
        raise NotFound
    held = Appeal.objects.filter(community_id=run.community_id, key=key, made_by_id=actor.person_id).first()
    if held is not None:
        return held
    if not runs.as_row(run).appealable(at):
        raise Forbidden("too_late")
    wrong = _wrong(run, subject_id, indicator, source, row_id) + objections.wrong_words("words", words)
    if wrong:
        raise Refused(*wrong)
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                community_id=run.community_id,
                key=key,
                run=run,
                subject_id=subject_id,
                indicator=indicator,
                source=source,
                row_id=row_id,
                words=words.strip(),
                made_by_id=actor.person_id,
                made_at=at,
            )
            fact = AppealMade(run.community_id, made.pk, run.pk, at)
            record(actor, run.community_id, "appeal", f"appeal:{made.pk}", at, fact, detail={"run": run.pk})
    except IntegrityError as error:
        raise Refused(Wrong("indicator", "already_open")) from error
    return made


def _wrong(run: Run, subject_id: int, indicator: str, source: str, row_id: int | None) -> list[Wrong]:
    part = Part.objects.filter(run=run, subject_id=subject_id, indicator=indicator).first()
    if part is None:
        return [Wrong("indicator", "unknown")]
    if row_id is None:
        return []
    if not runs.rows_behind(run.pk, source or part.explanation["source"], [row_id]):
        return [Wrong("row_id", "unknown")]
    return []


def withdraw(*, actor: Actor, appeal_id: int, at: datetime) -> Appeal:
    """Take an appeal back; only whoever made it.

    :raises NotFound: not one's own.
    :raises Forbidden: already_decided.
    """
    with transaction.atomic():
        row = access.find_appeal(actor, appeal_id, lock=True)
        if row.made_by_id != actor.account_id:
            raise NotFound
        if row.state != Ruling.OPEN.value:
            raise Forbidden("already_decided")
        row.state, row.decided_by_id, row.decided_at = Ruling.WITHDRAWN.value, actor.person_id, at
        row.save(update_fields=["state", "decided_by", "decided_at"])
        record(actor, row.community_id, "withdraw_appeal", f"appeal:{row.pk}", at)
    return row


def decide(
    *,
    actor: Actor,
    appeal_id: int,
    won: bool,
    answer: str,
    at: datetime,
    corrections: Sequence[Corrected] = (),
) -> tuple[Appeal, Run | None]:
    """Rule on an appeal. One that is won puts rows right, and the run is computed again; both versions stay readable.

    :param corrections: what is put right, each a row that the run knows; their ``appeal_id`` does not matter here.
    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, already_decided, final, scored_it (computed or reviewed the run), own_affair.
    :raises Refused: answer (too_short, too_long), corrections (missing, too_many), corrections.N (no_such_row,
        no_such_column, not_a_value).
    """
    with transaction.atomic():
        row = access.find_appeal(actor, appeal_id, lock=True)
        access.require(actor, row.community_id, DECIDERS)
        if row.state != Ruling.OPEN.value:
            raise Forbidden("already_decided")
        of = row.run
        one_at_a_time(of.scheme_id, of.since_date)
        held = running.holds(row.community_id, of.scheme_id, of.since_date)
        if held is None or held.final_at is not None:
            raise Forbidden("final")
        _require_other(actor, row, held)
        wrong = objections.wrong_words("answer", answer)
        if won:
            wrong += objections.wrong_corrections(corrections, runs.inputs_of(held.pk))
        if wrong:
            raise Refused(*wrong)
        row.state = (Ruling.WON if won else Ruling.LOST).value
        row.answer, row.decided_by_id, row.decided_at = answer.strip(), actor.person_id, at
        row.corrections = (
            [[one.source, one.row_id, one.column, one.value] for one in corrections] if won else []
        )
        row.save(update_fields=["state", "answer", "decided_by", "decided_at", "corrections"])
        fact = AppealDecided(row.community_id, row.pk, held.pk, at, won)
        record(actor, row.community_id, "decide_appeal", f"appeal:{row.pk}", at, fact, detail={"won": won})
        made = running.correct(actor=actor, held=held, cause=Cause.APPEAL, at=at) if won else None
    return row, made


def _require_other(actor: Actor, appeal: Appeal, held: Run) -> None:
    """Nothing, when this person has had no part in what the appeal is about.

    :raises Forbidden: nobody, scored_it, own_affair.
    """
    subject = next((one for one in runs.inputs_of(held.pk).subjects if one.id == appeal.subject_id), None)
    for version in Run.objects.filter(
        community_id=held.community_id, scheme_id=held.scheme_id, since_date=held.since_date
    ):
        by_appeal = version.cause in {Cause.APPEAL.value, Cause.ADJUSTMENT.value}
        why_not = may_decide(
            actor.account_id,
            computed_by=None if by_appeal else version.computed_by_id,
            reviewed_by=version.reviewed_by_id,
            subjects=subject.account_ids if subject else (),
            made_by=appeal.made_by_id,
        )
        if why_not:
            raise Forbidden(why_not)
