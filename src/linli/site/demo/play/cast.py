"""Who plays: the demo's people of one community, the bodies they serve and the buildings they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from linli.site.demo.play.door import Api, Door


@dataclass(frozen=True, slots=True)
class Player:
    """One of the demo's people."""

    name: str
    role: str
    organisation: str
    api: Api


@dataclass
class Cast:
    """The played community."""

    code: str
    door: Door
    players: list[Player]
    bodies: dict[int, tuple[str, str]] = field(default_factory=dict)  # id -> kind, name
    buildings: list[dict[str, Any]] = field(default_factory=list)
    _accounts: dict[str, int] = field(default_factory=dict)  # token -> account

    def of(self, *roles: str) -> list[Player]:
        """Those who play one of these roles."""
        return [player for player in self.players if player.role in roles]

    def serving(self, organisation_id: int) -> list[Player]:
        """Those who act for a body."""
        name = self.bodies.get(organisation_id, ("", ""))[1]
        return [player for player in self.players if name and player.organisation == name]

    def account_of(self, player: Player) -> int:
        """The account behind a player; asked for once."""
        if player.api.token not in self._accounts:
            self._accounts[player.api.token] = int(player.api.get("/me")["account_id"])
        return self._accounts[player.api.token]

    def behind(self, account_id: int) -> Player | None:
        """The player of an account, if it is one of ours."""
        staff = [player for player in self.players if player.role != "resident"]
        return next((player for player in staff if self.account_of(player) == account_id), None)

    def body_for(self, kind: str, chance: Random) -> int | None:
        """A body of this kind for which somebody acts here."""
        able = [key for key, (held, _) in self.bodies.items() if held == kind and self.serving(key)]
        return chance.choice(able) if able else None


def gather(card: dict[str, Any], code: str, door: Door) -> Cast:
    """The cast of a community from the demo's card (``demo.json``), its bodies and buildings from the API.

    :raises LookupError: the card knows no dispatcher there.
    """
    players = [
        Player(one["name"], one["role"], one["organisation"], Api(door, one["token"]))
        for one in card["people"]
        if one["community"] == code
    ]
    cast = Cast(code, door, players)
    if not cast.of("dispatcher"):
        raise LookupError(code)
    desk = cast.of("dispatcher")[0].api
    here = desk.get(f"/places/code/{code}")
    cast.bodies = {
        one["id"]: (one["kind"], one["name_zh"])
        for one in desk.get("/organisations")
        if one["community_id"] == here["id"] and one["closed_at"] is None
    }
    cast.buildings = list(_buildings(desk, here["id"]))
    return cast


def _buildings(api: Api, place_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for place in api.get(f"/places/{place_id}/children"):
        if place["level"] == "building":
            found.append(place)
        elif place["level"] in {"committee", "grid", "courtyard"}:
            found += _buildings(api, place["id"])
    return found
