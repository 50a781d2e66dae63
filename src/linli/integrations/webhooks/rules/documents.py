"""Facts as other systems read them: CloudEvents 1.0 in JSON, and the JSON Schema of each, made from the fact itself."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SPECVERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PING = "webhooks.Ping"
#: What an event is about, by its first field of these.
SUBJECTS = ("number", "topic_id", "announcement_id", "group_id", "place_id", "organisation_id", "duty_id")
#: What each field of a fact holds.
FIELDS: Mapping[str, str] = {
    "account_id": "who did it, or whose stars they are: id of an account; no name",
    "act": "what the rung does",
    "added": "how many are new",
    "announcement_id": "id of the announcement",
    "appeals_until": "until when one may appeal",
    "arrived_at": "when the body was there",
    "at": "when it happened",
    "before": "how many stars it was",
    "by_run_id": "id of the run that holds now",
    "cases": "how many cases",
    "cause": "what caused it: why an alarm rings, or the last reason a carrier gave",
    "changed": "how many are different",
    "channel": "the way by which the report came",
    "closed": "how many are closed",
    "code": "its code",
    "community_id": "id of the community",
    "day": "a local day (ISO 8601)",
    "due_at": "by when it was promised or asked for",
    "duty_id": "id of the duty",
    "findings": "how many cases were made on it",
    "from_date": "the day from which it holds",
    "from_day": "the first day on which it stands (ISO 8601)",
    "from_state": "the case's state before",
    "by_id": "who did it: id of an account",
    "giver_id": "whose work it was: id of an account",
    "grid_id": "id of the grid",
    "group_id": "id of the chat group",
    "handover_id": "id of the hand-over",
    "households": "how many households they are",
    "how": "in which way",
    "items": "how many open things it lists",
    "key": "which setting",
    "kind": "of which kind",
    "kinds": "kinds of danger, with blanks between them",
    "last_day": "the last day on which it stands (ISO 8601)",
    "late": "whether it came after the grace",
    "left": "how many stayed with the giver",
    "letter_id": "id of the letter",
    "level": "the level reached",
    "meet_at": "when to be there",
    "number": "number of the case",
    "on": "whether it is switched on",
    "organisation_id": "id of the body it concerns",
    "outlines": "how many outlines",
    "page": "code of the page",
    "patrol_id": "id of the patrol",
    "people": "how many people",
    "place_id": "id of the place",
    "publication_id": "id of what was made known",
    "quarantined": "whether it waits for somebody to look at it",
    "receiver_id": "who is asked to take it over: id of an account",
    "road": "the road: wechat, sms, email, wecom, dingtalk, feishu",
    "role": "the role of the duty",
    "round_id": "id of the round",
    "run_id": "id of the run: the scores of one period",
    "rung_at": "since when it rings",
    "said": "what the resident said of it",
    "scheme_id": "id of the scheme",
    "seconds": "how many seconds it took",
    "seq": "number of the move within the case, from 1",
    "service": "which kind of help",
    "service_id": "id of the service",
    "sheets": "how many sheets there are to write",
    "stage": "the stage the promise is about",
    "since": "the first day of the period",
    "stars": "how many stars it is now",
    "supporters": "how many more people say the same",
    "taken": "how many of them were taken over",
    "tell": "whether people are told of it: first, again, or empty",
    "to_state": "the case's state now",
    "topic_id": "id of the topic",
    "until": "the last or first day without it (ISO 8601)",
    "verb": "what was done",
    "version": "the version now",
    "way": "by which way the resident said so",
    "what": "what was changed",
    "whistle_id": "id of the whistle",
    "worker_id": "whose work it is: id of an account",
    "written": "how many sheets were written",
}
TYPES: Mapping[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "str": {"type": "string"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
}


def event_id(name: str, data: Mapping[str, Any]) -> str:
    """The id of a fact: the same fact has the same id, however often it is told."""
    told = json.dumps([name, dict(data)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"linli.event\x00" + told.encode()).hexdigest()[:32]


def in_utc(value: Any) -> Any:
    """A moment as events carry it; anything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def event(
    *, name: str, key: str, data: Mapping[str, Any], happened_at: datetime, base: str, community: str
) -> dict[str, Any]:
    """The document of one fact.

    :param key: the event's id.
    :param base: the address of this house, without a slash at its end; may be empty.
    :param community: 12-digit code.
    """
    subject = next((str(data[field]) for field in SUBJECTS if data.get(field) is not None), "")
    return {
        "specversion": SPECVERSION,
        "id": key,
        "source": f"{base}/communities/{community}",
        "type": name,
        **({"subject": subject} if subject else {}),
        "time": in_utc(happened_at),
        "datacontenttype": "application/json",
        "dataschema": f"{base}/api/v1/events/{name}",
        "data": {field: in_utc(value) for field, value in data.items()},
    }


def schema(name: str, fact: type, *, base: str = "") -> dict[str, Any]:
    """The JSON Schema of a fact's ``data``, from its dataclass."""
    fields = dataclasses.fields(fact)
    return {
        "$schema": DIALECT,
        "$id": f"{base}/api/v1/events/{name}",
        "title": name,
        "description": _sentence(fact),
        "type": "object",
        "properties": {field.name: _property(field.name, str(field.type)) for field in fields},
        "required": [field.name for field in fields],
        "additionalProperties": True,  # a newer house may tell more
    }


def _property(name: str, written: str) -> dict[str, Any]:
    plain, _, empty = written.partition(" | ")
    told = dict(TYPES[plain])
    if empty:
        told["type"] = [told["type"], "null"]
    return {**told, "description": FIELDS[name]} if name in FIELDS else told


def _sentence(fact: type) -> str:
    return " ".join((fact.__doc__ or "").split())


def ping_schema(*, base: str = "") -> dict[str, Any]:
    """The JSON Schema of the event made by hand to try an endpoint."""
    return {
        "$schema": DIALECT,
        "$id": f"{base}/api/v1/events/{PING}",
        "title": PING,
        "description": "Somebody tries the endpoint.",
        "type": "object",
        "properties": {
            "community_id": _property("community_id", "int"),
            "endpoint_id": {"type": "integer", "description": "id of the endpoint that is tried"},
            "at": _property("at", "datetime"),
        },
        "required": ["community_id", "endpoint_id", "at"],
        "additionalProperties": True,
    }
