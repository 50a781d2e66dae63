"""What stands where; for everybody, so inside the community's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import scope
from linli.kernel.access import NotFound
from linli.people import queries as people
from linli.publishing import files, rules
from linli.publishing.models import Announcement, AnnouncementFile


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of an announcement; ``name`` is what its author called it."""

    id: int
    ticket: UUID
    kind: str
    name: str
    size: int
    has_thumb: bool


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """An announcement as everybody may read it. ``author`` is the short form of a name (王*)."""

    id: int
    place: PlaceRow
    title_zh: str
    title_en: str
    words_zh: str
    words_en: str
    from_date: date
    last_date: date
    pinned: bool
    author: str
    made_at: datetime
    changed_at: datetime
    tell: rules.Tell
    withdrawn: bool
    files: tuple[FileRow, ...] = ()

    def _english(self, language: str) -> bool:
        return reads_english(language) and bool(self.title_en)

    def title(self, language: str) -> str:
        """The title in the reader's language, Chinese where there is no other."""
        return self.title_en if self._english(language) else self.title_zh

    def words(self, language: str) -> str:
        """The words in the reader's language, Chinese where there are no other."""
        return self.words_en if self._english(language) else self.words_zh

    def language(self, language: str) -> str:
        """The language in which a reader of this language gets it."""
        return "en" if self._english(language) else "zh-Hans"


def standing(place: PlaceRow, day: date, *, most: int, with_files: bool = False) -> list[AnnouncementRow]:
    """What holds for this place on this day, its own and of the places above it: pinned first, then the newest."""
    with scope.within([place.community_id]):
        found = _for(place).filter(from_date__lte=day, last_date__gte=day)
        return rows(found.order_by("-pinned", "-from_date", "-id")[:most], with_files=with_files)


def earlier(place: PlaceRow, day: date, *, most: int) -> list[AnnouncementRow]:
    """What stood here and is over, the latest first."""
    with scope.within([place.community_id]):
        return rows(_for(place).filter(last_date__lt=day).order_by("-last_date", "-id")[:most])


def readable(place: PlaceRow, announcement_id: int, day: date) -> AnnouncementRow:
    """One that stands in the place's community, or stood there.

    :raises NotFound: absent, withdrawn, of another community, or not to be read yet.
    """
    with scope.within([place.community_id]):
        found = rows(
            Announcement.objects.filter(
                community_id=place.community_id,
                pk=announcement_id,
                withdrawn_at__isnull=True,
                from_date__lte=day,
            ),
            with_files=True,
        )
    if not found:
        raise NotFound
    return found[0]


def one(community_id: int, announcement_id: int) -> AnnouncementRow | None:
    """One of a community entered, whatever its state, for those who tell of it."""
    found = rows(Announcement.objects.filter(community_id=community_id, pk=announcement_id))
    return found[0] if found else None


def counts(community_id: int, day: date) -> dict[rules.State, int]:
    """How many are in each state on this day."""
    taken = Q(withdrawn_at__isnull=False)
    kinds = {
        rules.State.STANDING: ~taken & Q(from_date__lte=day, last_date__gte=day),
        rules.State.COMING: ~taken & Q(from_date__gt=day),
        rules.State.PAST: ~taken & Q(last_date__lt=day),
        rules.State.WITHDRAWN: taken,
    }
    found = Announcement.objects.filter(community_id=community_id)
    return {state: found.filter(which).count() for state, which in kinds.items()}


def in_state(found: QuerySet[Announcement], state: rules.State, day: date) -> QuerySet[Announcement]:
    """Those of them that are in this state on this day."""
    if state is rules.State.WITHDRAWN:
        return found.filter(withdrawn_at__isnull=False)
    found = found.filter(withdrawn_at__isnull=True)
    if state is rules.State.COMING:
        return found.filter(from_date__gt=day)
    if state is rules.State.PAST:
        return found.filter(last_date__lt=day)
    return found.filter(from_date__lte=day, last_date__gte=day)


def file_rows(found: Iterable[AnnouncementFile]) -> tuple[FileRow, ...]:
    """Files as pages show them."""
    return tuple(
        FileRow(row.pk, row.ticket, row.kind, row.name, row.size, bool(row.thumb_path)) for row in found
    )


def rows(found: QuerySet[Announcement], *, with_files: bool = False) -> list[AnnouncementRow]:
    """Announcements with their places and authors, three statements however many there are; a fourth for the files."""
    taken = list(found)
    held = files.of(row.pk for row in taken) if with_files else {}
    where = places.places({row.place_id for row in taken})
    who = people.cards({row.author_id for row in taken if row.author_id})
    return [
        AnnouncementRow(
            id=row.pk,
            place=where[row.place_id],
            title_zh=row.title_zh,
            title_en=row.title_en,
            words_zh=row.words_zh,
            words_en=row.words_en,
            from_date=row.from_date,
            last_date=row.last_date,
            pinned=row.pinned,
            author=who[row.author_id].short_name if row.author_id in who else "",
            made_at=row.made_at,
            changed_at=row.changed_at,
            tell=rules.Tell(row.tell),
            withdrawn=row.withdrawn_at is not None,
            files=file_rows(held.get(row.pk, ())),
        )
        for row in taken
    ]


def _for(place: PlaceRow) -> QuerySet[Announcement]:
    above = [int(step) for step in place.path.split(".") if step]
    return Announcement.objects.filter(
        community_id=place.community_id, place_id__in=above, withdrawn_at__isnull=True
    )


def by_author(
    community_id: int, account_id: int, since: datetime, until: datetime
) -> list[tuple[int, str, datetime]]:
    """What one person announced in some time (until exclusive): id, Chinese title, when."""
    found = Announcement.objects.filter(
        community_id=community_id, author_id=account_id, made_at__gte=since, made_at__lt=until
    )
    return list(found.order_by("made_at").values_list("id", "title_zh", "made_at"))
