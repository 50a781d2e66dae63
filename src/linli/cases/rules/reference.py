"""The category tree, the promises and the routing a new community starts from. Pure, but for ``shipped``.

They are examples (示例) in two languages: a community copies them and changes what it likes. Reading them
reports each bad row by its line; nothing is taken from a file with a problem.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from importlib import resources
from typing import TypeVar

from linli.cases.rules import routing
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Promise, Stage, StartRule, Unit, Urgency
from linli.cases.rules.routing import RoutingRule, Target

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_CATEGORY_COLUMNS = {
    "code", "parent", "name_zh", "name_en", "kind", "keywords_zh", "keywords_en", "sensitive",
}  # fmt: skip
_PROMISE_COLUMNS = {
    "category_code", "urgency", "stage", "amount", "unit", "start_rule", "source_zh", "source_en",
}  # fmt: skip
_ROUTING_COLUMNS = {
    "order", "name_zh", "name_en", "category_code", "kinds", "weekdays", "from_time", "to_time",
    "organisation_kind", "role", "level",
}  # fmt: skip
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; its code says where it hangs (``environment.garbage``)."""

    code: str
    name_zh: str
    name_en: str
    kind: Kind
    keywords: tuple[str, ...]  # words by which a report is recognised, Chinese and English
    sensitive: bool  # hidden from public lists, and its words from those who need not know

    @property
    def parent(self) -> str | None:
        """The code of the node above; None for a top category."""
        return self.code.rpartition(".")[0] or None


@dataclass(frozen=True, slots=True)
class ExamplePromise:
    """A promise to start from, with where it comes from."""

    promise: Promise
    category_code: str | None
    urgency: Urgency | None
    source_zh: str
    source_en: str


@dataclass(frozen=True, slots=True)
class ExampleRouting:
    """A routing rule to start from; its rule carries the Chinese name."""

    rule: RoutingRule
    name_en: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: its line in the file and reason codes."""

    line: int
    codes: tuple[str, ...]


class Unusable(Exception):
    """A reference file with problems; nothing of it is used."""

    def __init__(self, *bad: BadRow) -> None:
        super().__init__("; ".join(f"line {row.line}: {' '.join(row.codes)}" for row in bad))
        self.bad = bad


def shipped(name: str) -> str:
    """The text of "categories", "promises", "routing", "ladder" or "approvals" in ``cases/data``, a part of the program."""
    return resources.files("linli.cases").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")


def read_categories(text: str) -> tuple[Category, ...]:
    """The categories of a CSV text, in its order.

    :raises Unusable: a code that is malformed, used twice or without its parent above it, a name missing in
        one language, an unknown kind, a leaf without keywords in both languages, a keyword of two categories.
    """
    seen: set[str] = set()
    words: set[str] = set()
    rows = table(text, _CATEGORY_COLUMNS)
    parents = {row["parent"] for _, row in rows}

    def wrong(row: Mapping[str, str]) -> Iterable[str]:
        yield from _code_wrongs(row, seen)
        yield from (f"{field}_missing" for field in ("name_zh", "name_en") if not row[field].strip())
        if row["kind"] not in set(Kind):
            yield "kind_unknown"
        if row["sensitive"] not in ("yes", "no"):
            yield "sensitive_unknown"
        if row["code"] not in parents and not (row["keywords_zh"] and row["keywords_en"]):
            yield "keywords_missing"
        if not words.isdisjoint(_keywords(row)):
            yield "keyword_twice"
        seen.add(row["code"])
        words.update(_keywords(row))

    return read(rows, wrong, _category)


def read_promises(text: str, categories: Iterable[Category]) -> tuple[ExamplePromise, ...]:
    """The promises of a CSV text.

    :raises Unusable: an unknown category, urgency, stage, unit or start rule, an amount that is none, a
        source missing in one language, or two rows for the same category, urgency and stage.
    """
    codes = {category.code for category in categories}
    seen: set[tuple[str, str, str]] = set()

    def wrong(row: Mapping[str, str]) -> Iterable[str]:
        for field, known in (("stage", Stage), ("unit", Unit), ("start_rule", StartRule)):
            if row[field] not in set(known):
                yield f"{field}_unknown"
        if row["category_code"] and row["category_code"] not in codes:
            yield "category_unknown"
        if row["urgency"] and row["urgency"] not in set(Urgency):
            yield "urgency_unknown"
        if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", row["amount"]) or Decimal(row["amount"]) == 0:
            yield "amount_malformed"
        yield from (f"{field}_missing" for field in ("source_zh", "source_en") if not row[field].strip())
        key = row["category_code"], row["urgency"], row["stage"]
        if key in seen:
            yield "row_twice"
        seen.add(key)

    return read(table(text, _PROMISE_COLUMNS), wrong, _promise)


def read_routing(text: str, categories: Iterable[Category]) -> tuple[ExampleRouting, ...]:
    """The routing rules of a CSV text; their ids are their orders.

    :raises Unusable: whatever ``routing.check`` finds, an unknown category or kind, a name missing in
        English, a time that is none, or an order used twice.
    """
    codes = {category.code for category in categories}
    seen: set[str] = set()

    def wrong(row: Mapping[str, str]) -> Iterable[str]:
        if not row["order"].isdigit() or row["order"] in seen:
            yield "order_malformed"
        seen.add(row["order"])
        if not row["name_en"].strip():
            yield "name_en_missing"
        if row["category_code"] and row["category_code"] not in codes:
            yield "category_unknown"
        malformed = [code for code, good in _ROUTING_FIELDS if not good(row)]
        yield from malformed
        if not malformed and row["order"].isdigit():
            yield from routing.check(_routing(row).rule)

    return read(table(text, _ROUTING_COLUMNS), wrong, _routing)


_ROUTING_FIELDS: tuple[tuple[str, Callable[[Mapping[str, str]], bool]], ...] = (
    ("kind_unknown", lambda row: set(row["kinds"].split()) <= set(Kind)),
    ("weekday_unknown", lambda row: set(row["weekdays"].split()) <= set("0123456")),
    ("time_malformed", lambda row: _is_time(row["from_time"]) and _is_time(row["to_time"])),
)


# -- reading -----------------------------------------------------------------------------------------------


_SURPLUS = "surplus"  # marks a row with more cells than the header


def table(text: str, columns: set[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows with their line numbers (a header is line 1), blanks cut off, missing cells empty."""
    reader = csv.DictReader(io.StringIO(text), restkey=_SURPLUS)
    if not columns <= set(reader.fieldnames or ()):
        raise Unusable(BadRow(1, ("column_missing",)))
    rows = []
    for row in reader:
        cells = {field: (cell or "").strip() for field, cell in row.items() if field != _SURPLUS}
        rows.append((reader.line_num, cells | ({_SURPLUS: "yes"} if _SURPLUS in row else {})))
    return rows


