"""Endpoints made, changed, paused, ended; their secrets exchanged; an event sent by hand or once more."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from linli.cases.actions.settings import keeping
from linli.cases.rules.intake import Refused, Wrong
from linli.integrations.webhooks import access, catalog, reactions
from linli.integrations.webhooks.models import Delivery, Endpoint
from linli.integrations.webhooks.rules import documents, signing
from linli.kernel import outside
from linli.kernel.access import Actor, Forbidden

MOST = 20
LONGEST_NAME = 60
LONGEST_URL = 1000
#: How long a former secret signs beside the new one, in hours.
OVERLAPS = (0, 24, 168)
MOST_REPLAYED = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint is to be. ``url`` may be empty where it stays as it is."""

    name: str
    url: str
    facts: tuple[str, ...]


def make(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> tuple[Endpoint, str]:
    """Make an endpoint and give its secret, for the only time.

    :raises Refused: name (missing, too_long, taken), url (missing, address, plain_http), facts (missing, unknown),
        endpoints (too_many).
    :raises Forbidden: the actor serves there, but does not keep the community.
    """
    access.require(actor, community_id)
    wanted = _tidy(wanted)
    held = Endpoint.objects.filter(community_id=community_id).exclude(state=Endpoint.State.ENDED)
    wrongs = _wrongs(wanted, taken=held.filter(name=wanted.name).exists(), url_needed=True)
    if held.count() >= MOST:
        wrongs.append(Wrong("endpoints", "too_many", str(MOST)))
    if wrongs:
        raise Refused(*wrongs)
    secret = signing.new_secret()
    with transaction.atomic():
        made = Endpoint.objects.create(
            community_id=community_id,
            name=wanted.name,
            url=wanted.url,
            host=host_of(wanted.url),
            secret=secret,
            facts=list(wanted.facts),
            made_by_id=actor.person_id,
            made_at=at,
        )
        _record(actor, made, "make_endpoint", at, {"facts": list(wanted.facts)})
    return made, secret


def change(*, actor: Actor, endpoint_id: int, wanted: Wanted, at: datetime) -> Endpoint:
    """Let an endpoint have another name, address or choice of facts; what waits goes to the new address.

    :raises Refused: as `make`.
    :raises NotFound: none of this id that the actor keeps.
    """
    wanted = _tidy(wanted)
    with transaction.atomic():
        found = _open(actor, endpoint_id)
        others = Endpoint.objects.filter(community_id=found.community_id, name=wanted.name)
        taken = others.exclude(pk=found.pk).exclude(state=Endpoint.State.ENDED).exists()
        wrongs = _wrongs(wanted, taken=taken, url_needed=False)
        if wrongs:
            raise Refused(*wrongs)
        found.name, found.facts = wanted.name, list(wanted.facts)
        moved = bool(wanted.url) and wanted.url != found.url
        if moved:
            found.url, found.host, found.rest_until_at = wanted.url, host_of(wanted.url), None
        found.save()
        _record(actor, found, "change_endpoint", at, {"facts": list(wanted.facts), "moved": moved})
    return found


def exchange_secret(*, actor: Actor, endpoint_id: int, hours: int, at: datetime) -> str:
    """Give the endpoint another secret, shown once; the former one signs beside it for some hours.

    :param hours: one of `OVERLAPS`; 0: the former secret is void at once.
    :raises Refused: hours (unknown).
    """
    if hours not in OVERLAPS:
        raise Refused(Wrong("hours", "unknown"))
    secret = signing.new_secret()
    with transaction.atomic():
        found = _open(actor, endpoint_id)
        found.former_secret = found.secret if hours else None
        found.former_until_at = at + timedelta(hours=hours) if hours else None
        found.secret = secret
        found.save(update_fields=["secret", "former_secret", "former_until_at"])
        _record(actor, found, "exchange_secret", at, {"hours": hours})
    return secret


def pause(*, actor: Actor, endpoint_id: int, at: datetime) -> None:
    """Hold what is sent; facts go on being noted. Twice changes nothing."""
    with transaction.atomic():
        found = _open(actor, endpoint_id)
        if found.state == Endpoint.State.ACTIVE:
            found.state, found.paused_why = Endpoint.State.PAUSED, "person"
            found.save(update_fields=["state", "paused_why"])
            _record(actor, found, "pause_endpoint", at)


def resume(*, actor: Actor, endpoint_id: int, at: datetime) -> None:
    """Go on sending; what waited goes now, what waited too long is given up and can be sent again by hand."""
    with transaction.atomic():
        found = _open(actor, endpoint_id)
        if found.state == Endpoint.State.PAUSED:
            found.state, found.paused_why, found.rest_until_at = Endpoint.State.ACTIVE, "", None
            found.failures, found.failing_since_at = 0, None
            found.save()
            _record(actor, found, "resume_endpoint", at)


def end(*, actor: Actor, endpoint_id: int, at: datetime) -> None:
    """End an endpoint for good: nothing is noted or sent any more; its log stays for a month. Twice changes nothing."""
    with transaction.atomic():
        found = access.endpoint(actor, endpoint_id, locked=True)
        if found.state == Endpoint.State.ENDED:
            return
        found.state, found.ended_at, found.paused_why = Endpoint.State.ENDED, at, ""
        found.former_secret = None
        found.save()
        waiting = found.deliveries.filter(state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.DEAD, why="ended", ended_at=at, claimed_until_at=None)
        _record(actor, found, "end_endpoint", at)


def ping(*, actor: Actor, endpoint_id: int, at: datetime) -> Delivery:
    """Send an event that says nothing, to see whether it arrives; goes also to an endpoint that rests or is paused."""
    with transaction.atomic():
        found = _open(actor, endpoint_id)
        key = secrets.token_hex(16)
        data = {"community_id": found.community_id, "endpoint_id": found.pk, "at": at}
        body = reactions.document(documents.PING, key, data, at)
        found.rest_until_at = None
        found.save(update_fields=["rest_until_at"])
        made = Delivery.objects.create(
            community_id=found.community_id, endpoint=found, event_id=key, fact=documents.PING, subject="",
            body=reactions.as_text(body), made_at=at, begun_at=at, next_at=at,
        )  # fmt: skip
        _record(actor, found, "ping_endpoint", at)
    return made


def replay(*, actor: Actor, delivery_id: int, at: datetime) -> Delivery:
    """Send a delivery once more, whatever became of it: same event, same id. One that waits goes at once.

    :raises Forbidden: ended (its endpoint has ended).
    """
    with transaction.atomic():
        found = access.delivery(actor, delivery_id, locked=True)
        endpoint = _open(actor, found.endpoint_id)
        _afresh([found.pk], at)
        Endpoint.objects.filter(pk=endpoint.pk).update(rest_until_at=None)
        _record(actor, endpoint, "replay_delivery", at, {"delivery": found.pk})
    found.refresh_from_db()
    return found


def replay_dead(*, actor: Actor, endpoint_id: int, at: datetime) -> int:
    """Send again what was given up, the oldest first, at most a thousand at a time; returns how many."""
    with transaction.atomic():
        endpoint = _open(actor, endpoint_id)
        dead = endpoint.deliveries.filter(state=Delivery.State.DEAD).order_by("pk")
        chosen = list(dead.values_list("pk", flat=True)[:MOST_REPLAYED])
        if chosen:
            _afresh(chosen, at)
            Endpoint.objects.filter(pk=endpoint.pk).update(rest_until_at=None)
            _record(actor, endpoint, "replay_dead", at, {"deliveries": len(chosen)})
    return len(chosen)


def _afresh(ids: Sequence[int], at: datetime) -> None:
    rows = Delivery.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    for row in rows:
        row.state, row.why, row.tries, row.ended_at = Delivery.State.WAITING, "", 0, None
        row.begun_at = row.next_at = at
        row.replays += 1
    Delivery.objects.bulk_update(
        rows, ["state", "why", "tries", "ended_at", "begun_at", "next_at", "replays"]
    )


def host_of(url: str) -> str:
    """What lists show of an address: its host and port."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}"[:260] if parts.port else str(parts.hostname)[:260]


def _open(actor: Actor, endpoint_id: int) -> Endpoint:
    """An endpoint that has not ended, locked.

    :raises Forbidden: ended.
    """
    found = access.endpoint(actor, endpoint_id, locked=True)
    if found.state == Endpoint.State.ENDED:
        raise Forbidden("ended")
    return found


def _tidy(wanted: Wanted) -> Wanted:
    facts = (
        (catalog.EVERYTHING,) if catalog.EVERYTHING in wanted.facts else tuple(dict.fromkeys(wanted.facts))
    )
    return Wanted(" ".join(wanted.name.split()), wanted.url.strip(), facts)


def _wrongs(wanted: Wanted, *, taken: bool, url_needed: bool) -> list[Wrong]:
    found = []
    if not wanted.name:
        found.append(Wrong("name", "missing"))
    elif len(wanted.name) > LONGEST_NAME:
        found.append(Wrong("name", "too_long", str(LONGEST_NAME)))
    elif taken:
        found.append(Wrong("name", "taken"))
    if wanted.url or url_needed:
        found += _wrong_url(wanted.url)
    if not wanted.facts:
        found.append(Wrong("facts", "missing"))
    elif set(wanted.facts) - {catalog.EVERYTHING, *catalog.SENT}:
        found.append(Wrong("facts", "unknown"))
    return found


def _wrong_url(url: str) -> list[Wrong]:
    if not url:
        return [Wrong("url", "missing")]
    if len(url) > LONGEST_URL:
        return [Wrong("url", "too_long", str(LONGEST_URL))]
    code = outside.usable(url)
    return [Wrong("url", code)] if code else []


def _record(
    actor: Actor, endpoint: Endpoint, verb: str, at: datetime, detail: dict[str, object] | None = None
) -> None:
    keeping.note(
        community_id=endpoint.community_id,
        actor=actor,
        verb=f"webhooks.{verb}",
        thing=f"endpoint:{endpoint.pk}",
        at=at,
        detail=detail,
    )
