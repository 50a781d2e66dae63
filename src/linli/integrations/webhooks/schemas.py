"""What the API takes and gives about webhooks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from linli.integrations.webhooks.actions import keeping
from linli.kernel.api_types import Asked, CommunityCode, Line, Moment, Named

Name = Annotated[Named, Field(max_length=keeping.LONGEST_NAME, examples=["市平台"])]
Url = Annotated[Line, Field(max_length=keeping.LONGEST_URL, examples=["https://city.example.org/linli"])]
Facts = Annotated[
    list[Annotated[str, Field(max_length=60)]],
    Field(
        min_length=1,
        max_length=100,
        examples=[["cases.CaseReported", "cases.CaseMoved"]],
        description='names of events (GET /events), or ["*"] for all of them, later ones too',
    ),
]


class EventTypeOut(Schema):
    """An event that an endpoint may hear."""

    type: Annotated[str, Field(examples=["cases.CaseMoved"])]
    says: Annotated[str, Field(examples=["Something was done to a case."])]
    dataschema: Annotated[str, Field(examples=["/api/v1/events/cases.CaseMoved"])]


class WebhookIn(Asked):
    """Where to, and what it hears."""

    community: CommunityCode
    name: Name
    url: Url
    facts: Facts


class WebhookChange(Asked):
    """All of an endpoint as it is to be; without ``url`` the address stays."""

    name: Name
    url: Annotated[Url, Field(description="absent: as it is")] = ""
    facts: Facts


class WebhookOut(Schema):
    """An endpoint. Its address and secrets are not told."""

    id: Annotated[int, Field(examples=[4])]
    community: CommunityCode
    name: Annotated[str, Field(examples=["市平台"])]
    host: Annotated[str, Field(examples=["city.example.org"])]
    facts: Annotated[list[str], Field(examples=[["cases.CaseReported"]])]
    state: Literal["active", "paused", "ended"]
    paused_why: Annotated[str, Field(examples=[""], description="person, gone, failing")]
    failures: Annotated[int, Field(examples=[0], description="in a row, up to now")]
    rest_until: Annotated[Moment | None, Field(description="nothing is sent before")]
    delivered_at: Annotated[Moment | None, Field(description="the last success")]
    former_secret_until: Annotated[Moment | None, Field(description="two secrets sign until then")]
    made_at: Moment
    ended_at: Moment | None


class WebhookMade(WebhookOut):
    """A new endpoint with its secret, which is told only now; a repetition of the request has it empty."""

    secret: Annotated[str, Field(examples=["whsec_Jb3n0Zq9Xw7Lk2Vd5Tm8Rf"])]


class WebhookSecretIn(Asked):
    """How long the former secret signs beside the new one."""

    hours: Annotated[Literal[0, 24, 168], Field(examples=[24])] = 24


class WebhookSecretOut(Schema):
    """Another secret, told once."""

    secret: Annotated[str, Field(examples=["whsec_Jb3n0Zq9Xw7Lk2Vd5Tm8Rf"])]


class WebhookDelivery(Schema):
    """One event for one endpoint."""

    id: Annotated[int, Field(examples=[981])]
    event_id: Annotated[str, Field(examples=["5f1b0a6d4c0e4f0f8d6a3f0b7c9d2e11"])]
    type: Annotated[str, Field(examples=["cases.CaseMoved"])]
    subject: Annotated[str, Field(examples=["261123-048213"])]
    state: Literal["waiting", "delivered", "dead"]
    why: Annotated[str, Field(examples=["timeout"], description="why the last try failed")]
    tries: Annotated[int, Field(examples=[1])]
    replays: Annotated[int, Field(examples=[0])]
    made_at: Moment
    next_at: Annotated[Moment | None, Field(description="of one that waits")]
    ended_at: Moment | None


class WebhookDeliveryPage(Schema):
    """A page of deliveries, the newest first."""

    items: list[WebhookDelivery]
    cursor: Annotated[str, Field(examples=["980"])]


class WebhookTry(Schema):
    """One try."""

    at: Moment
    status: Annotated[int | None, Field(examples=[503])]
    why: Annotated[str, Field(examples=["status"])]
    milliseconds: Annotated[int, Field(examples=[87])]
    address: Annotated[str, Field(examples=["203.0.113.7"])]
    request_head: Annotated[str, Field(examples=["POST /linli HTTP/1.1"])]
    answer_head: Annotated[str, Field(examples=["503 Service Unavailable"])]
    answer_body: Annotated[str, Field(examples=["busy"], description="its beginning")]


class WebhookDeliveryFull(WebhookDelivery):
    """One delivery with its event and its tries, the newest first."""

    event: Annotated[dict[str, Any], Field(description="as it was sent")]
    attempts: list[WebhookTry]
