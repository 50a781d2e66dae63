"""The API's doorkeeper: declares an operation's policy, enforces it, and answers in JSON without detours."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.decorators import decorate_view

from linli.kernel.access import Actor, Forbidden, Policy, Who

Operation = TypeVar("Operation", bound=Callable[..., Any])


class Unauthenticated(Exception):
    """The operation needs a token and there is none, or it is unknown, expired or revoked."""


def operation(name: str, *, who: Who, scope: str = "") -> Callable[[Operation], Operation]:
    """Declare who may call an API operation and which scope the token must carry; stands right under the route."""
    declared = Policy(name=name, who=who, scope=scope)

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            admit(actor_of(request), declared)
            return view(request, *args, **kwargs)

        return guarded

    def mark(view: Operation) -> Operation:
        view.linli_policy = declared  # type: ignore[attr-defined]  # functions carry attributes
        return decorate_view(guard)(view)

    return mark


def admit(actor: Actor, policy: Policy) -> None:
    """Let the actor in, or say why not.

    :raises Unauthenticated: nobody is signed in and the door is not public.
    :raises Forbidden: the token lacks the scope, or the actor holds no such duty anywhere.
    """
    if policy.who.kind != "public" and not actor.signed_in:
        raise Unauthenticated
    if policy.scope and actor.signed_in and not actor.may(policy.scope):
        raise Forbidden("scope_missing")
    if not policy.who.admits(actor):
        raise Forbidden("not_your_door")


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by site.middleware.Who
    return actor


def answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """JSON, straight from plain values (times become RFC 3339)."""
    body = orjson.dumps(data, option=orjson.OPT_UTC_Z)
    return HttpResponse(body, status=status, content_type="application/json", headers=dict(headers or {}))


def etag(version: int) -> str:
    """The entity tag of a row's version."""
    return f'"{version}"'


def same(request: HttpRequest, version: int) -> bool:
    """Whether the caller already has this version (If-None-Match)."""
    return etag(version) in request.headers.get("If-None-Match", "")


def wanted_version(request: HttpRequest) -> int | None:
    """The version the caller looked at (If-Match), if it says so."""
    given = request.headers.get("If-Match", "").strip().strip('"')
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
