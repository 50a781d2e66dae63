"""A scheme as a form that a person can use, and as data; publishing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.assessment import saying, words
from linli.assessment.indicators import INDICATORS
from linli.assessment.rules.indicator import FORBIDDEN
from linli.grids.forms import DayInput

MORE = 3  # empty lines for further indicators


class SchemeForm(forms.Form):
    """What a scheme says, line by line. What the form does not show (steps, stars, roles) stays as it was."""

    edits = forms.IntegerField(widget=forms.HiddenInput)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    appeal_days = forms.IntegerField(label=_("Working days to appeal"), min_value=1, max_value=30)
    settling_days = forms.IntegerField(
        label=_("Days to wait for late facts before it is computed"), min_value=0, max_value=31
    )
    missing = forms.ChoiceField(label=_("What cannot be measured"), choices=list(words.MISSING.items()))
    ties = forms.ChoiceField(label=_("Equal points"), choices=list(words.TIES.items()))
    bands = forms.CharField(
        label=_("Compare only those with a like load: from so many households"),
        help_text=_("Numbers with commas, 200, 400. Empty: all with all."),
        required=False,
    )
    false_points = forms.DecimalField(
        label=_("Points that a record proven false costs"),
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
    )
    false_most = forms.DecimalField(
        label=_("Points it costs at most"), min_value=0, max_value=100, max_digits=6, decimal_places=3
    )

    def __init__(self, *args: Any, says: Mapping[str, Any], english: bool, **more: Any) -> None:
        self.says = says
        more["initial"] = {**_initial(says), **more.get("initial", {})}
        super().__init__(*args, **more)
        choices = [
            ("", "—"),
            *((code, saying.indicator(code, english=english)) for code in (*INDICATORS, *FORBIDDEN)),
        ]
        self.lines = []
        for place in range(len(says["items"]) + MORE):
            item = says["items"][place] if place < len(says["items"]) else {}
            self._line(place, item, choices)
            self.lines.append(
                [f"{name}_{place}" for name in ("indicator", "weight", "curve", "floor", "target", "cap")]
            )

    def _line(self, place: int, item: Mapping[str, Any], choices: list[tuple[str, str]]) -> None:
        curves = [
            (code, said)
            for code, said in words.CURVES.items()
            if code != "steps" or item.get("curve") == "steps"
        ]
        made: dict[str, tuple[forms.Field, Any]] = {
            "indicator": (forms.ChoiceField(label=_("Indicator"), choices=choices, required=False), ""),
            "weight": (
                forms.IntegerField(label=_("Weight in percent"), min_value=0, max_value=100, required=False),
                0,
            ),
            "curve": (forms.ChoiceField(label=_("Curve"), choices=curves, required=False), "linear"),
            "floor": (forms.CharField(label=_("Points begin at"), max_length=12, required=False), ""),
            "target": (forms.CharField(label=_("All points at"), max_length=12, required=False), ""),
            "cap": (
                forms.IntegerField(label=_("At most percent"), min_value=1, max_value=100, required=False),
                100,
            ),
        }
        for name, (field, usual) in made.items():
            field.initial = item.get(name, usual)
            self.fields[f"{name}_{place}"] = field

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The lines as a page shows them."""
        return [[self[name] for name in line] for line in self.lines]

    def plain(self) -> dict[str, Any]:
        """What the scheme would say."""
        given = self.cleaned_data
        bands = [int(one) for one in given["bands"].replace("，", ",").split(",") if one.strip().isdecimal()]
        return {
            **self.says,
            "name": {"zh": given["name_zh"].strip(), "en": given["name_en"].strip()},
            "items": [self._item(place) for place in range(len(self.lines)) if given[f"indicator_{place}"]],
            "peers": {"by": "load", "bands": bands} if bands else {"by": "all"},
            "ties": given["ties"],
            "missing": given["missing"],
            "false_record": {
                "points": int(given["false_points"] * 1000),
                "most": int(given["false_most"] * 1000),
            },
            "settling_days": given["settling_days"],
            "appeal_days": given["appeal_days"],
        }

    def _item(self, place: int) -> dict[str, Any]:
        given = self.cleaned_data
        told = {name: given[f"{name}_{place}"] for name in ("indicator", "curve", "floor", "target", "cap")}
        weight = given[f"weight_{place}"] or 0
        if not weight:
            return {"indicator": told["indicator"], "weight": 0}
        held: dict[str, Any] = next(
            (one for one in self.says["items"] if one["indicator"] == told["indicator"]), {}
        )
        item: dict[str, Any] = {
            "indicator": told["indicator"],
            "weight": weight,
            "curve": told["curve"] or "linear",
        }
        if item["curve"] == "steps":
            item["steps"] = held.get("steps", [])
        else:
            item |= {name: told[name].strip() for name in ("floor", "target") if told[name].strip()}
        return item | {"cap": told["cap"] or 100}


def _initial(says: Mapping[str, Any]) -> dict[str, Any]:
    false = says.get("false_record", {})
    return {
        "name_zh": says["name"].get("zh", ""),
        "name_en": says["name"].get("en", ""),
        "appeal_days": says.get("appeal_days", 3),
        "settling_days": says.get("settling_days", 2),
        "missing": says.get("missing", "share"),
        "ties": says.get("ties", "skip"),
        "bands": ", ".join(str(one) for one in says.get("peers", {}).get("bands", [])),
        "false_points": false.get("points", 5000) / 1000,
        "false_most": false.get("most", 20000) / 1000,
    }


class SchemeData(forms.Form):
    """The whole scheme as JSON."""

    edits = forms.IntegerField(widget=forms.HiddenInput)
    says = forms.JSONField(
        label=_("The scheme as data (JSON)"), widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = "data-%s"

    @staticmethod
    def written(says: Mapping[str, Any]) -> str:
        """The scheme as people read it."""
        return json.dumps(says, ensure_ascii=False, indent=1)


class PublishScheme(forms.Form):
    """Let it hold from a period on."""

    why = forms.CharField(
        label=_("Why this version"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    valid_from = forms.DateField(
        label=_("From the period that begins on"),
        help_text=_("Empty: the next one."),
        widget=DayInput(),
        required=False,
    )
    legal_basis = forms.CharField(
        label=pgettext_lazy("scheme", "Legal basis"),
        help_text=_("Document, number, and who decided. Needed where a rule that binds is broken."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = "publish-%s"
