"""The API's doorkeeper: declares an operation's policy, enforces it, and answers in JSON without detours.

    @router.get("/things/{thing_id}", response=ThingOut, summary="One thing")
    @operation("room.thing", who=STAFF, scope="places:read", tagged=True)
    def read(request: HttpRequest, thing_id: PathId) -> HttpResponse:
        return answer_tagged(request, plain(found))

What an operation declares here is enforced before anything of the request is read, and told in the OpenAPI document.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja.decorators import decorate_view

from linli.kernel import api_limits, api_usage, idempotency
from linli.kernel.access import Actor, Forbidden, Policy, Who
from linli.kernel.networks import network_of
from linli.kernel.refusals import Outdated

Operation = TypeVar("Operation", bound=Callable[..., Any])
JSON, MULTIPART = "application/json", "multipart/form-data"
READS = frozenset({"GET", "HEAD"})
MOST_KEY = 200  # characters of an Idempotency-Key


class Unauthenticated(Exception):
    """The operation needs a token and there is none, or the one sent is unknown, expired or revoked."""

    def __init__(self, code: str = "no_token") -> None:
        super().__init__(code)
        self.code = code


class ScopeMissing(Forbidden):
    """The token does not carry the scope that the operation needs."""

    def __init__(self, scope: str) -> None:
        super().__init__("scope_missing")
        self.scope = scope


class Unreadable(Exception):
    """The request cannot be read as it was sent: its status, a code, and what is wrong in words."""

    def __init__(self, status: int, code: str, detail: str = "", field: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.field = status, code, detail, field


class FieldRefused(Exception):
    """One field cannot be taken; nothing was written."""

    def __init__(self, field: str, code: str, limit: str = "") -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.limit = field, code, limit


class TooMany(Exception):
    """An allowance that the database counts is used up (``kernel.limits``)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the document says of an operation beyond its parameters and bodies."""

    creates: bool = False  # takes Idempotency-Key
    tagged: bool = False  # gives an ETag and knows If-None-Match
    guarded: bool = False  # knows If-Match
    paged: bool = False  # gives a cursor and a Link
    counted: bool = True  # against the allowance (kernel.api_limits)
    takes: str = JSON
    gives: str = JSON


def operation(name: str, *, who: Who, scope: str = "", **told: Any) -> Callable[[Operation], Operation]:
    """Declare who may call an API operation and which scope the token must carry; stands right under the route.

    :param told: fields of `Told`.
    """
    declared, more = Policy(name=name, who=who, scope=scope), Told(**told)

    def guard(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        owner = run.__self__  # type: ignore[attr-defined]  # the operation, a clone of it in each API
        known = {
            name
            for model in owner.models
            if model.__ninja_param_source__ == "query"
            for name in model.__ninja_flatten_map__
        }

        @functools.wraps(run)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                room = enter(request, declared, more, known)
            except Exception as refusal:
                refused: HttpResponse = owner.api.on_exception(request, refusal)
                api_usage.note(actor_of(request), refused.status_code)
                return refused
            answered = run(request, *args, **kwargs)
            api_usage.note(actor_of(request), answered.status_code)
            if room is not None:
                for header, value in room.headers().items():
                    answered[header] = value
            return answered

        return guarded

    def mark(view: Operation) -> Operation:
        view.linli_policy, view.linli_told = declared, more  # type: ignore[attr-defined]  # functions carry attributes
        return decorate_view(guard)(view)

    return mark


def enter(request: HttpRequest, policy: Policy, told: Told, known: set[str]) -> api_limits.Room | None:
    """Let a request in, or say why not: counted, admitted, of the right kind, asking nothing we do not know."""
    actor = actor_of(request)
    reads = request.method in READS
    counted = told.counted and (reads or actor.signed_in)
    room = api_limits.take(actor, network(request)) if counted else None
    if not actor.signed_in and "HTTP_AUTHORIZATION" in request.META:
        raise Unauthenticated("bad_token")
    admit(actor, policy)
    if not reads:
        _require_type(request, told.takes)
    for name in request.GET:
        if name not in known:
            raise Unreadable(422, "invalid", field=f"query.{name[:60]}")
    return room


def admit(actor: Actor, policy: Policy) -> None:
    """Let the actor in, or say why not.

    :raises Unauthenticated: nobody is signed in and the door is not public.
    :raises Forbidden: the token lacks the scope, or the actor holds no such duty anywhere.
    """
    if policy.who.kind != "public" and not actor.signed_in:
        raise Unauthenticated
    if policy.scope and actor.signed_in and not actor.may(policy.scope):
        raise ScopeMissing(policy.scope)
    if not policy.who.admits(actor):
        raise Forbidden("not_your_door")


def _require_type(request: HttpRequest, takes: str) -> None:
    meta = request.META
    if meta.get("CONTENT_LENGTH") in {None, "", "0"} and "HTTP_TRANSFER_ENCODING" not in meta:
        return
    if request.content_type != takes:
        raise Unreadable(415, "wrong_type", f"Send {takes}.")


# -- what a request brings ---------------------------------------------------------------------------------


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by site.middleware.Who
    return actor


def at(request: HttpRequest) -> datetime:
    """The door's one reading of the clock, in UTC as answers give it."""
    moment: datetime = request.now  # type: ignore[attr-defined]  # set by site.middleware.Watch
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def utc(moment: datetime | None) -> datetime | None:
    """A moment as answers give it: what is computed may come in local time."""
    return None if moment is None else moment.astimezone(UTC)


