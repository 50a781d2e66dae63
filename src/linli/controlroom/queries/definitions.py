"""Which definition of a rate held on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from linli.controlroom.models import DefinitionRow
from linli.controlroom.rules import definitions
from linli.controlroom.rules.definitions import SHIPPED, Definition


@dataclass(frozen=True, slots=True)
class Held:
    """The community's own versions of each rate, newest first."""

    rows: Mapping[str, tuple[DefinitionRow, ...]]
    trial: Definition | None = None  # counted by instead of its rate's own versions

    def on(self, code: str, day: date) -> Definition:
        """The definition in force on a day: the community's own, else the shipped one."""
        if self.trial is not None and self.trial.code == code:
            return self.trial
        for row in self.rows.get(code, ()):
            if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
                return read(row)
        return SHIPPED[code]


def read(row: DefinitionRow) -> Definition:
    """A stored row as the rules read it."""
    return definitions.from_plain(row.code, row.says, id=str(row.pk))


def held(community_id: int, codes: Iterable[str] | None = None, *, trial: Definition | None = None) -> Held:
    """The versions of these rates (all without codes), in one statement; one of them may be tried otherwise."""
    found = DefinitionRow.objects.filter(community_id=community_id)
    if codes is not None:
        found = found.filter(code__in=sorted(codes))
    rows: dict[str, list[DefinitionRow]] = {}
    for row in found.order_by("code", "-valid_from"):
        rows.setdefault(row.code, []).append(row)
    return Held({code: tuple(each) for code, each in rows.items()}, trial)
