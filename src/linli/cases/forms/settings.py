"""What a community decides, as forms: categories, promises, routing rules, days and hours of work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases import words
from linli.cases.actions.settings import categories, promises, routing
from linli.cases.forms.report import Chips
from linli.cases.forms.speaking import Speaking
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Stage, StartRule, Unit, Urgency
from linli.grids.rules.words import Level
from linli.people import words as people_words
from linli.people.models import Organisation

BETWEEN_WORDS = re.compile(r"[,，、;；\n\r]+")
DAY = {"type": "date"}
SPAN = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至到]\s*([01]?\d|2[0-4]):([0-5]\d)$")


class Several(forms.CheckboxSelectMultiple):
    """Checkboxes drawn as chips."""

    template_name = "cases/desk/chips.html"


class CategoryForm(Speaking):
    """A category's names and marks."""

    parent = forms.ChoiceField(label=_("Under"), required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    keywords = forms.CharField(
        label=_("Words that point to it"),
        help_text=_("Separated by commas. They help to propose this category; a person decides."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(label=_("Usual kind"), required=False)
    sensitive = forms.BooleanField(
        label=_("Sensitive: never on the public list, even with consent"), required=False
    )

    def __init__(self, *args: Any, parents: Iterable[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "kind", [("", _("None in particular")), *words.KINDS.items()])
        if parents is None:
            del self.fields["parent"]
        else:
            _choices(self, "parent", [("", _("(a branch of its own)")), *parents])

    def sheet(self) -> categories.Sheet:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        keywords = tuple(dict.fromkeys(word.strip() for word in BETWEEN_WORDS.split(data["keywords"])))
        return categories.Sheet(
            name_zh=data["name_zh"],
            name_en=data["name_en"],
            kind=data["kind"],
            keywords=tuple(word for word in keywords if word),
            sensitive=data["sensitive"],
        )


class LastDay(Speaking):
    """The last day on which something holds."""

    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY))


class PromiseForm(Speaking):
    """A promise: for what, which stage, within how much time, from when."""

    category_code = forms.ChoiceField(label=_("Category"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, widget=Chips)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[(one.value, words.STAGES[one.value]) for one in Stage]
    )
    amount = forms.DecimalField(label=_("Within"), min_value=0, max_digits=8, decimal_places=2)
    unit = forms.ChoiceField(
        label=_("Counted in"), choices=[(one.value, words.UNITS[one.value]) for one in Unit], widget=Chips
    )
    start_rule = forms.ChoiceField(
        label=_("Counting begins"),
        choices=[(one.value, words.START_RULES[one.value]) for one in StartRule],
        widget=Chips,
    )
    valid_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("Empty: from today. Clocks that run keep what they were promised."),
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )
    source = forms.CharField(
        label=_("It rests on"),
        help_text=_("The regulation or decision, for everybody to look up."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, categories: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "category_code", [("", _("All categories")), *categories])
        urgencies = [(one.value, words.URGENCIES[one.value]) for one in Urgency]
        _choices(self, "urgency", [("", _("Any")), *urgencies])

    def wanted(self) -> promises.Wanted:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        return promises.Wanted(
            stage=data["stage"],
            amount=data["amount"],
            unit=data["unit"],
            start_rule=data["start_rule"],
            category_code=data["category_code"],
            urgency=data["urgency"],
            valid_from=data["valid_from"],
            source=data["source"],
        )


class RuleForm(Speaking):
    """A routing rule: under which conditions, and to whom."""

    name = forms.CharField(label=_("What the rule is called"), max_length=80)
    category_code = forms.ChoiceField(label=_("Category"), required=False)
    place_id = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), help_text=_("None chosen: all."), required=False, widget=Several
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        help_text=_("None chosen: every day."),
        required=False,
        coerce=int,
        widget=Several,
    )
    from_time = forms.TimeField(
        label=_("From (time of day)"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    to_time = forms.TimeField(
        label=_("Until (time of day)"),
        help_text=_("The window may run over midnight. Both empty: all day."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    target = forms.ChoiceField(label=_("Goes to"))
    level = forms.ChoiceField(
        label=_("At which level of the case's place"),
        help_text=_("Only for a role: the one who serves there, or at the nearest place above."),
        required=False,
    )
    position = forms.ChoiceField(
        label=_("Its place in the list"),
        choices=[("first", _("First")), ("last", _("Last"))],
        initial="first",
        required=False,
        widget=Chips,
    )
    valid_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("Empty: from today."),
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )

    def offer(
        self,
        *,
        categories: Iterable[Any],
        places: Iterable[tuple[str, str]],
        bodies: Iterable[tuple[str, str]],
        weekdays: Iterable[tuple[int, str]],
        levels: Iterable[tuple[str, str]],
    ) -> None:
        """Let the fields offer what this community has."""
        _choices(self, "category_code", [("", _("All categories")), *categories])
        _choices(self, "place_id", [("", _("The whole community")), *places])
        _choices(self, "kinds", [(kind.value, words.KINDS[kind.value]) for kind in Kind])
        _choices(self, "weekdays", weekdays)
        kinds = [(f"kind:{value}", people_words.KINDS[value]) for value in Organisation.Kind.values]
        roles = [
            (f"role:{role}", people_words.ROLES[role]) for role in people_words.ROLES if role in routing.ROLES
        ]
        _choices(
            self,
            "target",
            [
                ("", _("Choose to whom")),
                (_("A body"), [(f"body:{pk}", name) for pk, name in bodies]),
                (_("The nearest body of a kind"), kinds),
                (_("Whoever serves as"), roles),
            ],
        )
        _choices(self, "level", [("", _("(not for a role)")), *levels])

    @property
    def first(self) -> bool:
        """Whether a new rule is to come before all others."""
        return bool(self.cleaned_data.get("position") == "first")

    def sheet(self) -> routing.Sheet:
        """What is filled in, as the action takes it."""
        data = self.cleaned_data
        what, _colon, which = data["target"].partition(":")
        is_role = what == "role"
        return routing.Sheet(
            name=data["name"],
            category_code=data["category_code"],
            place_id=data["place_id"],
            kinds=tuple(data["kinds"]),
            weekdays=tuple(data["weekdays"]) or None,
            from_time=data["from_time"],
            to_time=data["to_time"],
            organisation_id=int(which) if what == "body" else None,
            organisation_kind=which if what == "kind" else "",
            role=which if is_role else "",
            level=(data["level"] or Level.GRID.value) if is_role else "",
        )


class DayForm(Speaking):
    """A day that is worked or not, against the announced calendar."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DAY))
    working = forms.ChoiceField(
        label=_("That day"), choices=[("yes", _("is worked")), ("no", _("is closed"))], widget=Chips
    )
    note = forms.CharField(label=_("Why"), max_length=80, required=False)


class HoursForm(Speaking):
    """Office hours of some weekdays from a day on."""

    weekdays = forms.TypedMultipleChoiceField(label=_("Weekdays"), coerce=int, widget=Several)
    spans = forms.CharField(
        label=_("Hours"),
        help_text=_("Such as 09:00-12:00, 13:30-17:30. Empty: closed."),
        max_length=120,
        required=False,
    )
    from_date = forms.DateField(label=_("Holds from"), widget=forms.DateInput(attrs=DAY))

    def __init__(self, *args: Any, weekdays: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "weekdays", weekdays)

    def clean_spans(self) -> list[list[str]]:
        """The hours as pairs of times."""
        found = []
        for part in BETWEEN_WORDS.split(self.cleaned_data["spans"]):
            if not part.strip():
                continue
            match = SPAN.match(part.strip().replace("：", ":"))
            if match is None:
                raise forms.ValidationError(words.wrong("not_hours", field="spans"))
            from_hour, from_minute, to_hour, to_minute = match.groups()
            found.append([f"{int(from_hour):02d}:{from_minute}", f"{int(to_hour):02d}:{to_minute}"])
        return found


def _choices(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
