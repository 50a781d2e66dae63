"""What a community decides about chasing, as forms: rungs, paths of approval, who is named for what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words, words_chasing
from linli.cases.actions.settings import approvals, ladder
from linli.cases.forms.report import Chips
from linli.cases.forms.settings import DAY
from linli.cases.forms.speaking import Speaking
from linli.cases.rules.ladder import MOST_LEVELS, Act, When
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.requests import Ask, Decider
from linli.kernel.worktime import Unit

FROM_TODAY = _("Empty: from today.")


def _day() -> forms.DateField:
    widget = forms.DateInput(attrs=DAY)
    return forms.DateField(label=_("Holds from"), help_text=FROM_TODAY, required=False, widget=widget)


def _source() -> forms.CharField:
    said = _("The regulation or decision, for everybody to look up.")
    return forms.CharField(label=_("It rests on"), help_text=said, max_length=200, required=False)


class RungForm(Speaking):
    """A rung of the ladder."""

    category_code = forms.ChoiceField(label=_("Category"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, widget=Chips)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(one.value, words.STAGES[one.value]) for one in Stage if one in ladder.STAGES],
    )
    level = forms.IntegerField(label=_("Level"), min_value=1, max_value=MOST_LEVELS)
    when = forms.ChoiceField(
        label=pgettext_lazy("rung", "When"),
        choices=[(one.value, words_chasing.RUNG_WHEN[one.value]) for one in When],
        widget=Chips,
    )
    percent = forms.IntegerField(
        label=_("Share used up, in percent"), min_value=1, max_value=99, required=False
    )
    amount = forms.DecimalField(
        label=_("How long after it broke"),
        help_text=_("0: at once."),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
    )
    unit = forms.ChoiceField(
        label=_("Counted in"), choices=[(one.value, words.UNITS[one.value]) for one in Unit], widget=Chips
    )
    act = forms.ChoiceField(
        label=pgettext_lazy("rung", "What happens"),
        choices=[(one.value, words_chasing.RUNG_ACTS[one.value]) for one in Act],
    )
    days = forms.DecimalField(
        label=_("Working days to answer"),
        help_text=_("For a supervision or a talk."),
        min_value=0,
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    valid_from = _day()
    source = _source()

    def __init__(self, *args: Any, categories: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category_code"].choices = [("", _("All categories")), *categories]  # type: ignore[attr-defined]
        urgencies = [(one.value, words.URGENCIES[one.value]) for one in Urgency]
        self.fields["urgency"].choices = [("", _("Any")), *urgencies]  # type: ignore[attr-defined]

    def wanted(self) -> ladder.Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        given = {name: data[name] for name in ("percent", "amount", "days") if data.get(name) is not None}
        return ladder.Wanted(
            stage=data["stage"],
            level=data["level"],
            when=data["when"],
            act=data["act"],
            unit=data["unit"],
            category_code=data["category_code"],
            urgency=data["urgency"],
            valid_from=data["valid_from"],
            source=data["source"],
            **given,
        )


class ApprovalForm(Speaking):
    """A path of approval."""

    kind = forms.ChoiceField(
        label=_("What is asked for"),
        choices=[(one.value, words.REQUESTS[one.value]) for one in Ask],
        widget=Chips,
    )
    up_to = forms.DecimalField(
        label=_("Up to how many working days"),
        help_text=_("By so many working days the resident waits longer. Empty: any size."),
        min_value=0,
        max_digits=6,
        decimal_places=2,
        required=False,
    )
    decider = forms.ChoiceField(
        label=_("Who decides"),
        choices=[(one.value, words_chasing.DECIDERS[one.value]) for one in Decider],
        widget=Chips,
    )
    basis = forms.BooleanField(label=_("Granting it takes a written basis"), required=False)
    valid_from = _day()
    source = _source()

    def wanted(self) -> approvals.Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return approvals.Wanted(
            kind=data["kind"],
            decider=data["decider"],
            up_to=data["up_to"],
            basis=data["basis"],
            valid_from=data["valid_from"],
            source=data["source"],
        )


class NamedForm(Speaking):
    """Somebody named: who rules on second returns, or the head of a body."""

    what = forms.ChoiceField(label=_("For what"), choices=list(words_chasing.NAMED_FOR.items()), widget=Chips)
    account_id = forms.TypedChoiceField(label=pgettext_lazy("named", "Who"), coerce=int)
    organisation_id = forms.TypedChoiceField(
        label=_("Of which body"),
        help_text=_("Only for the head of a body."),
        coerce=int,
        empty_value=None,
        required=False,
    )
    valid_from = _day()

    def __init__(
        self, *args: Any, people: Iterable[Any] = (), bodies: Iterable[Any] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = [("", _("Choose a person")), *people]  # type: ignore[attr-defined]
        self.fields["organisation_id"].choices = [("", _("None")), *bodies]  # type: ignore[attr-defined]
