"""The community's own days and hours, laid over the announced calendar."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.schemas.routing import Weekday
from linli.kernel.api_types import Asked, ClockTime, CommunityCode, Day, Line, Yes
from linli.kernel.worktime import DayKind


class DayIn(Asked):
    """A day of the community's own: worked or closed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"working": False, "note": "停电检修"}]}
    )
    working: Yes
    note: Annotated[Line, Field(max_length=80)] = ""


class MovedOut(Schema):
    """How many running cases got another deadline by it."""

    deadlines_moved: Annotated[int, Field(examples=[3])]


class SpanIn(Asked):
    """Office hours within a day."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"start": "09:00", "end": "12:00"}]}
    )
    start: ClockTime
    end: Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class HoursIn(Asked):
    """The office hours of some weekdays from a day on; no spans: closed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "weekdays": [0, 1, 2, 3, 4],
                    "from_date": "2026-12-01",
                    "spans": [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "17:30"}],
                }
            ]
        },
    )
    community: CommunityCode
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    from_date: Day
    spans: Annotated[list[SpanIn], Field(max_length=6)]


class CalendarDayOut(Schema):
    """A day on which something else holds than the week says."""

    day: Day
    kind: DayKind
    working: bool
    own: Annotated[bool, Field(description="the community's own word")]


class HoursOut(Schema):
    """The office hours of a weekday from a day on."""

    weekday: Annotated[int, Field(examples=[0], description="Monday is 0")]
    from_date: Annotated[Day | None, Field(description="null: the usual hours, as none were set")]
    spans: Annotated[list[list[str]], Field(examples=[[["09:00", "12:00"], ["13:30", "17:30"]]])]


class CalendarOut(Schema):
    """A year of a community: its special days and its office hours."""

    year: Annotated[int, Field(examples=[2026])]
    announced: Annotated[bool, Field(description="whether the holidays of this year have been announced")]
    days: list[CalendarDayOut]
    hours: list[HoursOut]
