"""Returns: who bounced what, how often, and the cases behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from linli.cases import words
from linli.cases.pages import desk_frame, desk_rows
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import desk, queue, returns
from linli.kernel import access
from linli.kernel.access import Forbidden, NotFound, policy
from linli.kernel.clock import LOCAL

READERS = ("dispatcher", "community_leader", "verifier", "auditor")
WHO = access.roles(*READERS)
DAYS = {"week": 7, "month": 30, "quarter": 90, "year": 365}
LONGEST = timedelta(days=1100)


@dataclass(frozen=True, slots=True)
class Span:
    """A period of whole days: the first and the last."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Its beginning."""
        return datetime.combine(self.first, time.min, tzinfo=LOCAL)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=LOCAL)

    def query(self, **more: Any) -> str:
        """As an address carries it."""
        given = {"from": self.first.isoformat(), "to": self.last.isoformat(), **more}
        return urlencode({key: value for key, value in given.items() if value not in (None, "")})


def _span(request: Asked) -> Span:
    """The days asked for; the last thirty when none, or none we understand, are."""
    today = request.now.astimezone(LOCAL).date()
    try:
        last = date.fromisoformat(request.GET.get("to", ""))
        first = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return Span(today - timedelta(days=29), today)
    if first > last or last - first > LONGEST or last.year > today.year + 1 or first.year < 2000:
        return Span(today - timedelta(days=29), today)
    return Span(first, last)


def _frame(request: Asked) -> Frame:
    made = desk_frame.frame(request)
    if not request.actor.has(*READERS, community_id=made.community_id):
        raise Forbidden("not_your_door")
    return made


@policy("cases.desk_returns", who=WHO)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The bodies of a period with their returns, why, how rulings kept their promise, and the ping-pong."""
    made, span = _frame(request), _span(request)
    period = {"since": span.since, "until": span.until}
    found = returns.bodies(made.community_id, **period)
    context = {
        "span": span,
        "periods": _periods(request, span),
        "bodies": [_body(made, one, span) for one in found],
        "total": _total(found, span),
        "reasons": [
            (words.label(words.REASONS, code), n, _rows_url(span, part="returned", reason=code))
            for code, n in returns.reasons(made.community_id, **period)
        ],
        "ruled": returns.ruled(made.community_id, **period),
        "ping_pong": [
            (one, words.label(words.STATES, one.state))
            for one in returns.ping_pong(made.community_id, since=span.since, until=span.until)
        ],
        "as_of": request.now,
    }
    return render(request, "cases/desk/returns.html", made.context(**context))


def _periods(request: Asked, span: Span) -> list[tuple[str, str, bool]]:
    today = request.now.astimezone(LOCAL).date()
    said = {
        "week": _("Last 7 days"),
        "month": _("Last 30 days"),
        "quarter": _("Last 90 days"),
        "year": _("Last 365 days"),
    }
    spans = {key: Span(today - timedelta(days=days - 1), today) for key, days in DAYS.items()}
    return [(said[key], f"?{one.query()}", one == span) for key, one in spans.items()]


def _rows_url(span: Span, **more: Any) -> str:
    return f"{reverse('cases:desk_returns_rows')}?{span.query(**more)}"


def _name(made: Frame, organisation_id: int | None) -> str:
    if organisation_id is None:
        return _("People on the ground")
    return made.body_name(organisation_id) or _("A body that has closed")


def _body(made: Frame, one: returns.BodyReturns, span: Span) -> dict[str, Any]:
    body = str(one.organisation_id) if one.organisation_id else "ground"
    cells = [
        (getattr(one, part), _rows_url(span, part=part, body=body), _part_words(part))
        for part in returns.PARTS
    ]
    return {"name": _name(made, one.organisation_id), "cells": cells, "share": _percent(one.share)}


def _total(found: tuple[returns.BodyReturns, ...], span: Span) -> dict[str, Any]:
    sums = {part: sum(getattr(one, part) for one in found) for part in returns.PARTS}
    share = sums["returned"] / sums["dispatched"] if sums["dispatched"] else None
    cells = [(sums[part], _rows_url(span, part=part), _part_words(part)) for part in returns.PARTS]
    return {"cells": cells, "share": _percent(share)}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _part_words(part: str) -> str:
    return {
        "dispatched": pgettext("returns", "Dispatched"),
        "returned": pgettext("returns", "Returned"),
        "upheld": pgettext("returns", "Return was right"),
        "overruled": pgettext("returns", "Return was not right"),
        "waiting": pgettext("returns", "Waiting for a ruling"),
    }[part]


@policy("cases.desk_returns_rows", who=WHO)
@require_safe
def rows(request: Asked) -> HttpResponse:
    """The cases behind one number."""
    made, span = _frame(request), _span(request)
    part, body, reason = (request.GET.get(key, "") for key in ("part", "body", "reason"))
    if part not in returns.PARTS or (body not in {"", "ground"} and not _is_id(body)):
        raise NotFound
    if reason and reason not in words.REASONS:
        raise NotFound
    organisation_id = int(body) if _is_id(body) else None
    found = returns.rows(
        desk.seen(request.actor, made.community_id),
        part,
        community_id=made.community_id,
        since=span.since,
        until=span.until,
        organisation_id=organisation_id,
        every_body=not body,
        reason=reason,
    )
    try:
        page = queue.page(
            found.order_by(*queue.ORDERS["newest"]), order="newest", cursor=request.GET.get("cursor", "")
        )
    except queue.BadFilter as error:
        raise NotFound from error
    said = [_part_words(part), _name(made, organisation_id) if body else "", words.REASONS.get(reason, "")]
    more = span.query(part=part, body=body, reason=reason, cursor=page.cursor) if page.cursor else ""
    context = {
        "span": span,
        "found": desk_rows.views(made, page.cases),
        "title": " · ".join(str(one) for one in said if one),
        "more": f"?{more}" if more else "",
        "back": f"{reverse('cases:desk_returns')}?{span.query()}",
        "as_of": request.now,
    }
    return render(request, "cases/desk/returns_rows.html", made.context(**context))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
