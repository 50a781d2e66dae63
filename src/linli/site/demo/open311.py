"""Open311 in the demo: an app's key for each community, and a neighbour's server to send cases on to: the demo itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.integrations.open311.actions import endpoints, keys, services
from linli.integrations.open311.models import AppKey, CatalogStand, Endpoint, Question
from linli.kernel import scope
from linli.kernel.access import SYSTEM, NotFound

APP = "随手拍（演示）"
LINK = "邻市转办（演示）"
LIGHTING = "facilities.streetlight"


def connect(base: str, *, first: str, at: datetime) -> dict[str, Any]:
    """What a program needs to try it: the endpoint, and for each community a new key; the key before it ends.

    :param base: the address of the demo.
    :param first: the code of the community that the demo shows first; from there cases can be sent on.
    """
    endpoint = f"{base}/open311/v2"
    communities = sorted(places.communities(), key=lambda place: place.code != first)
    card = {place.code: _key(place, APP, at) for place in communities}
    for place in communities:
        with scope.within([place.id]):
            _ask(place, at)
            if not CatalogStand.objects.filter(community_id=place.id).exists():
                services.note_change(place.id, at)
    if len(communities) > 1:
        _link(communities[0], communities[1], endpoint, at)
    return {"endpoint": endpoint, "keys": card}


def _key(place: PlaceRow, name: str, at: datetime) -> str:
    with scope.within([place.id]):
        for row in AppKey.objects.filter(community_id=place.id, name=name, revoked_at=None):
            keys.revoke(actor=SYSTEM, community_id=place.id, key_id=row.pk, at=at)
        wanted = keys.Wanted(name, "now", days=365)
        _, secret = keys.issue(
            actor=SYSTEM, community_id=place.id, wanted=wanted, at=at - timedelta(seconds=1)
        )
    return secret


def _ask(place: PlaceRow, at: datetime) -> None:
    """A question that need not be answered, so that definitions are there to see."""
    if Question.objects.filter(community_id=place.id).exists():
        return
    try:
        services.ask(
            actor=SYSTEM,
            community_id=place.id,
            category_code=LIGHTING,
            wanted=services.Asked(
                code="lamp_number",
                datatype="string",
                description_zh="灯杆编号",
                description_en="Number on the lamp post",
                hint_zh="印在灯杆齐胸处，看不清可不填",
                hint_en="At breast height; leave it out if you cannot read it",
            ),
            at=at,
        )
    except NotFound:
        return  # a community that has no such category


def _link(here: PlaceRow, there: PlaceRow, endpoint: str, at: datetime) -> None:
    """Cases of the first community can be sent on to the second, through the real door of the server."""
    secret = _key(there, LINK, at)
    with scope.within([here.id]):
        held = Endpoint.objects.filter(community_id=here.id, name=LINK, ended_at=None).first()
        wanted = endpoints.Wanted(
            name=LINK, url=endpoint, jurisdiction=there.code, api_key=secret, repeats=True
        )
        endpoints.enter(
            actor=SYSTEM, community_id=here.id, wanted=wanted, at=at, endpoint_id=held.pk if held else None
        )
