"""What the reporter types on the page of a case, and where a case is looked up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import numbering


class LookUp(forms.Form):
    """Number and code of a receipt."""

    number = forms.CharField(
        label=_("Case number"),
        help_text=_("Twelve digits, as on your receipt."),
        max_length=64,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the number.")},
    )
    code = forms.CharField(
        label=_("Look-up code"),
        help_text=_("Sixteen letters and digits; capitals and dashes do not matter."),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the code.")},
    )

    def clean_number(self) -> str:
        """The number as cases are called by it; what is none stays as typed and is found nowhere."""
        typed = str(self.cleaned_data["number"])
        return numbering.parse_number(typed) or typed


class Move(forms.Form):
    """Everything the five moves of a reporter may bring; the workflow says what each of them needs."""

    once = forms.CharField(max_length=24, required=False)
    words = forms.CharField(required=False)
    reason = forms.CharField(max_length=30, required=False)
    solved = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    stars = forms.TypedChoiceField(
        choices=[(str(n), "") for n in range(1, 6)], coerce=int, empty_value=None, required=False
    )
    again = forms.BooleanField(required=False)
