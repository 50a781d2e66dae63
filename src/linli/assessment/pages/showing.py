"""One score as a page shows it: its parts, each down to its rows; what would help; the same for worker and leader."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from linli.assessment import saying, words
from linli.assessment.indicators import INDICATORS
from linli.assessment.models import SchemeVersion
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries.runs import PartRow, RunRow, ScoreRow
from linli.assessment.rules import advice, scheme_text
from linli.assessment.rules.indicator import Direction, Unit
from linli.assessment.rules.scheme import POINTS, Item, Scheme
from linli.assessment.rules.scoring import FALSE_RECORD
from linli.cases import access as cases
from linli.faces.languages import reads_english
from linli.kernel.access import Actor
from linli.people.pages.ways import Asked, language

MOST_ROWS = 200
#: Source → the address of one row's page by its id; addresses that are not installed lead nowhere.
PAGES = {
    "visits": "fieldwork:visit",
    "services": "fieldwork:service",
    "patrols": "fieldwork:patrol",
    "rechecks": "fieldwork:recheck",
}
_MOMENTS = ("at", "reported_at", "started_at", "due_date", "decided_at", "accepted_at")


def english(request: Asked) -> bool:
    """Whether the reader reads names in English."""
    return reads_english(language(request))


def scheme_of(run: RunRow) -> Scheme:
    """The version of the scheme that a run was computed by."""
    return scheme_text.read(SchemeVersion.objects.values_list("says", flat=True).get(pk=run.version_id))


def part(request: Asked, row: PartRow, *, url: str = "") -> dict[str, Any]:
    """One part as a page shows it."""
    one, tongue = INDICATORS.get(row.indicator), english(request)
    return {
        "code": row.indicator,
        "name": saying.indicator(row.indicator, english=tongue),
        "says": one.says.said(english=tongue) if one else "",
        "formula": one.formula.said(english=tongue) if one else "",
        "pair": saying.indicator(one.pair, english=tongue) if one and one.pair else "",
        "minimum": one.minimum if one else 0,
        "value": saying.value(row.indicator, row.value),
        "fraction": saying.fraction(row),
        "points": row.points,
        "most": row.most,
        "why": words.said(words.PART_WHY, row.why) if row.why else "",
        "counted": len(row.counted),
        "rest": len(row.rest),
        "excluded": len(row.excluded),
        "url": url,
    }


def parts(request: Asked, found: Iterable[PartRow], url: str) -> list[dict[str, Any]]:
    """Every part with its address; ``url`` ends where the indicator's code follows."""
    return [part(request, one, url=f"{url}{one.indicator}/") for one in found]


def why(request: Asked, run: RunRow, row: PartRow) -> dict[str, Any]:
    """Why a part gave its points: its weight, how values become points, what a little more would bring."""
    scheme = scheme_of(run)
    if row.indicator == FALSE_RECORD:
        return {"deduction": scheme.deduction}
    item = next((one for one in scheme.items if one.indicator == row.indicator), None)
    if item is None or row.indicator not in INDICATORS:
        return {}
    return {
        "weight": saying.weight(row, item),
        "target": saying.target(item) if item.weight else [],
        "advice": advised(request, run, [row]),
    }


def advised(request: Asked, run: RunRow, found: Iterable[PartRow]) -> list[dict[str, Any]]:
    """What would help most, from the scheme's own curves."""
    items = {item.indicator: item for item in scheme_of(run).weighed}
    asked = [
        (_share(one), _curve(items[one.indicator], one))
        for one in found
        if one.indicator in items and one.indicator in INDICATORS and not one.why
    ]
    return [
        {
            "name": saying.indicator(gain.indicator, english=english(request)),
            "amount": saying.amount(gain.indicator, gain.rows),
            "points": gain.points,
            "less": INDICATORS[gain.indicator].direction is Direction.LESS,
        }
        for gain in advice.gains(asked)
    ]


def _share(row: PartRow) -> advice.Share:
    one = INDICATORS[row.indicator]
    rest = 5 if one.unit is Unit.COUNT else row.denominator - row.numerator
    less = one.direction is Direction.LESS
    return advice.Share(row.indicator, row.numerator, row.denominator, rest, row.points, less)


def _curve(item: Item, row: PartRow) -> advice.Curve:
    direction = INDICATORS[item.indicator].direction

    def reached(value: Fraction) -> int:
        return int(row.weight * POINTS * item.attained(value, direction))

    return reached


# -- rows behind a part --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a part: what it is, when, the address where the reader may read it, why it was left out."""

    id: int
    words: str
    at: datetime | date | None
    url: str = ""
    why: str = ""


def behind(actor: Actor, run: RunRow, row: PartRow) -> dict[str, list[Behind]]:
    """The rows behind a part: counted, the rest of the denominator, those left out with the reason."""
    out = dict(row.excluded)
    kept = {one.id: one for one in runs_of.rows_behind(run.id, row.source, {*row.counted, *row.rest, *out})}
    open_ = _readable(actor, row.source, kept.values())
    made = {
        one: _behind(row.source, one, kept.get(one), open_, out.get(one, ""))
        for one in (*row.counted, *row.rest, *out)
    }
    return {
        "counted": [made[one] for one in row.counted[:MOST_ROWS]],
        "rest": [made[one] for one in row.rest[:MOST_ROWS]],
        "excluded": [made[one] for one in list(out)[:MOST_ROWS]],
    }


def _readable(actor: Actor, source: str, rows: Collection[Any]) -> frozenset[Any]:
    """Which rows this reader may open: of cases those the reader sees, of others the own ones."""
    if source == "cases":
        numbers = [row.number for row in rows]
        return frozenset(cases.staff_view(actor).filter(number__in=numbers).values_list("number", flat=True))
    return frozenset(row.id for row in rows if getattr(row, "worker_id", None) == actor.account_id)


def _behind(source: str, row_id: int, row: Any, open_: frozenset[Any], why: str) -> Behind:
    left = words.said(words.LEFT_OUT, why) if why else ""
    if row is None:
        return Behind(row_id, _("Row %(id)s") % {"id": row_id}, None, "", left)
    at = next((found for name in _MOMENTS if (found := getattr(row, name, None)) is not None), None)
    if source == "cases":
        url = _address("cases:desk_case", row.number) if row.number in open_ else ""
        return Behind(row_id, row.number, at, url, left)
    url = _address(PAGES[source], row_id) if source in PAGES and row_id in open_ else ""
    return Behind(row_id, saying.row(source, row), at, url, left)


def _address(name: str, key: object) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def near(run: RunRow, score: ScoreRow) -> list[dict[str, Any]]:
    """Those ranked next to a subject: places and points alone."""
    if not run.ranked:
        return []
    return [
        {"rank": one.rank, "points": one.total, "own": one.subject_id == score.subject_id}
        for one in runs_of.neighbours(run.id, score)
    ]


def history(run: RunRow, score: ScoreRow, *, most: int = 13) -> list[tuple[RunRow, ScoreRow]]:
    """A subject's results under the same scheme, the newest first."""
    return runs_of.history(
        run.scheme_id, score.subject_id, kind=score.subject_kind, community_id=run.community_id, most=most
    )
