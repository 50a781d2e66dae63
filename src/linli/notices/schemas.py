"""What was told, and how somebody wants to be told, as the API takes and gives it."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from linli.kernel.api_types import Asked, Id, Moment, Yes

On = Annotated[
    list[str],
    Field(
        max_length=60,
        examples=[["cases:wechat", "cases:sms"]],
        description="`group:road`; what is not listed is off",
    ),
]


class NoticeOut(Schema):
    """One thing that a person was told."""

    id: Annotated[int, Field(examples=[9021])]
    kind: Annotated[str, Field(examples=["case_settled"])]
    title: Annotated[str, Field(examples=["已办结，请您评价"])]
    words: Annotated[str, Field(examples=["「照明」（261123-048213）已办结。"])]
    subject: Annotated[
        str, Field(examples=["261123048213"], description="the case's number, where it is about one")
    ]
    link: Annotated[str, Field(examples=["/case/261123048213/"])]
    urgency: Annotated[str, Field(examples=["prompt"], description="critical, prompt or ordinary")]
    state: Annotated[str, Field(examples=["arrived"])]
    road: Annotated[
        str, Field(examples=["sms"], description="by which it last went out; empty: the page alone")
    ]
    told_at: Moment
    sent_at: Moment | None
    read_at: Moment | None


class NoticesOut(Schema):
    """A page of what a person was told."""

    items: list[NoticeOut]
    cursor: Annotated[str, Field(examples=["9001"])]
    unread: Annotated[int, Field(examples=[3], description="at most 99")]


class NoticesReadIn(Asked):
    """Which notices were read."""

    up_to: Annotated[
        Id | None, Field(examples=[9021], description="this one and all before; without it everything")
    ] = None


class NoticesReadOut(Schema):
    """How many were read now."""

    read: Annotated[int, Field(examples=[3])]


class NoticeChoicesIn(Asked):
    """How the person wants to be told."""

    on: On
    quiet: Annotated[
        str,
        Field(
            max_length=11,
            examples=["22:00-07:00"],
            description="own quiet hours; empty: the community's; `none`: at any hour",
        ),
    ] = ""
    digest: Annotated[Yes, Field(examples=[False], description="what can wait comes once a day")] = False
    language: Annotated[str, Field(max_length=10, examples=[""], description="empty: the account's")] = ""


class NoticeChoicesOut(Schema):
    """How the person is told now."""

    on: On
    quiet: Annotated[str, Field(examples=["22:00-07:00"])]
    digest: Annotated[bool, Field(examples=[False])]
    language: Annotated[str, Field(examples=[""])]
    roads: Annotated[list[str], Field(examples=[["wechat", "sms"]], description="open in this house")]
    email: Annotated[bool, Field(examples=[False], description="whether an address is proved")]


class NoticeAttemptOut(Schema):
    """One try by a road."""

    road: Annotated[str, Field(examples=["sms"])]
    at: Moment
    result: Annotated[
        str, Field(examples=["sent"], description="sent, later, closed, refused; empty: under way")
    ]
    code: Annotated[str, Field(examples=[""])]
    receipt: Annotated[str, Field(examples=["arrived"], description="arrived, failed, or none yet")]
    receipt_at: Moment | None


class NoticeDeliveryOut(Schema):
    """One delivery as those who look after the roads see it: without a resident's words."""

    id: Annotated[int, Field(examples=[9021])]
    kind: Annotated[str, Field(examples=["case_settled"])]
    recipient: Annotated[str, Field(examples=["person"], description="person, group or contact")]
    subject: Annotated[str, Field(examples=["261123048213"])]
    state: Annotated[str, Field(examples=["given_up"])]
    reason: Annotated[str, Field(examples=["no_address"])]
    road: Annotated[str, Field(examples=["sms"])]
    tries: Annotated[int, Field(examples=[2], description="by all roads")]
    told_at: Moment
    next_at: Moment | None
    ended_at: Moment | None


class NoticeDeliveriesOut(Schema):
    """A page of deliveries."""

    items: list[NoticeDeliveryOut]
    cursor: Annotated[str, Field(examples=["9001"])]


class NoticeDeliveryStoryOut(NoticeDeliveryOut):
    """One delivery with its tries."""

    attempts: list[NoticeAttemptOut]
