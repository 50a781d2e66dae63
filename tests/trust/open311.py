"""What of Open311 can be asked for by an address: notations, services, tokens."""

from __future__ import annotations

from typing import Any


def fill() -> dict[str, Any]:
    """The same in every community: what is answered depends on the jurisdiction in the query."""
    return {"form": "json", "service_code": "facilities.lighting", "service_request_id": "261123999998"}


def absent() -> dict[str, Any]:
    """What there is none of."""
    return {"form": "json", "service_code": "none", "service_request_id": "261123999999"}
