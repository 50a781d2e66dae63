"""What the machine weighs when it looks for the same matter: open cases near by or in like words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from linli.cases.models import Case, PairDecision
from linli.cases.rules.workflow import OPEN

OPEN_STATES = [state.value for state in OPEN]
COLUMNS = (
    "pk", "number", "words", "address", "category_code", "suggestion", "lon", "lat", "place_path", "grid_id",
    "building_id", "reported_at", "supporters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A case as the machine compares it with others."""

    id: int
    number: str
    words: str
    address: str
    category_code: str  # as a person decided; before that, the machine's surest proposal
    lon: float | None
    lat: float | None
    place_path: str
    grid_id: int | None
    building_id: int | None
    reported_at: datetime
    supporters: int


def candidates(
    *,
    community_id: int,
    query: str,
    grid_id: int | None,
    building_id: int | None,
    but: int | None = None,
    most: int = 40,
) -> list[Told]:
    """Open cases that may be the same matter, those of the place first; one statement.

    :param query: a tsquery, as `kernel.text` makes them.
    :param but: a case that is left out, with every other that a person said is another matter than it.
    """
    found = RawSQL(  # noqa: S611 (bound)
        "SELECT linli_alike_cases(%s, %s::tsquery, %s, %s, %s)",
        (community_id, query, grid_id, building_id, most),
    )
    cases = Case.objects.filter(pk__in=found, community_id=community_id, state__in=OPEN_STATES)
    cases = cases.filter(quarantined=False)
    if but is not None:
        apart = PairDecision.objects.filter(Q(first=but) | Q(second=but), same=False)
        other = apart.values_list(F("first_id") + F("second_id") - but, flat=True)
        cases = cases.exclude(pk=but).exclude(pk__in=other)
    return [_told(row) for row in cases.values_list(*COLUMNS)]


def told(case_ids: tuple[int, ...]) -> dict[int, Told]:
    """These cases, whatever became of them."""
    return {row[0]: _told(row) for row in Case.objects.filter(pk__in=case_ids).values_list(*COLUMNS)}


def _told(row: tuple[object, ...]) -> Told:
    found = dict(zip(COLUMNS, row, strict=True))
    options = (found.pop("suggestion") or {}).get("options") or [{}]  # type: ignore[attr-defined]  # plain JSON
    found["id"] = found.pop("pk")
    found["category_code"] = found["category_code"] or options[0].get("code", "")
    return Told(**found)  # type: ignore[arg-type]  # the columns in the order of the fields
