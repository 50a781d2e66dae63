"""Single places: names, codes at the door, what a community wants, who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from linli.grids import access as doors
from linli.grids import actions, locate, queries
from linli.grids.actions.places import NameMissing, Sign
from linli.grids.models import CommunitySetting, Membership, Place, QrCode, Residence
from linli.grids.rules.wishes import BadWish
from linli.grids.tests.conftest import LUXING, Ground
from linli.kernel import access, scope

pytestmark = pytest.mark.django_db
Staff = Callable[..., access.Actor]


def test_an_address_finds_a_building_by_its_new_alias(
    ground: Ground,
    staff: Staff,
    at: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    leader, building = staff("community_leader", ground.luxing), ground.at("100300001")
    match = locate.locate_text(ground.luxing.id, f"{building.number}号楼2单元301")
    assert match is not None
    assert (match.building_id, match.unit, match.room) == (building.id, "2", "301")
    assert locate.locate_text(ground.luxing.id, "红楼三单元") is None
    with django_capture_on_commit_callbacks(execute=True):
        actions.rename_place(
            actor=leader, place_id=building.id, sign=Sign(building.name_zh, aliases=["红楼", "红楼"]), at=at
        )
    match = locate.locate_text(ground.luxing.id, "红楼三单元")
    assert match is not None
    assert match.building_id == building.id


def test_a_look_up_costs_no_statement(
    ground: Ground, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    building = ground.at("100300001")
    point = (building.lon or 0, building.lat or 0)
    locate.locate(*point)
    with django_assert_num_queries(0):
        found = locate.locate(*point)
    assert found is not None
    assert (found.grid_id, found.building_id) == (ground.at("1003").id, building.id)
    assert found.path == building.path


def test_where_there_is_something_to_do_is_told_in_one_statement(
    ground: Ground, person: Callable[..., int], at: datetime
) -> None:
    asked = Residence.objects.filter(ended_at__isnull=True)
    followed = Membership.objects.filter(since__lte=at)
    assert queries.communities_with(asked, followed) == []
    here, there = ground.luxing, ground.riverside
    with scope.within([here.id]):
        Residence.objects.create(
            community_id=here.id, dwelling_id=ground.at("1003").id, account_id=person(), asked_at=at
        )
    Membership.objects.create(community_id=there.id, account_id=person(), since=at)
    assert sorted(queries.community_ids()) == sorted(row.id for row in queries.communities())
    assert queries.communities_with(asked) == [here.id]
    assert queries.communities_with(asked, followed) == sorted([here.id, there.id])
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
    queries.communities_with(asked, followed)
    assert connection.linli_statements - before == 2  # type: ignore[attr-defined]  # which there are, and which of them


def test_a_place_needs_a_name(ground: Ground, at: datetime) -> None:
    with pytest.raises(NameMissing):
        actions.rename_place(actor=access.SYSTEM, place_id=ground.luxing.id, sign=Sign("  ", "Luxing"), at=at)


def test_a_lost_code_is_void_and_stays_in_the_history(ground: Ground, staff: Staff, at: datetime) -> None:
    building = ground.at("100300001")
    old = building.qr_code or ""
    assert queries.by_qr(old) == building
    actions.replace_qr(actor=staff("admin", ground.luxing), place_id=building.id, reason="铭牌丢失", at=at)
    assert queries.by_qr(old) is None
    assert queries.where_replaced(old) == queries.place_by_code(LUXING)
    new = ground.at("100300001").qr_code or ""
    assert new != old
    assert locate.by_qr(new) == ground.at("100300001")
    history = QrCode.objects.filter(place_id=building.id).order_by("issued_at", "id")
    assert [(each.code, each.replaced_at, each.reason) for each in history] == [
        (old, at, "铭牌丢失"), (new, None, ""),
    ]  # fmt: skip


def test_a_dwelling_gets_no_code(ground: Ground, at: datetime) -> None:
    dwelling = queries.subtree(ground.luxing.path, "dwelling")[0]
    with pytest.raises(access.Forbidden):
        actions.replace_qr(actor=access.SYSTEM, place_id=dwelling.id, reason="", at=at)


def test_only_keepers_change_places(ground: Ground, staff: Staff, at: datetime) -> None:
    grid = ground.at("1003")
    for actor in (staff("dispatcher", ground.luxing), staff("admin", ground.riverside), access.ANONYMOUS):
        with pytest.raises(access.NotFound):
            actions.rename_place(actor=actor, place_id=grid.id, sign=Sign("新名"), at=at)
        with pytest.raises(access.NotFound):
            actions.replace_qr(actor=actor, place_id=grid.id, reason="", at=at)


def test_other_communities_are_unseen(ground: Ground, staff: Staff) -> None:
    worker = staff("grid_worker", ground.at("1003"))
    assert doors.find(worker, ground.luxing.id) == ground.luxing
    with pytest.raises(access.NotFound):
        doors.find(worker, ground.riverside.id)
    assert not doors.visible(worker).filter(community_id=ground.riverside.id).exists()


def test_dwellings_are_for_staff_of_the_community(
    ground: Ground, staff: Staff, person: Callable[..., int], at: datetime
) -> None:
    dwelling = queries.subtree(ground.luxing.path, "dwelling")[0]
    assert doors.find(staff("dispatcher", ground.luxing), dwelling.id) == dwelling
    neighbour = person()
    actions.follow(actor=access.Actor(neighbour), place_id=ground.luxing.id, at=at)
    actor = queries.actor(neighbour, at)
    assert actor is not None
    with pytest.raises(access.NotFound):
        doors.find(actor, dwelling.id)
    with pytest.raises(access.NotFound):
        doors.find_public(dwelling.code)
    assert doors.find_public(f"{LUXING}1003") == ground.at("1003")
    assert doors.find_public(str(ground.luxing.id)) == ground.luxing


# What a community wants


def test_a_setting_holds_from_its_moment_and_not_before(ground: Ground, staff: Staff, at: datetime) -> None:
    leader, community = staff("community_leader", ground.luxing), ground.luxing.id
    assert queries.setting(community, "reopen_days", at) == 15
    actions.set_setting(actor=leader, community_id=community, key="reopen_days", value="30", at=at)
    later = at + timedelta(hours=1)
    actions.set_setting(actor=leader, community_id=community, key="reopen_days", value=7, at=later)
    assert queries.setting(community, "reopen_days", at - timedelta(seconds=1)) == 15
    assert queries.setting(community, "reopen_days", at) == 30
    assert queries.settings(community, later)["reopen_days"].value == 7
    assert queries.setting(ground.riverside.id, "reopen_days", later) == 15
    assert CommunitySetting.objects.filter(community_id=community).count() == 2


def test_the_same_wish_again_is_no_new_row(ground: Ground, staff: Staff, at: datetime) -> None:
    leader, community = staff("community_leader", ground.luxing), ground.luxing.id
    actions.set_setting(actor=leader, community_id=community, key="reopen_days", value=15, at=at)
    assert not CommunitySetting.objects.exists()


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("reopen_days", "soon", "not_a_number"),
        ("reopen_days", 0, "out_of_range"),
        ("quiet_hours", "10pm", "not_a_span"),
        ("publish_settled", "perhaps", "not_a_choice"),
        ("anonymous_reports", "maybe", "not_a_flag"),
        ("grid_code_pattern", "[", "not_a_pattern"),
        ("colour", "red", "unknown_setting"),
    ],
)
def test_a_value_a_setting_cannot_have_is_refused(
    ground: Ground, at: datetime, key: str, value: object, reason: str
) -> None:
    with pytest.raises(BadWish) as refused:
        actions.set_setting(actor=access.SYSTEM, community_id=ground.luxing.id, key=key, value=value, at=at)
    assert refused.value.code == reason


def test_only_keepers_set_what_their_community_wants(ground: Ground, staff: Staff, at: datetime) -> None:
    for actor, refusal in (
        (staff("dispatcher", ground.luxing), access.Forbidden),
        (staff("admin", ground.riverside), access.NotFound),
    ):
        with pytest.raises(refusal):
            actions.set_setting(actor=actor, community_id=ground.luxing.id, key="reopen_days", value=9, at=at)


# What the database itself refuses


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "52011300800"},
        {"code": "5201130080061"},
        {"lon": 181.0, "lat": 0.0},
        {"lon": 106.0, "lat": None},
        {"path": "1.2"},
        {"kind": "base"},
        {"valid_to": "2000-01-01"},
    ],
)
def test_the_database_refuses_a_broken_community(ground: Ground, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=ground.luxing.id).update(**fields)


def test_a_code_is_in_force_once(ground: Ground) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=ground.at("1003").id).update(code=f"{LUXING}1004")
