"""What can be got done where; for everybody, so inside the community's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import scope, text
from linli.kernel.access import NotFound
from linli.publishing.models import Service
from linli.publishing.rules import State
from linli.publishing.rules_services import LINES, TEXTS, found, ordered


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service as everybody may read it. ``zh`` and ``en``: name, words, whom, papers, hours, where."""

    id: int
    place: PlaceRow
    topic: str
    zh: dict[str, str]
    en: dict[str, str]
    phone: str
    link: str
    online: bool
    rank: int
    from_date: date
    last_date: date | None
    example: bool
    changed_at: datetime

    @property
    def depth(self) -> int:
        """How far below the community its place lies."""
        return self.place.depth

    @property
    def heads(self) -> str:
        """Its names, as searching compares them."""
        return text.normal(f"{self.zh['name']}\n{self.en['name']}")

    @property
    def rest(self) -> str:
        """All its other words, as searching compares them."""
        return text.normal("\n".join((*self.zh.values(), *self.en.values())))

    def said(self, name: str, language: str) -> str:
        """One of its texts in the reader's language, Chinese where there is no other."""
        return (self.en[name] if reads_english(language) else "") or self.zh[name]

    def tongue(self, name: str, language: str) -> str:
        """The language in which a reader of this language gets that text."""
        return "en" if reads_english(language) and self.en[name] else "zh-Hans"


def offered(place: PlaceRow, day: date, *, looked_for: str = "", topic: str = "") -> list[ServiceRow]:
    """What is offered for this place on this day, its own and what holds from above: nearest first, or the best found.

    Two statements, however many there are.
    """
    above = [int(step) for step in place.path.split(".") if step]
    with scope.within([place.community_id]):
        standing = Service.objects.filter(
            _on(day), community_id=place.community_id, place_id__in=above, withdrawn_at__isnull=True
        )
        wanted = standing.filter(topic=topic) if topic else standing
        listed = rows(wanted.order_by("id"))
    return found(ordered(listed), pieces(looked_for))


def pieces(looked_for: str) -> set[str]:
    """What somebody looks for, cut so that each piece can be found alone; a lone character only if there is no more."""
    every = text.bigrams(looked_for[:60])
    return {piece for piece in every if len(piece) > 1} or set(every)


def readable(place: PlaceRow, service_id: int, day: date) -> ServiceRow:
    """One that is offered in the place's community on this day.

    :raises NotFound: absent, withdrawn, over, not begun, or of another community.
    """
    with scope.within([place.community_id]):
        listed = rows(
            Service.objects.filter(
                _on(day), pk=service_id, community_id=place.community_id, withdrawn_at__isnull=True
            )
        )
    if not listed:
        raise NotFound
    return listed[0]


def counts(every: QuerySet[Service], day: date) -> dict[State, int]:
    """How many of them are in each state on this day, in one statement."""
    found = every.aggregate(**{state.value: Count("pk", filter=_in(state, day)) for state in State})
    return {state: found[state.value] for state in State}


def in_state(every: QuerySet[Service], state: State, day: date) -> QuerySet[Service]:
    """Those of them that are in this state on this day."""
    return every.filter(_in(state, day))


def _in(state: State, day: date) -> Q:
    held = Q(withdrawn_at__isnull=True)
    return {
        State.STANDING: held & _on(day),
        State.COMING: held & Q(from_date__gt=day),
        State.PAST: held & Q(from_date__lte=day, last_date__lt=day),
        State.WITHDRAWN: ~held,
    }[state]


def rows(services: Iterable[Service]) -> list[ServiceRow]:
    """Services with their places, in two statements."""
    taken = list(services)
    where = places.places({row.place_id for row in taken})
    return [_row(row, where[row.place_id]) for row in taken]


def _row(row: Service, place: PlaceRow) -> ServiceRow:
    said = {
        tongue: {name: getattr(row, f"{name}_{tongue}") for name in ("name", *TEXTS, *LINES)}
        for tongue in ("zh", "en")
    }
    return ServiceRow(
        id=row.pk,
        place=place,
        topic=row.topic,
        zh=said["zh"],
        en=said["en"],
        phone=row.phone,
        link=row.link,
        online=row.online,
        rank=row.rank,
        from_date=row.from_date,
        last_date=row.last_date,
        example=row.example,
        changed_at=row.changed_at,
    )


def _on(day: date) -> Q:
    return Q(from_date__lte=day) & (Q(last_date__isnull=True) | Q(last_date__gte=day))
