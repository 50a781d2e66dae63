"""What I was told, and how I want to be told."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.kernel.access import SIGNED_IN, Actor
from linli.kernel.api import (
    Unreadable,
    actor_of,
    answer,
    answer_page,
    answer_tagged,
    at,
    operation,
    unchanged,
)
from linli.kernel.api_types import Cursor, Size
from linli.notices import access, ports
from linli.notices.actions import choosing, keeping
from linli.notices.actions.choosing import Choice
from linli.notices.api.routers import notices
from linli.notices.models import Notice
from linli.notices.queries import choices, inbox, mail
from linli.notices.rules.kinds import FIXED, PERSON_ROADS, Group
from linli.notices.schemas import NoticeChoicesIn, NoticeChoicesOut, NoticesOut, NoticesReadIn, NoticesReadOut


def number_of(cursor: str) -> int:
    """The number in a cursor; 0 for the first page.

    :raises Unreadable: bad_cursor.
    """
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 18):
        raise Unreadable(422, "bad_cursor", field="cursor")
    return int(cursor)


@notices.get("/notices", response=NoticesOut, summary="What you were told")
@operation("notices.api_mine", who=SIGNED_IN, scope="people:read", paged=True)
def index(
    request: HttpRequest,
    cursor: Cursor = "",
    size: Size = 20,
    unread: Annotated[bool, Query(description="only what is not read yet")] = False,
) -> HttpResponse:
    """The newest first, in all your communities, with the road each took."""
    actor, before = actor_of(request), number_of(cursor)
    with access.entered(actor):
        page = inbox.page(actor, unread=unread, before=before, size=size)
        count = inbox.unread(actor)
    return answer_page(
        request, [_plain(one) for one in page.rows], str(page.older) if page.older else "", unread=count
    )


def _plain(one: Notice) -> dict[str, Any]:
    names = (
        "kind",
        "title",
        "words",
        "subject",
        "link",
        "urgency",
        "state",
        "road",
        "told_at",
        "sent_at",
        "read_at",
    )
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


@notices.post("/notices/read", response=NoticesReadOut, summary="Note what you have read")
@operation("notices.api_read", who=SIGNED_IN, scope="cases:write")
def read(request: HttpRequest, body: NoticesReadIn) -> HttpResponse:
    """What was still to be carried by another road stays here. Twice changes nothing."""
    done = keeping.read_all(actor=actor_of(request), at=at(request), up_to=body.up_to)
    return answer({"read": done})


@notices.get("/notices/choices", response=NoticeChoicesOut, summary="How you are told")
@operation("notices.api_choices", who=SIGNED_IN, scope="people:read", tagged=True)
def read_choices(request: HttpRequest) -> HttpResponse:
    """Roads by group, quiet hours, digest, language."""
    return answer_tagged(request, _choices(actor_of(request)))


@notices.put("/notices/choices", response=NoticeChoicesOut, summary="Choose how you are told")
@operation("notices.api_choose", who=SIGNED_IN, scope="cases:write", guarded=True)
def choose(request: HttpRequest, body: NoticeChoicesIn) -> HttpResponse:
    """All of it at once. Emergencies cannot be switched off; e-mail needs an address proved on the page."""
    actor = actor_of(request)
    choice = Choice(on=body.on, quiet=body.quiet, digest=body.digest, language=body.language)
    with unchanged(request, lambda: _choices(actor)):
        choosing.choose(actor=actor, choice=choice, at=at(request))
    return answer_tagged(request, _choices(actor))


def _choices(actor: Actor) -> dict[str, Any]:
    account_id = actor.person_id
    wishes = choices.wishes_of(account_id)
    return {
        "on": [
            f"{group.value}:{road}"
            for group in Group
            for road in PERSON_ROADS
            if group in FIXED or choosing.is_on(wishes, group, road)
        ],
        "quiet": wishes.quiet,
        "digest": wishes.digest,
        "language": choices.languages([account_id]).get(account_id, ""),
        "roads": [road for road in PERSON_ROADS if ports.carrier(road) is not None],
        "email": bool(mail.proved([account_id])),
    }
