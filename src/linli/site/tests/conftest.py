"""The cast of the cases, for tests of what stands above all rooms."""

from __future__ import annotations

from linli.cases.tests.cast import cast, committed_cast, standing_cast  # noqa: F401  (fixtures)
from linli.cases.tests.desk import monday_morning  # noqa: F401  (fixtures)
from linli.faces.tests.browser import chromium, chromium_of_module  # noqa: F401  (fixtures)
