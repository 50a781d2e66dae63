"""The way into a chat group, for people who are signed in and belong to the community."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from linli.cases.pages import here
from linli.cases.pages.here import Asked, Here
from linli.grids import queries as places
from linli.groups import files
from linli.kernel import scope
from linli.kernel.access import SIGNED_IN, NotFound, policy
from linli.kernel.media.sending import stream


@policy("portal.group_code", who=SIGNED_IN)
@require_safe
def code(request: Asked, ticket: UUID) -> HttpResponse:
    """The code of a group, until when it works, and whom to ask when it does not."""
    scope.enter(request.actor.communities)
    found = files.find_code(request.actor, ticket, places.day_of(request.now))
    place = places.places([found.group.place_id])[found.group.place_id]
    english = here.language() == "en"
    group = found.group
    context = {
        "code": found,
        "name": group.name_en if english and group.name_en else group.name_zh,
        "join": group.join_en if english and group.join_en else group.join_zh,
        "place": place,
        "place_name": place.name(here.language()),
        "tab": "home",
    }
    response = here.show(request, "portal/group_code.html", context, at=Here(tuple(places.ancestors(place))))
    response["Cache-Control"] = "no-store"
    return response


@policy("portal.group_picture", who=SIGNED_IN)
@require_safe
def picture(request: Asked, ticket: UUID) -> HttpResponseBase:
    """The picture of the code, under the code's own address."""
    scope.enter(request.actor.communities)
    found = files.find_code(request.actor, ticket, places.day_of(request.now))
    if found.picture is None:
        raise NotFound
    response = stream(request, found.picture.path, f"group-{found.group_id}")
    response["Cache-Control"] = "no-store"
    return response
