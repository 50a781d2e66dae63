"""A case that somebody joined: the receipt, the case as neighbours may read it, their word on it, and leaving."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.cases import access_joined, words
from linli.cases.actions import joining, moves, supporters
from linli.cases.actions.joining import Word
from linli.cases.forms.mine import Move
from linli.cases.models import Case, Supporter
from linli.cases.pages import alike, finding, here, pocket, taking, telling, unread
from linli.cases.pages.here import Asked
from linli.cases.pages.telling import Line
from linli.cases.queries import story
from linli.cases.queries.story import Entry, Story
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import ENDED, OPEN, SETTLED, State, Verb
from linli.grids import queries as places
from linli.kernel import clock, numbering, scope, text
from linli.kernel.access import PUBLIC, NotFound, policy

#: What neighbours are told of a case; the reporter's own words, contacts and call-backs are not theirs.
TOLD = frozenset(
    {Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.SIGN, Verb.START, Verb.HANDLED, Verb.SETTLE, Verb.CHECK}
    | {Verb.CLOSE, Verb.REPLY, Verb.REDO, Verb.RESUME, Verb.TASK_DONE, Verb.CLASSIFY, Verb.VOID}
    | {Verb.RETURN, Verb.RULE, Verb.DECIDE, Verb.WHISTLE, Verb.CONCLUDE, Verb.CALL_OFF}
)
ANSWERS = frozenset(
    {Verb.HANDLED, Verb.SETTLE, Verb.CLOSE, Verb.REPLY, Verb.DECLINE, Verb.DECIDE, Verb.CONCLUDE}
)


@dataclass(frozen=True, slots=True)
class Held:
    """A joining of this reader, and by what right: by account, or as holder of the receipt."""

    row: Supporter
    code: str  # empty: by account

    @property
    def head(self) -> Case:
        """The case that is worked on: what was joined may have been merged into another one."""
        return access_joined.head_of(self.row.case)


def find(request: Asked, number: str) -> Held:
    """The reader's joining of this case; its community is entered for the rest of the request.

    :raises NotFound: for everybody else.
    """
    number = numbering.parse_number(number) or number
    kept = pocket.receipt(request, number)
    scope.enter(request.actor.communities | ({kept.community_id} if kept else set()))
    try:
        return Held(access_joined.find(request.actor, number), "")
    except NotFound:
        if kept is None:
            raise
    return Held(access_joined.find_by_code(number, kept.code), kept.code)


def page(request: Asked, held: Held, *, status: int = 200, **more: Any) -> HttpResponse:
    """The case as somebody who joined reads it."""
    head = Case.objects.select_related("grid", "building").get(pk=held.head.pk)
    unread.mark_if_answered(request, head, held.row.case.number)
    told = story.story(head, request.actor, at=request.now, for_resident=True, language=here.language())
    promised, promise = telling.promise(told) or ("", None)
    context = {
        "row": held.row,
        "number": held.row.case.number,
        "pretty": numbering.pretty_number(held.row.case.number),
        "shown": alike.shown(head),
        "answer": text.mask_text(head.answer) if State(head.state) in ENDED else "",
        "promised": promised,
        "promise": promise,
        "holder": taking.holder(head, request.now.astimezone(clock.LOCAL).date()),
        "sorting": State(head.state) in telling.AT_THE_DESK,
        "timeline": lines(told),
        "asks": State(head.state) in SETTLED,
        "rated": held.row.solved is not None,
        "may_reopen": may_reopen(head, request),
        "receipt_held": bool(held.code),
        "once": secrets.token_urlsafe(9),
        "tab": "mine",
    }
    return here.show(request, "cases/resident/joined.html", {**context, **more}, status=status)


def may_reopen(head: Case, request: Asked) -> bool:
    """Whether somebody who joined may still ask to take it up again."""
    days = int(places.setting(head.community_id, "reopen_days", request.now))
    fresh = head.closed_at is not None and (request.now - head.closed_at).days < days
    return State(head.state) in SETTLED and fresh and not head.solved


def lines(told: Story) -> list[Line]:
    """The timeline without anything that is the reporter's own."""
    found = [Line(_("A neighbour reported it"), at=told.case.reported_at)]
    for entry in told.entries:
        said = _said(entry, told.case)
        if said:
            note = text.mask_text(entry.answer) if Verb(entry.verb) in ANSWERS else ""
            note = "" if any(line.note == note for line in found) else note
            found.append(Line(said, at=entry.at, note=note))
    if State(told.case.state) in OPEN:
        found[-1] = replace(found[-1], state="now")
    ahead = telling.to_come(told.case) if State(told.case.state) in OPEN else []
    return found + [Line(each, "next") for each in ahead]


