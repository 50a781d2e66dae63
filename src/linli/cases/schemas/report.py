"""A report: what comes in, and the receipt that goes out; an uploaded file."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, Strict

from linli.cases.rules.intake import MAX_WORDS, Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Urgency
from linli.kernel.api_types import Asked, CommunityCode, Id, Line, Moment, Yes

Degrees = Annotated[float, Strict()]
Ticket = Annotated[str, Field(max_length=40, examples=["0d0c2a4e-6a55-4f0f-9d3e-3a0b8f2f7c11"])]
Tickets = Annotated[
    list[Ticket], Field(max_length=10, description="tickets from `POST /uploads`, each used once")
]
Number = Annotated[str, Field(max_length=20, examples=["261123048213"])]
Secret = Annotated[str, Field(max_length=40, examples=["7K3M-9QWX-0AB4-ZT2F"])]


class PlaceIn(Asked):
    """Where it is: a building (its place id), or a WGS-84 point, or an address in words; all may be left out."""

    building_id: Id | None = None
    lon: Annotated[Degrees, Field(ge=-180, le=180, allow_inf_nan=False, examples=[106.6497])] | None = None
    lat: Annotated[Degrees, Field(ge=-90, le=90, allow_inf_nan=False, examples=[26.6801])] | None = None
    address: Annotated[Line, Field(max_length=200, examples=["3栋门口"])] = ""

    def given(self) -> PlaceGiven:
        """As the rules read it."""
        return PlaceGiven(self.building_id, self.lon, self.lat, self.address)


class ReportIn(Asked):
    """A report in somebody's own words. Only ``community`` and ``words`` are needed."""

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
    community: CommunityCode
    words: Annotated[str, Field(min_length=2, max_length=MAX_WORDS)]
    kind: Kind = Kind.HELP
    place: PlaceIn = PlaceIn()
    category: Annotated[Line, Field(max_length=60, description="a code of `GET /categories`")] = ""
    urgency: Annotated[Urgency | None, Field(description="without it the words decide")] = None
    danger: Annotated[Yes, Field(description="its reporter says that somebody is in danger: it rings")] = (
        False
    )
    anonymous: Annotated[Yes, Field(description="staff do not see who reported it")] = False
    publish: Annotated[Yes, Field(description="the settled case may be shown, without personal data")] = False
    contact_name: Annotated[Line, Field(max_length=60)] = ""
    contact_phone: Annotated[Line, Field(max_length=20)] = ""
    uploads: Tickets = []
    on_behalf: Annotated[Yes, Field(description="staff enter it for a caller or visitor")] = False
    outside_number: Annotated[Line, Field(max_length=60, description="its number in another system")] = ""

    def report(self) -> Report:
        """As the rules read it."""
        return Report(
            words=self.words,
            channel=Channel.DESK if self.on_behalf else Channel.API,
            kind=self.kind,
            place=self.place.given(),
            category_code=self.category,
            urgency=self.urgency,
            danger=self.danger,
            anonymous=self.anonymous,
            publish=self.publish,
            contact_name=self.contact_name,
            contact_phone=self.contact_phone,
            uploads=tuple(self.uploads),
            outside_number=self.outside_number,
        )


class ReceiptOut(Schema):
    """What the reporter keeps: with number and code anybody may follow the case."""

    number: Number
    code: Secret
    state: Annotated[str, Field(examples=["reported"])]
    urgency: Urgency
    quarantined: Annotated[
        bool, Field(description="over the limit of reports: stored and read, but not yet in the queue")
    ]
    grid_id: Annotated[int | None, Field(examples=[41])]
    due_at: Annotated[Moment | None, Field(description="by when the community promises to answer")]


class FileOut(Schema):
    """A picture, voice note or short film, cleaned of everything that tells where and when it was made."""

    ticket: Ticket
    kind: Annotated[str, Field(examples=["picture"], description="picture, voice or video")]
    size: Annotated[int, Field(examples=[183204], description="bytes, after cleaning")]
    width: Annotated[int | None, Field(examples=[1600])]
    height: Annotated[int | None, Field(examples=[1200])]
    seconds: Annotated[float | None, Field(examples=[12.5])]
    url: Annotated[str, Field(examples=["/api/v1/files/0d0c2a4e-6a55-4f0f-9d3e-3a0b8f2f7c11"])]
    thumb_url: Annotated[str, Field(examples=["/api/v1/files/0d0c2a4e-6a55-4f0f-9d3e-3a0b8f2f7c11/thumb"])]
