"""What people of a grid fill in; what is wrong with it the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.fieldwork import words
from linli.fieldwork.rules import handing, team
from linli.fieldwork.rules import visits as rules
from linli.fieldwork.rules.words import Ground, Need, Outcome, PlanEnd, Purpose, WhyHandOver
from linli.grids.forms import Choices, DayInput

SETTLED_OUTCOMES = [(key, label) for key, label in words.OUTCOMES.items()]


class MomentInput(forms.DateTimeInput):
    """A moment as browsers want it."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class WriteVisit(forms.Form):
    """A visit."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    dwelling = forms.TypedChoiceField(label=pgettext_lazy("visit", "Household"), coerce=int)
    outcome = forms.ChoiceField(
        label=pgettext_lazy("visit", "How it went"), choices=SETTLED_OUTCOMES, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label=pgettext_lazy("visit", "Why"), choices=list(words.PURPOSES.items()))
    plan = forms.TypedChoiceField(
        label=pgettext_lazy("visit", "For the care plan"), coerce=int, empty_value=None, required=False
    )
    words = forms.CharField(
        label=pgettext_lazy("visit", "What is to be remembered"),
        help_text=_("Sealed: only the team of this grid reads it, and the household sees who did."),
        max_length=rules.WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    follow_up_date = forms.DateField(
        label=pgettext_lazy("visit", "Come again on"), required=False, widget=DayInput()
    )
    at = forms.DateTimeField(
        label=pgettext_lazy("visit", "When"),
        help_text=_("Empty: now."),
        required=False,
        widget=MomentInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    report = forms.CharField(
        label=pgettext_lazy("visit", "Make a case of it"),
        help_text=_(
            "Something has to be settled? These words go to the desk; the household is not named in it."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, doors: Sequence[tuple[Any, Any]] = (), plans: Choices = (), **more: Any
    ) -> None:
        super().__init__(*args, **more)
        _offer(self.fields["dwelling"], doors)
        _offer(self.fields["plan"], [("", "—"), *plans])
        if not plans:
            del self.fields["plan"]
        if len(doors) == 1:  # the page is about this one
            self.fields["dwelling"].widget = forms.HiddenInput()
        self.fields["key"].initial = uuid4

    def made(self, at: datetime) -> rules.Made:
        """What was written, as of now where no time was given."""
        given = self.cleaned_data
        return rules.Made(
            dwelling_id=given["dwelling"],
            purpose=Purpose(given["purpose"]),
            outcome=Outcome(given["outcome"]),
            at=given["at"] or at,
            words=given["words"],
            plan_id=given.get("plan"),
            follow_up_date=given["follow_up_date"],
        )


def _offer(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class PlanCare(forms.Form):
    """A plan of care."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    need = forms.ChoiceField(label=pgettext_lazy("care plan", "Need"))
    every_days = forms.IntegerField(
        label=pgettext_lazy("care plan", "Every so many days"),
        min_value=1,
        max_value=rules.PLAN_LONGEST.days,
        initial=7,
    )
    from_date = forms.DateField(label=pgettext_lazy("care plan", "From"), widget=DayInput())
    until_date = forms.DateField(
        label=pgettext_lazy("care plan", "Last day"),
        help_text=_("At most a year; then it is looked at anew."),
        widget=DayInput(),
    )
    ground = forms.ChoiceField(
        label=pgettext_lazy("care plan", "On what ground"), choices=list(words.GROUNDS.items())
    )
    worker = forms.TypedChoiceField(label=pgettext_lazy("care plan", "Who goes"), coerce=int)
    words = forms.CharField(
        label=pgettext_lazy("care plan", "What is to be seen to"),
        help_text=_("Sealed."),
        max_length=rules.WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, team_: Choices = (), health: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = "plan-%s"
        _offer(self.fields["worker"], team_)
        offered = [(key, label) for key, label in words.NEEDS.items() if health or key != Need.HEALTH]
        _offer(self.fields["need"], offered)
        self.fields["key"].initial = uuid4

    def planned(self, dwelling_id: int) -> rules.Planned:
        """What was written."""
        given = self.cleaned_data
        return rules.Planned(
            dwelling_id=dwelling_id,
            need=Need(given["need"]),
            every_days=given["every_days"],
            from_date=given["from_date"],
            until_date=given["until_date"],
            ground=Ground(given["ground"]),
            words=given["words"],
        )


class EndCare(forms.Form):
    """Why a plan of care ends."""

    why = forms.ChoiceField(
        label=pgettext_lazy("care plan", "Why"),
        choices=[(key, label) for key, label in words.PLAN_ENDS.items() if key != PlanEnd.RAN_OUT],
    )


class OfferWork(forms.Form):
    """A hand-over."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    giver = forms.TypedChoiceField(label=pgettext_lazy("hand-over", "Whose work"), coerce=int)
    receiver = forms.TypedChoiceField(label=pgettext_lazy("hand-over", "To whom"), coerce=int)
    why = forms.ChoiceField(
        label=pgettext_lazy("hand-over", "Why"), choices=list(words.WHY_HAND_OVER.items())
    )
    words = forms.CharField(
        label=pgettext_lazy("hand-over", "What your colleague should know"),
        help_text=_("Sealed."),
        max_length=team.WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, givers: Choices = (), receivers: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self.fields["giver"], givers)
        _offer(self.fields["receiver"], receivers)
        self.fields["key"].initial = uuid4

    def offer(self, grid_id: int) -> handing.Offer:
        """What was offered."""
        given = self.cleaned_data
        return handing.Offer(
            grid_id=grid_id,
            giver_id=given["giver"],
            receiver_id=given["receiver"],
            why=WhyHandOver(given["why"]),
            words=given["words"],
        )


class Found(forms.Form):
    """What was found on a patrol."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=pgettext_lazy("patrol", "What is it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    building = forms.TypedChoiceField(
        label=pgettext_lazy("patrol", "Where"), coerce=int, empty_value=None, required=False
    )
    address = forms.CharField(label=pgettext_lazy("patrol", "Or in words"), max_length=200, required=False)

    def __init__(self, *args: Any, buildings: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self.fields["building"], [("", "—"), *buildings])
        self.fields["key"].initial = uuid4
