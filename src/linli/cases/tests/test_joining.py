"""Me too: joining, leaving, saying whether it is solved; merging, parting and splitting, and who is answered by what."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases import access, access_joined
from linli.cases.actions import joining, moves, own_data, pairs
from linli.cases.actions.joining import Joined, Word
from linli.cases.models import Case, ClockRow, Move, PairDecision, Supporter
from linli.cases.queries import same
from linli.cases.queries.story import story
from linli.cases.rules.intake import Refused
from linli.cases.rules.kinds import Kind
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person, cast, standing_cast  # noqa: F401  (fixtures)
from linli.kernel import limits
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry

LATER = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits commit by themselves, which a test's transaction forbids; their own test looks at them."""
    monkeypatch.setattr(limits, "allow", lambda *_args, **_more: True)


def join(cast: Cast, number: str, by: Person, **more: Any) -> Joined:
    return joining.join(
        actor=by.actor(LATER),
        community_id=cast.here.id,
        number=number,
        at=LATER,
        network="203.0.113.0/24",
        **more,
    )


def row_of(cast: Cast, number: str, person: Person) -> Supporter:
    with cast.inside():
        return access_joined.find(person.actor(LATER), number)


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


class TestMergedAndParted:
    def merged(self, cast: Cast) -> tuple[str, str]:
        head, other = cast.report().number, cast.report("楼下的灯坏了", by=cast.neighbour).number
        cast.move(other, Verb.MERGE, cast.dispatcher, target=head, at=LATER)
        return head, other

    def test_the_reporter_of_a_merged_case_stands_with_the_others(self, cast: Cast) -> None:
        head, other = self.merged(cast)
        assert cast.case(head).supporters == 1
        with cast.inside():
            row = access_joined.of_report(cast.case(other))
            pair = PairDecision.objects.get()
        assert row is not None
        assert row.account_id == cast.neighbour.account_id
        assert (pair.same, pair.decided_by_id) == (True, cast.dispatcher.account_id)
        assert pair.certainty is not None
        assert pair.version

    def test_they_rate_the_answer_of_the_head(self, cast: Cast) -> None:
        head, other = self.merged(cast)
        cast.settled(head)
        with cast.inside():
            row = access_joined.of_report(cast.case(other))
        assert row is not None
        actor = cast.neighbour.actor(LATER)
        assert joining.say(
            actor=actor, row=row, word=Word(solved=False, again=True), at=AT + timedelta(days=1)
        )
        assert cast.case(head).state == "reopened"

    def test_one_persons_two_reports_are_one_person(self, cast: Cast) -> None:
        head, other = cast.report().number, cast.report("又坏了，路灯").number
        cast.move(other, Verb.MERGE, cast.dispatcher, target=head)
        assert cast.case(head).supporters == 0

    def test_who_joined_and_reported_counts_once(self, cast: Cast) -> None:
        head, other = cast.report().number, cast.report("灯坏了", by=cast.neighbour).number
        join(cast, head, cast.neighbour)
        cast.move(other, Verb.MERGE, cast.dispatcher, target=head)
        assert cast.case(head).supporters == 1
        cast.move(other, Verb.PART, cast.dispatcher, note="不是同一盏")
        assert cast.case(head).supporters == 1  # having joined stays

    def test_a_chain_of_merged_cases_counts_everybody(self, cast: Cast) -> None:
        last, middle = cast.report().number, cast.report(by=cast.stranger).number
        first = cast.report(by=cast.nobody).number
        join(cast, middle, cast.neighbour)
        cast.move(first, Verb.MERGE, cast.dispatcher, target=middle)
        cast.move(middle, Verb.MERGE, cast.dispatcher, target=last)
        assert cast.case(last).supporters == 3
        with cast.inside():
            assert access_joined.head_of(cast.case(first)).number == last
        join(cast, first, cast.grid_worker)
        assert cast.case(last).supporters == 4
        cast.move(middle, Verb.PART, cast.dispatcher, note="x")
        assert (cast.case(last).supporters, cast.case(middle).supporters) == (1, 2)

    @pytest.mark.parametrize("accepted", [False, True])
    def test_parted_its_promises_run_on_as_if_never_stopped(self, cast: Cast, accepted: bool) -> None:
        head, other = cast.report().number, cast.report("楼下的灯坏了", by=cast.neighbour).number
        if accepted:
            cast.move(other, Verb.ACCEPT, cast.dispatcher, category_code="facilities.lighting")
        before = cast.case(other)
        cast.move(other, Verb.MERGE, cast.dispatcher, target=head, at=LATER)
        assert cast.case(other).due_at is None
        cast.move(other, Verb.PART, cast.dispatcher, note="是另一盏灯", at=AT + timedelta(days=3))
        after = cast.case(other)
        assert (after.state, after.due_at, after.due_stage) == (before.state, before.due_at, before.due_stage)
        assert (after.merged_into_id, after.closed_at, after.answer) == (None, None, "")
        assert cast.case(head).supporters == 0
        with cast.inside():
            assert ClockRow.objects.filter(case=after, stopped_at__isnull=True).count() == 1
            assert PairDecision.objects.get().same is False
        assert cast.move(other, Verb.MERGE, cast.dispatcher, target=head).state == "merged"

    def test_parting_is_for_the_desk_and_needs_a_word(self, cast: Cast) -> None:
        _, other = self.merged(cast)
        with pytest.raises(Refused):
            cast.move(other, Verb.PART, cast.dispatcher)
        for person in (cast.grid_worker, cast.neighbour):
            with pytest.raises((Forbidden, NotFound)):
                cast.move(other, Verb.PART, person, note="x")

    def test_a_case_is_never_merged_into_itself_or_an_ended_one(self, cast: Cast) -> None:
        head, other = self.merged(cast)
        for number, target in ((head, head), (head, other), (head, "261123000001"), (head, "x")):
            with pytest.raises(Refused):
                cast.move(number, Verb.MERGE, cast.dispatcher, target=target)


