"""A scheme as JSON and back; every fault named with its path. Pure.

Values of indicators are written as people write them: ``"95%"``, ``3``, ``"2.5"``. They are read exactly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from linli.assessment.indicators import INDICATORS
from linli.assessment.rules import stars
from linli.assessment.rules.indicator import FORBIDDEN, Direction, Unit
from linli.assessment.rules.periods import Period
from linli.assessment.rules.scheme import (
    FULL,
    POINTS,
    Curve,
    Deduction,
    Fault,
    Item,
    Missing,
    Peers,
    Scheme,
    Ties,
)
from linli.assessment.rules.stars import StarRule
from linli.assessment.rules.subjects import MEASURED_ROLES, TEAM_ROLES, Level

E = TypeVar("E", bound=StrEnum)
MOST_ITEMS, MOST_BANDS, MOST_STEPS, MOST_NAME, MOST_NOTE, MOST_VALUE = 40, 8, 12, 60, 300, 1_000_000
_WRITTEN = re.compile(r"\d{1,7}(\.\d{1,4})?%?")
_FIELDS = frozenset({
    "name", "note", "level", "period", "roles", "items", "peers", "ties", "missing", "false_record", "stars",
    "settling_days", "appeal_days", "example",
})  # fmt: skip


class BadScheme(ValueError):
    """It is no scheme; ``faults`` says everything that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{one.path}: {one.code}" for one in faults))
        self.faults = tuple(faults)


def read(plain: Any) -> Scheme:
    """A scheme from JSON.

    :raises BadScheme: with every fault.
    """
    reader = _Reader()
    scheme = reader.scheme(plain)
    if reader.faults:
        raise BadScheme(reader.faults)
    return scheme


def faults(plain: Any) -> tuple[Fault, ...]:
    """Everything that is wrong with what should be a scheme; empty when it can hold."""
    reader = _Reader()
    reader.scheme(plain)
    return tuple(reader.faults)


# -- writing -------------------------------------------------------------------------------------------------


