"""What a resident is told where somebody may be in danger: what to do now and whom to call, by the kind of danger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from linli.cases import words as codes
from linli.cases.models import Case
from linli.cases.pages import here
from linli.cases.pages.here import Asked
from linli.cases.queries import urgent
from linli.cases.rules import intake
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_phrases import DangerKind
from linli.cases.rules.urgent_words import look
from linli.kernel.access import PUBLIC, policy


@dataclass(frozen=True, slots=True)
class Told:
    """What to do now in one kind of danger."""

    kind: str
    words: str
    calls: tuple[tuple[str, str], ...]
    gentle: bool  # somebody who may harm themselves reads this


def told(community_id: int, words: str, *, tapped: bool = False) -> dict[str, Any]:
    """What a page needs to say it: nothing where neither the words nor a tap speak of danger."""
    found = look(intake.clean_words(words), urgent.listed(community_id))
    if not tapped and found.urgency is not Urgency.CRITICAL:
        return {"emergency": False}
    kinds = found.kinds if found.urgency is not Urgency.NORMAL else ()
    return {"emergency": True, "dangers": _told(community_id, kinds, of_another=found.of_another)}


def told_of(case: Case) -> dict[str, Any]:
    """As `told`, for a case that was taken in."""
    return told(case.community_id, case.words, tapped=case.urgency == Urgency.CRITICAL)


def _told(community_id: int, kinds: tuple[DangerKind, ...], *, of_another: bool) -> list[Told]:
    language = here.language()
    first = sorted(kinds, key=lambda kind: kind is not DangerKind.SELF_HARM)  # gently, before anything else
    if of_another:
        first = [DangerKind.RESCUE if kind is DangerKind.SELF_HARM else kind for kind in first]
    some = [kind for kind in first if kind is not DangerKind.HELP] or first
    return [
        Told(
            kind=codes.label(codes.DANGERS, one.kind.value) if one.kind is not DangerKind.HELP else "",
            words=one.words(language),
            calls=one.calls(language),
            gentle=one.kind is DangerKind.SELF_HARM,
        )
        for one in urgent.advice(community_id, some)
    ]


@policy("cases.report_danger", who=PUBLIC)
@require_POST
def part(request: Asked) -> HttpResponse:
    """What to do now, asked for while somebody types; nothing is kept."""
    where = here.find(request)
    if where is None:
        return HttpResponse(status=204)
    said = request.POST.get("words", "")[: intake.MAX_WORDS]
    context = told(where.community.id, said, tapped=bool(request.POST.get("danger")))
    answer = render(request, "cases/resident/danger_part.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
