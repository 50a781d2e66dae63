"""What a browser keeps on the way to WeChat and back: states used once, and an identity that waits to be bound."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

STATES = "linli.wechat.states"
COOKIE = "linli-wechat"
MOST = 5
LIVES_SECONDS = 600
WAITS_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Trip:
    """Why somebody went to WeChat: for which account of ours, to do what, to come back where."""

    key: str
    purpose: str  # sign_in | bind | a template's id
    goal: str
    account_id: int | None


def depart(session: SessionBase, trip: Trip, *, at: datetime) -> str:
    """The random state for a trip; at most five are open in one session."""
    state = secrets.token_urlsafe(24)
    held = [one for one in session.get(STATES, []) if at.timestamp() - one[1] < LIVES_SECONDS]
    entry = [state, at.timestamp(), trip.key, trip.purpose, trip.goal, trip.account_id]
    session[STATES] = [*held, entry][-MOST:]
    return state


def arrive(session: SessionBase, state: str, *, key: str, at: datetime) -> Trip | None:
    """The trip of a state, once; None for one that this session did not begin, or that took too long."""
    held = session.get(STATES, [])
    found = next((one for one in held if secrets.compare_digest(one[0].encode(), state.encode())), None)
    if found is None:
        return None
    session[STATES] = [one for one in held if one is not found]
    if at.timestamp() - found[1] >= LIVES_SECONDS or found[2] != key:
        return None
    return Trip(found[2], found[3], found[4], found[5])


def wait(response: HttpResponse, follower_id: int, community_id: int, *, secure: bool) -> None:
    """Keep an identity that was just proved until its person has signed in.

    In a signed cookie, not in the session, which is emptied at each sign-in; and not in an address, for whoever opens
    somebody else's address must not be led to tie somebody else's WeChat to their own account.
    """
    response.set_signed_cookie(
        COOKIE,
        f"{follower_id}.{community_id}",
        salt=COOKIE,
        max_age=WAITS_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def waiting(request: HttpRequest) -> tuple[int, int] | None:
    """The follower and the community that wait to be bound; None when there are none, or no longer."""
    held = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=WAITS_SECONDS)
    follower, _, community = str(held).partition(".")
    return (int(follower), int(community)) if follower.isdigit() and community.isdigit() else None


def forget(response: HttpResponse) -> None:
    """Nothing waits any more."""
    response.delete_cookie(COOKIE, samesite="Lax")
