"""Files that a room keeps in a table of its own: taken under a ticket, tied to a row when the form is sent.

Until then they are loose, and are forgotten after a day. The row is written after the file is on the disk.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import IO, Any, BinaryIO, Protocol, TypeVar, cast

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.kernel import limits, media
from linli.kernel.access import Actor

WAITS = timedelta(hours=24)
BATCH = 500


class Upload(Protocol):
    """A file as Django hands it to a door."""

    @property
    def size(self) -> int | None:
        """Its bytes."""

    @property
    def file(self) -> IO[Any] | None:
        """The open file."""


class Turned(Exception):
    """A file that is not taken: a code of `media.CODES` or ``too_much_now``, with the figures its words name."""

    def __init__(self, code: str, *, limit: str = "", sent: str = "") -> None:
        super().__init__(code)
        self.code, self.limit, self.sent = code, limit, sent


class KeptFile(models.Model):
    """A file of a room. A room's table inherits this and adds what the file is tied to."""

    walled = True

    community_id = models.BigIntegerField()
    ticket = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=8)  # picture | document
    path = models.CharField(max_length=200)
    thumb_path = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True


Kept = TypeVar("Kept", bound=KeptFile)


def store(actor: Actor, file: Upload, *, purpose: str) -> media.Stored:
    """Check, clean and store a file of a colleague; before the transaction that writes its row.

    :raises Turned: it cannot be taken.
    """
    size = file.size or 0
    if not limits.allow("media_bytes", "staff", str(actor.account_id), cost=max(1, size)):
        raise Turned("too_much_now")
    try:
        return media.accept(cast(BinaryIO, file.file or io.BytesIO()), purpose=purpose)
    except media.MediaRefused as refused:
        raise Turned(refused.message_key, limit=refused.most(), sent=media.mega(size)) from refused


def keep(
    table: type[Kept], stored: media.Stored, *, actor: Actor, community_id: int, at: datetime, **more: Any
) -> Kept:
    """Write the row of a stored file.

    :param more: further columns of the row.
    """
    return table._default_manager.create(
        community_id=community_id,
        kind=stored.kind,
        path=stored.path,
        thumb_path=stored.thumb_path or "",
        size=stored.bytes,
        uploaded_by_id=actor.account_id,
        uploaded_at=at,
        **more,
    )


def known(table: type[KeptFile], paths: Sequence[str]) -> set[str]:
    """Those of the paths that rows of this table name, in the communities entered."""
    rows = table._default_manager.filter(Q(path__in=paths) | Q(thumb_path__in=paths))
    return {path for pair in rows.values_list("path", "thumb_path") for path in pair if path}


def sweep_loose(table: type[KeptFile], loose: Q, at: datetime) -> int:
    """Forget what was uploaded more than a day ago and never tied to anything; returns how many.

    The file itself goes with the sweep of orphans.
    """
    rows = table._default_manager.filter(loose, uploaded_at__lt=at - WAITS)
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    return table._default_manager.filter(loose, pk__in=keys).delete()[0]


def tickets(raw: Iterable[str]) -> list[uuid.UUID]:
    """The tickets among what a form sent; what is none is left out."""
    found = []
    for one in raw:
        try:
            found.append(uuid.UUID(one))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
