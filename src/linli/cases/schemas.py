"""What the API takes and gives for cases, with examples; the OpenAPI document is made from these."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from linli.cases.rules.intake import MAX_WORDS, Channel, PlaceGiven, Report, clean_words
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import Verb

Id = Annotated[int, Field(ge=1, le=2**62)]
Words = Annotated[str, Field(max_length=MAX_WORDS)]


class Strict(BaseModel):
    """Unknown fields are refused, so that a typing error is not lost."""

    model_config = ConfigDict(extra="forbid")


class PlaceIn(Strict):
    """Where it is: a building (its place id), or a WGS-84 point, or an address in words; all may be left out."""

    building_id: Id | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    address: Annotated[str, Field(max_length=200)] = ""

    def given(self) -> PlaceGiven:
        """As the rules read it."""
        return PlaceGiven(self.building_id, self.lon, self.lat, self.address.replace("\x00", ""))


class ReportIn(Strict):
    """A report."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "words": "3栋门口的路灯三天不亮了,晚上老人出门看不见。",
                    "kind": "complaint",
                    "place": {"lon": 106.6497, "lat": 26.6801, "address": "3栋门口"},
                    "publish": True,
                }
            ]
        },
    )
    community: Annotated[str, Field(pattern=r"^\d{12}$", description="12-digit code of the community")]
    words: Annotated[str, Field(min_length=2, max_length=MAX_WORDS)]
    kind: Kind = Kind.HELP
    place: PlaceIn = PlaceIn()
    category: Annotated[str, Field(max_length=60)] = ""
    urgency: Urgency | None = None
    anonymous: bool = False
    publish: Annotated[
        bool, Field(description="agrees that the settled case is shown, without personal data")
    ] = False
    contact_name: Annotated[str, Field(max_length=60)] = ""
    contact_phone: Annotated[str, Field(max_length=20)] = ""
    uploads: Annotated[list[str], Field(max_length=10, description="tickets from POST /uploads")] = []
    on_behalf: Annotated[bool, Field(description="staff enter it for a caller or visitor")] = False
    outside_number: Annotated[str, Field(max_length=60)] = ""

    def report(self) -> Report:
        """As the rules read it."""
        return Report(
            words=self.words,
            channel=Channel.DESK if self.on_behalf else Channel.API,
            kind=self.kind,
            place=self.place.given(),
            category_code=self.category,
            urgency=self.urgency,
            anonymous=self.anonymous,
            publish=self.publish,
            contact_name=self.contact_name.replace("\x00", ""),
            contact_phone=self.contact_phone,
            uploads=tuple(self.uploads),
            outside_number=self.outside_number.replace("\x00", ""),
        )


class ReceiptOut(Schema):
    """What the reporter keeps: with number and code anybody may follow the case."""

    number: Annotated[str, Field(examples=["261123048213"])]
    code: Annotated[str, Field(examples=["7K3M-9QWX-0AB4-ZT2F"])]
    state: str
    urgency: str
    quarantined: bool
    grid_id: int | None
    due_at: datetime | None


class MoveIn(Strict):
    """One move on a case; which fields are needed depends on the verb (see docs/workflow.md)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"verb": "dispatch", "category": "facilities.lighting", "organisation_id": 7},
                {"verb": "handled", "answer": "已更换灯泡,今晚恢复照明。", "uploads": ["0d0c2a…"]},
            ]
        },
    )
    verb: Verb
    reason: Annotated[str, Field(max_length=30)] = ""
    note: Words = ""
    answer: Words = ""
    words: Words = ""
    category: Annotated[str, Field(max_length=60)] = ""
    urgency: Urgency | None = None
    organisation_id: Id | None = None
    handler_id: Id | None = None
    target: Annotated[str, Field(max_length=20)] = ""
    ruling: Annotated[str, Field(max_length=10)] = ""
    request: Annotated[str, Field(max_length=10)] = ""
    amount: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=2, max_digits=8)] | None = None
    until: datetime | None = None
    granted: bool | None = None
    solved: bool | None = None
    reached: bool | None = None
    stars: Annotated[int, Field(ge=1, le=5)] | None = None
    place: PlaceIn | None = None
    task_id: Id | None = None
    uploads: Annotated[list[str], Field(max_length=10)] = []
    public_words: Words = ""
    publish: bool | None = None

    def given(self) -> Given:
        """As the rules read it."""
        return Given(
            verb=self.verb,
            reason=self.reason,
            note=clean_words(self.note),
            answer=clean_words(self.answer),
            words=clean_words(self.words),
            public_words=clean_words(self.public_words),
            organisation_id=self.organisation_id,
            handler_id=self.handler_id,
            target=self.target,
            ruling=self.ruling,
            request=self.request,
            amount=self.amount,
            until=self.until,
            granted=self.granted,
            solved=self.solved,
            reached=self.reached,
            stars=self.stars,
            task_id=self.task_id,
            publish=self.publish,
            category_code=self.category,
            urgency=self.urgency.value if self.urgency else "",
            place=self.place.given() if self.place else None,
            uploads=tuple(self.uploads),
        )


class FollowIn(Strict):
    """Number and secret code from the receipt."""

    number: Annotated[str, Field(max_length=20)]
    code: Annotated[str, Field(max_length=40)]


class CaseOut(Schema):
    """A case in a list."""

    number: str
    community_id: int
    kind: str
    category: str
    urgency: str
    state: str
    channel: str
    words: str
    grid_id: int | None
    grid: str
    building: str
    address: str
    lon: float | None
    lat: float | None
    organisation_id: int | None
    organisation: str
    handler_id: int | None
    reported_at: datetime
    state_at: datetime
    due_at: datetime | None
    due_stage: str
    clock: Annotated[str, Field(description="in_time, at_risk, broken, paused, none")]
    quarantined: bool
    returns: int
    reopenings: int
    urges: int
    solved: bool | None
    stars: int | None
    answer: str
    version: int


class CasePage(Schema):
    """A page of cases; ask again with ``cursor`` for the next one."""

    items: list[CaseOut]
    cursor: str


class EntryOut(Schema):
    """One line of the timeline."""

    seq: int
    verb: str
    from_state: str
    to_state: str
    at: datetime
    role: str
    who: str
    body: str
    reason: str
    note: str
    answer: str
    data: dict[str, Any]
    uploads: list[str]


class ClockOut(Schema):
    """One promise as it stands."""

    id: int
    stage: str
    round: int
    task_id: int | None
    amount: str
    unit: str
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    state: str
    remaining_seconds: int


class StoryOut(Schema):
    """One case with its history."""

    case: CaseOut
    timeline: list[EntryOut]
    clocks: list[ClockOut]
    moves: Annotated[list[dict[str, Any]], Field(description="what you may do now, and what each move needs")]


class SegmentOut(Schema):
    """A stretch of time: how many of its seconds counted, and why."""

    from_at: datetime
    to_at: datetime
    counted_seconds: int
    why: str


class ProblemOut(Schema):
    """RFC 9457 problem details, with our stable ``code``."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[dict[str, str]] = []
