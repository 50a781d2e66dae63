"""What can be got done in the demo's communities: examples, marked as such, of no real rule anywhere (services.toml)."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel.access import Actor
from linli.people import queries as people
from linli.publishing import actions_services as actions
from linli.publishing.rules_services import Sheet
from linli.site.demo.settlers import SINCE

FILE = Path(__file__).with_name("services.toml")
COUNTER = "service_centre"


def offer(community: PlaceRow, leader: Actor, at: datetime) -> None:
    """Services of the community, and one of its first grid."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    phones = {row.kind: row.phone for row in reversed(list(people.organisations([community.id])))}
    for number, row in enumerate(held["service"]):
        place = places.subtree(community.path, row["level"])[0]
        actions.offer_service(
            actor=leader,
            place_id=place.id,
            sheet=_sheet(row, held, phones.get(row["body"], ""), 10 + number),
            key=uuid5(NAMESPACE_URL, f"demo:{place.code}:service:{number}"),
            at=at,
        )


def _sheet(row: dict[str, Any], held: dict[str, Any], phone: str, rank: int) -> Sheet:
    given = {key: value for key, value in row.items() if key not in ("level", "body")}
    for key in ("papers_zh", "papers_en"):
        given[key] = "\n".join(given.get(key, ()))
    if row["body"] == COUNTER:
        given |= {"hours_zh": held["counter_hours_zh"], "hours_en": held["counter_hours_en"]}
        given |= {"where_zh": held["counter_zh"], "where_en": held["counter_en"]}
    return Sheet(**given, phone=phone, from_date=SINCE, rank=rank, example=True)
