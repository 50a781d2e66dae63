"""A case as readers get it: the row, the story with clocks and moves, and what lies beside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.rules.intake import Channel
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Stage, StartRule, Urgency
from linli.cases.rules.workflow import Need, State, Verb
from linli.cases.schemas.report import FileOut, Number, Secret
from linli.kernel.api_types import Asked, Line, Moment
from linli.kernel.worktime import Unit
from linli.people.actions.contact import WhyRead

Standing = Literal["in_time", "at_risk", "broken", "paused", "none"]
Purpose = Literal["handle_case", "follow_up", "emergency", "own_request"]
Decimals = Annotated[str, Field(examples=["5.00"], description="a decimal number")]
_WORDS = "8 栋门口的路灯不亮,晚上看不见路"


class CaseOut(Schema):
    """A case as it stands. Names are in the language of whoever asks."""

    number: Number
    community_id: Annotated[int, Field(examples=[1])]
    kind: Kind
    category: Annotated[
        str, Field(examples=["facilities.lighting"], description="empty until it is classified")
    ]
    urgency: Urgency
    state: State
    channel: Channel
    words: Annotated[str, Field(examples=[_WORDS])]
    grid_id: Annotated[int | None, Field(examples=[41])]
    grid: Annotated[str, Field(examples=["3 网格"])]
    building_id: Annotated[int | None, Field(examples=[80])]
    building: Annotated[str, Field(examples=["8 栋"])]
    place_path: Annotated[str, Field(examples=["1.5.41.80."], description="ids from the community down")]
    address: Annotated[str, Field(examples=["8栋门口"])]
    lon: Annotated[float | None, Field(examples=[106.6497])]
    lat: Annotated[float | None, Field(examples=[26.6801])]
    organisation_id: Annotated[int | None, Field(examples=[7])]
    organisation: Annotated[str, Field(examples=["安居物业"])]
    handler_id: Annotated[int | None, Field(examples=[212], description="only for staff")]
    reported_at: Moment
    state_at: Moment
    closed_at: Moment | None
    due_at: Annotated[Moment | None, Field(description="of the promise that runs out next")]
    due_stage: Annotated[Stage | Literal[""], Field(examples=["resolve"])]
    clock: Annotated[Standing, Field(description="how that promise stands")]
    quarantined: bool
    escalated: bool
    supervised_until: Moment | None
    returns: Annotated[int, Field(examples=[0])]
    reopenings: Annotated[int, Field(examples=[0])]
    urges: Annotated[int, Field(examples=[1])]
    supporters: Annotated[int, Field(examples=[2], description="other people who say the same")]
    solved: Annotated[bool | None, Field(description="the resident's own word")]
    stars: Annotated[int | None, Field(examples=[5])]
    answer: Annotated[str, Field(examples=["灯泡已更换,今晚起亮灯。"], description="what the resident reads")]
    published_at: Moment | None
    outside_number: Annotated[str, Field(examples=[""])]
    version: Annotated[int, Field(examples=[6], description="counts the moves; the number in the ETag")]


class CasePage(Schema):
    """A page of cases. Ask again with ``cursor`` for the next one; it is empty on the last page."""

    items: list[CaseOut]
    cursor: Annotated[str, Field(examples=["WyIyMDI2LTExLTIzVDAyOjAwOjAwKzAwOjAwIiwgNDJd"])]


class EntryOut(Schema):
    """One line of the timeline. Residents read no names of staff and no internal notes."""

    seq: Annotated[int, Field(examples=[2])]
    verb: Verb
    from_state: State | Literal[""]
    to_state: State
    at: Moment
    role: Annotated[str, Field(examples=["dispatcher"])]
    who: Annotated[str, Field(examples=["刘调度"])]
    body: Annotated[str, Field(examples=["安居物业"])]
    reason: Annotated[str, Field(examples=[""])]
    note: Annotated[str, Field(examples=[""], description="internal; always empty for residents")]
    answer: Annotated[str, Field(examples=[""], description="what the resident reads")]
    data: Annotated[dict[str, Any], Field(examples=[{"category": "facilities.lighting"}])]
    uploads: list[FileOut]


class ClockOut(Schema):
    """One promise as it stands. `GET …/clocks/{id}/ledger` tells every second of it."""

    id: Annotated[int, Field(examples=[901])]
    stage: Stage
    round: Annotated[int, Field(examples=[1])]
    task_id: Annotated[int | None, Field(description="of a part that another body does")]
    amount: Decimals
    unit: Unit
    start_rule: StartRule
    started_at: Moment
    stopped_at: Moment | None
    due_at: Moment | None
    met: Annotated[bool | None, Field(description="once stopped: whether it was kept")]
    state: Annotated[str, Field(examples=["in_time"])]
    remaining_seconds: Annotated[
        int,
        Field(examples=[412345], description="seconds that count, as of this answer; negative once broken"),
    ]


class StepOut(Schema):
    """A move you may make now."""

    verb: Verb
    needs: list[Need]
    reasons: Annotated[list[str], Field(examples=[["not_done"]], description="the reason codes it knows")]


class TaskOut(Schema):
    """A part of a case that another body does."""

    id: Annotated[int, Field(examples=[31])]
    organisation_id: Annotated[int, Field(examples=[9])]
    organisation: Annotated[str, Field(examples=["街道城管办"])]
    words: Annotated[str, Field(examples=["请一并清理路边杂物"])]
    state: Literal["open", "done", "cancelled"]
    asked_at: Moment
    done_at: Moment | None
    result: Annotated[str, Field(examples=[""])]


class WaitingOut(Schema):
    """A question for more time, a pause or a later day that waits for another person's decision."""

    kind: Literal["extend", "pause", "hang"]
    amount: Decimals | None
    until: Moment | None
    why: Annotated[str, Field(examples=["配件周四到货"])]
    asked_at: Moment
    days: Annotated[Decimals | None, Field(description="working days by which the resident waits longer")]
    decider: Annotated[
        str, Field(examples=["dispatcher"], description="the role it takes; the leader always may")
    ]
    basis: Annotated[bool, Field(description="granting it takes a note of what it rests on")]


