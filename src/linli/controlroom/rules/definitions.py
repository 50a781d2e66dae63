"""What a community may decide about a rate: which cases count, in which month, with which outcome. Pure.

The pitfalls that a scorer has to fix and show: numerator and denominator, inquiries, residents who cannot be reached,
duplicates, exclusion by approval, the month a case belongs to, and the body it belongs to after being sent on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any


class CountedOn(StrEnum):
    """To which period a case belongs: by the moment it was …"""

    REPORTED = "reported"
    DISPATCHED = "dispatched"  # first sent to a body: 派单月
    SETTLED = "settled"  # last closed or answered: 办结月
    HEARD = "heard"  # the resident's last word, by call-back or own rating: 回访月


class Handling(StrEnum):
    """What becomes of a case whose outcome is not known."""

    DROPPED = "dropped"
    FOR = "for"
    AGAINST = "against"


class Source(StrEnum):
    """Whose word on the outcome counts."""

    EITHER = "either"  # the last word, whether a call-back's or the resident's own rating
    CALL_BACK = "call_back"  # call-backs only


class Owner(StrEnum):
    """Which body a case belongs to once it was sent on."""

    LAST = "last"
    FIRST = "first"


LEAVABLE_KINDS = ("inquiry", "suggestion", "praise")
LEAVABLE_ENDS = ("declined", "merged", "withdrawn", "voided")
LEAVABLE = LEAVABLE_KINDS + LEAVABLE_ENDS
PROMISES = ("sign", "first_contact", "resolve")
RATES = ("response_rate", "solved_rate", "satisfied_rate")
FLOORABLE = (*RATES, "sign_rate", "contact_rate", "on_time_rate")
MOST_WINDOW = 730


@dataclass(frozen=True, slots=True)
class Definition:
    """How one rate is counted, from a day on. Fields that a rate does not use keep their standing values."""

    code: str
    counted_on: CountedOn = CountedOn.DISPATCHED
    promises: tuple[str, ...] = ()  # numerator: all of these promises kept
    leave_out: tuple[str, ...] = ()  # kinds and endings that are not counted
    approved_out: bool = True  # cases excluded by approval are not counted
    unreachable: Handling = Handling.DROPPED
    silent: Handling = Handling.DROPPED
    source: Source = Source.EITHER
    stars: int = 4  # satisfied: at least so many of five
    window_days: int = 90  # came back: within so many days after closing
    owner: Owner = Owner.LAST
    weights: tuple[tuple[str, int], ...] = ()  # score: percent of each rate; together 100
    floors: tuple[tuple[str, int], ...] = ()  # score: least percent
    floor_zeroes: bool = False  # below a floor the score is 0; else only marked
    rescale: bool = (
        False  # a rate without cases is left out and the others weigh more; else there is no score
    )
    id: str = "shipped"


_ENDS = ("merged", "withdrawn", "voided")
_WORDS = Definition("", leave_out=("inquiry", "praise", *LEAVABLE_ENDS))
SHIPPED: Mapping[str, Definition] = {
    one.code: one
    for one in (
        Definition("response_rate", promises=("sign", "first_contact"), leave_out=_ENDS),
        replace(_WORDS, code="solved_rate"),
        replace(_WORDS, code="satisfied_rate"),
        Definition("on_time_rate", promises=("resolve",), leave_out=_ENDS),
        Definition("sign_rate", promises=("sign",), leave_out=_ENDS),
        Definition("contact_rate", promises=("first_contact",), leave_out=_ENDS),
        Definition("return_rate", leave_out=("voided",), owner=Owner.FIRST),
        Definition("repeat_rate", counted_on=CountedOn.REPORTED, leave_out=("inquiry", "praise", "merged", "voided")),
        Definition(
            "three_rates_score",
            weights=(("response_rate", 30), ("solved_rate", 35), ("satisfied_rate", 35)),
        ),
    )
}  # fmt: skip
#: Which fields each rate uses; what it does not use is not asked and not said.
_LAST = ("leave_out", "approved_out", "owner")
USES: Mapping[str, tuple[str, ...]] = {
    "response_rate": ("counted_on", "promises", *_LAST),
    "solved_rate": ("counted_on", "source", "unreachable", "silent", *_LAST),
    "satisfied_rate": ("counted_on", "stars", "source", "unreachable", "silent", *_LAST),
    "on_time_rate": ("counted_on", *_LAST),
    "sign_rate": ("counted_on", *_LAST),
    "contact_rate": ("counted_on", *_LAST),
    "return_rate": ("counted_on", *_LAST),
    "repeat_rate": ("window_days", "leave_out", "approved_out"),
    "three_rates_score": ("weights", "floors", "floor_zeroes", "rescale"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a definition: the field, why, and what it was measured against."""

    field: str
    code: str
    limit: str = ""


