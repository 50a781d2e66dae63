"""What a community decides about its cases: categories, promises; and the saved filters of its staff."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.actions.settings import categories, promises
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Stage, StartRule, Urgency
from linli.kernel.api_types import Asked, CommunityCode, Day, Line, Moment, Named, Text, Whole, Yes
from linli.kernel.worktime import Unit

Amount = Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=2, max_digits=8, examples=["5"])]


class LastDayIn(Asked):
    """The last day on which something holds."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"last_day": "2026-12-31"}]})
    last_day: Day


# -- categories --------------------------------------------------------------------------------------------


class CategorySheet(Asked):
    """What is said of a category."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name_zh": "照明", "name_en": "Lighting", "keywords": ["路灯", "不亮"], "order": 4}]
        },
    )
    name_zh: Annotated[Named, Field(max_length=60)]
    name_en: Annotated[Named, Field(max_length=80)]
    kind: Kind | None = None
    keywords: Annotated[list[Annotated[Line, Field(max_length=40)]], Field(max_length=60)] = []
    sensitive: Annotated[Yes, Field(description="such cases are never published")] = False
    order: Annotated[Whole, Field(ge=0, le=100_000, description="without it last")] | None = None

    def sheet(self) -> categories.Sheet:
        """As the action reads it."""
        return categories.Sheet(
            name_zh=self.name_zh,
            name_en=self.name_en,
            kind=self.kind.value if self.kind else "",
            keywords=tuple(self.keywords),
            sensitive=self.sensitive,
            order=self.order,
        )


class CategoryIn(CategorySheet):
    """A category to hang on the tree; its code is made from the English name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "parent": "facilities",
                    "name_zh": "照明",
                    "name_en": "Lighting",
                    "keywords": ["路灯", "不亮"],
                }
            ]
        },
    )
    community: CommunityCode
    parent: Annotated[Line, Field(max_length=60, description="code of the branch; empty for a new one")] = ""


class CategoryOut(Schema):
    """What cases can be about. The code says where it hangs."""

    code: Annotated[str, Field(examples=["facilities.lighting"])]
    name_zh: Annotated[str, Field(examples=["照明"])]
    name_en: Annotated[str, Field(examples=["Lighting"])]
    kind: Annotated[str, Field(examples=[""], description="a kind its cases usually have, or empty")]
    keywords: Annotated[list[str], Field(examples=[["路灯", "不亮"]])]
    sensitive: bool


# -- promises ----------------------------------------------------------------------------------------------


class PromiseIn(Asked):
    """A promise from a day on; it takes the place of the one for the same stage, category and urgency."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "stage": "resolve",
                    "amount": "5",
                    "unit": "working_day",
                    "start_rule": "next_day",
                    "category": "facilities",
                    "valid_from": "2026-12-01",
                    "source": "社区公约第 12 条",
                }
            ]
        },
    )
    community: CommunityCode
    stage: Stage
    amount: Amount
    unit: Unit
    start_rule: StartRule = StartRule.AT_ONCE
    category: Annotated[Line, Field(max_length=60, description="its whole branch; empty: all")] = ""
    urgency: Annotated[Urgency | None, Field(description="without it any")] = None
    valid_from: Annotated[Day | None, Field(description="without it today")] = None
    source: Annotated[Line, Field(max_length=200, description="the regulation it rests on")] = ""

    def wanted(self) -> promises.Wanted:
        """As the action reads it."""
        return promises.Wanted(
            stage=self.stage.value,
            amount=self.amount,
            unit=self.unit.value,
            start_rule=self.start_rule.value,
            category_code=self.category,
            urgency=self.urgency.value if self.urgency else "",
            valid_from=self.valid_from,
            source=self.source,
        )


class PromiseOut(Schema):
    """A dated promise."""

    id: Annotated[int, Field(examples=[12])]
    stage: Stage
    amount: Annotated[str, Field(examples=["5.00"])]
    unit: Unit
    start_rule: StartRule
    category: Annotated[str, Field(examples=["facilities"])]
    urgency: Urgency | None
    valid_from: Day
    valid_to: Annotated[Day | None, Field(description="its last day")]
    source: Annotated[str, Field(examples=["社区公约第 12 条"])]


class DueOut(Schema):
    """What a report of this moment would be promised for one stage."""

    stage: Stage
    amount: Annotated[str, Field(examples=["5.00"])]
    unit: Unit
    start_rule: StartRule
    due_at: Moment | None
    tried: Annotated[bool, Field(description="the promise that was only tried")]


# -- saved filters -----------------------------------------------------------------------------------------


class FilterIn(Asked):
    """A view of the workbench under a name; the same name again replaces it. A search is not kept."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "name": "夜间照明",
                    "query": "tab=open&category=facilities.lighting",
                }
            ]
        },
    )
    community: CommunityCode
    name: Annotated[Named, Field(max_length=40)]
    query: Annotated[Text, Field(max_length=500, description="as the workbench's address has it")]


class FilterOut(Schema):
    """A saved view."""

    id: Annotated[int, Field(examples=[17])]
    name: Annotated[str, Field(examples=["夜间照明"])]
    query: Annotated[str, Field(examples=["tab=open&category=facilities.lighting"])]