class StoryOut(Schema):
    """One case with its history, its promises and what you may do now."""

    case: CaseOut
    timeline: list[EntryOut]
    clocks: list[ClockOut]
    moves: list[StepOut]
    tasks: Annotated[list[TaskOut], Field(description="only for staff")]
    waiting: Annotated[WaitingOut | None, Field(description="only for staff")]


class SegmentOut(Schema):
    """A stretch of time: how many of its seconds counted, and why."""

    from_at: Moment
    to_at: Moment
    counted_seconds: Annotated[int, Field(examples=[12600])]
    why: Annotated[str, Field(examples=["office_hours"])]


class LikenessReason(Schema):
    """Why two reports look alike, or what speaks against it."""

    code: Annotated[str, Field(examples=["thing"])]
    value: Annotated[
        str, Field(examples=["路灯"], description="what the reason names: a word, a number, metres")
    ]
    against: Annotated[bool, Field(description="it speaks against it")]


class LikeCase(CaseOut):
    """An open case that may be the same matter, and what the machine says of it."""

    certainty: Annotated[float, Field(ge=0, le=1, examples=[0.87])]
    reasons: list[LikenessReason]
    meters: Annotated[
        int | None, Field(examples=[25], description="between the two points, where both are known")
    ]
    supporters: Annotated[int, Field(examples=[2], description="other people who say the same")]


class SimilarOut(Schema):
    """Open cases that may be the same matter, the likeliest first."""

    items: list[LikeCase]


class TasksOut(Schema):
    """The parts of a case."""

    items: list[TaskOut]


class TargetOut(Schema):
    """A body, a person of a body, or a person on the ground, to whom a case can be sent."""

    key: Annotated[str, Field(examples=["o7p212"])]
    organisation_id: Annotated[int | None, Field(examples=[7])]
    handler_id: Annotated[int | None, Field(examples=[212])]
    name: Annotated[str, Field(examples=["何物业"])]
    body: Annotated[str, Field(examples=["安居物业"])]
    kind: Annotated[str, Field(examples=[""], description="of a body")]
    role: Annotated[str, Field(examples=["property_handler"])]
    place: Annotated[str, Field(examples=["铝兴社区"])]
    place_path: Annotated[str, Field(examples=["1."])]
    load: Annotated[int, Field(examples=[3], description="open cases held now")]


class ReasonOut(Schema):
    """One condition of a rule: whether it held, what the rule wants, what the case has."""

    code: Annotated[str, Field(examples=["category"])]
    ok: bool
    wanted: Annotated[str, Field(examples=["facilities"])]
    found: Annotated[str, Field(examples=["facilities.lighting"])]


class SuggestionOut(Schema):
    """A category the machine proposes; a person decides."""

    category: Annotated[str, Field(examples=["facilities.lighting"])]
    certainty: Annotated[float, Field(examples=[0.71], description="0 to 1")]
    words: Annotated[list[str], Field(examples=[["路灯", "不亮"]], description="what it was found by")]


class TriedOut(Schema):
    """A rule that was looked at before, and why it did not hold."""

    rule_id: Annotated[int, Field(examples=[3])]
    name: Annotated[str, Field(examples=["夜间电梯困人"])]
    why: list[ReasonOut]


