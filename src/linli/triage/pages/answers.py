"""How good our answers are: by body, what was remarked, and the cases behind each number; what the machine looks for."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases import words, words_answers
from linli.cases.pages import desk_frame
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.kernel.access import policy, roles
from linli.triage.queries import AnswerQuality, answer_quality

READERS = ("dispatcher", "community_leader", "verifier", "auditor")
DAYS = {"7": 7, "30": 30, "90": 90}
MOST_NUMBERS = 12


@policy("triage.answers", who=roles(*READERS))
@require_safe
def index(request: Asked) -> HttpResponse:
    """The answers of the last days, read as residents read them."""
    made = desk_frame.frame(request)
    days = DAYS.get(request.GET.get("days", ""), 30)
    until = request.now + timedelta(seconds=1)  # what left at this moment counts
    whole, *bodies = answer_quality(made.community_id, start=request.now - timedelta(days=days), end=until)
    context = made.context(
        days=days,
        choices=[int(one) for one in DAYS],
        whole=_row(made, whole),
        bodies=[_row(made, one) for one in bodies],
        looked_for=[
            str(said).partition("%(value)s")[0].rstrip(" :：") for said in words_answers.REMARKS.values()
        ],
    )
    return render(request, "triage/answers.html", context)


def _row(made: Frame, one: AnswerQuality) -> dict[str, object]:
    ordered = sorted(one.remarks.items(), key=lambda held: (-held[1], held[0]))
    return {
        "name": made.body_name(one.organisation_id),
        "answers": one.answers,
        "good": one.good,
        "percent": None if one.quality is None else round(100 * one.quality),
        "remarks": [
            (words.label(words_answers.REMARKS, code).partition("%(value)s")[0].rstrip(" :："), times)
            for code, times in ordered[:5]
        ],
        "numbers": one.numbers[:MOST_NUMBERS],
        "more": max(0, len(one.numbers) - MOST_NUMBERS),
    }
