"""What an appeal, a correction and an adjustment must be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from linli.assessment.rules.rows import SOURCES, Corrected, Inputs
from linli.assessment.rules.scheme import FULL
from linli.kernel.refusals import Wrong

LEAST_WORDS, MOST_WORDS, MOST_EVIDENCE, MOST_CORRECTIONS = 4, 1000, 200, 20
#: Why points are given or taken by people.
REASONS = ("help_elsewhere", "wrong_place", "not_recorded", "approved_leave", "outside_power", "other")
#: Columns that say whose row it is; an appeal may set them like any other. The id alone says which row it is.
FIXED = frozenset({"id"})


def wrong_words(field: str, words: str) -> list[Wrong]:
    """What is wrong with something that has to be said."""
    said = words.strip()
    if len(said) < LEAST_WORDS:
        return [Wrong(field, "too_short", str(LEAST_WORDS))]
    return [Wrong(field, "too_long", str(MOST_WORDS))] if len(said) > MOST_WORDS else []


def wrong_adjustment(points: int, reason: str, why: str, evidence: str) -> list[Wrong]:
    """Everything that keeps an adjustment from being asked for."""
    found = wrong_words("why", why)
    if not points or abs(points) > FULL:
        found.append(Wrong("points", "out_of_range", str(FULL)))
    if reason not in REASONS:
        found.append(Wrong("reason", "unknown"))
    if not evidence.strip() or len(evidence.strip()) > MOST_EVIDENCE:
        found.append(Wrong("evidence", "too_long" if evidence.strip() else "missing", str(MOST_EVIDENCE)))
    return found


def wrong_corrections(given: Sequence[Corrected], inputs: Inputs) -> list[Wrong]:
    """Everything that keeps corrections from being made: each is about a row that the run knows."""
    if not given:
        return [Wrong("corrections", "missing")]
    if len(given) > MOST_CORRECTIONS:
        return [Wrong("corrections", "too_many", str(MOST_CORRECTIONS))]
    found = []
    for index, one in enumerate(given):
        code = _wrong(one, inputs)
        if code:
            found.append(Wrong(f"corrections.{index}", code))
    return found


def _wrong(one: Corrected, inputs: Inputs) -> str:
    kind = SOURCES.get(one.source)
    if kind is None or all(row.id != one.row_id for row in inputs.rows.get(one.source, ())):
        return "no_such_row"
    if not one.column:
        return "" if one.value is None else "no_such_column"
    types = {each.name: str(each.type) for each in fields(kind)}
    if one.column not in types or one.column in FIXED:
        return "no_such_column"
    return "" if _fits(types[one.column], one.value) else "not_a_value"


def _fits(kind: str, value: Any) -> bool:
    if value is None:
        return "None" in kind
    if kind.startswith(("datetime", "date")):
        try:
            read = (datetime if kind.startswith("datetime") else date).fromisoformat(str(value))
        except ValueError:
            return False
        return not isinstance(read, datetime) or read.tzinfo is not None
    if kind.startswith("tuple"):
        return isinstance(value, list) and all(type(each) is int for each in value)
    wanted = {"int": int, "str": str, "bool": bool}[kind.split(" ")[0]]
    return type(value) is wanted