def written(value: Fraction, unit: Unit) -> str:
    """A value as people write it, exactly: 95%, 2.5."""
    scaled = value * 100 if unit is not Unit.COUNT else value
    units, rest = divmod(scaled.numerator * 10_000 // scaled.denominator, 10_000)
    digits = f"{units}.{rest:04d}".rstrip("0").rstrip(".")
    return f"{digits}%" if unit is not Unit.COUNT else digits


def as_plain(scheme: Scheme) -> dict[str, Any]:
    """The scheme as JSON carries it; `read` gives it back."""
    plain: dict[str, Any] = {
        "name": {"zh": scheme.name_zh, "en": scheme.name_en},
        "level": scheme.level.value,
        "period": scheme.period.value,
        "roles": list(scheme.roles),
        "items": [_item(item) for item in scheme.items],
        "peers": {"by": "load", "bands": list(scheme.peers.bands)} if scheme.peers.bands else {"by": "all"},
        "ties": scheme.ties.value,
        "missing": scheme.missing.value,
        "false_record": {"points": scheme.deduction.points, "most": scheme.deduction.most},
        "settling_days": scheme.settling_days,
        "appeal_days": scheme.appeal_days,
        "example": scheme.example,
    }
    if scheme.stars is not None:
        held = {one.name: getattr(scheme.stars, one.name) for one in fields(scheme.stars)}
        plain["stars"] = held | {"bands": list(scheme.stars.bands)}
    if scheme.note_zh or scheme.note_en:
        plain["note"] = {"zh": scheme.note_zh, "en": scheme.note_en}
    return plain


def _unit(code: str) -> Unit:
    return INDICATORS[code].unit if code in INDICATORS else Unit.COUNT


def _item(item: Item) -> dict[str, Any]:
    unit = _unit(item.indicator)
    plain: dict[str, Any] = {"indicator": item.indicator, "weight": item.weight}
    if not item.weight:
        return plain
    plain["curve"] = item.curve.value
    if item.curve is Curve.STEPS:
        plain["steps"] = [[written(value, unit), percent] for value, percent in item.steps]
    else:
        plain |= {"floor": written(item.floor, unit), "target": written(item.target, unit)}
    return plain | {"cap": item.cap}


# -- reading -------------------------------------------------------------------------------------------------


class _Reader:
    """Reads with a memory for faults: what cannot be read is noted and stands in for itself."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def note(self, path: str, code: str, limit: object = "") -> None:
        self.faults.append(Fault(path, code, str(limit)))

    def scheme(self, plain: Any) -> Scheme:
        held = self.table(plain, "", _FIELDS)
        name, note = (self.table(held.get(key, {}), key, {"zh", "en"}) for key in ("name", "note"))
        level = self.one_of(held, "level", Level, Level.WORKER)
        return Scheme(
            name_zh=self.text(name, "name.zh", "zh", MOST_NAME, needed=True),
            name_en=self.text(name, "name.en", "en", MOST_NAME),
            note_zh=self.text(note, "note.zh", "zh", MOST_NOTE),
            note_en=self.text(note, "note.en", "en", MOST_NOTE),
            level=level,
            period=self.one_of(held, "period", Period, Period.WEEK),
            items=self.items(held.get("items")),
            roles=self.roles(held.get("roles", list(MEASURED_ROLES))),
            peers=self.peers(held.get("peers", {"by": "all"})),
            ties=self.one_of(held, "ties", Ties, Ties.SKIP, needed=False),
            missing=self.one_of(held, "missing", Missing, Missing.SHARE, needed=False),
            deduction=self.deduction(held.get("false_record", {})),
            stars=self.stars(held.get("stars")),
            settling_days=self.whole(held, "settling_days", "settling_days", 0, 31, 2),
            appeal_days=self.whole(held, "appeal_days", "appeal_days", 1, 30, 3),
            example=held.get("example", False) is True,
        )

    def items(self, plain: Any) -> tuple[Item, ...]:
        if not isinstance(plain, list) or not plain:
            self.note("items", "missing")
            return ()
        if len(plain) > MOST_ITEMS:
            self.note("items", "too_many", MOST_ITEMS)
        found = [self.item(one, f"items.{index}") for index, one in enumerate(plain[:MOST_ITEMS])]
        codes = [item.indicator for item in found]
        for index, code in enumerate(codes):
            if code and code in codes[:index]:
                self.note(f"items.{index}.indicator", "twice", code)
        total = sum(item.weight for item in found)
        if total != 100:
            self.note("items", "weights_not_hundred", total)
        return tuple(found)

    def item(self, plain: Any, path: str) -> Item:
        held = self.table(plain, path, {"indicator", "weight", "curve", "floor", "target", "cap", "steps"})
        code = held.get("indicator")
        if not isinstance(code, str) or code not in {*INDICATORS, *FORBIDDEN}:
            self.note(f"{path}.indicator", "unknown", str(code)[:60] if code else "")
            code = ""
        weight = self.whole(held, f"{path}.weight", "weight", 0, 100, 0, needed=True)
        if not weight:
            return Item(code, 0)
        curve = self.one_of(held, f"{path}.curve", Curve, Curve.LINEAR, key="curve", needed=False)
        cap = self.whole(held, f"{path}.cap", "cap", 1, 100, 100)
        less = code in INDICATORS and INDICATORS[code].direction is Direction.LESS
        if curve is Curve.STEPS:
            return Item(code, weight, curve, cap=cap, steps=self.steps(held.get("steps"), path, less=less))
        low = self.value(held.get("floor", "0%" if not less else "100%"), f"{path}.floor")
        high = self.value(held.get("target", "100%" if not less else "0%"), f"{path}.target")
        if low == high or (low > high) is not less:
            self.note(f"{path}.target", "wrong_way", "below" if less else "above")
            low, high = Fraction(0), Fraction(1)
        return Item(code, weight, curve, low, high, cap)

    def steps(self, plain: Any, path: str, *, less: bool) -> tuple[tuple[Fraction, int], ...]:
        if not isinstance(plain, list) or not 1 <= len(plain) <= MOST_STEPS:
            self.note(f"{path}.steps", "missing", f"1–{MOST_STEPS}")
            return ()
        found = []
        for index, one in enumerate(plain):
            here = f"{path}.steps.{index}"
            if not isinstance(one, list) or len(one) != 2:
                self.note(here, "not_a_step")
                continue
            percent = self.whole({"1": one[1]}, f"{here}.1", "1", 0, 100, 0)
            found.append((self.value(one[0], f"{here}.0"), percent))
        for index, (one, two) in enumerate(zip(found, found[1:], strict=False), start=1):
            if two[1] >= one[1] or (two[0] <= one[0] if less else two[0] >= one[0]):
                self.note(f"{path}.steps.{index}", "not_in_order")
        return tuple(found)

    def roles(self, plain: Any) -> tuple[str, ...]:
        found = [one for one in plain if one in TEAM_ROLES] if isinstance(plain, list) else []
        if not found or len(found) != len(plain):
            self.note("roles", "unknown", ", ".join(TEAM_ROLES))
        return tuple(dict.fromkeys(found))

    def peers(self, plain: Any) -> Peers:
        held = self.table(plain, "peers", {"by", "bands"})
        if held.get("by") == "all":
            return Peers()
        bands = held.get("bands")
        if held.get("by") != "load":
            self.note("peers.by", "unknown", "all, load")
            return Peers()
        if not isinstance(bands, list) or not 1 <= len(bands) <= MOST_BANDS:
            self.note("peers.bands", "missing", f"1–{MOST_BANDS}")
            return Peers()
        found = tuple(
            self.whole({"_": one}, f"peers.bands.{index}", "_", 1, MOST_VALUE, 1)
            for index, one in enumerate(bands)
        )
        if list(found) != sorted(set(found)):
            self.note("peers.bands", "not_in_order")
        return Peers(found)

    def deduction(self, plain: Any) -> Deduction:
        held = self.table(plain, "false_record", {"points", "most"})
        points = self.whole(held, "false_record.points", "points", 0, 100 * POINTS, Deduction().points)
        most = self.whole(held, "false_record.most", "most", 0, 100 * POINTS, Deduction().most)
        if most < points:
            self.note("false_record.most", "below_one", points)
        return Deduction(points, most)

    def stars(self, plain: Any) -> StarRule | None:
        if plain is None:
            return None
        usual = StarRule(())
        held = self.table(plain, "stars", {one.name for one in fields(usual)})
        bands = held.get("bands")
        if not isinstance(bands, list) or not all(type(one) is int for one in bands):
            self.note("stars.bands", "missing")
            return None
        others = {
            one.name: self.whole(held, f"stars.{one.name}", one.name, 0, FULL, getattr(usual, one.name))
            for one in fields(usual)
            if one.name != "bands"
        }
        rule = StarRule(tuple(bands), **others)
        for code in stars.faults(rule):
            self.note("stars", code)
        return rule

    # -- small ones

    def table(self, plain: Any, path: str, known: frozenset[str] | set[str]) -> Mapping[str, Any]:
        if not isinstance(plain, Mapping):
            self.note(path or "scheme", "not_a_table")
            return {}
        for key in plain:
            if key not in known:
                self.note(f"{path}.{str(key)[:60]}".lstrip("."), "unknown")
        return plain

    def text(self, held: Mapping[str, Any], path: str, key: str, most: int, *, needed: bool = False) -> str:
        value = held.get(key, "")
        if not isinstance(value, str) or len(value) > most:
            self.note(path, "too_long" if isinstance(value, str) else "not_text", most)
            return ""
        if needed and not value.strip():
            self.note(path, "missing")
        return value.strip()

    def one_of(
        self,
        held: Mapping[str, Any],
        path: str,
        kind: type[E],
        usual: E,
        *,
        key: str = "",
        needed: bool = True,
    ) -> E:
        value = held.get(key or path)
        if value is None and not needed:
            return usual
        try:
            return kind(str(value))
        except ValueError:
            self.note(path, "unknown" if value is not None else "missing", ", ".join(kind))
            return usual

    def whole(
        self,
        held: Mapping[str, Any],
        path: str,
        key: str,
        least: int,
        most: int,
        usual: int,
        *,
        needed: bool = False,
    ) -> int:
        value = held.get(key)
        if value is None and not needed:
            return usual
        if type(value) is not int or not least <= value <= most:
            self.note(path, "out_of_range" if type(value) is int else "not_whole", f"{least}–{most}")
            return usual
        return value

    def value(self, plain: Any, path: str) -> Fraction:
        said = str(plain) if type(plain) is int or isinstance(plain, str) else ""
        if not _WRITTEN.fullmatch(said):
            self.note(path, "not_a_value")
            return Fraction(0)
        found = Fraction(said.removesuffix("%")) / (100 if said.endswith("%") else 1)
        if found > MOST_VALUE:
            self.note(path, "out_of_range", MOST_VALUE)
        return found
