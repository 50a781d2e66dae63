"""The cast, for every test of this room."""

from __future__ import annotations

from linli.cases.tests.cast import cast, committed_cast, standing_cast, this_evening  # noqa: F401  (fixtures)
from linli.cases.tests.desk import monday_morning  # noqa: F401  (fixtures)
from linli.faces.tests.browser import chromium, chromium_of_module  # noqa: F401  (fixtures)
