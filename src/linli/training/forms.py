"""What people fill in for handbook and training; what is wrong with it the rules say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.people import words as people_words
from linli.training import words
from linli.training.rules import certificates, course, handbook
from linli.training.rules.course import Kind, Lesson, Question, Terms
from linli.training.rules.course_file import exact
from linli.training.rules.handbook import Sheet
from linli.training.rules.said import Said

Choices = list[tuple[Any, Any]]


def area(rows: int) -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class WritePage(forms.Form):
    """A page of the handbook."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, required=False)
    slug = forms.CharField(
        label=_("Code in the address"),
        help_text=_("Small letters, digits and hyphens; it stays for good."),
        max_length=handbook.SLUG_MOST,
    )
    chapter_zh = forms.CharField(label=_("Chapter in Chinese"), max_length=handbook.TITLE_MOST)
    chapter_en = forms.CharField(
        label=_("Chapter in English"), max_length=handbook.TITLE_MOST, required=False
    )
    rank = forms.IntegerField(
        label=pgettext_lazy("training", "Place"),
        help_text=_("Pages stand by this number; a chapter where its first page stands."),
        min_value=0,
        max_value=handbook.RANK_MOST,
        initial=500,
    )
    title_zh = forms.CharField(
        label=pgettext_lazy("training", "Title in Chinese"), max_length=handbook.TITLE_MOST
    )
    words_zh = forms.CharField(
        label=_("Page in Chinese"),
        help_text=_("## heading, - point, 1. step, > remark, **strong**, [words](page:code), | a | table |"),
        max_length=handbook.WORDS_MOST,
        widget=area(18),
    )
    title_en = forms.CharField(
        label=pgettext_lazy("training", "Title in English"), max_length=handbook.TITLE_MOST, required=False
    )
    words_en = forms.CharField(
        label=_("Page in English"), max_length=handbook.WORDS_MOST, required=False, widget=area(12)
    )

    def __init__(self, *args: Any, known: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if known:  # a page keeps its code
            del self.fields["slug"]

    def sheet(self) -> Sheet:
        """What was written."""
        return Sheet(**{name: self.cleaned_data[name] for name in handbook.SHEET_FIELDS})


class Publish(forms.Form):
    """Why something is published; ``key`` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=pgettext_lazy("training", "Why it changes"),
        help_text=_("One line; it stays with the version."),
        max_length=handbook.REASON_MOST,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].initial = uuid4


class ShowName(forms.Form):
    """How a certificate shows its holder's name."""

    shown = forms.ChoiceField(
        label=_("Name on the certificate and on the page behind its code"),
        choices=list(words.SHOWN.items()),
        widget=forms.RadioSelect,
    )


class Revoke(forms.Form):
    """Why a certificate holds no longer."""

    why = forms.ChoiceField(label=pgettext_lazy("training", "Reason"), choices=list(words.REVOKING.items()))
    words = forms.CharField(
        label=pgettext_lazy("training", "To the holder"),
        help_text=_("Only the holder reads this."),
        max_length=certificates.WORDS_MOST,
        widget=area(3),
    )


class SetTerms(forms.Form):
    """How a course is tested, and of whom it is expected."""

    offered = forms.BooleanField(label=_("Offer this course"), required=False)
    questions = forms.IntegerField(label=_("Questions drawn"), min_value=1, max_value=course.DRAWN_MOST)
    passing = forms.IntegerField(label=_("Percent to pass"), min_value=1, max_value=100)
    tries = forms.IntegerField(label=_("Tries before one waits"), min_value=1, max_value=20)
    wait_hours = forms.IntegerField(label=_("Hours of waiting then"), min_value=0, max_value=720)
    valid_months = forms.IntegerField(
        label=_("Months a certificate holds"), help_text=_("0: without an end."), min_value=0, max_value=120
    )
    roles = forms.MultipleChoiceField(
        label=_("Expected of"),
        choices=[(role, people_words.ROLES[role]) for role in people_words.ROLES if role != "resident"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def terms(self) -> Terms:
        """What was chosen."""
        held = {name: self.cleaned_data[name] for name in course.TERM_FIELDS}
        return Terms(**{**held, "roles": tuple(held["roles"])})


class _Texts(forms.Form):
    """Fields that come in both languages."""

    def said(self, name: str) -> Said:
        """Both of them."""
        return Said(self.cleaned_data[f"{name}_zh"].strip(), self.cleaned_data[f"{name}_en"].strip())


class WriteHead(_Texts):
    """A course's name and what it is about."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, required=False)
    code = forms.CharField(label=_("Code in the address"), max_length=handbook.SLUG_MOST)
    title_zh = forms.CharField(
        label=pgettext_lazy("training", "Title in Chinese"), max_length=handbook.TITLE_MOST
    )
    title_en = forms.CharField(
        label=pgettext_lazy("training", "Title in English"), max_length=handbook.TITLE_MOST, required=False
    )
    about_zh = forms.CharField(
        label=_("What it is about, in Chinese"), max_length=course.ABOUT_MOST, required=False, widget=area(3)
    )
    about_en = forms.CharField(
        label=_("What it is about, in English"), max_length=course.ABOUT_MOST, required=False, widget=area(3)
    )

    def __init__(self, *args: Any, known: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if known:
            del self.fields["code"]


class WriteLesson(_Texts):
    """A lesson."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, required=False)
    code = forms.CharField(
        label=_("Code in the address"),
        help_text=_("Small letters, digits and hyphens."),
        max_length=handbook.SLUG_MOST,
    )
    title_zh = forms.CharField(
        label=pgettext_lazy("training", "Title in Chinese"), max_length=handbook.TITLE_MOST
    )
    title_en = forms.CharField(
        label=pgettext_lazy("training", "Title in English"), max_length=handbook.TITLE_MOST, required=False
    )
    page = forms.ChoiceField(
        label=_("A page of the handbook"), help_text=_("Or words of its own below."), required=False
    )
    words_zh = forms.CharField(
        label=_("Page in Chinese"), max_length=handbook.WORDS_MOST, required=False, widget=area(14)
    )
    words_en = forms.CharField(
        label=_("Page in English"), max_length=handbook.WORDS_MOST, required=False, widget=area(10)
    )

    def __init__(self, *args: Any, pages: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["page"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *pages]

    def lesson(self) -> Lesson:
        """What was written."""
        given = self.cleaned_data
        return Lesson(given["code"].strip(), self.said("title"), given["page"], self.said("words"))


class WriteQuestion(_Texts):
    """A question. Answers to choose from stand one a line; a right one begins with ``*``."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, required=False)
    code = forms.CharField(
        label=pgettext_lazy("training", "Code"),
        help_text=_("Small letters, digits and hyphens."),
        max_length=handbook.SLUG_MOST,
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("training", "How it is answered"), choices=list(words.KINDS.items())
    )
    lesson = forms.ChoiceField(label=_("Explained in the lesson"))
    ask_zh = forms.CharField(label=_("Question in Chinese"), max_length=course.ASK_MOST, widget=area(3))
    ask_en = forms.CharField(
        label=_("Question in English"), max_length=course.ASK_MOST, required=False, widget=area(3)
    )
    options_zh = forms.CharField(
        label=_("Answers in Chinese"),
        help_text=_(
            "One a line; * before each right one. To be put in order: write them in the right order."
        ),
        required=False,
        widget=area(5),
    )
    options_en = forms.CharField(
        label=_("Answers in English"),
        help_text=_("In the same order, without *."),
        required=False,
        widget=area(5),
    )
    holds = forms.ChoiceField(
        label=_("True or false"),
        choices=[
            ("", "—"),
            ("true", pgettext_lazy("training", "True")),
            ("false", pgettext_lazy("training", "False")),
        ],
        required=False,
    )
    value = forms.CharField(label=_("The right number"), max_length=30, required=False)
    tolerance = forms.CharField(
        label=_("So far off is still right"), max_length=30, required=False, initial="0"
    )
    unit_zh = forms.CharField(label=_("Unit in Chinese"), max_length=course.UNIT_MOST, required=False)
    unit_en = forms.CharField(label=_("Unit in English"), max_length=course.UNIT_MOST, required=False)
    explain_zh = forms.CharField(
        label=_("Explanation in Chinese"), max_length=course.EXPLAIN_MOST, widget=area(3)
    )
    explain_en = forms.CharField(
        label=_("Explanation in English"), max_length=course.EXPLAIN_MOST, required=False, widget=area(3)
    )
    retired = forms.BooleanField(label=_("Ask it no longer"), required=False)

    def __init__(self, *args: Any, lessons: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["lesson"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = lessons

    def question(self) -> Question:
        """What was written; an unreadable number is no number, which the rules refuse."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        lines = _lines(given["options_zh"]) if kind in (*course.CHOSEN, Kind.ORDERING) else []
        english = _lines(given["options_en"])
        pairs = zip(lines, english if len(english) == len(lines) else [""] * len(lines), strict=True)
        return Question(
            code=given["code"].strip(),
            kind=kind,
            lesson=given["lesson"],
            ask=self.said("ask"),
            explain=self.said("explain"),
            options=tuple(Said(zh.removeprefix("*").strip(), en) for zh, en in pairs),
            right=tuple(place for place, one in enumerate(lines) if one.startswith("*")),
            holds={"true": True, "false": False}.get(given["holds"]) if kind is Kind.TRUE_FALSE else None,
            value=exact(given["value"]) if kind is Kind.NUMBER else None,
            tolerance=_tolerance(given["tolerance"]) if kind is Kind.NUMBER else Decimal(0),
            unit=self.said("unit") if kind is Kind.NUMBER else Said(),
            retired=given["retired"],
        )


def initial_of(question: Question) -> dict[str, Any]:
    """What the form of a question shows at first."""
    held: dict[str, Any] = {
        "code": question.code,
        "kind": question.kind.value,
        "lesson": question.lesson,
        "options_zh": "\n".join(
            f"{'* ' if place in question.right else ''}{one.zh}" for place, one in enumerate(question.options)
        ),
        "options_en": "\n".join(one.en for one in question.options if one.en),
        "holds": "" if question.holds is None else str(question.holds).lower(),
        "value": "" if question.value is None else str(question.value),
        "tolerance": str(question.tolerance),
        "retired": question.retired,
    }
    for name in ("ask", "explain", "unit"):
        said = getattr(question, name)
        held |= {f"{name}_zh": said.zh, f"{name}_en": said.en}
    return held


class BringFile(forms.Form):
    """A course as a file."""

    file = forms.FileField(
        label=_("A course as a file"), help_text=_("JSON as exported here, or TOML; at most 2 MB.")
    )


def _lines(words_: str) -> list[str]:
    return [line.strip() for line in words_.splitlines() if line.strip()]


def _tolerance(typed: str) -> Decimal:
    found = exact(typed or "0")
    return Decimal(-1) if found is None else found
