"""Who sees which case: by duty and place, by body, by having reported it; everybody else sees nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from linli.cases import access
from linli.cases.queries import story
from linli.cases.rules.intake import Channel, PlaceGiven
from linli.cases.rules.workflow import REPORTER, RESPONSIBLE, TASK_BODY, Verb
from linli.cases.tests import ground
from linli.cases.tests.cast import AT, Cast, Person
from linli.grids.actions import duties
from linli.kernel.access import ANONYMOUS, SYSTEM, NotFound

pytestmark = pytest.mark.django_db
STATES = ("reported", "sent", "settled")


@pytest.fixture
def reported(cast: Cast) -> str:
    """A report of the resident about building 8, in grid 3."""
    return cast.report().number


def sees(cast: Cast, person: Person, number: str) -> bool:
    with cast.inside(cast.here, cast.elsewhere):
        try:
            access.find(person.actor(), number)
        except NotFound:
            return False
        return True


SEES_A_REPORT = {"resident", "dispatcher", "verifier", "leader", "community_leader", "auditor", "admin"}
ON_THE_GROUND = {"grid_worker", "police", "assistant", "building_head"}


def test_a_report_is_seen_by_its_reporter_the_desk_and_those_on_its_ground(cast: Cast, reported: str) -> None:
    seeing = {name for name, person in cast.everybody().items() if sees(cast, person, reported)}
    assert seeing == SEES_A_REPORT | ON_THE_GROUND


def test_once_sent_the_body_sees_it_too_and_no_other_body(cast: Cast, reported: str) -> None:
    cast.dispatched(reported)
    seeing = {name for name, person in cast.everybody().items() if sees(cast, person, reported)}
    assert seeing == SEES_A_REPORT | ON_THE_GROUND | {"property_handler"}


def test_a_report_without_a_grid_is_seen_by_the_whole_community_s_staff_only(cast: Cast) -> None:
    number = cast.report(place=PlaceGiven(address="老槐树下")).number
    seeing = {name for name, person in cast.everybody().items() if sees(cast, person, number)}
    assert seeing == SEES_A_REPORT


def test_a_building_head_sees_the_building_and_nothing_beside_it(cast: Cast) -> None:
    number = cast.report(place=PlaceGiven(building_id=cast.second_building.id)).number
    assert not sees(cast, cast.building_head, number)
    assert sees(cast, cast.grid_worker, number)


def test_whoever_handles_it_sees_it_wherever_it_is(cast: Cast) -> None:
    number = cast.report(place=PlaceGiven(building_id=cast.other_building.id)).number
    assert not sees(cast, cast.grid_worker, number)
    cast.move(
        number,
        Verb.DISPATCH,
        cast.dispatcher,
        category_code="facilities.lighting",
        handler_id=cast.grid_worker.account_id,
    )
    assert sees(cast, cast.grid_worker, number)


def test_a_duty_that_ended_opens_nothing(cast: Cast, reported: str) -> None:
    grant = next(duty for duty in cast.grid_worker.account.duties.all())
    duties.end_duty(actor=SYSTEM, duty_id=grant.pk, at=AT)
    assert not sees(cast, cast.grid_worker, reported)


def test_a_duty_that_begins_tomorrow_opens_nothing_today(cast: Cast, reported: str) -> None:
    duties.grant_duty(
        actor=SYSTEM,
        account_id=cast.stranger.account_id,
        role="verifier",
        place_id=cast.place.id,
        at=AT,
        term=duties.Term(date(2026, 11, 24)),
    )
    assert not sees(cast, cast.stranger, reported)
    with cast.inside():
        assert access.find(cast.stranger.actor(AT + timedelta(days=1)), reported)


def test_the_wall_holds_when_the_code_above_it_forgets(cast: Cast, reported: str) -> None:
    """Even an actor with every grant sees nothing of a community that was not entered."""
    grants = tuple(
        replace(grant, community_id=cast.here.id) for grant in cast.elsewhere.dispatcher.actor().grants
    )
    intruder = replace(cast.elsewhere.dispatcher.actor(), grants=grants)
    with cast.inside(cast.elsewhere):
        assert not access.visible(intruder).exists()
        with pytest.raises(NotFound):
            access.find(intruder, reported)


@pytest.mark.parametrize(
    "number", ["", "1", "261123-04821", "abc", "٢٦١١٢٣٠٤٨٢١٣", "261123999999", "\x00", "9" * 5000]
)
def test_what_is_no_number_is_not_found(cast: Cast, number: str) -> None:
    with cast.inside(), pytest.raises(NotFound):
        access.find(cast.dispatcher.actor(), number)


def test_a_number_is_found_however_it_is_written(cast: Cast, reported: str) -> None:
    with cast.inside():
        for typed in (reported, f"{reported[:6]}-{reported[6:]}", f" {reported[:6]} {reported[6:]} "):
            assert access.find(cast.dispatcher.actor(), typed).number == reported


def test_nobody_sees_nothing(cast: Cast, reported: str) -> None:
    with cast.inside():
        assert not access.visible(ANONYMOUS).exists()
        assert not access.own(ANONYMOUS).exists()


def test_the_house_sees_what_it_entered(cast: Cast, reported: str) -> None:
    cast.report(community=cast.elsewhere)
    with cast.inside():
        assert [case.number for case in access.visible(SYSTEM)] == [reported]
    assert not access.visible(SYSTEM).exists()


def test_the_workbench_shows_only_where_one_serves(cast: Cast, reported: str) -> None:
    with cast.inside():
        assert not access.staff_view(cast.resident.actor()).exists()
        assert access.staff_view(cast.dispatcher.actor()).exists()


def test_only_settled_cases_with_consent_are_public(cast: Cast) -> None:
    agreed, not_agreed = cast.report(publish=True, key="1").number, cast.report(key="2").number
    waiting = cast.report(publish=True, key="3").number
    for number in (agreed, not_agreed):
        cast.settled(number)
    with cast.inside():
        assert [case.number for case in access.published(cast.here.id)] == [agreed]
    assert waiting


@pytest.mark.parametrize(
    ("who", "is_to_it"),
    [
        ("resident", {REPORTER}),
        ("neighbour", set()),
        ("property_handler", {"property_handler", RESPONSIBLE}),
        ("department_handler", {"department_handler", TASK_BODY}),
        ("grid_worker", {"grid_worker"}),
        ("other_grid_worker", set()),
        ("dispatcher", {"dispatcher"}),
    ],
)
def test_what_somebody_is_to_a_case(cast: Cast, reported: str, who: str, is_to_it: set[str]) -> None:
    cast.dispatched(reported)
    cast.move(reported, Verb.JOINT, cast.dispatcher, organisation_id=cast.department.pk, words="请配合")
    with cast.inside():
        assert access.doer(cast.here.people[who].actor(), cast.case(reported)).may == is_to_it


def test_staff_who_enter_for_a_caller_are_not_the_reporter(cast: Cast) -> None:
    number = cast.report(by=cast.dispatcher, channel=Channel.DESK).number
    with cast.inside():
        assert REPORTER not in access.doer(cast.dispatcher.actor(), cast.case(number)).may


def test_staff_who_report_something_outside_their_duty_read_it_as_residents(cast: Cast) -> None:
    """The building head of 8 reports something at 12: internal notes there are not for the head of 8."""
    number = cast.report(by=cast.building_head, place=PlaceGiven(building_id=cast.other_building.id)).number
    cast.move(number, Verb.NOTE, cast.dispatcher, note="INTERNAL")
    actor = cast.building_head.actor()
    with cast.inside():
        assert access.own(actor).filter(number=number).exists()
        assert not access.staff_view(actor).filter(number=number).exists()


def test_residents_read_no_internal_notes_names_or_requests(cast: Cast, reported: str) -> None:
    cast.dispatched(reported)
    cast.move(reported, Verb.NOTE, cast.dispatcher, note="INTERNAL")
    cast.move(reported, Verb.CONTACT, cast.property_handler, note="INTERNAL")
    with cast.inside():
        told = story.story(cast.case(reported), cast.resident.actor(), at=AT, for_resident=True)
    assert not any("INTERNAL" in (entry.note + entry.answer) for entry in told.entries)
    assert {entry.who for entry in told.entries} == {""}
    assert "note" not in {entry.verb for entry in told.entries}
    assert told.waiting is None


def test_a_member_of_two_communities_sees_each_by_its_own_right(cast: Cast, reported: str) -> None:
    ground.join(cast.dispatcher.actor(), cast.elsewhere.building, at=AT)
    there = cast.report(community=cast.elsewhere).number
    assert sees(cast, cast.dispatcher, reported)
    assert not sees(cast, cast.dispatcher, there)
