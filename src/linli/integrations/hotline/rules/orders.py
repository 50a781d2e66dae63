"""What an order of a hotline says, read by a mapping; what becomes of it; what is due for another try. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from linli.cases.rules.intake import MAX_WORDS, MIN_WORDS, Wrong, clean_words, meaning_length
from linli.cases.rules.messages import local_time
from linli.cases.rules.workflow import State, Verb
from linli.grids.rules.datum import to_wgs84
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules.mapping import OURS, Mapping, Sends, Tells
from linli.kernel import backoff

LONGEST_NUMBER = 60
_TIME_OF_DAY = re.compile(r"\d[:：]\d")
MOST_TRIES = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)


class Way(StrEnum):
    """Which way an order went."""

    IN = "in"
    OUT = "out"


class Standing(StrEnum):
    """Where an order stands between them and us."""

    WAITING = "waiting"  # out: not yet taken by them
    OPEN = "open"  # being worked on
    REFUSED = "refused"  # could not be taken; the reasons stand with it
    RETURNED = "returned"  # in: we do not think it is ours; they rule
    GONE = "gone"  # in: the return was agreed to, or they took it back
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Incoming:
    """An order as it arrived, understood."""

    number: str
    words: str
    digest: str  # of everything it says, to know a replay from a change
    tells: Tells = Tells.NEW
    our_number: str = ""
    called_at: datetime | None = None
    due_at: datetime | None = None
    caller: str = ""
    phone: str = ""
    address: str = ""
    point: tuple[float, float] | None = None  # WGS-84
    category: str = ""  # a code of ours, or their own word where no table leads to one
    kind: str = ""
    urgency: str = ""
    anonymous: bool = False
    answer: str = ""


def read(row: Any, mapping: Mapping) -> Incoming | tuple[Wrong, ...]:
    """What an order says, or everything that is wrong with it."""
    if not isinstance(row, dict):
        return (Wrong("order", "not_an_object"),)
    wrongs: list[Wrong] = []
    cell = {name: _text(mappings.cell(row, mapping, name)) for name in mapping.fields}
    coded = {name: _ours(mapping, name, cell.get(name, ""), wrongs) for name in ("category", *OURS)}
    words = _words(cell.get("subject", ""), cell.get("body", ""))
    tells = Tells(coded["state"] or Tells.NEW)
    _check(cell, words, tells, wrongs)
    called_at = _time(cell, "called_at", mapping, wrongs)
    due_at = _time(cell, "due", mapping, wrongs)
    point = _point(cell, mapping, wrongs)
    if wrongs:
        return tuple(wrongs)
    return Incoming(
        number=cell["number"],
        words=words,
        digest=digest(cell),
        tells=tells,
        our_number=cell.get("our_number", ""),
        called_at=called_at,
        due_at=due_at,
        caller=cell.get("caller", "")[:60],
        phone=cell.get("phone", ""),
        address=cell.get("address", "")[:200],
        point=point,
        category=coded["category"],
        kind=coded["kind"],
        urgency=coded["urgency"],
        anonymous=coded["anonymous"] == "yes",
        answer=clean_words(cell.get("answer", ""))[:MAX_WORDS],
    )


def number_of(row: Any, mapping: Mapping) -> str:
    """Their number in a row that may be otherwise unreadable; empty for none."""
    return _text(mappings.cell(row, mapping, "number"))[:LONGEST_NUMBER] if isinstance(row, dict) else ""


def digest(cell: Table[str, str]) -> str:
    """One line that changes when anything of the order does."""
    told = json.dumps(dict(cell), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _words(subject: str, body: str) -> str:
    """Subject and body; a subject that is only the body's beginning is left out."""
    if body.startswith(subject.rstrip(".…")):
        return clean_words(body)
    return clean_words("\n".join(part for part in (subject, body) if part))


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_x000D_", "").strip()


def _ours(mapping: Mapping, name: str, theirs: str, wrongs: list[Wrong]) -> str:
    """Their code as ours; a kind, urgency or state that no table knows is a fault, a category is kept as it came."""
    if not theirs:
        return ""
    table = mapping.codes.get(name, {})
    found = table.get(theirs, table.get("*", ""))
    if found or name == "category":
        return found or theirs
    if theirs in OURS[name]:
        return theirs
    wrongs.append(Wrong(name, "unknown_code", theirs[:40]))
    return ""


def _check(cell: Table[str, str], words: str, tells: Tells, wrongs: list[Wrong]) -> None:
    number = cell.get("number", "")
    if not number:
        wrongs.append(Wrong("number", "missing"))
    elif len(number) > LONGEST_NUMBER:
        wrongs.append(Wrong("number", "too_long", str(LONGEST_NUMBER)))
    if tells is Tells.NEW and meaning_length(words) < MIN_WORDS:
        wrongs.append(Wrong("body", "too_short", str(MIN_WORDS)))
    if len(words) > MAX_WORDS:
        wrongs.append(Wrong("body", "too_long", str(MAX_WORDS)))


