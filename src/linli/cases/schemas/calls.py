"""Whistles and call-backs: what programs send and read."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.actions.callback import Said
from linli.cases.actions.settings.callbacks import Line as PlanLine
from linli.cases.rules import whistle as rules
from linli.cases.rules.callback import Tried, Trigger
from linli.cases.rules.intake import MAX_WORDS, Channel, clean_words
from linli.cases.rules.whistle import Answer, Answered, Blown, Concluded, Next, Part
from linli.cases.rules.workflow import CALL_OFF_REASONS
from linli.cases.schemas.report import Number
from linli.kernel.api_types import Asked, CommunityCode, Day, Id, Line, Moment, Whole, Yes

How = Literal[
    "called", "coming", "declined", "excused", "expected", "arrived", "late", "absent", "off",
]  # fmt: skip
Words = Annotated[str, Field(max_length=rules.LONGEST)]
Public = Annotated[str, Field(max_length=MAX_WORDS, description="the resident reads it")]
Lon = Annotated[float, Field(ge=-180, le=180, examples=[106.6497])]
Lat = Annotated[float, Field(ge=-90, le=90, examples=[26.6801])]


class CalleeIn(Asked):
    """A body to call."""

    organisation_id: Id
    words: Annotated[Words, Field(description="asked of this body alone")] = ""


class WhistleIn(Asked):
    """A call of several bodies to a place at a time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "bodies": [{"organisation_id": 7}, {"organisation_id": 9, "words": "带抽水泵"}],
                    "meet_at": "2026-11-23T12:00:00+08:00",
                    "place": "8 栋门口",
                    "words": "路面塌陷，请到场会商",
                }
            ]
        },
    )
    bodies: Annotated[list[CalleeIn], Field(max_length=rules.MOST_BODIES)]
    meet_at: Moment
    place: Annotated[Line, Field(max_length=rules.LONGEST_PLACE)]
    words: Words
    lon: Lon | None = None
    lat: Lat | None = None

    def blown(self) -> Blown:
        """As the rules read it."""
        return Blown(
            parts=tuple(Part(one.organisation_id, clean_words(one.words)) for one in self.bodies),
            meet_at=self.meet_at,
            place=self.place,
            words=clean_words(self.words),
            lon=self.lon,
            lat=self.lat,
        )


class CallAnswerIn(Asked):
    """What a called body says."""

    answer: Literal["coming", "declined"]
    reason: Annotated[
        Line, Field(max_length=30, description=f"of declining: {', '.join(rules.DECLINE_REASONS)}")
    ] = ""
    words: Words = ""

    def answered(self, call_id: int) -> Answered:
        """As the rules read it."""
        return Answered(call_id, Answer(self.answer), self.reason, clean_words(self.words))


class ArrivalIn(Asked):
    """That a body is there, or leaves."""

    arrived_at: (
        Annotated[Moment, Field(description="only who called may give another moment than now")] | None
    ) = None
    left: Yes = False

    def answered(self, call_id: int) -> Answered:
        """As the rules read it."""
        return Answered(call_id, arrived_at=self.arrived_at, left=self.left)


class NextStepIn(Asked):
    """A next step that was agreed."""

    organisation_id: Id
    words: Words
    until: Annotated[Moment, Field(description="without it the community's own promise holds")] | None = None


class ConclusionIn(Asked):
    """The joint conclusion."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "words": "管道老化渗水，先回填再换管",
                    "answer": "现场已会商，本周内修好。",
                    "agreed": [7, 9],
                    "steps": [{"organisation_id": 7, "words": "回填路面"}],
                }
            ]
        },
    )
    words: Annotated[Words, Field(description="what was found and agreed; the bodies read it")]
    answer: Public
    agreed: Annotated[
        list[Id], Field(max_length=rules.MOST_BODIES, description="ids of the bodies that agree")
    ] = []
    steps: Annotated[list[NextStepIn], Field(max_length=rules.MOST_STEPS)] = []

    def concluded(self, whistle_id: int) -> Concluded:
        """As the rules read it."""
        steps = tuple(Next(one.organisation_id, clean_words(one.words), one.until) for one in self.steps)
        return Concluded(whistle_id, clean_words(self.words), frozenset(self.agreed), steps)


class CallOffIn(Asked):
    """Why nobody needs to come."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "settled_already"}]})
    reason: Annotated[Line, Field(max_length=30, description=", ".join(CALL_OFF_REASONS))]
    note: Annotated[str, Field(max_length=MAX_WORDS)] = ""


class CalleeOut(Schema):
    """One called body as it stands."""

    id: Annotated[int, Field(examples=[5])]
    organisation_id: Annotated[int, Field(examples=[7])]
    organisation: Annotated[str, Field(examples=["安居物业"])]
    task_id: Annotated[int, Field(examples=[31])]
    asked: Annotated[str, Field(examples=["带抽水泵"])]
    standing: How
    answer: Literal["", "coming", "declined"]
    reason: Annotated[str, Field(examples=[""])]
    words: Annotated[str, Field(examples=["半小时内到"])]
    answered_at: Moment | None
    excused_at: Moment | None
    arrived_at: Moment | None
    written_down_by_caller: bool
    left_at: Moment | None
    agrees: bool | None


class NextStepOut(Schema):
    """A next step, which is a part of the case."""

    task_id: Annotated[int, Field(examples=[33])]
    organisation_id: Annotated[int, Field(examples=[7])]
    words: Annotated[str, Field(examples=["回填路面"])]
    state: Literal["open", "done", "cancelled"]
    until: Moment | None


