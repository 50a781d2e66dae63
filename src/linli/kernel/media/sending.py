"""A stored file on its way to a browser: whole, or the range asked for."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.kernel.access import NotFound
from linli.kernel.media.storage import MediaMissing, content_type, open_media

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
MAX_AGE_SECONDS = 3600


def stream(request: HttpRequest, path: str, name: str) -> HttpResponseBase:
    """A stored file, whole or in the range asked for; it stays where the reader's browser is.

    Documents are handed over to be kept, never shown on an address of ours.

    :param name: what it is called where it is saved, without its ending.
    :raises NotFound: it is gone from the store.
    """
    try:
        opened = open_media(path)
    except MediaMissing as error:
        raise NotFound from error
    span = _span(request.headers.get("Range", ""), opened.size)
    response = _whole(opened, path) if span is None else _part(opened, path, *span)
    ending = path.rpartition(".")[2]
    shown = "attachment" if ending == "pdf" else "inline"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = f'{shown}; filename="{name}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={MAX_AGE_SECONDS}, immutable"
    return response


def _whole(opened: File[Any], path: str) -> HttpResponseBase:
    return FileResponse(opened, content_type=content_type(path))


def _part(opened: File[Any], path: str, first: int, last: int) -> HttpResponseBase:
    with opened:
        opened.seek(first)
        data = opened.read(last - first + 1)
    response = HttpResponse(data, status=206, content_type=content_type(path))
    response["Content-Range"] = f"bytes {first}-{last}/{opened.size}"
    return response


def _span(header: str, size: int) -> tuple[int, int] | None:
    """The one range asked for (iPhones play films only by ranges); None for all of it or nothing sensible."""
    found = _RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) <= end else None
