"""What a community wants: every declared setting, changed from now on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.grids import queries
from linli.grids.actions import wishes as keeping
from linli.grids.api.routers import KEEPERS, served, settings
from linli.grids.api.shapes import WishesIn, WishOut
from linli.grids.rules import wishes
from linli.kernel.access import STAFF
from linli.kernel.api import FieldRefused, actor_of, answer_tagged, at, operation, unchanged
from linli.kernel.api_types import Community


def _all(request: HttpRequest, community_id: int) -> list[dict[str, Any]]:
    held = queries.settings(community_id, at(request))
    return [_out(key, held[key].value, held[key].valid_from) for key in wishes.DECLARED]


def _out(key: str, value: Any, valid_from: Any) -> dict[str, Any]:
    wish = wishes.DECLARED[key]
    return {
        "key": key,
        "kind": wish.kind,
        "value": value,
        "default": wish.default,
        "choices": list(wish.choices),
        "least": wish.least,
        "most": wish.most,
        "valid_from": valid_from,
    }


@settings.get("/settings", response=list[WishOut], summary="What the community wants")
@operation("settings.wishes", who=STAFF, scope="places:read", tagged=True)
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """Every setting with its value, its default and its limits."""
    return answer_tagged(request, _all(request, served(actor_of(request), community).id))


@settings.patch("/settings", response=list[WishOut], summary="Change what the community wants")
@operation("settings.set_wishes", who=KEEPERS, scope="admin", guarded=True)
def change(request: HttpRequest, community: Community, body: WishesIn) -> HttpResponse:
    """From now on, all or none; what was wanted before stays on record."""
    where = served(actor_of(request), community)
    values = _checked(body.values)
    with unchanged(request, lambda: _all(request, where.id)):
        keeping.set_settings(actor=actor_of(request), community_id=where.id, values=values, at=at(request))
    return answer_tagged(request, _all(request, where.id))


def _checked(values: dict[str, bool | int | str]) -> dict[str, Any]:
    """The values as they may be.

    :raises FieldRefused: an unknown setting, or a value it cannot have.
    """
    checked = {}
    for key, value in values.items():
        try:
            checked[key] = wishes.checked(key, value.replace("\x00", "") if isinstance(value, str) else value)
        except wishes.BadWish as bad:
            raise FieldRefused(f"values.{key[:60]}", bad.code) from bad
    return checked