def read(
    rows: list[tuple[int, dict[str, str]]],
    wrong: Callable[[Mapping[str, str]], Iterable[str]],
    make: Callable[[Mapping[str, str]], Row],
) -> tuple[Row, ...]:
    """What the rows say.

    :raises Unusable: any row is wrong; all of them are named.
    """
    checked = [
        BadRow(line, ("cells_surplus",) if _SURPLUS in row else tuple(wrong(row))) for line, row in rows
    ]
    bad = [row for row in checked if row.codes]
    if bad:
        raise Unusable(*bad)
    return tuple(make(row) for _, row in rows)


def _code_wrongs(row: Mapping[str, str], seen: set[str]) -> Iterable[str]:
    code, parent = row["code"], row["parent"]
    if not _CODE.fullmatch(code):
        yield "code_malformed"
    if code in seen:
        yield "code_twice"
    if parent != code.rpartition(".")[0] or (parent and parent not in seen):
        yield "parent_missing"


def _keywords(row: Mapping[str, str]) -> tuple[str, ...]:
    both = f"{row['keywords_zh']}|{row['keywords_en']}"
    return tuple(word for word in (word.strip().lower() for word in both.split("|")) if word)


def _is_time(text: str) -> bool:
    return text == "" or re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None


def _category(row: Mapping[str, str]) -> Category:
    return Category(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=Kind(row["kind"]),
        keywords=_keywords(row),
        sensitive=row["sensitive"] == "yes",
    )


def _promise(row: Mapping[str, str]) -> ExamplePromise:
    promise = Promise(
        stage=Stage(row["stage"]),
        amount=Decimal(row["amount"]),
        unit=Unit(row["unit"]),
        start_rule=StartRule(row["start_rule"]),
    )
    urgency = Urgency(row["urgency"]) if row["urgency"] else None
    return ExamplePromise(promise, row["category_code"] or None, urgency, row["source_zh"], row["source_en"])


def _routing(row: Mapping[str, str]) -> ExampleRouting:
    rule = RoutingRule(
        id=int(row["order"]),
        order=int(row["order"]),
        name=row["name_zh"],
        target=Target(
            organisation_kind=row["organisation_kind"] or None,
            role=row["role"] or None,
            level=row["level"] or None,
        ),
        category_code=row["category_code"] or None,
        kinds=frozenset(Kind(kind) for kind in row["kinds"].split()),
        weekdays=frozenset(int(number) for number in row["weekdays"].split()) or None,
        from_time=time.fromisoformat(row["from_time"]) if row["from_time"] else None,
        to_time=time.fromisoformat(row["to_time"]) if row["to_time"] else None,
    )
    return ExampleRouting(rule, row["name_en"])
