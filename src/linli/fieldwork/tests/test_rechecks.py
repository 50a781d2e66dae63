"""A week is drawn, somebody else goes, the worker answers, a second person looks, the leader decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from linli.cases.tests.cast import Person, sign_in
from linli.fieldwork import words_diary
from linli.fieldwork.actions import diary, recheck_sweeps, rechecks, services
from linli.fieldwork.models import Draw, DrawSeed, Recheck, Visit
from linli.fieldwork.queries import diary as days
from linli.fieldwork.queries import rechecks as queries
from linli.fieldwork.queries import records, records_of
from linli.fieldwork.rules.rechecks import Found, State, state
from linli.fieldwork.rules.services import Given
from linli.grids import queries as grids
from linli.grids.tests.conftest import Ground
from linli.kernel import scope
from linli.kernel.access import Actor, NotFound
from linli.kernel.models import AccessLog
from linli.kernel.refusals import Refused
from linli.training.actions import taking
from linli.training.tests.test_doors import answers

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
WORDS = "帮忙把自家做的干辣椒上架到网店，教了怎么回复买家的问题。"


@dataclass
class Cast:
    """A worker with five records of the last week, colleagues of another grid, the leader."""

    worker: Actor
    mate: Actor
    others: list[Actor]
    leader: Actor
    community_id: int
    at: datetime

    def drawn(self) -> Recheck:
        """The week's draw; a re-visit aimed by its words."""
        rechecks.draw_week(self.community_id, MONDAY, self.at)
        return Recheck.objects.order_by("id")[0]

    def who(self, account_id: int | None) -> Actor:
        return next(one for one in (*self.others, self.mate, self.leader) if one.account_id == account_id)


@pytest.fixture
def cast(ground: Ground, staff: Callable[..., Actor], at: datetime) -> Cast:
    grid, other = ground.at("1001"), ground.at("1002")
    worker, mate = staff("grid_worker", grid), staff("assistant", grid)
    others = [staff("grid_worker", other), staff("assistant", other)]
    leader = staff("community_leader", ground.luxing)
    doors = grids.subtree(grid.path, "dwelling")
    for n in range(5):
        when = datetime(2026, 11, 18 + n % 3, 2, 10 * n, tzinfo=at.tzinfo)
        given = Given("e_commerce", WORDS, when, dwelling_id=doors[n].id)
        services.give(actor=worker, grid_id=grid.id, given=given, key=uuid4(), at=when + timedelta(minutes=5))
    scope.enter([ground.luxing.id])
    return Cast(worker, mate, others, leader, ground.luxing.id, at)


def test_a_week_is_drawn_once_and_can_be_drawn_again_from_its_seed(cast: Cast) -> None:
    draw = rechecks.draw_week(cast.community_id, MONDAY, cast.at)
    assert draw is not None
    assert rechecks.draw_week(cast.community_id, MONDAY, cast.at) in (None, draw)
    assert Draw.objects.count() == 1
    assert records_of.repeats(draw)
    assert {row.drawn for row in Recheck.objects.all()} == {"random", "signal"}
    assert {row.visitor_id for row in Recheck.objects.all()} <= {one.account_id for one in cast.others}
    DrawSeed.objects.filter(pk=draw.seed_id).update(seed="another")
    assert not records_of.repeats(Draw.objects.get(pk=draw.pk))


def test_what_is_right_ends_at_once_and_the_worker_is_never_told_of_the_draw(cast: Cast) -> None:
    row = cast.drawn()
    with pytest.raises(NotFound):
        rechecks.reply(
            actor=cast.worker, recheck_id=row.pk, admitted=False, words="我去过的，真的", at=cast.at
        )
    rechecks.report(actor=cast.who(row.visitor_id), recheck_id=row.pk, found=Found.TRUE, words="", at=cast.at)
    row.refresh_from_db()
    assert (row.outcome, row.decided_at) == ("true", cast.at)


