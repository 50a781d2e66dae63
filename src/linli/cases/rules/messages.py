"""Reading messages as cities export them: which column is what, and what a row means. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from linli.cases.rules.intake import MAX_WORDS, MIN_WORDS, Wrong, clean_words, meaning_length

# field: names of columns under which cities export it; the first that is there is taken
KNOWN_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "number", "留言编号", "编号", "工单号", "工单编号", "诉求编号"),
    "subject": ("subject", "title", "留言主题", "主题", "标题"),
    "body": ("body", "text", "content", "留言详情", "内容", "诉求内容", "正文"),
    "time": ("time", "created", "reported_at", "留言时间", "上报时间", "受理时间", "来电时间"),
    "category": ("category", "类别", "分类", "一级分类"),
    "reply": ("reply", "answer", "答复意见", "答复内容", "回复内容", "办理结果"),
    "reply_time": ("reply_time", "answered_at", "答复时间", "回复时间", "办结时间"),
}
NEEDED = ("body", "time")
_TIME = re.compile(
    r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2})[::](\d{1,2})(?:[::](\d{1,2})(?:\.\d+)?)?)?\s*$"
)
_BLEMISHES = re.compile(r"_x000D_|\r")


class BadMapping(Exception):
    """The columns of the file do not give what is needed; the message says which and what there is."""


@dataclass(frozen=True, slots=True)
class Message:
    """One row, understood."""

    key: str  # its number in the file's own system, or a digest of it
    words: str
    at: datetime
    category: str = ""
    reply: str = ""
    replied_at: datetime | None = None


def mapping(columns: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Which column holds which field: what is given, else the names cities use.

    :raises BadMapping: for an unknown field or column, or when body or time cannot be found.
    """
    unknown = sorted(set(given) - set(KNOWN_COLUMNS))
    if unknown:
        raise BadMapping(f"--map {unknown[0]}=…: the fields are {', '.join(KNOWN_COLUMNS)}.")
    absent = sorted(set(given.values()) - set(columns))
    if absent:
        raise BadMapping(f"There is no column {absent[0]!r}; the file has {', '.join(columns)}.")
    found = {
        field: next((name for name in names if name in columns), "") for field, names in KNOWN_COLUMNS.items()
    } | dict(given)
    lacking = [field for field in NEEDED if not found[field]]
    if lacking:
        raise BadMapping(
            f"Say which column is the {lacking[0]}: --map {lacking[0]}=COLUMN. The file has {', '.join(columns)}."
        )
    return {field: column for field, column in found.items() if column}


def local_time(text: str, zone: tzinfo) -> datetime | None:
    """A wall-clock time as people export it (2019/3/4 9:05:00, 2019-03-04, 2019年3月4日 9:05); None if it is none."""
    match = _TIME.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def read(row: Mapping[str, str], columns: Mapping[str, str], zone: tzinfo) -> Message | tuple[Wrong, ...]:
    """What a row means, or everything that is wrong with it.

    A reply dated by its day alone counts from the end of that day if that is what keeps it after the message.
    """
    cell = {field: _BLEMISHES.sub("", row.get(column) or "").strip() for field, column in columns.items()}
    words = clean_words("\n".join(part for part in (cell.get("subject", ""), cell["body"]) if part))
    at = local_time(cell["time"], zone)
    reply, replied_at = clean_words(cell.get("reply", "")), local_time(cell.get("reply_time", ""), zone)
    wrongs = [*_words_wrongs(words, reply), *_time_wrongs(cell, at, reply, replied_at)]
    if wrongs or at is None:
        return tuple(wrongs)
    if replied_at is not None and replied_at < at:
        replied_at = replied_at + timedelta(days=1) - timedelta(seconds=1)
        if replied_at < at:
            return (Wrong("reply_time", "before_the_message"),)
    key = cell.get("id") or hashlib.sha256(f"{words}\x00{cell['time']}".encode()).hexdigest()[:20]
    return Message(key[:60], words, at, cell.get("category", ""), reply, replied_at if reply else None)


def _words_wrongs(words: str, reply: str) -> list[Wrong]:
    found = []
    if meaning_length(words) < MIN_WORDS:
        found.append(Wrong("body", "too_short", str(MIN_WORDS)))
    if len(words) > MAX_WORDS:
        found.append(Wrong("body", "too_long", str(MAX_WORDS)))
    if len(reply) > MAX_WORDS:
        found.append(Wrong("reply", "too_long", str(MAX_WORDS)))
    return found


def _time_wrongs(
    cell: Mapping[str, str], at: datetime | None, reply: str, replied_at: datetime | None
) -> list[Wrong]:
    found = []
    if at is None:
        found.append(Wrong("time", "not_a_time"))
    if reply and replied_at is None:
        found.append(Wrong("reply_time", "not_a_time" if cell.get("reply_time") else "missing"))
    return found
