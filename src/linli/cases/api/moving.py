"""Moving cases: one, or many at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.cases.actions import moves
from linli.cases.actions.moves import Conflict
from linli.cases.api import reading, refusals
from linli.cases.api.routers import cases
from linli.cases.models import Case
from linli.cases.rules.intake import Refused
from linli.cases.schemas.case import StoryOut
from linli.cases.schemas.moves import ManyIn, ManyOut, MoveIn, OneOfMany
from linli.kernel.access import SIGNED_IN, Forbidden, NotFound
from linli.kernel.api import actor_of, answer, at, operation, wanted_version


@cases.post("/cases/{number}/moves", response=StoryOut, summary="Move a case")
@operation("cases.move", who=SIGNED_IN, scope="cases:write", tagged=True, guarded=True, counted=False)
def move(request: HttpRequest, number: reading.Number, body: MoveIn) -> HttpResponse:
    """Make one move. `GET /cases/{number}` tells under `moves` what you may do now and what each move needs.

    Send the ETag you read as `If-Match`: if somebody was faster you get 412 instead of moving what you have not seen.
    A move needs no `Idempotency-Key`: repeated with the same `If-Match` it is refused, not made twice.
    """
    case = moves.take(
        actor=actor_of(request),
        number=number,
        given=body.given(),
        at=at(request),
        version=wanted_version(request),
    )
    return reading.tell(request, case)


@cases.post("/moves", response=ManyOut, summary="Move many cases")
@operation("cases.move_many", who=SIGNED_IN, scope="cases:write", counted=False)
def move_many(request: HttpRequest, body: ManyIn) -> HttpResponse:
    """Up to 100 moves, each whole or not at all; what could not be done says why. The answer is 200 in any case."""
    return answer({"items": [_outcome(request, one) for one in body.moves]})


def _outcome(request: HttpRequest, one: OneOfMany) -> dict[str, Any]:
    try:
        case = moves.take(
            actor=actor_of(request), number=one.number, given=one.given(), at=at(request), version=one.version
        )
    except (Refused, Conflict, Forbidden, NotFound) as hindered:
        return _told(one.number, None, asdict(refusals.of(hindered)))
    return _told(case.number, case, None)


def _told(number: str, case: Case | None, problem: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "number": number,
        "done": case is not None,
        "state": case.state if case else None,
        "version": case.version if case else None,
        "problem": problem,
    }
