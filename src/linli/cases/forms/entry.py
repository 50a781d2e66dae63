"""What staff write down for a caller or visitor, or what they found on patrol."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words
from linli.cases.forms.report import Chips
from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import MAX_WORDS, Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Urgency

ROADS = (
    (Channel.DESK.value, _("A caller or visitor")),
    (Channel.PAPER.value, pgettext_lazy("how it came", "A paper form")),
    (Channel.PATROL.value, _("Found on patrol")),
)


class Entry(Speaking):
    """A report in somebody else's name, or one's own from the ground; settled at once where that was possible."""

    named: ClassVar = {
        "place": "building",
        "uploads": "pictures",
        "category": "category_code",
        "proof": "after",
    }
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    tickets = forms.CharField(widget=forms.HiddenInput, required=False)
    after_tickets = forms.CharField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("How it came"), choices=ROADS, widget=Chips)
    words = forms.CharField(
        label=_("What is it about?"),
        help_text=_("In the person's own words as far as possible."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_WORDS}),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("case", "Kind"),
        choices=[(kind.value, words.KINDS[kind.value]) for kind in Kind],
        widget=Chips,
    )
    category_code = forms.ChoiceField(label=_("Category"), required=False)
    urgency = forms.ChoiceField(
        label=_("How urgent"),
        choices=[("", _("As the words say")), *((one.value, words.URGENCIES[one.value]) for one in Urgency)],
        widget=Chips,
        required=False,
    )
    building = forms.CharField(
        label=_("Building"),
        help_text=_("Begin to type: number or name."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "buildings", "autocomplete": "off"}),
    )
    address = forms.CharField(label=_("Where exactly"), max_length=200, required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    anonymous = forms.BooleanField(label=_("The person does not want to be named"), required=False)
    contact_name = forms.CharField(label=_("Name"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("Phone"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    publish = forms.BooleanField(label=_("The person agrees that the result is shown"), required=False)
    pictures = forms.FileField(label=_("Pictures"), required=False)
    settle = forms.BooleanField(label=_("I have settled it on the spot"), required=False)
    after = forms.FileField(label=_("Pictures of the result"), required=False)
    answer = forms.CharField(
        label=_("What the resident reads"),
        help_text=_("Plain words, no names, phones or ID numbers."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_WORDS}),
        required=False,
    )

    def offer(self, categories: Any, *, may_settle: bool) -> None:
        """Let the fields offer what this community and this person have."""
        field = self.fields["category_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Not sure: propose one")), *categories]
        if not may_settle:
            for name in ("settle", "after", "answer"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Anonymous means that nothing of the person is kept; settling needs a category and an answer."""
        found = super().clean() or {}
        if found.get("anonymous"):
            found["contact_name"] = found["contact_phone"] = ""
        if found.get("settle"):
            for name in ("category_code", "answer"):
                if not found.get(name):
                    self.add_error(name, words.wrong("missing", field=name.removesuffix("_code")))
        return found

    def report(self, building_id: int | None, tickets: tuple[str, ...]) -> Report:
        """What is filled in, as the rules take it. The words of an unknown building stay in the address."""
        data = self.cleaned_data
        address = data["address"].strip()
        if data["building"] and building_id is None:
            address = f"{data['building'].strip()} {address}".strip()
        pin = (data["lon"], data["lat"]) if building_id is None else (None, None)
        return Report(
            words=data["words"],
            channel=Channel(data["channel"]),
            kind=Kind(data["kind"]),
            place=PlaceGiven(building_id=building_id, lon=pin[0], lat=pin[1], address=address[:200]),
            category_code=data["category_code"],
            urgency=Urgency(data["urgency"]) if data["urgency"] else None,
            anonymous=data["anonymous"],
            publish=data["publish"],
            contact_name=data["contact_name"].strip(),
            contact_phone=data["contact_phone"].strip(),
            uploads=tickets,
        )
