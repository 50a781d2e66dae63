"""Proofs of homes as time goes by: reminded, shown again, run out, and ended with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from linli.grids import actions, queries
from linli.grids.actions import homes
from linli.grids.actions.members import BadReason, Reason
from linli.grids.models import Residence
from linli.grids.rows import PlaceRow, ResidenceRow
from linli.grids.rules.words import EndReason
from linli.grids.tests.conftest import Ground
from linli.kernel import access, scope
from linli.people import queries as people

pytestmark = pytest.mark.django_db
Staff = Callable[..., access.Actor]
Two = tuple[access.Actor, access.Actor]


@pytest.fixture
def resident(ground: Ground, person: Callable[..., int], at: datetime) -> access.Actor:
    somebody = person("陈晨")
    actions.follow(actor=access.Actor(somebody), place_id=ground.luxing.id, at=at)
    actor = queries.actor(somebody, at)
    assert actor is not None
    return actor


@pytest.fixture
def dwelling(ground: Ground) -> PlaceRow:
    return queries.subtree(ground.at("1003").path, "dwelling")[0]


@pytest.fixture
def two(ground: Ground, staff: Staff) -> Two:
    return staff("grid_worker", ground.at("1003")), staff("police", ground.luxing)


def proved(resident: access.Actor, two: Two, dwelling: PlaceRow, at: datetime) -> ResidenceRow:
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    for voucher in two:
        row = actions.vouch_residence(actor=voucher, residence_id=asked.id, at=at)
    return row


def level(actor: access.Actor) -> int:
    account = people.account(actor.account_id or 0)
    assert account is not None
    return account.level


def test_a_proof_is_reminded_of_twice_and_then_runs_out(
    resident: access.Actor, two: Two, dwelling: PlaceRow, at: datetime
) -> None:
    row = proved(resident, two, dwelling, at)
    said = []
    for day in (334, 335, 336, 357, 358, 365, 366, 367):
        scope.leave()  # as the worker comes
        done = homes.sweep(at + timedelta(days=day))
        scope.enter([dwelling.community_id])
        said.append((day, done, Residence.objects.get(pk=row.id).reminded_days))
    assert said[:6] == [(334, 0, None), (335, 1, 30), (336, 0, 30), (357, 0, 30), (358, 1, 7), (365, 0, 7)]
    assert [done for _day, done, _days in said[6:]] == [1, 0]
    ended = queries.residence(row.id)
    assert ended is not None
    assert ended.ended_why == "ran_out"
    assert level(resident) == 2


def test_who_asks_anew_is_not_reminded_and_goes_on_without_a_gap(
    resident: access.Actor, two: Two, dwelling: PlaceRow, at: datetime
) -> None:
    first = proved(resident, two, dwelling, at)
    early, late = at + timedelta(days=304), at + timedelta(days=340)
    assert actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=early).id == first.id
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=late)
    assert asked.id != first.id
    assert actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=late).id == asked.id
    assert homes.sweep(late) == 0
    scope.enter([dwelling.community_id])
    for voucher in two:
        actions.vouch_residence(actor=voucher, residence_id=asked.id, at=late)
    older = queries.residence(first.id)
    assert older is not None
    assert older.ended_why == "renewed"
    assert level(resident) == 3
    assert homes.sweep(at + timedelta(days=400)) == 0


def test_staff_end_a_home_only_with_a_reason_and_its_resident_without_one(
    resident: access.Actor, two: Two, dwelling: PlaceRow, at: datetime
) -> None:
    row = proved(resident, two, dwelling, at)
    for reason, code in (
        (None, "reason_missing"),
        (Reason(EndReason.OTHER, " "), "reason_missing"),
        (Reason(EndReason.OTHER, "x" * 201), "too_long"),
        (Reason(EndReason.OTHER, "打 13812345678"), "personal"),
    ):
        with pytest.raises(BadReason) as bad:
            actions.end_residence(actor=two[0], residence_id=row.id, at=at, reason=reason)
        assert bad.value.code == code
    actions.end_residence(actor=two[0], residence_id=row.id, at=at, reason=Reason(EndReason.MOVED_AWAY))
    ended = queries.residence(row.id)
    assert ended is not None
    assert (ended.ended_why, ended.ended_reason) == ("taken_back", "moved_away")
    assert level(resident) == 2
    again = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    actions.end_residence(actor=resident, residence_id=again.id, at=at)
    moved = queries.residence(again.id)
    assert moved is not None
    assert (moved.ended_why, moved.ended_reason) == ("moved", "")
