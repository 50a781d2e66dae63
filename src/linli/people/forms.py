"""What people type, brought to one form and judged field by field; decisions are made by the actions."""

from __future__ import annotations

from typing import Any

import orjson
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from linli.faces import languages
from linli.people import models, rules, words

TEL = {"inputmode": "tel", "maxlength": "20"}
DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "14"}
PASSWORD_MOST = 256


class Form(forms.Form):
    """A form that says in plain words what is missing."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for field in self.fields.values():
            ticked = isinstance(field, forms.BooleanField | forms.MultipleChoiceField)
            field.error_messages["required"] = _("Please tick this.") if ticked else _("Please fill this in.")


class PhoneField(forms.CharField):
    """A mainland mobile number; cleaned to E.164."""

    def __init__(self, *, autocomplete: str = "tel", **given: Any) -> None:
        given.setdefault("label", _("Phone"))
        given.setdefault("max_length", 40)
        attrs = {**TEL, "autocomplete": autocomplete, "type": "tel"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **given)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return rules.normal_phone(text)
        except rules.BadPhone as error:
            raise forms.ValidationError(
                _("This is not a mobile number. Please type its eleven digits.")
            ) from error


class CodeField(forms.CharField):
    """A one-time code, with or without spaces."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Code"))
        super().__init__(max_length=14, widget=forms.TextInput(attrs=DIGITS), **given)


class PasswordField(forms.CharField):
    """A password that is asked for; ``fresh`` marks one that is being chosen."""

    def __init__(self, *, fresh: bool = False, **given: Any) -> None:
        given.setdefault("label", _("Password"))
        attrs = {"autocomplete": "new-password" if fresh else "current-password"}
        super().__init__(
            max_length=PASSWORD_MOST, strip=False, widget=forms.PasswordInput(attrs=attrs), **given
        )


class SignIn(Form):
    """Phone and password."""

    phone = PhoneField(autocomplete="username")
    password = PasswordField()


class AskCode(Form):
    """Where to send a code."""

    phone = PhoneField()


class GiveCode(Form):
    """The code that came."""

    phone = PhoneField()
    code = CodeField()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["phone"].widget = forms.HiddenInput()


class Wake(Form):
    """What only the account's own person knows."""

    knows = forms.CharField(
        label=_("Password, or your full name as you gave it"),
        max_length=PASSWORD_MOST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class Profile(Form):
    """How a person is called and spoken to."""

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=languages.choices)
    elder = forms.BooleanField(
        label=_("Large type"), help_text=_("Bigger letters and buttons, one thing per page."), required=False
    )


class SignUp(Form):
    """A new account: name and consent. The phone has been proved before."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("So that staff know whom to speak to. Others see only the first character."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = PasswordField(
        fresh=True,
        required=False,
        help_text=_("At least 8 characters. Without one you sign in by code."),
    )
    grown = forms.BooleanField(label=_("I am 14 or older"))
    account = forms.BooleanField(label=words.PURPOSES["account"])
    contact = forms.BooleanField(label=words.PURPOSES["contact"], required=False)
    notices = forms.BooleanField(label=words.PURPOSES["notices"], required=False)
    publish = forms.BooleanField(label=words.PURPOSES["publish"], required=False)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        return password

    def purposes(self) -> frozenset[rules.Purpose]:
        """What was agreed to."""
        return frozenset(purpose for purpose in rules.Purpose if self.cleaned_data.get(purpose.value))


class NewPassword(Form):
    """A new password, and the present one where there is one."""

    present = PasswordField(label=_("Present password"))
    password = PasswordField(fresh=True, label=_("New password"), help_text=_("At least 8 characters."))
    again = PasswordField(fresh=True, label=_("New password, once more"))

    def __init__(self, *args: Any, account: models.Account, ask_present: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.account = account
        if not ask_present:
            del self.fields["present"]

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") not in (None, cleaned["password"]):
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class NewPhone(Form):
    """The phone to move to."""

    phone = PhoneField(autocomplete="tel", label=_("New phone"))


class ProveNewPhone(Form):
    """The new phone's code, and either the password or a code sent to the present phone."""

    phone = forms.CharField(widget=forms.HiddenInput(), max_length=20)
    code = CodeField(label=_("Code sent to the new phone"))
    password = PasswordField()
    old_code = CodeField(label=_("Code sent to your present phone"))

    def __init__(self, *args: Any, account: models.Account, **given: Any) -> None:
        super().__init__(*args, **given)
        del self.fields["old_code" if account.has_usable_password() else "password"]

    def clean_phone(self) -> str:
        try:
            return rules.normal_phone(self.cleaned_data["phone"])
        except rules.BadPhone as error:
            raise forms.ValidationError(_("Please begin again.")) from error


class SecondCode(Form):
    """A code of the authenticator app, or a recovery code."""

    code = CodeField(label=_("Code"), help_text=_("From your authenticator app, or a recovery code."))


class AppCode(Form):
    """The first code of a new authenticator app."""

    code = CodeField(label=_("Code the app shows now"))


class AnswerField(forms.Field):
    """What a security key answered, as JSON. Nesting without end is refused, which Django's own field does not do."""

    def to_python(self, value: Any) -> Any:
        """Plain values."""
        if value in self.empty_values:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise forms.ValidationError(_("The key did not answer as asked. Please try again.")) from error


class KeyAnswer(Form):
    """What the browser gives back for a security key."""

    answer = AnswerField(widget=forms.HiddenInput())
    name = forms.CharField(
        label=_("What you call this key"), max_length=60, required=False, widget=forms.TextInput()
    )


class NewToken(Form):
    """A token for a program."""

    name = forms.CharField(label=_("What it is for"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=list(words.SCOPES.items()), widget=forms.CheckboxSelectMultiple()
    )
    community = forms.TypedChoiceField(
        label=_("Where"), coerce=lambda value: int(value) if value else None, empty_value=None, required=False
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("One year"))],
        coerce=int,
    )

    def __init__(self, *args: Any, communities: dict[int, str], **given: Any) -> None:
        super().__init__(*args, **given)
        everywhere = [("", _("Everywhere I act"))]
        self.fields["community"].choices = [*everywhere, *communities.items()]  # type: ignore[attr-defined]


class DeleteAccount(Form):
    """The last step before an account is gone."""

    sure = forms.BooleanField(label=_("I understand that this cannot be undone"))
    password = PasswordField()

    def __init__(self, *args: Any, account: models.Account, **given: Any) -> None:
        super().__init__(*args, **given)
        if not account.has_usable_password():
            del self.fields["password"]


class OrganisationSign(Form):
    """What stands on an organisation's door."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    phone = forms.RegexField(
        r"^[0-9+\-() ]{3,20}$",
        label=_("Desk phone"),
        help_text=_("The office's number, not a person's."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )


class NewOrganisation(OrganisationSign):
    """An organisation to open."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.KINDS.items()))
    community = forms.TypedChoiceField(label=_("Community"), coerce=int)
    field_order = ("community", "kind", "name_zh", "name_en", "phone")

    def __init__(self, *args: Any, communities: dict[int, str], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["community"].choices = list(communities.items())  # type: ignore[attr-defined]
        if len(communities) == 1:
            self.fields["community"].initial = next(iter(communities))
            self.fields["community"].widget = forms.HiddenInput()
