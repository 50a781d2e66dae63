"""Linli's settings for tools that only look (mypy's Django plugin): no secrets, no database needed."""

from __future__ import annotations

import os

os.environ.setdefault("LINLI_TESTING", "1")

from linli.site.settings import *  # noqa: E402, F403  (the variable must be set first)
