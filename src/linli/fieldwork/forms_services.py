"""What people fill in about help that was given; what is wrong with it the rules say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.fieldwork import words_services as words
from linli.fieldwork.rules import services as rules
from linli.grids.forms import Choices, DayInput


class MomentInput(forms.DateTimeInput):
    """A moment as browsers want it, in local time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class GiveHelp(forms.Form):
    """Help that was given: what, to whom, when."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("service", "Kind of help"))
    dwelling = forms.TypedChoiceField(
        label=pgettext_lazy("service", "Door"), coerce=int, empty_value=None, required=False
    )
    phone = forms.CharField(
        label=pgettext_lazy("service", "Or the phone of who was helped"),
        help_text=_("Kept sealed. It is used for nothing but asking whether the help was given."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    at = forms.DateTimeField(
        label=pgettext_lazy("service", "When"), widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M"]
    )
    words = forms.CharField(
        label=pgettext_lazy("service", "What was done"),
        help_text=_("The resident reads these words. One or two lines are enough."),
        max_length=rules.WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, kinds: Choices = (), doors: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        kind, dwelling = self.fields["kind"], self.fields["dwelling"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(dwelling, forms.TypedChoiceField)
        kind.choices = list(kinds)
        dwelling.choices = [("", "—"), *doors]
        if not doors:
            del self.fields["dwelling"]
        self.fields["key"].initial = uuid4

    def given(self) -> rules.Given:
        """What was written."""
        kept = self.cleaned_data
        return rules.Given(
            kept["kind"], kept["words"].strip(), kept["at"], kept.get("dwelling"), kept["phone"].strip()
        )


class TypeCode(forms.Form):
    """The code that the resident reads out."""

    code = forms.CharField(
        label=pgettext_lazy("service", "The code that the resident reads out"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SayWords(forms.Form):
    """Words to a denial, or to an answer."""

    words = forms.CharField(
        label=pgettext_lazy("service", "What you want to say"),
        max_length=rules.ANSWER_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, needed: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["words"].required = needed


class CallDone(forms.Form):
    """How a call went."""

    calls = forms.IntegerField(widget=forms.HiddenInput)
    done = forms.ChoiceField(
        label=_("What the resident says"),
        choices=[(code.value, label) for code, label in words.SAID.items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=pgettext_lazy("service", "In the resident's words"),
        max_length=rules.ANSWER_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SetKind(forms.Form):
    """A kind of help, from a day on."""

    code = forms.CharField(
        label=pgettext_lazy("service", "Code"),
        help_text=_("Small Latin letters and _. The same code again takes the place of what stood."),
        max_length=24,
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=rules.NAME_MOST)
    name_en = forms.CharField(label=_("English name"), max_length=rules.NAME_MOST)
    from_date = forms.DateField(label=pgettext_lazy("service", "From"), widget=DayInput())
    until_date = forms.DateField(
        label=pgettext_lazy("service", "No longer from"), widget=DayInput(), required=False
    )

    def kind(self) -> rules.Kind:
        """What was written."""
        return rules.Kind(**{name: self.cleaned_data[name] for name in rules.Kind.__dataclass_fields__})
