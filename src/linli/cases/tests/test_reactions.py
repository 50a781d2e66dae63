"""What the cases do by themselves: the proposal beside a new case, once, and never silently left out."""

from __future__ import annotations

import pytest

from linli.cases import reactions
from linli.cases.events import CaseReported
from linli.cases.models import Case
from linli.cases.tests.cast import AT, Cast

pytestmark = pytest.mark.django_db


def reported(cast: Cast, number: str) -> CaseReported:
    return CaseReported(community_id=cast.here.id, number=number, at=AT, channel="page", quarantined=False)


def test_a_new_case_gets_a_proposal_and_a_second_run_changes_nothing(cast: Cast) -> None:
    number = cast.report("8 栋门口的路灯不亮").number
    with cast.inside():
        reactions.suggest_category(reported(cast, number))
    first = cast.case(number).suggestion
    assert first is not None
    assert first["options"][0]["code"] == "facilities.lighting"
    with cast.inside():
        Case.objects.filter(number=number).update(words="垃圾没人清运")
        reactions.suggest_category(reported(cast, number))
    assert cast.case(number).suggestion == first


def test_a_case_that_was_sorted_meanwhile_gets_none(cast: Cast) -> None:
    number = cast.report("8 栋门口的路灯不亮").number
    cast.dispatched(number)
    with cast.inside():
        reactions.suggest_category(reported(cast, number))
    assert cast.case(number).suggestion is None


def test_a_case_that_cannot_be_seen_is_a_failure_and_not_a_success(cast: Cast) -> None:
    number = cast.report("8 栋门口的路灯不亮").number
    with cast.inside(cast.elsewhere), pytest.raises(Case.DoesNotExist):
        reactions.suggest_category(reported(cast, number))
