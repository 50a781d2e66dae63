"""What is decided about figures, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.report import Chips
from linli.cases.forms.settings import DAY, Several
from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import Wrong
from linli.controlroom import words
from linli.controlroom.rules import definitions, exclusions
from linli.controlroom.rules.definitions import FLOORABLE, RATES, USES, Definition

SHARES = (
    "weight_",
    "floor_response",
    "floor_solved",
    "floor_satisfied",
    "floor_sign",
    "floor_contact",
    "floor_on",
)
SAID = {
    "in_the_past": _("Choose today or a later day; the past keeps its definition."),
    "not_hundred": _("The weights must come to 100; they come to %(limit)s."),
    "already_asked": _("This case is left out already, or somebody has asked for it."),
}


def _one(choices: words.Words, label: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, choices=list(choices.items()), widget=Chips)


class Deciding(Speaking):
    """A form with this room's words for what is wrong."""

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it."""
        said = SAID.get(wrong.code)
        return str(said) % {"limit": wrong.limit} if said else super().words_of(wrong)


class DefinitionForm(Deciding):
    """How one rate is counted, from a day on."""

    counted_on = _one(words.COUNTED_ON, words.DECIDED["counted_on"])
    promises = forms.MultipleChoiceField(
        label=_("Counted for"),
        help_text=_("All that are chosen must be kept."),
        choices=list(words.PROMISES.items()),
        widget=Several,
    )
    stars = forms.IntegerField(label=_("Satisfied: at least so many of 5 stars"), min_value=1, max_value=5)
    window_days = forms.IntegerField(
        label=_("Came back: settled so many days before, at most"),
        min_value=1,
        max_value=definitions.MOST_WINDOW,
    )
    source = _one(words.SOURCES, words.DECIDED["source"])
    unreachable = _one(words.HANDLINGS, words.DECIDED["unreachable"])
    silent = _one(words.HANDLINGS, words.DECIDED["silent"])
    leave_out = forms.MultipleChoiceField(
        label=_("Not counted"),
        choices=list(words.LEFT_OUT.items()),
        required=False,
        widget=Several,
    )
    approved_out = forms.BooleanField(
        label=_("Leave out single cases that a second person has approved"), required=False
    )
    owner = _one(words.OWNERS, words.DECIDED["owner"])
    floor_zeroes = forms.BooleanField(label=_("Below a floor the score is 0"), required=False)
    rescale = forms.BooleanField(
        label=_("A rate with nothing to measure is left out and the others weigh more"), required=False
    )
    valid_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("Empty: from today. Days before keep the definition they had."),
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )
    why = forms.CharField(label=_("Why"), max_length=200)
    source_of_it = forms.CharField(
        label=_("It rests on"),
        help_text=_("The decision or rule, for everybody to look up."),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any, *, code: str, held: Definition) -> None:
        super().__init__(data, initial=_initial(held))
        self.code = code
        uses = USES[code]
        for name in (set(words.DECIDED) & set(self.fields)) - set(uses):
            del self.fields[name]
        if "weights" in uses:
            self._weigh()

    def _weigh(self) -> None:
        own: dict[str, forms.Field] = {}
        for code in RATES:
            label = _("Weight of %(rate)s, percent") % {"rate": words.FIGURES[code]}
            own[f"weight_{code}"] = forms.IntegerField(label=label, min_value=0, max_value=100)
        for code in FLOORABLE:
            label = _("Floor of %(rate)s, percent") % {"rate": words.FIGURES[code]}
            own[f"floor_{code}"] = forms.IntegerField(label=label, min_value=1, max_value=100, required=False)
        self.fields = {**own, **self.fields}

    @property
    def shares(self) -> list[forms.BoundField]:
        """Weights and floors, which stand side by side."""
        return [self[name] for name in self.fields if name.startswith(SHARES)]

    @property
    def decisions(self) -> list[forms.BoundField]:
        """All other fields."""
        return [self[name] for name in self.fields if not name.startswith(SHARES)]

    def field_of(self, wrong: Wrong) -> str:
        """Weights stand together; the first of them says it."""
        if wrong.field == "weights":
            return f"weight_{RATES[0]}"
        return (
            "source_of_it"
            if wrong.field == "source" and wrong.code == "too_long"
            else super().field_of(wrong)
        )

    def definition(self) -> Definition:
        """What is filled in, as the rules read it."""
        data, plain = self.cleaned_data, dict[str, Any]()
        for name in USES[self.code]:
            if name == "weights":
                plain[name] = {code: data[f"weight_{code}"] for code in RATES}
            elif name == "floors":
                plain[name] = {code: data[f"floor_{code}"] for code in FLOORABLE if data[f"floor_{code}"]}
            else:
                plain[name] = data[name]
        return definitions.from_plain(self.code, plain)


def _initial(held: Definition) -> dict[str, Any]:
    initial = definitions.as_plain(held)
    for name in ("weights", "floors"):
        for code, part in initial.pop(name, {}).items():
            initial[f"{name.removesuffix('s')}_{code}"] = part
    return initial


class ExclusionForm(Deciding):
    """One case to be left out of rates, and why."""

    codes = forms.MultipleChoiceField(
        label=_("Left out of"),
        help_text=_("None chosen: all of them."),
        choices=[(code, words.FIGURES[code]) for code in exclusions.EXCLUDABLE],
        required=False,
        widget=Several,
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=list(words.EXCLUSION_REASONS.items()), widget=Chips)
    why = forms.CharField(
        label=_("What happened, and what shows it"),
        max_length=exclusions.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class VerdictForm(Deciding):
    """The second person's decision."""

    answer = forms.CharField(
        label=_("Why it is granted or refused"),
        max_length=exclusions.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
