"""Visits, plans, patrols and hand-overs: what they change, whom they are open to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from linli.cases.rules.intake import Channel, Report
from linli.fieldwork.actions import handing, patrols, plans, visits
from linli.fieldwork.models import CarePlan, HandOverItem, Patrol, PatrolPoint, Visit
from linli.fieldwork.queries import records
from linli.fieldwork.rules.handing import Offer
from linli.fieldwork.rules.patrols import Position
from linli.fieldwork.rules.visits import Made, Planned
from linli.fieldwork.rules.words import Ground as Basis
from linli.fieldwork.rules.words import ItemKind, Need, Outcome, PlanEnd, Purpose, WhyHandOver
from linli.grids import queries as places
from linli.grids.actions import wishes
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.grids.tests.conftest import Ground
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound
from linli.kernel.refusals import Outdated, Refused

DAY = timedelta(days=1)
Staff = Callable[..., Actor]


@pytest.fixture
def grid(ground: Ground) -> PlaceRow:
    """A grid with dwellings."""
    return ground.at("1001")


@pytest.fixture
def home(grid: PlaceRow) -> PlaceRow:
    """A household in it."""
    return places.subtree(grid.path, Level.DWELLING.value)[0]


def visit(home: PlaceRow, at: datetime, **changed: object) -> Made:
    made = Made(home.id, Purpose.LISTEN, Outcome.MET, at, words="老人说楼道灯坏了")
    return replace(made, **changed)  # type: ignore[arg-type]  # by name


def care(home: PlaceRow, at: datetime, **changed: object) -> Planned:
    day = places.day_of(at)
    planned = Planned(home.id, Need.LIVES_ALONE, 7, day, day + 90 * DAY, Basis.REQUEST)
    return replace(planned, **changed)  # type: ignore[arg-type]  # by name


def make(actor: Actor, made: Made, at: datetime, key: UUID | None = None, report: str = "") -> Visit:
    return visits.make(actor=actor, made=made, key=key or uuid4(), at=at, report=report)


def plan(actor: Actor, planned: Planned, at: datetime) -> CarePlan:
    return plans.plan(actor=actor, planned=planned, key=uuid4(), at=at)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(wrong.field, wrong.code) for wrong in refused.value.wrongs}


def test_a_visit_is_written_down_once_and_only_where_one_works(
    ground: Ground, grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    strangers = staff("grid_worker", ground.at("1002")), staff("dispatcher", ground.luxing)
    for stranger in strangers:
        with pytest.raises(NotFound):
            make(stranger, visit(home, at), at)
    worker, key = staff("grid_worker", grid), uuid4()
    first = make(worker, visit(home, at), at, key)
    assert make(worker, visit(home, at, words="again"), at, key).pk == first.pk
    held = Visit.objects.get()
    assert (held.grid_id, held.worker_id, held.words) == (grid.id, worker.account_id, "老人说楼道灯坏了")
    with pytest.raises(Refused) as refused:
        make(staff("assistant", grid), visit(home, at), at, key)
    assert codes(refused) == {("key", "used")}


def test_a_visit_that_cannot_be_is_refused_field_by_field(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", grid)
    with pytest.raises(Refused) as refused:
        make(worker, visit(home, at + DAY, purpose=Purpose.CARE, follow_up_date=places.day_of(at)), at)
    assert codes(refused) == {
        ("at", "in_the_future"),
        ("plan", "plan_missing"),
        ("follow_up_date", "not_later"),
    }
    with pytest.raises(Refused) as refused:
        make(worker, visit(home, at - 40 * DAY, plan_id=999, words="长" * 1001), at)
    assert codes(refused) == {("at", "too_old"), ("plan", "no_plan"), ("words", "too_long")}


def test_not_at_home_counts_as_tried_and_not_as_met(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", grid)
    row = plan(worker, care(home, at), at)
    tried = visit(home, at, purpose=Purpose.CARE, plan_id=row.pk, outcome=Outcome.NOT_AT_HOME)
    make(worker, replace(tried, follow_up_date=places.day_of(at + DAY)), at)
    row.refresh_from_db()
    assert row.due_date == places.day_of(at)
    later = at + DAY
    make(worker, visit(home, later, purpose=Purpose.CARE, plan_id=row.pk), later)
    row.refresh_from_db()
    assert row.due_date == places.day_of(later + 7 * DAY)
    first, second = records.visits(grid.community_id, at - DAY, at + 2 * DAY)
    assert (first.outcome, first.followed_up, second.need) == ("not_at_home", True, "lives_alone")
    due, after = records.visits_due(grid.community_id, at - DAY, at + 30 * DAY)[:2]
    assert (due.due_date, due.met_at, after.met_at) == (places.day_of(at), later, None)


def test_a_visit_taken_back_counts_no_more_and_what_it_settled_waits_again(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", grid)
    row = plan(worker, care(home, at), at)
    promised = make(worker, visit(home, at, follow_up_date=places.day_of(at + DAY)), at)
    kept = make(worker, visit(home, at + DAY, purpose=Purpose.CARE, plan_id=row.pk), at + DAY)
    with pytest.raises(Forbidden, match="not_yours"):
        visits.strike(actor=staff("assistant", grid), visit_id=kept.pk, at=at + DAY)
    with pytest.raises(Forbidden, match="too_late"):
        visits.strike(actor=worker, visit_id=promised.pk, at=at + 3 * DAY)
    visits.strike(actor=worker, visit_id=kept.pk, at=at + 2 * DAY)
    row.refresh_from_db()
    promised.refresh_from_db()
    assert (row.due_date, promised.followed_by_id) == (places.day_of(at), None)
    assert [one.id for one in records.visits(grid.community_id, at - DAY, at + 5 * DAY)] == [promised.pk]


def test_a_case_is_made_of_a_visit_in_the_same_breath(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker, key = staff("grid_worker", grid), uuid4()
    made = make(worker, visit(home, at), at, key, report="三单元楼道灯坏了，老人晚上不敢下楼")
    assert made.case is not None
    assert (made.case.channel, made.case.grid_id) == ("patrol", grid.id)
    assert make(worker, visit(home, at), at, key, report="三单元楼道灯坏了").case_id == made.case_id


def test_care_for_reasons_of_health_is_off_then_for_leaders_alone(
    ground: Ground, grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker, leader = staff("grid_worker", grid), staff("community_leader", ground.luxing)
    asked = care(home, at, need=Need.HEALTH)
    with pytest.raises(Refused) as refused:
        plan(leader, asked, at)
    assert codes(refused) == {("need", "turned_off")}
    wishes.set_setting(actor=SYSTEM, community_id=ground.luxing.id, key="care_health", value=True, at=at)
    with pytest.raises(Refused) as refused:
        plan(worker, asked, at)
    assert codes(refused) == {("need", "leaders_only")}
    row = plans.plan(actor=leader, planned=asked, key=uuid4(), at=at, worker_id=worker.account_id)
    with pytest.raises(NotFound):
        plans.end(actor=staff("assistant", grid), plan_id=row.pk, why=PlanEnd.MOVED, at=at)
    plans.end(actor=worker, plan_id=row.pk, why=PlanEnd.WITHDRAWN, at=at)
    with pytest.raises(NotFound):
        plans.end(actor=worker, plan_id=row.pk, why=PlanEnd.WITHDRAWN, at=at)


def test_a_household_is_planned_once_for_a_need_and_its_last_day_ends_it(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", grid)
    row = plan(worker, care(home, at), at)
    with pytest.raises(Refused) as refused:
        plan(worker, care(home, at), at)
    assert codes(refused) == {("need", "planned_already")}
    assert plans.end_over(SYSTEM, grid.community_id, at + 90 * DAY) == 0
    assert plans.end_over(SYSTEM, grid.community_id, at + 92 * DAY) == 1
    row.refresh_from_db()
    assert (row.ended_why, row.due_date) == ("ran_out", None)


def test_a_position_outside_a_started_patrol_is_not_kept(grid: PlaceRow, staff: Staff, at: datetime) -> None:
    worker = staff("grid_worker", grid)
    row = patrols.start(actor=worker, grid_id=grid.id, key=uuid4(), at=at)
    assert patrols.start(actor=worker, grid_id=grid.id, key=uuid4(), at=at).pk == row.pk
    here = [Position(106.63, 26.65, at + timedelta(minutes=minute)) for minute in (-5, 1, 1, 2)]
    sent = at + timedelta(minutes=3)
    assert patrols.send_positions(actor=worker, patrol_id=row.pk, positions=here, at=sent) == 2
    assert patrols.send_positions(actor=worker, patrol_id=row.pk, positions=here, at=sent) == 0
    with pytest.raises(NotFound):
        patrols.wipe(actor=staff("assistant", grid), patrol_id=row.pk, at=sent)
    patrols.end(actor=worker, patrol_id=row.pk, at=sent)
    with pytest.raises(Forbidden, match="patrol_over"):
        patrols.send_positions(actor=worker, patrol_id=row.pk, positions=here, at=sent)
    (told,) = records.patrols(grid.community_id, at - DAY, at + DAY)
    assert (told.points, told.ended_how) == (2, "worker")
    patrols.wipe(actor=worker, patrol_id=row.pk, at=sent)
    assert not PatrolPoint.objects.exists()
    assert records.patrols(grid.community_id, at - DAY, at + DAY)[0].points == 2


def test_a_forgotten_patrol_ends_by_itself_and_old_positions_go(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", grid)
    row = patrols.start(actor=worker, grid_id=grid.id, key=uuid4(), at=at)
    patrols.tick(actor=worker, patrol_id=row.pk, place_id=home.id, at=at + timedelta(hours=1))
    spot = Position(106.63, 26.65, at + timedelta(hours=1))
    patrols.send_positions(actor=worker, patrol_id=row.pk, positions=[spot], at=at + timedelta(hours=1))
    assert patrols.sweep_community(grid.community_id, at + timedelta(hours=4)) == 0
    assert patrols.sweep_community(grid.community_id, at + timedelta(hours=6)) == 1
    row = Patrol.objects.get(pk=row.pk)
    assert (row.ended_how, row.ended_at, row.points) == ("forgotten", at + timedelta(hours=1), 2)
    patrols.sweep_community(grid.community_id, at + 8 * DAY)
    assert [point.position for point in PatrolPoint.objects.all()] == [None]  # the tick stays


def test_what_is_found_on_a_patrol_is_a_case_at_once(grid: PlaceRow, staff: Staff, at: datetime) -> None:
    worker = staff("grid_worker", grid)
    row = patrols.start(actor=worker, grid_id=grid.id, key=uuid4(), at=at)
    told = Report("三栋西侧井盖缺失，已放警示桩", Channel.PATROL)
    for _again in range(2):
        receipt = patrols.find(actor=worker, patrol_id=row.pk, told=told, key="k", at=at)
    assert receipt.again
    assert records.patrols(grid.community_id, at - DAY, at + DAY)[0].findings == 1


def test_a_grid_is_handed_over_item_by_item_and_on_record(
    ground: Ground, grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    giver, receiver = staff("grid_worker", grid), staff("assistant", grid)
    stranger = staff("grid_worker", ground.at("1002"))
    assert giver.account_id
    assert receiver.account_id
    row = plan(giver, care(home, at), at)
    promised = make(giver, visit(home, at, follow_up_date=places.day_of(at + DAY)), at)
    offer = Offer(grid.id, giver.account_id, receiver.account_id, WhyHandOver.LEAVE, "钥匙在门卫处")
    bad = replace(offer, receiver_id=stranger.person_id)
    with pytest.raises(Refused) as refused:
        handing.offer(actor=giver, offer=bad, key=uuid4(), at=at)
    assert codes(refused) == {("receiver", "not_in_team")}
    with pytest.raises(Forbidden, match="leaders_only"):
        handing.offer(actor=receiver, offer=offer, key=uuid4(), at=at)
    made = handing.offer(actor=giver, offer=offer, key=uuid4(), at=at)
    with pytest.raises(Refused) as refused:
        handing.offer(actor=giver, offer=offer, key=uuid4(), at=at)
    assert codes(refused) == {("giver", "offered_already")}
    items = {item.kind: item for item in HandOverItem.objects.filter(handover=made)}
    assert set(items) == {ItemKind.CARE_PLAN, ItemKind.FOLLOW_UP}
    with pytest.raises(Forbidden, match="receivers_only"):
        handing.accept(actor=giver, handover_id=made.pk, at=at)
    with pytest.raises(NotFound):
        handing.accept(actor=stranger, handover_id=made.pk, at=at)
    tomorrow = at + DAY
    handing.accept(actor=receiver, handover_id=made.pk, at=tomorrow, only={items[ItemKind.CARE_PLAN].pk})
    with pytest.raises(Outdated):
        handing.decline(actor=receiver, handover_id=made.pk, at=tomorrow)
    row.refresh_from_db()
    promised.refresh_from_db()
    assert (row.worker_id, promised.follow_up_by_id) == (receiver.account_id, giver.account_id)
    (told,) = records.handovers(grid.community_id, at - DAY, at + 2 * DAY)
    assert (told.from_id, told.to_id, told.items, told.taken) == (giver.account_id, receiver.account_id, 2, 1)
    whose = {due.due_date: due.worker_id for due in records.visits_due(grid.community_id, at, at + 9 * DAY)}
    assert list(whose.values()) == [giver.account_id, receiver.account_id]


def test_who_does_anothers_visit_or_takes_an_item_over_helped(
    grid: PlaceRow, home: PlaceRow, staff: Staff, at: datetime
) -> None:
    worker, colleague = staff("grid_worker", grid), staff("assistant", grid)
    row = plan(worker, care(home, at), at)
    made = make(colleague, visit(home, at, purpose=Purpose.CARE, plan_id=row.pk), at)
    make(worker, visit(home, at, purpose=Purpose.CARE, plan_id=row.pk), at)
    (helped,) = records.peer_help(grid.community_id, at - DAY, at + DAY)
    assert (helped.id, helped.record, helped.helper_id, helped.for_id) == (
        made.pk,
        "visit",
        colleague.account_id,
        worker.account_id,
    )
