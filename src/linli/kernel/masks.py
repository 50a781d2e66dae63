"""How personal data looks to people who may not read it. Pure; never fails; never shows more than half.

The shapes are those Chinese offices use: `138****5678`, `110105********002X`, `张*`.
"""

from __future__ import annotations

import re

from linli.kernel import identity

STARS = "***"
_COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳"
    " 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷"
    " 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门"
    " 第五 南荣 东里 东宫 仲长 即墨 达奚 褚师".split()
)
_HAN_ONLY = re.compile(r"[㐀-鿿豈-﫿𠀀-𳍿]+")
_PART_END = re.compile(r"([\s·•.・‧-]+)")


def mask_phone(value: str) -> str:
    """`13812345678` → `138****5678`; landlines keep area code and last four, foreign ones the first."""
    normal = identity.phone(value)
    if not normal:
        return ""
    if identity.is_mobile(normal):
        return f"{normal[3:6]}****{normal[-4:]}"
    if normal.startswith("+86"):
        local = f"0{normal[3:]}"
        area = 3 if local.startswith(("010", "02")) else 4
        return f"{local[:area]}****{local[-4:]}" if len(local) - area >= 7 else "****"
    if len(normal) >= 9:
        return f"{normal[:3]}****{normal[-2:]}"
    return "****"


def mask_name(value: str) -> str:
    """`张三` → `张*`, `欧阳小青` → `欧阳**`, `John Smith` → `J*** S***`, `阿依古丽·买买提` → `阿***·***`."""
    name = identity.plain(value)
    if not name:
        return ""
    if _HAN_ONLY.fullmatch(name):
        shown = 2 if len(name) >= 3 and name[:2] in _COMPOUND_SURNAMES else 1
        return name[:shown] + "*" * (len(name) - shown) if len(name) > 1 else "*"
    pieces = _PART_END.split(name)
    masked = "".join(piece if place % 2 else _mask_part(piece, place) for place, piece in enumerate(pieces))
    return masked if STARS in masked else STARS  # a name of nothing but dots


def _mask_part(part: str, place: int) -> str:
    if not part:
        return ""
    is_han = _HAN_ONLY.fullmatch(part) is not None
    return STARS if is_han and place else f"{part[0]}{STARS}"


def mask_id(value: str) -> str:
    """`11010519491231002X` → `110105********002X`; passports and other papers keep two at each end."""
    number = identity.id_number(value)
    if len(number) == 18:
        return f"{number[:6]}********{number[-4:]}"
    if len(number) >= 8:
        return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"
    return "*" * len(number)


def mask_bank(value: str) -> str:
    """`6222021234567890128` → `**** 0128`."""
    digits = re.sub(r"\D", "", identity.plain(value), flags=re.ASCII)
    return f"**** {digits[-4:]}" if len(digits) >= 12 else "****"


def mask_plate(value: str) -> str:
    """`贵A12345` → `贵A***45`."""
    number = identity.plate(value)
    return f"{number[:2]}{STARS}{number[-2:]}" if len(number) >= 7 else STARS


def mask_email(value: str) -> str:
    """`lili@example.com` → `l***@example.com`."""
    name, at, host = identity.plain(value).rpartition("@")
    return f"{name[:1]}{STARS}@{host}" if at else STARS
