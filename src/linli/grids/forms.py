"""What people fill in about places, duties and wishes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.grids.rules.wishes import Wish
from linli.grids.words import FAULTS
from linli.people import rules as people
from linli.people import words as people_words

Choices = Sequence[tuple[Any, Any]]


class DayInput(forms.DateInput):
    """A day as browsers want it, whatever the language writes."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlaceSign(forms.Form):
    """What a place is called."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    aliases = forms.CharField(
        label=_("Also called"),
        help_text=_("Other names people write in addresses, one a line: 8号楼, 红楼."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    households = forms.IntegerField(
        label=_("Households"),
        help_text=_("A city grid usually has 300 to 500."),
        required=False,
        min_value=0,
        max_value=1_000_000,
    )

    def clean_aliases(self) -> list[str]:
        """The names, one each."""
        return [
            part.strip()
            for part in re.split("[\n;,、\uff1b\uff0c]", self.cleaned_data["aliases"])
            if part.strip()
        ]


class NewDuty(forms.Form):
    """Somebody takes up a duty."""

    phone = forms.CharField(
        label=_("Mobile number"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Only needed for somebody who has never signed in."),
        max_length=40,
        required=False,
    )
    role = forms.ChoiceField(label=_("Role"))
    place = forms.TypedChoiceField(label=_("At which place"), coerce=int)
    organisation = forms.TypedChoiceField(
        label=_("For which organisation"),
        coerce=lambda value: int(value) if value else None,
        empty_value=None,
        required=False,
    )
    title = forms.CharField(
        label=_("Title"), help_text=_("What residents read, for example: head of grid 3."), max_length=60,
        required=False,
    )  # fmt: skip
    from_date = forms.DateField(label=_("From which day"), widget=DayInput())
    until_date = forms.DateField(
        label=_("Until which day"),
        help_text=_("The first day on which the duty no longer holds. Empty: until it is ended."),
        required=False,
        widget=DayInput(),
    )

    def __init__(
        self, *args: Any, roles: Sequence[str], places: Choices, bodies: Choices, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        named = [(role, people_words.ROLES[role]) for role in roles]
        self.fields["role"].choices = named  # type: ignore[attr-defined]
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [("", _("none")), *bodies]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """The number in E.164."""
        try:
            return people.normal_phone(self.cleaned_data["phone"])
        except people.BadPhone as problem:
            raise forms.ValidationError(FAULTS["bad_phone"]) from problem


class MyHome(forms.Form):
    """Which dwelling is mine."""

    dwelling = forms.TypedChoiceField(label=_("Door"), coerce=int)

    def __init__(self, *args: Any, dwellings: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["dwelling"].choices = [("", "—"), *dwellings]  # type: ignore[attr-defined]


class LostCode(forms.Form):
    """Why a code is replaced."""

    reason = forms.CharField(label=_("What happened to the old code"), max_length=200)


class Wishes(forms.Form):
    """Everything a community may want, one field each; rules say later what a value may be."""

    def __init__(
        self, *args: Any, wishes: Mapping[str, Wish], texts: Mapping[str, Any], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        for key, wish in wishes.items():
            self.fields[key] = _field(wish, *texts.get(key, (key, "", {})))


def _field(wish: Wish, label: Any, help_text: Any, choices: Mapping[str, Any]) -> forms.Field:
    told = {"label": label, "help_text": help_text, "required": wish.kind not in ("flag", "span")}
    if wish.kind == "flag":
        return forms.BooleanField(**told)
    if wish.kind == "choice":
        return forms.ChoiceField(choices=[(each, choices.get(each, each)) for each in wish.choices], **told)
    if wish.kind == "whole":
        return forms.IntegerField(min_value=wish.least, max_value=wish.most, **told)
    return forms.CharField(max_length=60, **told)
