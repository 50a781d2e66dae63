"""Topics from cases: found, kept from day to day, and never against what a person decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.rules.intake import PlaceGiven, Refused
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound
from linli.triage import queries
from linli.triage.actions import own_data, topics, working_out
from linli.triage.models import Topic, TopicMember, TopicRun
from linli.triage.queries import HotTopic

LIFT = (
    "8 栋的电梯又坏了，老人下不了楼",
    "电梯停在三楼不动，按了没反应",
    "我们这栋楼的电梯天天坏，要修到什么时候",
    "8栋电梯坏了两天没有人修",
)
GARBAGE = ("垃圾桶满了好几天没有人清运", "楼下垃圾没人收，臭得很", "门口的垃圾堆成山，请清运")


def told(cast: Cast, words: tuple[str, ...], *, days_ago: float = 0, key: str = "") -> list[str]:
    """Reports of several people, one an hour."""
    people = (cast.resident, cast.neighbour, cast.grid_worker, cast.building_head, cast.leader)
    at = AT - timedelta(days=days_ago)
    return [
        cast.report(
            each,
            by=people[n % 5],
            at=at + timedelta(minutes=10 * n),
            key=f"{key}{words[0]}{n}",
            limited=False,
        ).number
        for n, each in enumerate(words)
    ]


def run(cast: Cast, *, days: float = 0) -> TopicRun:
    made = working_out.work_out(community_id=cast.here.id, at=AT + timedelta(hours=2, days=days))
    assert made is not None
    return made


def hot(cast: Cast, *, days: float = 0, **more: Any) -> tuple[HotTopic, ...]:
    with cast.inside():
        return queries.hot(cast.here.id, at=AT + timedelta(hours=2, days=days), **more)


def numbers(topic: HotTopic) -> list[str]:
    return sorted(member.number for member in topic.members)


def test_two_matters_of_one_building_become_two_topics(cast: Cast) -> None:
    lift, garbage = told(cast, LIFT), told(cast, GARBAGE)
    run(cast)
    found = hot(cast)
    assert sorted(map(numbers, found)) == sorted([sorted(lift), sorted(garbage)])
    assert all(one.place_id == cast.building.id for one in found)
    assert "电梯" in next(one for one in found if numbers(one) == sorted(lift)).words


def test_one_person_writing_again_and_again_is_no_topic(cast: Cast) -> None:
    for n, words in enumerate(LIFT):
        cast.report(words, key=f"{n}", limited=False)
    run(cast)
    assert hot(cast) == ()


def test_tomorrow_it_has_the_same_name_and_more_members(cast: Cast) -> None:
    told(cast, LIFT[:2])
    run(cast)
    (before,) = hot(cast)
    told(cast, LIFT[2:], days_ago=-1, key="next")
    run(cast, days=1)
    (after,) = hot(cast, days=1)
    assert (after.id, after.words, after.place) == (before.id, before.words, before.place)
    assert after.cases == 4


def test_running_twice_changes_nothing(cast: Cast) -> None:
    told(cast, LIFT)
    told(cast, GARBAGE)
    run(cast)
    before = hot(cast)
    run(cast)
    assert hot(cast) == before
    with cast.inside():
        assert TopicRun.objects.count() == 2


def test_a_persons_name_for_it_stays_and_can_be_given_back(cast: Cast) -> None:
    told(cast, LIFT)
    run(cast)
    (found,) = hot(cast)
    with cast.inside():
        topics.rename(actor=cast.dispatcher.actor(), topic_id=found.id, name=" 8栋  电梯 ", at=AT)
    run(cast)
    (again,) = hot(cast)
    assert again.words == "8栋 电梯"
    with cast.inside():
        topics.rename(actor=cast.dispatcher.actor(), topic_id=found.id, name="", at=AT)
    (back,) = hot(cast)
    assert back.words == found.words


@pytest.mark.parametrize("name", ["电" * 81, "打13812345678"])
def test_a_name_that_is_too_long_or_holds_a_number_is_refused(cast: Cast, name: str) -> None:
    told(cast, LIFT)
    run(cast)
    with cast.inside(), pytest.raises(Refused):
        topics.rename(actor=cast.dispatcher.actor(), topic_id=hot(cast)[0].id, name=name, at=AT)


def test_what_a_person_took_out_never_comes_back(cast: Cast) -> None:
    made = told(cast, LIFT)
    run(cast)
    (found,) = hot(cast)
    with cast.inside():
        for _ in range(2):  # a double click
            topics.take_out(actor=cast.dispatcher.actor(), topic_id=found.id, number=made[0], at=AT)
    run(cast)
    (again,) = hot(cast)
    assert numbers(again) == sorted(made[1:])


def test_what_a_person_put_in_stays_in(cast: Cast) -> None:
    lift, other = told(cast, LIFT), told(cast, ("广场舞太吵了", "请修一下健身器材"))
    run(cast)
    (found,) = hot(cast)
    with cast.inside():
        topics.put_in(actor=cast.dispatcher.actor(), topic_id=found.id, number=other[0], at=AT)
        with pytest.raises(Refused):
            topics.put_in(actor=cast.dispatcher.actor(), topic_id=found.id, number="202601019999", at=AT)
    run(cast)
    assert numbers(hot(cast)[0]) == sorted([*lift, other[0]])


def test_merged_topics_are_one_and_stay_one(cast: Cast) -> None:
    lift, garbage = told(cast, LIFT), told(cast, GARBAGE)
    run(cast)
    first, second = sorted(hot(cast), key=lambda one: one.id)
    with cast.inside():
        topics.merge(actor=cast.leader.actor(), topic_id=first.id, into_id=second.id, at=AT)
    run(cast)
    (found,) = hot(cast)
    assert (found.id, numbers(found)) == (second.id, sorted(lift + garbage))
    with cast.inside():
        assert Topic.objects.get(pk=first.id).merged_into_id == second.id
        with pytest.raises(NotFound):
            topics.rename(actor=cast.leader.actor(), topic_id=first.id, name="x", at=AT)
        for into in (first.id, second.id, 999_999):
            with pytest.raises(Refused):
                topics.merge(actor=cast.leader.actor(), topic_id=second.id, into_id=into, at=AT)


def test_a_known_topic_says_why_and_can_be_opened_again(cast: Cast) -> None:
    told(cast, LIFT)
    run(cast)
    topic_id = hot(cast)[0].id
    with cast.inside():
        with pytest.raises(Refused):
            topics.mark(actor=cast.dispatcher.actor(), topic_id=topic_id, known=True, note=" ", at=AT)
        topics.mark(actor=cast.dispatcher.actor(), topic_id=topic_id, known=True, note="周五换配件", at=AT)
    assert hot(cast)[0].note == "周五换配件"
    assert hot(cast, known=False) == ()
    with cast.inside():
        topics.mark(actor=cast.dispatcher.actor(), topic_id=topic_id, known=False, note="", at=AT)
    assert hot(cast, known=False)[0].state == "open"


def test_a_joint_case_takes_in_those_that_still_can_be_merged(cast: Cast) -> None:
    made = told(cast, LIFT)
    cast.dispatched(made[1])
    run(cast)
    (found,) = hot(cast)
    actor = cast.dispatcher.actor()
    with cast.inside():
        with pytest.raises(Refused):
            topics.join_up(actor=actor, topic_id=found.id, head="202601019999", numbers=[], at=AT)
        topic, outcomes = topics.join_up(
            actor=actor, topic_id=found.id, head=made[0], numbers=[*made, made[2]], at=AT
        )
        assert topic.head is not None
    assert {one.number: bool(one.why) for one in outcomes} == {made[1]: True, made[2]: False, made[3]: False}
    assert cast.case(made[2]).state == "merged"
    assert cast.case(made[1]).state == "dispatched"
    assert hot(cast)[0].head == made[0]


def test_those_who_joined_are_votes(cast: Cast) -> None:
    from linli.cases.models import Supporter  # noqa: PLC0415

    made = told(cast, LIFT[:2])
    run(cast)
    with cast.inside():
        case = cast.case(made[0])
        for n in range(3):
            Supporter.objects.create(
                community_id=cast.here.id, case=case, person_key=bytes([n]) * 32, joined_at=AT
            )
    assert hot(cast)[0].heat.votes == 3


def test_a_family_quarrel_is_nobodys_topic(cast: Cast) -> None:
    words = ("楼上天天家暴打孩子", "隔壁家暴，孩子在哭", "又听到家暴的声音")
    for number in told(cast, words):
        cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="family")
    run(cast)
    assert hot(cast) == ()


def test_what_turns_out_to_be_sensitive_leaves_the_topic(cast: Cast) -> None:
    made = told(cast, LIFT)
    run(cast)
    cast.move(made[0], Verb.ACCEPT, cast.dispatcher, category_code="family")
    assert made[0] not in numbers(hot(cast)[0])


def test_a_number_in_the_words_is_masked_in_the_name(cast: Cast) -> None:
    told(cast, ("电梯坏了打13812345678", "电梯坏了打13812345678", "电梯坏了"))
    run(cast)
    assert "13812345678" not in hot(cast)[0].words


def test_the_place_is_the_finest_that_most_share(cast: Cast) -> None:
    next_door = PlaceGiven(building_id=cast.second_building.id)
    for n, words in enumerate(LIFT):
        who, key = (cast.resident, cast.neighbour)[n % 2], f"{n}"
        if n % 2:
            cast.report(words, by=who, key=key, limited=False, place=next_door)
        else:
            cast.report(words, by=who, key=key, limited=False)
    run(cast)
    assert hot(cast)[0].place_id == cast.grid.id


@pytest.mark.parametrize("who", ["auditor", "admin", "grid_worker", "resident"])
def test_only_the_desk_decides(cast: Cast, who: str) -> None:
    told(cast, LIFT)
    run(cast)
    topic_id = hot(cast)[0].id
    actor = cast.everybody()[who].actor()
    expected = Forbidden if who == "auditor" else NotFound
    with cast.inside(), pytest.raises(expected):
        topics.rename(actor=actor, topic_id=topic_id, name="x", at=AT)
    with cast.inside(), pytest.raises(expected):
        working_out.ask(actor=actor, community_id=cast.here.id, at=AT)


def test_another_community_neither_sees_nor_touches_it(cast: Cast) -> None:
    told(cast, LIFT)
    run(cast)
    topic_id = hot(cast)[0].id
    stranger = cast.elsewhere.dispatcher.actor()
    with cast.inside(cast.elsewhere), pytest.raises(NotFound):
        topics.rename(actor=stranger, topic_id=topic_id, name="x", at=AT)
    with cast.inside(cast.elsewhere):
        assert TopicMember.objects.count() == 0


def test_a_run_is_asked_for_once_and_by_the_hour(cast: Cast) -> None:
    with cast.inside():
        assert working_out.ask(actor=cast.dispatcher.actor(), community_id=cast.here.id, at=AT)
        assert not working_out.ask(actor=cast.dispatcher.actor(), community_id=cast.here.id, at=AT)
    run(cast)
    assert working_out.sweep(AT + timedelta(hours=2, minutes=30)) == 0  # nothing happened since
    told(cast, LIFT[:1], days_ago=-0.5)
    assert working_out.sweep(AT + timedelta(hours=13)) == 1
    assert working_out.sweep(AT + timedelta(hours=13)) == 0  # it waits
    assert working_out.sweep(AT + timedelta(hours=14)) == 1  # and is asked for again when it was lost
    run(cast)
    assert working_out.sweep(AT + timedelta(days=3)) >= 1  # days go by


def test_an_erased_persons_name_leaves_the_topics(cast: Cast) -> None:
    told(cast, ("电梯坏了，张居民摔伤", "电梯坏了，张居民摔伤", "电梯坏了"))
    run(cast)
    with cast.inside():
        topic = Topic.objects.get()
        topics.rename(actor=cast.dispatcher.actor(), topic_id=topic.pk, name="张居民摔伤", at=AT)
    own_data.erase(cast.resident.account_id, AT)
    with cast.inside():
        topic = Topic.objects.get()
    assert "张居民" not in f"{topic.phrase} {topic.named}"


def test_an_empty_community_runs_too(cast: Cast) -> None:
    assert (run(cast).cases, run(cast).topics, run(cast).repeats) == (0, 0, 0)
