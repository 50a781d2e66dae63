"""A line to a hotline, and sending a case there, as forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import MAX_WORDS, Wrong
from linli.integrations.hotline import words
from linli.integrations.hotline.actions.lines import MOST_PULL_MINUTES, Sheet
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.rules.mapping import LONGEST


class Saying(Speaking):
    """A form with this room's words for what is wrong."""

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it; of a mapping with the part it is about."""
        named, _dot, limit = wrong.limit.partition(" · ") if wrong.field == "mapping" else ("", "", "")
        if not named:
            return words.wrong(wrong)
        return f"{named}: {words.wrong(Wrong(wrong.field, wrong.code, limit))}"


class LineForm(Saying):
    """A line: its names, mapping and address."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    mapping = forms.CharField(
        label=_("Mapping"),
        help_text=_(
            "TOML: how they write their orders and what they want to hear. The example shows every part."
        ),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "class": "ll-code"}),
    )
    address = forms.CharField(
        label=_("Address of their server"),
        help_text=_("https://… ; empty where only tables are exchanged."),
        max_length=500,
        required=False,
    )
    token = forms.CharField(
        label=_("What we show them"),
        help_text=_("Their token or signing secret. Kept sealed; leave empty to keep it as it is."),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    pull_minutes = forms.IntegerField(
        label=_("Ask for new orders every so many minutes"),
        help_text=_("0: only when somebody presses the button, or they push."),
        min_value=0,
        max_value=MOST_PULL_MINUTES,
        initial=0,
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    @classmethod
    def of(cls, line: Line) -> dict[str, Any]:
        """What the form shows of a line; never its token."""
        names = ("name_zh", "name_en", "mapping", "address", "pull_minutes", "active")
        return {name: getattr(line, name) for name in names}

    def sheet(self) -> Sheet:
        """What is filled in, as the action takes it."""
        return Sheet(**self.cleaned_data)


class SendForm(Saying):
    """What is told to the hotline of a case, and by which line."""

    line = forms.TypedChoiceField(label=_("Send to"), coerce=int)
    words = forms.CharField(
        label=_("What the hotline reads"),
        help_text=_(
            "Without names, phone numbers and door numbers of people. The reporter's contact stays here."
        ),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = list(lines)
