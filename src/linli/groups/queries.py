"""Which groups a place has and how many households they reach; for everybody, so inside the community's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.access import PAGED
from linli.grids.rows import PlaceRow
from linli.groups import files, rules
from linli.groups.models import ChatGroup, GroupCode, HeadCount
from linli.kernel import scope
from linli.kernel.access import NotFound
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class CountRow:
    """One count. ``counted_by`` is the short form of a name."""

    id: int
    counted_date: date
    people: int
    households: int
    evidence: str
    note: str
    counted_by: str
    pictures: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A way in that works until the end of a day: a picture (under its ticket) or a link."""

    ticket: UUID
    link: str
    picture: UUID | None
    last_date: date


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
    owner_id: int | None
    version: int
    counted: CountRow | None
    code: CodeRow | None = None

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


def at_place(place: PlaceRow, today: date | None = None) -> list[GroupRow]:
    """The open groups of a place and of those above it, the nearest first; not those of the staff.

    :param today: given, groups come with the code that works on this day.
    """
    above = [int(step) for step in place.path.split(".") if step]
    with scope.within([place.community_id]):
        found = rows(
            ChatGroup.objects.filter(
                community_id=place.community_id, place_id__in=above, closed_at__isnull=True
            ).exclude(kind=rules.Kind.STAFF),
            today=today,
        )
    return sorted(found, key=lambda row: (-row.place.depth, row.kind, row.id))


def one(community_id: int, group_id: int) -> GroupRow | None:
    """An open group of a community entered."""
    found = rows(ChatGroup.objects.filter(community_id=community_id, pk=group_id, closed_at__isnull=True))
    return found[0] if found else None


def in_community(community_id: int) -> list[GroupRow]:
    """All open groups of a community entered, as the places lie."""
    found = rows(ChatGroup.objects.filter(community_id=community_id, closed_at__isnull=True))
    return sorted(found, key=lambda row: (row.place.path, row.kind, row.id))


@dataclass(frozen=True, slots=True)
class Explained:
    """The coverage of a place, and what it is made of: its own groups, and its parts with theirs."""

    place: PlaceRow
    made: rules.Made
    groups: tuple[GroupRow, ...]
    parts: tuple[tuple[PlaceRow, rules.Reach], ...]


def coverage(community: PlaceRow, groups: Iterable[GroupRow]) -> list[tuple[PlaceRow, rules.Reach]]:
    """How many households the residents' groups reach: of the community, its committees and its grids."""
    covered = _Covered(community, groups)
    shown = [place for place in covered.every if place.level in PAGED[:3]]
    return [(place, covered.found[place.id]) for place in sorted(shown, key=lambda place: place.path)]


@dataclass(frozen=True, slots=True)
class GridReach:
    """What the residents' groups of a grid and its parts came to on a day, and the counts it rests on."""

    grid_id: int
    reached: int
    households: int | None
    heads: int
    count_ids: tuple[int, ...]


def coverage_on(community_id: int, day: date) -> list[GridReach]:
    """The coverage of every grid as the last counts up to a day have it, by the grids' ids; two statements."""
    with scope.within([community_id]):
        counted = list(
            HeadCount.objects.filter(
                Q(group__closed_at__isnull=True) | Q(group__closed_at__date__gt=day),
                community_id=community_id,
                counted_date__lte=day,
                group__kind=rules.Kind.RESIDENTS,
            )
            .order_by("group_id", "-counted_date", "-id")
            .distinct("group_id")
            .values_list("pk", "group__place_id", "people", "households")
        )
    every = places.subtree(f"{community_id}.", *(level.value for level in PAGED))
    every.sort(key=lambda place: place.depth)
    best: dict[int, int] = {}
    for _, place_id, _, reached in counted:
        best[place_id] = max(best.get(place_id, 0), reached)
    found = rules.coverage([rules.Spot(one.id, one.parent_id, one.households) for one in every], best)
    paths = {one.id: one.path for one in every}
    grids_ = sorted(one.id for one in every if one.level == PAGED[2].value)
    return [_grid_reach(one, found[one], counted, paths) for one in grids_]


