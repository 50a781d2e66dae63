"""For whoever holds a receipt: reading the case, its files, and the reporter's own moves, without an account."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.cases import access
from linli.cases.actions import moves
from linli.cases.api import files, reading
from linli.cases.api.receipts import let
from linli.cases.api.routers import cases
from linli.cases.schemas.case import FollowIn, StoryOut
from linli.cases.schemas.moves import MoveByReceipt
from linli.kernel.access import PUBLIC
from linli.kernel.api import actor_of, at, operation


@cases.post("/follow", response=StoryOut, summary="Follow a case with its receipt")
@operation("cases.follow", who=PUBLIC)
def follow(request: HttpRequest, body: FollowIn) -> HttpResponse:
    """What a resident reads of a case, for whoever holds number and code. A wrong code is as an unknown number: 404."""
    with let(request):
        return reading.tell(request, access.find_by_code(body.number, body.code), code=True)


@cases.post(
    "/follow/moves", response=StoryOut, summary="Add, urge, withdraw, rate or reopen with the receipt"
)
@operation("cases.follow_move", who=PUBLIC)
def move(request: HttpRequest, body: MoveByReceipt) -> HttpResponse:
    """The reporter's own moves, for whoever holds number and code."""
    with let(request):
        case = moves.take(
            actor=actor_of(request), number=body.number, given=body.given(), at=at(request), code=body.code
        )
        return reading.tell(request, case, code=True)


@cases.post("/follow/files/{uuid:ticket}", response={200: None}, summary="Read a file with the receipt")
@operation("cases.follow_file", who=PUBLIC, gives="image/jpeg")
def read_file(request: HttpRequest, ticket: uuid.UUID, body: FollowIn) -> HttpResponseBase:
    """A picture, voice note or film of the case, if its reporter is told of the move it came with."""
    with let(request):
        return files.by_receipt(request, ticket, access.find_by_code(body.number, body.code))
