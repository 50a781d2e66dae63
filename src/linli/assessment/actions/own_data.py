"""What assessment holds of a person, and what is taken out of it when the account is erased."""

from __future__ import annotations

from datetime import datetime

from linli.assessment.models import Adjustment, Appeal, Score
from linli.assessment.rules.runs import TOLD
from linli.assessment.rules.subjects import Level
from linli.grids import queries as places
from linli.kernel import scope


def held(account_id: int) -> dict[str, object]:
    """The scores that were told to a person, and the appeals they made."""
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
    }


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
