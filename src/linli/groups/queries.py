"""Which groups a place has and how many households they reach; for everybody, so inside the community's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.groups import rules
from linli.groups.access import LEVELS
from linli.groups.models import ChatGroup, HeadCount
from linli.kernel import scope
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class CountRow:
    """One count. ``counted_by`` is the short form of a name."""

    counted_date: date
    people: int
    households: int
    evidence: str
    note: str
    counted_by: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with its last count. ``owner`` is the short form of a name (王*)."""

    id: int
    place: PlaceRow
    kind: str
    platform: str
    name_zh: str
    name_en: str
    join_zh: str
    join_en: str
    owner: str
    counted: CountRow | None

    def name(self, language: str) -> str:
        """Its name in the reader's language, Chinese where there is no other."""
        return self.name_en if reads_english(language) and self.name_en else self.name_zh

    def join(self, language: str) -> str:
        """How to get in, in the reader's language, Chinese where there is no other."""
        return self.join_en if reads_english(language) and self.join_en else self.join_zh

    @property
    def share(self) -> float | None:
        """Households reached of those of its place, 0 to 1; None when it cannot be said."""
        if self.counted is None:
            return None
        return rules.Reach(self.counted.households, self.place.households).share


def at_place(place: PlaceRow) -> list[GroupRow]:
    """The open groups of a place and of those above it, the nearest first; not those of the staff."""
    above = [int(step) for step in place.path.split(".") if step]
    with scope.within([place.community_id]):
        found = rows(
            ChatGroup.objects.filter(
                community_id=place.community_id, place_id__in=above, closed_at__isnull=True
            ).exclude(kind=rules.Kind.STAFF)
        )
    return sorted(found, key=lambda row: (-row.place.depth, row.kind, row.id))


def in_community(community_id: int) -> list[GroupRow]:
    """All open groups of a community entered, as the places lie."""
    found = rows(ChatGroup.objects.filter(community_id=community_id, closed_at__isnull=True))
    return sorted(found, key=lambda row: (row.place.path, row.kind, row.id))


def coverage(community: PlaceRow, groups: Iterable[GroupRow]) -> list[tuple[PlaceRow, rules.Reach]]:
    """How many households the residents' groups reach: of the community, its committees and its grids."""
    every = sorted(
        places.subtree(community.path, *[level.value for level in LEVELS]), key=lambda place: place.depth
    )
    best: dict[int, int] = {}
    for group in groups:
        if group.kind == rules.Kind.RESIDENTS and group.counted:
            best[group.place.id] = max(best.get(group.place.id, 0), group.counted.households)
    spots = [rules.Spot(place.id, place.parent_id, place.households) for place in every]
    found = rules.coverage(spots, best)
    shown = [place for place in every if place.level in LEVELS[:3]]
    return [(place, found[place.id]) for place in sorted(shown, key=lambda place: place.path)]


def counts(group_id: int, *, most: int) -> list[CountRow]:
    """The counts of a group, the latest first."""
    return [row for _, row in _counts(_latest(HeadCount.objects.filter(group_id=group_id))[:most])]


def rows(found: QuerySet[ChatGroup]) -> list[GroupRow]:
    """Groups with their places, owners and last counts; five statements however many there are."""
    taken = list(found)
    where = places.places({row.place_id for row in taken})
    who = people.cards({row.owner_id for row in taken if row.owner_id})
    last = HeadCount.objects.filter(group__in=taken).order_by("group_id", "-counted_date", "-id")
    counted = dict(_counts(last.distinct("group_id")))
    return [
        GroupRow(
            id=row.pk,
            place=where[row.place_id],
            kind=row.kind,
            platform=row.platform,
            name_zh=row.name_zh,
            name_en=row.name_en,
            join_zh=row.join_zh,
            join_en=row.join_en,
            owner=who[row.owner_id].short_name if row.owner_id in who else "",
            counted=counted.get(row.pk),
        )
        for row in taken
    ]


def _latest(found: QuerySet[HeadCount]) -> QuerySet[HeadCount]:
    return found.order_by("-counted_date", "-id")


def _counts(found: QuerySet[HeadCount]) -> list[tuple[int, CountRow]]:
    taken = list(found)
    who = people.cards({row.counted_by_id for row in taken if row.counted_by_id})
    return [
        (
            row.group_id,
            CountRow(
                row.counted_date,
                row.people,
                row.households,
                row.evidence,
                row.note,
                who[row.counted_by_id].short_name if row.counted_by_id in who else "",
            ),
        )
        for row in taken
    ]
