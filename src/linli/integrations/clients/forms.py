"""A program to be connected, as a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import Wrong
from linli.integrations.clients import rules, words
from linli.integrations.clients.actions.keeping import Wanted
from linli.people import words as people

Choices = Sequence[tuple[Any, Any]]
FIELDS = {"organisation": "organisation_id", "place": "place_id", "owner": "owner_id"}


class ClientForm(Speaking):
    """Whose program it is, what it may, where, until when."""

    name = forms.CharField(
        label=pgettext_lazy("client", "Name"), help_text=_("For example: work orders of the property company."),
        max_length=rules.LONGEST_NAME,
    )  # fmt: skip
    organisation = forms.TypedChoiceField(label=_("Whose system"), coerce=int)
    owner = forms.TypedChoiceField(
        label=_("Who answers for it"),
        help_text=_("The person to ask when it does something odd."),
        coerce=int,
    )
    role = forms.ChoiceField(
        label=pgettext_lazy("client", "Role"),
        help_text=_(
            "It sees and does what people of this role may. An assistant is bounded by the place, "
            "a body’s program by what is sent to the body."
        ),
        required=False,
    )  # fmt: skip
    place = forms.TypedChoiceField(label=_("At which place"), coerce=int)
    scopes = forms.MultipleChoiceField(label=_("What its key opens"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("The key works for"), coerce=int, initial=365)
    per_minute = forms.TypedChoiceField(
        label=_("Requests a minute, at most"),
        help_text=_("Reports are never refused for their number: beyond their own limit somebody reads them first."),
        coerce=int,
        initial=600,
    )  # fmt: skip

    def __init__(
        self, *args: Any, organisations: Choices, owners: Choices, places: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        days = ngettext_lazy("%(n)s day", "%(n)s days", "n")
        offered: dict[str, Iterable[tuple[Any, Any]]] = {
            "organisation": organisations,
            "owner": owners,
            "place": places,
            "role": [(code, words.role(code)) for code in rules.ROLES],
            "scopes": [(code, people.SCOPES[code]) for code in rules.SCOPES],
            "days": [(n, days % {"n": n}) for n in rules.DAYS],
            "per_minute": [(n, n) for n in rules.QUOTAS],
        }
        for name, choices in offered.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]  # fields with choices

    def wanted(self) -> Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return Wanted(
            name=data["name"],
            organisation_id=data["organisation"],
            scopes=tuple(data["scopes"]),
            role=data["role"],
            place_id=data["place"],
            days=data["days"],
            per_minute=data["per_minute"],
            owner_id=data["owner"],
        )

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it, in this room's words."""
        return words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)
