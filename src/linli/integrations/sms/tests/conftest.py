"""The cast, for the tests of SMS."""

from __future__ import annotations

from linli.cases.tests.cast import cast, standing_cast  # noqa: F401  (fixtures)