def _time(cell: Table[str, str], name: str, mapping: Mapping, wrongs: list[Wrong]) -> datetime | None:
    text = cell.get(name, "")
    if not text:
        return None
    found = _parsed(text, mapping)
    if found is None:
        wrongs.append(Wrong(name, "not_a_time", text[:40]))
    elif name == "due" and not _TIME_OF_DAY.search(text) and not text.isdigit():
        return (
            found + timedelta(days=1) - timedelta(seconds=1)
        )  # a day to settle something by lasts to its end
    return found


def _parsed(text: str, mapping: Mapping) -> datetime | None:
    try:
        if mapping.time_format:
            found = datetime.strptime(text, mapping.time_format)  # noqa: DTZ007  (the zone follows)
            return found if found.tzinfo else found.replace(tzinfo=mapping.zone)
        if text.isdigit() and len(text) in {10, 13}:
            return datetime.fromtimestamp(int(text[:10]), tz=mapping.zone)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=mapping.zone)
    except (ValueError, OverflowError, OSError):
        return local_time(text, mapping.zone)


def _point(cell: Table[str, str], mapping: Mapping, wrongs: list[Wrong]) -> tuple[float, float] | None:
    lon, lat = cell.get("lon", ""), cell.get("lat", "")
    if not lon or not lat:
        return None
    try:
        one, other = float(lon), float(lat)
    except ValueError:
        wrongs.append(Wrong("lon", "not_a_point", f"{lon[:20]}, {lat[:20]}"))
        return None
    if one == 0 and other == 0:
        return None
    if not (-180 <= one <= 180 and -90 <= other <= 90):
        wrongs.append(Wrong("lon", "not_a_point", f"{lon[:20]}, {lat[:20]}"))
        return None
    return to_wgs84(one, other, mapping.datum)


#: Which message tells of a move; a move that is not here tells nothing to them.
TELLS_OF: dict[Verb, Sends] = {
    Verb.ACCEPT: Sends.PROGRESS,
    Verb.DISPATCH: Sends.PROGRESS,
    Verb.SIGN: Sends.PROGRESS,
    Verb.CONTACT: Sends.PROGRESS,
    Verb.HANDLED: Sends.PROGRESS,
    Verb.SETTLE: Sends.PROGRESS,
    Verb.REDO: Sends.PROGRESS,
    Verb.MERGE: Sends.PROGRESS,
    Verb.REOPEN: Sends.PROGRESS,
    Verb.REPLY: Sends.RESULT,
    Verb.CLOSE: Sends.RESULT,
    Verb.DECLINE: Sends.RESULT,
    Verb.VOID: Sends.RESULT,
    Verb.FOLLOW_UP: Sends.SATISFACTION,
    Verb.RATE: Sends.SATISFACTION,
}
NOT_OURS = "not_our_matter"


def told_by(verb: Verb, reason: str) -> Sends | None:
    """The message that tells of a move: declining what is not ours asks them to take it back."""
    if verb is Verb.DECLINE and reason == NOT_OURS:
        return Sends.RETURNED
    return TELLS_OF.get(verb)


def standing_after(sent: Sends, now: Standing) -> Standing:
    """Where an order of theirs stands once this message is on its way."""
    if sent is Sends.RETURNED:
        return Standing.RETURNED
    if sent is Sends.RESULT:
        return Standing.SETTLED
    return Standing.OPEN if sent is Sends.PROGRESS and now is Standing.SETTLED else now


def outcome(verb: Verb, state: State) -> str:
    """What a result says in one word: ``declined``, ``voided``, or ``done``."""
    return {Verb.DECLINE: "declined", Verb.VOID: "voided"}.get(
        verb, "done" if state is State.CLOSED else state.value
    )


def next_try(tries: int, at: datetime) -> datetime | None:
    """When a message is tried again after so many tries: 30 s, a minute, two … two hours; None: given up."""
    if tries >= MOST_TRIES:
        return None
    return at + backoff.wait(tries, first=FIRST_WAIT, longest=LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Difference:
    """One order on which the two lists do not agree: ``missing_here``, ``missing_there``, ``standing``."""

    number: str
    code: str
    theirs: str = ""
    ours: str = ""


def differences(theirs: Table[str, Tells], ours: Table[str, Standing]) -> list[Difference]:
    """Where their list and ours do not agree, by number."""
    found = []
    for number in sorted(set(theirs) | set(ours)):
        if number not in ours:
            found.append(Difference(number, "missing_here", theirs=theirs[number].value))
        elif number not in theirs:
            found.append(Difference(number, "missing_there", ours=ours[number].value))
        elif not _agree(theirs[number], ours[number]):
            found.append(Difference(number, "standing", theirs[number].value, ours[number].value))
    return found


def _agree(theirs: Tells, ours: Standing) -> bool:
    ended = {Standing.SETTLED, Standing.GONE, Standing.REFUSED}
    if theirs in {Tells.SETTLED}:
        return ours is Standing.SETTLED
    if theirs in {Tells.WITHDRAWN, Tells.RETURN_GRANTED}:
        return ours in ended
    return ours not in ended
