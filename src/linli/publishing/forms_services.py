"""What people fill in to say what can be got done."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.grids.forms import Choices, DayInput
from linli.publishing import rules, rules_services
from linli.publishing.words_services import TOPICS


def _line(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=rules_services.LINE_MOST, required=False)


def _text(label: Any, hint: Any = "", *, required: bool = False, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=rules_services.TEXT_MOST,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class Offer(forms.Form):
    """A service: first all that Chinese readers need, then the same in English. What is wrong with it the rules say."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    place = forms.TypedChoiceField(
        label=_("For whom"), help_text=_("Everybody at this place and below it."), coerce=int
    )
    topic = forms.ChoiceField(
        label=pgettext_lazy("services", "What it is about"), choices=list(TOPICS.items())
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=rules.TITLE_MOST)
    words_zh = _text(
        _("Words in Chinese"), _("What one gets, how it goes, and how long it takes."), required=True
    )
    whom_zh = _line(pgettext_lazy("services", "For whom, in Chinese"))
    papers_zh = _text(pgettext_lazy("services", "What to bring, in Chinese"), _("One paper a line."))
    hours_zh = _line(pgettext_lazy("services", "Hours, in Chinese"))
    where_zh = _line(pgettext_lazy("services", "Where, in Chinese"))
    phone = forms.CharField(
        label=pgettext_lazy("services", "Telephone"),
        help_text=_("Of an office, not of a person."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    link = forms.CharField(
        label=pgettext_lazy("services", "Address on the web"),
        help_text=_("Begins with https://"),
        max_length=rules_services.LINK_MOST,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    online = forms.BooleanField(label=_("All of it can be done at this address"), required=False)
    from_date = forms.DateField(label=_("First day"), widget=DayInput())
    last_date = forms.DateField(
        label=_("Last day"), help_text=_("Empty: until it is taken down."), widget=DayInput(), required=False
    )
    rank = forms.IntegerField(
        label=pgettext_lazy("services", "Order"),
        help_text=_("Lower stands higher, among those of the same place."),
        min_value=1,
        max_value=999,
        initial=50,
    )
    example = forms.BooleanField(
        label=_("This is an example"),
        help_text=_("It is marked so, and nobody takes it for true."),
        required=False,
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=rules.TITLE_MOST, required=False)
    words_en = _text(_("Words in English"))
    whom_en = _line(pgettext_lazy("services", "For whom, in English"))
    papers_en = _text(pgettext_lazy("services", "What to bring, in English"))
    hours_en = _line(pgettext_lazy("services", "Hours, in English"))
    where_en = _line(pgettext_lazy("services", "Where, in English"))

    def __init__(self, *args: Any, places: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["place"]
        assert isinstance(field, forms.TypedChoiceField)
        if places:
            field.choices = places
        else:  # a service stays where it is
            del self.fields["place"]
        self.fields["key"].initial = uuid4

    def sheet(self) -> rules_services.Sheet:
        """What was written."""
        given = {name: self.cleaned_data[name] for name in rules_services.Sheet.__dataclass_fields__}
        return rules_services.Sheet(**given)
