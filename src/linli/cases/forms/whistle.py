"""The forms of a whistle: calling bodies to a place, what a body answers, the joint conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words
from linli.cases.forms.report import Chips
from linli.cases.forms.speaking import Speaking
from linli.cases.rules import whistle as rules
from linli.cases.rules.intake import MAX_WORDS, Wrong
from linli.cases.rules.whistle import Blown, Concluded, Next, Part
from linli.cases.rules.workflow import CALL_OFF_REASONS
from linli.kernel.clock import LOCAL

SOON = (
    ("now", _("Now")),
    ("30", _("In half an hour")),
    ("60", _("In an hour")),
    ("other", _("At a time")),
)
STEPS_SHOWN = 3
END_OF_DAY = time(23, 59)
Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class BodyField:
    """One body of the form: whether it is chosen, and what is asked of it alone."""

    id: int
    name: str
    kind: str
    phone: str
    chosen: bool
    words: str


class Moment(forms.DateTimeField):
    """A local date and time, as the browser's own field writes it."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **more)


def missing(field: str) -> dict[str, Any]:
    """What is said where a field is left empty: the same as the rules say."""
    return {"required": lazy(lambda: words.wrong("missing", field=field), str)()}


class Blow(Speaking):
    """Whom to call, where, when, and what for."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    bodies = forms.MultipleChoiceField(
        label=_("Whom to call"), widget=forms.CheckboxSelectMultiple, required=False
    )
    when = forms.ChoiceField(label=pgettext_lazy("whistle", "When"), choices=SOON, widget=Chips)
    meet_at = Moment(label=_("Date and time"), required=False)
    place = forms.CharField(
        label=_("Where to meet"), max_length=rules.LONGEST_PLACE, error_messages=missing("place")
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What they are called for"),
        help_text=_("All called bodies read this; residents do not."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LONGEST}),
        error_messages=missing("words"),
    )

    def offer(self, bodies: Choices) -> None:
        """Let it offer these bodies."""
        field = self.fields["bodies"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(bodies)

    def chosen(self) -> list[int]:
        """The bodies that are ticked, in the form's order."""
        return [int(body) for body in self.cleaned_data.get("bodies") or [] if body.isdigit()]

    def own_words(self, body: int) -> str:
        """What is asked of one body alone."""
        return str(self.data.get(f"words_{body}", "")).strip()

    def blown(self, at: datetime) -> Blown:
        """What is filled in, as the rules take it."""
        data = self.cleaned_data
        return Blown(
            parts=tuple(Part(body, self.own_words(body)) for body in self.chosen()),
            meet_at=self._moment(at),
            place=data.get("place") or "",
            words=data.get("words") or "",
            lon=data.get("lon"),
            lat=data.get("lat"),
            key=data.get("key") or "",
        )

    def _moment(self, at: datetime) -> datetime:
        when = self.cleaned_data.get("when")
        if when == "other":
            moment: datetime = self.cleaned_data["meet_at"]
            return moment
        return at + timedelta(minutes=int(when) if when and when.isdigit() else 0)

    def clean(self) -> dict[str, Any]:
        """At a time means that the time is given."""
        found = super().clean() or {}
        if found.get("when") == "other" and not found.get("meet_at") and "meet_at" not in self.errors:
            self.add_error("meet_at", words.wrong("missing", field="meet_at"))
        return found


