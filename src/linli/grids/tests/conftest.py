"""A fixed cast on the demo's ground: who they are says what they may."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from linli.grids import actions, demo_places, queries
from linli.grids.locate import locator
from linli.grids.rows import PlaceRow
from linli.grids.rules.sheets import Sheets
from linli.kernel import access, scope
from linli.people import rules as people
from linli.people.actions import accounts

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LUXING, RIVERSIDE = "520113008006", "310105005025"


@pytest.fixture
def at() -> datetime:
    """A Monday, 14:05 in Guiyang."""
    return AT


@pytest.fixture(autouse=True)
def fresh_locator() -> Iterator[None]:
    """No test finds places of another."""
    locator.forget()
    yield
    locator.forget()


@dataclass(frozen=True)
class Ground:
    """Two of the demo's communities."""

    luxing: PlaceRow
    riverside: PlaceRow

    def at(self, code: str) -> PlaceRow:
        """A place by what follows the community's code in Luxing, e.g. ``1003``."""
        found = queries.place_by_code(f"{LUXING}{code}")
        assert found is not None, code
        return found


@pytest.fixture(scope="session")
def few_places() -> Sheets:
    """Two of the demo's communities with three buildings a grid (and the halls), dwellings in the first."""
    return _few()


@functools.cache
def _few() -> Sheets:
    every = demo_places.sheets()
    few = Sheets(divisions=every.divisions)
    few.places = [
        each for each in every.places if each.code[:12] in (LUXING, RIVERSIDE) and _is_kept(each.code)
    ]
    few.outlines = [each for each in every.outlines if each.code[:12] in (LUXING, RIVERSIDE)]
    return few


def _is_kept(code: str) -> bool:
    building = code.split("-")[0][16:]
    return building in ("", "00001", "00002", "00003", "90001")


@pytest.fixture(scope="module")
def laid(common: Callable[[Callable[[], Ground]], Ground]) -> Ground:
    """Some of the demo's places, made once a module."""
    return common(lay_out)


@pytest.fixture
def ground(common: Callable[[Callable[[], Ground]], Ground], laid: Ground, db: None) -> Ground:
    """Some of the demo's places."""
    return common(lay_out)  # a test with real commits may have ended what stood


def lay_out() -> Ground:
    """Import some of the demo's places."""
    actions.import_places(actor=access.SYSTEM, sheets=_few(), at=AT)
    luxing, riverside = queries.place_by_code(LUXING), queries.place_by_code(RIVERSIDE)
    assert luxing is not None
    assert riverside is not None
    return Ground(luxing, riverside)


_phones = iter(range(13800000000, 13900000000))


@pytest.fixture
def person(db: None, at: datetime) -> Callable[..., int]:
    """Opens an account: ``person("王小明")`` → its id."""

    def opened(name: str = "王小明", phone: str = "") -> int:
        return accounts.open_account(
            actor=access.SYSTEM,
            phone=phone or f"+86{next(_phones)}",
            profile=accounts.Profile(name, "zh-hans", elder=False),
            at=at,
            level=people.Level.PHONE,
        ).pk

    return opened


@pytest.fixture
def staff(person: Callable[..., int], at: datetime) -> Callable[..., access.Actor]:
    """Appoints somebody new: ``staff("grid_worker", place)`` → the actor, whose communities are entered."""

    def appointed(role: str, place: PlaceRow, name: str = "李卫国") -> access.Actor:
        account_id = person(name)
        actions.grant_duty(actor=access.SYSTEM, account_id=account_id, role=role, place_id=place.id, at=at)
        actor = queries.actor(account_id, at)
        assert actor is not None
        scope.enter(actor.communities)
        return actor

    return appointed
