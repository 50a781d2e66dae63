"""What is filled in about 七清七掌握: the list itself, and an evaluator's sheet."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.assessment.actions.evaluating import MOST_HOMES, MOST_SHEETS, Asking
from linli.assessment.rules import checklist
from linli.assessment.rules.checklist import CODES, EACH, EVIDENCE_MOST, FULL_MARK, WORDS_MOST, Item

MARKS = [
    (FULL_MARK, pgettext_lazy("mark", "Knows all of it")),
    (2, pgettext_lazy("mark", "Knows most of it")),
    (1, pgettext_lazy("mark", "Knows some of it")),
    (0, pgettext_lazy("mark", "Does not know it")),
]
HOMES = [
    (str(FULL_MARK), pgettext_lazy("household", "Knows the grid worker")),
    ("0", pgettext_lazy("household", "Does not know the grid worker")),
    ("", pgettext_lazy("household", "Nobody there: it does not count")),
]


class ListForm(forms.Form):
    """Seven and seven, and how they are asked."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    asked = forms.IntegerField(label=_("Items on a sheet"), min_value=2, max_value=2 * EACH)
    homes = forms.IntegerField(
        label=_("Households on a sheet"),
        help_text=_("Drawn by lot; asked at the door whether they know their grid worker."),
        min_value=0,
        max_value=MOST_HOMES,
    )
    sheets = forms.IntegerField(
        label=_("Evaluators of one person"),
        help_text=_("At least two, drawn by lot; nobody evaluates oneself."),
        min_value=2,
        max_value=MOST_SHEETS,
    )
    on = forms.BooleanField(
        label=_("Open a round by itself, three weeks before each quarter ends"), required=False
    )

    def __init__(self, *args: Any, items: tuple[Item, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].initial = uuid4
        self._shipped = {one.code: one for one in checklist.shipped()}
        for item in items:
            self.fields[f"{item.code}_zh"] = forms.CharField(
                label=_("In Chinese"), max_length=WORDS_MOST, initial=item.words_zh
            )
            self.fields[f"{item.code}_en"] = forms.CharField(
                label=_("In English"), max_length=WORDS_MOST, initial=item.words_en, required=False
            )

    def items(self) -> tuple[Item, ...]:
        """The items as written; what still says what was shipped stays an example."""
        given = self.cleaned_data
        return tuple(
            Item(
                code,
                given[f"{code}_zh"].strip(),
                given[f"{code}_en"].strip(),
                example=given[f"{code}_zh"].strip() == self._shipped[code].words_zh,
            )
            for code in CODES
        )

    def asking(self) -> Asking:
        """How they are asked."""
        return Asking(**{name: self.cleaned_data[name] for name in Asking.__dataclass_fields__})


class SheetForm(forms.Form):
    """One evaluator's sheet: a mark for each item, and what was missing."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, asked: list[tuple[str, str]], homes: list[tuple[int, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._asked, self._homes = asked, homes
        for code, words in asked:
            self.fields[code] = forms.TypedChoiceField(
                label=words,
                choices=MARKS,
                coerce=int,
                widget=forms.RadioSelect,
                required=False,
                empty_value=None,
            )
            self.fields[f"why_{code}"] = forms.CharField(
                label=_("What was missing, how you know"),
                max_length=EVIDENCE_MOST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for home, words in homes:
            self.fields[f"home_{home}"] = forms.ChoiceField(
                label=words, choices=HOMES, widget=forms.RadioSelect, required=False
            )

    def marks(self) -> dict[str, int]:
        """The marks given."""
        found = {code: self.cleaned_data[code] for code, _words in self._asked}
        found |= {
            f"home_{home}": int(self.cleaned_data[f"home_{home}"])
            for home, _words in self._homes
            if self.cleaned_data[f"home_{home}"] != ""
        }
        return {code: mark for code, mark in found.items() if mark is not None}

    def evidence(self) -> dict[str, str]:
        """The words given."""
        return {code: self.cleaned_data[f"why_{code}"] for code, _words in self._asked}
