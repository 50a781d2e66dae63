"""The forms of topics and lasting fixes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import Wrong
from linli.triage import words_topics
from linli.triage.actions import fixes

DAY = {"type": "date"}


class FixForm(Speaking):
    """A lasting fix."""

    title = forms.CharField(label=_("What it is called"), max_length=fixes.LONGEST_TITLE)
    organisation_id = forms.TypedChoiceField(label=_("Who owns it"), coerce=int, empty_value=None)
    plan = forms.CharField(
        label=_("Plan"),
        help_text=_("What is done so that it does not come back, step by step."),
        max_length=fixes.LONGEST_PLAN,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    budget = forms.CharField(
        label=_("Money"),
        help_text=_("How much, and from which purse."),
        max_length=fixes.LONGEST_BUDGET,
        required=False,
    )
    from_date = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until_date = forms.DateField(
        label=_("To be finished by"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    state = forms.ChoiceField(label=_("How far it is"), choices=list(words_topics.FIX_STATES.items()))
    result = forms.CharField(
        label=_("What came of it"),
        help_text=_("Needed once it is done or given up."),
        max_length=fixes.LONGEST_PLAN,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, bodies: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["organisation_id"]
        assert isinstance(chooser, forms.TypedChoiceField)  # declared above
        chooser.choices = [("", _("Choose")), *bodies]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = (
                "weui-textarea"
                if name in {"plan", "result"}
                else ("weui-select" if name in {"organisation_id", "state"} else "weui-input")
            )

    def sheet(self) -> fixes.Sheet:
        """What is filled in, as the action takes it."""
        return fixes.Sheet(**self.cleaned_data)

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it, in this room's words."""
        return words_topics.wrong(wrong.code, field=wrong.field, limit=wrong.limit)


def first_days(today: date) -> dict[str, Any]:
    """What a new form says before anybody writes."""
    return {"from_date": today, "state": "planned"}
