"""My things: the list, and one case told in plain words, with what its reporter may do now."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import access, access_joined, words
from linli.cases.actions import limited, moves
from linli.cases.actions.effects_chasing import urge_again_at
from linli.cases.forms.mine import LookUp, Move
from linli.cases.models import Case
from linli.cases.pages import (
    danger,
    finding,
    here,
    joined,
    mine_rows,
    pocket,
    taking,
    telling,
    unread,
)
from linli.cases.pages.here import Asked
from linli.cases.queries import queue, story
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import ENDED, REOPEN_REASONS, SETTLED, State, Verb
from linli.grids import queries as places
from linli.kernel import clock, numbering, scope, text
from linli.kernel.access import PUBLIC, Forbidden, NotFound, policy

MINE = (Verb.ADD, Verb.URGE, Verb.WITHDRAW, Verb.RATE, Verb.REOPEN)
DONE_ONCE = "linli.moves"  # tokens of move forms already sent in this session
MOST_TOKENS = 30
FRESH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Mine:
    """A case of this reader, and by what right: as its reporter, or as holder of the receipt."""

    case: Case
    code: str  # empty: by account


@policy("cases.mine", who=PUBLIC)
@require_safe
def mine(request: Asked) -> HttpResponse:
    """What I reported: by my account, and what this browser holds receipts of."""
    found = access.own(request.actor)
    try:
        page = queue.page(
            found.order_by(*queue.ORDERS["newest"]),
            order="newest",
            cursor=request.GET.get("after", ""),
            size=20,
        )
    except queue.BadFilter as error:
        raise NotFound from error
    rows = [mine_rows.of_case(case, request.now) for case in page.cases]
    own = {row.number for row in rows}
    held = (
        [] if request.GET.get("after") else [row for row in mine_rows.held(request) if row.number not in own]
    )
    first = not request.GET.get("after")
    joined_rows = (
        [mine_rows.of_joined(row, head, request.now) for row, head in joined.listed(request)] if first else []
    )
    held = [row for row in held if row.number not in {one.number for one in joined_rows}]
    new = unread.numbers(request)
    lists = {
        name: [replace(row, fresh=row.number in new) for row in found]
        for name, found in (("rows", rows), ("held", held), ("joined", joined_rows))
    }
    context = {**lists, "older": page.cursor, "tab": "mine"}
    return here.show(request, "cases/resident/mine.html", context)


@policy("cases.follow", who=PUBLIC)
@require_http_methods(["GET", "POST"])
def follow(request: Asked) -> HttpResponse:
    """Look a case up by number and code; an unknown number and a wrong code get the same answer."""
    form = LookUp(request.POST or None, initial={"number": request.GET.get("number", "")[:20]})
    status = 200
    if request.method == "POST" and form.is_valid():
        if not limited.may_look_up(request.actor, here.network(request)):
            form.add_error(None, _("Too many tries. Please wait an hour, or ask at the committee."))
            status = 429
        elif _open(request, form.cleaned_data["number"], form.cleaned_data["code"]):
            return redirect("cases:case", number=form.cleaned_data["number"])
        else:
            form.add_error(None, _("Number and code do not fit together. Please look at both again."))
    status = status if status != 200 else (422 if form.errors else 200)
    return here.show(request, "cases/resident/follow.html", {"form": form, "tab": "mine"}, status=status)


def _open(request: Asked, number: str, code: str) -> bool:
    for right in (access, access_joined):
        try:
            community_id = right.community_of_code(number, code)
        except NotFound:
            continue
        pocket.hold(request, numbering.parse_number(number) or number, community_id, code, fresh=False)
        return True
    return False


def find(request: Asked, number: str) -> Mine:
    """The case of this number if it is this reader's: reported by the account, or held by its receipt.

    The community is entered for the rest of the request.

    :raises NotFound: for everybody else.
    """
    number = numbering.parse_number(number) or number
    kept = pocket.receipt(request, number)
    scope.enter(request.actor.communities | ({kept.community_id} if kept else set()))
    own = access.own(request.actor).select_related("grid", "building").filter(number=number).first()
    if own is not None:
        return Mine(own, "")
    if kept is None:
        raise NotFound
    return Mine(access.find_by_code(number, kept.code), kept.code)


@policy("cases.case", who=PUBLIC)
@require_safe
def case(request: Asked, number: str) -> HttpResponse:
    """One case, told to its reporter, or to a neighbour who joined."""
    try:
        found = find(request, number)
    except NotFound:
        with suppress(NotFound):
            return joined.page(request, joined.find(request, number))
        if request.actor.signed_in:
            raise
        return redirect("cases:follow")
    return _page(request, found, {})


def _page(request: Asked, found: Mine, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    unread.mark_if_answered(request, found.case, found.case.number)
    told = story.story(
        found.case,
        request.actor,
        at=request.now,
        for_resident=True,
        language=here.language(),
        code=bool(found.code),
    )
    promised, promise = telling.promise(told) or ("", None)
    may = _may(told, request.now)
    again = _urged(told, request.now) if Verb.URGE.value in may else None
    shown = {
        "case": told.case,
        "number": numbering.pretty_number(told.case.number),
        "receipt_held": bool(found.code),
        "title": telling.headline(told.case),
        "standing": telling.standing(told.case),
        "promised": promised,
        "promise": promise,
        "sorting": State(told.case.state) in telling.AT_THE_DESK,
        "timeline": telling.lines(told, here.language()),
        "where": finding.of_case(told.case, here.language()),
        "kind": words.label(words.KINDS, told.case.kind),
        "holder": taking.holder(told.case, request.now.astimezone(clock.LOCAL).date()),
        "may": may - {Verb.URGE.value} if again else may,
        "urge_again": again,
        "rated": told.case.solved is not None or told.case.stars is not None,
        "merged": _merged(request, told.case),
        "parted": _parted(request, told.case, found.code),
        "reasons": [(code, words.label(words.REASONS, code)) for code in REOPEN_REASONS],
        **(danger.told_of(told.case) if _is_fresh(told.case, request.now) else {}),
        "once": secrets.token_urlsafe(9),
        "tab": "mine",
    }
    return here.show(request, "cases/resident/case.html", {**shown, **context}, status=status)


@dataclass(frozen=True, slots=True)
class Merged:
    """What the reporter of a merged case hears of the other one: where it stands, its public answer, their own word."""

    standing: str
    answer: str
    at: datetime
    asks: bool  # it is settled, and this reporter may say whether it is solved
    solved: bool | None
    may_reopen: bool
    own: str  # its number, where the same person reported both


def _merged(request: Asked, case: Case) -> Merged | None:
    if case.merged_into is None:
        return None
    head = access_joined.head_of(case)
    row = access_joined.of_report(case)
    both = row is None and case.reporter_id is not None and case.reporter_id == head.reporter_id
    return Merged(
        standing=telling.standing(head),
        answer=text.mask_text(head.answer) if State(head.state) in ENDED else "",
        at=head.state_at,
        asks=not both and State(head.state) in SETTLED,
        solved=row.solved if row else None,
        may_reopen=joined.may_reopen(head, request),
        own=head.number if both else "",
    )


def _is_fresh(case: Case, at: datetime) -> bool:
    """Whether nobody has taken it up yet: then it is said once more whom to call in danger."""
    return State(case.state) is State.REPORTED and at - case.reported_at < FRESH


def _parted(request: Asked, case: Case, code: str) -> list[mine_rows.Row]:
    """The cases that were taken out of this one; whoever holds its receipt holds theirs."""
    found = list(Case.objects.filter(split_from=case).select_related("grid", "building").order_by("pk"))
    for one in found if code else ():
        pocket.hold(request, one.number, one.community_id, code, fresh=False)
    return [mine_rows.of_case(one, request.now) for one in found]


def _urged(told: story.Story, at: datetime) -> datetime | None:
    """When the reporter may urge again, if that is not now."""
    if not told.case.urges:
        return None
    again = urge_again_at(told.case.pk, told.case.community_id, at)
    return again if again is not None and again > at else None


def _may(told: story.Story, at: datetime) -> set[str]:
    """What the reporter may do now; opening again only as long as the community allows it."""
    may = {step.verb.value for step in told.steps if step.verb in MINE}
    days = int(places.setting(told.case.community_id, "reopen_days", at))
    if told.case.closed_at is not None and (at - told.case.closed_at).days >= days:
        may.discard(Verb.REOPEN.value)
    return may


@policy("cases.move_mine", who=PUBLIC)
@require_POST
def move(request: Asked, number: str, verb: str) -> HttpResponse:
    """What the reporter may do: add, urge, withdraw, rate, open again."""
    if verb not in {each.value for each in MINE}:
        raise NotFound
    found = find(request, number)
    form = Move(request.POST)
    form.is_valid()
    token = form.cleaned_data.get("once") or ""
    if token and token in request.session.get(DONE_ONCE, []):
        return redirect("cases:case", number=number)
    files = [*request.FILES.getlist("pictures"), *request.FILES.getlist("sound")]
    taken, turned = taking.all_of(request, found.case.community_id, files)
    uploads = tuple(str(file.ticket) for file in taken)
    context = {"typed": form.data.get("words", ""), "opened": verb, "refused": turned}
    if turned and verb == Verb.ADD.value and not (form.cleaned_data.get("words") or uploads):
        return _page(request, found, context, status=422)
    try:
        _take(request, found, Verb(verb), form, uploads)
    except Refused as refused:
        wrongs = [taking.in_words(wrong) for wrong in refused.wrongs]
        return _page(request, find(request, number), {**context, "wrongs": wrongs}, status=422)
    except moves.Conflict as conflict:
        messages.warning(request, words.label(words.HINDRANCES, conflict.code))
        return redirect("cases:case", number=number)
    if token:
        request.session[DONE_ONCE] = [*request.session.get(DONE_ONCE, []), token][-MOST_TOKENS:]
    for file in turned:
        messages.warning(request, f"{file.name}: {file.words}")
    messages.success(request, THANKS[Verb(verb)]())
    return redirect("cases:case", number=number)


def _take(request: Asked, found: Mine, verb: Verb, form: Move, uploads: tuple[str, ...]) -> None:
    """One move; "not solved" is the rating and the reopening in one step."""
    given = form.cleaned_data
    said = str(given.get("words") or "")
    if verb is Verb.RATE:
        rating = Given(verb=verb, solved=given.get("solved"), stars=given.get("stars"), words=said)
        _one(request, found, rating)
        if given.get("solved") is False and given.get("again"):
            _one(request, found, Given(verb=Verb.REOPEN, reason="not_solved", words=said, uploads=uploads))
        return
    _one(request, found, Given(verb=verb, reason=str(given.get("reason") or ""), words=said, uploads=uploads))


def _one(request: Asked, found: Mine, given: Given) -> None:
    try:
        moves.take(
            actor=request.actor, number=found.case.number, given=given, at=request.now, code=found.code
        )
    except Forbidden as forbidden:
        raise moves.Conflict(forbidden.code) from forbidden


@policy("cases.word", who=PUBLIC)
@require_POST
def word(request: Asked, number: str) -> HttpResponse:
    """Is it solved for you? From a neighbour who joined, or from the reporter of a case that was merged."""
    try:
        found = find(request, number)
    except NotFound:
        return joined.word(request, number)
    row = joined.of_merged(request, found.case)
    if row is None:
        raise NotFound
    try:
        return joined.say(request, row, found.case.number)
    except Refused as refused:
        wrongs = [taking.in_words(wrong) for wrong in refused.wrongs]
        return _page(request, find(request, number), {"wrongs": wrongs}, status=422)


@policy("cases.forget", who=PUBLIC)
@require_POST
def forget(request: Asked, number: str) -> HttpResponse:
    """Forget a receipt on this phone: for a phone that others use as well."""
    pocket.forget(request, number)
    messages.success(request, _("Forgotten on this phone. Number and code still open it."))
    return redirect("cases:mine")


THANKS = {
    Verb.ADD: lambda: _("Added. Those who see to it can read it."),
    Verb.URGE: lambda: _("We have asked how it is going."),
    Verb.WITHDRAW: lambda: _("Withdrawn. You can report it again at any time."),
    Verb.RATE: lambda: _("Thank you for your word."),
    Verb.REOPEN: lambda: _("It is taken up again."),
}
