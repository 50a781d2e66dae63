"""The tabs of the workbench and which of them belong to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the queue under a name: its view, its clock, and whether only what is mine is in it."""

    key: str
    view: str  # a name of queries.queue.VIEWS
    clock: str = ""  # broken | at_risk
    whose: str = ""  # mine: I am the handler; tasks: my body has a part to do


TABS: dict[str, Tab] = {
    tab.key: tab
    for tab in (
        Tab("mine", "open", whose="mine"),
        Tab("to_accept", "to_accept"),
        Tab("to_dispatch", "to_dispatch"),
        Tab("to_rule", "to_rule"),
        Tab("to_sign", "to_sign"),
        Tab("in_work", "in_work"),
        Tab("tasks", "open", whose="tasks"),
        Tab("to_check", "to_check"),
        Tab("to_follow_up", "to_follow_up"),
        Tab("joint", "joint"),
        Tab("supervised", "supervised"),
        Tab("escalated", "escalated"),
        Tab("at_risk", "open", "at_risk"),
        Tab("broken", "open", "broken"),
        Tab("quarantined", "quarantined"),
        Tab("open", "open"),
        Tab("all", "all"),
    )
}
_WATCHED = ("joint", "supervised", "escalated")
ONLY_WHEN_FILLED = frozenset(
    {"quarantined", "tasks", "to_rule", *_WATCHED}
)  # an empty one would only take room
_ALWAYS = ("at_risk", "broken", "open", "all")
_DESK = ("to_accept", "to_dispatch", "to_rule", "in_work", "to_check", "to_follow_up", "quarantined")
_GROUND = ("mine", "to_sign", "to_check")
_BODY = ("to_sign", "in_work", "mine", "tasks")
#: Role → its tabs; the first one is where the role begins its day.
OF_ROLE: dict[str, tuple[str, ...]] = {
    "dispatcher": (*_DESK, *_WATCHED),
    "community_leader": ("broken", *_DESK, *_WATCHED),
    "verifier": ("to_check", "to_follow_up", "in_work"),
    "property_handler": _BODY,
    "department_handler": _BODY,
    "grid_worker": _GROUND,
    "police": _GROUND,
    "assistant": _GROUND,
    "building_head": ("open", "mine"),
    "auditor": ("open", *_WATCHED),
    "admin": ("open",),
}


def tabs(roles: Iterable[str]) -> tuple[Tab, ...]:
    """The tabs of somebody with these roles, in the order a case passes through them."""
    wanted = {key for role in roles for key in OF_ROLE.get(role, ())} | set(_ALWAYS)
    return tuple(tab for key, tab in TABS.items() if key in wanted)


def first(roles: Iterable[str], counts: Mapping[str, int]) -> Tab:
    """Where somebody with these roles begins: the first of their tabs that holds something.

    The desk comes before the check, and the check before the ground.
    """
    held = set(roles)
    wanted = [key for role, keys in OF_ROLE.items() if role in held for key in keys] or ["open"]
    return TABS[next((key for key in wanted if counts.get(key)), wanted[0])]
