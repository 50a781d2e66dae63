"""Numbers of the league in words: points, shares, values of indicators, subjects' names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from linli.assessment import words
from linli.assessment.indicators import INDICATORS
from linli.assessment.queries.runs import PartRow, RunRow
from linli.assessment.rules import naming
from linli.assessment.rules.indicator import FORBIDDEN, Direction, Unit
from linli.assessment.rules.scheme import Curve, Item, Scheme
from linli.assessment.rules.subjects import Level
from linli.grids import queries as places
from linli.kernel.clock import LOCAL
from linli.people import queries as people

NOTHING = "–"


def points(thousandths: int | None) -> str:
    """87500 → 87.5; at most three decimals, none where they are 0."""
    if thousandths is None:
        return NOTHING
    sign, held = ("−", -thousandths) if thousandths < 0 else ("", thousandths)
    whole, rest = divmod(held, 1000)
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")


def percent(value: Fraction | None) -> str:
    """3/4 → 75%; one decimal where it needs one."""
    if value is None:
        return NOTHING
    tenths = round(value * 1000)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"


def value(code: str, found: Fraction | None) -> str:
    """An indicator's value in its unit."""
    if found is None:
        return NOTHING
    one = INDICATORS.get(code)
    if one is None or one.unit is Unit.COUNT:
        return (
            str(found.numerator) if found.denominator == 1 else f"{float(found):.2f}".rstrip("0").rstrip(".")
        )
    return percent(found)


def amount(code: str, rows: int) -> str:
    """So many of what an indicator counts, in the unit of its rows: 3 cases, 2 households."""
    counts = words.COUNTED.get(code) or words.COUNTED_OF[INDICATORS[code].source]
    return str(counts % {"n": rows})


def indicator(code: str, *, english: bool) -> str:
    """What an indicator, or another part of a score, is called."""
    if code in INDICATORS:
        return INDICATORS[code].name.said(english=english)
    return str(
        words.EXTRA_PARTS.get(code) or (FORBIDDEN_WORDS.get(code) if code in FORBIDDEN else "") or code
    )


FORBIDDEN_WORDS = {
    "online_time": gettext_lazy("Online time"),
    "logins": gettext_lazy("Logins"),
    "study_time": gettext_lazy("Study time"),
    "likes": gettext_lazy("Likes"),
    "forwards": gettext_lazy("Forwards"),
    "votes_online": gettext_lazy("Online votes"),
    "photo_uploads": gettext_lazy("Uploaded photos"),
    "track_uploads": gettext_lazy("Uploaded tracks"),
    "check_ins": gettext_lazy("Check-ins"),
}


def period(since: date, until: date) -> str:
    """First and last day."""
    return f"{since.isoformat()} – {(until - timedelta(days=1)).isoformat()}"


def moment(at: datetime | date) -> str:
    """A day, or a moment to the minute, local: 2026-11-23 14:05."""
    if not isinstance(at, datetime):
        return at.isoformat()
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def until(at: datetime) -> str:
    """The moment at which something ends; midnight belongs to the day that ends: 2026-11-23 24:00."""
    local = at.astimezone(LOCAL)
    if local.time() == time.min:
        return f"{(local - timedelta(days=1)).date().isoformat()} 24:00"
    return moment(at)


def fraction(part: PartRow) -> str:
    """Numerator and denominator as they make the value; a count is its number alone."""
    one = INDICATORS.get(part.indicator)
    if one is None or one.unit is Unit.COUNT:
        return str(part.numerator)
    return f"{part.numerator} / {part.denominator}"


@dataclass(frozen=True, slots=True)
class Named:
    """A subject as one reader may see it: its name, and where it serves or lies."""

    name: str
    place: str


