"""My day: everything that waits for one person of a grid, one tap away."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.cases import words as case_words
from linli.cases.pages.desk_frame import face
from linli.cases.queries import held, reference
from linli.fieldwork import access_rechecks, access_services, words
from linli.fieldwork.access import CREW, grids_worked
from linli.fieldwork.actions import patrols
from linli.fieldwork.pages import visits as writing
from linli.fieldwork.pages.frame import Frame, frame
from linli.fieldwork.queries import rechecks, services
from linli.fieldwork.queries import today as days
from linli.fieldwork.rules.words import Need, Purpose
from linli.grids import queries as places
from linli.kernel.access import policy
from linli.people import queries as people
from linli.people.pages.ways import Asked
from linli.publishing import queries as publishing

MOST_CASES, MOST_NEWS = 20, 3
VOUCHED_BY = "grids:residences"


@policy("fieldwork.today", who=CREW)
@require_safe
def today(request: Asked) -> HttpResponse:
    """Cases with clocks, visits due, what was promised, the patrol, hand-overs, requests, news."""
    made = frame(request)
    me = request.actor.person_id
    due = days.plans_due(made.reach, me, request.now, made.language)
    promised = days.promises(made.reach, me, request.now, made.language)
    offers = days.offers(made.community.id, me, made.language)
    names = people.names(
        {row.for_id for row in due} | {each for row in offers for each in (row.giver_id, row.receiver_id)}
    )
    context = {
        **made.context,
        "day": places.day_of(request.now),
        "cases": _cases(request, made),
        "due": [
            (row, words.NEEDS[Need(row.need)], "" if row.for_id == me else names.get(row.for_id, ""))
            for row in due
        ],
        "promised": [(row, words.PURPOSES[Purpose(row.purpose)]) for row in promised],
        "offers": [
            (
                row,
                row.receiver_id == me,
                names.get(row.giver_id if row.receiver_id == me else row.receiver_id, ""),
            )
            for row in offers
        ],
        "patrol": patrols.current(made.community.id, me),
        "homes": _homes(made),
        "unsaid": services.unanswered(
            access_services.of_worker(request.actor), made.community.id, request.now
        ).count(),
        "to_visit": rechecks.waiting_for(
            access_rechecks.to_visit(request.actor).filter(community_id=made.community.id), me
        ).count(),
        "news": [
            (row.title(made.language), reverse("portal:announcement", args=[row.place.code, row.id]))
            for row in publishing.standing(_where(made), places.day_of(request.now), most=MOST_NEWS)
        ],
        **writing.offline(request, made, [*due, *promised]),
    }
    return render(request, "fieldwork/today.html", context)


def _where(made: Frame) -> Any:
    """The place whose news are read: one's own grid, where it is one."""
    grids = grids_worked(made.reach)
    return grids[0] if len(grids) == 1 else made.community


def _cases(request: Asked, made: Frame) -> list[dict[str, Any]]:
    categories = reference.every_category(made.community.id)
    found = held.of_handler(made.community.id, request.actor.person_id, at=request.now, most=MOST_CASES)
    return [
        {
            "number": row.number,
            "state": case_words.label(case_words.STATES, row.state),
            "category": categories[row.category_code].name(made.language)
            if row.category_code in categories
            else "",
            "face": face(row.clock),
        }
        for row in found
    ]


def _homes(made: Frame) -> int:
    """How many homes wait for somebody of this reach to vouch for them."""
    waiting = places.residences(made.community.id, waiting=True)
    return sum(made.reach.sees(row.dwelling.path) for row in waiting)
