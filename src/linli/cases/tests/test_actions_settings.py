"""What a community decides: every change is a dated row with its audit entry, made by its leader or admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from linli.cases.actions.settings import calendar, categories, filters, promises, routing
from linli.cases.models import Category, PromiseRow, RoutingRow, SavedFilter
from linli.cases.queries import promise_preview, reference, routing_trial, working_days
from linli.cases.rules.intake import Refused
from linli.cases.tests.cast import AT, Cast
from linli.kernel import calendar as kernel_calendar
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PLANTS = categories.Sheet("绿化养护", "Green spaces", keywords=("树枝", "草坪"))
FAST = promises.Wanted("sign", Decimal(2), "working_hour", "at_once", "facilities.lighting")


def code_of(refused: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(wrong.field, wrong.code) for wrong in refused.value.wrongs}


def test_a_new_category_hangs_under_its_branch_with_a_code_from_its_english_name(cast: Cast) -> None:
    made = categories.add_category(
        actor=cast.leader.actor(), community_id=cast.here.id, parent="environment", sheet=PLANTS, at=AT
    )
    assert made.code == "environment.green_spaces"
    assert reference.categories(cast.here.id)[made.code].keywords == ("树枝", "草坪")
    entry = AuditEntry.objects.get(verb="cases.add_category")
    assert entry.object == "category:environment.green_spaces"
    assert entry.actor_id == cast.leader.account_id
    assert entry.actor_role == "community_leader"


def test_a_second_category_of_the_same_english_name_gets_another_code(cast: Cast) -> None:
    for name in ("绿化", "树木"):
        sheet = categories.Sheet(name, "Green")
        made = categories.add_category(
            actor=cast.leader.actor(), community_id=cast.here.id, parent="", sheet=sheet, at=AT
        )
    assert made.code == "green_2"


def test_renaming_leaves_what_a_category_was_called_before(cast: Cast) -> None:
    sheet = categories.Sheet("路灯照明", "Street lighting", keywords=("路灯",))
    changed = categories.change_category(
        actor=cast.leader.actor(), community_id=cast.here.id, code="facilities.lighting", sheet=sheet, at=AT
    )
    old, new = Category.objects.filter(community_id=cast.here.id, code="facilities.lighting").order_by(
        "valid_from"
    )
    assert (old.name_zh, old.valid_to) == ("照明", TODAY - timedelta(days=1))
    assert (new.pk, new.name_zh, new.valid_from, new.valid_to) == (changed.pk, "路灯照明", TODAY, None)
    assert reference.every_category(cast.here.id)["facilities.lighting"].name_zh == "路灯照明"


def test_a_second_change_on_the_same_day_amends_that_day(cast: Cast) -> None:
    for name in ("照明甲", "照明乙"):
        categories.change_category(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            code="facilities.lighting",
            sheet=categories.Sheet(name, "Lighting"),
            at=AT,
        )
    rows = Category.objects.filter(community_id=cast.here.id, code="facilities.lighting")
    assert [row.name_zh for row in rows.order_by("valid_from")] == ["照明", "照明乙"]
    assert AuditEntry.objects.filter(verb="cases.change_category").count() == 2


def test_a_branch_with_categories_below_it_cannot_end_before_them(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        categories.end_category(
            actor=cast.leader.actor(), community_id=cast.here.id, code="facilities", last_day=TODAY, at=AT
        )
    assert code_of(refused) == {("last_day", "has_categories_below")}


def test_an_ended_category_is_offered_no_more_but_keeps_its_name(cast: Cast) -> None:
    Category.objects.filter(community_id=cast.here.id, code="family").update(valid_to=date(2025, 2, 1))
    reference.forget(cast.here.id)
    assert "family" not in reference.categories(cast.here.id)
    assert reference.every_category(cast.here.id)["family"].name_zh == "家庭纠纷"


def test_a_category_may_end_only_from_today_on(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        categories.end_category(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            code="family",
            last_day=TODAY - timedelta(days=1),
            at=AT,
        )
    assert code_of(refused) == {("last_day", "in_the_past")}
    ended = categories.end_category(
        actor=cast.leader.actor(), community_id=cast.here.id, code="family", last_day=TODAY, at=AT
    )
    assert ended.valid_to == TODAY


def test_a_category_needs_its_names_and_no_twin(cast: Cast) -> None:
    for sheet, wrong in (
        (categories.Sheet("", ""), {("name_zh", "missing"), ("name_en", "missing")}),
        (categories.Sheet("照明", "Lamps"), {("name_zh", "name_taken")}),
    ):
        with pytest.raises(Refused) as refused:
            categories.add_category(
                actor=cast.admin.actor(), community_id=cast.here.id, parent="facilities", sheet=sheet, at=AT
            )
        assert code_of(refused) == wrong


def test_a_new_promise_ends_the_one_before_and_clocks_that_run_keep_theirs(cast: Cast) -> None:
    receipt = cast.report()
    cast.dispatched(receipt.number)
    due = cast.case(receipt.number).due_at
    first = promises.set_promise(actor=cast.leader.actor(), community_id=cast.here.id, wanted=FAST, at=AT)
    later = promises.Wanted("sign", Decimal(1), "working_hour", "at_once", "facilities.lighting")
    second = promises.set_promise(
        actor=cast.leader.actor(), community_id=cast.here.id, wanted=later, at=AT + timedelta(days=10)
    )
    first.refresh_from_db()
    assert (first.valid_from, first.valid_to) == (TODAY, TODAY + timedelta(days=9))
    assert (second.valid_from, second.valid_to) == (TODAY + timedelta(days=10), None)
    assert cast.case(receipt.number).due_at == due


def test_a_promise_put_between_two_versions_ends_where_the_later_one_begins(cast: Cast) -> None:
    days = {10: Decimal(8), 5: Decimal(6)}
    for ahead, amount in days.items():
        wanted = promises.Wanted(
            "sign", amount, "working_hour", "at_once", valid_from=TODAY + timedelta(days=ahead)
        )
        promises.set_promise(actor=cast.leader.actor(), community_id=cast.here.id, wanted=wanted, at=AT)
    rows = PromiseRow.objects.filter(community_id=cast.here.id, stage="sign").order_by("valid_from")
    spans = [(row.valid_from, row.valid_to) for row in rows]
    assert spans[1:] == [
        (TODAY + timedelta(days=5), TODAY + timedelta(days=9)),
        (TODAY + timedelta(days=10), None),
    ]
    assert spans[0][1] == TODAY + timedelta(days=4)


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        (promises.Wanted("sign", Decimal(0), "hour"), ("amount", "positive")),
        (promises.Wanted("sign", Decimal("NaN"), "hour"), ("amount", "positive")),
        (promises.Wanted("sign", Decimal(9999), "working_day"), ("amount", "too_much")),
        (promises.Wanted("sing", Decimal(1), "hour"), ("stage", "unknown")),
        (promises.Wanted("sign", Decimal(1), "fortnight"), ("unit", "unknown")),
        (promises.Wanted("sign", Decimal(1), "hour", category_code="nothing"), ("category_code", "unknown")),
        (
            promises.Wanted("sign", Decimal(1), "hour", valid_from=date(2026, 1, 1)),
            ("valid_from", "in_the_past"),
        ),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(
    cast: Cast, wanted: promises.Wanted, wrong: tuple[str, str]
) -> None:
    before = PromiseRow.objects.count()
    with pytest.raises(Refused) as refused:
        promises.set_promise(actor=cast.leader.actor(), community_id=cast.here.id, wanted=wanted, at=AT)
    assert wrong in code_of(refused)
    assert PromiseRow.objects.count() == before


def test_the_preview_shows_when_a_report_of_now_would_be_due(cast: Cast) -> None:
    shown = promise_preview.due(
        cast.here.id, category_code="facilities.lighting", urgency="normal", at=AT, trial=FAST.as_rule(TODAY)
    )
    sign = next(one for one in shown if one.stage == "sign")
    assert sign.wanted
    assert sign.due_at == AT + timedelta(hours=2)
    assert {one.stage for one in shown} >= {"accept", "resolve"}


def test_moving_a_rule_up_keeps_yesterdays_order(cast: Cast) -> None:
    first, second = (_rule(cast, name) for name in ("甲", "乙"))
    RoutingRow.objects.update(valid_from=date(2026, 1, 1))
    routing.move_rule(actor=cast.leader.actor(), community_id=cast.here.id, rule_id=second.pk, up=True, at=AT)
    now = routing.current(cast.here.id, TODAY)
    assert [row.name for row in now] == ["乙", "甲"]
    before = RoutingRow.objects.filter(valid_to=TODAY - timedelta(days=1)).order_by("order")
    assert [row.pk for row in before] == [first.pk, second.pk]


def test_a_draft_routes_nothing_until_it_is_put_in_force(cast: Cast) -> None:
    draft = _rule(cast, "路灯给城管", draft=True)
    assert reference.routing_rules(cast.here.id) == ()
    routing.put_in_force(actor=cast.leader.actor(), community_id=cast.here.id, rule_id=draft.pk, at=AT)
    assert [rule.name for rule in reference.routing_rules(cast.here.id)] == ["路灯给城管"]


def test_a_trial_shows_which_past_cases_would_go_elsewhere_and_why(cast: Cast) -> None:
    receipt = cast.report(category_code="facilities.lighting")
    other = cast.report("垃圾没人收", category_code="environment.garbage", key="2")
    _rule(cast, "全部给物业")
    sheet = routing.Sheet(
        "路灯给城管", category_code="facilities.lighting", organisation_id=cast.department.pk
    )
    rows = list(routing.current(cast.here.id, TODAY))
    proposed = [routing.as_rule(sheet), *routing_trial.on_trial(rows)]
    with cast.inside():
        tried = routing_trial.run(cast.here.id, proposed, days=7, at=AT + timedelta(hours=1))
    assert (tried.cases, tried.unmatched, tried.differences) == (2, 0, 1)
    shown = tried.shown[0]
    assert shown.case.number == receipt.number != other.number
    assert (shown.before and shown.before.name, shown.after and shown.after.name) == (
        "全部给物业",
        "路灯给城管",
    )
    assert [reason.code for reason in shown.why] == ["in_force", "category"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"organisation_id": None}, ("target", "target_missing")),
        ({"role": "grid_worker", "level": "grid"}, ("target", "target_ambiguous")),
        ({"from_time": time(9)}, ("from_time", "window_half_open")),
        ({"name": " "}, ("name", "name_missing")),
        ({"weekdays": ()}, ("weekdays", "weekdays_empty")),
        ({"organisation_id": 10**9}, ("target", "unknown")),
        ({"place_id": 10**9}, ("place_id", "unknown")),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_and_says_where(
    cast: Cast, changes: dict[str, object], wrong: tuple[str, str]
) -> None:
    values = {"name": "甲", "organisation_id": cast.property_company.pk} | changes
    with pytest.raises(Refused) as refused:
        routing.add_rule(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            sheet=routing.Sheet(**values),
            at=AT,
        )
    assert wrong in code_of(refused)
    assert not RoutingRow.objects.filter(community_id=cast.here.id).exists()


def test_a_rule_for_a_place_of_another_community_is_refused(cast: Cast) -> None:
    sheet = routing.Sheet("甲", place_id=cast.elsewhere.grid.id, organisation_id=cast.property_company.pk)
    with pytest.raises(Refused) as refused:
        routing.add_rule(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet, at=AT)
    assert code_of(refused) == {("place_id", "unknown")}


def test_closing_a_day_moves_the_deadlines_that_run_over_it(cast: Cast) -> None:
    receipt = cast.report()
    cast.dispatched(receipt.number)
    case = cast.case(receipt.number)
    with cast.inside():
        resolve = case.clocks.get(stage="resolve")
        moved = calendar.mark_day(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            day=TODAY + timedelta(days=2),
            working=False,
            note="社区换届",
            at=AT,
        )
        after = case.clocks.get(stage="resolve")
    assert moved == 1
    assert after.due_at is not None
    assert resolve.due_at is not None
    assert after.due_at - resolve.due_at >= timedelta(days=1)
    assert AuditEntry.objects.get(verb="cases.mark_day").detail == {"working": False, "deadlines": 1}
    special = working_days.special_days(cast.here.id, 2026)
    assert [(one.day, one.working) for one in special if one.own] == [(TODAY + timedelta(days=2), False)]


def test_office_hours_hold_from_a_day_on(cast: Cast) -> None:
    calendar.set_hours(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        weekdays=[0, 5],
        from_date=TODAY + timedelta(days=7),
        spans=[["08:30", "12:00"]],
        at=AT,
    )
    days = kernel_calendar.load(cast.here.id)
    assert days.hours(TODAY)[0][0] == time(9)
    assert days.hours(TODAY + timedelta(days=7)) == ((time(8, 30), time(12)),)


def test_hours_that_are_none_are_refused_and_nothing_is_kept(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        calendar.set_hours(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            weekdays=[0],
            from_date=TODAY,
            spans=[["12:00", "09:00"]],
            at=AT,
        )
    assert code_of(refused) == {("spans", "not_hours")}


def test_a_filter_is_the_persons_own_and_keeps_no_search_words(cast: Cast) -> None:
    dispatcher = cast.dispatcher.actor()
    query = "tab=to_accept&q=13800001111&category=facilities"
    kept = filters.save_filter(actor=dispatcher, community_id=cast.here.id, name="照明", query=query, at=AT)
    assert kept.query == "tab=to_accept&category=facilities"
    with pytest.raises(NotFound):
        filters.drop_filter(actor=cast.verifier.actor(), filter_id=kept.pk, at=AT)
    filters.drop_filter(actor=dispatcher, filter_id=kept.pk, at=AT)
    assert not SavedFilter.objects.exists()


Change = Callable[[Cast, Actor], object]
CHANGES: dict[str, Change] = {
    "category": lambda cast, actor: categories.add_category(
        actor=actor, community_id=cast.here.id, parent="", sheet=PLANTS, at=AT
    ),
    "promise": lambda cast, actor: promises.set_promise(
        actor=actor, community_id=cast.here.id, wanted=FAST, at=AT
    ),
    "routing": lambda cast, actor: routing.add_rule(
        actor=actor,
        community_id=cast.here.id,
        sheet=routing.Sheet("甲", organisation_id=cast.property_company.pk),
        at=AT,
    ),
    "day": lambda cast, actor: calendar.mark_day(
        actor=actor, community_id=cast.here.id, day=TODAY, working=False, note="", at=AT
    ),
    "hours": lambda cast, actor: calendar.set_hours(
        actor=actor, community_id=cast.here.id, weekdays=[0], from_date=TODAY, spans=[], at=AT
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_only_leaders_and_admins_of_the_community_change_it(cast: Cast, change: Change) -> None:
    with pytest.raises(Forbidden):
        change(cast, cast.dispatcher.actor())
    with pytest.raises(NotFound):
        change(cast, cast.elsewhere.leader.actor())
    with cast.inside():
        change(cast, cast.admin.actor())


def _rule(cast: Cast, name: str, *, draft: bool = False) -> RoutingRow:
    sheet = routing.Sheet(name, organisation_id=cast.property_company.pk)
    return routing.add_rule(
        actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet, at=AT, draft=draft
    )
