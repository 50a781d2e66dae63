"""Sending a case on: written down first, then sent by the sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from linli.cases import access
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.workflow import DESK, OPEN, State
from linli.integrations.open311.models import Endpoint, Forward
from linli.integrations.open311.queries import catalog
from linli.integrations.open311.rules.following import Stand
from linli.kernel import audit, text
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound

MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to leave, as the person who sends it saw it."""

    endpoint_id: int
    service_code: str
    words: str
    address: str = ""
    with_point: bool = True
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)


def forward(*, actor: Actor, number: str, wanted: Wanted, at: datetime) -> Forward:
    """Let a case go to another city's server.

    :raises NotFound: no such case for this actor, or no such endpoint.
    :raises Forbidden: not of the desk.
    :raises Refused: what is wrong, by field.
    """
    case = access.find_at_work(actor, number)
    if not actor.has(*DESK, community_id=case.community_id):
        raise Forbidden("desk_only")
    endpoint = Endpoint.objects.filter(
        community_id=case.community_id, pk=wanted.endpoint_id, ended_at=None
    ).first()
    if endpoint is None:
        raise NotFound
    wrongs = _wrongs(endpoint, wanted, case)
    if wrongs:
        raise Refused(*wrongs)
    return _written(actor, case, endpoint, wanted, at)


def dispatched(*, number: str, organisation_id: int, at: datetime) -> Forward | None:
    """Send on a case that was dispatched to the body of an endpoint; None where there is no such one, or it went already.

    Within the scope of its community; what leaves is masked. Of a sensitive category nothing goes by itself.
    """
    endpoint = Endpoint.objects.filter(organisation_id=organisation_id, ended_at=None).order_by("pk").first()
    if endpoint is None:
        return None
    case = access.find(SYSTEM, number)
    if catalog.is_sensitive(case.community_id, case.category_code):
        return None
    said = text.mask_text(case.words)[:MOST_WORDS]
    wanted = Wanted(endpoint.pk, endpoint.service_code, said, text.mask_text(case.address))
    try:
        return _written(SYSTEM, case, endpoint, wanted, at)
    except Refused:
        return None


def _wrongs(endpoint: Endpoint, wanted: Wanted, case: Any) -> list[Wrong]:
    found = []
    if State(case.state) not in OPEN:
        found.append(Wrong("number", "not_open"))
    said = wanted.words.strip()
    if not said:
        found.append(Wrong("words", "missing"))
    if len(said) > MOST_WORDS:
        found.append(Wrong("words", "too_long", str(MOST_WORDS)))
    found += [
        Wrong(name, f"holds_{one.kind}")
        for name, value in (("words", said), ("address", wanted.address))
        for one in text.blocking(value)
    ]
    service = next((one for one in endpoint.services if one["service_code"] == wanted.service_code), None)
    if service is None:
        found.append(Wrong("service_code", "unknown"))
    else:
        found += [
            Wrong(f"attribute_{one['code']}", "missing")
            for one in service.get("attributes", ())
            if one.get("required") == "true"
            and one.get("variable") != "false"
            and not any(value.strip() for value in wanted.attributes.get(str(one.get("code")), ()))
        ]
    if not wanted.address.strip() and not (wanted.with_point and case.lon is not None):
        found.append(Wrong("address", "missing"))
    return found


def _written(actor: Actor, case: Any, endpoint: Endpoint, wanted: Wanted, at: datetime) -> Forward:
    names = {one["service_code"]: one["service_name"] for one in endpoint.services}
    try:
        with transaction.atomic():
            made = Forward.objects.create(
                community_id=case.community_id,
                number=case.number,
                endpoint=endpoint,
                service_code=wanted.service_code,
                service_name=str(names.get(wanted.service_code, ""))[:200],
                words=wanted.words.strip(),
                attributes={
                    code: [one.strip() for one in values] for code, values in wanted.attributes.items()
                },
                lon=case.lon if wanted.with_point else None,
                lat=case.lat if wanted.with_point else None,
                address=wanted.address.strip()[:200],
                asked_by_id=actor.account_id,
                asked_at=at,
                reporter_id=case.reporter_id,
                state=Stand.WAITING.value,
                next_at=at,
            )
            _record(actor, made, "forward", at)
    except IntegrityError as error:
        raise Refused(Wrong("endpoint", "already_there")) from error
    return made


def decide(
    *, actor: Actor, number: str, forward_id: int, wish: str, remote_id: str = "", at: datetime
) -> Forward:
    """What a person says of a forward that waits or is unsure: ``again``, ``arrived`` (with its number there) or ``drop``.

    :raises NotFound: no such case or forward for this actor.
    :raises Forbidden: not of the desk.
    :raises Refused: it does not fit how the forward stands now.
    """
    case = access.find_at_work(actor, number)
    if not actor.has(*DESK, community_id=case.community_id):
        raise Forbidden("desk_only")
    with transaction.atomic():
        row = Forward.objects.select_for_update().filter(number=case.number, pk=forward_id).first()
        if row is None:
            raise NotFound
        allowed = {
            "again": {Stand.UNSURE, Stand.REFUSED, Stand.WAITING},
            "arrived": {Stand.UNSURE},
            "drop": {Stand.UNSURE, Stand.WAITING, Stand.REFUSED},
        }
        if wish not in allowed or Stand(row.state) not in allowed[wish]:
            raise Refused(Wrong("wish", "cannot_now"))
        _decide(row, wish, remote_id.strip()[:100], at)
        row.save()
        _record(actor, row, f"forward_{wish}", at)
    return row


def _decide(row: Forward, wish: str, remote_id: str, at: datetime) -> None:
    row.trouble = ""
    if wish == "again":
        twin = Forward.objects.filter(number=row.number, endpoint_id=row.endpoint_id).exclude(pk=row.pk)
        if twin.exclude(state__in=[Stand.REFUSED.value, Stand.WITHDRAWN.value]).exists():
            raise Refused(Wrong("endpoint", "already_there"))
        row.state, row.next_at, row.tries = Stand.WAITING.value, at, 0
    elif wish == "drop":
        row.state, row.next_at, row.ended_at = Stand.WITHDRAWN.value, None, at
    elif not remote_id:
        raise Refused(Wrong("remote_id", "missing"))
    else:
        row.state, row.remote_id, row.next_at = Stand.FOLLOWED.value, remote_id, at
        row.sent_at = row.sent_at or at


def _record(actor: Actor, row: Forward, verb: str, at: datetime) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=f"open311.{verb}",
        object=f"case:{row.number}",
        at=at,
        detail={"endpoint": row.endpoint_id, "forward": row.pk},
    )
