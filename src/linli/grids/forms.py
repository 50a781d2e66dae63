"""What people fill in about places, duties and wishes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.grids.rules import nameplates
from linli.grids.rules.nameplates import HOURS_MOST
from linli.grids.rules.wishes import Wish
from linli.grids.words import FAULTS, LAYOUTS, REASONS, TONGUES
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


class Plate(forms.Form):
    """How somebody who serves is shown; what is wrong with it the rules say."""

    hours_zh = forms.CharField(
        label=_("Hours, in Chinese"),
        help_text=_("As 周一至周五 9:00–17:00, or when one is at the grid's station."),
        max_length=HOURS_MOST,
        required=False,
    )
    hours_en = forms.CharField(label=_("Hours, in English"), max_length=HOURS_MOST, required=False)
    phone = forms.CharField(
        label=_("Telephone on duty"),
        help_text=_("Given for the duty, never one's own. Empty: the number of the organisation."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    languages = forms.MultipleChoiceField(
        label=pgettext_lazy("nameplate", "Languages"),
        choices=list(TONGUES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    away_from_date = forms.DateField(label=_("Away from"), widget=DayInput(), required=False)
    away_last_date = forms.DateField(label=_("Last day away"), widget=DayInput(), required=False)
    stand_in = forms.TypedChoiceField(label=_("Who stands in"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, colleagues: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["stand_in"].choices = [("", _("nobody")), *colleagues]  # type: ignore[attr-defined]

    def plate(self) -> nameplates.Plate:
        """What was written."""
        given = self.cleaned_data
        return nameplates.Plate(
            hours_zh=given["hours_zh"],
            hours_en=given["hours_en"],
            phone=given["phone"],
            languages=tuple(given["languages"]),
            away_from_date=given["away_from_date"],
            away_last_date=given["away_last_date"],
            stand_in_id=given["stand_in"],
        )


class Picture(forms.Form):
    """A face for the nameplate."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Everybody sees it for as long as you serve here."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class Print(forms.Form):
    """What to draw."""

    place = forms.TypedChoiceField(
        label=_("For which place"),
        help_text=_("And for all below it that has a page of its own."),
        coerce=int,
    )
    layout = forms.ChoiceField(
        label=_("On which paper"), choices=list(LAYOUTS.items()), widget=forms.RadioSelect, initial="a4"
    )

    def __init__(self, *args: Any, places: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class MyHome(forms.Form):
    """Which dwelling is mine."""

    dwelling = forms.TypedChoiceField(label=_("Door"), coerce=int)

    def __init__(self, *args: Any, dwellings: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["dwelling"].choices = [("", "—"), *dwellings]  # type: ignore[attr-defined]


class Refusal(forms.Form):
    """Why a home is not proved, or no longer."""

    reason = forms.ChoiceField(label=_("Why"), choices=list(REASONS.items()))
    words = forms.CharField(
        label=_("In words"),
        help_text=_("The person reads it. Needed for another reason."),
        max_length=200,
        required=False,
    )


class Register(forms.Form):
    """The table of the register."""

    table = forms.FileField(
        label=_("Table (CSV)"),
        help_text=_(
            "Two columns: dwelling_code and phone (门牌编码, 手机号). It takes the place of the one before."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


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
