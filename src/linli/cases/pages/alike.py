"""While somebody reports: what neighbours reported already, and joining it with one tap."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.cases import access_joined, ports, words
from linli.cases.actions import joining, limited, moves, placing
from linli.cases.actions.placing import Where
from linli.cases.models import Case
from linli.cases.pages import drafts, finding, here, pocket, taking, telling
from linli.cases.pages.drafts import Draft
from linli.cases.pages.here import Asked, Here
from linli.cases.queries import reference
from linli.cases.rules.intake import PlaceHow, Refused, clean_words, meaning_length
from linli.grids.rules.words import Level
from linli.kernel import limits, scope, text
from linli.kernel.access import PUBLIC, Forbidden, NotFound, policy

SURE = 0.5  # less certain ones would only keep people from reporting
MOST = 3
LEAST_WORDS = 4  # characters that carry meaning, before anything is looked for
PERSON = "linli.person"  # what tells this browser from others, for passers-by who join


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An open case as its neighbours may see it: never who said it, their words only where they agreed."""

    number: str
    about: str
    place: str
    standing: str
    at: datetime
    said: str
    supporters: int
    meters: int | None


def about(case: Case) -> str:
    """What to call a case for those who did not report it: its category, or the kind of matter."""
    code = case.category_code
    if not code:
        options = (case.suggestion or {}).get("options") or [{}]
        code = options[0].get("code", "")
    row = reference.categories(case.community_id).get(code)
    return row.name(here.language()) if row else words.label(words.KINDS, case.kind)


def shown(case: Case, meters: float | None = None) -> Neighbours:
    """A case as neighbours may see it."""
    return Neighbours(
        number=case.number,
        about=about(case),
        place=finding.coarse(case, here.language()),
        standing=telling.standing(case),
        at=case.reported_at,
        said=text.mask_text(telling.headline(case)) if case.publish else "",
        supporters=case.supporters,
        meters=None if meters is None else round(meters),
    )


def near(request: Asked, community_id: int, said: str, where: Where) -> list[Neighbours]:
    """What neighbours reported already that may be the same matter; what the reader reported is left out."""
    if meaning_length(said) < LEAST_WORDS:
        return []
    with scope.within({community_id}):
        found = ports.likeness().alike(
            community_id=community_id,
            words=said,
            address=where.address,
            lon=where.lon,
            lat=where.lat,
            place_path=where.path,
            category_code="",
            at=request.now,
            limit=2 * MOST,
        )
        likely = [one for one in found if one.certainty >= SURE]
        cases = access_joined.joinable(community_id, [one.number for one in likely])
        own = {case.number for case in cases.values() if _is_own(request, case)}
        return [shown(cases[one.number], one.meters) for one in likely if one.number in cases.keys() - own][
            :MOST
        ]


def _is_own(request: Asked, case: Case) -> bool:
    mine = request.actor.signed_in and case.reporter_id == request.actor.account_id
    return mine or pocket.receipt(request, case.number) is not None


def at_first(where: Here, said: str) -> Where:
    """The building that the words name; else where the reader is, before they have said where it is."""
    place = finding.meant(where.community.id, said, where.place) or where.place
    if place.level == Level.COMMUNITY.value:
        return Where(PlaceHow.UNKNOWN)
    return Where(PlaceHow.QR, path=place.path, lon=place.lon, lat=place.lat)


def of_draft(draft: Draft) -> Where:
    """Where the draft says it is."""
    try:
        return placing.find(draft.community_id, draft.place)
    except Refused:
        return Where(PlaceHow.UNKNOWN)


@policy("cases.report_alike", who=PUBLIC)
@require_POST
def part(request: Asked) -> HttpResponse:
    """While typing: the list for what has been typed so far; empty when there is nothing, or too much was asked."""
    where = here.find(request)
    found: list[Neighbours] = []
    said = clean_words(request.POST.get("words", ""))
    if where is not None and meaning_length(said) >= LEAST_WORDS:
        if limits.allow("alike", *limited.subject(request.actor, here.network(request))):
            found = near(request, where.community.id, said, at_first(where, said))
    return render(request, "cases/resident/alike_part.html", {"alike": found, "inside": True})


@policy("cases.report_join", who=PUBLIC)
@require_POST
def join(request: Asked, number: str) -> HttpResponse:
    """Me too: one tap, from the list while typing or before sending."""
    where = here.find(request)
    if where is None:
        raise NotFound
    draft = drafts.load(request)
    typed = clean_words(request.POST.get("words", "")) or (draft.words if draft else "")
    try:
        done = joining.join(
            actor=request.actor,
            community_id=where.community.id,
            number=number,
            at=request.now,
            words=typed,
            person=_person(request),
            network=here.network(request),
            uploads=draft.tickets if draft else (),
        )
    except Refused as refused:
        messages.error(request, taking.in_words(refused.wrongs[0]))
        return redirect("cases:report")
    except moves.Conflict as conflict:
        messages.info(request, words.label(words.HINDRANCES, conflict.code))
        return redirect("cases:mine")
    except Forbidden as forbidden:
        messages.info(request, words.label(words.HINDRANCES, forbidden.code))
        return redirect("cases:report")
    except NotFound:
        messages.info(request, _("It was just settled or joined with another. Please send what you wrote."))
        return redirect("cases:report")
    pocket.hold(request, done.number, where.community.id, done.code, fresh=True)
    drafts.drop(request)
    return redirect("cases:joined", number=done.number)


def _person(request: Asked) -> str:
    if PERSON not in request.session:
        request.session[PERSON] = uuid.uuid4().hex
    return str(request.session[PERSON])