class BlowNew(Blow):
    """The same with a new report: what somebody sees on the spot."""

    named: ClassVar = {"uploads": "pictures"}
    tickets = forms.CharField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(
        label=_("What is it about?"),
        help_text=_("This becomes a case of its own."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_WORDS}),
    )
    category_code = forms.ChoiceField(label=_("Category"), required=False)
    building = forms.CharField(
        label=_("Building"),
        help_text=_("Begin to type: number or name."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "buildings", "autocomplete": "off"}),
    )
    pictures = forms.FileField(label=_("Pictures"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("place", "words"):  # what is reported says both where nothing else is said
            self.fields[name].required = False


class Decline(Speaking):
    """Why a body does not come."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(code, words.REASONS[code]) for code in rules.DECLINE_REASONS],
        widget=Chips,
        error_messages=missing("reason"),
    )
    words = forms.CharField(
        label=_("More about it"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": rules.LONGEST}),
        required=False,
    )


class ArrivedAt(Speaking):
    """When a body was there, as the caller saw it."""

    arrived_at = Moment(label=_("There since"))


class CallOff(Speaking):
    """Why nobody needs to come."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(code, words.REASONS[code]) for code in CALL_OFF_REASONS],
        widget=Chips,
        error_messages=missing("reason"),
    )
    note = forms.CharField(
        label=_("Internal note"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_WORDS}),
        required=False,
    )


class Conclude(Speaking):
    """The joint conclusion; its next steps are lines of a body, words and a day."""

    words = forms.CharField(
        label=_("What was found and agreed"),
        help_text=_("The bodies read it."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": rules.LONGEST}),
        error_messages=missing("words"),
    )
    agreed = forms.MultipleChoiceField(
        label=_("Who agrees"), widget=forms.CheckboxSelectMultiple, required=False
    )
    answer = forms.CharField(
        label=_("What the resident reads"),
        help_text=_("Plain words, no names, phones or ID numbers."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_WORDS}),
        error_messages=missing("answer"),
    )

    def offer(self, present: Choices, bodies: Choices) -> None:
        """Let it offer who was there to agree, and every body for the next steps."""
        field = self.fields["agreed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(present)
        if not present:
            del self.fields["agreed"]
        for n in range(STEPS_SHOWN):
            self.fields[f"body_{n}"] = forms.ChoiceField(
                label=_("Body"), choices=[("", _("Choose a body")), *bodies], required=False
            )
            self.fields[f"step_{n}"] = forms.CharField(
                label=_("What it does"), max_length=rules.LONGEST, required=False
            )
            self.fields[f"until_{n}"] = forms.DateField(
                label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), required=False
            )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The lines of next steps, as bound fields."""
        return [(self[f"body_{n}"], self[f"step_{n}"], self[f"until_{n}"]) for n in range(STEPS_SHOWN)]

    def _lines(self) -> list[int]:
        """The lines in which something is written."""
        names = ("body", "step", "until")
        return [n for n in range(STEPS_SHOWN) if any(self.cleaned_data.get(f"{name}_{n}") for name in names)]

    def clean(self) -> dict[str, Any]:
        """A line needs its body."""
        found = super().clean() or {}
        for n in self._lines():
            if not found.get(f"body_{n}"):
                self.add_error(f"body_{n}", words.wrong("missing", field="organisation"))
        return found

    def concluded(self, whistle_id: int) -> Concluded:
        """What is filled in, as the rules take it."""
        data = self.cleaned_data
        steps = [
            Next(int(data[f"body_{n}"]), data.get(f"step_{n}") or "", _end_of(data.get(f"until_{n}")))
            for n in self._lines()
        ]
        agreed = frozenset(int(body) for body in data.get("agreed") or [])
        return Concluded(whistle_id, data.get("words") or "", agreed, tuple(steps))

    def say(self, wrongs: Iterable[Wrong]) -> None:
        """What is wrong with a step stands beside its line."""
        lines = self._lines()
        for wrong in wrongs:
            head, _dot, rest = wrong.field.partition(".")
            place, _dot, name = rest.partition(".")
            if head == "steps" and place.isdigit() and int(place) < len(lines):
                field = {"words": "step"}.get(name, name)
                self.add_error(
                    f"{field}_{lines[int(place)]}", words.wrong(wrong.code, field=name, limit=wrong.limit)
                )
            else:
                super().say([wrong])


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, END_OF_DAY, LOCAL) if day else None
