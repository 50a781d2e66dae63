"""Addresses of the web."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_link(link: str) -> bool:
    """Whether this is an address of the web that a page may lead to."""
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return False
    whole = parts.scheme in ("https", "http") and bool(host) and "@" not in parts.netloc
    return whole and not re.search(r"[\s<>\"'\\]", link)
