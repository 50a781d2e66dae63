"""The demo's ground and its people, for every test of this room."""

from __future__ import annotations

from linli.grids.tests.conftest import (  # noqa: F401  (fixtures)
    at,
    few_places,
    fresh_locator,
    ground,
    laid,
    person,
    staff,
)
