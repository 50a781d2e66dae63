"""Who acts, and who may enter which door. What an actor may see or do with one object is each room's ``access.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

STAFF_ROLES = frozenset(
    {
        "grid_worker",
        "police",
        "assistant",
        "building_head",
        "dispatcher",
        "verifier",
        "department_handler",
        "property_handler",
        "community_leader",
        "auditor",
        "admin",
    }
)
ROLES = STAFF_ROLES | {"resident"}


class NotFound(Exception):
    """There is no such thing for this actor: hidden and absent look the same."""


class Forbidden(Exception):
    """The actor sees the object but may not do this; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grant:
    """A duty in force: a role at a place; it reaches the place's subtree."""

    role: str
    community_id: int
    place_id: int
    place_path: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program on whose behalf something happens, with all rights read at the door, once."""

    account_id: int | None
    name: str = ""
    level: int = 0
    grants: tuple[Grant, ...] = ()
    communities: frozenset[int] = frozenset()
    scopes: frozenset[str] = frozenset({"*"})
    home_id: int | None = None
    language: str = "zh-hans"
    superuser: bool = False
    mfa: bool = False
    token_id: int | None = None
    quota: int | None = None  # requests a minute, where the token is a program's of its own

    @property
    def person_id(self) -> int:
        """The account's id, where only somebody known may act.

        :raises Forbidden: nobody is signed in.
        """
        if self.account_id is None:
            raise Forbidden("nobody")
        return self.account_id

    @property
    def signed_in(self) -> bool:
        """Whether we know who this is."""
        return self.account_id is not None

    @property
    def system(self) -> bool:
        """Whether this is the house itself: sweeps and reactions, within the scope they entered."""
        return self.account_id is None and self.superuser

    @property
    def staff(self) -> bool:
        """Whether the actor holds any duty other than being a resident."""
        return any(grant.role in STAFF_ROLES for grant in self.grants)

    @property
    def staff_communities(self) -> frozenset[int]:
        """The communities in which the actor holds a staff duty."""
        return frozenset(grant.community_id for grant in self.grants if grant.role in STAFF_ROLES)

    def roles(self, community_id: int) -> frozenset[str]:
        """The actor's roles anywhere in this community."""
        return frozenset(grant.role for grant in self.grants if grant.community_id == community_id)

    def organisations(self, community_id: int) -> frozenset[int]:
        """The organisations for which the actor serves in this community."""
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if grant.community_id == community_id and grant.organisation_id is not None
        )

    def has(self, *roles: str, community_id: int, place_path: str = "") -> bool:
        """Whether one of these roles reaches the place (its ``path``; empty: anywhere in the community)."""
        return any(
            grant.role in roles
            and grant.community_id == community_id
            and place_path.startswith(grant.place_path)
            for grant in self.grants
            if place_path
        ) or (not place_path and bool(self.roles(community_id) & set(roles)))

    def may(self, scope: str) -> bool:
        """Whether the token, if the actor came by one, carries this scope."""
        return "*" in self.scopes or scope in self.scopes


ANONYMOUS = Actor(account_id=None, scopes=frozenset({"*"}))
SYSTEM = Actor(account_id=None, name="system", scopes=frozenset({"*"}), superuser=True)


@dataclass(frozen=True, slots=True)
class Who:
    """Who may enter a door at all."""

    kind: str  # public | signed_in | staff | roles | superuser
    roles: frozenset[str] = frozenset()

    def admits(self, actor: Actor) -> bool:
        """Whether this actor may enter; what it then sees is for the room to say."""
        if self.kind == "public":
            return True
        if self.kind == "signed_in":
            return actor.signed_in
        if self.kind == "staff":
            return actor.staff
        if self.kind == "superuser":
            return actor.superuser and actor.signed_in
        return any(grant.role in self.roles for grant in actor.grants)


PUBLIC = Who("public")
SIGNED_IN = Who("signed_in")
STAFF = Who("staff")
SUPERUSER = Who("superuser")


def roles(*names: str) -> Who:
    """Those who hold one of these roles in some community.

    :raises ValueError: for a role that does not exist.
    """
    unknown = set(names) - ROLES
    if unknown:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    return Who("roles", frozenset(names))


@dataclass(frozen=True, slots=True)
class Policy:
    """A route's declared policy."""

    name: str
    who: Who
    scope: str = ""  # what a token must carry
    session: bool = True  # whether a second factor and idle rules apply (pages); the API has tokens
    extra: dict[str, Any] = field(default_factory=dict, compare=False)


View = TypeVar("View", bound=Callable[..., Any])
_declared: dict[str, Policy] = {}


def policy(name: str, *, who: Who, scope: str = "") -> Callable[[View], View]:
    """Declare who may enter a view. ``site.middleware.Who`` (pages) and ``site.api`` (API) enforce it."""
    declared = Policy(name=name, who=who, scope=scope)

    def mark(view: View) -> View:
        view.linli_policy = declared  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return mark


def declare(prefix: str, *, who: Who) -> None:
    """Declare a policy for views we did not write, by the start of their dotted module path."""
    _declared[prefix] = Policy(name=prefix, who=who)


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """The policy a view declares, or that is declared for its module; none is an error of ours."""
    own = getattr(view, "linli_policy", None)
    if isinstance(own, Policy):
        return own
    view_class = getattr(view, "view_class", None)
    own = getattr(view_class, "linli_policy", None)
    if isinstance(own, Policy):
        return own
    module = getattr(view_class or view, "__module__", "")
    found = [prefix for prefix in _declared if module.startswith(prefix)]
    return _declared[max(found, key=len)] if found else None
