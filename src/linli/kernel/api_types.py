"""What API requests and answers are made of: strict bodies, clean text, bounded ids, moments with a zone, problems."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from ninja import Path, Query, Schema
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema

BIGGEST = 2**62  # fits PostgreSQL's bigint with room to add to it
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"[\t\r\n\x85\u2028\u2029]+")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII
)
_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")  # what a "+" in an address becomes when it is not written as %2B


class Asked(BaseModel):
    """A request's body. Unknown fields are refused, so that a typing error is not lost."""

    model_config = ConfigDict(extra="forbid")


def one_line(text: str) -> str:
    """Without control characters, line breaks and outer blanks."""
    return _CONTROL.sub("", _BREAKS.sub(" ", text)).strip()


def _not_blank(text: str) -> str:
    if not text:
        raise ValueError("must not be blank")
    return text


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _moment(given: Any) -> datetime:
    if isinstance(given, datetime):
        return given
    text = _LOST_PLUS.sub("+", given) if isinstance(given, str) else ""
    if not _MOMENT.fullmatch(text):
        raise ValueError("a time with its zone was expected (RFC 3339)")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time with its zone was expected (RFC 3339)") from error


def _day(given: Any) -> date:
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise ValueError("a day from 2000 to 2099 was expected (YYYY-MM-DD)")
    return date.fromisoformat(given)


def _clock(given: Any) -> time:
    if isinstance(given, time):
        return given
    if not isinstance(given, str) or not _CLOCK.fullmatch(given):
        raise ValueError("a time of day was expected (HH:MM)")
    return time.fromisoformat(given)


Text = Annotated[str, AfterValidator(_clean)]
"""Words of several lines; NUL is taken out."""
Line = Annotated[str, AfterValidator(one_line)]
"""Words of one line."""
Named = Annotated[str, Field(min_length=1), AfterValidator(one_line), AfterValidator(_not_blank)]
"""A name: one line with something in it."""
Yes = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Id = Annotated[int, Strict(), Field(ge=1, le=BIGGEST)]
PathId = Annotated[int, Path(ge=1, le=BIGGEST)]
QueryId = Annotated[int, Query(ge=1, le=BIGGEST)]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T02:00:00Z"]}),
]
"""A time with its zone (RFC 3339), kept in UTC."""
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": "^20\\d\\d-\\d\\d-\\d\\d$",
            "examples": ["2026-12-01"],
        }
    ),
]
"""A local day of this century."""
ClockTime = Annotated[
    time,
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$", "examples": ["09:00"]}),
]
"""A local time of day."""
CommunityCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["520113008006"])]
"""A community's 12-digit code."""
Community = Annotated[str, Query(pattern=r"^[0-9]{12}$", description="12-digit code of the community")]
Cursor = Annotated[
    str, Query(max_length=200, description="`cursor` of the page before; without it the first page")
]
Size = Annotated[int, Query(ge=1, le=100, description="how many rows a page has")]


class FieldProblem(Schema):
    """One thing that is wrong: where, why as a stable code, and the figure it was measured against."""

    field: str = Field(examples=["words"])
    code: str = Field(examples=["too_short"])
    limit: str = Field("", examples=["2"])


class Problem(Schema):
    """RFC 9457 problem details. ``code`` is stable and for programs; ``title`` and ``detail`` are for people."""

    type: str = Field(examples=["urn:linli:problem:refused"])
    title: str = Field(examples=["Something in the request is not right."])
    status: int = Field(examples=[422])
    code: str = Field(examples=["refused"])
    detail: str = Field("", examples=[""])
    errors: list[FieldProblem] = []
