"""What people fill in about groups; what is wrong with it the rules say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.grids.forms import Choices, DayInput
from linli.groups import rules, words


class Describe(forms.Form):
    """A group."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    place = forms.TypedChoiceField(label=pgettext_lazy("chat group", "Of which place"), coerce=int)
    kind = forms.ChoiceField(label=pgettext_lazy("chat group", "Kind"), choices=list(words.KINDS.items()))
    platform = forms.ChoiceField(
        label=pgettext_lazy("chat group", "Where it lives"), choices=list(words.PLATFORMS.items())
    )
    name_zh = forms.CharField(label=pgettext_lazy("chat group", "Chinese name"), max_length=rules.NAME_MOST)
    name_en = forms.CharField(
        label=pgettext_lazy("chat group", "English name"), max_length=rules.NAME_MOST, required=False
    )
    owner = forms.TypedChoiceField(
        label=pgettext_lazy("chat group", "Who looks after it"), coerce=int, empty_value=None, required=False
    )
    join_zh = forms.CharField(
        label=_("How to get in, in Chinese"),
        help_text=_("Codes of groups change every week: say whom to ask, or where the code hangs."),
        max_length=rules.JOIN_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    join_en = forms.CharField(
        label=_("How to get in, in English"),
        max_length=rules.JOIN_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, places: Choices = (), owners: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        place, owner = self.fields["place"], self.fields["owner"]
        assert isinstance(place, forms.TypedChoiceField)
        assert isinstance(owner, forms.TypedChoiceField)
        owner.choices = [("", "—"), *owners]
        if places:
            place.choices = places
        else:  # a group stays where it is
            del self.fields["place"]
        self.fields["key"].initial = uuid4

    def sign(self) -> rules.Sign:
        """What was written."""
        given = {key: self.cleaned_data[key] for key in ("kind", "platform")}
        for key in ("name_zh", "name_en", "join_zh", "join_en"):
            given[key] = self.cleaned_data[key].strip()
        return rules.Sign(**given, owner_id=self.cleaned_data["owner"])


class SeveralFiles(forms.ClearableFileInput):
    """A plain input for several pictures."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class MultipleFiles(forms.FileField):
    """Several files in one field."""

    widget = SeveralFiles(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of them; an empty tuple for none."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        return tuple(super(MultipleFiles, self).clean(one, initial) for one in given)


class CountHeads(forms.Form):
    """A count."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    counted_date = forms.DateField(label=_("Counted on"), widget=DayInput())
    people = forms.IntegerField(label=_("People in it"), min_value=0, max_value=rules.HEADS_MOST)
    households = forms.IntegerField(label=_("Households reached"), min_value=0, max_value=rules.HEADS_MOST)
    evidence = forms.ChoiceField(label=_("Counted by"), choices=list(words.EVIDENCE.items()))
    note = forms.CharField(
        label=pgettext_lazy("chat group", "Note"), max_length=rules.NOTE_MOST, required=False
    )
    pictures = MultipleFiles(
        label=_("Pictures to check it by"),
        help_text=_(
            "At most three, for those who keep this group alone: a list of members, a sheet of doors."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = "count-%s"  # beside the other form on its page
        self.fields["key"].initial = uuid4

    def count(self) -> rules.Count:
        """What was counted."""
        return rules.Count(**{name: self.cleaned_data[name] for name in rules.Count.__dataclass_fields__})


class ShowCode(forms.Form):
    """A way in for some days: a picture of the code, or a link."""

    picture = forms.FileField(
        label=_("Picture of the code"), help_text=_("A screenshot from the chat program."), required=False
    )
    link = forms.CharField(
        label=_("Or a link"), help_text="https://", max_length=rules.LINK_MOST, required=False
    )
    last_date = forms.DateField(label=_("Works until"), widget=DayInput())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = "code-%s"
        self.fields["picture"].widget.attrs["accept"] = "image/*"

    def code(self) -> rules.Code:
        """What was given."""
        return rules.Code(self.cleaned_data["last_date"], self.cleaned_data["link"].strip())
