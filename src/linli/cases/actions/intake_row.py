"""What a report becomes as a row: the values of the intake statement, contact sealed, words made searchable."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from linli.cases.actions import clocks, placing
from linli.cases.actions.danger import Heard
from linli.cases.queries import urgent
from linli.cases.rules import ringing
from linli.cases.rules.intake import Channel, Report
from linli.cases.rules.promises import Stage, Urgency
from linli.kernel import events, logs, sealed, text
from linli.kernel.access import Actor

ON_BEHALF = frozenset(
    {Channel.DESK, Channel.PAPER, Channel.IMPORT, Channel.HOTLINE}
)  # entered for somebody who has no account here


def values(
    actor: Actor,
    community_id: int,
    report: Report,
    *,
    words: str,
    heard: Heard,
    where: placing.Where,
    at: datetime,
) -> dict[str, Any]:
    """Everything of the row that does not depend on its number."""
    return {
        "community": community_id,
        "kind": report.kind.value,
        "category": report.category_code,
        "urgency": heard.urgency.value,
        "channel": report.channel.value,
        "words": words,
        "publish": report.publish,
        "outside_number": report.outside_number,
        "batch": report.batch,
        "vector": text.vector_of(words, where.address),
        "at": at,
        "request": logs.request_id(),
        "queue": events.QUEUE,
        "task": events.TASK,
        "data": json.dumps({"channel": report.channel.value, "place": where.how.value, **heard.as_data()}),
        **_who(actor, community_id, report),
        **_where(where),
        **_contact(community_id, report),
        **_deadline(community_id, report.category_code, heard.urgency, at),
        **_alarm(community_id, heard, at),
    }


def _alarm(community_id: int, heard: Heard, at: datetime) -> dict[str, Any]:
    """The alarm that rings with the report, if it tells of danger."""
    minutes = urgent.alarm_minutes(community_id, at) if heard.rings else 0
    return {
        "rings": heard.rings,
        "cause": heard.cause.value,
        "kinds": " ".join(heard.kinds),
        "lines": " ".join(heard.codes)[:400],
        "list": heard.version,
        "next_at": ringing.next_at(at, 0, minutes) if heard.rings else None,
    }


def _who(actor: Actor, community_id: int, report: Report) -> dict[str, Any]:
    on_behalf = report.channel in ON_BEHALF
    duty = next(iter(sorted(actor.roles(community_id))), "reporter")
    return {
        "reporter": None if on_behalf else actor.account_id,
        "assisted_by": actor.account_id if on_behalf else None,
        "anonymous": report.anonymous,
        "actor": actor.account_id,
        "role": duty if on_behalf else "reporter",
    }


def _where(where: placing.Where) -> dict[str, Any]:
    return {
        "place_how": where.how.value,
        "lon": where.lon,
        "lat": where.lat,
        "address": where.address,
        "grid": where.grid_id,
        "building": where.building_id,
        "path": where.path,
    }


def _contact(community_id: int, report: Report) -> dict[str, Any]:
    seal_id = uuid.uuid4()
    name, phone = report.contact_name.strip(), report.contact_phone.strip()

    def seal(column: str, value: str) -> bytes | None:
        if not value:
            return None
        return sealed.seal(value, table="cases_case", column=column, row=seal_id, community_id=community_id)

    return {
        "seal_id": seal_id,
        "contact_name": seal("contact_name", name),
        "contact_phone": seal("contact_phone", phone),
        "contact_index": sealed.blind_index("phone", phone) if phone else None,
    }


def _deadline(community_id: int, category_code: str, urgency: Urgency, at: datetime) -> dict[str, Any]:
    """The clock that starts with the report; an empty stage where nothing is promised."""
    first = clocks.first_deadline(
        community_id, category_code=category_code, urgency=urgency.value, stage=Stage.ACCEPT, at=at
    )
    if first is None:
        nothing: dict[str, Any] = {"due_at": None, "at_risk_at": None, "promise": None, "amount": 1}
        return nothing | {"due_stage": "", "unit": "", "start_rule": ""}
    promise, due_at, at_risk_at = first
    return {
        "due_at": due_at,
        "at_risk_at": at_risk_at,
        "due_stage": promise.stage.value,
        "amount": promise.amount,
        "unit": promise.unit.value,
        "start_rule": promise.start_rule.value,
        "promise": promise.id,
    }
