"""Who may give which duty, and what a duty needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from linli.grids.rules.words import Level, Role

KEEPERS = (Role.COMMUNITY_LEADER.value, Role.ADMIN.value)
#: Only an admin makes leaders and admins: a leader raises nobody, themselves included, to that height.
ONLY_BY_ADMIN = frozenset({Role.COMMUNITY_LEADER, Role.ADMIN})
NEEDS_ORGANISATION = frozenset({Role.PROPERTY_HANDLER, Role.DEPARTMENT_HANDLER})
#: Roles that make sense only at some levels; all others may be held anywhere.
LEVELS: dict[Role, frozenset[Level]] = {
    Role.BUILDING_HEAD: frozenset({Level.COURTYARD, Level.BUILDING, Level.UNIT}),
    Role.ADMIN: frozenset({Level.COMMUNITY}),
    Role.COMMUNITY_LEADER: frozenset({Level.COMMUNITY}),
    Role.AUDITOR: frozenset({Level.COMMUNITY}),
}
#: Who has posters drawn, at their place and below it.
HANGERS = (*KEEPERS, Role.DISPATCHER.value, Role.ASSISTANT.value, Role.GRID_WORKER.value)
#: Who may vouch for a residence: those who know the doors they serve.
VOUCHERS = (
    Role.GRID_WORKER.value,
    Role.ASSISTANT.value,
    Role.POLICE.value,
    Role.COMMUNITY_LEADER.value,
    Role.ADMIN.value,
)


def fault_of_duty(
    role: Role, level: Level, *, has_organisation: bool, from_date: date, until_date: date | None
) -> str:
    """Why such a duty cannot be given (a reason code), or nothing."""
    if level not in LEVELS.get(role, frozenset(Level) - {Level.DWELLING}):
        return "role_not_at_this_level"
    if role in NEEDS_ORGANISATION and not has_organisation:
        return "organisation_missing"
    if until_date is not None and until_date < from_date:
        return "ends_before_it_begins"
    return ""


def may_grant(own_roles: Collection[str], role: Role) -> bool:
    """Whether somebody with these roles in a community may give or end a duty of this role there."""
    if role in ONLY_BY_ADMIN:
        return Role.ADMIN in own_roles
    return any(keeper in own_roles for keeper in KEEPERS)
