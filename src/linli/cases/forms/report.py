"""The three steps of a report as forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases import words
from linli.cases.rules.intake import MAX_WORDS, Wrong
from linli.cases.rules.kinds import Kind


def say(form: forms.BaseForm, wrongs: Iterable[Wrong]) -> list[Wrong]:
    """Put what the rules found wrong beside its field; returns what belongs to no field of this form."""
    left = []
    for wrong in wrongs:
        if wrong.field in form.fields:
            form.add_error(wrong.field, words.wrong(wrong.code, field=wrong.field, limit=wrong.limit))
        else:
            left.append(wrong)
    return left


class Chips(forms.RadioSelect):
    """Radios drawn as chips."""

    template_name = "cases/resident/chips.html"


class Files(forms.ClearableFileInput):
    """A plain input for one recording."""

    template_name = "django/forms/widgets/file.html"


class SayIt(forms.Form):
    """Step 1: what it is about. Files are taken by the page, one by one."""

    words = forms.CharField(
        label=_("What is it about?"),
        help_text=_("Large or small, in your own words. No need for names or ID numbers."),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": MAX_WORDS}),
        required=True,
        error_messages={"required": _("Please say a little more, at least 2 characters.")},
    )
    kind = forms.ChoiceField(
        label=_("Which kind of matter is it?"),
        widget=Chips,
        choices=[(kind.value, words.KINDS[kind.value]) for kind in Kind],
        initial=Kind.HELP.value,
        required=False,
    )

    danger = forms.BooleanField(label=_("Somebody is in danger now"), required=False)

    def clean_kind(self) -> str:
        """The kind, a request for help when none is chosen."""
        return str(self.cleaned_data["kind"] or Kind.HELP.value)


class PlaceIt(forms.Form):
    """Step 2: where it is."""

    how = forms.ChoiceField(
        choices=[("here", ""), ("elsewhere", ""), ("unknown", "")],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    address = forms.CharField(max_length=200, required=False)
    building = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)


class SendIt(forms.Form):
    """Step 3: who says it, and whether the neighbours may read the result."""

    who = forms.ChoiceField(
        choices=[("account", ""), ("other", ""), ("anonymous", "")],
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    contact_name = forms.CharField(
        label=_("What may we call you?"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-no-draft": ""}),
    )
    contact_phone = forms.CharField(
        label=_("Phone"),
        max_length=24,
        error_messages={"required": _("Leave a phone, or choose to stay anonymous.")},
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "data-no-draft": ""}
        ),
    )
    publish = forms.BooleanField(
        label=_("Once it is settled, neighbours may read it"),
        help_text=_("Without your name, your phone or your door number."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody who wants to be reached leaves a phone; nobody else is asked for one.
        self.fields["contact_phone"].required = not self.is_bound or self.data.get("who") == "other"


class Offline(SayIt, PlaceIt, SendIt):
    """All three steps at once, as a phone without net keeps them."""

    owner = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    idempotency_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    place = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    tickets = forms.JSONField(required=False, widget=forms.HiddenInput)

    def clean_tickets(self) -> list[str]:
        """The tickets of files sent ahead, as text; none for anything else."""
        given = self.cleaned_data["tickets"]
        return [str(one) for one in given] if isinstance(given, list) else []

    def clean(self) -> dict[str, object]:
        """Somewhere else needs to be said where."""
        given = self.cleaned_data
        if given.get("how") == "elsewhere" and not (given.get("address") or given.get("lon")):
            self.add_error("address", _("Say where it is, or choose that you do not know."))
        return given
