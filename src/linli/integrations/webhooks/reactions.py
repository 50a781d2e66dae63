"""What we do when something happened: note it for every endpoint that wants to hear it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings

from linli.grids import queries as places
from linli.integrations.webhooks.catalog import EVERYTHING
from linli.integrations.webhooks.models import Delivery, Endpoint
from linli.integrations.webhooks.rules import documents
from linli.kernel import clock, events


def note(fact: Any) -> None:
    """Note a fact for the endpoints of its community; a second time changes nothing."""
    name = events.name_of(type(fact))
    wanting = [
        endpoint
        for endpoint in Endpoint.objects.filter(community_id=fact.community_id)
        .exclude(state=Endpoint.State.ENDED)
        .only("pk", "facts")
        if wants(endpoint, name)
    ]
    if not wanting:
        return
    key = documents.event_id(name, events.as_data(fact))
    data = {field: getattr(fact, field) for field in events.as_data(fact)}
    body = document(name, key, data, fact.at)
    at = clock.of_database()  # the fact's own moment may lie back: a delivery begins when it is noted
    Delivery.objects.bulk_create(
        [
            Delivery(
                community_id=fact.community_id,
                endpoint=endpoint,
                event_id=key,
                fact=name,
                subject=body.get("subject", "")[:40],
                body=as_text(body),
                made_at=at,
                begun_at=at,
                next_at=at,
            )
            for endpoint in wanting
        ],
        ignore_conflicts=True,
    )


def wants(endpoint: Endpoint, name: str) -> bool:
    """Whether an endpoint hears facts of this name."""
    return EVERYTHING in endpoint.facts or name in endpoint.facts


def document(name: str, key: str, data: dict[str, Any], at: datetime) -> dict[str, Any]:
    """An event of a community, as others read it."""
    return documents.event(
        name=name,
        key=key,
        data=data,
        happened_at=at,
        base=settings.LINLI_BASE_URL.rstrip("/"),
        community=community_code(data["community_id"]),
    )


def community_code(community_id: int) -> str:
    """The 12-digit code of a community."""
    found = places.place(community_id)
    return found.code if found else str(community_id)


def as_text(document: dict[str, Any]) -> str:
    """The bytes that are signed and sent, as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
