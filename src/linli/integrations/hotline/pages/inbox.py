"""The door at which a hotline pushes its orders: known by its secret, answered order by order."""

from __future__ import annotations

import hmac
import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linli.cases.pages.here import Asked
from linli.grids import queries as places
from linli.integrations.hotline import words
from linli.integrations.hotline.actions import receiving, sending
from linli.integrations.hotline.actions.receiving import Done
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules.mapping import BadMapping
from linli.kernel import limits, scope
from linli.kernel.access import PUBLIC, NotFound, policy

FRESH_SECONDS = 300
MOST_ORDERS = 500
A_MINUTE = 600  # orders a line may push in a minute
CODES = {"taken": "0", "changed": "0", "same": "0", "refused": "1"}


@csrf_exempt
@policy("hotline.push", who=PUBLIC)
@require_POST
def push(request: Asked, key: str) -> HttpResponse:
    """Take orders in. 200 with an answer for each; 404 no such line; 401 a wrong secret; 422 no orders; 429 too many.

    An answer is sent after the commit: what is said to be taken is kept, and what was not answered may be sent again.
    """
    line = _line(key)
    if line is None:
        raise NotFound
    if not line.active or not _known(request, line):
        return _problem(401, "unknown_sender", "The secret is not known.")
    with scope.within([line.community_id]):
        try:
            mapping = mappings.load(line.mapping)
            rows = mappings.rows_of(json.loads(request.body or b"null"), mapping.rows)
        except (BadMapping, ValueError, RecursionError):
            return _problem(422, "no_orders", "The body holds no orders where the mapping looks for them.")
        if len(rows) > MOST_ORDERS:
            return _problem(422, "too_many", f"At most {MOST_ORDERS} orders at once.")
        if not limits.take(f"hotline:{line.pk}", capacity=A_MINUTE, per_seconds=60, cost=max(len(rows), 1)):
            return _problem(429, "too_many", "Too many orders in a minute; send the rest later.")
        outcome = receiving.receive(line=line, mapping=mapping, rows=enumerate(rows, start=1), at=request.now)
    return JsonResponse({"orders": [_answer(one) for one in outcome.done], **outcome.counts})


def _line(key: str) -> Line | None:
    with scope.within(places.community_ids()):
        return Line.objects.filter(key=key).first()


def _known(request: Asked, line: Line) -> bool:
    """Whether the sender holds the line's secret: shown as a bearer, or used to sign moment and body."""
    secret = line.secret or ""
    stamp, given = request.headers.get("X-Timestamp", ""), request.headers.get("X-Signature", "")
    if given:
        fresh = (
            stamp.isascii()
            and stamp.isdigit()
            and abs(request.now.timestamp() - int(stamp[:12])) <= FRESH_SECONDS
        )
        return fresh and _same(sending.signature(secret, stamp, request.body), given.removeprefix("sha256="))
    scheme, _blank, shown = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(secret) and _same(secret, shown.strip())


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _answer(done: Done) -> dict[str, Any]:
    return {
        "number": done.number,
        "code": CODES[done.result],
        "result": done.result,
        "our_number": done.our_number,
        "wrongs": [
            {"field": one.field, "code": one.code, "limit": one.limit, "words": words.wrong(one)}
            for one in done.wrongs
        ],
    }


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    told = {
        "type": f"urn:linli:problem:{code}",
        "title": detail,
        "status": status,
        "code": code,
        "detail": detail,
    }
    answer = JsonResponse(told, status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer
