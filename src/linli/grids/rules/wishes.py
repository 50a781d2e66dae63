"""What a community may want: every setting with its kind, its default and its limits.

The community's choices are dated rows (CommunitySetting); a room above adds its line here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_SPAN = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")


@dataclass(frozen=True, slots=True)
class Wish:
    """A setting: its kind (whole, flag, choice, span, pattern), its default and its limits."""

    kind: str
    default: Any
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()


DECLARED: dict[str, Wish] = {
    # For how many days after closing a resident may say that it is not solved.
    "reopen_days": Wish("whole", 15, least=1, most=90),
    # Settled cases on the public list: never, with the reporter's consent, or (without personal data) always.
    "publish_settled": Wish("choice", "consent", choices=("never", "consent", "always")),
    # No messages to residents within these hours, except emergencies.
    "quiet_hours": Wish("span", "22:00-07:00"),
    # For how long a residence holds before it must be shown again (docs/reliability.md section 8, L3: one to two years).
    "residence_days": Wish("whole", 365, least=30, most=730),
    # Who may report without signing in.
    "anonymous_reports": Wish("flag", True),
    # What follows the community's twelve digits in codes of grids and buildings (regular expressions).
    "grid_code_pattern": Wish("pattern", r"[12]\d{3}"),
    "building_code_pattern": Wish("pattern", r"[12]\d{8}"),
}


class BadWish(ValueError):
    """A setting that does not exist or a value it cannot have; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked(key: str, value: Any) -> Any:
    """The value if the setting may have it.

    :raises BadWish: unknown_setting, not_a_number, out_of_range, not_a_flag, not_a_choice, not_a_span,
        not_a_pattern.
    """
    if key not in DECLARED:
        raise BadWish("unknown_setting")
    wish = DECLARED[key]
    readers = {"whole": _whole, "flag": _flag, "choice": _choice, "span": _span, "pattern": _pattern}
    return readers[wish.kind](wish, value)


def _whole(wish: Wish, value: Any) -> int:
    try:
        number = int(str(value).strip())
    except ValueError as problem:
        raise BadWish("not_a_number") from problem
    if not wish.least <= number <= wish.most:
        raise BadWish("out_of_range")
    return number


def _flag(wish: Wish, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in {"on", "true", "1"}:
        return True
    if value in {"", "off", "false", "0"}:
        return False
    raise BadWish("not_a_flag")


def _choice(wish: Wish, value: Any) -> str:
    if value not in wish.choices:
        raise BadWish("not_a_choice")
    return str(value)


def _span(wish: Wish, value: Any) -> str:
    text = str(value).strip()
    if text and not _SPAN.match(text):
        raise BadWish("not_a_span")
    return text


def _pattern(wish: Wish, value: Any) -> str:
    text = str(value).strip()
    try:
        re.compile(text)
    except re.error as problem:
        raise BadWish("not_a_pattern") from problem
    if not 1 <= len(text) <= 60:
        raise BadWish("not_a_pattern")
    return text
