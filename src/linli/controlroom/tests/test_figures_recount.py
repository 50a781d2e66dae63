"""Over random lives of cases every figure is what a plain recount says, in every breakdown, under any definition."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from linli.cases.actions import moves
from linli.cases.models import CallBack, Case
from linli.cases.rules.intake import Refused
from linli.cases.rules.kinds import Kind
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.controlroom.actions import exclusions
from linli.controlroom.models import DefinitionRow
from linli.controlroom.queries import figures as asking
from linli.controlroom.queries.behind import behind
from linli.controlroom.rules import definitions
from linli.controlroom.rules.catalog import CATALOG, Of, Spec
from linli.controlroom.rules.definitions import (
    LEAVABLE,
    RATES,
    SHIPPED,
    CountedOn,
    Definition,
    Handling,
    Owner,
    Source,
)
from linli.controlroom.rules.figures import IN_TIME, By, Part, Period, bucket, buckets
from linli.controlroom.tests import naive_count
from linli.kernel.access import Forbidden
from linli.kernel.clock import LOCAL

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
START = AT - timedelta(days=20)
KINDS = (Kind.HELP, Kind.COMPLAINT, Kind.INQUIRY, Kind.PRAISE)
ANSWER = "已经处理完毕，居民现场确认。"


def live(cast: Cast, rng: random.Random, number: str, steps: int) -> None:
    """Some moves in the life of a case, whatever its state allows, by whom the moves are for."""
    at = cast.case(number).reported_at
    for _ in range(steps):
        at += timedelta(hours=rng.choice([1, 5, 20, 60]))
        if at > AT:
            return
        choices = _choices(cast, rng, cast.case(number), at)
        if choices:
            person, given = rng.choice(choices)
            try:
                cast.move(number, given.pop("verb"), person, at=at, **given)
            except (Forbidden, moves.Conflict, Refused):
                continue  # the house knows better than this test what is allowed; another move follows


def _choices(cast: Cast, rng: random.Random, case: Case, at: Any) -> list[tuple[Person, dict[str, Any]]]:
    bodies = {cast.property_company.pk: cast.property_handler, cast.department.pk: cast.department_handler}
    theirs = bodies.get(case.organisation_id or 0, cast.property_handler)
    sending = {
        "verb": Verb.DISPATCH,
        "category_code": rng.choice(["facilities.lighting", "property.lift"]),
        "organisation_id": rng.choice(list(bodies)),
    }
    ruling = rng.choice(["upheld", "overruled"])
    handled = {"verb": Verb.HANDLED, "answer": ANSWER}
    reached: dict[str, Any] = {"solved": rng.random() < 0.7, "stars": rng.randint(1, 5), "reached": True}
    call: dict[str, Any] = rng.choice([{"reached": False, "reason": "wrong_number"}, reached])
    rated = {"verb": Verb.RATE, "solved": rng.random() < 0.7, "stars": rng.randint(1, 5)}
    by_state: dict[str, list[tuple[Person, dict[str, Any]]]] = {
        "reported": [
            (cast.dispatcher, sending), (cast.dispatcher, sending),
            (cast.dispatcher, {"verb": Verb.ACCEPT, "category_code": "environment.garbage"}),
            (cast.dispatcher, {"verb": Verb.DECLINE, "reason": "no_fact", "answer": ANSWER}),
            (cast.dispatcher, {"verb": Verb.REPLY, "answer": ANSWER}), (cast.resident, {"verb": Verb.WITHDRAW}),
        ],
        "accepted": [(cast.dispatcher, sending), (cast.leader, {"verb": Verb.VOID, "reason": "test", "note": "误录"})],
        "dispatched": [
            (theirs, {"verb": Verb.SIGN}), (theirs, {"verb": Verb.SIGN}),
            (theirs, {"verb": Verb.RETURN, "reason": "wrong_place", "note": "不归我们"}),
            (cast.resident, {"verb": Verb.URGE}),
        ],
        "returned": [(cast.dispatcher, {"verb": Verb.RULE, "ruling": ruling, "note": "按职责清单"})],
        "ruled": [(cast.dispatcher, sending)],
        "reopened": [(cast.dispatcher, sending), (cast.dispatcher, {"verb": Verb.REPLY, "answer": ANSWER})],
        "signed": [
            (theirs, {"verb": Verb.CONTACT, "note": "已电话联系"}), (theirs, handled), (theirs, handled),
            (cast.leader, {"verb": Verb.SUPERVISE, "until": at + timedelta(days=3), "note": "限期办结"}),
            (cast.dispatcher, {"verb": Verb.JOINT, "organisation_id": cast.committee.pk, "words": "请配合疏导"}),
        ],
        "handling": [(theirs, handled)],
        "handled": [
            (cast.verifier, {"verb": Verb.CLOSE, "answer": ANSWER}),
            (cast.verifier, {"verb": Verb.CLOSE, "answer": ANSWER}),
            (cast.verifier, {"verb": Verb.REDO, "reason": "not_done", "note": "没有修好"}),
        ],
        "closed": [
            (cast.dispatcher, {"verb": Verb.FOLLOW_UP, **call}), (cast.resident, rated),
            (cast.resident, {"verb": Verb.REOPEN, "reason": "came_back", "words": "又坏了"}),
            (cast.leader, {"verb": Verb.ARCHIVE}),
        ],
        "followed_up": [(cast.resident, rated), (cast.resident, {"verb": Verb.REOPEN, "reason": "not_solved"})],
        "declined": [(cast.leader, {"verb": Verb.ARCHIVE}), (cast.dispatcher, {"verb": Verb.REOPEN, "reason": "other"})],
    }  # fmt: skip
    found = by_state.get(case.state, [])
    for person, given in found:
        if given["verb"] is Verb.HANDLED:
            given["uploads"] = (cast.picture(person, at=at),)
    return found


def community(cast: Cast, seed: int, cases: int = 22) -> None:
    """A community with a past."""
    rng = random.Random(seed)
    numbers = []
    for place in range(cases):
        at = START + timedelta(hours=rng.randrange(24 * 20))
        receipt = cast.report(f"第 {place} 件：路灯不亮", at=at, limited=False, kind=rng.choice(KINDS))
        numbers.append(receipt.number)
        live(cast, rng, receipt.number, rng.randrange(10))
    with cast.inside():
        for call in CallBack.objects.filter(state="open", last=True).order_by("pk")[::3]:
            call.state, call.outcome, call.called_at = "done", "no_contact", call.closed_at  # left no number
            call.save()
        for number in rng.sample(numbers, 5):
            codes = rng.choice([(), ("solved_rate",), ("response_rate", "on_time_rate")])
            clerk, leader = cast.dispatcher.actor(), cast.leader.actor()
            asked = exclusions.ask(
                actor=clerk, number=number, codes=codes, reason="force_majeure", why="停电两天", at=AT
            )
            if rng.random() < 0.8:
                exclusions.decide(
                    actor=leader, exclusion_id=asked.pk, granted=rng.random() < 0.8, answer="属实同意", at=AT
                )
            if rng.random() < 0.3:
                exclusions.lift(actor=leader, exclusion_id=asked.pk, at=AT) if _holds(asked) else None


def _holds(asked: Any) -> bool:
    asked.refresh_from_db()
    return asked.granted is not False


def a_definition(rng: random.Random, code: str) -> Definition:
    """Any definition that may hold."""
    said: dict[str, Any] = {
        "counted_on": rng.choice(list(CountedOn)),
        "promises": rng.sample(definitions.PROMISES, rng.randint(1, 3)),
        "leave_out": rng.sample(LEAVABLE, rng.randint(0, len(LEAVABLE))),
        "approved_out": rng.random() < 0.7,
        "unreachable": rng.choice(list(Handling)),
        "silent": rng.choice(list(Handling)),
        "source": rng.choice(list(Source)),
        "stars": rng.randint(1, 5),
        "window_days": rng.choice([1, 5, 90]),
        "owner": rng.choice(list(Owner)),
    }
    return definitions.from_plain(code, said, id="trial")


PERIOD = Period("days", START + timedelta(days=4), AT - timedelta(days=2))


def _of_group(
    by: str, spec: Spec, one: Definition | None, key: str, period: Period
) -> Callable[[naive_count.Seen], bool]:
    """Whether a case belongs to a group of the breakdown."""
    if by in IN_TIME:
        return lambda seen: spec.of is not Of.OPEN or naive_count.inside(seen.case.reported_at, period)
    if not by:
        return lambda _seen: True
    of = naive_count.groups(By(by), spec, one, period)
    return lambda seen: key in of(seen)


def same(cast: Cast, spec: Spec, one: Definition | None, all_: list[naive_count.Seen]) -> None:
    """The figure and its rows, whole and broken down, are what the recount says."""
    for by in ("", *By):
        trial = one if spec.code in SHIPPED else None
        found = asking.figures(
            [spec.code], community_id=cast.here.id, period=PERIOD, at=AT, by=by, trial=trial
        )
        if by in {"organisation", "category", "grid"}:
            of = naive_count.groups(By(by), spec, one, PERIOD)
            looked_at = [seen for seen in all_ if naive_count.belongs(spec, one, seen, PERIOD)]
            assert {figure.group for figure in found} == {key for seen in looked_at for key in of(seen)}
        for figure in found:
            period = bucket(PERIOD, By(by), figure.group, LOCAL) if by in IN_TIME else PERIOD
            of_group = _of_group(by, spec, one, figure.group, period)
            told = naive_count.count(spec, one, all_, period, AT, of_group)
            for part in Part:
                assert getattr(figure, part.value) == len(getattr(told, part.value)), (
                    spec.code,
                    by,
                    figure,
                    part,
                    one,
                )
            assert figure.value == pytest.approx(naive_count.value(spec, told)), (spec.code, by, figure)
            assert sum(count for _, count in figure.reasons) == figure.excluded


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_a_plain_recount_says(cast: Cast, seed: int) -> None:
    community(cast, seed)
    rng = random.Random(seed * 7 + 1)
    with cast.inside():
        all_ = naive_count.everything(cast.here.id)
        assert len({seen.case.state for seen in all_}) >= 6, (
            "the community has not lived enough to be counted"
        )
        for spec in CATALOG.values():
            if spec.of is Of.SCORE:
                continue
            for one in [
                SHIPPED.get(spec.code),
                *([a_definition(rng, spec.code)] if spec.code in SHIPPED else []),
            ]:
                same(cast, spec, one, all_)


@pytest.mark.parametrize("seed", [10])
def test_the_rows_of_every_part_are_the_cases_of_the_recount(cast: Cast, seed: int) -> None:
    community(cast, seed)
    with cast.inside():
        all_ = naive_count.everything(cast.here.id)
        for spec in CATALOG.values():
            if spec.of is Of.SCORE:
                continue
            told = naive_count.count(spec, SHIPPED.get(spec.code), all_, PERIOD, AT, lambda _: True)
            for part in Part:
                assert behind_part(cast, spec.code, part) == (
                    set() if part is Part.EXCLUDED and spec.counts else getattr(told, part.value)
                ), (spec.code, part)


def behind_part(cast: Cast, code: str, part: Part, **more: str) -> set[str]:
    """The numbers of the cases behind a part; that they are as many as is said."""
    found = behind(code, part.value, community_id=cast.here.id, period=PERIOD, at=AT, **more)
    numbers = set(found.rows().values_list("number", flat=True))
    assert found.number() == len(numbers), (code, part)
    return numbers


@pytest.mark.parametrize("mixed", [False, True])
def test_behind_the_score_stand_the_cases_of_its_three_rates(cast: Cast, mixed: bool) -> None:
    """Also where the three look at other cases each, and those of a body alone."""
    community(cast, 11)
    with cast.inside():
        if mixed:
            says = {"counted_on": CountedOn.SETTLED.value, "owner": Owner.FIRST.value}
            own = {"community_id": cast.here.id, "valid_from": START.date(), "set_at": AT}
            DefinitionRow.objects.create(code="solved_rate", says=says, **own)
        bodies = Case.objects.filter(community_id=cast.here.id).values_list("organisation_id", flat=True)
        groups = [{}, *({"by": "organisation", "group": str(one)} for one in sorted({*bodies} - {None}))]
        assert len(groups) > 1
        for more in groups:
            each = [{part: behind_part(cast, code, part, **more) for part in Part} for code in RATES]
            yes = set.union(*(one[Part.NUMERATOR] for one in each))
            no = set.union(*(one[Part.DENOMINATOR] - one[Part.NUMERATOR] for one in each))
            left = set.union(*(one[Part.EXCLUDED] for one in each))
            told = {part: behind_part(cast, "three_rates_score", part, **more) for part in Part}
            assert told == {
                Part.NUMERATOR: yes - no,
                Part.DENOMINATOR: yes | no,
                Part.EXCLUDED: left - yes - no,
            }, more


@pytest.mark.parametrize("by", [By.DAY, By.WEEK, By.MONTH])
def test_the_buckets_of_a_period_fit_together(by: By) -> None:
    found = buckets(PERIOD, by, LOCAL)
    assert found[0].start == PERIOD.start
    assert found[-1].end == PERIOD.end
    assert all(one.end == two.start for one, two in zip(found, found[1:], strict=False))