def subjects(
    run: RunRow, kind: str, ids: Iterable[int], language: str, *, how: str = naming.Naming.FULL
) -> dict[int, Named]:
    """What subjects are called: places by their names, people as the rule says.

    Numbers are places in the order of the people's ids: the same through a community, saying nothing of a person.
    """
    wanted = list(ids)
    if kind != Level.WORKER:
        return {one: Named(place.name(language), "") for one, place in places.places(wanted).items()}
    known = people.names(wanted) if how in {naming.Naming.FULL, naming.Naming.SURNAME} else {}
    where: dict[int, str] = {}
    for duty in places.duties(run.community_id):
        if duty.account_id in wanted or how == naming.Naming.NUMBER:
            where.setdefault(duty.account_id, duty.place.name(language))
    numbers = {one: place for place, one in enumerate(sorted({*where, *wanted}), start=1)}
    title = pgettext("duty", "Grid worker")
    return {
        one: Named(
            naming.shown(known.get(one, ""), how, title=title, number=f"{numbers[one]:02d}"),
            where.get(one, "") if how != naming.Naming.NONE else "",
        )
        for one in wanted
    }


def target(item: Item) -> list[str]:
    """How a value becomes points under a scheme, in plain words: one sentence, or one a step."""
    direction = INDICATORS[item.indicator].direction
    if item.curve is Curve.STEPS:
        said = _("%(value)s or more: %(percent)s%% of the points.")
        if direction is Direction.LESS:
            said = _("%(value)s or less: %(percent)s%% of the points.")
        steps = [
            said % {"value": value(item.indicator, limit), "percent": percent_}
            for limit, percent_ in item.steps
        ]
        return [*steps, _("Else none.")]
    held = {"floor": value(item.indicator, item.floor), "target": value(item.indicator, item.target)}
    if item.curve is Curve.SATURATING:
        return [
            _("Points begin at %(floor)s; all are there at %(target)s. The first steps bring most.") % held
        ]
    return [_("Points begin at %(floor)s; all are there at %(target)s; evenly between.") % held]


def weight(part: PartRow, item: Item) -> str:
    """What a part weighs, and what it weighs here when others could not be measured."""
    here = percent(part.weight / 100)
    if not item.weight or not part.most or part.weight == item.weight:
        return f"{item.weight}%"
    return _("%(weight)s%%; here %(here)s, as others could not be measured") % {
        "weight": item.weight,
        "here": here,
    }


def peers(scheme: Scheme, band: int) -> str:
    """The name of a peer group by the households looked after; empty where all are ranked together."""
    lines = scheme.peers.bands
    if not lines:
        return ""
    if band == 0:
        return _("Ranked among each other: fewer than %(n)s households") % {"n": lines[0]}
    if band == len(lines):
        return _("Ranked among each other: %(n)s households or more") % {"n": lines[-1]}
    return _("Ranked among each other: %(from)s to %(to)s households") % {
        "from": lines[band - 1],
        "to": lines[band] - 1,
    }


def row(source: str, one: Any) -> str:
    """One row behind a part, by what it counts for; by its number where that says nothing more."""
    said = words.said(words.SOURCES, source)
    if source == "groups" and one.households is not None:
        reached = {"reached": one.reached, "households": one.households}
        return f"{said} · " + _("%(reached)s of %(households)s households") % reached
    if source == "visits_due":
        made = _("made on %(day)s") % {"day": moment(one.met_at)[:10]} if one.met_at else _("not made")
        return f"{said} · {made}"
    if source == "evaluations":
        return f"{said} · {one.marks} / {one.most}"
    return f"{said} {one.id}"


def came(found: Mapping[str, Collection[int]]) -> str:
    """How many rows came late, by what became of them: 2 new, 1 changed."""
    said = (
        ngettext("%(n)s new", "%(n)s new", len(found["new"])) % {"n": len(found["new"])},
        ngettext("%(n)s changed", "%(n)s changed", len(found["changed"])) % {"n": len(found["changed"])},
        ngettext("%(n)s gone", "%(n)s gone", len(found["gone"])) % {"n": len(found["gone"])},
    )
    there = [words_ for words_, name in zip(said, ("new", "changed", "gone"), strict=True) if found[name]]
    return pgettext("between items of a list", ", ").join(there)


def rank(place: int | None, peers: int) -> str:
    """The place among so many; empty where nobody is ranked."""
    return _("place %(place)s of %(peers)s") % {"place": place, "peers": peers} if place else ""
