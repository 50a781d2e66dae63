"""One matter, several reports: merging, parting and splitting, who is answered by what, and what is another matter."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases import access, access_joined
from linli.cases.actions import joining, pairs
from linli.cases.actions.joining import Word
from linli.cases.models import Case, ClockRow, Move, PairDecision
from linli.cases.queries import same
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person, cast, standing_cast  # noqa: F401  (fixtures)
from linli.cases.tests.desk import at_desk, text
from linli.cases.tests.joined import LATER, join, no_limits, row_of  # noqa: F401  (fixtures)
from linli.kernel.access import Forbidden, NotFound


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

    def test_a_matter_is_as_pressing_as_its_most_pressing_report(self, cast: Cast) -> None:
        head, other = cast.report("路灯不亮").number, cast.report("路灯杆漏电", by=cast.neighbour).number
        pressing = cast.case(other).urgency
        assert (cast.case(head).urgency, pressing != "normal") == ("normal", True)
        cast.move(other, Verb.MERGE, cast.dispatcher, target=head)
        assert cast.case(head).urgency == pressing
        third = cast.report("路灯坏了", by=cast.stranger).number
        cast.move(third, Verb.MERGE, cast.dispatcher, target=head)
        assert cast.case(head).urgency == pressing

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

    def test_it_is_not_proposed_to_be_merged_back(self, cast: Cast) -> None:
        first = cast.report("8 栋门口的路灯不亮，灯杆也歪了，要倒")
        cast.move(first.number, Verb.SPLIT, cast.dispatcher, words="8 栋门口的灯杆歪了，要倒", at=LATER)
        with cast.inside():
            second = Case.objects.get(split_from__number=first.number)
            assert [case.number for case in same.said_apart(second, Case.objects.all())] == [first.number]
            assert not same.twins(second, Case.objects.all(), at=LATER)

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


@pytest.mark.usefixtures("monday_morning")
def test_what_a_neighbour_said_of_an_answer_stays_beside_the_case_that_is_taken_up_again(cast: Cast) -> None:
    number = cast.report().number
    join(cast, number, cast.neighbour)
    cast.settled(number)
    word = Word(solved=False, again=True, words="还是黑的")
    row = row_of(cast, number, cast.neighbour)
    joining.say(actor=cast.neighbour.actor(), row=row, word=word, at=AT + timedelta(hours=9))
    page = text(at_desk(cast, cast.dispatcher).case(number))
    assert "还是黑的" in page
    assert "supporter" not in page
    assert "附议的邻居" in page