def network(request: HttpRequest) -> str:
    """The neighbourhood of the address the request comes from, for limits."""
    return network_of(request.META.get("REMOTE_ADDR", ""))


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key, empty for none.

    :raises Unreadable: longer than we keep.
    """
    key: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if len(key) > MOST_KEY:
        raise Unreadable(422, "invalid", field="header.Idempotency-Key")
    return key


def wanted_version(request: HttpRequest) -> int | None:
    """The version the caller looked at (If-Match): None for any, -1 for a tag that is none of ours."""
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if given in {"", "*"}:
        return None
    number = given.removeprefix("W/").strip('"').partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


# -- what an answer says -----------------------------------------------------------------------------------


def answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """JSON, straight from plain values; times are to be in UTC and become RFC 3339 with Z."""
    return HttpResponse(encoded(data), status=status, content_type=JSON, headers=dict(headers or {}))


def encoded(data: Any) -> bytes:
    """The bytes of an answer."""
    return orjson.dumps(data, option=orjson.OPT_UTC_Z)


def etag(version: int, standing: str = "") -> str:
    """The entity tag of a row's version; ``standing`` is what else may change about it, such as its clock."""
    return f'"{version}-{standing}"' if standing else f'"{version}"'


def tag_of(data: Any) -> str:
    """The entity tag of what has no version of its own: a digest of what is answered."""
    return f'"{hashlib.blake2b(encoded(data), digest_size=12).hexdigest()}"'


def held(request: HttpRequest, tag: str) -> bool:
    """Whether the caller already has what this tag stands for (If-None-Match)."""
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    return bool(given) and (tag in given or given.strip() == "*")


def not_modified(tag: str) -> HttpResponse:
    """304: what the caller has is still right."""
    return HttpResponse(status=304, headers={"ETag": tag})


def answer_tagged(
    request: HttpRequest, data: Any, *, tag: str = "", content_type: str = JSON, status: int = 200
) -> HttpResponse:
    """One resource with its ETag; 304 for a reader who has it already."""
    body = encoded(data)
    tag = tag or f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if request.method in READS and held(request, tag):
        return not_modified(tag)
    return HttpResponse(body, status=status, content_type=content_type, headers={"ETag": tag})


def answer_page(request: HttpRequest, items: list[Any], cursor: str, **more: Any) -> HttpResponse:
    """One page of a list, with the next one's cursor in the body and as a Link."""
    headers = {}
    if cursor:
        query = request.GET.copy()
        query["cursor"] = cursor
        headers["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return answer({"items": items, "cursor": cursor, **more}, headers=headers)


# -- changes -----------------------------------------------------------------------------------------------


@contextmanager
def unchanged(request: HttpRequest, present: Callable[[], Any]) -> Iterator[None]:
    """A transaction in which the resource is still as the caller saw it (If-Match).

    Of several programs that change one resource with one tag, one wins: they wait for each other here.

    :raises Outdated: If-Match names another version than the present one.
    """
    wanted = request.META.get("HTTP_IF_MATCH", "").strip()
    with transaction.atomic():
        if wanted and wanted != "*":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [request.path])
            if tag_of(present()) not in wanted:
                raise Outdated
        yield


def create(
    request: HttpRequest, *, make: Callable[[], int | str], read: Callable[[Any], Any], path: str = ""
) -> HttpResponse:
    """Make something once for an Idempotency-Key: a repetition gets what the first request made.

    :param make: makes it, within a transaction, and returns its id.
    :param read: the plain answer for the id.
    :param path: where it is read, with ``{id}``.
    :raises idempotency.KeyReused: the key belongs to another request.
    """
    key, again = key_of(request), False
    with transaction.atomic():
        if key:
            digest = idempotency.key_digest(f"account:{actor_of(request).account_id}", key)
            meaning = idempotency.body_digest(request.method, request.path, request.body)
            made, again = idempotency.once(digest, meaning, make)
        else:
            made = make()
    headers = {"Idempotent-Replayed": "true"} if again else {}
    if path:
        headers["Location"] = path.format(id=made)
    return answer(read(made), status=201, headers=headers)
