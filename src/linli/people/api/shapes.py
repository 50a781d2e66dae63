"""What the API takes and gives for people, with examples; the OpenAPI document is made from these."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue, WithJsonSchema

from linli.kernel.api_types import Asked, Id, Line, Moment, Named
from linli.people.models import Organisation
from linli.people.rules import Purpose, Scope

OrganisationKind = Annotated[
    Organisation.Kind,
    WithJsonSchema({"type": "string", "enum": Organisation.Kind.values, "title": "OrganisationKind"}),
]
_SIGN: dict[str, JsonValue] = {
    "name_zh": "铝兴社区居委会",
    "name_en": "Lüxing Residents' Committee",
    "phone": "0851-84612345",
}


class DoorSign(Asked):
    """What stands on an organisation's door."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_SIGN]})
    name_zh: Annotated[Named, Field(max_length=80)]
    name_en: Annotated[Line, Field(max_length=160)] = ""
    phone: Annotated[str, Field(pattern=r"^([0-9+\-() ]{3,20})?$")] = ""


class OrganisationIn(DoorSign):
    """An organisation to open."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"community_id": 1, "kind": "committee", **_SIGN}]}
    )
    community_id: Id
    kind: OrganisationKind


class OrganisationOut(Schema):
    """A body that acts in one community."""

    id: Annotated[int, Field(examples=[7])]
    community_id: Annotated[int, Field(examples=[1])]
    kind: OrganisationKind
    name_zh: Annotated[str, Field(examples=["铝兴社区居委会"])]
    name_en: Annotated[str, Field(examples=["Lüxing Residents' Committee"])]
    phone: Annotated[str, Field(examples=["0851-84612345"], description="of its desk, not of a person")]
    closed_at: Moment | None


class PhoneIn(Asked):
    """A mobile number. In a body, because addresses of pages end in logs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"phone": "138 1110 0101"}]})
    phone: Annotated[Line, Field(max_length=20)]


class CardOut(Schema):
    """A person as lists may show them."""

    account_id: Annotated[int, Field(examples=[212])]
    person: Annotated[str, Field(examples=["王**"])]
    level: Annotated[int, Field(examples=[2], description="identity level, 0 to 4")]


class FoundOut(Schema):
    """Whoever has this phone: one, or nobody."""

    items: list[CardOut]


class MyDuty(Schema):
    """A duty in force."""

    role: Annotated[str, Field(examples=["dispatcher"])]
    community_id: Annotated[int, Field(examples=[1])]
    place_id: Annotated[int, Field(examples=[1])]
    organisation_id: Annotated[int | None, Field(examples=[7])]


class MeOut(Schema):
    """Who the token acts as, and what it may do."""

    account_id: Annotated[int, Field(examples=[212])]
    name: Annotated[str, Field(examples=["刘**"])]
    level: Annotated[int, Field(examples=[2], description="identity level, 0 to 4")]
    language: Annotated[str, Field(examples=["zh-hans"])]
    communities: Annotated[list[int], Field(examples=[[1]])]
    duties: list[MyDuty]
    scopes: Annotated[list[Scope], Field(examples=[["cases:read", "cases:write"]])]
    token_id: Annotated[int | None, Field(examples=[5])]


class TokenOut(Schema):
    """A token of yours. Its secret was shown once and is not kept."""

    id: Annotated[int, Field(examples=[5])]
    name: Annotated[str, Field(examples=["值班大屏"])]
    scopes: Annotated[list[Scope], Field(examples=[["cases:read"]])]
    community_id: Annotated[int | None, Field(examples=[None], description="the only one in which it works")]
    created_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    last_used_date: Annotated[str | None, Field(examples=["2026-11-23"])]
    this: Annotated[bool, Field(description="the token that asks")]


class ConsentOut(Schema):
    """What you agreed to, to which wording, from when until when."""

    purpose: Purpose
    text_version: Annotated[str, Field(examples=["2026-11"])]
    given_at: Moment
    withdrawn_at: Moment | None


class LookOut(Schema):
    """Somebody read your personal data."""

    at: Moment
    reader: Annotated[str, Field(examples=["何**"])]
    roles: Annotated[list[str], Field(examples=[["property_handler"]])]
    community_id: Annotated[int, Field(examples=[1])]
    fields: Annotated[list[str], Field(examples=[["name", "phone"]])]
    purpose: Annotated[str, Field(examples=["handle_case"])]
    task: Annotated[str, Field(examples=["case:261123048213"])]


class TicketOut(Schema):
    """With this your data can be taken once, by the same token, within 15 minutes."""

    ticket: Annotated[str, Field(examples=["mXh0c8b5S2y1pX0W7mQ0Jw4cKkG2mHqZ"])]


class TicketIn(Asked):
    """The ticket of `POST /me/data`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"ticket": "mXh0c8b5S2y1pX0W7mQ0Jw4cKkG2mHqZ"}]}
    )
    ticket: Annotated[Line, Field(max_length=64)]


MyData = dict[str, Any]
"""Everything the rooms hold about a person, by room."""
