"""The list of urgent words and what to do then, as forms."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases import words
from linli.cases.actions.settings.urgent import AdviceSheet, Line
from linli.cases.forms.report import Chips
from linli.cases.forms.settings import DAY
from linli.cases.forms.speaking import Speaking
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_phrases import MOST_PHRASE, DangerKind, words_of

LEVELS = [(one.value, words.URGENCIES[one.value]) for one in Urgency]
BETWEEN = re.compile(r"[/,，、;；\n\r]+")
SENTENCE = 600


class TryForm(forms.Form):
    """A sentence to be tried."""

    sentence = forms.CharField(
        label=_("Try a sentence"),
        help_text=_("As a resident would write it. Nothing is kept."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": SENTENCE}),
        max_length=SENTENCE,
        required=False,
    )


class LineForm(Speaking):
    """A line of the list."""

    kind = forms.ChoiceField(
        label=_("Kind of danger"), choices=[(one.value, words.DANGERS[one.value]) for one in DangerKind]
    )
    phrase = forms.CharField(
        label=_("Phrases"),
        help_text=_(
            "One of several: with / between them. Something may stand between: … (…… over a comma too). "
            "For example: gas/煤气…leak/泄漏/味"
        ),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MOST_PHRASE}),
    )
    level = forms.ChoiceField(
        label=_("When it happens now"), choices=LEVELS, widget=Chips, initial=Urgency.CRITICAL.value
    )
    may_come = forms.ChoiceField(
        label=_("When it may come, or comes again and again"),
        choices=LEVELS,
        widget=Chips,
        initial=Urgency.NORMAL.value,
    )
    inside = forms.CharField(
        label=_("Harmless as a part of"),
        help_text=_("Longer words that hold it: 起火 in 一起火锅."),
        required=False,
        max_length=2000,
    )
    beside = forms.CharField(
        label=_("Harmless beside"),
        help_text=_("Other words of the same clause: smoke beside barbecue."),
        required=False,
        max_length=2000,
    )
    on = forms.BooleanField(label=_("It counts"), required=False, initial=True)
    valid_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("Empty: from today."),
        widget=forms.DateInput(attrs=DAY),
        required=False,
    )

    def line(self) -> Line:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return Line(
            kind=data["kind"],
            phrase=data["phrase"],
            level=data["level"],
            may_come=data["may_come"],
            inside=_words(data["inside"]),
            beside=_words(data["beside"]),
            on=data["on"],
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words_of("/".join(BETWEEN.split(text)))))


class AdviceForm(Speaking):
    """What to do now in a kind of danger."""

    numbers = forms.CharField(
        label=_("Numbers to call"),
        help_text=_(
            "One a line: number, whom one reaches in Chinese, in English. For example: 119 火警 Fire"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=400,
    )
    words_zh = forms.CharField(
        label=_("For the resident, in Chinese"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 600}),
        required=False,
    )
    words_en = forms.CharField(
        label=_("For the resident, in English"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 900}),
        required=False,
    )
    desk_zh = forms.CharField(
        label=_("For the desk, in Chinese"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 600}),
        required=False,
    )
    desk_en = forms.CharField(
        label=_("For the desk, in English"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 900}),
        required=False,
    )

    def sheet(self) -> AdviceSheet:
        """What is filled in, as the action takes it."""
        data: dict[str, Any] = self.cleaned_data
        numbers = tuple(_number(line) for line in data["numbers"].splitlines() if line.strip())
        return AdviceSheet(numbers, data["words_zh"], data["words_en"], data["desk_zh"], data["desk_en"])


def _number(line: str) -> tuple[str, str, str]:
    """A number and two names from a line; what cannot be read comes out as a number that is none."""
    found = re.match(r"\s*(\+?[\d-]+(?: \d[\d-]*)*)[\s,，|]+([^\s,，|]+)[\s,，|]*(.*)$", line)
    return (found[1], found[2], found[3].strip()) if found else (line.strip()[:40], "", "")
