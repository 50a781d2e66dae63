"""Houses, units, floors, rooms, gates and roads as residents write them: 8栋, 八号楼, building 8, 8-2-301. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

_N = r"(?P<n>\d{1,4}|[一二三四五六七八九十]{1,3}|(?<![a-z])[a-z])"
_PATTERNS = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        ("building", rf"{_N}\s*(?:号楼|号院|栋|幢|座(?!位|椅)|#楼|#)"),
        ("building", r"\b(?:building|block|tower|bldg)\s*(?:no\.?\s*|#)?(?P<n>\d{1,3}|[a-z]\b)"),
        ("unit", rf"{_N}\s*单元"),
        ("unit", r"\bunit\s*(?P<n>\d{1,2})"),
        (
            "floor",
            r"(?<!号)(?P<n>负?\d{1,2}|负?[一二三四五六七八九十]{1,3})\s*(?:楼(?!梯|栋|道|盘|顶|上|下|宇|房)|层)",
        ),
        ("floor", r"\b(?P<n>\d{1,2})(?:st|nd|rd|th) floor\b"),
        ("floor", r"\bfloor (?P<n>\d{1,2})\b"),
        ("room", r"(?<!\d)(?P<n>\d{3,4})\s*(?:室|房|号房|户)"),
        ("room", r"\b(?:room|flat|apartment|apt)\s*(?P<n>\d{3,4})\b"),
        ("gate", r"(?P<n>[东南西北正后侧])(?:大)?门(?!禁)"),
        ("gate", r"\b(?P<n>east|south|west|north|main|back|side) (?:gate|entrance)\b"),
        ("side", r"(?P<n>[东南西北])(?:侧|边|头|面|区)"),
        ("road", r"(?P<n>[一-鿿]{2}(?:大道|路|街|巷))(?!灯|面|边|口|沿|牙|障|过|坑|基|由)"),
        ("level", r"(?P<n>(?:b|负)\s*[一二三123])(?:层)?(?=\s|$|车库|停车|层|的|区)"),
        ("spot", r"(?P<n>\d{1,4})\s*号(?:车位|井|桩|门面|商铺|路灯)"),
        ("lift", rf"{_N}\s*号?(?:电梯|梯)(?!形|度)"),
    )
)
_FULL = re.compile(r"(?<![\d-])(?P<building>\d{1,3})-(?P<unit>\d{1,2})-(?P<room>\d{3,4})(?![\d-])")
_NOT_A_ROAD = re.compile(
    "马路|道路|小路|公路|线路|电路|水路|走路|主路|条路|段路|下路|门路|辅路|过道|上街|逛街|[的把了着到在这那个走过上下去来边]路|口路|沿街|条街|小巷"
)
_LITTLE = re.compile("[的把了着到在这那个走过去来有是不都就没很]")
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")}
_GATES = {"east": "东", "south": "南", "west": "西", "north": "北", "main": "正", "back": "后", "side": "侧"}


def read(text: str) -> dict[str, frozenset[str]]:
    """Which buildings, units, floors … a plain text names; numbers in one form."""
    found: dict[str, set[str]] = defaultdict(set)
    for whole in _FULL.finditer(text):
        for kind, number in whole.groupdict().items():
            found[kind].add(number.lstrip("0"))
    for kind, number in _single(text):
        found[kind].add(number)
    return {kind: frozenset(which) for kind, which in found.items()}


def _single(text: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            said = hit["n"]
            if kind == "road":
                if not _NOT_A_ROAD.search(said) and not _LITTLE.search(said):
                    yield kind, said
                continue
            yield kind, _GATES.get(said) or number(said)


def number(said: str) -> str:
    """A number in one form: 十二 and 012 are 12; letters stay."""
    if said.isascii():
        return said.lstrip("0") or said
    if said.startswith("负"):
        return f"-{number(said[1:])}"
    if all(letter in _DIGITS or letter == "十" for letter in said):
        tens, ten, ones = said.partition("十")
        if ten:
            return str((_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0))
        return "".join(str(_DIGITS[letter]) for letter in said)
    return said
