"""七清七掌握: what a grid worker is asked about the grid; who asks whom, about what; what comes of it. Pure.

The official wording of the items is not known (china-rules section 1): the community writes its own seven and seven; those
shipped are marked as examples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")
EACH = 7
WORDS_MOST = 80
EVIDENCE_MOST = 500
#: A mark: not known, partly, mostly, fully known.
FULL_MARK = 3


class Half(StrEnum):
    """The two halves of the list."""

    CLEAR = "clear"  # 七清
    GRASP = "grasp"  # 七掌握


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to know of the grid. ``example``: shipped, not yet put into the community's own words."""

    code: str  # clear_1 … clear_7, grasp_1 … grasp_7
    words_zh: str
    words_en: str = ""
    example: bool = False

    @property
    def half(self) -> Half:
        """To which half it belongs."""
        return Half(self.code.partition("_")[0])


CODES = tuple(f"{half}_{number}" for half in Half for number in range(1, EACH + 1))


def shipped() -> tuple[Item, ...]:
    """Examples to begin with, each marked as one."""
    words = (
        ("网格边界与楼栋清", "Where the grid ends, and its buildings"),
        ("住户与空置房清", "Households, and flats that stand empty"),
        ("需要照料的家庭清", "Families that need care"),
        ("出租房与商铺清", "Flats that are let, and shops"),
        ("安全隐患点清", "Spots that are dangerous"),
        ("公共设施清", "Public equipment"),
        ("居民组织与志愿者清", "Residents' groups and volunteers"),
        ("掌握居民近期诉求", "What residents have asked for lately"),
        ("掌握未办结事项", "What is not settled yet"),
        ("掌握邻里纠纷苗头", "Quarrels that begin"),
        ("掌握联系方式与联络群", "How to reach people, and the chat groups"),
        ("掌握应急处置步骤", "What to do in an emergency"),
        ("掌握办事流程与材料", "How things are applied for, and with what"),
        ("掌握政策与活动安排", "Policies, and what is planned"),
    )
    return tuple(Item(code, zh, en, example=True) for code, (zh, en) in zip(CODES, words, strict=True))


def faults(items: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    """Code of the item (empty: the list) and what is wrong with it."""
    found: list[tuple[str, str]] = []
    if tuple(item.code for item in items) != CODES:
        found.append(("", "seven_and_seven"))
    for item in items:
        if not item.words_zh.strip():
            found.append((item.code, "missing"))
        if max(len(item.words_zh), len(item.words_en)) > WORDS_MOST:
            found.append((item.code, "too_long"))
    return tuple(found)


def _drawn(seed: str, *of: object) -> int:
    told = "\x1f".join([seed, *map(str, of)])
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big")


def draw(seed: str, who: object, things: Iterable[T], most: int) -> list[T]:
    """So many of the things, by lot; the same lot whenever it is drawn again, and another for everybody.

    :param seed: of the round, written down when it was opened: anybody can draw again.
    """
    ordered = sorted(things, key=lambda thing: (_drawn(seed, who, thing), str(thing)))
    return ordered[: max(0, most)]


def questions(seed: str, who: object, most: int) -> list[str]:
    """The items somebody is asked about: as many of either half, in the order of the list."""
    picked = {
        code
        for half, share in ((Half.CLEAR, (most + 1) // 2), (Half.GRASP, most // 2))
        for code in draw(seed, who, (code for code in CODES if code.startswith(half)), min(share, EACH))
    }
    return [code for code in CODES if code in picked]


def evaluators(
    seed: str, who: int, pool: Iterable[int], *, most: int, busy: Mapping[int, int] | None = None
) -> list[int]:
    """Who evaluates somebody: never oneself; those with the fewest sheets first, then by lot."""
    load = busy or {}
    others = sorted(
        {one for one in pool if one != who}, key=lambda one: (load.get(one, 0), _drawn(seed, who, one))
    )
    return others[:most]


def quarter(day: date) -> tuple[date, date]:
    """First day of the quarter of a day, and first day of the next one."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one evaluator wrote of one person: marks by item."""

    id: int
    evaluator_id: int
    marks: Mapping[str, int]


def wrong_marks(
    marks: Mapping[str, int], asked: Iterable[str], evidence: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Item and code of everything wrong with a sheet; a mark below the full one says what was missing."""
    found = []
    for code in asked:
        mark = marks.get(code)
        if mark is None or not 0 <= mark <= FULL_MARK:
            found.append((code, "no_mark"))
        elif mark < FULL_MARK and not evidence.get(code, "").strip():
            found.append((code, "no_evidence"))
        if len(evidence.get(code, "")) > EVIDENCE_MOST:
            found.append((code, "too_long"))
    return found


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came of a person's sheets: marks reached of marks possible; how far the evaluators lie apart."""

    numerator: int
    denominator: int
    sheets: tuple[int, ...]
    apart: Fraction

    @property
    def share(self) -> Fraction | None:
        """Reached of possible; None without a mark."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def evaluated(sheets: Sequence[Sheet]) -> Evaluated:
    """All marks of all sheets together, every sheet as heavy as it has items."""
    shares = [Fraction(sum(one.marks.values()), FULL_MARK * len(one.marks)) for one in sheets if one.marks]
    return Evaluated(
        numerator=sum(sum(one.marks.values()) for one in sheets),
        denominator=sum(FULL_MARK * len(one.marks) for one in sheets),
        sheets=tuple(one.id for one in sheets if one.marks),
        apart=max(shares) - min(shares) if shares else Fraction(0),
    )
