"""Who acts: a duty at a place reaches the places below it, in its own community, and no further."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import access
from linli.kernel.access import (
    ANONYMOUS,
    PUBLIC,
    ROLES,
    SIGNED_IN,
    STAFF,
    SUPERUSER,
    SYSTEM,
    Actor,
    Grant,
    Who,
)

COMMUNITY, GRID, BUILDING, NEXT = "1.", "1.5.", "1.5.80.", "1.50."


def actor(*grants: Grant, **more: object) -> Actor:
    made = Actor(account_id=7, grants=grants, communities=frozenset(grant.community_id for grant in grants))
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Actor


def at(path: str, role: str = "grid_worker", community: int = 1, body: int | None = None) -> Grant:
    return Grant(role, community, int(path.rstrip(".").rpartition(".")[2]), path, body)


class TestReach:
    """Rights reach the place's subtree."""

    @pytest.mark.parametrize(
        ("path", "reached"), [(GRID, True), (BUILDING, True), (COMMUNITY, False), (NEXT, False)]
    )
    def test_a_duty_reaches_its_place_and_what_lies_below(self, path: str, reached: bool) -> None:
        assert actor(at(GRID)).has("grid_worker", community_id=1, place_path=path) is reached

    def test_place_five_does_not_reach_place_fifty(self) -> None:
        assert not actor(at(GRID)).has("grid_worker", community_id=1, place_path="1.50.7.")

    def test_without_a_place_any_duty_in_the_community_counts(self) -> None:
        assert actor(at(BUILDING)).has("grid_worker", "police", community_id=1)
        assert not actor(at(BUILDING)).has("police", community_id=1)

    def test_a_duty_counts_in_its_own_community_only(self) -> None:
        held = actor(at("2.6.", community=2))
        assert not held.has("grid_worker", community_id=1)
        assert not held.has("grid_worker", community_id=1, place_path="2.6.")
        assert not held.roles(1)
        assert held.roles(2) == {"grid_worker"}

    def test_bodies_are_those_of_the_community(self) -> None:
        held = actor(at("1.", "property_handler", body=4), at("2.", "property_handler", 2, body=9))
        assert [sorted(held.organisations(one)) for one in (1, 2, 3)] == [[4], [9], []]

    def test_a_resident_is_no_staff(self) -> None:
        held = actor(at(BUILDING, "resident"))
        assert (held.staff, held.staff_communities) == (False, frozenset())
        assert actor(at(GRID)).staff_communities == {1}


PATHS = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(
    lambda ids: "".join(f"{one}." for one in ids)
)


@given(PATHS, PATHS)
def test_reach_is_being_the_same_place_or_below_it(held: str, place: str) -> None:
    ids, wanted = held.split(".")[:-1], place.split(".")[:-1]
    expected = wanted[: len(ids)] == ids
    assert actor(at(held)).has("grid_worker", community_id=1, place_path=place) is expected


class TestDoors:
    """Who may enter at all."""

    EVERYBODY = {
        "nobody": ANONYMOUS,
        "account": actor(),
        "resident": actor(at(BUILDING, "resident")),
        "worker": actor(at(GRID)),
        "dispatcher": actor(at(COMMUNITY, "dispatcher")),
        "root": actor(superuser=True),
    }

    @pytest.mark.parametrize(
        ("who", "admitted"),
        [
            (PUBLIC, {"nobody", "account", "resident", "worker", "dispatcher", "root"}),
            (SIGNED_IN, {"account", "resident", "worker", "dispatcher", "root"}),
            (STAFF, {"worker", "dispatcher"}),
            (access.roles("dispatcher", "admin"), {"dispatcher"}),
            (SUPERUSER, {"root"}),
            (Who("nonsense"), set()),
        ],
    )
    def test_each_door_admits_these(self, who: Who, admitted: set[str]) -> None:
        assert {name for name, one in self.EVERYBODY.items() if who.admits(one)} == admitted

    def test_a_role_nobody_knows_is_an_error_of_ours(self) -> None:
        with pytest.raises(ValueError, match="janitor"):
            access.roles("dispatcher", "janitor")

    def test_a_token_opens_what_its_scopes_say(self) -> None:
        assert actor().may("cases:write")
        held = actor(scopes=frozenset({"cases:read"}))
        assert (held.may("cases:read"), held.may("cases:write")) == (True, False)

    def test_the_house_is_nobody_in_person(self) -> None:
        assert SYSTEM.system
        assert not SYSTEM.signed_in
        assert not SUPERUSER.admits(SYSTEM)
        assert not actor(superuser=True).system
        for nobody in (ANONYMOUS, SYSTEM):
            with pytest.raises(access.Forbidden):
                _ = nobody.person_id

    def test_staff_roles_are_all_roles_but_the_resident(self) -> None:
        assert ROLES - access.STAFF_ROLES == {"resident"}


class TestDeclaring:
    """Each view says who may enter."""

    def test_a_view_carries_its_policy(self) -> None:
        @access.policy("room.view", who=STAFF, scope="cases:read")
        def view() -> None: ...

        found = access.policy_of(view)
        assert found is not None
        assert (found.name, found.who, found.scope) == ("room.view", STAFF, "cases:read")

    def test_a_view_without_one_has_none(self) -> None:
        def view() -> None: ...

        assert access.policy_of(view) is None

    def test_views_of_others_are_declared_by_module_the_longest_name_first(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(access, "_declared", {})
        access.declare("somebody", who=SUPERUSER)
        access.declare("somebody.open", who=PUBLIC)
        found = {
            name: access.policy_of(_of_module(name)) for name in ("somebody.admin", "somebody.open.docs")
        }
        assert {name: policy.who if policy else None for name, policy in found.items()} == {
            "somebody.admin": SUPERUSER,
            "somebody.open.docs": PUBLIC,
        }


def _of_module(name: str) -> Callable[[], None]:
    def view() -> None: ...

    view.__module__ = name
    return view
