"""Requests as the standard tells them: what everybody may read, and what the asker filed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.cases import words as case_words
from linli.cases.queries import openly
from linli.cases.queries.openly import OpenCase
from linli.faces.languages import reads_english
from linli.grids.rows import PlaceRow
from linli.grids.rules import datum
from linli.integrations.open311.models import AppKey, Filed, Shows
from linli.integrations.open311.queries import catalog
from linli.integrations.open311.rules import standing, times
from linli.integrations.open311.rules.asking import Asked, How
from linli.kernel.clock import LOCAL

DIGITS = 6  # of a degree: a tenth of a metre


def seen(community_id: int, key: AppKey | None) -> Any:
    """The cases that whoever asks with this key, or with none, may read."""
    also = Filed.objects.filter(key=key).values("number") if key else None
    unread = Filed.objects.filter(community_id=community_id, shows=Shows.READ.value).values("number")
    return openly.seen(community_id, also=also, unread=unread)


def listed(community_id: int, asked: Asked, *, key: AppKey | None) -> list[OpenCase]:
    """The requests asked for, the newest first; one statement."""
    return openly.listed(seen(community_id, key), wanted(asked))


def wanted(asked: Asked) -> openly.Wanted:
    """What is asked for, as cases know it."""
    if asked.numbers is not None:
        return openly.Wanted(numbers=asked.numbers)
    return openly.Wanted(
        category_codes=asked.service_codes,
        open=None if len(asked.statuses) == 2 else "open" in asked.statuses,
        since=asked.start_at,
        until=asked.end_at,
        updated_since=asked.updated_after_at,
        updated_until=asked.updated_before_at,
        most=asked.page_size,
        skip=(asked.page - 1) * asked.page_size,
    )


def one(community_id: int, number: str, *, key: AppKey | None) -> OpenCase | None:
    """One request; None also for one that is not for the asker."""
    found = openly.listed(seen(community_id, key), openly.Wanted(numbers=(number,), most=1)) if number else []
    return found[0] if found else None


def number_of(community_id: int, token: str) -> tuple[Filed, bool] | None:
    """The request of a token, and whether its number may be told already: not while it is in quarantine."""
    found = Filed.objects.filter(community_id=community_id, token=token).first() if token else None
    if found is None:
        return None
    return found, not openly.waits(community_id, found.number)


def told(case: OpenCase, community: PlaceRow, how: How, language: str) -> dict[str, Any]:
    """A request as the standard tells it."""
    name = catalog.name_of(community.id, case.category_code, language)
    lon, lat = _point(case, how)
    said: dict[str, Any] = {
        "service_request_id": case.number,
        "status": standing.status(case.state),
        "status_notes": notes(case.state, case.answer, case.merged_into),
        "service_name": name,
        "service_code": case.category_code,
        "description": standing.cut(case.words or name),
        "agency_responsible": _in(case.organisation, language),
        "service_notice": "",
        "requested_datetime": times.written(case.reported_at, LOCAL),
        "updated_datetime": times.written(case.updated_at, LOCAL),
        "expected_datetime": times.written(case.expected_at, LOCAL),
        "address": _address(case, community, language),
        "address_id": case.building_code,
        "zipcode": "",
        "lat": lat,
        "long": lon,
        "media_url": "",
    }
    if how.extensions:
        said["extended_attributes"] = {"state": case.state, "supporters": case.supporters}
    return said


def notes(state: str, answer: str, merged_into: str = "") -> str:
    """Why it stands as it does: its state in words, and the answer once it is given."""
    said = [case_words.label(case_words.STATES, state), merged_into, answer]
    return standing.cut(" · ".join(filter(None, said)), 2000)


def _in(names: tuple[str, str], language: str) -> str:
    return names[1] if reads_english(language) else names[0]


def _address(case: OpenCase, community: PlaceRow, language: str) -> str:
    """From the most specific to the most general."""
    parts = [case.address, _in(case.building, language), _in(case.grid, language), community.name(language)]
    return ", ".join(filter(None, parts))


def _point(case: OpenCase, how: How) -> tuple[float | None, float | None]:
    if case.lon is None or case.lat is None:
        return None, None
    lon, lat = datum.from_wgs84(case.lon, case.lat, datum.Datum(how.datum))
    return round(lon, DIGITS), round(lat, DIGITS)


def happened(
    community_id: int, *, key: AppKey | None, numbers: tuple[str, ...], since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """The steps of requests since a moment, the oldest first (an extension)."""
    steps = openly.happened(seen(community_id, key), numbers=numbers, since=since, until=until)
    return [
        {
            "update_id": f"{step.number}-{step.seq}",
            "service_request_id": step.number,
            "status": standing.status(step.state),
            "updated_datetime": times.written(step.at, LOCAL),
            "description": notes(step.state, step.answer),
            "media_url": "",
        }
        for step in steps
    ]
