"""What of Open311 can be asked for by an address: notations, services, keys, other cities' servers, cases sent on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.cases.tests.cast import Community
from linli.integrations.open311.actions import keys
from linli.integrations.open311.models import Endpoint, Forward, Question
from linli.kernel import scope

#: The same everywhere: what is answered depends on the jurisdiction in the query.
WIRE = {"form": "json", "service_code": "facilities.lighting", "service_request_id": "261123999998"}


def fill(community: Community, number: str, *, at: datetime) -> dict[str, Any]:
    """The ids by the names of their parameters."""
    with scope.within([community.id]):
        leader, name = community.people["leader"].actor(at), f"CANARYAPP{community.code}"
        key, _ = keys.issue(actor=leader, community_id=community.id, wanted=keys.Wanted(name, "never"), at=at)
        server = Endpoint.objects.create(
            community_id=community.id,
            name=f"CANARYSERVER{community.code}",
            url="https://311.other.example/v2",
            services=[{"service_code": "L1", "service_name": "Lamp"}],
            services_at=at,
            made_at=at,
        )
        sent = Forward.objects.create(
            community_id=community.id, number=number, endpoint=server, service_code="L1", words="路灯",
            asked_at=at, state="unsure",
        )  # fmt: skip
    Question.objects.create(
        community_id=community.id, category_code="facilities.lighting", code="lamp", order=1, datatype="string",
        description_zh="编号", changed_at=at,
    )  # fmt: skip
    return {
        **WIRE, "key_id": key.pk, "server_id": server.pk, "forward_id": sent.pk, "category_code": "facilities.lighting",
        "question_code": "lamp",
    }  # fmt: skip


def absent() -> dict[str, Any]:
    """What there is none of."""
    ids = dict.fromkeys(("key_id", "server_id", "forward_id"), 999_999_999)
    wire = {"form": "json", "service_code": "none", "service_request_id": "261123999999"}
    return {**wire, **ids, "category_code": "none", "question_code": "none"}
