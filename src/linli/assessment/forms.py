"""What people fill in about scores: an appeal, its decision, an adjustment, an honour, what is published."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.assessment import words
from linli.assessment.actions.stars import REASON_MOST, TITLE_MOST

Choices = list[tuple[str, str]]


class Once(forms.Form):
    """A form whose second click makes no second thing."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].initial = uuid4


class AppealForm(Once):
    """What is wrong with a part of a score, and about which row."""

    words = forms.CharField(
        label=_("What is wrong"),
        help_text=_("In your own words. Somebody who did not score it reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    row = forms.ChoiceField(label=_("About which row"), required=False)

    def __init__(self, *args: Any, rows: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = self.fields["row"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", pgettext_lazy("appeal", "The whole part")), *rows]


class DecideAppeal(forms.Form):
    """A decision about an appeal: if it is won, what is put right."""

    won = forms.ChoiceField(
        label=pgettext_lazy("appeal", "Decision"),
        choices=[
            ("yes", pgettext_lazy("appeal", "The appeal is right")),
            ("no", pgettext_lazy("appeal", "The score stands")),
        ],
        widget=forms.RadioSelect,
    )
    row = forms.ChoiceField(label=_("Which row is put right"), required=False)
    how = forms.ChoiceField(label=_("How"), required=False)
    answer = forms.CharField(
        label=_("Why, for the person who appealed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, rows: Choices, ways: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in (("row", rows), ("how", ways)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = choices


class ProposeAdjustment(Once):
    """Points given or taken, with a reason and evidence; a second person decides."""

    subject = forms.ChoiceField(label=pgettext_lazy("adjustment", "Whose score"))
    points = forms.DecimalField(
        label=_("Points"), help_text=_("Below 0 to take points."), max_digits=5, decimal_places=3,
        min_value=-20, max_value=20,
    )  # fmt: skip
    reason = forms.ChoiceField(label=pgettext_lazy("adjustment", "Reason"))
    why = forms.CharField(label=_("What happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(
        label=_("Evidence"), help_text=_("A number of a report, of a record, of a paper."), max_length=200
    )

    def __init__(self, *args: Any, subjects: Choices, reasons: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in (("subject", subjects), ("reason", reasons)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = choices


class DecideAdjustment(forms.Form):
    """The second person's decision."""

    granted = forms.ChoiceField(
        label=pgettext_lazy("adjustment", "Decision"),
        choices=[
            ("yes", pgettext_lazy("adjustment", "Agree")),
            ("no", pgettext_lazy("adjustment", "Do not agree")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=pgettext_lazy("adjustment", "Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReviewForm(forms.Form):
    """What the reviewer saw."""

    note = forms.CharField(
        label=_("What you looked at"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HonourForm(Once):
    """What somebody is thanked for."""

    account = forms.ChoiceField(label=pgettext_lazy("honour", "Whom"))
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=TITLE_MOST)
    title_en = forms.CharField(label=_("Title in English"), max_length=80, required=False)
    reason = forms.CharField(
        label=pgettext_lazy("honour", "Why"), max_length=REASON_MOST, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, people: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = self.fields["account"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = people


class PublishRule(Once):
    """Who may read results beside those concerned, under which names, when."""

    audience = forms.ChoiceField(
        label=_("Who reads the result"), choices=list(words.AUDIENCES.items()), widget=forms.RadioSelect
    )
    naming = forms.ChoiceField(
        label=_("How people stand there"), choices=list(words.NAMINGS.items()), widget=forms.RadioSelect
    )
    most = forms.IntegerField(
        label=_("Places on the card"), help_text=_("From the first; nobody is shown as the last."),
        min_value=1, max_value=20,
    )  # fmt: skip
    hour = forms.IntegerField(
        label=_("Not before this hour"), min_value=7, max_value=20,
        help_text=_("A result that is announced later the same day waits until the next morning."),
    )  # fmt: skip
    when_final = forms.BooleanField(label=_("Only once nobody can appeal any more"), required=False)
    basis = forms.CharField(
        label=_("Decision of the community"),
        help_text=_("Document and number. Needed when names are shown."),
        max_length=300,
        required=False,
    )


class SwitchRanking(forms.Form):
    """Begin to rank people: with the legal basis."""

    basis = forms.CharField(
        label=_("Legal basis"), help_text=_("Document and number, and who decided."), max_length=300
    )


class CertificateForm(forms.Form):
    """The name that stands on one's certificate."""

    naming = forms.ChoiceField(label=_("Your name on it"), choices=list(words.NAMINGS.items()))
    star = forms.IntegerField(widget=forms.HiddenInput, required=False)
    honour = forms.IntegerField(widget=forms.HiddenInput, required=False)
