"""The forms of a call-back: how the call went and what was said, the reasoned answer, the plan and the terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases import words, words_calls
from linli.cases.actions.callback import Said
from linli.cases.actions.settings import callbacks as keeping
from linli.cases.forms.report import Chips
from linli.cases.forms.speaking import Speaking
from linli.cases.forms.whistle import Moment
from linli.cases.rules import callback as rules
from linli.cases.rules.callback import Tried, Trigger
from linli.cases.rules.intake import MAX_WORDS, Channel

YES_NO = (("yes", _("Yes")), ("no", _("No")))
BOOL = {"yes": True, "no": False}
STAR_ORDER = ("5", "4", "3", "2", "1")


class Call(Speaking):
    """How a call went."""

    tries_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label=_("How the call went"),
        choices=[(one.value, words_calls.TRIED[one.value]) for one in Tried],
        widget=Chips,
    )
    solved = forms.ChoiceField(label=_("Solved?"), choices=YES_NO, widget=Chips, required=False)
    stars = forms.ChoiceField(
        label=_("How satisfied?"),
        choices=[(n, words_calls.STARS[n]) for n in STAR_ORDER],
        widget=Chips,
        required=False,
    )
    complaint = forms.ChoiceField(
        label=_("Why not?"),
        choices=[(code, words_calls.COMPLAINTS[code]) for code in rules.COMPLAINTS],
        widget=Chips,
        required=False,
    )
    wants_reopening = forms.ChoiceField(
        label=_("Take it up again?"), choices=YES_NO, widget=Chips, required=False
    )
    words = forms.CharField(
        label=_("In the resident's words"),
        help_text=_("Only colleagues read this; where it is taken up again, the resident too."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_WORDS}),
        required=False,
    )
    again_at = Moment(label=_("Call again"), required=False)

    def said(self) -> Said:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return Said(
            outcome=Tried(data["outcome"]),
            tries_seen=data.get("tries_seen"),
            solved=BOOL.get(data.get("solved") or ""),
            stars=int(data["stars"]) if data.get("stars") else None,
            complaint=data.get("complaint") or "",
            words=data.get("words") or "",
            wants_reopening=BOOL.get(data.get("wants_reopening") or ""),
            again_at=data.get("again_at"),
        )


class Answer(Speaking):
    """A reasoned answer."""

    answer = forms.CharField(
        label=_("Reasoned answer"),
        help_text=_(
            "The resident reads it once a leader has approved it. Plain words, no names, phones or ID numbers."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_WORDS}),
        required=False,
    )


class Ruling(Answer):
    """What the leader makes of it."""

    note = forms.CharField(
        label=_("Note for colleagues"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_WORDS}),
        required=False,
    )


class PlanLine(Speaking):
    """One line of the plan."""

    named: ClassVar = {"organisation_id": "organisation"}
    category_code = forms.ChoiceField(label=_("Category"), required=False)
    organisation = forms.ChoiceField(label=_("Body"), required=False)
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[("", _("Any")), *((one.value, words.CHANNELS[one.value]) for one in Channel)],
        required=False,
    )
    trigger = forms.ChoiceField(
        label=_("Only what is special"),
        choices=[("", _("Any case")), *((one.value, words_calls.TRIGGERS[one.value]) for one in Trigger)],
        required=False,
    )
    share = forms.DecimalField(
        label=_("Share, of 100"),
        help_text=_("100 calls all of them."),
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
    minimum = forms.IntegerField(
        label=_("At least, of each body and month"),
        help_text=_("What is missing is drawn when the month is over. 0 for none."),
        min_value=0,
        max_value=1000,
        required=False,
    )
    valid_from = forms.DateField(
        label=_("From"),
        help_text=_("Tomorrow or later."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )

    def offer(self, categories: Any, bodies: Any) -> None:
        """Let it offer this community's categories and bodies."""
        for name, first, offered in (
            ("category_code", _("All categories"), categories),
            ("organisation", _("All bodies"), bodies),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", first), *offered]

    def wanted(self) -> keeping.Line:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return keeping.Line(
            share=data["share"] if data.get("share") is not None else Decimal(0),
            category_code=data.get("category_code") or "",
            organisation_id=int(data["organisation"]) if data.get("organisation") else None,
            channel=data.get("channel") or "",
            trigger=data.get("trigger") or "",
            minimum=data.get("minimum") or 0,
            valid_from=data.get("valid_from"),
        )


class Terms(Speaking):
    """When somebody counts as not reached, between which hours calls are made, and what callers say."""

    tries = forms.IntegerField(label=_("Calls"), min_value=1, max_value=10)
    days = forms.IntegerField(label=_("on so many days"), min_value=1, max_value=10)
    parts = forms.IntegerField(
        label=_("in so many parts of the day"),
        help_text=_("Morning, afternoon, evening."),
        min_value=1,
        max_value=3,
    )
    apart_hours = forms.IntegerField(label=_("so many hours apart"), min_value=0, max_value=48)
    from_time = forms.TimeField(
        label=_("Calls from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    to_time = forms.TimeField(label=_("to"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in rules.QUESTIONS:
            for language in ("zh", "en"):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=str(name),
                    widget=forms.Textarea(attrs={"rows": 2, "maxlength": keeping.LONGEST_QUESTION}),
                    max_length=keeping.LONGEST_QUESTION,
                    required=False,
                )

    def script_rows(self) -> list[tuple[Any, Any, Any]]:
        """What callers say, question by question, as bound fields."""
        return [
            (words_calls.QUESTIONS[name], self[f"{name}_zh"], self[f"{name}_en"]) for name in rules.QUESTIONS
        ]

    def wanted(self) -> tuple[rules.Terms, dict[str, dict[str, str]]]:
        """Terms and script, as the action takes them."""
        data = self.cleaned_data
        terms = rules.Terms(
            tries=data["tries"],
            days=data["days"],
            parts=data["parts"],
            apart_hours=data["apart_hours"],
            from_time=data["from_time"],
            to_time=data["to_time"],
        )
        script = {
            name: {lang: (data.get(f"{name}_{lang}") or "").strip() for lang in ("zh", "en")}
            for name in rules.QUESTIONS
        }
        return terms, script
