"""What programs send and read of chasing: rungs, paths of approval, named people, letters, returns."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

from linli.cases.actions.settings import approvals, ladder
from linli.cases.rules.ladder import Act, When
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.requests import Ask, Decider
from linli.cases.schemas.report import Number
from linli.kernel.api_types import Asked, CommunityCode, Day, Id, Line, Moment, Whole, Yes
from linli.kernel.worktime import Unit

Source = Annotated[Line, Field(max_length=200, description="the regulation it rests on")]
From = Annotated[Day | None, Field(description="without it today")]
Share = Annotated[Whole, Field(ge=0, le=99, description="for `used`: how much of the promise, in percent")]
Wait = Annotated[
    Decimal,
    Field(
        ge=0,
        le=1000,
        decimal_places=2,
        max_digits=8,
        description="for `broken`: how long after; 0 is at once",
    ),
]
Days = Annotated[Decimal, Field(gt=0, le=732, decimal_places=2, max_digits=6, description="working days")]
_RUNG: dict[str, JsonValue] = {
    "community": "520113008006",
    "stage": "resolve",
    "level": 3,
    "when": "broken",
    "amount": "1",
    "unit": "working_day",
    "act": "tell_leader",
}
_PATH: dict[str, JsonValue] = {
    "community": "520113008006",
    "kind": "extend",
    "up_to": "3",
    "decider": "dispatcher",
}
_NAMED: dict[str, JsonValue] = {"community": "520113008006", "what": "arbiter", "account_id": 12}


class RungIn(Asked):
    """A rung from a day on; it takes the place of the one of the same category, urgency, stage and level."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RUNG]})
    community: CommunityCode
    stage: Stage
    level: Annotated[Whole, Field(ge=1, le=9)]
    when: When
    act: Act
    percent: Share = 0
    amount: Wait = Decimal(0)
    unit: Unit = Unit.HOUR
    days: Annotated[Days, Field(description="for `supervise` and `talk`: working days to answer")] = Decimal(
        1
    )
    category: Annotated[Line, Field(max_length=60, description="its whole branch; empty: all")] = ""
    urgency: Annotated[Urgency | None, Field(description="without it any")] = None
    valid_from: From = None
    source: Source = ""

    def wanted(self) -> ladder.Wanted:
        """As the action reads it."""
        return ladder.Wanted(
            stage=self.stage.value,
            level=self.level,
            when=self.when.value,
            act=self.act.value,
            percent=self.percent,
            amount=self.amount,
            unit=self.unit.value,
            days=self.days,
            category_code=self.category,
            urgency=self.urgency.value if self.urgency else "",
            valid_from=self.valid_from,
            source=self.source,
        )


class RungOut(Schema):
    """A rung of the ladder."""

    id: int
    category: Annotated[str, Field(examples=["facilities"])]
    urgency: Urgency | None
    stage: Stage
    level: int
    when: When
    percent: int
    amount: Annotated[str, Field(examples=["1.00"])]
    unit: Unit
    act: Act
    days: Annotated[str, Field(examples=["2.00"])]
    valid_from: Day
    valid_to: Day | None
    source: Annotated[str, Field(examples=["网格化服务管理办法 第 12 条"])]


class ApprovalIn(Asked):
    """A path of approval from a day on; it takes the place of the one of the same kind and size."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PATH]})
    community: CommunityCode
    kind: Ask
    up_to: Annotated[Days | None, Field(description="working days longer; without it any size")] = None
    decider: Decider
    basis: Annotated[Yes, Field(description="granting it takes a written basis")] = False
    valid_from: From = None
    source: Source = ""

    def wanted(self) -> approvals.Wanted:
        """As the action reads it."""
        return approvals.Wanted(
            kind=self.kind.value,
            decider=self.decider.value,
            up_to=self.up_to,
            basis=self.basis,
            valid_from=self.valid_from,
            source=self.source,
        )


class ApprovalOut(Schema):
    """A path of approval."""

    id: int
    kind: Ask
    up_to: Annotated[str | None, Field(examples=["3.00"])]
    decider: Decider
    basis: bool
    valid_from: Day
    valid_to: Day | None
    source: Annotated[str, Field(examples=["网格化服务管理办法 第 12 条"])]


class NamedIn(Asked):
    """Somebody named: the arbiter of second returns, or the head of a body."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_NAMED]})
    community: CommunityCode
    what: Literal["arbiter", "head"]
    account_id: Id
    organisation_id: Annotated[Id | None, Field(description="of a head: the body")] = None
    valid_from: From = None


class NamedOut(Schema):
    """Somebody named."""

    id: int
    what: Literal["arbiter", "head"]
    account_id: int
    organisation_id: int | None
    valid_from: Day
    valid_to: Day | None


class LetterOut(Schema):
    """A letter of supervision, or of a talk."""

    id: int
    kind: Literal["letter", "talk"]
    year: Annotated[int, Field(examples=[2026])]
    serial: Annotated[int, Field(examples=[3])]
    supervisor_id: int | None
    organisation_id: int | None
    words: Annotated[
        str,
        Field(
            examples=["三日内查明原因并修复"],
            description="what is demanded; empty where the ladder opened it",
        ),
    ]
    level: Annotated[int | None, Field(description="of the ladder, where it opened the letter")]
    opened_at: Moment
    due_at: Moment
    overdue: bool
    answer: Annotated[str, Field(examples=["已查明，线路明日更换"])]
    answered_at: Moment | None
    ended_at: Moment | None
    ended_how: Literal["", "lifted", "replaced", "settled"]
    outcome: Annotated[str, Field(examples=[""])]


class LettersOut(Schema):
    """The letters of a case, the newest first."""

    items: list[LetterOut]


class BodyReturnsOut(Schema):
    """What one body was sent and what it gave back."""

    organisation_id: Annotated[int | None, Field(description="null: people on the ground")]
    dispatched: int
    returned: int
    upheld: int
    overruled: int
    waiting: int
    share: Annotated[float | None, Field(examples=[0.125], description="returned of dispatched")]


class ReturnReasonOut(Schema):
    """How often a reason was given."""

    reason: Annotated[str, Field(examples=["wrong_place"])]
    returned: int


class PingPongOut(Schema):
    """A case that was returned more than once."""

    number: Number
    returns: int
    bodies: int
    last_at: Moment
    state: Annotated[str, Field(examples=["accepted"])]


class RuledOut(Schema):
    """How the promise to rule was kept."""

    in_time: int
    late: int
    running: int


class ReturnsOut(Schema):
    """Returns of a period."""

    since: Moment
    until: Moment
    bodies: list[BodyReturnsOut]
    reasons: list[ReturnReasonOut]
    ping_pong: list[PingPongOut]
    ruled: RuledOut