class ProposalOut(Schema):
    """Who should get the case by the community's rules, and why."""

    suggestions: list[SuggestionOut]
    version: str = Field(
        "", description="what proposed the categories: the words alone, or a learned version"
    )
    assumed_category: Annotated[
        str, Field(examples=["facilities.lighting"], description="what the rules were asked for")
    ]
    rule_id: Annotated[int | None, Field(examples=[4])]
    rule: Annotated[str, Field(examples=["公共设施 → 物业"])]
    why: list[ReasonOut]
    earlier: list[TriedOut]
    organisation_id: Annotated[int | None, Field(examples=[7])]
    handler_id: Annotated[int | None, Field(examples=[None])]
    gap: Annotated[
        str,
        Field(
            examples=[""],
            description="why there is nobody: no_rule, body_closed, no_such_body, nobody_serves",
        ),
    ]
    candidates: Annotated[int, Field(examples=[0])]


class ContactIn(Asked):
    """What the reporter's name and phone are needed for; the look is written down and the reporter sees it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"purpose": "handle_case"}]})
    purpose: Purpose

    def why(self) -> WhyRead:
        """As the action reads it."""
        return WhyRead(self.purpose)


class ContactOut(Schema):
    """The reporter's name and phone, in clear."""

    name: Annotated[str, Field(examples=["张居民"])]
    phone: Annotated[str, Field(examples=["+8613811100150"])]


class LineOut(Schema):
    """One act as the audit log holds it."""

    id: Annotated[int, Field(examples=[5501])]
    at: Moment
    verb: Annotated[str, Field(examples=["dispatch"])]
    who: Annotated[str, Field(examples=["刘调度"])]
    role: Annotated[str, Field(examples=["dispatcher"])]
    detail: Annotated[dict[str, Any], Field(examples=[{"from": "reported", "to": "dispatched"}])]
    request_id: Annotated[str, Field(examples=["5d1f0c2ab6e94a77"])]
    sealed: Annotated[bool, Field(description="whether it stands in the community's hash chain")]
    place: Annotated[int | None, Field(examples=[10412], description="its place in the chain")]
    digest: Annotated[str, Field(examples=["9f2c1e"])]


class ReadOut(Schema):
    """Somebody read the reporter's personal data."""

    at: Moment
    who: Annotated[str, Field(examples=["何物业"])]
    role: Annotated[str, Field(examples=["property_handler"])]
    fields: Annotated[list[str], Field(examples=[["name", "phone"]])]
    purpose: Annotated[str, Field(examples=["handle_case"])]


class AuditOut(Schema):
    """Everything the log holds about a case."""

    lines: list[LineOut]
    reads: list[ReadOut]


class FollowIn(Asked):
    """Number and secret code from the receipt."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"number": "261123048213", "code": "7K3M-9QWX-0AB4-ZT2F"}]},
    )
    number: Annotated[Line, Field(max_length=20)]
    code: Secret


class PublishedOut(Schema):
    """A settled case as everybody may read it: nothing personal."""

    number: Number
    category: Annotated[str, Field(examples=["facilities.lighting"])]
    grid: Annotated[str, Field(examples=["3 网格"])]
    building: Annotated[str, Field(examples=["8 栋"])]
    words: Annotated[str, Field(examples=[_WORDS])]
    answer: Annotated[str, Field(examples=["灯泡已更换,今晚起亮灯。"])]
    organisation: Annotated[str, Field(examples=["安居物业"])]
    reported_at: Moment
    closed_at: Moment | None
    solved: bool | None


class PublishedPage(Schema):
    """A page of settled cases."""

    items: list[PublishedOut]
    cursor: Annotated[str, Field(examples=[""])]


class AnsweredOut(Schema):
    """How long residents waited for the first answer they could read; days of 24 hours."""

    cases: Annotated[int, Field(examples=[412])]
    median_days: Annotated[float | None, Field(examples=[2.4])]
    within: Annotated[int, Field(examples=[396], description="cases answered within `within_days`")]
    within_days: Annotated[float, Field(examples=[15.0])]
    share: Annotated[float | None, Field(examples=[0.961])]


class StageKeptOut(Schema):
    """The promises of one stage."""

    stage: Stage
    met: Annotated[int, Field(examples=[388])]
    late: Annotated[int, Field(examples=[11])]
    running: Annotated[int, Field(examples=[21])]
    broken: Annotated[int, Field(examples=[2], description="still running, past their time")]


class KeptOut(Schema):
    """How promises were kept in a period."""

    answered: AnsweredOut
    stages: list[StageKeptOut]
