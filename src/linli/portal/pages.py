"""The residents' home and the page of a place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases.pages import here, public
from linli.cases.pages.here import Asked, Here
from linli.cases.queries import around
from linli.faces import cards
from linli.faces.cards import Card
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.words import LEVELS
from linli.kernel.access import PUBLIC, policy
from linli.portal import queries
from linli.portal.announcements import told
from linli.portal.services import offered

LATELY = 3
SERVICES = 6


@policy("portal.home", who=PUBLIC)
@require_safe
def home(request: Asked) -> HttpResponse:
    """Where am I, the three verbs, who serves here, what was settled lately."""
    code = request.GET.get("place", "")
    if code:
        here.remember(request, doors.find_public(code).id)
        return redirect("portal:home")
    where = None if "choose" in request.GET else here.find(request)
    if where is None:
        return here.show(request, "portal/choose.html", {"communities": places.communities(), "tab": "home"})
    context = {
        "where": where,
        "serving": queries.serving(where.place, where.community, places.day_of(request.now)),
        "services": offered(where.place, places.day_of(request.now), most=LATELY),
        "announced": told(where.place, places.day_of(request.now), most=LATELY),
        "settled": public.lately(where.community, most=LATELY),
        "community": where.community,
        "tab": "home",
    }
    return here.show(request, "portal/home.html", context, at=where)


@policy("portal.place", who=PUBLIC)
@require_safe
def place(request: Asked, code: str) -> HttpResponse:
    """A place of any level: who serves, who can be called, what was settled, the way up and down."""
    found = doors.find_public(code)
    if found.code != code:
        return redirect("portal:place", code=found.code)
    where = Here(tuple(places.ancestors(found)))
    community, day = where.community, places.day_of(request.now)
    context = {
        "place": found,
        "name": found.name(here.language()),
        "level": LEVELS[found.level],
        "way": [(step, step.name(here.language()), LEVELS[step.level]) for step in where.way[:-1]],
        "living": queries.living(found, request.actor),
        "serving": queries.serving(found, community, day),
        "bodies": queries.bodies(community.id, here.language()),
        "below": [
            (LEVELS[each.level], [(row, row.name(here.language())) for row in each.places])
            for each in queries.below(found)
        ],
        "announced": told(found, day, most=LATELY),
        "services": offered(found, day, most=SERVICES),
        "groups": queries.groups_of(found, here.language(), day),
        "numbers": around.numbers(found, request.now),
        "settled": public.lately(found, most=LATELY),
        "community": community,
        "shared_card": cards.tags(request, _card(where), f"{request.path}card/"),
        "tab": "home",
    }
    return here.show(request, "portal/place.html", context, at=where)


@policy("portal.place_card", who=PUBLIC)
@require_safe
def card(request: Asked, code: str, language: str, shape: str, digest: str) -> HttpResponse:
    """The picture that stands for a place's page where its address is shared."""
    with translation.override(cards.tongue(language)):
        where = Here(tuple(places.ancestors(doors.find_public(code))))
        return cards.picture(_card(where), shape, digest)


def _card(where: Here) -> Card:
    above = [step.name(here.language()) for step in where.way[:-1] if step.level in here.SHOWN_LEVELS]
    return Card(
        title=where.place.name(here.language()),
        line=_("Say what is wrong, see who serves here and what was settled."),
        place=" · ".join(above) or _("Linli"),
        language=here.tongue(),
    )
