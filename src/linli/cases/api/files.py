"""Files: sent under a ticket before a report or a move takes them, and read by those who may see the case."""

from __future__ import annotations

import hashlib
import uuid

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File
from ninja.files import UploadedFile

from linli.cases.actions import upload
from linli.cases.api import rows
from linli.cases.api.routers import cases
from linli.cases.models import Attachment, Case
from linli.cases.queries import files, reference
from linli.cases.schemas.report import FileOut
from linli.kernel import idempotency, media
from linli.kernel.access import PUBLIC, SIGNED_IN, NotFound
from linli.kernel.api import (
    MULTIPART,
    Unreadable,
    actor_of,
    answer,
    at,
    held,
    key_of,
    network,
    not_modified,
    operation,
)
from linli.kernel.api_types import Community
from linli.kernel.media.sending import stream

MOST_BYTES = max(limit.max_bytes for limit in media.LIMITS.values())


@cases.post("/uploads", response={201: FileOut}, summary="Upload a picture, voice note or short film")
@operation("cases.upload", who=PUBLIC, scope="cases:write", creates=True, counted=False, takes=MULTIPART)
def create(request: HttpRequest, community: Community, file: File[UploadedFile]) -> HttpResponse:
    """Send one file; its ticket goes into a report or a move within a day.

    Known by its content, not its name: JPEG PNG WebP GIF up to 10 MB; MP3 M4A AAC Ogg WAV AMR WebM up to 10 MB and 5
    minutes; MP4 MOV 3GP WebM up to 30 MB and 2 minutes. Pictures are written anew: position, date and device are gone.
    """
    if (file.size or 0) > MOST_BYTES:
        raise Unreadable(413, "too_large")
    made, again = _once(request, reference.community_id(community), file)
    headers = {"Idempotent-Replayed": "true"} if again else {}
    return answer(rows.file(made), status=201, headers=headers)


def _once(request: HttpRequest, community_id: int, file: DjangoFile[bytes]) -> tuple[Attachment, bool]:
    """The file under a new ticket, or under the one it got when this key was first used.

    The key is kept after the file is, for taking from an allowance needs a commit of its own. Of twins under way one
    may leave a loose file behind, which the sweep takes away within a day.
    """
    key, actor = key_of(request), actor_of(request)
    who = f"account:{actor.account_id}" if actor.signed_in else f"net:{network(request)}"
    digest = idempotency.key_digest(who, key) if key else b""
    meaning = idempotency.body_digest("upload", community_id, _digest(file)) if key else b""
    kept = idempotency.stored(digest, meaning) if key else None
    if kept is None:
        made = upload.accept(
            actor=actor, community_id=community_id, file=file, at=at(request), network=network(request)
        )
        kept = idempotency.keep(digest, meaning, str(made.ticket)) if key else {"id": str(made.ticket)}
        if kept["id"] == str(made.ticket):
            return made, False
    return files.of_ticket(community_id, uuid.UUID(kept["id"])), True


def _digest(file: DjangoFile[bytes]) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


@cases.get("/files/{uuid:ticket}", response={200: None}, summary="Read an uploaded file")
@operation("cases.file", who=SIGNED_IN, scope="cases:read", tagged=True, gives="image/jpeg")
def read(request: HttpRequest, ticket: uuid.UUID) -> HttpResponseBase:
    """The file itself, whole or in a `Range`: to its uploader until it is sent, then to those who may see the case.

    Pictures are `image/jpeg`; voice notes and films keep their kind.
    """
    found = files.find(actor_of(request), ticket)
    return _send(request, found, found.path, f'"{found.sha256[:24]}"', f"{found.kind}-{found.pk}")


@cases.get("/files/{uuid:ticket}/thumb", response={200: None}, summary="Read the small picture of a picture")
@operation("cases.thumb", who=SIGNED_IN, scope="cases:read", tagged=True, gives="image/jpeg")
def thumb(request: HttpRequest, ticket: uuid.UUID) -> HttpResponseBase:
    """At most 400 pixels; 404 for what has none."""
    found = files.find(actor_of(request), ticket)
    if not found.thumb_path:
        raise NotFound
    tag = f'"{found.sha256[:24]}-small"'
    return _send(request, found, found.thumb_path, tag, f"{found.kind}-{found.pk}-small")


def by_receipt(request: HttpRequest, ticket: uuid.UUID, case: Case) -> HttpResponseBase:
    """A file of a case for whoever holds its receipt."""
    found = files.find_for_reporter(case, ticket)
    response = stream(request, found.path, f"{found.kind}-{found.pk}")
    del response["Cache-Control"]
    return response


def _send(request: HttpRequest, found: Attachment, path: str, tag: str, name: str) -> HttpResponseBase:
    if held(request, tag):
        return not_modified(tag)
    response = stream(request, path, name)
    response["ETag"] = tag
    del response["Cache-Control"]  # a page's picture may be kept for an hour; a program asks with its tag
    return response
