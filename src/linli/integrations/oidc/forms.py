"""An identity provider, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import Wrong
from linli.integrations.oidc import rules, words
from linli.integrations.oidc.actions.keeping import Wanted
from linli.integrations.oidc.models import Provider
from linli.kernel.access import STAFF_ROLES
from linli.people import words as people


class ProviderForm(Speaking):
    """Who it is, what we are there, whom it may bring in."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=40)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    issuer = forms.CharField(
        label=_("Issuer"),
        help_text=_("As the provider calls itself, for example https://id.example.gov.cn/realms/staff"),
        max_length=rules.LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    client_id = forms.CharField(label=_("Client id"), max_length=200)
    secret = forms.CharField(
        label=_("Client secret"),
        help_text=_("Kept sealed, never shown. Empty: none, or the one that is held."),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    phone_claim = forms.CharField(
        label=_("Claim that holds the phone"),
        help_text=_(
            "phone_number in most cases. Trust it only where the provider verifies phones itself. Empty: people bind "
            "their accounts themselves."
        ),
        required=False,
        max_length=40,
    )
    domains = forms.CharField(
        label=_("Only mail addresses of"),
        help_text=_("Domains, separated by commas; the address must be verified. Empty: any."),
        required=False,
        max_length=400,
    )
    roles = forms.MultipleChoiceField(
        label=_("Only people of these roles"),
        help_text=_("None chosen: all who serve here. Coming in this way never gives a duty."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    trusts_second_factor = forms.BooleanField(
        label=_("Trust its second factor"),
        help_text=_("Ours is not asked for when the provider says that it asked for one."),
        required=False,
    )

    def __init__(self, *args: Any, row: Provider | None = None, **kwargs: Any) -> None:
        if row is not None:
            names = (
                "name_zh",
                "name_en",
                "issuer",
                "client_id",
                "phone_claim",
                "roles",
                "trusts_second_factor",
            )
            kwargs["initial"] = {name: getattr(row, name) for name in names} | {
                "domains": ", ".join(row.domains)
            }
        super().__init__(*args, **kwargs)
        offered = [(code, said) for code, said in people.ROLES.items() if code in STAFF_ROLES]
        self.fields["roles"].choices = offered  # type: ignore[attr-defined]  # a field with choices

    def wanted(self) -> Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return Wanted(
            name_zh=data["name_zh"],
            name_en=data["name_en"],
            issuer=data["issuer"].strip(),
            client_id=data["client_id"].strip(),
            secret=data["secret"].strip(),
            phone_claim=data["phone_claim"].strip(),
            trusts_second_factor=data["trusts_second_factor"],
            domains=tuple(rules.tidy_domains(data["domains"])),
            roles=tuple(data["roles"]),
        )

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it, in this room's words."""
        return words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)
