"""The cast, and an app that reports."""

from __future__ import annotations

from linli.cases.tests.cast import cast, committed_cast, standing_cast, this_evening  # noqa: F401  (fixtures)
from linli.cases.tests.desk import monday_morning  # noqa: F401  (fixtures)
from linli.integrations.open311.tests.apps import app, fresh_catalog  # noqa: F401  (fixtures)
