"""The tabs of the workbench: everybody begins where their work lies."""

from __future__ import annotations

import pytest

from linli.cases.rules.desk_tabs import OF_ROLE, TABS, first, tabs
from linli.kernel.access import STAFF_ROLES

pytestmark = pytest.mark.rules


def test_every_staff_role_has_its_tabs() -> None:
    assert set(OF_ROLE) == STAFF_ROLES
    assert all(key in TABS for keys in OF_ROLE.values() for key in keys)


@pytest.mark.parametrize(
    ("roles", "counts", "key"),
    [
        ({"dispatcher"}, {"to_accept": 2, "to_dispatch": 1}, "to_accept"),
        ({"dispatcher"}, {"to_accept": 0, "to_dispatch": 1}, "to_dispatch"),
        ({"dispatcher"}, {}, "to_accept"),
        ({"property_handler"}, {"in_work": 3}, "in_work"),
        ({"verifier"}, {"to_follow_up": 1}, "to_follow_up"),
        ({"grid_worker"}, {"to_check": 1}, "to_check"),
        ({"grid_worker", "dispatcher"}, {"mine": 1, "to_accept": 1}, "to_accept"),
        (set(), {}, "open"),
    ],
)
def test_the_day_begins_at_the_first_tab_that_holds_something(
    roles: set[str], counts: dict[str, int], key: str
) -> None:
    assert first(roles, counts).key == key


def test_tabs_stand_in_the_order_in_which_a_case_passes_through_them() -> None:
    shown = [tab.key for tab in tabs({"dispatcher", "property_handler"})]
    assert shown == [key for key in TABS if key in shown]
    assert shown.index("to_accept") < shown.index("to_sign") < shown.index("to_check")
