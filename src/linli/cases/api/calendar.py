"""The community's own days and hours, laid over the announced calendar; deadlines follow."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query

from linli.cases.actions.settings import calendar, keeping
from linli.cases.api.routers import KEEPERS, served, settings
from linli.cases.queries import working_days
from linli.cases.schemas.calendar import CalendarOut, DayIn, HoursIn, MovedOut
from linli.kernel import calendar as kernel_calendar
from linli.kernel.access import STAFF
from linli.kernel.api import actor_of, answer, answer_tagged, at, operation
from linli.kernel.api_types import Community, Day
from linli.kernel.calendar import OfficeHours

PathDay = Annotated[Day, Path()]
Year = Annotated[int | None, Query(ge=2000, le=2099, description="without it this year")]


@settings.get("/calendar", response=CalendarOut, summary="A year of working days and hours")
@operation("settings.calendar", who=STAFF, scope="cases:read", tagged=True)
def read(request: HttpRequest, community: Community, year: Year = None) -> HttpResponse:
    """Holidays, make-up days and the community's own days; the office hours of each weekday with their versions."""
    where = served(actor_of(request), community)
    wanted = year or keeping.today(at(request)).year
    days = kernel_calendar.load(where)
    special = [
        {"day": one.day, "kind": one.kind, "working": one.working, "own": one.own}
        for one in working_days.special_days(where, wanted)
    ]
    hours = [_hours(one) for one in (*working_days.usual_hours(), *days.office_hours)]
    hours.sort(key=lambda one: (one["weekday"], one["from_date"] or date.min))
    return answer_tagged(
        request, {"year": wanted, "announced": days.covers(wanted), "days": special, "hours": hours}
    )


def _hours(one: OfficeHours) -> dict[str, Any]:
    return {
        "weekday": one.weekday,
        "from_date": None if one.from_date == date.min else one.from_date,
        "spans": [[f"{start:%H:%M}", _end(end)] for start, end in one.spans],
    }


def _end(moment: time) -> str:
    return "24:00" if moment == time(0) else f"{moment:%H:%M}"


@settings.put("/calendar/days/{day}", response=MovedOut, summary="Make a day worked or closed")
@operation("settings.mark_day", who=KEEPERS, scope="admin")
def mark_day(request: HttpRequest, day: PathDay, community: Community, body: DayIn) -> HttpResponse:
    """In this community only, against the announced calendar; running deadlines follow."""
    moved = calendar.mark_day(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        day=day,
        working=body.working,
        note=body.note,
        at=at(request),
    )
    return answer({"deadlines_moved": moved})


@settings.delete("/calendar/days/{day}", response=MovedOut, summary="Leave a day to the announced calendar")
@operation("settings.clear_day", who=KEEPERS, scope="admin")
def clear_day(request: HttpRequest, day: PathDay, community: Community) -> HttpResponse:
    """Take back the community's own word; running deadlines follow."""
    community_id = served(actor_of(request), community)
    moved = calendar.clear_day(actor=actor_of(request), community_id=community_id, day=day, at=at(request))
    return answer({"deadlines_moved": moved})


@settings.put("/calendar/hours", response=MovedOut, summary="Set office hours")
@operation("settings.set_hours", who=KEEPERS, scope="admin")
def set_hours(request: HttpRequest, body: HoursIn) -> HttpResponse:
    """Of some weekdays from a day on; running deadlines in working hours follow."""
    moved = calendar.set_hours(
        actor=actor_of(request),
        community_id=served(actor_of(request), body.community),
        weekdays=body.weekdays,
        from_date=body.from_date,
        spans=[(f"{span.start:%H:%M}", span.end) for span in body.spans],
        at=at(request),
    )
    return answer({"deadlines_moved": moved})