def faults(one: Definition) -> tuple[Fault, ...]:
    """Everything that is wrong with a definition; empty when it can hold."""
    uses = USES.get(one.code)
    if uses is None:
        return (Fault("code", "unknown"),)
    found = [Fault("leave_out", "unknown", name) for name in one.leave_out if name not in LEAVABLE]
    found += [Fault("promises", "unknown", name) for name in one.promises if name not in PROMISES]
    if "promises" in uses and not one.promises:
        found.append(Fault("promises", "missing"))
    if not 1 <= one.stars <= 5:
        found.append(Fault("stars", "one_to_five"))
    if not 1 <= one.window_days <= MOST_WINDOW:
        found.append(Fault("window_days", "out_of_range", f"1–{MOST_WINDOW}"))
    return (*found, *(_score_faults(one) if "weights" in uses else ()))


def _score_faults(one: Definition) -> list[Fault]:
    found = []
    if [code for code, _ in one.weights] != list(RATES) or any(
        not 0 <= part <= 100 for _, part in one.weights
    ):
        found.append(Fault("weights", "unknown"))
    elif sum(part for _, part in one.weights) != 100:
        found.append(Fault("weights", "not_hundred", str(sum(part for _, part in one.weights))))
    found += [Fault("floors", "unknown", code) for code, _ in one.floors if code not in FLOORABLE]
    found += [Fault("floors", "out_of_range", "1–100") for _, part in one.floors if not 1 <= part <= 100]
    return found


def as_plain(one: Definition) -> dict[str, Any]:
    """The decided fields as a stored row keeps them: only what the rate uses."""
    plain: dict[str, Any] = {}
    for name in USES[one.code]:
        value = getattr(one, name)
        if name in {"weights", "floors"}:
            plain[name] = dict(value)
        else:
            plain[name] = list(value) if isinstance(value, tuple) else value
    return plain


_ENUMS: Mapping[str, type[StrEnum]] = {
    "counted_on": CountedOn, "unreachable": Handling, "silent": Handling, "source": Source, "owner": Owner,
}  # fmt: skip


def from_plain(code: str, plain: Mapping[str, Any], *, id: str = "shipped") -> Definition:  # noqa: A002
    """A stored row as the rules read it; what it does not say is as shipped.

    :raises ValueError: for a value outside its set.
    """
    known = {each.name for each in fields(Definition)} & set(plain) & set(USES[code])
    changes = {name: _read(name, plain[name]) for name in known}
    return replace(SHIPPED[code], **changes, id=id)


def _read(name: str, value: Any) -> Any:
    """One stored field as the rules read it.

    :raises ValueError: for a value of another kind, or outside its set.
    """
    if name in _ENUMS:
        return _ENUMS[name](value)
    held = getattr(_WORDS, name)
    if name in {"weights", "floors"}:
        return _shares(value)
    if isinstance(held, tuple):
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            raise ValueError(name)
        return tuple(dict.fromkeys(value))
    if type(value) is not type(held):  # a yes is no number
        raise ValueError(name)
    return value


def _shares(value: Any) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, Mapping) or not all(type(part) is int for part in value.values()):
        raise ValueError("percent")
    order = [*FLOORABLE, *value]  # the store does not keep the order of keys
    return tuple((str(key), value[key]) for key in sorted(value, key=order.index))


def score(one: Definition, rates: Mapping[str, float | None]) -> tuple[float | None, tuple[str, ...]]:
    """The weighted score in points of 100, and what a reader must know about it.

    :param rates: shares of 0 to 1, or None where there was nothing to measure.
    """
    weighed = [(rates.get(code), part, code) for code, part in one.weights if part]
    missing = [f"not_measured:{code}" for value, _, code in weighed if value is None]
    known = [(value, part) for value, part, _ in weighed if value is not None]
    total = sum(part for _, part in known)
    if not total or (missing and not one.rescale):
        return None, tuple(missing)
    points = sum(value * part for value, part in known) / total * 100
    held = {code: rates.get(code) for code, _ in one.floors}
    low = [f"below_floor:{code}" for code, least in one.floors if _is_below(held[code], least)]
    marks = (*(f"rescaled:{mark.partition(':')[2]}" for mark in missing), *low)
    return (0.0 if low and one.floor_zeroes else points), marks


def _is_below(share: float | None, least: int) -> bool:
    return share is not None and share * 100 < least