def _grid_reach(
    grid_id: int, reach: rules.Reach, counted: Iterable[tuple[int, int, int, int]], paths: dict[int, str]
) -> GridReach:
    inside = [one for one in counted if paths.get(one[1], "").startswith(paths[grid_id])]
    return GridReach(
        grid_id,
        reach.reached,
        reach.households,
        sum(people for _, _, people, _ in inside),
        tuple(sorted(one[0] for one in inside)),
    )


def explained(community: PlaceRow, place: PlaceRow, groups: Iterable[GroupRow]) -> Explained:
    """What the coverage of a place is made of.

    :raises NotFound: the place has no figure of its own.
    """
    listed = list(groups)
    covered = _Covered(community, listed)
    spot = next((one for one in covered.spots if one.id == place.id), None)
    if spot is None:
        raise NotFound
    own = [one for one in listed if one.place.id == place.id and one.kind == rules.Kind.RESIDENTS]
    own.sort(key=lambda one: -(one.counted.households if one.counted else -1))
    parts = [(one, covered.found[one.id]) for one in covered.every if one.parent_id == place.id]
    made = rules.made_of(spot, covered.spots, covered.best, covered.found)
    return Explained(place, made, tuple(own), tuple(sorted(parts, key=lambda part: part[0].path)))


class _Covered:
    """The coverage of every place of a community that can have groups."""

    def __init__(self, community: PlaceRow, groups: Iterable[GroupRow]) -> None:
        levels = [level.value for level in PAGED]
        self.every = sorted(places.subtree(community.path, *levels), key=lambda place: place.depth)
        self.best: dict[int, int] = {}
        for group in groups:
            if group.kind == rules.Kind.RESIDENTS and group.counted:
                known = self.best.get(group.place.id, 0)
                self.best[group.place.id] = max(known, group.counted.households)
        self.spots = [rules.Spot(place.id, place.parent_id, place.households) for place in self.every]
        self.found = rules.coverage(self.spots, self.best)


def counts(group_id: int, *, most: int) -> list[CountRow]:
    """The counts of a group with their pictures, the latest first."""
    taken = [row for _, row in _counts(_latest(HeadCount.objects.filter(group_id=group_id))[:most])]
    proofs = files.of_counts(row.id for row in taken)
    return [replace(row, pictures=tuple(proofs.get(row.id, ()))) for row in taken]


def code_of(group_id: int) -> CodeRow | None:
    """The way into a group that is set now, whether it still works or not."""
    return _codes(GroupCode.objects.filter(group_id=group_id)).get(group_id)


def _codes(found: QuerySet[GroupCode]) -> dict[int, CodeRow]:
    rows_ = found.filter(ended_at__isnull=True).values_list(
        "group_id", "ticket", "link", "picture__ticket", "last_date"
    )
    return {row[0]: CodeRow(*row[1:]) for row in rows_}


def rows(found: QuerySet[ChatGroup], *, today: date | None = None) -> list[GroupRow]:
    """Groups with their places, owners and last counts; five statements however many there are.

    :param today: given, one more statement reads the codes that work on this day.
    """
    taken = list(found)
    codes = {} if today is None or not taken else _codes(
        GroupCode.objects.filter(group__in=taken, last_date__gte=today)
    )  # fmt: skip
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
            owner_id=row.owner_id,
            version=row.version,
            counted=counted.get(row.pk),
            code=codes.get(row.pk),
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
                row.pk,
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


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it was written down, for those who check counts."""

    id: int
    group_id: int
    place_id: int
    counted_by_id: int | None
    made_at: datetime
    people: int
    households: int


def counted(community_id: int, since: datetime, until: datetime) -> list[Counted]:
    """The counts written down in some time (until exclusive), by id."""
    return _counted(
        HeadCount.objects.filter(community_id=community_id, made_at__gte=since, made_at__lt=until)
    )


def _counted(found: QuerySet[HeadCount]) -> list[Counted]:
    listed = found.order_by("id").values_list(
        "id", "group_id", "group__place_id", "counted_by_id", "made_at", "people", "households"
    )
    return [Counted(*row) for row in listed]


def one_count(community_id: int, count_id: int) -> Counted | None:
    """One count."""
    return next(iter(_counted(HeadCount.objects.filter(community_id=community_id, pk=count_id))), None)
