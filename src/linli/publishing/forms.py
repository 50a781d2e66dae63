"""What people fill in to announce something."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.grids.forms import Choices, DayInput
from linli.publishing import rules, words


class Announce(forms.Form):
    """An announcement; what is wrong with it the rules say."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    place = forms.TypedChoiceField(
        label=_("For whom"), help_text=_("Everybody at this place and below it."), coerce=int
    )
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=rules.TITLE_MOST)
    words_zh = forms.CharField(
        label=_("Words in Chinese"),
        help_text=_("What, where, from when to when, and whom to ask."),
        max_length=rules.WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=rules.TITLE_MOST, required=False)
    words_en = forms.CharField(
        label=_("Words in English"),
        max_length=rules.WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    from_date = forms.DateField(label=_("First day"), widget=DayInput())
    last_date = forms.DateField(label=_("Last day"), widget=DayInput())
    pinned = forms.BooleanField(
        label=pgettext_lazy("announcements", "Keep it on top"),
        help_text=_("Only for what everybody has to know."),
        required=False,
    )
    tell = forms.ChoiceField(
        label=_("Tell people"),
        help_text=_(
            "Everybody who follows this place or lives there, on its first day. You see how many before it goes out."
        ),
        choices=list(words.TELL.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    again = forms.BooleanField(
        label=_("Tell people of this correction"),
        help_text=_("Everybody here gets a message with what it says now."),
        required=False,
    )

    def __init__(
        self, *args: Any, places: Choices = (), told: bool = False, urgent: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        tell = self.fields["tell"]
        assert isinstance(tell, forms.ChoiceField)
        if not urgent:
            tell.choices = [(key, said) for key, said in words.TELL.items() if key is not rules.Tell.URGENT]
        del self.fields[
            "tell" if told else "again"
        ]  # who was told can be told again, who was not for the first time
        field = self.fields["place"]
        assert isinstance(field, forms.TypedChoiceField)
        if places:
            field.choices = places
        else:  # an announcement stays where it is
            del self.fields["place"]
        self.fields["key"].initial = uuid4

    def draft(self) -> rules.Draft:
        """What was written."""
        given = {name: self.cleaned_data[name] for name in rules.Draft.__dataclass_fields__}
        return rules.Draft(**given)

    def telling(self) -> rules.Tell:
        """Whether people are told for the first time."""
        return rules.Tell(self.cleaned_data.get("tell", ""))

    def once_more(self) -> bool:
        """Whether people are told once more."""
        return bool(self.cleaned_data.get("again"))


class TakeDown(forms.Form):
    """What is asked when an announcement is taken down."""

    tell = forms.BooleanField(
        label=_("Tell those who were told that it no longer holds"), required=False, initial=True
    )
