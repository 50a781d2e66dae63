"""Routing rules: what one says, the list, and a trial before anything holds."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.actions.settings import routing
from linli.cases.rules.kinds import Kind
from linli.grids.rules.words import Level, Role
from linli.kernel.api_types import Asked, ClockTime, CommunityCode, Day, Id, Line, Named, Whole, Yes
from linli.people.api.shapes import OrganisationKind

Weekday = Annotated[Whole, Field(ge=0, le=6, description="Monday is 0")]


class RuleSheet(Asked):
    """What a rule says: under which conditions, and to whom. A condition left out is always true.

    To whom: one of `organisation_id`, `organisation_kind` (the nearest of it), or `role` with `level`.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "公共设施 → 物业", "category": "facilities", "organisation_id": 7}]
        },
    )
    name: Annotated[Named, Field(max_length=80)]
    category: Annotated[Line, Field(max_length=60, description="its whole branch")] = ""
    place_id: Annotated[Id | None, Field(description="the place and all below it")] = None
    kinds: Annotated[list[Kind], Field(max_length=7)] = []
    weekdays: Annotated[list[Weekday], Field(max_length=7)] | None = None
    from_time: Annotated[ClockTime | None, Field(description="may be later than to_time: over midnight")] = (
        None
    )
    to_time: ClockTime | None = None
    organisation_id: Id | None = None
    organisation_kind: Annotated[OrganisationKind | None, Field(description="the nearest of this kind")] = (
        None
    )
    role: Annotated[Role | None, Field(description="whoever serves in it at the case's place")] = None
    level: Annotated[Level | None, Field(description="at the case's place of this level")] = None
    valid_from: Annotated[Day | None, Field(description="without it today")] = None

    def sheet(self) -> routing.Sheet:
        """As the action reads it."""
        return routing.Sheet(
            name=self.name,
            category_code=self.category,
            place_id=self.place_id,
            kinds=tuple(kind.value for kind in self.kinds),
            weekdays=tuple(self.weekdays) if self.weekdays is not None else None,
            from_time=self.from_time,
            to_time=self.to_time,
            organisation_id=self.organisation_id,
            organisation_kind=str(self.organisation_kind.value) if self.organisation_kind else "",
            role=self.role.value if self.role else "",
            level=self.level.value if self.level else "",
        )


class RuleIn(RuleSheet):
    """A rule to add at the end of the list."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "name": "公共设施 → 物业",
                    "category": "facilities",
                    "organisation_id": 7,
                    "draft": True,
                }
            ]
        },
    )
    community: CommunityCode
    draft: Annotated[Yes, Field(description="kept and tried, but not in force")] = False


class RuleOut(Schema):
    """A routing rule in its place in the order."""

    id: Annotated[int, Field(examples=[4])]
    order: Annotated[int, Field(examples=[2])]
    name: Annotated[str, Field(examples=["公共设施 → 物业"])]
    draft: bool
    category: Annotated[str, Field(examples=["facilities"])]
    place_id: Annotated[int | None, Field(examples=[None])]
    kinds: Annotated[list[Kind], Field(examples=[[]])]
    weekdays: Annotated[list[int] | None, Field(examples=[None])]
    from_time: Annotated[ClockTime | None, Field(examples=[None])]
    to_time: Annotated[ClockTime | None, Field(examples=[None])]
    organisation_id: Annotated[int | None, Field(examples=[7])]
    organisation_kind: Annotated[str, Field(examples=[""])]
    role: Annotated[str, Field(examples=[""])]
    level: Annotated[str, Field(examples=[""])]
    valid_from: Day
    valid_to: Annotated[Day | None, Field(description="its last day")]


class InForceIn(Asked):
    """From which day a draft holds."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"valid_from": "2026-12-01"}]})
    valid_from: Annotated[Day | None, Field(description="without it today")] = None


class OrderIn(Asked):
    """Which way a rule moves, by one place."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"up": True}]})
    up: Yes


class TrialIn(Asked):
    """What to try on the cases of the last days.

    With `rule`, the rules in force and this one (in the place of `rule_id`, or last); without it, all drafts as if they
    were in force.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "days": 30,
                    "rule": {"name": "公共设施 → 物业", "category": "facilities", "organisation_id": 7},
                }
            ]
        },
    )
    community: CommunityCode
    days: Annotated[Whole, Field(ge=1, le=366)] = 30
    rule: RuleSheet | None = None
    rule_id: Id | None = None


class DifferenceOut(Schema):
    """A case that would have gone elsewhere."""

    number: Annotated[str, Field(examples=["261101021144"])]
    before_rule_id: Annotated[int | None, Field(examples=[None])]
    before: Annotated[str, Field(examples=[""])]
    after_rule_id: Annotated[int | None, Field(examples=[4], description="0: the rule being tried")]
    after: Annotated[str, Field(examples=["公共设施 → 物业"])]


class FlawOut(Schema):
    """Something wrong in the set of rules."""

    rule_id: Annotated[int, Field(examples=[5])]
    code: Annotated[str, Field(examples=["never_reached"])]
    other_id: Annotated[int | None, Field(examples=[4])]


class TrialOut(Schema):
    """What came of the trial; `shown` are the newest of the differences."""

    days: Annotated[int, Field(examples=[30])]
    cases: Annotated[int, Field(examples=[96])]
    unmatched: Annotated[int, Field(examples=[12])]
    differences: Annotated[int, Field(examples=[23])]
    shown: list[DifferenceOut]
    problems: Annotated[list[FlawOut], Field(examples=[[]])]
