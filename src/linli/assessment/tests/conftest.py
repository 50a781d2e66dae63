"""The fixed cast, for the tests of this room."""

from __future__ import annotations

from linli.cases.tests.cast import cast, committed_cast, standing_cast, this_evening

__all__ = ["cast", "committed_cast", "standing_cast", "this_evening"]
