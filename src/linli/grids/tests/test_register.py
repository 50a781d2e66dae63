"""The community's own register of households: taken whole or not at all, and asked when somebody says where they live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from linli.grids import actions, queries
from linli.grids.actions import own_data, register
from linli.grids.models import HouseholdEntry
from linli.grids.rows import PlaceRow
from linli.grids.rules import register as rules
from linli.grids.tests.conftest import Ground
from linli.kernel import access, scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["unknown_columns"]),
        ("name,phone\n", ["unknown_columns"]),
        ("dwelling_code,phone\n\n", ["empty_file"]),
        ("姓名,门牌编码,手机号\n王,1-101,13800000000\n", []),
        ("phone,dwelling_code\n13800000000\n", []),  # a short line: its door is unknown later
    ],
)
def test_a_table_says_what_is_wrong_with_it(content: str, expected: list[str]) -> None:
    assert [fault.code for fault in rules.read(content.encode()).faults] == expected


def test_excels_chinese_is_read_and_lines_keep_their_number() -> None:
    table = rules.read("门牌编码,手机号\n\n1-101,13800000000\n".encode("gb18030"))
    assert table.rows == [(3, "1-101", "13800000000")]


@pytest.fixture
def dwelling(ground: Ground) -> PlaceRow:
    return queries.subtree(ground.at("1003").path, "dwelling")[0]


def test_whom_the_register_has_is_proved_at_once_and_who_waited_as_well(
    ground: Ground,
    staff: Callable[..., access.Actor],
    person: Callable[..., int],
    dwelling: PlaceRow,
    at: datetime,
) -> None:
    leader = staff("community_leader", ground.luxing)
    waits, comes, neighbour = (
        person(name, phone=f"+8613911110{end}") for name, end in (("王", "001"), ("李", "002"), ("赵", "003"))
    )
    asked = {}
    for somebody in (waits, comes, neighbour):
        actions.follow(actor=access.Actor(somebody), place_id=ground.luxing.id, at=at)

    def ask(account_id: int) -> bool:
        actor = queries.actor(account_id, at)
        assert actor is not None
        scope.enter(actor.communities)
        asked[account_id] = actions.ask_residence(actor=actor, dwelling_id=dwelling.id, at=at)
        return actions.prove_by_register(actor=actor, residence_id=asked[account_id].id, at=at)

    assert not ask(waits)
    phones = ("139 1111 0001", "+8613911110002", "13911110002")
    table = "\n".join(["dwelling_code,phone", *(f"{dwelling.code},{phone}" for phone in phones)])
    scope.enter(leader.communities)
    given = {"actor": leader, "community_id": ground.luxing.id, "at": at}
    done = register.list_households(content=table.encode(), **given)  # type: ignore[arg-type]
    assert (done.entries, done.proved) == (2, 1)
    assert [ask(comes), ask(neighbour)] == [True, False]
    proved = queries.residence(asked[waits].id)
    assert proved is not None
    assert proved.basis == "register"
    scope.enter(leader.communities)
    wrong = f"dwelling_code,phone\n{dwelling.code},1\nnowhere,13911110002\n"
    with pytest.raises(register.BadRegister) as bad:
        register.list_households(content=wrong.encode(), **given)  # type: ignore[arg-type]
    assert [(fault.line, fault.code) for fault in bad.value.faults] == [
        (2, "bad_phone"),
        (3, "unknown_dwelling"),
    ]
    assert HouseholdEntry.objects.count() == 2
    assert own_data.held(comes)["register"] == [dwelling.code]
    own_data.erase(comes, at)
    scope.enter(leader.communities)
    assert HouseholdEntry.objects.count() == 1
    with pytest.raises(access.NotFound):
        register.list_households(
            actor=staff("admin", ground.riverside), community_id=ground.luxing.id, content=b"", at=at
        )
