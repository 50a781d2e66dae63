"""The diary: what the house knows of a day, own words, and the same on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from linli.faces.flowing import document, said, style, table
from linli.faces.languages import reads_english
from linli.faces.paper import BRAND, SOFT
from linli.fieldwork import words_diary
from linli.fieldwork.actions import diary as actions
from linli.fieldwork.queries import diary as queries
from linli.fieldwork.queries import kinds
from linli.fieldwork.rules import diary as rules
from linli.grids import queries as grids
from linli.grids.pages.settings import community_of
from linli.grids.rows import PlaceRow
from linli.kernel.access import STAFF_ROLES, NotFound, policy, roles
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language
from linli.training.queries import courses

#: Whose days the house tells of; leaders read those of their community.
KEEPERS = ("grid_worker", "police", "assistant", "building_head")
LEADERS = ("community_leader",)
WHO = roles(*KEEPERS, *LEADERS)
DAYS_BACK = 366


class AddWords(forms.Form):
    """Own words of a day."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("diary", "What it was"),
        choices=[(one.value, label) for one, label in words_diary.KINDS.items()],
    )
    words = forms.CharField(
        label=pgettext_lazy("diary", "In your own words"),
        help_text=_("What the house does not know: what was different today, what to come back to."),
        max_length=rules.WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].initial = uuid4


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose diary is open, of which community and day."""

    community: PlaceRow
    kept: list[PlaceRow]
    account_id: int
    own: bool
    day: date


def _whose(request: Asked) -> _Whose:
    community, kept = community_of(request, (*KEEPERS, *LEADERS))
    today = grids.day_of(request.now)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = today
    day = min(max(day, today - timedelta(days=DAYS_BACK)), today)
    asked = request.GET.get("person", "")
    account_id = (
        int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 12 else request.actor.person_id
    )
    own = account_id == request.actor.account_id
    if not own and not (
        request.actor.roles(community.id) & set(LEADERS) and account_id in _team(community.id, day)
    ):
        raise NotFound
    return _Whose(community, kept, account_id, own, day)


def _team(community_id: int, day: date) -> dict[int, str]:
    """Who works in the grids on a day, by name."""
    held = {one.account_id: one.person for one in grids.duties(community_id, day) if one.role in set(KEEPERS)}
    return dict(sorted(held.items(), key=lambda each: each[1]))


def _told(found: _Whose, tongue: str) -> list[dict[str, Any]]:
    named = kinds.names(found.community.id, tongue)
    english = reads_english(tongue)
    offered = courses.courses(found.community.id, every=True)
    taught = {row.code: row.course.title.told(english=english) for row in offered}
    return [
        {
            "one": one,
            "kind": words_diary.KINDS[rules.Kind(one.kind)] if one.kind else "",
            "words": words_diary.of_item(one, named, taught),
        }
        for one in queries.items(found.community.id, found.account_id, found.day, tongue)
    ]


@policy("fieldwork.diary", who=WHO)
@require_http_methods(["GET", "POST"])
def day(request: Asked) -> HttpResponse:
    """A day: what was done, own words, and a form for more; leaders read the days of their colleagues."""
    found = _whose(request)
    form = AddWords(request.POST or None)
    if request.method == "POST":
        if not found.own:
            raise NotFound
        if form.is_valid() and _added(request, found, form):
            messages.success(request, pgettext("diary", "Added."))
            return redirect(f"{request.path}?day={found.day}&community={found.community.id}")
    today = grids.day_of(request.now)
    leads = bool(request.actor.roles(found.community.id) & set(LEADERS))
    context = {
        "community": found.community,
        "kept": found.kept,
        "found": found,
        "items": _told(found, language(request)),
        "notes": _notes(found),
        "form": form if found.own and (today - found.day).days <= rules.LATE_DAYS else None,
        "before": found.day - timedelta(days=1),
        "after": found.day + timedelta(days=1) if found.day < today else None,
        "team": _team(found.community.id, found.day) if leads else {},
        "person": _name(found.account_id),
    }
    return render(request, "fieldwork/diary/day.html", context, status=422 if form.errors else 200)


def _name(account_id: int) -> str:
    card = people.cards([account_id]).get(account_id)
    return card.short_name if card else ""


def _notes(found: _Whose) -> list[dict[str, Any]]:
    return [
        {"one": one, "kind": words_diary.KINDS[rules.Kind(one.kind)]}
        for one in queries.notes(found.community.id, found.account_id, found.day)
    ]


def _added(request: Asked, found: _Whose, form: AddWords) -> bool:
    try:
        actions.add(
            actor=request.actor,
            community_id=found.community.id,
            day=found.day,
            kind=form.cleaned_data["kind"],
            words=form.cleaned_data["words"],
            key=form.cleaned_data["key"] or uuid4(),
            at=request.now,
        )
    except Refused as refused:
        for wrong in refused.wrongs:
            field = wrong.field if wrong.field in form.fields else None
            form.add_error(field, words_diary.said(wrong.code, wrong.limit))
    return not form.errors


@policy("fieldwork.strike_note", who=roles(*sorted(STAFF_ROLES)))
@require_POST
def strike(request: Asked, note_id: int) -> HttpResponse:
    """Strike own words out."""
    row = actions.strike(actor=request.actor, note_id=note_id, at=request.now)
    return redirect(f"/desk/diary/?day={row.day_date}&community={row.community_id}")


@policy("fieldwork.diary_paper", who=WHO)
@require_safe
def paper(request: Asked) -> HttpResponse:
    """The same day on paper."""
    found = _whose(request)
    tongue = language(request)
    title = pgettext("diary", "Work diary")
    heading = f"{found.community.name(tongue)} · {_name(found.account_id)} · {found.day.isoformat()}"
    story: list[Flowable] = [said(title, style(17, BRAND)), said(heading, style(10, SOFT)), Spacer(1, 4 * mm)]
    heads = [
        pgettext("diary", "When"),
        pgettext("diary", "Type"),
        pgettext("diary", "What"),
        pgettext("diary", "Where"),
    ]
    rows = [
        [f"{localtime(item['one'].at):%H:%M}", str(item["kind"]), str(item["words"]), item["one"].place]
        for item in _told(found, tongue)
    ]
    story.append(table([heads, *rows], (0.12, 0.16, 0.44, 0.28)))
    if not rows:
        story.append(said(pgettext("diary", "Nothing is on record for this day."), style(10, SOFT)))
    story.append(Spacer(1, 5 * mm))
    for note in _notes(found):
        story += [
            said(str(note["kind"]), style(9, SOFT)),
            said(note["one"].words, style(11)),
            Spacer(1, 2 * mm),
        ]
    answer = HttpResponse(document(title, story), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="diary-{found.day.isoformat()}.pdf"'
    return answer
