"""Keys, services, questions, other cities' servers, and sending a case on, as forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import Wrong
from linli.integrations.open311 import words
from linli.integrations.open311.actions import endpoints, forwarding, keys, services
from linli.integrations.open311.models import Endpoint, Question
from linli.integrations.open311.rules.questions import DataType
from linli.integrations.open311.rules.services import Type

DAYS = ((365, _("A year")), (30, _("A month")), (0, _("Until it is revoked")))


class Saying(Speaking):
    """A form with this room's words for what is wrong."""

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it."""
        said = words.WRONGS.get(wrong.code)
        return str(said) % {"limit": wrong.limit} if said else super().words_of(wrong)


class KeyForm(Saying):
    """A key for an app."""

    name = forms.CharField(
        label=_("App and who is behind it"),
        max_length=60,
        help_text=_("So that everybody knows whose it is."),
    )
    shows = forms.ChoiceField(
        label=_("When everybody may read what it reports"),
        choices=list(words.SHOWS.items()),
        initial="never",
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(label=pgettext_lazy("key", "Holds"), choices=DAYS, coerce=int, initial=365)

    def wanted(self) -> keys.Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return keys.Wanted(data["name"], data["shows"], data["days"] or None)


class OfferForm(Saying):
    """How a category is offered."""

    offered = forms.BooleanField(label=_("Other programs may report this here"), required=False)
    type = forms.ChoiceField(
        label=_("What they get for it"),
        choices=[(one.value, words.TYPES[one.value]) for one in Type],
        widget=forms.RadioSelect,
    )
    description_zh = forms.CharField(
        label=_("What it is for, in Chinese"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    description_en = forms.CharField(
        label=_("What it is for, in English"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def wanted(self) -> services.Offer:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return services.Offer(data["offered"], data["type"], data["description_zh"], data["description_en"])


class QuestionForm(Saying):
    """What is asked beside the description."""

    code = forms.CharField(
        label=pgettext_lazy("question", "Code"),
        max_length=40,
        help_text=_("For programs: letters, digits, underscores."),
    )
    description_zh = forms.CharField(label=_("The question in Chinese"), max_length=200)
    description_en = forms.CharField(label=_("The question in English"), max_length=200, required=False)
    datatype = forms.ChoiceField(
        label=_("Kind of answer"), choices=[(one.value, words.DATATYPES[one.value]) for one in DataType]
    )
    choices = forms.CharField(
        label=_("Choices"),
        help_text=_("For a list: one a line, as: out 不亮 | Out"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    required = forms.BooleanField(label=_("Without an answer the request is refused"), required=False)
    shown = forms.BooleanField(label=_("Only a text to read, no answer"), required=False)
    order = forms.IntegerField(
        label=pgettext_lazy("question", "Place in the order"), min_value=1, max_value=999, initial=10
    )
    hint_zh = forms.CharField(label=_("Help on the answer, in Chinese"), max_length=200, required=False)
    hint_en = forms.CharField(label=_("Help on the answer, in English"), max_length=200, required=False)

    @classmethod
    def of(cls, row: Question) -> QuestionForm:
        """The form of a question that is there."""
        names = (
            "code",
            "description_zh",
            "description_en",
            "datatype",
            "required",
            "order",
            "hint_zh",
            "hint_en",
        )
        held: dict[str, Any] = {name: getattr(row, name) for name in names}
        lines = [
            f"{one['key']} {one.get('zh', '')}{' | ' + one['en'] if one.get('en') else ''}"
            for one in row.choices
        ]
        return cls(initial=held | {"shown": not row.variable, "choices": "\n".join(lines)})

    def wanted(self) -> services.Asked:
        """What is filled in, as the action takes it."""
        data = dict(self.cleaned_data)
        shown = data.pop("shown")
        return services.Asked(variable=not shown, **data)


class EndpointForm(Saying):
    """Another city's server."""

    name = forms.CharField(label=_("Whose server it is"), max_length=60)
    url = forms.CharField(
        label=_("Address of the endpoint"),
        help_text=_("What stands before /services.xml, as its discovery document has it."),
        max_length=400,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    jurisdiction = forms.CharField(
        label=_("Its jurisdiction_id"),
        help_text=_("Where it serves several; else empty."),
        max_length=100,
        required=False,
    )
    api_key = forms.CharField(
        label=_("Our key there"),
        help_text=_("Kept sealed, never shown again. Empty: the one we have stays."),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    organisation_id = forms.TypedChoiceField(
        label=_("A case dispatched to this body goes there by itself"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    service_code = forms.CharField(
        label=_("… reported there as"),
        help_text=_("A service_code of theirs."),
        max_length=100,
        required=False,
    )
    repeats = forms.BooleanField(
        label=_("It knows Idempotency-Key"),
        help_text=_("As Linli does. Then asking again is harmless; else a person looks after a broken line."),
        required=False,
    )
    answers = forms.BooleanField(
        label=_("Its result answers the resident"),
        help_text=_("Where the case still waits at the desk. Otherwise colleagues read it as a note."),
        required=False,
    )

    def __init__(
        self, *args: Any, bodies: Iterable[tuple[int, str]] = (), row: Endpoint | None = None, **more: Any
    ) -> None:
        names = ("name", "url", "jurisdiction", "organisation_id", "service_code", "repeats", "answers")
        if row is not None:
            more["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **more)
        self.fields["organisation_id"].choices = [("", _("None: people send cases on")), *bodies]  # type: ignore[attr-defined]  # a field with choices

    def wanted(self) -> endpoints.Wanted:
        """What is filled in, as the action takes it."""
        data = dict(self.cleaned_data)
        return endpoints.Wanted(**data | {"api_key": data["api_key"] or None})


class ForwardForm(Saying):
    """What leaves."""

    words = forms.CharField(
        label=_("What they read"),
        help_text=_("No names, no phones: it leaves the community."),
        max_length=forwarding.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    address = forms.CharField(
        label=pgettext_lazy("forward", "Where, in words"), max_length=200, required=False
    )
    with_point = forms.BooleanField(label=_("With the point on the map"), required=False)

    def __init__(
        self, *args: Any, attributes: Iterable[dict[str, Any]] = (), point: bool = True, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        if not point:
            del self.fields["with_point"]
        self.codes: list[str] = []
        for one in attributes:
            if one.get("variable") != "false" and one.get("code"):
                self.codes.append(str(one["code"]))
                self.fields[f"attribute_{one['code']}"] = _field(one)

    def wanted(self, endpoint_id: int, service_code: str) -> forwarding.Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        answers = {code: _values(data.get(f"attribute_{code}")) for code in self.codes}
        return forwarding.Wanted(
            endpoint_id,
            service_code,
            data["words"],
            data["address"],
            bool(data.get("with_point")),
            {code: values for code, values in answers.items() if values},
        )


def _values(given: Any) -> list[str]:
    return [str(one) for one in given] if isinstance(given, list) else [str(given)] if given else []


def _field(one: dict[str, Any]) -> forms.Field:
    """An attribute of theirs as a field of ours."""
    told: dict[str, Any] = {
        "label": str(one.get("description") or one["code"])[:200],
        "help_text": str(one.get("datatype_description") or "")[:200],
        "required": one.get("required") == "true",
    }
    values = [(str(v.get("key")), str(v.get("name"))) for v in one.get("values") or () if isinstance(v, dict)]
    if one.get("datatype") == "multivaluelist" and values:
        return forms.MultipleChoiceField(choices=values, widget=forms.CheckboxSelectMultiple, **told)
    if one.get("datatype") == "singlevaluelist" and values:
        return forms.ChoiceField(choices=[("", "–"), *values], **told)
    widget = forms.Textarea(attrs={"rows": 3}) if one.get("datatype") == "text" else forms.TextInput
    return forms.CharField(max_length=2000, widget=widget, **told)
