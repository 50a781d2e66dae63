"""Repeat problems from cases, and the lasting fixes they are tied to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.refusals import Outdated
from linli.triage import queries
from linli.triage.actions import fixes, working_out
from linli.triage.actions.fixes import Sheet
from linli.triage.models import FixCase, LastingFix, Repeat
from linli.triage.queries import RepeatProblem


def comes_back(cast: Cast, times: int = 3) -> list[str]:
    """The lamp of building 8, settled and dark again, every ten days; the last time it is open."""
    made = []
    for n in range(times):
        at = AT + timedelta(days=10 * n)
        who = (cast.resident, cast.neighbour)[n % 2]
        number = cast.report("8 栋的灯又不亮了", by=who, key=f"back{n}", at=at, limited=False).number
        if n < times - 1:
            cast.settled(number, at=at)
        else:
            cast.dispatched(number, at=at)
        made.append(number)
    return made


def run(cast: Cast, *, days: float = 40) -> None:
    assert working_out.work_out(community_id=cast.here.id, at=AT + timedelta(days=days)) is not None


def found(cast: Cast, **more: Any) -> tuple[RepeatProblem, ...]:
    with cast.inside():
        return queries.repeats(cast.here.id, at=AT + timedelta(days=60), **more)


def sheet(cast: Cast, **more: Any) -> Sheet:
    day = AT.date()
    held: dict[str, Any] = {
        "title": "换 8 栋整条线路", "plan": "拆旧线，换镀锌管，装漏电保护。", "organisation_id": cast.property_company.pk,
        "from_date": day, "until_date": day + timedelta(days=60), "budget": "维修基金 1.2 万元", **more,
    }  # fmt: skip
    return Sheet(**held)


def test_what_comes_back_is_counted_with_its_cost(cast: Cast) -> None:
    comes_back(cast)
    run(cast)
    (one,) = found(cast)
    assert (one.times, one.returns, one.residents, one.open_cases) == (3, 2, 2, 1)
    assert one.hours is not None
    assert one.hours > 0
    assert one.cost == pytest.approx(one.times * one.hours * one.residents)
    assert one.place_id == cast.building.id
    assert one.category_code == "facilities.lighting"


def test_it_keeps_its_row_when_it_comes_back_again(cast: Cast) -> None:
    made = comes_back(cast, 2)
    run(cast)
    before = found(cast)[0]
    cast.move(
        made[-1],
        Verb.RETURN,
        cast.property_handler,
        at=AT + timedelta(days=10, hours=1),
        reason="unclear_ownership",
        note="x",
    )
    more = cast.report("灯又不亮了", key="later", at=AT + timedelta(days=11), limited=False).number
    cast.dispatched(more, at=AT + timedelta(days=11))
    run(cast)
    after = found(cast)[0]
    assert after.id == before.id
    with cast.inside():
        assert Repeat.objects.get(pk=after.id).members.count() == 3


def test_it_is_over_when_its_cases_are_no_longer_one_chain(cast: Cast) -> None:
    made = comes_back(cast, 2)
    run(cast)
    cast.move(made[-1], Verb.VOID, cast.leader, at=AT + timedelta(days=12), reason="test", note="误报")
    run(cast)
    assert found(cast) == ()


def test_a_family_quarrel_is_no_repeat_problem(cast: Cast) -> None:
    for n in range(2):
        at = AT + timedelta(days=9 * n)
        number = cast.report("又在吵架", key=f"{n}", at=at, limited=False).number
        cast.move(number, Verb.ACCEPT, cast.dispatcher, at=at, category_code="family")
        cast.move(
            number, Verb.REPLY, cast.dispatcher, at=at + timedelta(hours=1), answer="已上门调解，双方和好。"
        )
    run(cast)
    assert found(cast) == ()


def test_a_fix_takes_the_cases_of_its_problem_and_those_to_come(cast: Cast) -> None:
    made = comes_back(cast)
    run(cast)
    actor = cast.dispatcher.actor()
    with cast.inside():
        fix = fixes.make(
            actor=actor, community_id=cast.here.id, sheet=sheet(cast), at=AT, repeat_id=found(cast)[0].id
        )
        assert set(fix.cases.values_list("case__number", flat=True)) == set(made)
        fixes.tie_repeat(
            actor=actor, repeat_id=found(cast)[0].id, fix_id=fix.pk, at=AT
        )  # again: nothing happens
    assert found(cast)[0].fix is not None
    assert found(cast, fixed=False) == ()
    more = cast.report("灯还是不亮", key="later", at=AT + timedelta(days=25), limited=False).number
    cast.dispatched(more, at=AT + timedelta(days=25))
    run(cast)
    with cast.inside():
        assert more in fix.cases.values_list("case__number", flat=True)


def test_a_problem_parts_from_its_fix_with_its_cases(cast: Cast) -> None:
    comes_back(cast)
    run(cast)
    with cast.inside():
        repeat_id = found(cast)[0].id
        fixes.make(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            sheet=sheet(cast),
            at=AT,
            repeat_id=repeat_id,
        )
        fixes.untie_repeat(actor=cast.leader.actor(), repeat_id=repeat_id, at=AT)
        fixes.untie_repeat(actor=cast.leader.actor(), repeat_id=repeat_id, at=AT)
        assert FixCase.objects.count() == 0
    assert found(cast)[0].fix is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 81}, "title"), ({"plan": ""}, "plan"),
        ({"plan": "电话13812345678"}, "plan"), ({"organisation_id": None}, "organisation_id"),
        ({"organisation_id": 999_999}, "organisation_id"), ({"until_date": AT.date() - timedelta(days=1)}, "until_date"),
        ({"from_date": None}, "from_date"), ({"state": "flying"}, "state"), ({"state": "done"}, "result"),
        ({"until_date": AT.date() + timedelta(days=9999)}, "until_date"),
    ],
)  # fmt: skip
def test_a_fix_says_everything_that_is_wrong_with_it(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with cast.inside(), pytest.raises(Refused) as refused:
        fixes.make(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet(cast, **wrong), at=AT)
    assert field in [one.field for one in refused.value.wrongs]
    with cast.inside():
        assert LastingFix.objects.count() == 0


def test_a_body_of_another_community_cannot_own_it(cast: Cast) -> None:
    theirs = cast.elsewhere.organisations["committee"].pk
    with cast.inside(), pytest.raises(Refused):
        fixes.make(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            sheet=sheet(cast, organisation_id=theirs),
            at=AT,
        )


def test_whoever_is_slower_learns_of_it(cast: Cast) -> None:
    actor = cast.leader.actor()
    with cast.inside():
        fix = fixes.make(actor=actor, community_id=cast.here.id, sheet=sheet(cast), at=AT)
        fixes.change(actor=actor, fix_id=fix.pk, sheet=sheet(cast, state="under_way"), at=AT, version=1)
        with pytest.raises(Outdated):
            fixes.change(actor=actor, fix_id=fix.pk, sheet=sheet(cast), at=AT, version=1)
        done = fixes.change(
            actor=actor, fix_id=fix.pk, sheet=sheet(cast, state="done", result="六月起没有再坏"), at=AT
        )
        assert done.ended_at == AT
        again = fixes.change(actor=actor, fix_id=fix.pk, sheet=sheet(cast, state="under_way"), at=AT)
        assert again.ended_at is None


def test_one_case_is_tied_by_hand_and_to_one_fix_only(cast: Cast) -> None:
    number = cast.report(key="one").number
    actor = cast.dispatcher.actor()
    with cast.inside():
        first = fixes.make(actor=actor, community_id=cast.here.id, sheet=sheet(cast), at=AT)
        second = fixes.make(actor=actor, community_id=cast.here.id, sheet=sheet(cast, title="另一个"), at=AT)
        fixes.tie_case(actor=actor, fix_id=first.pk, number=number, at=AT)
        fixes.tie_case(actor=actor, fix_id=first.pk, number=number, at=AT)
        with pytest.raises(Refused):
            fixes.tie_case(actor=actor, fix_id=second.pk, number=number, at=AT)
        with pytest.raises(Refused):
            fixes.tie_case(actor=actor, fix_id=first.pk, number="202601019999", at=AT)
        fixes.untie_case(actor=actor, fix_id=first.pk, number=number, at=AT)
        assert not first.cases.exists()
        over = fixes.change(
            actor=actor,
            fix_id=second.pk,
            sheet=replace(sheet(cast), state="given_up", result="没有钱"),
            at=AT,
        )
        with pytest.raises(Refused):
            fixes.tie_case(actor=actor, fix_id=over.pk, number=number, at=AT)


@pytest.mark.parametrize(
    ("who", "expected"), [("auditor", Forbidden), ("resident", NotFound), ("police", NotFound)]
)
def test_only_the_desk_writes_fixes(cast: Cast, who: str, expected: type[Exception]) -> None:
    with cast.inside(), pytest.raises(expected):
        fixes.make(actor=cast.everybody()[who].actor(), community_id=cast.here.id, sheet=sheet(cast), at=AT)
