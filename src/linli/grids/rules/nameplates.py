"""What a nameplate may say, and whether its bearer is there today. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from linli.grids.rules.words import Tongue
from linli.kernel.refusals import Wrong

HOURS_MOST = 120
LONGEST_AWAY = timedelta(days=366)
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{1,27}[0-9]")


@dataclass(frozen=True, slots=True)
class Plate:
    """What stands on a nameplate, but for the picture. ``away_last_date`` is the last day away."""

    hours_zh: str = ""
    hours_en: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()
    away_from_date: date | None = None
    away_last_date: date | None = None
    stand_in_id: int | None = None

    def hours(self, *, english: bool) -> str:
        """The hours in the reader's language, in Chinese where there is no other."""
        return (self.hours_en if english else "") or self.hours_zh

    def is_away(self, day: date) -> bool:
        """Whether its bearer is away on this day."""
        return (
            self.away_from_date is not None
            and self.away_last_date is not None
            and self.away_from_date <= day <= self.away_last_date
        )


def tidy(plate: Plate) -> Plate:
    """The plate without needless blanks, its languages in the one order; nobody stands in for whom is there."""
    known = [tongue.value for tongue in Tongue]
    return replace(
        plate,
        hours_zh=" ".join(plate.hours_zh.split()),
        hours_en=" ".join(plate.hours_en.split()),
        phone=" ".join(plate.phone.split()),
        languages=tuple(one for one in known if one in plate.languages),
        stand_in_id=plate.stand_in_id if plate.away_from_date else None,
    )


def faults(
    plate: Plate,
    *,
    personal: Callable[[str], bool],
    private: Callable[[str], bool],
    serves: Callable[[int], bool],
) -> tuple[Wrong, ...]:
    """Everything that keeps a tidied plate from being shown.

    :param personal: whether a text holds numbers of persons (the publication linter).
    :param private: whether somebody signs in with this number: then it is a person's, not the desk's.
    :param serves: whether this account serves in the community today and is not the bearer.
    """
    found = []
    for name in ("hours_zh", "hours_en"):
        if len(getattr(plate, name)) > HOURS_MOST:
            found.append(Wrong(name, "too_long"))
        if personal(getattr(plate, name)):
            found.append(Wrong(name, "personal"))
    if plate.phone and not _PHONE.fullmatch(plate.phone):
        found.append(Wrong("phone", "not_a_phone"))
    elif plate.phone and private(plate.phone):
        found.append(Wrong("phone", "private_phone"))
    found += _away_faults(plate)
    if plate.stand_in_id is not None and not serves(plate.stand_in_id):
        found.append(Wrong("stand_in", "nobody_there"))
    return tuple(found)


def _away_faults(plate: Plate) -> list[Wrong]:
    if plate.away_from_date is None and plate.away_last_date is None:
        return []
    if plate.away_from_date is None or plate.away_last_date is None:
        return [Wrong("away_last_date" if plate.away_from_date else "away_from_date", "both_days")]
    if plate.away_last_date < plate.away_from_date:
        return [Wrong("away_last_date", "ends_before_it_begins")]
    if plate.away_last_date - plate.away_from_date > LONGEST_AWAY:
        return [Wrong("away_last_date", "too_many_days")]
    return []
