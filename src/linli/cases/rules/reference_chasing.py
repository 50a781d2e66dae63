"""The ladder and the approvals a new community starts from: examples, as in `reference`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from linli.cases.rules import ladder
from linli.cases.rules.ladder import Act, LadderRule, Rung, When
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.reference import Category, read, table
from linli.cases.rules.requests import Approval, Ask, Decider
from linli.kernel.worktime import Unit

_RUNGS = {
    "category_code", "urgency", "stage", "level", "when", "percent", "amount", "unit", "act", "days", "source_zh",
    "source_en",
}  # fmt: skip
_APPROVALS = {"kind", "up_to", "decider", "basis", "source_zh", "source_en"}
_KNOWN = (("stage", Stage), ("when", When), ("unit", Unit), ("act", Act))
_FIGURES = ("level", "percent", "amount", "days")
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class ExampleRung:
    """A rung to start from, with where it comes from."""

    rule: LadderRule
    source_zh: str
    source_en: str


@dataclass(frozen=True, slots=True)
class ExampleApproval:
    """A path of approval to start from, with where it comes from."""

    approval: Approval
    source_zh: str
    source_en: str


def read_ladder(text: str, categories: Iterable[Category]) -> tuple[ExampleRung, ...]:
    """The rungs of a CSV text.

    :raises Unusable: an unknown category, urgency, stage, moment, unit or act, a number that is none, a rung that
        `ladder.wrongs` refuses, a source missing in one language, or the same level twice.
    """
    codes = {category.code for category in categories}
    seen: set[tuple[str, ...]] = set()

    def wrong(row: Mapping[str, str]) -> Iterable[str]:
        found = [f"{name}_unknown" for name, kinds in _KNOWN if row[name] not in set(kinds)]
        found += [f"{name}_malformed" for name in _FIGURES if not _NUMBER.fullmatch(row[name])]
        if row["category_code"] and row["category_code"] not in codes:
            found.append("category_unknown")
        if row["urgency"] and row["urgency"] not in set(Urgency):
            found.append("urgency_unknown")
        found += [f"{name}_missing" for name in ("source_zh", "source_en") if not row[name]]
        key = (row["category_code"], row["urgency"], row["stage"], row["level"])
        if key in seen:
            found.append("row_twice")
        seen.add(key)
        if not found:
            found += [f"{field}_{code}" for field, code, _limit in ladder.wrongs(_rung(row).rule.rung)]
        return found

    return read(table(text, _RUNGS), wrong, _rung)


def _rung(row: Mapping[str, str]) -> ExampleRung:
    rung = Rung(
        level=int(row["level"]),
        when=When(row["when"]),
        act=Act(row["act"]),
        percent=int(row["percent"]),
        amount=Decimal(row["amount"]),
        unit=Unit(row["unit"]),
        days=Decimal(row["days"]),
    )
    urgency = Urgency(row["urgency"]) if row["urgency"] else None
    rule = LadderRule(rung, Stage(row["stage"]), row["category_code"] or None, urgency)
    return ExampleRung(rule, row["source_zh"], row["source_en"])


def read_approvals(text: str) -> tuple[ExampleApproval, ...]:
    """The paths of approval of a CSV text.

    :raises Unusable: an unknown kind or decider, a size or a basis that is none, a source missing in one language, or a
        size of a kind twice.
    """
    seen: set[tuple[str, str]] = set()

    def wrong(row: Mapping[str, str]) -> Iterable[str]:
        if row["kind"] not in set(Ask):
            yield "kind_unknown"
        if row["decider"] not in set(Decider):
            yield "decider_unknown"
        if row["basis"] not in ("yes", "no"):
            yield "basis_unknown"
        if row["up_to"] and not (_NUMBER.fullmatch(row["up_to"]) and Decimal(row["up_to"]) > 0):
            yield "up_to_malformed"
        yield from (f"{name}_missing" for name in ("source_zh", "source_en") if not row[name])
        if (row["kind"], row["up_to"]) in seen:
            yield "row_twice"
        seen.add((row["kind"], row["up_to"]))

    return read(table(text, _APPROVALS), wrong, _approval)


def _approval(row: Mapping[str, str]) -> ExampleApproval:
    up_to = Decimal(row["up_to"]) if row["up_to"] else None
    path = Approval(Ask(row["kind"]), Decider(row["decider"]), up_to, basis=row["basis"] == "yes")
    return ExampleApproval(path, row["source_zh"], row["source_en"])