class TestSplit:
    def test_a_second_matter_becomes_a_case_with_the_same_reporter_and_code(self, cast: Cast) -> None:
        made = cast.report(
            "路灯不亮；还有电梯也坏了", by=cast.nobody, contact_phone="13812345678", contact_name="周女士"
        )
        cast.move(made.number, Verb.SPLIT, cast.dispatcher, words="电梯也坏了", at=LATER)
        first = cast.case(made.number)
        with cast.inside():
            second = Case.objects.get(split_from=first)
            assert access.find_by_code(second.number, made.code) == second
            move = Move.objects.get(case=first, verb="split")
        assert (second.words, second.state, second.contact_phone) == ("电梯也坏了", "reported", "13812345678")
        assert (second.building_id, second.place_path) == (first.building_id, first.place_path)
        assert second.due_at is not None
        assert second.reported_at == LATER
        assert first.state == "reported"
        assert move.data == {"into": second.number}

    def test_it_stands_in_the_reporters_list(self, cast: Cast) -> None:
        number = cast.report("路灯不亮，电梯也坏了").number
        cast.move(number, Verb.SPLIT, cast.dispatcher, words="电梯坏了")
        with cast.inside():
            assert access.own(cast.resident.actor()).count() == 2

    def test_it_needs_words_that_say_something(self, cast: Cast) -> None:
        number = cast.report().number
        for words in ("", "。。", "。" * 20000):
            with pytest.raises(Refused):
                cast.move(number, Verb.SPLIT, cast.dispatcher, words=words)
        with pytest.raises((Forbidden, NotFound)):
            cast.move(number, Verb.SPLIT, cast.resident, words="电梯坏了")


class TestAnotherMatter:
    def test_it_is_kept_once_and_can_be_taken_back(self, cast: Cast) -> None:
        one, two = cast.report().number, cast.report("路灯坏了", by=cast.neighbour).number
        desk = cast.dispatcher.actor(LATER)
        for _ in range(2):
            pairs.say_another_matter(actor=desk, number=one, other=two, at=LATER)
        with cast.inside():
            assert [pair.same for pair in PairDecision.objects.all()] == [False]
            assert [case.number for case in same.said_apart(cast.case(two), Case.objects.all())] == [one]
        pairs.say_another_matter(actor=desk, number=two, other=one, at=LATER, undo=True)
        with cast.inside():
            assert not PairDecision.objects.exists()

    def test_only_the_desk_decides_and_only_of_two_cases_it_sees(self, cast: Cast) -> None:
        one, two = cast.report().number, cast.report("路灯坏了").number
        away = cast.report(community=cast.elsewhere, by=cast.elsewhere.people["resident"]).number
        for person in (cast.grid_worker, cast.auditor, cast.verifier):
            with pytest.raises(Forbidden):
                pairs.say_another_matter(actor=person.actor(), number=one, other=two, at=LATER)
        desk = cast.dispatcher.actor(LATER)
        for other, error in ((one, Refused), ("x", Refused), (away, NotFound), ("261123000002", NotFound)):
            with pytest.raises(error):
                pairs.say_another_matter(actor=desk, number=one, other=other, at=LATER)


class TestOwnData:
    def test_what_was_joined_is_handed_over_and_erased_and_stays_counted(self, cast: Cast) -> None:
        number = cast.report().number
        join(cast, number, cast.neighbour, words="我是钱邻居，也遇到")
        account = cast.neighbour.account_id
        (told,) = own_data.held(account)["joined"]  # type: ignore[misc]  # plain JSON
        assert (told["number"], told["words"]) == (number, "我是钱邻居，也遇到")
        own_data.erase(account, LATER)
        assert own_data.held(account)["joined"] == []
        with cast.inside():
            row = Supporter.objects.get()
        assert (row.account_id, row.words, row.contact_phone, row.code_digest) == (None, "", None, None)
        assert cast.case(number).supporters == 1
