"""What the style page shows: made-up things for the eye, no row of any table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from linli.faces import icons, words

SHEETS = frozenset({"resident", "report", "case", "desk", "settings", "signin", "problem"})
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    words: str
    state: str = "done"
    at: datetime | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    number: str
    title: str
    place: str
    who: str
    at: datetime
    clock: words.Clock
    lon: float = 106.65
    lat: float = 26.65
    tags: tuple[str, ...] = field(default=())


class SampleForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("Large or small, in your own words."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent is it?"),
        widget=forms.RadioSelect,
        choices=(("plain", gettext_lazy("Ordinary")), ("urgent", gettext_lazy("Somebody may be hurt"))),
    )
    public = forms.BooleanField(
        label=gettext_lazy("The result may be published"),
        help_text=gettext_lazy("Without your name, phone or door number."),
        required=False,
    )


def _samples(now: datetime) -> list[Sample]:
    rows: list[tuple[str, str, str, words.Clock, float]] = [
        (
            gettext("Manhole cover missing"),
            gettext("Building 8, east side"),
            "",
            words.Clock("broken", "working_hour", -2 * HOUR),
            5,
        ),
        (
            gettext("Street light out"),
            gettext("Building 8"),
            gettext("Wang …"),
            words.Clock("at_risk", "working_hour", 3 * HOUR),
            3,
        ),
        (
            gettext("Stall blocks the pavement"),
            gettext("Grid 3"),
            gettext("Li …"),
            words.Clock("in_time", "calendar_day", 50 * HOUR),
            9,
        ),
        (
            gettext("Noise from the mixing plant at night"),
            gettext("North gate"),
            gettext("Zhao …"),
            words.Clock("paused"),
            26,
        ),
        (
            gettext("Lift stops between two floors"),
            gettext("Building 12, unit 2"),
            gettext("Chen …"),
            words.Clock("met"),
            50,
        ),
        (
            gettext("Rubbish not collected"),
            gettext("Building 3"),
            gettext("Liu …"),
            words.Clock("missed", "working_hour", -HOUR),
            75,
        ),
    ]
    return [
        Sample(
            number=f"2611-{1042 - n:05d}",
            title=title,
            place=place,
            who=who,
            at=now - timedelta(hours=ago),
            clock=clock,
            lon=106.65 + n * 0.0012,
            lat=26.65 + (n % 3) * 0.001,
        )
        for n, (title, place, who, clock, ago) in enumerate(rows)
    ]


def _steps(now: datetime) -> list[Step]:
    return [
        Step(gettext("You reported it"), at=now - timedelta(hours=5)),
        Step(
            gettext("Accepted · lighting"),
            at=now - timedelta(hours=4, minutes=50),
            who=gettext("Dispatch desk"),
        ),
        Step(
            gettext("Wang … has taken it on"),
            state="now",
            at=now - timedelta(hours=4),
            who=gettext("Grid worker, building 8"),
            note=gettext("I will come by this afternoon with the electrician."),
        ),
        Step(gettext("Put right"), state="next"),
        Step(gettext("Checked by somebody else"), state="next"),
        Step(gettext("You rate it"), state="next"),
    ]


def context(sheet: str, now: datetime, number: str = "") -> dict[str, Any]:
    """Everything the sheets show. now: the moment of the request; number: the sample that is open."""
    wrong = SampleForm({"words": "", "urgency": "plain"})
    samples = _samples(now)
    return {
        "sheet": sheet,
        "sheets": sorted(SHEETS),
        "now": now,
        "place_crumb": [
            Link(gettext("Lüxing community"), "/faces/"),
            Link(gettext("Grid 3"), "/faces/"),
            Link(gettext("Building 8"), "/faces/"),
        ],
        "community_name": gettext("Lüxing community"),
        "tab": {"resident": "home", "report": "report", "case": "mine"}.get(sheet, ""),
        "mine_count": 2,
        "clocks": [sample.clock for sample in samples] + [words.Clock("none")],
        "samples": samples,
        "current": next((sample for sample in samples if sample.number == number), samples[1]),
        "timeline": _steps(now),
        "form": wrong,
        "blank": SampleForm(),
        "icon_names": sorted(icons.LINES),
        "report_steps": [gettext("Words"), gettext("Place"), gettext("Contact")],
        "status": 404,
        "code": "not_found",
    }
