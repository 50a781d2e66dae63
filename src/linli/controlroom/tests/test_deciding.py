"""Deciding how rates are counted, and leaving cases out: who may, from when, once, and what stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from linli.cases.rules.intake import Refused
from linli.cases.tests.cast import AT, Cast, Person
from linli.cases.tests.desk import at_desk, text
from linli.controlroom.actions import definitions, exclusions
from linli.controlroom.models import DefinitionRow, Exclusion
from linli.controlroom.queries import definitions as held
from linli.controlroom.queries import figures
from linli.controlroom.rules.definitions import SHIPPED, Handling
from linli.controlroom.rules.figures import period_of_days
from linli.controlroom.tests.days import a_day
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.clock import LOCAL
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
AGAINST = replace(SHIPPED["solved_rate"], silent=Handling.AGAINST)
TODAY = date(2026, 11, 23)


def decide(
    cast: Cast, *, by: Person | None = None, day: date | None = None, at: datetime = AT, **changes: Any
) -> DefinitionRow:
    """The resolution rate counted otherwise."""
    wanted = definitions.Wanted(replace(AGAINST, **changes), day, why="与街道考核一致")
    actor = (by or cast.leader).actor(at)
    return definitions.set_definition(actor=actor, community_id=cast.here.id, wanted=wanted, at=at)


class TestDefinitions:
    """Dated versions; the past keeps its own."""

    @pytest.mark.parametrize("who", ["dispatcher", "auditor", "verifier", "grid_worker"])
    def test_only_keepers_decide(self, cast: Cast, who: str) -> None:
        with pytest.raises(Forbidden):
            decide(cast, by=getattr(cast, who))

    def test_others_see_no_such_community(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            decide(cast, by=cast.elsewhere.leader)

    def test_a_version_ends_the_day_before_the_next(self, cast: Cast) -> None:
        first = decide(cast)
        second = decide(cast, day=TODAY + timedelta(days=8), unreachable=Handling.AGAINST)
        between = decide(cast, day=TODAY + timedelta(days=3), stars=3)
        days = [(row.valid_from, row.valid_to) for row in DefinitionRow.objects.order_by("valid_from")]
        assert days == [
            (TODAY, TODAY + timedelta(days=2)),
            (TODAY + timedelta(days=3), TODAY + timedelta(days=7)),
            (TODAY + timedelta(days=8), None),
        ]
        assert len({first.pk, second.pk, between.pk}) == 3

    def test_the_same_day_again_amends_that_day(self, cast: Cast) -> None:
        assert decide(cast).pk == decide(cast, silent=Handling.FOR).pk
        assert held.held(cast.here.id).on("solved_rate", TODAY).silent is Handling.FOR

    def test_the_past_stays_as_it_was(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            decide(cast, day=TODAY - timedelta(days=1))
        decide(cast)
        assert held.held(cast.here.id).on("solved_rate", TODAY - timedelta(days=1)) == SHIPPED["solved_rate"]

    def test_a_trend_is_counted_day_by_day_by_what_held_then(self, cast: Cast) -> None:
        a_day(cast, at=AT - timedelta(days=2))
        a_day(cast, at=AT - timedelta(days=1))
        decide(cast, at=AT - timedelta(days=1))
        period = period_of_days(TODAY - timedelta(days=2), TODAY - timedelta(days=1), LOCAL)
        with cast.inside():
            old, new = figures.figures(
                ["solved_rate"], community_id=cast.here.id, period=period, at=AT, by="day"
            )
        assert (old.definition, old.denominator, old.value) == ("shipped", 1, 1.0)
        assert (new.denominator, new.numerator) == (3, 1)
        assert new.definition != "shipped"

    def test_a_version_to_come_can_be_taken_back(self, cast: Cast) -> None:
        first = decide(cast)
        second = decide(cast, day=TODAY + timedelta(days=8))
        with pytest.raises(NotFound):
            definitions.drop_definition(
                actor=cast.leader.actor(), community_id=cast.here.id, definition_id=first.pk, at=AT
            )
        definitions.drop_definition(
            actor=cast.leader.actor(), community_id=cast.here.id, definition_id=second.pk, at=AT
        )
        first.refresh_from_db()
        assert first.valid_to is None

    def test_a_change_says_why_and_is_on_record(self, cast: Cast) -> None:
        wanted = definitions.Wanted(AGAINST, None, why="  ")
        with pytest.raises(Refused) as refused:
            definitions.set_definition(
                actor=cast.leader.actor(), community_id=cast.here.id, wanted=wanted, at=AT
            )
        assert [wrong.field for wrong in refused.value.wrongs] == ["why"]
        decide(cast)
        entry = AuditEntry.objects.filter(verb="controlroom.set_definition").get()
        assert entry.detail["now"]["silent"] == "against"


class TestExclusions:
    """One case, a reason, two persons."""

    def ask(self, cast: Cast, number: str, by: Person | None = None, **given: Any) -> Exclusion:
        """Somebody asks."""
        asked = {"codes": (), "reason": "force_majeure", "why": "台风停电两天", **given}
        with cast.inside():
            return exclusions.ask(actor=(by or cast.dispatcher).actor(), number=number, at=AT, **asked)

    def test_a_case_asked_for_counts_until_it_is_granted(self, cast: Cast) -> None:
        number = a_day(cast)["rated"]
        asked = self.ask(cast, number)
        with cast.inside():
            exclusions.decide(
                actor=cast.leader.actor(), exclusion_id=asked.pk, granted=False, answer="理由不足", at=AT
            )
            again = self.ask(cast, number)
            exclusions.decide(
                actor=cast.leader.actor(), exclusion_id=again.pk, granted=True, answer="属实同意", at=AT
            )
            exclusions.lift(actor=cast.leader.actor(), exclusion_id=again.pk, at=AT)
        assert Exclusion.objects.count() == 0  # outside of every community
        with cast.inside():
            assert Exclusion.objects.count() == 2
        verbs = (
            AuditEntry.objects.filter(verb__startswith="controlroom.")
            .order_by("pk")
            .values_list("verb", flat=True)
        )
        assert [verb.partition(".")[2] for verb in verbs] == [
            "ask_exclusion", "refuse_exclusion", "ask_exclusion", "grant_exclusion", "lift_exclusion",
        ]  # fmt: skip

    def test_nobody_decides_what_they_asked_for(self, cast: Cast) -> None:
        asked = self.ask(cast, a_day(cast)["rated"], by=cast.leader)
        with cast.inside(), pytest.raises(Forbidden) as refused:
            exclusions.decide(
                actor=cast.leader.actor(), exclusion_id=asked.pk, granted=True, answer="属实同意", at=AT
            )
        assert refused.value.code == "needs_another_person"

    def test_it_is_asked_for_once_and_decided_once(self, cast: Cast) -> None:
        number = a_day(cast)["rated"]
        asked = self.ask(cast, number)
        with pytest.raises(Refused):
            self.ask(cast, number)
        with cast.inside():
            exclusions.decide(
                actor=cast.leader.actor(), exclusion_id=asked.pk, granted=True, answer="属实同意", at=AT
            )
            with pytest.raises(Forbidden):
                exclusions.decide(
                    actor=cast.leader.actor(), exclusion_id=asked.pk, granted=False, answer="再想想吧", at=AT
                )
        with pytest.raises(Refused):
            self.ask(cast, number)

    @pytest.mark.parametrize(
        "given", [{"reason": "mood"}, {"why": "  嗯 "}, {"codes": ("open",)}, {"why": "长" * 2001}]
    )
    def test_what_says_nothing_is_refused(self, cast: Cast, given: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            self.ask(cast, a_day(cast)["rated"], **given)

    def test_who_does_not_see_the_case_cannot_ask(self, cast: Cast) -> None:
        number = a_day(cast)["rated"]
        with pytest.raises(NotFound):
            self.ask(cast, number, by=cast.elsewhere.dispatcher)
        with pytest.raises(Forbidden):
            self.ask(cast, number, by=cast.verifier)

    def test_it_leaves_the_case_out_of_the_named_rates_only(self, cast: Cast) -> None:
        asked = self.ask(cast, a_day(cast)["rated"], codes=("solved_rate",))
        period = period_of_days(TODAY, TODAY, LOCAL)
        with cast.inside():
            exclusions.decide(
                actor=cast.leader.actor(), exclusion_id=asked.pk, granted=True, answer="属实同意", at=AT
            )
            solved, satisfied = figures.figures(
                ["solved_rate", "satisfied_rate"],
                community_id=cast.here.id,
                period=period,
                at=AT + timedelta(hours=8),
            )
        assert (solved.value, dict(solved.reasons)["approved"]) == (None, 1)
        assert (satisfied.denominator, dict(satisfied.reasons).get("approved")) == (1, None)


@pytest.mark.usefixtures("this_evening")
class TestPages:
    """The same on the pages."""

    FORM = {  # noqa: RUF012
        "counted_on": "reported", "source": "either", "unreachable": "against", "silent": "dropped",
        "leave_out": ["inquiry"], "approved_out": "on", "owner": "last",
        "valid_from": "", "why": "与街道考核一致", "source_of_it": "街道 18 号",
    }  # fmt: skip

    def test_a_leader_tries_a_definition_and_saves_it(self, cast: Cast) -> None:
        a_day(cast)
        leader = at_desk(cast, cast.leader)
        path = "/control/settings/definitions/solved_rate/"
        tried = text(leader.client.post(f"{path}?period=today", {**self.FORM, "try": "1"}))
        assert "按您填写的口径" in tried
        assert DefinitionRow.objects.count() == 0
        assert leader.client.post(path, {**self.FORM, "save": "1"}).status_code == 302
        page = text(leader.get(path))
        assert "现行" in page
        assert "街道 18 号" in page
        assert "按上报日归期" in text(leader.get("/control/figures/solved_rate/"))

    def test_what_is_wrong_stands_beside_its_field(self, cast: Cast) -> None:
        leader = at_desk(cast, cast.leader)
        path = "/control/settings/definitions/three_rates_score/"
        form = {
            "weight_response_rate": 30,
            "weight_solved_rate": 30,
            "weight_satisfied_rate": 30,
            "why": "试试",
        }
        answer = leader.client.post(path, {**form, "save": "1"})
        assert answer.status_code == 422
        assert "现在是 90" in text(answer)
        assert leader.client.post(path, {**form, "weight_solved_rate": "x", "save": "1"}).status_code == 422
        yesterday = {**self.FORM, "valid_from": "2026-11-22", "save": "1"}
        assert leader.client.post("/control/settings/definitions/solved_rate/", yesterday).status_code == 422

    def test_a_dispatcher_reads_definitions_and_changes_none(self, cast: Cast) -> None:
        clerk = at_desk(cast, cast.dispatcher)
        assert 'name="save"' not in text(clerk.get("/control/settings/definitions/solved_rate/"))
        assert clerk.client.post("/control/settings/definitions/solved_rate/", self.FORM).status_code == 403

    def test_a_case_is_asked_for_on_one_page_and_granted_on_another(self, cast: Cast) -> None:
        number = a_day(cast)["rated"]
        clerk, leader = at_desk(cast, cast.dispatcher), at_desk(cast, cast.leader)
        page = f"/control/exclusions/case/{number}/"
        assert "解决率" in text(clerk.get(page, code="solved_rate"))
        assert clerk.client.post(page, {"reason": "other", "why": ""}).status_code == 422
        assert clerk.client.post(page, {"reason": "force_majeure", "why": "台风停电两天"}).status_code == 302
        assert clerk.client.post(page, {"reason": "force_majeure", "why": "再点一次看看"}).status_code == 422
        with cast.inside():
            asked = Exclusion.objects.get()
        assert "批准剔除" not in text(clerk.get("/control/exclusions/"))
        assert "批准剔除" in text(leader.get("/control/exclusions/"))
        address = f"/control/exclusions/{asked.pk}/decide/"
        wrong = leader.client.post(address, {"granted": "yes", "answer": ""})
        assert wrong.status_code == 422
        assert leader.client.post(address, {"granted": "yes", "answer": "属实，同意"}).status_code == 302
        twice = leader.client.post(address, {"granted": "no", "answer": "属实，同意"}, follow=True)
        assert "已经有人审批过了" in text(twice)
        assert "李书记" in text(clerk.get("/control/exclusions/", view="holding"))
        assert leader.client.post(f"/control/exclusions/{asked.pk}/lift/").status_code == 302
        assert "恢复计入" in text(leader.get("/control/exclusions/", view="ended"))

    @pytest.mark.parametrize(
        "query", [{"view": "all"}, {"page": "0"}, {"page": "x"}, {"page": "٣"}, {"page": "9" * 50}]
    )
    def test_an_address_made_up_is_not_found(self, cast: Cast, query: dict[str, str]) -> None:
        assert at_desk(cast, cast.leader).get("/control/exclusions/", **query).status_code == 404
