"""Who a person is to us: identity levels and what each may, codes, pauses, token scopes, safe ways back.

Pure: no Django, no clock, no database. Figures come from docs/reliability.md, section 8 (levels and
limits) and T25, T26, T34.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from linli.kernel import identity, masks, networks


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


PASSWORD_TRIES_PER_HOUR = 60  # for one phone from all networks together; signing in by code stays open

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
FREE_FAILURES = 10
FAILURES_WINDOW = timedelta(minutes=15)
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE = timedelta(hours=1)
STAFF_IDLE = timedelta(minutes=30)
CODE_STANDS_FOR_PASSWORD = timedelta(
    minutes=15
)  # after signing in by code a forgotten password may be set anew
PROOF_SLEEPS_AFTER = timedelta(days=180)  # T34: carriers give unused numbers to other people
SWEEP_AFTER = timedelta(days=1)
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


def is_asleep(*, proved_at: datetime | None, seen_at: datetime | None, at: datetime) -> bool:
    """Whether nobody has used the account for 180 days, so that its phone may belong to somebody else (T34).

    An account that was opened for a person but never used has nothing to protect and is not asleep.
    """
    last_sign_of_life = max((moment for moment in (proved_at, seen_at) if moment), default=None)
    return last_sign_of_life is not None and at - last_sign_of_life > PROOF_SLEEPS_AFTER


def same_name(recorded: str, typed: str) -> bool:
    """Whether the typed full name is the recorded one, whatever the width, the case and the spaces."""
    plain_recorded, plain_typed = (
        re.sub(r"[\s·•]", "", identity.plain(name)).casefold() for name in (recorded, typed)
    )
    return len(plain_recorded) >= 2 and plain_recorded == plain_typed


def highest_level(*, minor: bool) -> Level:
    """A minor stays at the phone until a guardian's consent is on record (PIPL 28, 31)."""
    return Level.PHONE if minor else Level.PROVED


def pause_seconds(failures: int) -> int:
    """Seconds until the next try is heard: none for nine failures, then 30, 60, 120 … up to an hour.

    A delay, never a lock: nobody can shut another person out for longer, and only from their own network.
    """
    if failures < FREE_FAILURES:
        return 0
    doubled: int = FIRST_PAUSE_SECONDS * 2 ** min(failures - FREE_FAILURES, 20)
    return min(doubled, int(LONGEST_PAUSE.total_seconds()))


_SEPARATORS = re.compile(r"[\s\-().·]")
_LETTERS = re.compile(r"[^\d+]")


class BadPhone(ValueError):
    """Not a mobile number of the mainland."""


def normal_phone(text: str) -> str:
    """The number as ``+8613812345678``; full-width digits, spaces, dashes, 0086 and +86 are understood.

    :raises BadPhone: when it is not an eleven-digit mobile number; the number itself is not in the message.
    """
    typed = _SEPARATORS.sub("", identity.plain(text))
    if len(typed) > 20 or _LETTERS.search(typed) or not identity.is_mobile(typed):
        raise BadPhone("not a mobile number")
    return identity.phone(typed)


def normal_code(text: str) -> str:
    """A code as typed, without spaces and with plain digits."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))[:12]


def short_name(name: str) -> str:
    """What a list may show of a name: 王小明 → 王**."""
    return masks.mask_name(name)[:40]


TOTP_STEP_SECONDS = 30
TOTP_DIGITS = 6


def totp_code(secret: bytes, counter: int, digits: int = TOTP_DIGITS) -> str:
    """The one-time password of a time step (RFC 6238 with HMAC-SHA-1, which every authenticator app
    speaks).
    """
    digest = hmac.new(secret, struct.pack(">Q", counter), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**digits:0{digits}}"


def totp_step(secret: bytes, code: str, *, at: datetime) -> int | None:
    """The time step whose code this is: now, the one before or the one after; None for a wrong code."""
    present = int(at.timestamp()) // TOTP_STEP_SECONDS
    for counter in (present, present - 1, present + 1):
        if hmac.compare_digest(totp_code(secret, counter).encode(), code.encode()):
            return counter
    return None


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

    Only paths that begin with one slash are allowed; no host, no scheme, no backslash, no control character,
    no way back to
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

DataEraser = Callable[[int, datetime], None]
"""Removes or pseudonymises what a room holds about a person (account id, moment); runs inside the erasing
transaction.
"""


class Erasers:
    """The rooms' erasers, by the name of the room; erasing an account asks them all, in one transaction."""

    def __init__(self) -> None:
        self._by_room: dict[str, DataEraser] = {}

    def register(self, room: str, eraser: DataEraser) -> None:
        """Add or replace one room's eraser."""
        self._by_room[room] = eraser

    def run(self, account_id: int, at: datetime) -> None:
        """Let every room erase."""
        for _, eraser in sorted(self._by_room.items()):
            eraser(account_id, at)


erasers = Erasers()


def client_address(remote: str, forwarded: str, *, proxies: int) -> str:
    """The address of whoever asks, as the outermost of our own proxies saw it.

    :param remote: who connected to us.
    :param forwarded: the header ``X-Forwarded-For``; what stands left of our proxies' entries anybody can invent.
    :param proxies: how many proxies of our own stand before us.
    """
    entries = [entry.strip() for entry in forwarded.split(",") if entry.strip()]
    return entries[-proxies] if 0 < proxies <= len(entries) else remote


network_of = networks.network_of


TOKEN_MARK = "lnl_"
TOKEN_PREFIX = 10  # so many letters of a token are kept readable: the mark and six more
_TOKEN_FIELDS = frozenset(
    {"token", "access_token", "api_token", "api_key", "apikey", "authorization", "bearer"}
)


def carries_token(query: Mapping[str, str]) -> bool:
    """Whether a URL's query holds a token: such a request is refused (400), for URLs end in logs and
    histories.
    """
    return any(
        name.lower().replace("-", "_") in _TOKEN_FIELDS or TOKEN_MARK in value
        for name, value in query.items()
    )
