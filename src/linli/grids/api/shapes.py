"""What the API takes and gives for places, with examples; the OpenAPI document is made from these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

from linli.grids.rules.words import Level, Role
from linli.kernel.api_types import Asked, CommunityCode, Day, Id, Line, Moment, Named, Whole

Code = Annotated[str, Field(examples=["520113008006100300008"])]


class PlaceOut(Schema):
    """A place. ``path`` lists ids from the community down, each followed by a dot."""

    id: Annotated[int, Field(examples=[80])]
    community_id: Annotated[int, Field(examples=[1])]
    parent_id: Annotated[int | None, Field(examples=[41])]
    level: Level
    kind: Annotated[str, Field(examples=[""], description="of a grid: base or dedicated")]
    code: Code
    number: Annotated[str, Field(examples=["8"])]
    name_zh: Annotated[str, Field(examples=["8 栋"])]
    name_en: Annotated[str, Field(examples=["Building 8"])]
    aliases: Annotated[list[str], Field(examples=[["8号楼"]])]
    path: Annotated[str, Field(examples=["1.5.41.80."])]
    lon: Annotated[float | None, Field(examples=[106.6497], description="degrees, WGS-84")]
    lat: Annotated[float | None, Field(examples=[26.6801])]
    households: Annotated[int | None, Field(examples=[96])]
    valid_from: Day
    valid_to: Annotated[Day | None, Field(examples=[None])]
    example: Annotated[bool, Field(description="made up, for trying out (示例)")]


class PlaceWithin(PlaceOut):
    """A place, the way down to it, and what lies directly in it."""

    above: Annotated[list[PlaceOut], Field(description="from the community down")]
    children: list[PlaceOut]


class LocatedOut(Schema):
    """Where a point lies."""

    community_id: Annotated[int, Field(examples=[1])]
    grid_id: Annotated[int | None, Field(examples=[41], description="null: inside, but in no grid")]
    building_id: Annotated[int | None, Field(examples=[80], description="within 30 m")]
    dedicated: Annotated[list[int], Field(examples=[[]], description="dedicated grids over the point")]
    path: Annotated[str, Field(examples=["1.5.41.80."])]


class AddressIn(Asked):
    """An address as people write it, in one community. In a body, because addresses of pages end in logs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"community": "520113008006", "address": "8号楼2单元301"}]},
    )
    community: CommunityCode
    address: Annotated[Named, Field(max_length=200)]


class MatchOut(Schema):
    """The building an address means."""

    building_id: Annotated[int, Field(examples=[80])]
    unit: Annotated[str, Field(examples=["2"])]
    room: Annotated[str, Field(examples=["301"])]
    certainty: Annotated[float, Field(examples=[0.95], description="0 to 1")]


class FeatureOut(Schema):
    """An outline with what it is of."""

    type: Literal["Feature"]
    id: Annotated[int, Field(examples=[41])]
    properties: Annotated[dict[str, Any], Field(examples=[{"code": "5201130080061003", "level": "grid"}])]
    geometry: Annotated[
        dict[str, JsonValue],
        Field(
            examples=[
                {
                    "type": "Polygon",
                    "coordinates": [[[106.65, 26.65], [106.655, 26.65], [106.655, 26.66], [106.65, 26.65]]],
                }
            ]
        ),
    ]


class OutlinesOut(Schema):
    """Outlines as GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[FeatureOut]


class SignIn(Asked):
    """What a place is called, and how many households it has."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name_zh": "8 栋", "name_en": "Building 8", "aliases": ["8号楼", "红楼"], "households": 96}
            ]
        },
    )
    name_zh: Annotated[Named, Field(max_length=120)]
    name_en: Annotated[Line, Field(max_length=120)] = ""
    aliases: Annotated[list[Annotated[Line, Field(max_length=60)]], Field(max_length=50)] = []
    households: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None


class LostIn(Asked):
    """Why the code at the door is replaced."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "被撕掉了"}]})
    reason: Annotated[Named, Field(max_length=200)]


class QrOut(Schema):
    """The new code of a place; the old one is void at once."""

    id: Annotated[int, Field(examples=[80])]
    qr_code: Annotated[str, Field(examples=["7K3M9QWX0AB4"])]


class DutyIn(Asked):
    """Somebody takes up a duty at a place and all below it.

    Whom: `account_id`, or a `phone`; where nobody has this phone yet, also a `name`, and an account is opened.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "phone": "13811100101",
                    "name": "王小明",
                    "role": "grid_worker",
                    "place_id": 41,
                    "title": "3 网格网格员",
                    "from_date": "2026-12-01",
                }
            ]
        },
    )
    role: Role
    place_id: Id
    account_id: Id | None = None
    phone: Annotated[Line, Field(max_length=20)] = ""
    name: Annotated[Line, Field(max_length=40)] = ""
    organisation_id: Annotated[Id | None, Field(description="needed for handlers of a body")] = None
    title: Annotated[Line, Field(max_length=60, description="what residents read")] = ""
    from_date: Annotated[Day | None, Field(description="without it today")] = None
    until_date: Annotated[Day | None, Field(description="the first day on which it no longer holds")] = None


class UntilIn(Asked):
    """The first day on which a duty no longer holds; without it today."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"until_date": "2026-12-31"}]})
    until_date: Day | None = None


class DutyOut(Schema):
    """Who serves where as what."""

    id: Annotated[int, Field(examples=[19])]
    account_id: Annotated[int, Field(examples=[212])]
    person: Annotated[str, Field(examples=["王**"], description="as lists show it")]
    name: Annotated[str, Field(examples=["王小明"], description="only for leaders and administrators")]
    role: Role
    title: Annotated[str, Field(examples=["3 网格网格员"])]
    place_id: Annotated[int, Field(examples=[41])]
    place: Annotated[str, Field(examples=["3 网格"])]
    organisation_id: Annotated[int | None, Field(examples=[None])]
    organisation: Annotated[str, Field(examples=[""])]
    from_date: Day
    until_date: Day | None


class ServingOut(Schema):
    """Somebody who serves at a place or above it, as everybody may know."""

    role: Role
    title: Annotated[str, Field(examples=["3 网格网格员"])]
    person: Annotated[str, Field(examples=["王**"])]
    place_id: Annotated[int, Field(examples=[41])]
    organisation: Annotated[str, Field(examples=[""])]


class WishOut(Schema):
    """One thing a community decides for itself."""

    key: Annotated[str, Field(examples=["reopen_days"])]
    kind: Annotated[str, Field(examples=["whole"], description="whole, flag, choice, span or pattern")]
    value: Annotated[JsonValue, Field(examples=[15])]
    default: Annotated[JsonValue, Field(examples=[15])]
    choices: Annotated[list[str], Field(examples=[[]])]
    least: Annotated[int, Field(examples=[1])]
    most: Annotated[int, Field(examples=[90])]
    valid_from: Annotated[Moment | None, Field(description="null: the default holds")]


class WishesIn(Asked):
    """What the community wants from now on; only what is named changes."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"values": {"reopen_days": 30, "anonymous_reports": True}}]},
    )
    values: Annotated[dict[str, bool | int | str], Field(min_length=1, max_length=50)]
