"""Me too: joining, leaving, and saying whether it is solved."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases import access, access_joined
from linli.cases.actions import joining, moves, own_data
from linli.cases.actions.joining import Word
from linli.cases.models import Move, Supporter
from linli.cases.queries.story import story
from linli.cases.rules.intake import Refused
from linli.cases.rules.kinds import Kind
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person, cast, standing_cast  # noqa: F401  (fixtures)
from linli.cases.tests.joined import LATER, join, no_limits, row_of  # noqa: F401  (fixtures)
from linli.kernel import limits
from linli.kernel.access import NotFound
from linli.kernel.models import AuditEntry


class TestJoining:
    def test_a_neighbour_is_counted_once_and_gets_a_receipt(self, cast: Cast) -> None:
        number = cast.report().number
        first = join(cast, number, cast.neighbour, words="我家门口也是")
        again = join(cast, number, cast.neighbour)
        assert (first.number, first.supporters, first.again) == (number, 1, False)
        assert (again.code, again.supporters, again.again) == (first.code, 1, True)
        assert cast.case(number).supporters == 1
        assert row_of(cast, number, cast.neighbour).words == "我家门口也是"
        with cast.inside():
            assert access_joined.find_by_code(number, first.code).account_id == cast.neighbour.account_id

    def test_joining_is_written_down_and_told(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        entry = AuditEntry.objects.get(object=f"case:{number}", verb="case.join")
        assert (entry.actor_role, entry.detail) == ("supporter", {"supporters": 1})

    def test_passers_by_are_told_apart_by_their_browser_or_phone(self, cast: Cast) -> None:
        number = cast.report().number
        for person in ("a", "b", "a"):
            join(cast, number, cast.nobody, person=person)
        join(cast, number, cast.nobody, contact_phone="138 1234 5678")
        join(cast, number, cast.nobody, contact_phone="+86 13812345678")
        assert cast.case(number).supporters == 3

    def test_a_passer_by_nobody_can_tell_from_others_leaves_a_phone(self, cast: Cast) -> None:
        number = cast.report().number
        with pytest.raises(Refused):
            join(cast, number, cast.nobody)

    def test_nobody_joins_their_own_report(self, cast: Cast) -> None:
        mine = cast.report().number
        with pytest.raises(moves.Conflict, match="yours_already"):
            join(cast, mine, cast.resident)
        called = cast.report(by=cast.nobody, contact_phone="13812345678").number
        with pytest.raises(moves.Conflict, match="yours_already"):
            join(cast, called, cast.nobody, contact_phone="13812345678")

    @pytest.mark.parametrize(
        "fields",
        [
            {"words": "楼上在打老婆，天天家暴"},
            {"kind": Kind.TIP_OFF},
            {"category_code": "family"},
        ],
    )
    def test_what_is_private_cannot_be_joined_and_looks_absent(
        self, cast: Cast, fields: dict[str, Any]
    ) -> None:
        number = cast.report(**fields).number
        with pytest.raises(NotFound):
            join(cast, number, cast.neighbour)

    def test_ended_cases_and_other_communities_look_absent(self, cast: Cast) -> None:
        gone = cast.report().number
        cast.move(gone, Verb.WITHDRAW, cast.resident)
        away = cast.report(community=cast.elsewhere, by=cast.elsewhere.people["resident"]).number
        for number in (gone, away, "261123000000", "nonsense", "'; DROP TABLE", "1" * 300):
            with pytest.raises(NotFound):
                join(cast, number, cast.neighbour)

    def test_joining_a_merged_case_joins_its_head(self, cast: Cast) -> None:
        head, other = cast.report().number, cast.report(by=cast.stranger).number
        cast.move(other, Verb.MERGE, cast.dispatcher, target=head)
        assert join(cast, other, cast.neighbour).number == head
        assert cast.case(head).supporters == 2

    def test_over_the_limit_of_reports_nobody_joins(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = cast.report().number
        monkeypatch.setattr(limits, "allow", lambda what, *_who: what != "report")
        with pytest.raises(Refused) as refused:
            join(cast, number, cast.neighbour)
        assert refused.value.wrongs[0].code == "too_much_now"

    def test_one_can_leave_and_come_back(self, cast: Cast) -> None:
        number = cast.report().number
        first = join(cast, number, cast.neighbour, words="也是")
        joining.leave(actor=cast.neighbour.actor(LATER), number=number, at=LATER)
        assert cast.case(number).supporters == 0
        with pytest.raises(NotFound):
            joining.leave(actor=cast.neighbour.actor(LATER), number=number, at=LATER)
        with pytest.raises(NotFound), cast.inside():
            access_joined.find_by_code(number, first.code)
        assert join(cast, number, cast.neighbour).supporters == 1
        assert row_of(cast, number, cast.neighbour).words == ""

    def test_the_code_opens_it_and_another_does_not(self, cast: Cast) -> None:
        number = cast.report().number
        mine = join(cast, number, cast.nobody, person="a")
        joining.leave(actor=cast.nobody.actor(LATER), number=number, code=mine.code.lower(), at=LATER)
        for code in (mine.code, "0000-0000-0000-0000", ""):
            with pytest.raises(NotFound):
                joining.leave(actor=cast.nobody.actor(LATER), number=number, code=code, at=LATER)

    def test_the_reporter_cannot_withdraw_what_neighbours_wait_for(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        with pytest.raises(moves.Conflict, match="others_joined"):
            cast.move(number, Verb.WITHDRAW, cast.resident)
        joining.leave(actor=cast.neighbour.actor(LATER), number=number, at=LATER)
        assert cast.move(number, Verb.WITHDRAW, cast.resident).state == "withdrawn"

    def test_staff_keep_the_version_they_looked_at(self, cast: Cast) -> None:
        number = cast.report().number
        before = cast.case(number).version
        join(cast, number, cast.neighbour)
        assert cast.case(number).version == before


class TestTheirWord:
    def said(self, cast: Cast, number: str, by: Person, word: Word, *, at: Any = LATER) -> bool:
        return joining.say(actor=by.actor(at), row=row_of(cast, number, by), word=word, at=at)

    def test_it_is_asked_once_it_is_settled(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        with pytest.raises(moves.Conflict, match="wrong_state"):
            self.said(cast, number, cast.neighbour, Word(solved=True))
        cast.settled(number)
        self.said(
            cast, number, cast.neighbour, Word(solved=True, stars=5, words="谢谢"), at=AT + timedelta(days=1)
        )
        row = row_of(cast, number, cast.neighbour)
        assert (row.solved, row.stars, row.said) == (True, 5, "谢谢")
        assert cast.case(number).solved is None  # the reporter's own word is the reporter's

    def test_not_solved_takes_it_up_again_for_all(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        cast.settled(number)
        later = AT + timedelta(days=2)
        assert self.said(
            cast, number, cast.neighbour, Word(solved=False, again=True, words="还是黑的"), at=later
        )
        case = cast.case(number)
        assert (case.state, case.reopenings) == ("reopened", 1)
        with cast.inside():
            move = Move.objects.get(case=case, verb="reopen")
        assert (move.actor_role, move.answer) == (
            "supporter",
            "",
        )  # the reporter does not read a neighbour's words
        assert row_of(cast, number, cast.neighbour).solved is None  # asked again after the next answer

    def test_the_name_of_who_took_it_up_again_is_not_shown(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        cast.settled(number)
        later = AT + timedelta(days=2)
        self.said(cast, number, cast.neighbour, Word(solved=False, again=True), at=later)
        with cast.inside():
            told = story(cast.case(number), cast.dispatcher.actor(later), at=later, for_resident=False)
        assert [entry.who for entry in told.entries if entry.verb == "reopen"] == [""]

    def test_it_is_not_taken_up_again_against_the_reporter(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        cast.settled(number)
        cast.move(number, Verb.RATE, cast.resident, solved=True, at=AT + timedelta(days=1))
        with pytest.raises(moves.Conflict, match="reporter_says_solved"):
            self.said(cast, number, cast.neighbour, Word(solved=False, again=True), at=AT + timedelta(days=2))

    def test_nor_after_the_communitys_days(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        cast.settled(number)
        with pytest.raises(Refused):
            self.said(
                cast, number, cast.neighbour, Word(solved=False, again=True), at=AT + timedelta(days=40)
            )

    @pytest.mark.parametrize(
        "word", [Word(), Word(solved=True, stars=6), Word(solved=True, words="长" * 3000)]
    )
    def test_what_cannot_be_a_word_is_refused(self, cast: Cast, word: Word) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        cast.settled(number)
        with pytest.raises(Refused):
            self.said(cast, number, cast.neighbour, word)

    def test_others_of_the_workflow_are_not_theirs(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour)
        for verb in (Verb.ADD, Verb.URGE, Verb.WITHDRAW, Verb.RATE):
            with pytest.raises(NotFound):
                cast.move(number, verb, cast.neighbour, words="x", solved=True)
        with cast.inside(), pytest.raises(NotFound):
            access.find(cast.neighbour.actor(LATER), number)


class TestOwnData:
    def test_what_was_joined_is_handed_over_and_erased_and_stays_counted(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour, words="我是钱邻居，也遇到")
        account = cast.neighbour.account_id
        told = own_data.held(account)["joined"]
        assert isinstance(told, list)
        assert [(one["number"], one["words"]) for one in told] == [(number, "我是钱邻居，也遇到")]
        own_data.erase(account, LATER)
        assert own_data.held(account)["joined"] == []
        with cast.inside():
            row = Supporter.objects.get()
        assert (row.account_id, row.words, row.contact_phone, row.code_digest) == (None, "", None, None)
        assert cast.case(number).supporters == 1
