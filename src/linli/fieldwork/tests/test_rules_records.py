"""Services, diary and re-visits: what may be, and what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from linli.fieldwork.rules import diary, rechecks, services, simulation
from linli.fieldwork.rules.rechecks import Found, Standing, State
from linli.fieldwork.rules.services import Answer, Given, Kind
from linli.fieldwork.rules.services import Standing as Service
from linli.fieldwork.rules.simulation import HONEST
from linli.fieldwork.rules.simulation import Kind as Worker

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
GOOD = Given("e_commerce", "帮忙把干货上架", NOW - timedelta(hours=1), dwelling_id=5)


def faults(given: Given) -> set[tuple[str, str]]:
    found = services.wrong_given(
        given, allowed=services.kinds([], TODAY), at=NOW, is_phone=lambda phone: len(phone) == 11
    )
    return {(one.field, one.code) for one in found}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (replace(GOOD, kind="nothing"), ("kind", "no_such_kind")),
        (replace(GOOD, words="  "), ("words", "missing")),
        (replace(GOOD, words="长" * 501), ("words", "too_long")),
        (replace(GOOD, dwelling_id=None), ("dwelling", "door_or_phone")),
        (replace(GOOD, phone="13812345678"), ("dwelling", "door_or_phone")),
        (replace(GOOD, dwelling_id=None, phone="123"), ("phone", "no_phone")),
        (replace(GOOD, at=NOW + timedelta(minutes=1)), ("at", "in_the_future")),
        (replace(GOOD, at=NOW - timedelta(days=8)), ("at", "too_long_ago")),
    ],
)
def test_each_fault_of_a_service_is_named(given: Given, fault: tuple[str, str]) -> None:
    assert faults(GOOD) == set()
    assert fault in faults(given)


def test_unconfirmed_never_counts_as_confirmed() -> None:
    assert services.state(Service()) is services.State.UNCONFIRMED
    assert services.state(Service(answer=Answer.YES)) is services.State.CONFIRMED
    assert services.state(Service(answer=Answer.NO)) is services.State.DENIED
    assert services.state(Service(withdrawn=True, answer=Answer.YES)) is services.State.WITHDRAWN


def test_a_community_renames_ends_and_adds_kinds_from_a_day_on() -> None:
    own = [
        Kind("e_commerce", "网上卖菜", "Sell", date(2026, 12, 1)),
        Kind("escort", "陪同", "Along", date(2026, 1, 1), date(2026, 6, 1)),
        Kind("choir", "合唱", "Choir", date(2026, 1, 1)),
    ]
    held = services.kinds(own, TODAY)
    assert held["e_commerce"].name_zh == "帮助居民开展电商"
    assert services.kinds(own, date(2026, 12, 1))["e_commerce"].name_zh == "网上卖菜"
    assert "escort" not in held
    assert "choir" in held


@pytest.mark.parametrize(
    ("typed", "code"), [("12 34-56", "123456"), ("\uff11\uff12\uff13456", "123456"), ("12345", ""), ("", "")]
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert services.plain_code(typed) == code


def test_yesterdays_words_are_named_and_short_ones_are_not() -> None:
    yesterday = TODAY - timedelta(days=1)
    words = "上午巡查三栋楼道，提醒两户移走电动车，下午去看王爷爷。"
    earlier = [diary.Note(yesterday, words), diary.Note(yesterday, "一切正常")]
    assert diary.copied_from(words.replace("三栋", "四栋"), earlier) == yesterday
    assert diary.copied_from("一切正常", earlier) is None
    assert diary.copied_from("下午陪李师傅去医院取药，路上说起加装电梯的事。", earlier) is None
    found = diary.wrong_note(words, "patrol", TODAY, today=TODAY, earlier=earlier)
    assert [(one.code, one.limit) for one in found] == [("copied", "2026-11-22")]


OPEN = Standing(worker_id=1, visitor_id=2, found=Found.FALSE, answer_until=TODAY)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(1, 2), State.TO_VISIT),
        (OPEN, State.TO_ANSWER),
        (replace(OPEN, answer_until=TODAY - timedelta(days=1)), State.TO_VISIT_AGAIN),
        (replace(OPEN, answered=True), State.TO_VISIT_AGAIN),
        (replace(OPEN, answered=True, admitted=True), State.TO_DECIDE),
        (replace(OPEN, answered=True, found_again=Found.TRUE), State.TO_DECIDE),
        (replace(OPEN, found=Found.MISTAKEN, answered=True), State.TO_DECIDE),
        (replace(OPEN, over=True), State.OVER),
    ],
)
def test_the_worker_answers_first_and_a_second_person_looks_at_what_is_disputed(
    standing: Standing, state: State
) -> None:
    assert rechecks.state(standing, TODAY) is state


@pytest.mark.parametrize(
    ("change", "decider", "why"),
    [
        ({"found_again": Found.FALSE}, 9, ""),
        ({"admitted": True}, 9, ""),
        ({"found_again": Found.TRUE}, 9, "not_found_twice"),
        ({"found": Found.MISTAKEN}, 9, "not_found_false"),
        ({"found_again": Found.FALSE}, 1, "your_own"),
        ({"found_again": Found.FALSE}, 2, "you_were_there"),
        ({"found_again": Found.FALSE}, 3, "you_were_there"),
        ({"found_again": Found.FALSE, "visitor_id": 1}, 9, "nobody_was_there"),
        ({}, 9, "not_yet"),
    ],
)
def test_false_needs_two_who_were_there_or_the_worker_and_a_third_who_decides(
    change: dict[str, object], decider: int, why: str
) -> None:
    standing = replace(OPEN, answered=True, again_visitor_id=3, **change)  # type: ignore[arg-type]  # fields
    assert rechecks.why_not_decide(standing, decider, Found.FALSE, TODAY) == why


def test_falsifiers_are_caught_and_no_honest_outlier_is_punished() -> None:
    found = simulation.many(range(6), terms=simulation.Terms(weeks=6))
    for kind in (Worker.COPIER, Worker.SITTER, Worker.PICTURES, Worker.COUNTER):
        assert found[kind].workers_proven == found[kind].workers, kind
    assert sum(found[kind].proven for kind in HONEST) == 0
    twice, honest = found[Worker.TWICE], found[Worker.HONEST]
    assert twice.aimed / twice.records <= 0.01
    assert honest.aimed / honest.records <= 0.01


def test_who_hides_every_pattern_is_found_by_lot_alone() -> None:
    found = simulation.many(range(4), terms=simulation.Terms(weeks=13))
    careful = found[Worker.CAREFUL]
    assert careful.workers_proven >= 2
    assert careful.aimed <= careful.records / 100