def test_false_takes_a_finding_an_answer_a_second_finding_and_a_decision(cast: Cast) -> None:
    row = cast.drawn()
    first = cast.who(row.visitor_id)
    for stranger in (cast.worker, cast.mate, *[one for one in cast.others if one is not first]):
        with pytest.raises(NotFound):
            rechecks.report(
                actor=stranger, recheck_id=row.pk, found=Found.FALSE, words="无人来过此户", at=cast.at
            )
    rechecks.report(actor=first, recheck_id=row.pk, found=Found.FALSE, words="户主说没有人来过", at=cast.at)
    decide = {"recheck_id": row.pk, "outcome": Found.FALSE, "reason": "两次复访都说没有", "at": cast.at}
    with pytest.raises(Refused, match="not_yet"):
        rechecks.decide(actor=cast.leader, **decide)  # type: ignore[arg-type]  # one mapping
    rechecks.reply(actor=cast.worker, recheck_id=row.pk, admitted=False, words="当时是她女儿在家", at=cast.at)
    row.refresh_from_db()
    assert row.again_visitor_id not in (None, row.visitor_id, row.worker_id)
    with pytest.raises(Refused, match="not_yet"):
        rechecks.decide(actor=cast.leader, **decide)  # type: ignore[arg-type]  # as above
    second = cast.who(row.again_visitor_id)
    rechecks.report(actor=second, recheck_id=row.pk, found=Found.FALSE, words="女儿也说没有见过", at=cast.at)
    with pytest.raises(NotFound):
        rechecks.decide(actor=first, **decide)  # type: ignore[arg-type]  # as above
    rechecks.decide(actor=cast.leader, **decide)  # type: ignore[arg-type]  # as above
    outcomes = [
        one.outcome for one in records.rechecks(cast.community_id, row.record_at, cast.at) if one.id == row.pk
    ]
    assert outcomes == ["false"]
    assert sum(rate.false for rate in queries.rates(cast.community_id, cast.at - timedelta(days=1))) == 1


def test_the_second_finding_can_clear_the_worker(cast: Cast) -> None:
    row = cast.drawn()
    rechecks.report(
        actor=cast.who(row.visitor_id),
        recheck_id=row.pk,
        found=Found.FALSE,
        words="户主说没有人来过",
        at=cast.at,
    )
    later = cast.at + timedelta(days=20)
    recheck_sweeps.send_again(later)
    scope.enter([cast.community_id])
    row.refresh_from_db()
    assert state(records_of.standing(row), grids.day_of(later)) is State.TO_VISIT_AGAIN
    rechecks.report(
        actor=cast.who(row.again_visitor_id),
        recheck_id=row.pk,
        found=Found.TRUE,
        words="女儿记得，来过",
        at=later,
    )
    with pytest.raises(Refused, match="not_found_twice"):
        rechecks.decide(
            actor=cast.leader, recheck_id=row.pk, outcome=Found.FALSE, reason="我觉得是假的", at=later
        )
    rechecks.decide(actor=cast.leader, recheck_id=row.pk, outcome=Found.TRUE, reason="第二次已核实", at=later)
    row.refresh_from_db()
    assert row.outcome == "true"


