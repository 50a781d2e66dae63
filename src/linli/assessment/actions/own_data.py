"""What assessment holds of a person, and what is taken out of it when the account is erased."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from linli.assessment.models import Adjustment, Appeal, Certificate, EvaluationSheet, Honour, Score, StarRow
from linli.assessment.queries.evaluating import evidence
from linli.assessment.rules.runs import TOLD
from linli.assessment.rules.subjects import Level
from linli.grids import queries as places
from linli.kernel import scope


def held(account_id: int) -> dict[str, object]:
    """The scores that were told to a person, the appeals they made, stars, honours, what evaluators wrote."""
    with scope.within(places.community_ids()):
        return _held(account_id)


def _held(account_id: int) -> dict[str, object]:
    scores = Score.objects.filter(
        subject_kind=Level.WORKER.value,
        subject_id=account_id,
        run__state__in=[state.value for state in TOLD],
    ).order_by("pk")
    appeals = Appeal.objects.filter(made_by_id=account_id).order_by("pk")
    return {
        "scores": [
            {"run": one.run_id, "points_in_thousandths": one.total, "rank": one.rank, "peers": one.peers}
            for one in scores
        ],
        "appeals": [
            {
                "run": one.run_id,
                "indicator": one.indicator,
                "words": one.words,
                "made_at": one.made_at,
                "state": one.state,
                "answer": one.answer or "",
            }
            for one in appeals
        ],
        "stars": [
            {"run": one.run_id, "stars": one.stars, "step": one.step, "until": one.until_date}
            for one in StarRow.objects.filter(account_id=account_id).order_by("pk")
        ],
        "honours": [
            {"title": one.title_zh, "reason": one.reason, "given_at": one.given_at, "ended_at": one.ended_at}
            for one in Honour.objects.filter(account_id=account_id).order_by("pk")
        ],
        "certificates": [
            {
                "issued_at": one.issued_at,
                "until": one.until_date,
                "name": one.naming,
                "revoked_at": one.revoked_at,
            }
            for one in Certificate.objects.filter(account_id=account_id).order_by("pk")
        ],
        "evaluations_of_me": [
            {"round": one.round_id, "marks": one.marks, "evidence": evidence(one)}
            for one in _written().filter(worker_id=account_id, round__closed_at__isnull=False)
        ],
        "evaluations_by_me": [
            {"round": one.round_id, "marks": one.marks, "evidence": evidence(one)}
            for one in _written().filter(evaluator_id=account_id)
        ],
    }


def _written() -> QuerySet[EvaluationSheet]:
    return EvaluationSheet.objects.filter(written_at__isnull=False).order_by("pk")


def erase(account_id: int, at: datetime) -> None:
    """Take the words out of what was said by and about a person; points stay, of a number that is nobody's any more."""
    with scope.within(places.community_ids()):
        for appeal in Appeal.objects.filter(made_by_id=account_id):
            appeal.words, appeal.answer = "", ""
            appeal.save(update_fields=["words", "answer"])
        about = Adjustment.objects.filter(subject_id=account_id, scheme__level=Level.WORKER.value)
        for adjustment in about:
            adjustment.why, adjustment.answer = "", ""
            adjustment.save(update_fields=["why", "answer"])
        for sheet in EvaluationSheet.objects.filter(Q(worker_id=account_id) | Q(evaluator_id=account_id)):
            sheet.evidence = None
            sheet.save(update_fields=["evidence"])
        Honour.objects.filter(account_id=account_id).update(reason="")
        Honour.objects.filter(account_id=account_id, ended_at__isnull=True).update(ended_at=at)
        Certificate.objects.filter(account_id=account_id, revoked_at__isnull=True).update(
            revoked_at=at, revoked_why="erased"
        )
