"""Who a person is to us: identity levels and what each may, codes, pauses, token scopes, safe ways back.

Pure: no Django, no clock, no database. Figures come from reference/reliability.md, section 8 (levels and limits) and T25, T26, T34.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How surely we know who somebody is."""

    UNKNOWN = 0  # nothing proved
    WECHAT = 1  # a WeChat openid
    PHONE = 2  # a code sent to the phone
    RESIDENT = 3  # bound to a dwelling: register match or two staff approvals; ends after 1–2 years
    PROVED = 4  # 国家网络身份认证 (voluntary) or shown at the counter


class Right(StrEnum):
    """What a level opens. Duties (grid worker, dispatcher …) are another matter, see grids."""

    READ_PUBLIC = "read_public"
    REPORT = "report"
    FOLLOW = "follow"
    POLL = "poll"  # unverified opinion poll
    COMMENT = "comment"
    ACTIVITY = "activity"
    POINTS = "points"  # up to a cap
    FULL_POINTS = "full_points"
    RESIDENTS_VOTE = "residents_vote"
    DELIBERATE = "deliberate"  # binding deliberation
    OWNERS_VOTE = "owners_vote"
    STAND = "stand"  # candidate for a committee
    CHANGE_ROLL = "change_roll"


LEAST_LEVEL: dict[Right, Level] = {
    Right.READ_PUBLIC: Level.UNKNOWN,
    Right.REPORT: Level.UNKNOWN,  # L0 reports land in quarantine, but are read
    Right.FOLLOW: Level.UNKNOWN,  # by case number and secret code; from L1 in the list of one's own
    Right.POLL: Level.WECHAT,
    Right.COMMENT: Level.PHONE,
    Right.ACTIVITY: Level.PHONE,
    Right.POINTS: Level.PHONE,
    Right.FULL_POINTS: Level.RESIDENT,
    Right.RESIDENTS_VOTE: Level.RESIDENT,
    Right.DELIBERATE: Level.RESIDENT,
    Right.OWNERS_VOTE: Level.PROVED,
    Right.STAND: Level.PROVED,
    Right.CHANGE_ROLL: Level.PROVED,
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often somebody of a level may do a thing: ``capacity`` at once, refilled over ``per_seconds``."""

    capacity: int
    per_seconds: int


HOUR = 3600
DAY = 24 * HOUR
REPORTS: dict[Level, tuple[Allowance, ...]] = {
    Level.UNKNOWN: (Allowance(10, HOUR), Allowance(30, DAY)),
    Level.WECHAT: (Allowance(10, HOUR),),
    Level.PHONE: (Allowance(20, HOUR),),
    Level.RESIDENT: (Allowance(30, HOUR),),
    Level.PROVED: (Allowance(30, HOUR),),
}
STAFF_REPORTS = (Allowance(120, HOUR),)
CASE_LOOK_UPS: dict[Level, Allowance] = {
    Level.UNKNOWN: Allowance(20, HOUR),
    Level.WECHAT: Allowance(60, HOUR),
    Level.PHONE: Allowance(60, HOUR),
    Level.RESIDENT: Allowance(120, HOUR),
    Level.PROVED: Allowance(120, HOUR),
}
PHOTO_BYTES: dict[Level, Allowance] = {
    Level.UNKNOWN: Allowance(20_000_000, HOUR),
    Level.WECHAT: Allowance(60_000_000, HOUR),
    Level.PHONE: Allowance(100_000_000, HOUR),
    Level.RESIDENT: Allowance(100_000_000, HOUR),
    Level.PROVED: Allowance(100_000_000, HOUR),
}
CODES_PER_PHONE = (Allowance(1, 60), Allowance(5, HOUR), Allowance(10, DAY))
CODES_PER_NETWORK = (Allowance(100, HOUR),)
CODES_IN_ALL = (Allowance(2000, HOUR),)
PASSWORD_TRIES_PER_PHONE = Allowance(60, HOUR)  # from all networks together; the code stays open
EXPORTS_PER_DAY = Allowance(3, DAY)

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
FREE_FAILURES = 10
FAILURES_WINDOW = timedelta(minutes=15)
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE = timedelta(hours=1)
STAFF_IDLE = timedelta(minutes=30)
PROOF_SLEEPS_AFTER = timedelta(days=180)  # T34: carriers give unused numbers to other people
EXPORT_LIVES = timedelta(minutes=15)
TOKEN_LIVES = timedelta(days=365)
GUARDIAN_AGE_YEARS = 14


def may(right: Right, level: int, *, until_date: date | None, today: date) -> bool:
    """Whether somebody of this level may use the right today.

    :param until_date: the last day on which a level above the phone counts; ``None`` without end.
    """
    return effective_level(level, until_date=until_date, today=today) >= LEAST_LEVEL[right]


def effective_level(level: int, *, until_date: date | None, today: date) -> Level:
    """The level that counts today: a proof of residence that has ended leaves the phone (L2)."""
    if level > Level.PHONE and until_date is not None and today > until_date:
        return Level.PHONE
    return Level(level)


def level_after_phone_proof(
    level: int, *, proved_at: datetime | None, seen_at: datetime | None, at: datetime
) -> Level:
    """The level that a code sent to the phone gives or leaves (T34).

    The phone alone never restores a proved identity: after 180 days of silence the number may belong to somebody else.
    """
    last_sign_of_life = max((moment for moment in (proved_at, seen_at) if moment), default=None)
    if last_sign_of_life is None or at - last_sign_of_life > PROOF_SLEEPS_AFTER:
        return Level.PHONE
    return Level(max(level, Level.PHONE))


def highest_level(*, minor: bool) -> Level:
    """A minor stays at the phone until a guardian's consent is on record (PIPL 28, 31)."""
    return Level.PHONE if minor else Level.PROVED


def pause_seconds(failures: int) -> int:
    """Seconds until the next try is heard: none for nine failures, then 30, 60, 120 … up to an hour.

    A delay, never a lock: nobody can shut another person out for longer, and only from their own network.
    """
    if failures < FREE_FAILURES:
        return 0
    doubled = FIRST_PAUSE_SECONDS * 2 ** min(failures - FREE_FAILURES, 20)
    return min(doubled, int(LONGEST_PAUSE.total_seconds()))


_MOBILE = re.compile(r"1[3-9]\d{9}")
_SEPARATORS = re.compile(r"[\s\-().·]")


class BadPhone(ValueError):
    """Not a mobile number of the mainland."""


def normal_phone(text: str) -> str:
    """The number as ``+8613812345678``; full-width digits, spaces, dashes, 0086 and +86 are understood.

    :raises BadPhone: when it is not an eleven-digit mobile number.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    for prefix in ("+86", "0086"):
        plain = plain.removeprefix(prefix)
    if not _MOBILE.fullmatch(plain) or not plain.isascii():
        raise BadPhone(text and "…")
    return f"+86{plain}"


def normal_code(text: str) -> str:
    """A code as typed, without spaces and with plain digits."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))[:12]


def short_name(name: str) -> str:
    """What a list may show of a name: 王小明 → 王**, Li Hua → L*."""
    stripped = unicodedata.normalize("NFC", name).strip()
    if not stripped:
        return ""
    if re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", stripped[0]):
        return stripped[0] + "*" * min(max(len(stripped) - 1, 1), 2)
    return stripped[0] + "*"


class Scope(StrEnum):
    """What a program with a token may do; it never may more than the person whose token it is."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    PLACES_READ = "places:read"
    PEOPLE_READ = "people:read"
    ADMIN = "admin"


class BadScope(ValueError):
    """A scope that does not exist, or none at all."""


def checked_scopes(names: list[str]) -> list[str]:
    """The scopes in their own order, each once.

    :raises BadScope: when one is unknown or the list is empty.
    """
    unknown = set(names) - {scope.value for scope in Scope}
    if unknown or not names:
        raise BadScope(", ".join(sorted(unknown)) or "empty")
    return [scope.value for scope in Scope if scope.value in names]


class Purpose(StrEnum):
    """What a person may agree to. Each is asked for alone; only the first is needed to have an account."""

    ACCOUNT = "account"  # keep phone and name to run the account
    CONTACT = "contact"  # staff who handle my case may call me
    PUBLISH = "publish"  # settled cases of mine may appear on the public list, without my data
    NOTICES = "notices"  # news about my cases by SMS or WeChat


TEXT_VERSION = "2026-11"
NEEDED = frozenset({Purpose.ACCOUNT})

_BACKSLASH_OR_CONTROL = re.compile(r"[\\\x00-\x20\x7f]")


def safe_next(wanted: str | None, default: str = "/") -> str:
    """Where to go after signing in: a path of this site, or ``default``.

    Only paths that begin with one slash are allowed; no host, no scheme, no backslash, no control character, no way back to
    the sign-in pages themselves (T20).
    """
    if not wanted or len(wanted) > 500 or not wanted.startswith("/") or wanted.startswith("//"):
        return default
    if _BACKSLASH_OR_CONTROL.search(wanted) or unicodedata.normalize("NFKC", wanted[:3]).startswith("//"):
        return default
    path = wanted.split("?", 1)[0].split("#", 1)[0]
    if path.startswith(("/sign-", "/demo/")) or "/../" in f"{path}/":
        return default
    return wanted


DataExporter = Callable[[int], dict[str, object]]
"""What a room holds about a person: account id → plain JSON. Rooms register one in ``site/wiring.py``."""


class Exporters:
    """The rooms' exporters, by the name of the room; a person's export asks them all."""

    def __init__(self) -> None:
        self._by_room: dict[str, DataExporter] = {}

    def register(self, room: str, exporter: DataExporter) -> None:
        """Add or replace one room's exporter."""
        self._by_room[room] = exporter

    def collect(self, account_id: int) -> dict[str, dict[str, object]]:
        """Everything the rooms hold about the person, by room."""
        return {room: exporter(account_id) for room, exporter in sorted(self._by_room.items())}


exporters = Exporters()
