"""The same thing already reported: what the database finds and the rules weigh."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases import ports
from linli.cases.models import Case, PairDecision
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, cast, standing_cast  # noqa: F401  (fixtures)
from linli.triage.alike import LocalLikeness

NIGHT = AT + timedelta(hours=10)


def alike(
    cast: Cast, words: str, *, at_building: bool = True, but: int | None = None
) -> tuple[ports.Alike, ...]:
    with cast.inside():
        return LocalLikeness().alike(
            community_id=cast.here.id,
            words=words,
            lon=None,
            lat=None,
            place_path=cast.building.path if at_building else "",
            category_code="",
            at=NIGHT,
            but=but,
        )


def test_a_paraphrase_at_the_same_building_is_found_with_its_reasons(cast: Cast) -> None:
    number = cast.report("8栋楼下的路灯坏了，晚上黑漆漆的").number
    cast.report("电梯卡在三楼不动")
    found = alike(cast, "八号楼门口路灯不亮，看不见路")
    assert [one.number for one in found] == [number]
    assert found[0].certainty > 0.7
    assert {reason.code for reason in found[0].reasons} >= {"thing", "fault", "same_place"}


def test_the_same_words_at_another_building_are_another_matter(cast: Cast) -> None:
    cast.report("电梯坏了", place=PlaceGiven(building_id=cast.second_building.id))
    assert alike(cast, "电梯又坏了") == ()


def test_it_is_found_across_languages(cast: Cast) -> None:
    number = cast.report("楼下路灯不亮").number
    assert [one.number for one in alike(cast, "The street light outside is not working")] == [number]


@pytest.mark.parametrize(
    ("here", "asked"),
    [
        ("楼下路灯坏了，晚上看不见路", "It is dark outside our building, the lamp post went out"),
        ("垃圾桶满了三天没人收", "Nobody empties the bins"),
        ("楼下厨房着火了", "There is a fire in the kitchen below us"),
        ("The barbecue stall fills our bedroom with smoke", "楼下烧烤摊油烟飘进卧室"),
        ("有人在楼道里给电动车充电", "Somebody is charging a scooter in the corridor"),
    ],
)
def test_a_report_in_the_other_language_is_found(cast: Cast, here: str, asked: str) -> None:
    number = cast.report(here).number
    cast.report("业委会什么时候换届" if here.isascii() else "When does the committee meet?")
    assert [one.number for one in alike(cast, asked)] == [number]


def test_words_without_any_known_thing_are_compared_by_themselves(cast: Cast) -> None:
    number = cast.report("门口的石狮子被人涂了红油漆").number
    found = alike(cast, "石狮子被涂了红油漆，太难看")
    assert [one.number for one in found] == [number]


def test_closed_cases_and_other_communities_are_never_found(cast: Cast) -> None:
    words = "楼下路灯不亮"
    gone = cast.report(words)
    cast.move(gone.number, Verb.WITHDRAW, cast.resident)
    cast.report(words, community=cast.elsewhere, by=cast.elsewhere.people["resident"])
    assert alike(cast, words) == ()
    with cast.inside():
        elsewhere = LocalLikeness().alike(
            community_id=cast.elsewhere.id,
            words=words,
            lon=None,
            lat=None,
            place_path="",
            category_code="",
            at=AT,
        )
    assert elsewhere == ()


def test_what_a_person_said_is_another_matter_is_not_asked_again(cast: Cast) -> None:
    one, two = cast.report("楼下路灯不亮"), cast.report("路灯坏了，楼下好黑")
    with cast.inside():
        first, second = Case.objects.get(number=one.number), Case.objects.get(number=two.number)
    assert [each.number for each in alike(cast, second.words, but=second.pk)] == [one.number]
    with cast.inside():
        PairDecision.objects.create(
            community_id=cast.here.id, first=first, second=second, same=False, decided_at=AT
        )
    assert alike(cast, second.words, but=second.pk) == ()


def test_nothing_to_look_for_finds_nothing(cast: Cast) -> None:
    cast.report("路灯不亮")
    for words in ("", "   ", "!!!", "请尽快处理，谢谢", "😀😀", "的"):
        assert alike(cast, words) == ()


def test_hostile_words_are_only_words(cast: Cast) -> None:
    number = cast.report("路灯不亮").number
    for words in ("' | 'x", "路灯' & '不亮", "\\", "灯:*", "路灯" * 5000, "𠀀𠀁𠀂 路灯"):
        assert {one.number for one in alike(cast, words)} <= {number}
    assert [one.number for one in alike(cast, "路灯不亮' | 'x")] == [number]
