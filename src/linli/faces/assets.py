"""Addresses of static files that change when the file does, so browsers may keep them for a year."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

VENDOR_MANIFEST = Path(__file__).parent / "static" / "vendor" / "manifest.json"


@lru_cache(maxsize=256)
def _digest(path: str, changed_ns: int) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"No static file {path!r}. Is its app in INSTALLED_APPS?")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


def _changed_ns(path: str) -> int:
    if not settings.DEBUG:
        return 0
    found = finders.find(path)
    return Path(found).stat().st_mtime_ns if isinstance(found, str) else 0


def url(path: str) -> str:
    """The address of a static file, with a digest of its bytes.

    path: under static/, as "linli/parts.css". Raises FileNotFoundError when there is none.
    """
    address = static(path)
    if hasattr(staticfiles_storage, "hashed_files"):
        return address
    return f"{address}?v={_digest(path, _changed_ns(path))}"


@lru_cache(maxsize=1)
def vendored() -> frozenset[str]:
    """Names under static/vendor/ that the manifest vouches for."""
    rows = json.loads(VENDOR_MANIFEST.read_text(encoding="utf-8"))["files"]
    prefix = "static/vendor/"
    return frozenset(row["file"].removeprefix(prefix) for row in rows if row["file"].startswith(prefix))


def vendor_url(name: str) -> str:
    """The address of a vendored file ("htmx.js"); LookupError for a name the manifest does not list."""
    if name not in vendored():
        raise LookupError(f"{name!r} is not in {VENDOR_MANIFEST.name}; add it to tools/vendor.mjs")
    return url(f"vendor/{name}")
