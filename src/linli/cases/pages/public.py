"""The public list: settled cases whose reporters agreed, without anything personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from linli.cases import access
from linli.cases.models import Case
from linli.cases.pages import finding, here
from linli.cases.pages.here import Asked, Here
from linli.cases.queries import queue, reference
from linli.faces import cards
from linli.faces.cards import Card
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel import scope, text
from linli.kernel.access import PUBLIC, NotFound, policy
from linli.people import queries as people

PAGE = 20


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled case as everybody may read it."""

    number: str
    category: str
    place: str
    words: str
    answer: str
    body: str
    settled_at: datetime
    days: int
    solved: bool | None


def settled(case: Case, *, body: str = "") -> Settled:
    """What everybody may read of a case; numbers of persons are masked once more on the way out."""
    language = here.language()
    row = reference.categories(case.community_id).get(case.category_code)
    ended = case.closed_at or case.state_at
    return Settled(
        number=case.number,
        category=row.name(language) if row else "",
        place=finding.coarse(case, language),
        words=text.mask_text(case.public_words) or (row.name(language) if row else case.number),
        answer=text.mask_text(case.answer),
        body=body,
        settled_at=ended,
        days=(places.day_of(ended) - places.day_of(case.reported_at)).days,
        solved=case.solved,
    )


def lately(place: PlaceRow, *, most: int) -> list[Settled]:
    """What was settled at this place and below it lately, newest first."""
    with scope.within([place.community_id]):
        found = access.published(place.community_id).filter(place_path__startswith=place.path)
        rows = found.select_related("grid", "building").order_by("-published_at", "-id")[:most]
        return [settled(case) for case in rows]


def community(code: str) -> PlaceRow:
    """The community of this code.

    :raises NotFound: when there is none.
    """
    place = places.place_by_code(code)
    if place is None or place.level != Level.COMMUNITY or place.valid_to is not None:
        raise NotFound
    return place


@policy("cases.settled", who=PUBLIC)
@require_safe
def settled_list(request: Asked, code: str) -> HttpResponse:
    """All of them, a page at a time."""
    where = community(code)
    with scope.within([where.id]):
        try:
            page = queue.page(
                access.published(where.id).order_by(*queue.ORDERS["newest"]),
                order="newest",
                cursor=request.GET.get("after", ""),
                size=PAGE,
            )
        except queue.BadFilter as error:
            raise NotFound from error
        rows = [settled(case) for case in page.cases]
    context = {"community": where, "rows": rows, "older": page.cursor, "tab": "home"}
    return here.show(request, "cases/resident/settled.html", context, at=Here((where,)))


def _one(where: PlaceRow, number: str) -> Settled:
    with scope.within([where.id]):
        case = access.published(where.id).filter(number=number).select_related("grid", "building").first()
        if case is None:
            raise NotFound
        bodies = people.organisation_names([case.organisation_id or 0], here.language())
        return settled(case, body=bodies.get(case.organisation_id or 0, ""))


@policy("cases.settled_case", who=PUBLIC)
@require_safe
def settled_case(request: Asked, code: str, number: str) -> HttpResponse:
    """One of them."""
    where = community(code)
    shown = _one(where, number)
    context = {
        "community": where,
        "row": shown,
        "shared_card": cards.tags(request, _card(where, shown), f"{request.path}card/"),
        "tab": "home",
    }
    return here.show(request, "cases/resident/settled_case.html", context, at=Here((where,)))


@policy("cases.settled_card", who=PUBLIC)
@require_safe
def settled_card(
    request: Asked, code: str, number: str, language: str, shape: str, digest: str
) -> HttpResponse:
    """The picture that stands for it where its address is shared."""
    with translation.override(cards.tongue(language)):
        where = community(code)
        return cards.picture(_card(where, _one(where, number)), shape, digest)


def _card(where: PlaceRow, shown: Settled) -> Card:
    """Its kind, its place and how long it took: never what somebody wrote."""
    what = " · ".join(word for word in (shown.category or _("A settled report"), shown.place) if word)
    days = {"n": shown.days}
    took = ngettext("settled in %(n)s day", "settled in %(n)s days", shown.days) % days
    said = {True: _("solved"), False: _("not solved"), None: ""}[shown.solved]
    heard = _("The reporter says: %(said)s") % {"said": said} if said else ""
    line = " · ".join(word for word in (took if shown.days else _("settled the same day"), heard) if word)
    return Card(what, line, where.name(here.language()), here.tongue())
