"""Letters of supervision and talks: numbered, answered, lifted, replaced, ended with the case; who hears of a rung."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.actions import moves
from linli.cases.models import Supervision
from linli.cases.queries import chasing
from linli.cases.rules.intake import Refused
from linli.cases.rules.ladder import Act
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = AT.date()


def refused(caught: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in caught.value.wrongs}


class TestLetters:
    """A supervision: its letter, its answer, its end."""

    def supervised(self, cast: Cast, **more: Any) -> str:
        number = cast.dispatched(cast.report().number).number
        cast.move(
            number, Verb.SUPERVISE, cast.leader, until=AT + 2 * DAY, note="周三前办结，每天报进度", **more
        )
        return number

    def letter(self, cast: Cast, number: str) -> Supervision:
        with cast.inside():
            return Supervision.objects.filter(case__number=number).latest("pk")

    def test_letters_are_numbered_in_the_year_by_kind(self, cast: Cast) -> None:
        first, second = self.supervised(cast), cast.dispatched(cast.report(key="b").number).number
        cast.move(second, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="办结")
        cast.move(second, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="面谈", letter="talk")
        held = [self.letter(cast, first), *Supervision.objects.none()]
        with cast.inside():
            numbers = list(Supervision.objects.order_by("pk").values_list("kind", "year", "serial"))
        assert numbers == [("letter", 2026, 1), ("letter", 2026, 2), ("talk", 2026, 1)]
        assert held[0].organisation_id == cast.property_company.pk

    def test_the_body_answers_and_the_supervisor_lifts(self, cast: Cast) -> None:
        number = self.supervised(cast, supervisor_id=cast.verifier.account_id)
        case = cast.case(number)
        assert (case.supervised_until, case.supervisor_id) == (AT + 2 * DAY, cast.verifier.account_id)
        cast.move(number, Verb.EXPLAIN, cast.property_handler, at=AT + HOUR, note="灯具明日到货")
        with pytest.raises(Forbidden):
            cast.move(number, Verb.LIFT, cast.property_handler, at=AT + HOUR, note="好了")
        with pytest.raises(Forbidden):
            cast.move(number, Verb.LIFT, cast.dispatcher, at=AT + HOUR, note="好了")
        after = cast.move(number, Verb.LIFT, cast.verifier, at=AT + 2 * HOUR, note="已恢复照明")
        assert (after.supervised_until, after.supervisor_id) == (None, None)
        one = self.letter(cast, number)
        assert (one.answer, one.ended_how, one.outcome) == ("灯具明日到货", "lifted", "已恢复照明")
        with pytest.raises(moves.Conflict, match="not_supervised"):
            cast.move(number, Verb.LIFT, cast.leader, at=AT + 3 * HOUR, note="再来")

    def test_a_second_letter_takes_the_place_of_the_first(self, cast: Cast) -> None:
        number = self.supervised(cast)
        cast.move(number, Verb.SUPERVISE, cast.leader, at=AT + HOUR, until=AT + 5 * DAY, note="延到周六")
        with cast.inside():
            ended = list(
                Supervision.objects.filter(case__number=number)
                .order_by("pk")
                .values_list("ended_how", flat=True)
            )
        assert ended == ["replaced", ""]
        assert cast.case(number).supervised_until == AT + 5 * DAY

    def test_it_ends_with_the_case(self, cast: Cast) -> None:
        number = self.supervised(cast)
        cast.move(number, Verb.VOID, cast.leader, at=AT + HOUR, reason="test", note="误报")
        assert cast.case(number).supervised_until is None
        assert self.letter(cast, number).ended_how == "settled"

    @pytest.mark.parametrize("who", ["resident", "property_handler", "auditor", "elsewhere_dispatcher"])
    def test_a_supervisor_serves_at_the_desk(self, cast: Cast, who: str) -> None:
        number = cast.dispatched(cast.report().number).number
        with pytest.raises(Refused) as caught:
            cast.move(
                number, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="办结",
                supervisor_id=cast.everybody()[who].account_id,
            )  # fmt: skip
        assert refused(caught) == {("supervisor_id", "not_at_the_desk")}

    def test_only_the_leader_opens_one_and_not_for_too_long(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        for person in (cast.dispatcher, cast.verifier, cast.property_handler):
            with pytest.raises(Forbidden):
                cast.move(number, Verb.SUPERVISE, person, until=AT + DAY, note="办结")
        with pytest.raises(Refused) as caught:
            cast.move(number, Verb.SUPERVISE, cast.leader, until=AT + 200 * DAY, note="办结")
        assert refused(caught) == {("until", "too_far")}
        with pytest.raises(NotFound):
            cast.move(number, Verb.SUPERVISE, cast.elsewhere.people["leader"], until=AT + DAY, note="办结")

    def test_who_hears_of_a_rung(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        case = cast.case(number)
        with cast.inside():
            assert chasing.told_by(Act.TELL_LEADER, case, TODAY) == {cast.leader.account_id}
            assert chasing.told_by(Act.REMIND, case, TODAY) == {cast.property_handler.account_id}
            assert chasing.told_by(Act.TELL_BODY, case, TODAY) == {cast.property_handler.account_id}
            assert cast.leader.account_id in chasing.told_by(Act.TALK, case, TODAY)
