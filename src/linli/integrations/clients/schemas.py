"""What the API takes and gives about connected systems."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from linli.integrations.clients import rules
from linli.kernel.api_types import Asked, CommunityCode, Id, Moment, Named

Role = Literal["", "assistant", "property_handler", "department_handler", "dispatcher", "verifier", "auditor"]
Scopes = Annotated[
    list[Literal["cases:read", "cases:write", "places:read", "people:read"]],
    Field(min_length=1, max_length=4, examples=[["cases:read", "cases:write"]]),
]
Days = Annotated[Literal[30, 90, 180, 365], Field(examples=[365])]


class ClientIn(Asked):
    """A program to be connected."""

    community: CommunityCode
    name: Annotated[Named, Field(max_length=rules.LONGEST_NAME, examples=["物业工单系统"])]
    organisation_id: Annotated[Id, Field(examples=[3])]
    owner_id: Annotated[Id | None, Field(description="account that answers for it; null: you")] = None
    role: Annotated[Role, Field(examples=["property_handler"])] = ""
    place_id: Annotated[
        Id | None, Field(description="null: the whole community; a smaller one for `assistant`")
    ] = None
    scopes: Scopes
    days: Days = 365
    per_minute: Annotated[Literal[60, 300, 600, 1200, 3000], Field(examples=[600])] = 600


class ClientKeyOut(Schema):
    """A key, without its secret."""

    id: Annotated[int, Field(examples=[51])]
    prefix: Annotated[str, Field(examples=["lnl_x7Qk2d"])]
    made_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    last_used_at: Moment | None


class ClientOut(Schema):
    """A connected program."""

    id: Annotated[int, Field(examples=[2])]
    name: Annotated[str, Field(examples=["物业工单系统"])]
    account_id: Annotated[int, Field(examples=[310], description="as whom it acts")]
    organisation_id: Annotated[int, Field(examples=[3])]
    owner_id: Annotated[int, Field(examples=[12])]
    role: Role
    place_id: Annotated[int, Field(examples=[1])]
    scopes: Annotated[list[str], Field(examples=[["cases:read", "cases:write"]])]
    per_minute: Annotated[int, Field(examples=[600])]
    made_at: Moment
    ended_at: Moment | None
    keys: list[ClientKeyOut]


class ClientMade(ClientOut):
    """A new program with its key, which is told only now; a repetition of the request has it empty."""

    key: Annotated[str, Field(examples=["lnl_x7Qk2dPZ0vTn5rWc9Ym3Lb8Hs"])]


class ClientKeyIn(Asked):
    """How long the new key works, and the former ones beside it."""

    days: Days = 365
    hours: Annotated[Literal[0, 24, 168], Field(examples=[24])] = 24


class ClientKeyTold(Schema):
    """Another key, told once."""

    key: Annotated[str, Field(examples=["lnl_x7Qk2dPZ0vTn5rWc9Ym3Lb8Hs"])]


class ClientDayOut(Schema):
    """What all keys of a program asked on a local day."""

    date: Annotated[date, Field(examples=["2026-11-23"])]
    requests: Annotated[int, Field(examples=[1240])]
    refused: Annotated[int, Field(examples=[3], description="4xx but 429")]
    limited: Annotated[int, Field(examples=[0], description="429")]
    failed: Annotated[int, Field(examples=[0], description="5xx")]
