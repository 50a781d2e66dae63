"""Who is counted to the team of a grid, and what may be handed to whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping

#: A role that belongs to the team when the community wants it so.
OPTIONAL = {"police": "team_police", "assistant": "team_assistant", "building_head": "team_building_head"}
ALWAYS = "grid_worker"
LEADERS = frozenset({"community_leader"})
WORDS_MOST = 500


def roles(wishes: Mapping[str, bool]) -> frozenset[str]:
    """The roles of the team, by what the community wants (`team_*`)."""
    return frozenset({ALWAYS} | {role for role, wish in OPTIONAL.items() if wishes[wish]})
