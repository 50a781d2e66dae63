"""Learning from dispatchers' decisions: when, on what it is judged, and back with one click. All sentences are invented."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases import ports, reactions
from linli.cases.queries import decided, reference
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.test_reactions import reported
from linli.kernel.access import Forbidden, NotFound
from linli.triage.actions import learning
from linli.triage.classifier import DeskClassifier
from linli.triage.models import LearnedModel
from linli.triage.queries import learned
from linli.triage.rules import promoting
from linli.triage.rules.learning import Example

#: Words that no list knows: only decisions can tell what they are about.
TOAD = ("蛤蟆灯又灭了", "门前蛤蟆灯闪个不停", "蛤蟆灯杆歪了", "请换一下蛤蟆灯", "蛤蟆灯半夜才亮")
MOSS = ("青苔坡滑得很", "青苔坡那里摔了人", "雨后青苔坡没法走", "青苔坡铺块垫子吧", "青苔坡下来要扶墙")
LAMP, ROAD = "facilities.lighting", "environment.garbage"


def examples(times: int = 14) -> tuple[list[str], list[Example]]:
    """Numbers and decisions, alike enough to be learned and different enough not to be one complaint sent again."""
    said = [
        (f"{number}{n}", Example(f"{'东南西北中'[number % 5]}区{number}号{words}", code))
        for number in range(times)
        for code, group in ((LAMP, TOAD), (ROAD, MOSS))
        for n, words in enumerate(group)
    ]
    return [one for one, _ in said], [one for _, one in said]


def teach(cast: Cast, *, hours: float = 0) -> LearnedModel:
    keys, said = examples()
    with cast.inside():
        row = learning.learn(
            community_id=cast.here.id,
            examples=promoting.split(keys, said),
            decisions=len(said),
            at=AT + timedelta(hours=hours),
        )
    assert row is not None
    return row


def test_the_words_alone_propose_before_anything_was_learned(cast: Cast) -> None:
    with cast.inside():
        (first, *_rest) = DeskClassifier().suggest(
            "楼下路灯不亮了", reference.categories(cast.here.id), cast.here.id
        )
    assert (first.code, first.version) == (LAMP, learned.BY_WORDS)


def test_a_version_that_is_better_is_in_use_at_once_and_says_so(cast: Cast) -> None:
    machine = DeskClassifier()
    with cast.inside():
        rows = reference.categories(cast.here.id)
        assert machine.suggest("蛤蟆灯怎么灭了", rows, cast.here.id) == ()
    row = teach(cast)
    assert row.verdict == LearnedModel.Verdict.BETTER
    assert row.in_use
    assert row.macro_f1 > row.before_macro_f1
    machine.forget()
    with cast.inside():
        (first, *_rest) = machine.suggest("蛤蟆灯怎么灭了", rows, cast.here.id)
    assert first.code == LAMP
    assert first.version == row.version
    assert any("蛤蟆" in word or "灯" in word for word in first.words)
    assert first.certainty > 0.5


def test_a_version_that_is_not_better_is_kept_aside(cast: Cast) -> None:
    first = teach(cast)
    again = teach(cast, hours=1)
    assert again.verdict == LearnedModel.Verdict.NOT_BETTER
    assert again.before == first.version
    with cast.inside():
        found = learned.in_use(cast.here.id)
    assert found is not None
    assert found.version == first.version


def test_learning_twice_at_one_moment_makes_one_version(cast: Cast) -> None:
    teach(cast)
    keys, said = examples()
    with cast.inside():
        split = promoting.split(keys, said)
        assert learning.learn(community_id=cast.here.id, examples=split, decisions=len(said), at=AT) is None
        assert LearnedModel.objects.count() == 1


def test_the_leader_goes_back_with_one_click_and_forward_again(cast: Cast) -> None:
    row = teach(cast)
    leader = cast.leader.actor()
    with cast.inside():
        before = learning.use(
            actor=leader, community_id=cast.here.id, version=learned.BY_WORDS, at=AT + timedelta(hours=1)
        )
        assert before == row.version
        assert learned.in_use(cast.here.id) is None
        learning.use(actor=leader, community_id=cast.here.id, version=row.version, at=AT + timedelta(hours=2))
        now = learned.in_use(cast.here.id)
        assert now is not None
        assert (now.version, now.verdict, now.promoted_by_id) == (
            row.version,
            "by_hand",
            cast.leader.account_id,
        )
        assert (
            learning.use(actor=leader, community_id=cast.here.id, version=row.version, at=AT) == row.version
        )


def test_only_keepers_decide_and_only_of_their_own_community(cast: Cast) -> None:
    row = teach(cast)
    with cast.inside():
        with pytest.raises(Forbidden):
            learning.use(actor=cast.dispatcher.actor(), community_id=cast.here.id, version=row.version, at=AT)
        with pytest.raises(NotFound):
            learning.use(actor=cast.resident.actor(), community_id=cast.here.id, version=row.version, at=AT)
        with pytest.raises(NotFound):
            learning.use(actor=cast.leader.actor(), community_id=cast.here.id, version="learned-1", at=AT)


def test_another_community_sees_nothing_of_it(cast: Cast) -> None:
    teach(cast)
    with cast.inside(cast.elsewhere):
        assert learned.versions(cast.here.id) == []
        assert learned.in_use(cast.elsewhere.id) is None


def test_a_case_is_a_decision_once_a_person_has_given_it_a_category(cast: Cast) -> None:
    number = cast.report("蛤蟆灯灭了").number
    with cast.inside():
        assert decided.how_many(cast.here.id) == 0
    cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code=LAMP)
    with cast.inside():
        assert [(one.number, one.category_code) for one in decided.decided(cast.here.id, most=9)] == [
            (number, LAMP)
        ]


def test_too_few_decisions_teach_nothing(cast: Cast) -> None:
    with cast.inside():
        assert learning.from_decisions(community_id=cast.here.id, at=AT) is None
        with pytest.raises(learning.TooLittle):
            learning.ask(actor=cast.leader.actor(), community_id=cast.here.id, at=AT)


def test_a_broken_artefact_leaves_the_words_alone(cast: Cast) -> None:
    row = teach(cast)
    with cast.inside():
        LearnedModel.objects.filter(pk=row.pk).update(artefact=b"broken")
        found = DeskClassifier().suggest("路灯坏了", reference.categories(cast.here.id), cast.here.id)
    assert found[0].version == learned.BY_WORDS


def test_the_room_is_plugged_into_the_port() -> None:
    assert isinstance(ports.classifier(), DeskClassifier)


def test_a_held_out_case_is_held_out_from_every_version() -> None:
    keys, said = examples()
    one, other = promoting.split(keys, said), promoting.split(keys[:70], said[:70])
    held = {each.words for each in one.held_out}
    assert held
    assert not held & {each.words for each in other.learned}


def test_it_is_worth_learning_again_after_some_new_decisions() -> None:
    assert not promoting.worth_learning(promoting.LEAST_DECISIONS - 1, None)
    assert promoting.worth_learning(promoting.LEAST_DECISIONS, None)
    assert not promoting.worth_learning(100, 81)
    assert promoting.worth_learning(100, 80)


def test_words_of_one_message_are_never_shown(cast: Cast) -> None:
    row = teach(cast)
    assert row.words[LAMP]
    assert all(len(words) <= promoting.MOST_WORDS for words in row.words.values())
    _keys, said = examples()
    for words in row.words.values():
        for word in words:
            assert sum(word in one.words.replace(" ", "") for one in said) >= 3


def test_proposals_and_decisions_are_counted_side_by_side(cast: Cast) -> None:
    for n, code in enumerate((LAMP, ROAD)):
        number = cast.report("8 栋门口的路灯不亮", key=f"f{n}").number
        with cast.inside():
            reactions.suggest_category(reported(cast, number))
        cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code=code)
    with cast.inside():
        found = decided.followed(cast.here.id, since=AT - timedelta(days=1))
        later = decided.followed(cast.here.id, since=AT + timedelta(days=1))
    assert (found.cases, found.first, found.among) == (2, 1, 1)
    assert later.cases == 0
