"""Files of announcements: taken before the form is sent, tied to it when it is, taken off again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.media import kept
from linli.publishing import access
from linli.publishing.models import Announcement, AnnouncementFile
from linli.publishing.rules import AUTHORS, FILES_MOST

NAME_MOST = 80
LOOSE = Q(announcement__isnull=True)
_STRANGE = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*]+")


def take(*, actor: Actor, community_id: int, file: kept.Upload, name: str, at: datetime) -> AnnouncementFile:
    """Keep a file for an announcement that is being written.

    :raises Turned: it cannot be taken.
    :raises Forbidden: not_your_place, when the actor writes nothing in this community.
    """
    if not any(grant.community_id == community_id and grant.role in AUTHORS for grant in actor.grants):
        raise Forbidden("not_your_place")
    stored = kept.store(actor, file, purpose="announcement")
    return kept.keep(
        AnnouncementFile, stored, actor=actor, community_id=community_id, at=at, name=_tidy(name)
    )


def _tidy(name: str) -> str:
    """What the file is called, without folders and what a name cannot hold."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return _STRANGE.sub(" ", last).strip()[:NAME_MOST] or "file"


def loose(actor: Actor, community_id: int, tickets: Iterable[uuid.UUID]) -> list[AnnouncementFile]:
    """Those of the actor's own that are not tied to anything yet, as they came."""
    rows = AnnouncementFile.objects.filter(
        LOOSE, community_id=community_id, uploaded_by_id=actor.account_id, ticket__in=list(tickets)
    )
    return list(rows.order_by("pk"))


def of(announcement_ids: Iterable[int]) -> dict[int, list[AnnouncementFile]]:
    """The files of announcements, by id, as they came."""
    found: dict[int, list[AnnouncementFile]] = {}
    rows = AnnouncementFile.objects.filter(announcement_id__in=list(announcement_ids), removed_at=None)
    for row in rows.order_by("pk"):
        found.setdefault(row.announcement_id or 0, []).append(row)
    return found


def tie(row: Announcement, actor: Actor, tickets: Sequence[uuid.UUID], at: datetime) -> tuple[int, int]:
    """Let an announcement have exactly these files; returns how many came and how many went.

    Tickets that are neither its own nor loose ones of the actor are left out.
    """
    mine = AnnouncementFile.objects.filter(announcement=row, removed_at=None)
    gone = mine.exclude(ticket__in=tickets).update(removed_at=at)
    room = FILES_MOST - mine.count()
    fresh = [one.pk for one in loose(actor, row.community_id, tickets)][: max(0, room)]
    came = AnnouncementFile.objects.filter(LOOSE, pk__in=fresh).update(announcement=row)
    return came, gone


def find(actor: Actor, ticket: uuid.UUID) -> AnnouncementFile:
    """A file for those who write announcements there: loose ones only for whoever sent them.

    :raises NotFound: none such.
    """
    found = AnnouncementFile.objects.filter(
        community_id__in=actor.staff_communities, ticket=ticket, removed_at=None
    ).first()
    if found is None:
        raise NotFound
    if found.announcement_id is None:
        if found.uploaded_by_id != actor.account_id:
            raise NotFound
    else:
        access.find(actor, found.announcement_id)
    return found


def of_readable(announcement_id: int, community_id: int, ticket: uuid.UUID) -> AnnouncementFile:
    """A file of an announcement that everybody may read.

    :raises NotFound: none such.
    """
    with scope.within([community_id]):
        rows: QuerySet[AnnouncementFile] = AnnouncementFile.objects.filter(
            community_id=community_id, announcement_id=announcement_id, ticket=ticket, removed_at=None
        )
        found = rows.first()
    if found is None:
        raise NotFound
    return found


def known(paths: Sequence[str]) -> set[str]:
    """Those of the paths that some row names; the communities are entered by the caller."""
    return kept.known(AnnouncementFile, paths)


def sweep_loose(at: datetime) -> int:
    """Forget what was uploaded and never published; returns how many."""
    done = 0
    for place in places.communities():
        with scope.within([place.id]):
            done += kept.sweep_loose(AnnouncementFile, LOOSE & Q(community_id=place.id), at)
    return done
