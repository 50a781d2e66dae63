"""The cast, for the tests of robots."""

from __future__ import annotations

from linli.cases.tests.cast import cast, standing_cast  # noqa: F401  (fixtures)
