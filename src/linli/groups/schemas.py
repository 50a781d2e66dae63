"""What the API of groups takes and gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ninja import Schema
from pydantic import Field

from linli.groups.rules import HEADS_MOST, JOIN_MOST, NAME_MOST, NOTE_MOST, Evidence, Kind, Platform
from linli.kernel.api_types import Asked, Day, Id, Line, Named, Text, Whole


def _one_of(table: Iterable[str]) -> str:
    """The codes of a table as a pattern."""
    return f"^({'|'.join(table)})$"


KindCode = Annotated[str, Field(pattern=_one_of(Kind), examples=["residents"])]
PlatformCode = Annotated[str, Field(pattern=_one_of(Platform), examples=["wechat"])]
EvidenceCode = Annotated[str, Field(pattern=_one_of(Evidence), examples=["names"])]
Name = Annotated[Named, Field(max_length=NAME_MOST, examples=["8号楼邻里群"])]
Join = Annotated[Text, Field(min_length=1, max_length=JOIN_MOST, examples=["请联系网格员王师傅入群"])]
Heads = Annotated[Whole, Field(ge=0, le=HEADS_MOST, examples=[212])]


class GroupChange(Asked):
    """All that the directory says of a group."""

    kind: KindCode
    platform: PlatformCode
    name_zh: Name
    name_en: Annotated[Line, Field(max_length=NAME_MOST, examples=["Building 8"])] = ""
    join_zh: Join
    join_en: Annotated[Text, Field(max_length=JOIN_MOST, examples=["Ask the grid worker"])] = ""
    owner_id: Annotated[
        Id | None, Field(examples=[17], description="account of a colleague who serves there")
    ] = None


class GroupIn(GroupChange):
    """A group for the directory."""

    place_code: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$", examples=["520113008006"])]


class CountIn(Asked):
    """A count: on which day, by what, how many people, how many households they are."""

    counted_date: Day
    people: Heads
    households: Annotated[Whole, Field(ge=0, le=HEADS_MOST, examples=[96])]
    evidence: EvidenceCode
    note: Annotated[Text, Field(max_length=NOTE_MOST, examples=[""])] = ""


class CountOut(Schema):
    """A count as it was written down."""

    id: Annotated[int, Field(examples=[5])]
    counted_date: Day
    people: Annotated[int, Field(examples=[212])]
    households: Annotated[int, Field(examples=[96])]
    evidence: EvidenceCode
    note: Annotated[str, Field(examples=[""])]
    counted_by: Annotated[str, Field(examples=["王*"], description="short form of a name")]
    pictures: Annotated[int, Field(examples=[1], description="how many pictures it can be checked by")]


class _Group(Schema):
    id: Annotated[int, Field(examples=[3])]
    place_code: Annotated[str, Field(examples=["520113008006"])]
    kind: KindCode
    platform: PlatformCode
    name_zh: Annotated[str, Field(examples=["8号楼邻里群"])]
    name_en: Annotated[str, Field(examples=["Building 8"])]
    join_zh: Annotated[str, Field(examples=["请联系网格员王师傅入群"])]
    join_en: Annotated[str, Field(examples=["Ask the grid worker"])]
    owner: Annotated[str, Field(examples=["王*"], description="short form of a name")]


class OpenGroupOut(_Group):
    """A group as everybody may know it."""

    people: Annotated[int | None, Field(examples=[212])]


class GroupOut(_Group):
    """A group as those who keep it know it."""

    owner_id: Annotated[int | None, Field(examples=[17])]
    version: Annotated[int, Field(examples=[1])]
    counted: CountOut | None


class CoverageOut(Schema):
    """How many households of a place its residents' groups reach; `share` is empty when it cannot be said."""

    place_code: Annotated[str, Field(examples=["520113008006"])]
    households: Annotated[int | None, Field(examples=[2480])]
    reached: Annotated[int, Field(examples=[1731])]
    share: Annotated[float | None, Field(examples=[0.698])]
