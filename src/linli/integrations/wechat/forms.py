"""The forms of the account's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.integrations.wechat.actions.keeping import Wanted
from linli.integrations.wechat.rules import menus
from linli.integrations.wechat.rules.menus import Button

LEAF_KINDS = (
    ("", pgettext_lazy("menu", "nothing")),
    ("view", _("open a page")),
    ("click", _("ask in the chat")),
    ("pic_photo_or_album", _("send a picture")),
    ("location_select", _("send a position")),
    ("scancode_waitmsg", _("scan a code")),
)


def _secret(label: Any, hint: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=128, widget=widget)


class AccountForm(forms.Form):
    """The account as it stands in the platform's own console."""

    name = forms.CharField(label=_("Name of the account"), max_length=60)
    app_id = forms.CharField(label=_("AppID"), max_length=64)
    original_id = forms.CharField(
        label=_("Original id"), required=False, max_length=64, help_text=_("gh_… ; empty: any is taken")
    )
    secret = _secret(_("AppSecret"), _("Sealed, never shown again; empty leaves what is there."))
    token = _secret(_("Token"), _("The same as in the platform's console; empty: kept, or made by us."))
    aes_key = _secret(_("EncodingAESKey"), _("43 letters; empty leaves what is there."))
    mode = forms.ChoiceField(
        label=_("Messages come"), choices=(("aes", _("sealed (safe mode)")), ("plain", _("in clear")))
    )
    datum = forms.ChoiceField(
        label=_("Positions come in"),
        choices=(("gcj02", "GCJ-02"), ("wgs84", "WGS-84")),
        help_text=_("Default GCJ-02; check with the platform."),
    )
    on = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def wanted(self) -> Wanted:
        """What is wanted."""
        return Wanted(**{name: self.cleaned_data[name] for name in Wanted.__dataclass_fields__})

    def say(self, field: str, words: str) -> None:
        """Put what is wrong beside its field."""
        self.add_error(field if field in self.fields else None, words)


class MenuForm(forms.Form):
    """Three columns of one head and five entries; what is left empty is no entry."""

    def __init__(self, *given: Any, menu: tuple[Button, ...] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        for column in range(1, menus.MOST_TOP + 1):
            top = menu[column - 1] if column <= len(menu) else Button("")
            self._entry(f"{column}", top)
            for row in range(1, menus.MOST_SUB + 1):
                held = top.below[row - 1] if row <= len(top.below) else Button("")
                self._entry(f"{column}_{row}", held)

    def _entry(self, key: str, held: Button) -> None:
        self.fields[f"name_{key}"] = forms.CharField(
            label=pgettext_lazy("menu", "Name"), required=False, max_length=30, initial=held.name
        )
        self.fields[f"kind_{key}"] = forms.ChoiceField(
            label=_("Does"), required=False, choices=LEAF_KINDS, initial=held.kind
        )
        self.fields[f"value_{key}"] = forms.CharField(
            label=_("Page or word"), required=False, max_length=300, initial=held.value
        )

    def menu(self) -> tuple[Button, ...]:
        """The menu that is wanted."""
        tops = []
        for column in range(1, menus.MOST_TOP + 1):
            below = tuple(
                one for row in range(1, menus.MOST_SUB + 1) if (one := self._button(f"{column}_{row}")).name
            )
            top = self._button(f"{column}")
            if top.name or below:
                tops.append(Button(top.name, "" if below else top.kind, "" if below else top.value, below))
        return tuple(tops)

    def _button(self, key: str) -> Button:
        told = self.cleaned_data
        return Button(told[f"name_{key}"].strip(), told[f"kind_{key}"], told[f"value_{key}"].strip())

    def columns(self) -> list[dict[str, Any]]:
        """The fields as the page lays them out."""
        return [
            {
                "number": column,
                "top": self._fields(f"{column}"),
                "rows": [self._fields(f"{column}_{row}") for row in range(1, menus.MOST_SUB + 1)],
            }
            for column in range(1, menus.MOST_TOP + 1)
        ]

    def _fields(self, key: str) -> list[Any]:
        return [self[f"{name}_{key}"] for name in ("name", "kind", "value")]


class TemplateForm(forms.Form):
    """One kind of notice and the platform's template that carries it."""

    kind = forms.ChoiceField(label=_("Kind of notice"))
    template_id = forms.CharField(
        label=_("Template id"), required=False, max_length=64, help_text=_("Empty takes it away.")
    )
    fields_text = forms.CharField(
        label=_("Fields"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line: character_string1 = number, or phrase4 = 'done' for words of your own."),
    )
    long_term = forms.BooleanField(label=_("Long-term: one consent serves for good"), required=False)

    def __init__(self, *given: Any, kinds: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a choice field

    def wanted_fields(self) -> dict[str, str]:
        """Their field → our name."""
        lines = [line for line in self.cleaned_data["fields_text"].splitlines() if line.strip()]
        pairs = (line.replace("：", "=").replace(":", "=", 1).partition("=") for line in lines)
        return {name.strip(): value.strip() for name, _, value in pairs}


class AnswerForm(forms.Form):
    """One of the community's own answers."""

    phrases = forms.CharField(
        label=_("When somebody asks with"),
        max_length=400,
        help_text=_("Phrases with commas between; 低保+申请 wants both words."),
    )
    answer_zh = forms.CharField(
        label=_("Answer (Chinese)"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )
    answer_en = forms.CharField(
        label=_("Answer (English)"), required=False, max_length=900, widget=forms.Textarea(attrs={"rows": 4})
    )
    link = forms.RegexField(
        r"^(/|https://)\S*$", label=_("Page"), required=False, max_length=300, help_text=_("/… or https://…")
    )
    on = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def values(self) -> dict[str, Any]:
        """What is wanted."""
        told = dict(self.cleaned_data)
        parts = told.pop("phrases").replace("，", ",").replace("、", ",").split(",")
        return {**told, "words": [part.strip() for part in parts if part.strip()]}