def test_the_tables_themselves_refuse_a_false_that_is_not_proven(cast: Cast) -> None:
    row = cast.drawn()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recheck.objects.filter(pk=row.pk).update(
            outcome="false", found="false", decided_by=cast.leader.account_id, decided_at=cast.at
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Recheck.objects.filter(pk=row.pk).update(visitor_id=row.worker_id)


def test_the_leader_sends_somebody_else_but_nobody_of_the_same_team(cast: Cast) -> None:
    row = cast.drawn()
    other = next(one for one in cast.others if one.account_id != row.visitor_id)
    with pytest.raises(Refused, match="not_able"):
        rechecks.assign(actor=cast.leader, recheck_id=row.pk, visitor_id=cast.mate.person_id, at=cast.at)
    rechecks.assign(actor=cast.leader, recheck_id=row.pk, visitor_id=other.person_id, at=cast.at)
    row.refresh_from_db()
    assert row.visitor_id == other.account_id


def test_the_hourly_sweep_draws_last_week_and_seeds_this_one(cast: Cast) -> None:
    assert recheck_sweeps.sweep(cast.at) >= 1
    assert recheck_sweeps.sweep(cast.at) == 0
    scope.enter([cast.community_id])
    assert DrawSeed.objects.filter(community_id=cast.community_id, period_date=date(2026, 11, 23)).exists()


def test_each_page_shows_its_own_part_alone(cast: Cast) -> None:
    row = cast.drawn()
    first, leader, worker = (
        sign_in(Client(), Person(one.person_id, one.name, ""))
        for one in (cast.who(row.visitor_id), cast.leader, cast.worker)
    )
    page = first.get(f"/desk/rechecks/{row.pk}/").content.decode()
    assert WORDS not in page
    assert leader.get(f"/desk/rechecks/{row.pk}/decide/").status_code == 200
    assert leader.get("/desk/rechecks/?view=all").status_code == 200
    assert worker.get(f"/desk/rechecks/mine/{row.pk}/").status_code == 404
    assert worker.get(f"/desk/rechecks/{row.pk}/decide/").status_code in (403, 404)
    sent = first.post(f"/desk/rechecks/{row.pk}/", {"found": "mistaken", "words": "是隔壁那一户，门牌记错了"})
    assert sent.status_code == 302
    told = worker.get(f"/desk/rechecks/mine/{row.pk}/")
    assert "门牌记错了" in told.content.decode()
    answered = worker.post(f"/desk/rechecks/mine/{row.pk}/", {"agrees": "yes", "words": "是我写错了门牌号"})
    assert answered.status_code == 302
    decided = leader.post(
        f"/desk/rechecks/{row.pk}/decide/",
        {"form": "decide", "outcome": "mistaken", "reason": "门牌写错，已更正"},
    )
    assert decided.status_code == 302
    assert "门牌写错，已更正" in worker.get(f"/desk/rechecks/mine/{row.pk}/").content.decode()


def test_the_diary_writes_itself_and_names_what_was_copied(cast: Cast) -> None:
    day = date(2026, 11, 18)
    found = days.items(cast.community_id, cast.worker.person_id, day, "zh-hans")
    assert {item.what for item in found} == {"service:e_commerce"}
    english = days.items(cast.community_id, cast.worker.person_id, day, "en")
    assert all(item.place.isascii() and item.place for item in english)
    row = taking.begin_test(
        actor=cast.worker, community_id=cast.community_id, code="data-literacy", at=cast.at, seed=3
    )
    sent = {"actor": cast.worker, "attempt_id": row.pk, "typed": answers(row), "at": cast.at}
    assert taking.hand_in(**sent).passed  # type: ignore[arg-type]  # one mapping
    today = grids.day_of(cast.at)
    (passed,) = days.items(cast.community_id, cast.worker.person_id, today, "zh-hans")
    assert passed.what == "course:data-literacy"
    assert words_diary.of_item(passed, {}, {"data-literacy": "数据素养"}).endswith("数据素养")
    assert not days.items(cast.community_id, cast.mate.person_id, today, "zh-hans")
    worker = sign_in(Client(), Person(cast.worker.person_id, cast.worker.name, ""))
    assert "通过课程考核：数据素养" in worker.get(f"/desk/diary/?day={today}").content.decode()
    add = {
        "actor": cast.worker,
        "community_id": cast.community_id,
        "kind": "visit",
        "words": WORDS,
        "at": cast.at,
    }
    diary.add(day=today - timedelta(days=1), key=uuid4(), **add)  # type: ignore[arg-type]  # one mapping
    with pytest.raises(Refused, match="copied"):
        diary.add(day=today, key=uuid4(), **add)  # type: ignore[arg-type]  # as above
    kept = days.notes(cast.community_id, cast.worker.person_id, today - timedelta(days=1))
    with pytest.raises(NotFound):
        diary.strike(actor=cast.mate, note_id=kept[0].id, at=cast.at)
    diary.strike(actor=cast.worker, note_id=kept[0].id, at=cast.at)
    assert not days.notes(cast.community_id, cast.worker.person_id, today - timedelta(days=1))


def test_the_words_of_a_visit_are_read_on_asking_alone_and_who_lives_there_sees_it(cast: Cast) -> None:
    row = cast.drawn()
    assert row.grid_id is not None
    home = grids.subtree(grids.places([cast.community_id])[cast.community_id].path, "dwelling")[0]
    visit = Visit.objects.create(
        community_id=cast.community_id, key=uuid4(), dwelling_id=home.id, grid_id=row.grid_id, worker_id=row.worker_id,
        purpose="care", outcome="met", words=WORDS, at=row.record_at, made_at=row.record_at,
    )  # fmt: skip
    Recheck.objects.filter(pk=row.pk).update(record="visit", record_id=visit.pk, found="mistaken")
    leader, worker = (
        sign_in(Client(), Person(one.person_id, one.name, "")) for one in (cast.leader, cast.worker)
    )
    for browser, address in (
        (leader, f"/desk/rechecks/{row.pk}/decide/"),
        (worker, f"/desk/rechecks/mine/{row.pk}/"),
    ):
        before = AccessLog.objects.filter(subject=f"household:{home.id}").count()
        assert WORDS not in browser.get(address).content.decode()
        assert AccessLog.objects.filter(subject=f"household:{home.id}").count() == before
        asked = browser.post(address, {"form": "words"})
        assert (asked.status_code, WORDS in asked.content.decode()) == (200, True)
        assert AccessLog.objects.filter(subject=f"household:{home.id}").count() > before
    stranger = sign_in(Client(), Person(cast.mate.person_id, cast.mate.name, ""))
    assert stranger.post(f"/desk/rechecks/mine/{row.pk}/", {"form": "words"}).status_code == 404
