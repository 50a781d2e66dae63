"""How much a run tries of what is too much for every day: a part of it, or, with LINLI_TEST_THOROUGH=1, all.

A part is chosen by names, not by chance: the same things are tried in every run, until a name changes.
"""

from __future__ import annotations

import os
import zlib

import pytest

#: ``make thorough`` and CI set it.
THOROUGH = bool(os.environ.get("LINLI_TEST_THOROUGH"))

#: For whole stories and faults that take most of a minute each.
only_thorough = pytest.mark.skipif(not THOROUGH, reason="`make thorough` runs it")


def turn(*names: str, of: int) -> bool:
    """Whether this is one of the ``of``-th part that is tried every day; always in a thorough run."""
    return THOROUGH or zlib.crc32(" ".join(names).encode()) % of == 0


def examples(everyday: int, thorough: int) -> int:
    """How many random examples to draw."""
    return thorough if THOROUGH else everyday
