"""Taking a picture, voice note or short film before there is a case: it waits under a ticket, for a day."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.db.models import Q

from linli.cases.actions import limited
from linli.cases.models import Attachment
from linli.cases.rules.intake import Refused, Wrong
from linli.grids import queries as places
from linli.kernel import limits, media, scope
from linli.kernel.access import Actor, NotFound
from linli.kernel.media import MediaRefused, mega
from linli.kernel.media.kept import Upload

WAITS = timedelta(hours=24)
BATCH = 500


def accept(*, actor: Actor, community_id: int, file: Upload, at: datetime, network: str) -> Attachment:
    """Keep a file under a ticket, checked and cleaned, until a report or a move takes it.

    The file is on the disk, fsynced, before its row is written.

    :param network: where somebody not signed in comes from, for the limits.
    :raises Refused: ``media.<code>`` of `kernel.media.CODES`, or ``too_much_now``.
    :raises NotFound: no such community.
    """
    place = places.place(community_id)
    if place is None or place.id != place.community_id or place.valid_to is not None:
        raise NotFound
    _take_room(actor, network, file.size or 0)
    try:
        stored = media.accept(cast(BinaryIO, file.file or io.BytesIO()), purpose="report")
    except MediaRefused as refused:
        raise Refused(Wrong("uploads", refused.message_key, _limit(refused, file.size or 0))) from refused
    return keep(actor=actor, community_id=community_id, stored=stored, at=at)


def keep(*, actor: Actor, community_id: int, stored: media.Stored, at: datetime) -> Attachment:
    """Write down a file that is already stored and clean, under a new ticket."""
    with scope.within(actor.communities | {community_id}):
        return Attachment.objects.create(
            community_id=community_id,
            kind=stored.kind,
            sha256=stored.sha256.hex(),
            path=stored.path,
            thumb_path=stored.thumb_path or "",
            size=stored.bytes,
            width=stored.width,
            height=stored.height,
            seconds=stored.seconds,
            uploaded_by_id=actor.account_id,
            uploaded_at=at,
        )


def _take_room(actor: Actor, network: str, size: int) -> None:
    who, exactly = limited.subject(actor, network)
    if not limits.allow("media_bytes", who, exactly, cost=max(1, size)):
        raise Refused(Wrong("uploads", "too_much_now"))


def _limit(refused: MediaRefused, size: int) -> str:
    """The figure the message names; for bytes megabytes as ``sent/allowed``."""
    return f"{mega(size)}/{refused.most()}" if "max_bytes" in refused.limits else refused.most()


def sweep_loose(at: datetime) -> int:
    """Remove what was uploaded more than a day ago and never sent; returns how many."""
    return sum(_sweep_loose(place.id, at) for place in places.communities())


def _sweep_loose(community_id: int, at: datetime) -> int:
    with scope.within([community_id]):
        old = Attachment.objects.filter(case__isnull=True, uploaded_at__lt=at - WAITS)
        chosen = list(old.filter(community_id=community_id).values_list("pk", "path", "thumb_path")[:BATCH])
        Attachment.objects.filter(pk__in=[pk for pk, _, _ in chosen], case__isnull=True).delete()
        left = _known([path for _, path, _ in chosen])
    for _, path, thumb in chosen:
        if path not in left:
            for each in filter(None, (path, thumb)):
                media.remove(each)
    return len(chosen)


def known_paths(paths: Sequence[str]) -> set[str]:
    """Those of the paths that some row names, whichever community it is of: for `media.sweep_orphans`."""
    with scope.within(places.community_ids()):
        return _known(paths)


def _known(paths: Sequence[str]) -> set[str]:
    rows = Attachment.objects.filter(Q(path__in=paths) | Q(thumb_path__in=paths))
    return {path for pair in rows.values_list("path", "thumb_path") for path in pair}
