"""Topics, repeat problems and lasting fixes as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.kernel.api_types import Asked, CommunityCode, Day, Id, Line, Moment, Named, Text, Yes
from linli.triage.actions import fixes
from linli.triage.actions.finding_topics import LONGEST
from linli.triage.actions.topics import LONGEST_NOTE


class HeatOut(Schema):
    """What a heat is made of: counts, and the points they give; the points add up to the heat."""

    total: Annotated[float, Field(examples=[41.3])]
    people: Annotated[int, Field(examples=[7])]
    votes: Annotated[int, Field(examples=[3], description="those who joined without a report of their own")]
    days: Annotated[int, Field(examples=[4])]
    earlier: Annotated[int, Field(examples=[2], description="reports of the period's first half")]
    later: Annotated[int, Field(examples=[5], description="and of its second half")]
    people_points: Annotated[float, Field(examples=[30.0])]
    votes_points: Annotated[float, Field(examples=[12.0])]
    days_points: Annotated[float, Field(examples=[9.3])]
    growth_points: Annotated[float, Field(examples=[4.0])]


class TopicOut(Schema):
    """A hot topic as it stands in a period."""

    id: Annotated[int, Field(examples=[31])]
    title: Annotated[str, Field(examples=["8 栋 · 电梯天天坏"])]
    place_id: Annotated[int | None, Field(examples=[12])]
    category: Annotated[str, Field(examples=["电梯"])]
    state: Annotated[str, Field(examples=["open"], description="open or known")]
    note: Annotated[str, Field(examples=[""], description="why it is known")]
    heat: HeatOut
    cases: Annotated[int, Field(examples=[9])]
    open_cases: Annotated[int, Field(examples=[6])]
    first_at: Moment
    last_at: Moment
    daily: Annotated[
        list[int], Field(examples=[[0, 1, 2, 0, 3, 1, 2]], description="reports of each local day")
    ]
    lon: Annotated[float | None, Field(examples=[106.65])]
    lat: Annotated[float | None, Field(examples=[26.65])]
    head: Annotated[str, Field(examples=[""], description="number of the joint case")]
    members: Annotated[list[str], Field(examples=[["261123048213"]], description="numbers of its cases")]


class TopicsOut(Schema):
    """The topics of a period, hottest first."""

    as_of: Annotated[Moment | None, Field(description="when they were last worked out")]
    items: list[TopicOut]


class TopicName(Asked):
    """What people call a topic."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "8 栋电梯"}]})
    name: Annotated[Line, Field(max_length=LONGEST, description="empty: as the machine calls it")]


class TopicKnown(Asked):
    """Whether a topic is known, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"known": True, "note": "维保单位已约 28 日换曳引机。"}]},
    )
    known: Yes
    note: Annotated[Line, Field(max_length=LONGEST_NOTE, description="needed when it is known")] = ""


class TopicMerge(Asked):
    """Which topic another becomes part of."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"into": 32}]})
    into: Id


class TopicJoint(Asked):
    """The joint case of a topic, and the cases to be merged into it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"head": "261123048213", "numbers": ["261123048345"]}]},
    )
    head: Annotated[Named, Field(max_length=20)]
    numbers: Annotated[list[Annotated[Named, Field(max_length=20)]], Field(max_length=200)] = []


class TopicJointEach(Schema):
    """What became of one case."""

    number: Annotated[str, Field(examples=["261123048345"])]
    hindrance: Annotated[str, Field(examples=[""], description="why it was not merged; empty when it was")]


class TopicJointOut(Schema):
    """The joint case, and what became of the others."""

    head: Annotated[str, Field(examples=["261123048213"])]
    items: list[TopicJointEach]


class FixShort(Schema):
    """A lasting fix in short."""

    id: Annotated[int, Field(examples=[4])]
    title: Annotated[str, Field(examples=["换 8 栋整条线路"])]
    state: Annotated[str, Field(examples=["planned"], description="planned, under_way, done or given_up")]
    organisation_id: Annotated[int | None, Field(examples=[7])]
    from_date: Day
    until_date: Day


class RepeatOut(Schema):
    """A problem that came back after it was closed."""

    id: Annotated[int, Field(examples=[8])]
    place: Annotated[str, Field(examples=["8 栋"])]
    place_id: Annotated[int | None, Field(examples=[12])]
    category: Annotated[str, Field(examples=["facilities.lighting"])]
    times: Annotated[int, Field(examples=[4])]
    returns: Annotated[int, Field(examples=[3])]
    residents: Annotated[int, Field(examples=[5])]
    hours: Annotated[
        float | None, Field(examples=[2.5], description="working hours from sending to done, on average")
    ]
    cost: Annotated[float, Field(examples=[50.0], description="times × hours × residents")]
    open_cases: Annotated[int, Field(examples=[1])]
    first_at: Moment
    last_at: Moment
    lon: Annotated[float | None, Field(examples=[106.65])]
    lat: Annotated[float | None, Field(examples=[26.65])]
    fix: FixShort | None


class RepeatsOut(Schema):
    """The repeat problems, dearest first."""

    as_of: Annotated[Moment | None, Field(description="when they were last worked out")]
    items: list[RepeatOut]


class FixSheet(Asked):
    """What a lasting fix says."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "换 8 栋整条线路",
                    "plan": "拆旧线，换镀锌管，装漏电保护。",
                    "organisation_id": 7,
                    "budget": "维修基金 1.2 万元",
                    "from_date": "2026-12-01",
                    "until_date": "2027-01-31",
                }
            ]
        },
    )
    title: Annotated[Named, Field(max_length=fixes.LONGEST_TITLE)]
    plan: Annotated[Text, Field(min_length=1, max_length=fixes.LONGEST_PLAN)]
    organisation_id: Id
    budget: Annotated[Line, Field(max_length=fixes.LONGEST_BUDGET)] = ""
    from_date: Day
    until_date: Day
    state: Literal["planned", "under_way", "done", "given_up"] = "planned"
    result: Annotated[Text, Field(max_length=fixes.LONGEST_PLAN, description="needed once it is over")] = ""

    def sheet(self) -> fixes.Sheet:
        """As the action reads it."""
        return fixes.Sheet(
            title=self.title,
            plan=self.plan,
            organisation_id=self.organisation_id,
            from_date=self.from_date,
            until_date=self.until_date,
            budget=self.budget,
            state=self.state,
            result=self.result,
        )


class FixIn(FixSheet):
    """A lasting fix to write down."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "repeat_id": 8,
                    "title": "换 8 栋整条线路",
                    "plan": "拆旧线，换镀锌管，装漏电保护。",
                    "organisation_id": 7,
                    "from_date": "2026-12-01",
                    "until_date": "2027-01-31",
                }
            ]
        },
    )
    community: CommunityCode
    repeat_id: Annotated[Id | None, Field(description="the repeat problem it is to end")] = None


class FixOut(FixShort):
    """A lasting fix."""

    plan: Annotated[str, Field(examples=["拆旧线，换镀锌管，装漏电保护。"])]
    budget: Annotated[str, Field(examples=["维修基金 1.2 万元"])]
    result: Annotated[str, Field(examples=[""])]
    changed_at: Moment
    cases: Annotated[
        list[str], Field(examples=[["261123048213"]], description="numbers of the cases tied to it")
    ]
