"""The fixed cast."""

from __future__ import annotations

from linli.cases.tests.cast import cast, committed_cast, standing_cast, this_evening
from linli.cases.tests.desk import monday_morning

__all__ = ["cast", "committed_cast", "monday_morning", "standing_cast", "this_evening"]
