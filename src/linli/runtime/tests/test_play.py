"""A day in the room, played through the real API on the demo's own ground, with a clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client

from linli.cases.actions import defaults
from linli.cases.models import Case, Move, PromiseRow
from linli.cases.queries import reference
from linli.grids import demo_places, locate
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.grids.rules.sheets import Sheets
from linli.kernel import access, clock, scope
from linli.people.actions import tokens
from linli.site.demo.loading import ADMIN, SCOPES
from linli.site.demo.play import cast as casts
from linli.site.demo.play import drill, lives
from linli.site.demo.play.cast import Cast
from linli.site.demo.play.door import Api, Refused, Unreachable
from linli.site.demo.play.run import Play, hour_of
from linli.site.demo.settlers import SINCE, Settlers
from linli.site.demo.words import MATTERS

pytestmark = pytest.mark.rounds

COMMUNITY = "460105002002"


@dataclass
class Through:
    """A door into this process."""

    client: Client = field(default_factory=Client)
    away: bool = False

    def __call__(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        if self.away:
            raise Unreachable("nobody")
        kind = headers.get("Content-Type", "application/json")
        rest = {name: value for name, value in headers.items() if name != "Content-Type"}
        answer = self.client.generic(method, path, body or b"", content_type=kind, headers=rest)
        return answer.status_code, answer.content


@dataclass
class Hands:
    """A clock that goes on only when somebody sleeps."""

    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def one_community() -> Sheets:
    """Of the demo's places those of one community."""
    every = demo_places.sheets()
    few = Sheets(divisions=every.divisions)
    few.places = [each for each in every.places if each.code.startswith(COMMUNITY)]
    few.outlines = [each for each in every.outlines if each.code.startswith(COMMUNITY)]
    return few


@pytest.fixture
def cast(committed_db: None) -> Cast:
    at = clock.now()
    reference.forget()  # the number that the community had in another test
    import_places(actor=access.SYSTEM, sheets=one_community(), at=at - timedelta(days=1))
    locate.locator.forget()
    community = places.place_by_code(COMMUNITY)
    assert community is not None
    scope.enter([community.id])
    defaults.install(actor=access.SYSTEM, community_id=community.id, at=at, from_date=SINCE)
    town = Settlers(community, 2, at - timedelta(days=1), "!").settle()
    bodies = {body: name for name, ids in town.bodies.items() for body in ids}
    card: dict[str, Any] = {"people": []}
    for person in town.people:
        actor = places.actor(person.account_id, at, mfa=True)
        assert actor is not None
        scopes = [*SCOPES, *(["admin"] if person.role in ADMIN else [])]
        secret = tokens.issue_token(actor=actor, name="play", scopes=scopes, at=at)[1]
        one = {"community": COMMUNITY, "name": person.name, "role": person.role, "token": secret}
        card["people"].append(one | {"organisation": bodies.get(person.organisation_id or 0, "")})
    made = casts.gather(card, COMMUNITY, Through())
    named = {kind: name for kind, name in made.bodies.values()}
    for person in card["people"]:  # the demo's card names the body, not its kind
        person["organisation"] = named.get(person["organisation"], "")
    return casts.gather(card, COMMUNITY, made.door)


def test_an_afternoon_is_played_also_when_nobody_answers_for_a_while(cast: Cast) -> None:
    door, hands = cast.door, Hands()
    assert isinstance(door, Through)

    def sleep(seconds: float) -> None:
        hands.sleep(seconds)
        door.away = 60 < hands.seconds < 70

    played = Play(cast, 60, 3, hands.now, sleep)
    played.go(minutes=300)
    assert hands.seconds >= 240
    assert (played.begun > 15, played.refused) == (True, 0)
    scope.enter([int(cast.of("dispatcher")[0].api.get(f"/places/code/{COMMUNITY}")["id"])])
    assert {"report", "dispatch", "sign", "handled"} <= set(Move.objects.values_list("verb", flat=True))
    assert Case.objects.exclude(state="reported").count() > 10


def test_the_same_seed_plays_the_same_troubles() -> None:
    buildings = [{"id": number, "name_zh": f"{number}栋"} for number in range(20)]
    cast = Cast(COMMUNITY, Through(), [], buildings=buildings)

    def troubles() -> list[tuple[str, Any]]:
        chance = Random(5)
        sore = [(cast.buildings[0], MATTERS[0])]
        begun = [lives.begin(cast, chance, hour=hour_of(at * 7), sore=sore) for at in range(30)]
        return [(one.matter.category, one.building["id"]) for one in begun]

    assert troubles() == troubles()


def test_promises_are_shortened_as_time_is_and_put_back(cast: Cast, tmp_path: Path) -> None:
    keeper = cast.of("admin")[0].api

    def promised() -> set[tuple[str, ...]]:
        rows = keeper.get("/promises", community=COMMUNITY)
        return {
            (row["stage"], row["amount"], row["unit"], row["category"], str(row["urgency"])) for row in rows
        }

    before = promised()
    drill.begin(cast, tmp_path, 60)
    drill.begin(cast, tmp_path, 120)  # begun again after a kill: what was first is what is remembered
    short = promised()
    assert {unit for _, _, unit, _, _ in short} == {"hour"}
    assert max(float(amount) for _, amount, _, _, _ in short) < 7
    assert drill.end(cast, tmp_path)
    assert promised() == before
    assert not drill.end(cast, tmp_path)
    with pytest.raises(Refused, match="401 no_token"):
        Api(cast.door, "").get("/me")
    assert PromiseRow.objects.filter(valid_to__isnull=True).count() == len(before)


@pytest.mark.parametrize(
    ("amount", "unit", "short"),
    [("1.00", "working_hour", "0.02"), ("5", "working_day", "2.00"), ("0.5", "hour", "0.01")],
)
def test_a_day_counts_twenty_four_hours_and_no_promise_becomes_nothing(
    amount: str, unit: str, short: str
) -> None:
    promise = {"stage": "resolve", "amount": amount, "unit": unit, "start_rule": "next_day"}
    made = drill.shortened(promise, 60)
    assert (made["amount"], made["unit"], made["start_rule"]) == (short, "hour", "at_once")
