"""Settings: working days and office hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import words
from linli.cases.actions.settings import calendar as keeping
from linli.cases.actions.settings import keeping as beats
from linli.cases.forms.settings import DayForm, HoursForm
from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import working_days
from linli.cases.rules.intake import Refused
from linli.kernel import calendar as kernel_calendar
from linli.kernel.access import policy


@policy("cases.settings_calendar", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def calendar(request: Asked) -> HttpResponse:
    """The days of a year on which something else holds, the hours of the week, and forms for both."""
    made = desk_frame.keeper_frame(request)
    if request.method == "POST":
        return _mark(made)
    return _page(made, DayForm(initial={"working": "no"}), _hours_form(None))


def _page(made: Frame, day_form: DayForm, hours_form: HoursForm) -> HttpResponse:
    today = beats.today(made.request.now)
    year = _year(made, today)
    days = kernel_calendar.load(made.community_id)
    context: dict[str, Any] = {
        "day_form": day_form,
        "hours_form": hours_form,
        "year": year,
        "years": [today.year - 1, today.year, today.year + 1],
        "days": [
            {"day": one, "kind": words.label(words.DAY_KINDS, one.kind.value), "past": one.day < today}
            for one in working_days.special_days(made.community_id, year)
        ],
        "known": days.covers(year),
        "week": [_weekday(days, number, today) for number in range(7)],
        "today": today,
    }
    status = 422 if day_form.errors or hours_form.errors else 200
    return settings.show(made, "cases/desk/settings/calendar.html", "calendar", context, status=status)


def _year(made: Frame, today: date) -> int:
    asked = made.request.GET.get("year", "")
    return int(asked) if asked in {str(today.year + step) for step in (-1, 0, 1)} else today.year


def _weekday(days: kernel_calendar.WorkCalendar, number: int, today: date) -> dict[str, Any]:
    """The hours of a weekday as they stand today, and a later version if one is entered."""
    versions = sorted(
        (hours for hours in days.office_hours if hours.weekday == number), key=lambda hours: hours.from_date
    )
    now = [hours for hours in versions if hours.from_date <= today]
    later = [hours for hours in versions if hours.from_date > today]
    usual = [hours for hours in working_days.usual_hours() if hours.weekday == number]
    held = now[-1:] or usual
    return {
        "name": WEEKDAYS[number],
        "spans": _spans(held[0].spans) if held else "",
        "own": bool(now),
        "later": [(hours.from_date, _spans(hours.spans)) for hours in later],
    }


def _spans(spans: Iterable[tuple[time, time]]) -> str:
    return ", ".join(f"{start:%H:%M}-{_end(end)}" for start, end in spans)


def _end(moment: time) -> str:
    return "24:00" if moment == time(0) else f"{moment:%H:%M}"


def weekday_choices() -> list[tuple[int, str]]:
    """The weekdays by name, Monday first."""
    return [(number, str(name)) for number, name in WEEKDAYS.items()]


def _hours_form(data: Any) -> HoursForm:
    return HoursForm(data, weekdays=weekday_choices(), initial={"weekdays": [0, 1, 2, 3, 4]})


def _mark(made: Frame) -> HttpResponse:
    """Make a day worked or closed, or leave it to the announced calendar again."""
    request = made.request
    form = DayForm(request.POST)
    clear = request.POST.get("clear", "")
    who: dict[str, Any] = {"actor": request.actor, "community_id": made.community_id, "at": request.now}
    try:
        if clear:
            moved = keeping.clear_day(day=date.fromisoformat(clear), **who)
        elif form.is_valid():
            data = form.cleaned_data
            moved = keeping.mark_day(
                day=data["day"], working=data["working"] == "yes", note=data["note"], **who
            )
        else:
            return _page(made, form, _hours_form(None))
    except ValueError:
        return redirect("cases:settings_calendar")
    except Refused as refused:
        form.is_valid()
        form.say(refused.wrongs)
        return _page(made, form, _hours_form(None))
    _tell(made, moved)
    return redirect("cases:settings_calendar")


@policy("cases.settings_hours", who=settings.KEEPERS)
@require_POST
def hours(request: Asked) -> HttpResponse:
    """Set the office hours of some weekdays from a day on."""
    made = desk_frame.keeper_frame(request)
    form = _hours_form(request.POST)
    if form.is_valid():
        try:
            moved = keeping.set_hours(
                actor=request.actor,
                community_id=made.community_id,
                weekdays=form.cleaned_data["weekdays"],
                from_date=form.cleaned_data["from_date"],
                spans=form.cleaned_data["spans"],
                at=request.now,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            _tell(made, moved)
            return redirect("cases:settings_calendar")
    return _page(made, DayForm(initial={"working": "no"}), form)


def _tell(made: Frame, moved: int) -> None:
    said = _("Saved.")
    if moved:
        said += " " + ngettext(
            "The deadline of %(n)s running case moved with it.",
            "The deadlines of %(n)s running cases moved with it.",
            moved,
        ) % {"n": moved}
    messages.success(made.request, said)
