"""The client: what is asked of another city's server. Addresses are checked at every connection (`kernel.outside`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from linli.integrations.open311.models import Endpoint, Forward
from linli.integrations.open311.ports import Line
from linli.integrations.open311.rules import following, reading
from linli.integrations.open311.rules.following import Outcome
from linli.integrations.open311.rules.reading import Garbled, Read
from linli.kernel import outside

SECONDS = 15.0
FORM = "application/x-www-form-urlencoded; charset=utf-8"
ACCEPT = {"Accept": "text/xml, application/json;q=0.5", "User-Agent": "Linli Open311"}
MOST_DEFINITIONS = 60
MOST_SERVICES = 500


class Trouble(Exception):
    """It did not answer as the standard has it; ``code`` says why, ``said`` what it said itself."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said

    @property
    def told(self) -> str:
        """What a person reads: its own words before our code."""
        return self.said or self.code


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the other side tells it now."""

    remote_id: str
    status: str
    notes: str
    agency: str
    expected: str


def services(endpoint: Endpoint, line: Line = outside.ask) -> list[Read]:
    """Its services, each with its attributes where it has some.

    :raises Trouble: it does not answer, or not as the standard has it.
    """
    found = [one for one in _get(endpoint, "services", "service", line) if one.get("service_code")]
    if not found:
        raise Trouble("no_services")
    kept, asked = [], 0
    for one in found[:MOST_SERVICES]:
        row = {
            name: one.get(name) or ""
            for name in ("service_code", "service_name", "description", "group", "type")
        }
        if one.get("metadata") == "true" and asked < MOST_DEFINITIONS:
            asked += 1
            body = _asked(endpoint, f"services/{quote(str(one['service_code']), safe='')}", {}, line)
            row["attributes"] = _attributes(body)
        kept.append(row)
    return kept


def _attributes(body: bytes) -> list[Read]:
    try:
        return reading.attributes(body)
    except Garbled as error:
        raise Trouble("garbled") from error


def send(forward: Forward, line: Line = outside.ask) -> Outcome:
    """Report a case there. First it is knocked at the door: what cannot be reached has surely not been told."""
    endpoint = forward.endpoint
    try:
        _asked(endpoint, "services", {}, line)
    except Trouble as trouble:
        return Outcome(following.Stand.WAITING, trouble=trouble.told)
    headers = {**ACCEPT, "Content-Type": FORM, "Idempotency-Key": str(forward.key)}
    url = f"{endpoint.url}/requests.xml"
    try:
        answer = line("POST", url, headers=headers, body=_form(forward), seconds=SECONDS)
    except outside.Unreached as lost:
        return following.lost(lost.code, repeats=endpoint.repeats)
    told: Mapping[str, object] | None = None
    if answer.good:
        try:
            told = next(iter(reading.things(answer.body, "request")), {})
        except Garbled:
            told = None
    complaint = "" if answer.good else reading.complaint(answer.body)
    return following.sent(answer.status, told, complaint, repeats=endpoint.repeats)


def _form(forward: Forward) -> bytes:
    fields: list[tuple[str, str]] = [
        ("api_key", forward.endpoint.api_key or ""),
        ("jurisdiction_id", forward.endpoint.jurisdiction),
        ("service_code", forward.service_code),
        ("lat", f"{forward.lat:.7f}" if forward.lat is not None else ""),
        ("long", f"{forward.lon:.7f}" if forward.lon is not None else ""),
        ("address_string", forward.address),
        ("description", forward.words),
    ]
    for code, values in forward.attributes.items():
        name = f"attribute[{code}]" if len(values) == 1 else f"attribute[{code}][]"
        fields += [(name, value) for value in values]
    return urlencode([(name, value) for name, value in fields if value]).encode()


def number_of(forward: Forward, line: Line = outside.ask) -> str:
    """The number for a token; empty while there is none yet.

    :raises Trouble: it does not answer.
    """
    found = _get(forward.endpoint, f"tokens/{quote(forward.token, safe='')}", "request", line)
    return str(found[0].get("service_request_id") or "")[:100] if found else ""


def look(endpoint: Endpoint, remote_ids: Sequence[str], line: Line = outside.ask) -> dict[str, Seen]:
    """These requests as they stand there, by their number there; those it does not know are missing.

    :raises Trouble: it does not answer.
    """
    wanted = {"service_request_id": ",".join(remote_ids)}
    found = {}
    for one in _get(endpoint, "requests", "request", line, wanted):
        number = str(one.get("service_request_id") or "")
        if number in remote_ids:
            found[number] = Seen(
                number,
                str(one.get("status") or "").lower()[:20],
                str(one.get("status_notes") or "")[:2000],
                str(one.get("agency_responsible") or "")[:200],
                str(one.get("expected_datetime") or ""),
            )
    return found


def _get(
    endpoint: Endpoint, path: str, part: str, line: Line, query: Mapping[str, str] | None = None
) -> list[Read]:
    try:
        return reading.things(_asked(endpoint, path, query or {}, line), part)
    except Garbled as error:
        raise Trouble("garbled") from error


def _asked(endpoint: Endpoint, path: str, query: Mapping[str, str], line: Line) -> bytes:
    asked = {"jurisdiction_id": endpoint.jurisdiction, **query}
    address = f"{endpoint.url}/{path}.xml?{urlencode({name: one for name, one in asked.items() if one})}"
    headers = {**ACCEPT, **({"X-Api-Key": endpoint.api_key} if endpoint.repeats and endpoint.api_key else {})}
    try:
        answer = line("GET", address.rstrip("?"), headers=headers, seconds=SECONDS)
    except outside.Unreached as lost:
        raise Trouble(lost.code) from lost
    if 300 <= answer.status < 400:
        raise Trouble("moved")
    if not answer.good:
        said = reading.complaint(answer.body)
        raise Trouble("key" if answer.status in {401, 403} else "status", said)
    return answer.body
