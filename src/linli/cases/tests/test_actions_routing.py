"""Who should get a case: the first rule that matches, and the body or person behind it."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.actions import routing
from linli.cases.actions.settings import routing as keeping
from linli.cases.models import Case
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.ground import appoint
from linli.people.actions import organisations
from linli.people.models import Organisation

pytestmark = pytest.mark.django_db


def rule(cast: Cast, name: str, **sheet: object) -> None:
    keeping.add_rule(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        sheet=keeping.Sheet(name, **sheet),  # type: ignore[arg-type]
        at=AT,
    )


def kept(case: Case) -> dict[str, Any]:
    """The proposal as the case keeps it."""
    return case.routed_by or {}


def proposed(cast: Cast, number: str, category: str = "") -> routing.Proposal:
    with cast.inside():
        return routing.propose(cast.case(number), at=AT, category_code=category)


def test_without_a_rule_nobody_is_proposed_and_it_says_so(cast: Cast) -> None:
    found = proposed(cast, cast.report().number)
    assert (found.found, found.gap) == (False, "no_rule")


def test_the_grid_worker_of_the_cases_grid_is_proposed(cast: Cast) -> None:
    rule(cast, "网格先到", role="grid_worker", level="grid")
    found = proposed(cast, cast.report().number)
    assert found.rule is not None
    assert found.rule.name == "网格先到"
    assert found.handler_id == cast.grid_worker.account_id
    assert [reason.code for reason in found.why] == ["in_force", "level"]


def test_a_rule_for_a_category_counts_the_one_that_is_only_proposed_so_far(cast: Cast) -> None:
    rule(cast, "路灯给物业", category_code="facilities.lighting", organisation_kind="property_company")
    rule(cast, "其余给网格", role="grid_worker", level="grid")
    number = cast.report().number
    assert proposed(cast, number).handler_id == cast.grid_worker.account_id
    found = proposed(cast, number, "facilities.lighting")
    assert found.organisation_id == cast.property_company.pk
    earlier = proposed(cast, number).earlier
    assert [(tried.rule.name, tried.matches) for tried in earlier] == [("路灯给物业", False)]


def test_of_two_bodies_of_a_kind_the_one_that_serves_nearer_is_proposed(cast: Cast) -> None:
    near = organisations.create_organisation(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        kind=Organisation.Kind.PROPERTY_COMPANY,
        sign=organisations.Sign(name_zh="东院物业"),
        at=AT,
    )
    appoint(cast.neighbour.account_id, "property_handler", cast.courtyard, near.pk, at=AT)
    rule(cast, "给物业", organisation_kind="property_company")
    assert proposed(cast, cast.report().number).organisation_id == near.pk


def test_of_two_grid_workers_the_one_with_fewer_open_cases_is_proposed(cast: Cast) -> None:
    appoint(cast.neighbour.account_id, "grid_worker", cast.grid, None, at=AT)
    rule(cast, "网格", role="grid_worker", level="grid")
    first = cast.report().number
    assert proposed(cast, first).handler_id == cast.grid_worker.account_id
    cast.move(
        first,
        Verb.DISPATCH,
        cast.dispatcher,
        category_code="facilities.lighting",
        handler_id=cast.grid_worker.account_id,
    )
    second = proposed(cast, cast.report("井盖没了", key="2").number)
    assert (second.handler_id, second.candidates) == (cast.neighbour.account_id, 2)


def test_a_closed_body_and_an_empty_grid_are_gaps_with_the_rules_name(cast: Cast) -> None:
    rule(cast, "给城管", organisation_id=cast.department.pk)
    number = cast.report().number
    organisations.close_organisation(actor=cast.leader.actor(), organisation_id=cast.department.pk, at=AT)
    found = proposed(cast, number)
    assert (found.gap, found.rule and found.rule.name) == ("body_closed", "给城管")


def test_a_role_at_the_grid_is_passed_over_where_the_grid_is_not_known(cast: Cast) -> None:
    rule(cast, "网格", role="grid_worker", level="grid")
    rule(cast, "其余给居委会", organisation_id=cast.committee.pk)
    found = proposed(cast, cast.report("不知道在哪", place=PlaceGiven()).number)
    assert found.organisation_id == cast.committee.pk
    assert [reason.code for reason in found.earlier[0].why if not reason.ok] == ["level"]


def test_an_empty_grid_is_a_gap(cast: Cast) -> None:
    rule(cast, "楼栋长", role="building_head", level="grid")
    assert proposed(cast, cast.report().number).gap == "nobody_serves"


def test_a_body_that_returned_the_case_is_not_proposed_again(cast: Cast) -> None:
    rule(cast, "给物业", organisation_kind="property_company")
    number = cast.report().number
    cast.dispatched(number)
    cast.move(number, Verb.RETURN, cast.property_handler, reason="wrong_place", note="不在我们小区")
    assert proposed(cast, number).gap == "returned_it"
    cast.move(number, Verb.RULE, cast.dispatcher, ruling="overruled", note="在红线内")
    assert proposed(cast, number).organisation_id == cast.property_company.pk


def test_dispatching_writes_down_whether_the_rule_was_followed(cast: Cast) -> None:
    rule(cast, "给物业", organisation_kind="property_company")
    followed, other = cast.report().number, cast.report("井盖", key="2").number
    assert kept(cast.dispatched(followed))["followed"] is True
    case = cast.move(
        other,
        Verb.DISPATCH,
        cast.dispatcher,
        category_code="facilities.manhole",
        organisation_id=cast.department.pk,
    )
    assert (kept(case)["name"], kept(case)["followed"]) == ("给物业", False)
    assert kept(cast.case(other))["rule"] == kept(case)["rule"]
