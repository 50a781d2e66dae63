"""What can be got done at a place, for everybody: a list to search, and a page for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from linli.cases.pages import here
from linli.cases.pages.here import Asked, Here
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel.access import PUBLIC, policy
from linli.publishing import queries_services as queries
from linli.publishing.queries_services import ServiceRow
from linli.publishing.rules_services import Topic
from linli.publishing.words_services import TOPICS

LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the language in which this reader gets it."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A service in the reader's language."""

    id: int
    code: str
    place: str
    topic: str
    name: Said
    words: Said
    whom: Said
    hours: Said
    where: Said
    papers: tuple[Said, ...]
    row: ServiceRow


def offered(place: PlaceRow, day: date, *, most: int) -> list[Offered]:
    """What is offered here, nearest first."""
    return [_offered(row) for row in queries.offered(place, day)[:most]]


def _offered(row: ServiceRow) -> Offered:
    tongue = here.language()

    def said(name: str) -> Said:
        return Said(row.said(name, tongue), row.tongue(name, tongue))

    papers = said("papers")
    return Offered(
        id=row.id,
        code=row.place.code,
        place=row.place.name(tongue),
        topic=str(TOPICS[Topic(row.topic)]),
        name=said("name"),
        words=said("words"),
        whom=said("whom"),
        hours=said("hours"),
        where=said("where"),
        papers=tuple(Said(line, papers.language) for line in papers.text.splitlines()),
        row=row,
    )


@policy("portal.services", who=PUBLIC)
@require_safe
def index(request: Asked, code: str) -> HttpResponse:
    """All that is offered at a place, by topic; or what somebody looks for."""
    place = doors.find_public(code)
    if place.code != code:
        return redirect("portal:services", code=place.code)
    looked_for = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    day = places.day_of(request.now)
    found = [_offered(row) for row in queries.offered(place, day, looked_for=looked_for)]
    order = [topic.value for topic in Topic]
    sorted_ = sorted(found, key=lambda each: order.index(each.row.topic))
    context = {
        "place": place,
        "name": place.name(here.language()),
        "looked_for": looked_for,
        "found": found,
        "topics": [(topic, list(rows)) for topic, rows in groupby(sorted_, key=lambda each: each.topic)],
        "tab": "home",
    }
    return here.show(request, "portal/services.html", context, at=Here(tuple(places.ancestors(place))))


@policy("portal.service", who=PUBLIC)
@require_safe
def one(request: Asked, code: str, service_id: int) -> HttpResponse:
    """One of them: for whom, what to bring, when and where, whom to call."""
    place = doors.find_public(code)
    row = queries.readable(place, service_id, places.day_of(request.now))
    if row.place.code != code:
        return redirect("portal:service", code=row.place.code, service_id=row.id)
    context = {"each": _offered(row), "tab": "home"}
    return here.show(request, "portal/service.html", context, at=Here(tuple(places.ancestors(row.place))))