def _said(entry: Entry, case: Case) -> str:
    if entry.verb == Verb.REOPEN.value:
        return _("Taken up again")
    if Verb(entry.verb) not in TOLD:
        return ""
    return telling.SAID[Verb(entry.verb)](entry, case, here.language())


@policy("cases.joined", who=PUBLIC)
@require_safe
def receipt(request: Asked, number: str) -> HttpResponse:
    """What somebody who joined keeps; only in the session that joined."""
    kept = pocket.receipt(request, number)
    if kept is None:
        return redirect("cases:case", number=number)
    if not kept.fresh:
        raise NotFound
    held = find(request, number)
    context = {
        "held": kept,
        "number": numbering.pretty_number(number),
        "shown": alike.shown(held.head),
        "due_at": held.head.due_at,
        "signed_in": request.actor.signed_in,
        "tab": "report",
    }
    return here.show(request, "cases/resident/joined_receipt.html", context)


@policy("cases.leave", who=PUBLIC)
@require_POST
def leave(request: Asked, number: str) -> HttpResponse:
    """Leave a case that was joined; the one who joined by mistake, or for whom it is over."""
    held = find(request, number)
    joining.leave(actor=request.actor, number=held.row.case.number, code=held.code, at=request.now)
    pocket.forget(request, held.row.case.number)
    messages.success(request, _("You are no longer counted with it."))
    return redirect("cases:mine")


def of_merged(request: Asked, case: Case) -> Supporter | None:
    """The row of the reporter of a merged case among the people of the other one; None for who reported both."""
    row = access_joined.of_report(case)
    if row is None and case.merged_into is not None:
        row = supporters.carry(case, case.merged_into, at=request.now)
    return row


def word(request: Asked, number: str) -> HttpResponse:
    """Is it solved for you? From somebody who joined."""
    try:
        return say(request, find(request, number).row, number)
    except Refused as refused:
        wrongs = [taking.in_words(wrong) for wrong in refused.wrongs]
        return page(
            request, find(request, number), status=422, wrongs=wrongs, typed=request.POST.get("words", "")
        )


def say(request: Asked, row: Supporter, number: str) -> HttpResponse:
    """Keep the word and go back to the case.

    :raises Refused: nothing was said, or it is too late.
    """
    form = Move(request.POST)
    form.is_valid()
    given = form.cleaned_data
    said = Word(
        given.get("solved"), given.get("stars"), str(given.get("words") or ""), bool(given.get("again"))
    )
    try:
        again = joining.say(actor=request.actor, row=row, word=said, at=request.now)
    except moves.Conflict as conflict:
        messages.warning(request, words.label(words.HINDRANCES, conflict.code))
    else:
        messages.success(request, _("It is taken up again.") if again else _("Thank you for your word."))
    return redirect("cases:case", number=number)


def listed(request: Asked, *, most: int = 20) -> list[tuple[Supporter, Case]]:
    """What the reader joined by account, the newest first, each with the case that is worked on."""
    rows = access_joined.own(request.actor).filter(merged__isnull=True).order_by("-joined_at", "-pk")
    found = rows.select_related("case__grid", "case__building")[:most]
    return [(row, access_joined.head_of(row.case)) for row in found]


def where_of(case: Case) -> str:
    """Where a joined case is, no finer than its building."""
    return finding.coarse(case, here.language())