class WhistleOut(Schema):
    """One whistle with its bodies."""

    id: Annotated[int, Field(examples=[3])]
    number: Number
    state: Literal["open", "concluded", "called_off", "lapsed"]
    place: Annotated[str, Field(examples=["8 栋门口"])]
    lon: Annotated[float | None, Field(examples=[106.6497])]
    lat: Annotated[float | None, Field(examples=[26.6801])]
    meet_at: Moment
    words: Annotated[str, Field(examples=["路面塌陷，请到场会商"])]
    caller_id: int
    called_at: Moment
    grace_minutes: int
    ended_at: Moment | None
    reason: Annotated[str, Field(examples=[""], description="why it was called off")]
    conclusion: Annotated[str, Field(examples=[""])]
    public_words: Annotated[str, Field(examples=[""], description="of the conclusion: the resident reads it")]
    calls: list[CalleeOut]
    steps: list[NextStepOut]


class AttendanceOut(Schema):
    """How one body came when it was called."""

    organisation_id: Annotated[int, Field(examples=[7])]
    organisation: Annotated[str, Field(examples=["安居物业"])]
    called: int
    answered: int
    late_answers: int
    in_time: int
    late: int
    absent: int
    excused: int
    off: int
    open: int
    share_in_time: float | None


# -- call-backs --------------------------------------------------------------------------------------------


class CallNoteIn(Asked):
    """How a call went."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"outcome": "reached", "solved": True, "stars": 5}, {"outcome": "no_answer"}]
        },
    )
    outcome: Tried
    tries_seen: (
        Annotated[Whole, Field(ge=0, description="calls made when you looked; another number is a 409")]
        | None
    ) = None
    solved: Yes | None = None
    stars: Annotated[Whole, Field(ge=1, le=5)] | None = None
    complaint: Annotated[Line, Field(max_length=20)] = ""
    words: Annotated[str, Field(max_length=MAX_WORDS, description="what the resident said")] = ""
    wants_reopening: Yes | None = None
    again_at: Moment | None = None

    def said(self) -> Said:
        """As the action reads it."""
        return Said(
            outcome=self.outcome,
            tries_seen=self.tries_seen,
            solved=self.solved,
            stars=self.stars,
            complaint=self.complaint,
            words=clean_words(self.words),
            wants_reopening=self.wants_reopening,
            again_at=self.again_at,
        )


class ReasonedIn(Asked):
    """A reasoned answer to a resident who is not satisfied."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"answer": "加装电梯需全体业主表决，已列入下次大会。"}]},
    )
    answer: Public


class ReasonedRulingIn(Asked):
    """What a leader makes of a reasoned answer."""

    approved: Yes
    answer: Annotated[Public, Field(description="empty: as it was proposed")] = ""
    note: Annotated[str, Field(max_length=MAX_WORDS)] = ""


class CallBackOut(Schema):
    """One closing with its lot, and what came of calling."""

    id: Annotated[int, Field(examples=[12])]
    number: Number
    round: int
    closed_at: Moment
    organisation_id: int | None
    category: Annotated[str, Field(examples=["facilities.lighting"])]
    channel: Channel
    special: list[Trigger]
    lot: Annotated[int, Field(examples=[113893])]
    share: Annotated[str, Field(examples=["20.00"], description="percent, a decimal number")]
    why: Annotated[
        Literal["", "rule", "no_plan", "minimum", "asked"],
        Field(description="why it is called; empty: not drawn"),
    ]
    state: Literal["skipped", "open", "done", "lapsed"]
    tries: int
    again_at: Moment | None
    outcome: Literal["", "reached", "unreachable", "refused", "wrong_number", "no_contact"]
    called_at: Moment | None
    solved: bool | None
    satisfied: bool | None
    stars: int | None
    complaint: Annotated[str, Field(examples=[""])]
    reopened: bool
    answer: Annotated[str, Field(examples=[""])]
    approved: bool | None


class CallBacksOut(Schema):
    """A page of call-backs."""

    items: list[CallBackOut]
    more: bool


class MonthDrawOut(Schema):
    """A month's draw, repeated just now."""

    month: Annotated[str, Field(examples=["2026-11"])]
    seed: Annotated[
        str, Field(examples=["9f2c41d07be85a36"], description="empty for a leader until the month is over")
    ]
    digest: Annotated[
        str,
        Field(
            examples=["94fc85f1149ccd0c3312605896645785527be6bfad73804053404b4ec02f0b28"],
            description="SHA-256 of the seed",
        ),
    ]
    closings: int
    drawn: int
    differing: Annotated[list[Number], Field(description="cases whose draw does not come out as it is kept")]


class PlanLineIn(Asked):
    """A line of the plan."""

    community: CommunityCode
    share: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2, max_digits=5, examples=["20"])]
    category: Annotated[Line, Field(max_length=60)] = ""
    organisation_id: Id | None = None
    channel: Channel | None = None
    special: Trigger | None = None
    minimum: Annotated[Whole, Field(ge=0, le=1000)] = 0
    valid_from: Annotated[Day, Field(description="tomorrow or later; without it tomorrow")] | None = None

    def wanted(self) -> PlanLine:
        """As the action reads it."""
        return PlanLine(
            share=self.share,
            category_code=self.category,
            organisation_id=self.organisation_id,
            channel=self.channel.value if self.channel else "",
            trigger=self.special.value if self.special else "",
            minimum=self.minimum,
            valid_from=self.valid_from,
        )


class PlanLineOut(Schema):
    """A line of the plan of calling back."""

    id: Annotated[int, Field(examples=[2])]
    share: Annotated[str, Field(examples=["20.00"])]
    category: Annotated[str, Field(examples=["facilities"])]
    organisation_id: int | None
    channel: Annotated[str, Field(examples=["hotline"])]
    special: Annotated[str, Field(examples=[""])]
    minimum: int
    valid_from: Day
    valid_to: Day | None
