"""Who gets in where: every door × everybody × objects of one's own, of another community, absent.

What is right stands in access.toml and is read by people when it changes. To write it anew after a door was added:
``LINLI_TEST_WRITE_ACCESS=1 python -m pytest tests/trust/test_matrix.py -n0``, then read the difference.
"""

from __future__ import annotations

import functools
import json
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from linli.cases.rules.workflow import Verb
from linli.faces.tests.thorough import turn
from linli.kernel import scope
from tests.trust import at_work, belts
from tests.trust.doors import Door, doors
from tests.trust.stage import ACTORS, NOW, OUTSIDERS, Stage, undone

FILE = Path(__file__).with_name("access.toml")
WRITE = bool(os.environ.get("LINLI_TEST_WRITE_ACCESS"))
OBJECTS = ("here", "elsewhere", "absent", "mixed")
# Doors of the framework under the API's roof; they show the document of the API and nothing else.
BARE = {"/api/v1/": "404 for everybody", "/api/v1/openapi.json": "the OpenAPI document"}
KEPT_OUT = frozenset({"sign in", "second factor", "forbidden", "not found", "gone", "no such method"})
CHANGES = re.compile(
    rb'name="(?:csrfmiddlewaretoken|once|idempotency_key)" value="[^"]+"|"X-CSRFToken": "[^"]+"'
)
_seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
_closed: set[str] = set()

#: Doors that are there to tell it: who calls a resident back sees the number, with a row in the access log.
MEANT = {
    ("POST /desk/callbacks/<int:callback_id>/number/", "phone of neighbour"),
    ("POST /api/v1/clients/<int:client_id>/key", "API token"),  # another key of a program, told once
    ("GET /api/", "API token"),  # how a key begins, as an example in the reference
}


def outcome(response: Any) -> str:
    """What became of a request, in one word."""
    status, leads = response.status_code, response.headers.get("Location", "")
    if status == 401 or leads.startswith("/sign-in/"):
        return "sign in"
    if leads.startswith("/me/second-factor/check/"):
        return "second factor"
    known = {403: "forbidden", 404: "not found", 410: "gone", 405: "no such method"}
    assert status < 500, response.content[:300]
    return known.get(status, "in")


def all_doors() -> list[Door]:
    return [door for door in doors() if "/" + door.route not in BARE]


def objects(door: Door) -> tuple[str, ...]:
    if not door.parameters:
        return ("",)
    return OBJECTS if len(door.parameters) > 1 else OBJECTS[:3]


#: Those with most rights, with none, and of elsewhere: they knock at the doors of all objects in every run.
KEEN = frozenset({"leader", "dispatcher", "elsewhere_dispatcher", "anonymous"})


def tried(who: str, door: Door) -> tuple[str, ...]:
    """The objects that somebody asks a door for: all by some of us in every run, one's own by half of us."""
    if WRITE or who in KEEN or turn(who, door.key, of=8):
        return objects(door)
    return objects(door)[:1] if turn(who, door.key, of=2) else ()


def knock(stage: Stage, who: str, door: Door, of: str) -> Any:
    values = stage.values(door.name, door.parameters, of or "here")
    address, body = door.address(values), at_work.sent(door.key, stage.objects[of or "here"], NOW)
    if address.startswith(at_work.OF_A_COMMUNITY):
        address += f"?community={stage.objects[of or 'here']['code']}"
    body = body and json.dumps(body)
    return stage.ask(who, door.method, address, program=door.program, body=body)


@functools.cache
def expected() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


@pytest.fixture(scope="module", autouse=True)
def _write() -> Iterator[None]:
    yield
    if WRITE:
        FILE.write_text(written(), encoding="utf-8")


def written() -> str:
    """The file as the program behaves now."""
    lines = [
        "# Who gets in where; read by people when it changes (see test_matrix.py).",
        "# in: a door without an object; here, elsewhere, absent: with an object of the first community, the second, none;",
        "# mixed: one part of the address is of the first, another of the second. Who is not named is kept out.",
        "# closed: the route does not know this method.",
        "",
    ]
    for door in sorted(all_doors(), key=lambda one: (one.program, one.route, one.method)):
        lines += [f'["{door.key}"]', f'policy = "{door.policy.name if door.policy else ""}"']
        if door.key in _closed:
            lines += ["closed = true", ""]
            continue
        seen = _seen[door.key]
        for of in objects(door):
            names = [name for name in ACTORS if name in seen[of]]
            lines.append(f"{of or 'in'} = {_listed(names)}")
        lines.append("")
    return "\n".join(lines)


def _listed(names: list[str]) -> str:
    if len(names) == len(ACTORS):
        return '["everybody"]'
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def test_every_door_declares_a_policy() -> None:
    undeclared = sorted(door.key for door in all_doors() if door.policy is None)
    assert undeclared == [], "add @access.policy(...) (pages) or @operation(...) (API)"


def test_a_policy_is_named_for_one_page_and_at_most_its_twin_in_the_api() -> None:
    named = defaultdict(set)
    for door in all_doors():
        if door.policy and door.policy.name != "linli.faces.pages":  # declared for the module as a whole
            named[door.policy.name, door.program].add(door.route)
    assert {name: sorted(routes) for name, routes in named.items() if len(routes) > 1} == {}


@pytest.mark.skipif(WRITE, reason="the file is being written")
def test_the_reviewed_file_holds_every_door_and_no_other() -> None:
    there = {door.key: door.policy.name if door.policy else "" for door in all_doors()}
    listed = {key: str(entry["policy"]) for key, entry in expected().items()}
    assert set(there) - set(listed) == set(), "add these to access.toml"
    assert set(listed) - set(there) == set(), "take these out of access.toml"
    assert {key: there[key] for key in listed} == listed


@pytest.mark.rounds
@pytest.mark.parametrize("who", ACTORS)
def test_everybody_gets_in_where_they_may_reads_what_is_theirs_and_every_answer_wears_its_belt(
    stage: Stage, who: str, settings: Any, logged: list[str]
) -> None:
    settings.LINLI_API_LIMITS = False
    wanted, wrong = expected(), []
    for door in all_doors():
        entry = wanted.get(door.key, {})
        for of in () if entry.get("closed") and not WRITE else tried(who, door):
            response = knock(stage, who, door, of)
            found = outcome(response)
            values = stage.values(door.name, door.parameters, of or "here")
            wrong += belts.check(response, door.address(values))
            told = [about for about in stage.leaks(who, response) if (door.key, about) not in MEANT]
            wrong += [f"{door.key} {of}: tells a {about}" for about in told]
            if found == "no such method":
                _closed.add(door.key)
                break
            _seen[door.key][of] |= {who} if found not in KEPT_OUT else set()
            names = entry.get(of or "in", [])
            may = who in names or "everybody" in names
            if may != (found not in KEPT_OUT):
                wrong.append(f"{door.key} {of}: {found}")
    assert WRITE or wrong == []
    lines = "\n".join(logged)
    assert [secret.about for secret in stage.secrets if secret.text in lines] == []


@pytest.mark.rounds
@pytest.mark.parametrize("who", sorted(OUTSIDERS | {"neighbour", "resident", "dispatcher"}))
def test_what_is_of_others_looks_like_what_is_not_there(stage: Stage, who: str, settings: Any) -> None:
    """Same status, same words, same headers: nobody learns that something exists elsewhere."""
    settings.LINLI_API_LIMITS = False
    foreign = "elsewhere" if who in {"dispatcher", "resident", "neighbour"} else "here"
    known, wrong = expected(), []
    for door in all_doors():
        entry = known.get(door.key, {})
        public = entry.get(foreign, [])
        if not door.parameters or entry.get("closed") or who in public or "everybody" in public:
            continue
        if not turn(who, door.key, of=3):
            continue
        one, two = (plain(stage, door, who, of) for of in (foreign, "absent"))
        if one != two:
            wrong.append(f"{door.key}: {difference(one, two)}")
    assert wrong == []


def difference(one: Any, two: Any) -> str:
    """Where two answers part."""
    if one[0] != two[0] or one[2] != two[2]:
        return f"{one[0]} {one[2]} | {two[0]} {two[2]}"
    at = next((n for n, pair in enumerate(zip(one[1], two[1], strict=False)) if pair[0] != pair[1]), 0)
    return " | ".join(body[max(0, at - 60) : at + 60].decode(errors="replace") for body in (one[1], two[1]))


def plain(stage: Stage, door: Door, who: str, of: str) -> tuple[int, bytes, dict[str, str]]:
    """An answer without what differs each time, and without the object's own address."""
    response = knock(stage, who, door, of)
    body = CHANGES.sub(b"", b"".join(response) if response.streaming else response.content)
    nonce = re.search(r"'nonce-([^']+)'", response.headers.get("Content-Security-Policy", ""))
    body = body.replace(nonce[1].encode(), b"") if nonce else body
    headers = {name: value for name, value in response.headers.items() if name not in {"X-Request-Id"}}
    values = stage.values(door.name, door.parameters, of)
    for value in sorted({door.address(values), *map(str, values.values())}, key=len, reverse=True):
        if len(value) > 5:  # shorter ones stand in an address only
            body = body.replace(value.encode(), b"*")
            headers = {name: text.replace(value, "*") for name, text in headers.items()}
    headers = {name: re.sub(r"'nonce-[^']+'", "", text) for name, text in headers.items()}
    headers.pop("Content-Length", None)
    headers.pop("Set-Cookie", None)
    return response.status_code, body, headers


@pytest.mark.rounds
@pytest.mark.skipif(WRITE, reason="the file is being written")
def test_closed_doors_are_closed(stage: Stage, settings: Any) -> None:
    settings.LINLI_API_LIMITS = False
    known = expected()
    for door in all_doors():
        if known[door.key].get("closed"):
            found = {
                outcome(knock(stage, who, door, "here"))
                for who in ("leader", "admin", "dispatcher", "anonymous")
            }
            assert found <= {"no such method", "sign in", "forbidden"}, door.key


@pytest.mark.rounds
@pytest.mark.parametrize("who", ["leader", "dispatcher", "elsewhere_dispatcher", "resident"])
def test_nothing_sent_to_an_address_of_others_changes_anything_there(
    stage: Stage, who: str, settings: Any
) -> None:
    settings.LINLI_API_LIMITS = False
    foreign, community = (
        ("here", stage.cast.here) if who.startswith("elsewhere") else ("elsewhere", stage.cast.elsewhere)
    )
    doors = [door for door in all_doors() if door.method != "GET" and door.parameters]
    before = digest(community.id)
    for some in (doors[at : at + 10] for at in range(0, len(doors), 10)):
        with undone():
            for door in some:
                stage.send(who, door.method, address(stage, door, foreign), program=door.program)
            changed = digest(community.id) != before
        assert not changed, [door.key for door in some]


def test_everybody_opens_some_page() -> None:
    """The belt is tried on pages people really see, not on refusals alone."""
    doors = [door for door in all_doors() if door.method == "GET" and not door.program]
    for who in ACTORS:
        entries = (expected().get(door.key, {}) for door in doors)
        names = [{*entry.get("in", []), *entry.get("here", [])} for entry in entries]
        assert any({who, "everybody"} & some for some in names), who


def address(stage: Stage, door: Door, of: str) -> str:
    return door.address(stage.values(door.name, door.parameters, of))


def test_a_change_elsewhere_would_be_noticed(stage: Stage) -> None:
    """The alarm works: a note by one of theirs."""
    before = digest(stage.cast.here.id)
    number = stage.objects["here"]["number"]
    with undone():
        stage.cast.move(number, Verb.NOTE, stage.cast.dispatcher, at=NOW, note="see")
        assert digest(stage.cast.here.id) != before
    assert digest(stage.cast.here.id) == before


def digest(community_id: int) -> str:
    """Everything a community holds, in one word."""
    tables = [model._meta.db_table for model in apps.get_models() if hasattr(model, "community_id")]
    rows = " UNION ALL ".join(
        f"SELECT md5(t::text) AS row FROM {table} t WHERE community_id = {community_id}" for table in tables
    )
    with scope.within([community_id]), connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(row, '' ORDER BY row)) FROM ({rows}) AS every")
        return str(cursor.fetchone()[0])


METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")


@pytest.mark.rounds
@pytest.mark.parametrize("who", ["anonymous", "elsewhere_dispatcher"])
def test_other_methods_open_nothing_more(stage: Stage, who: str, settings: Any) -> None:
    settings.LINLI_API_LIMITS = False
    declared = {(door.route, door.method) for door in all_doors()}
    wrong = []
    for door in all_doors():
        if door.method != "GET" or not door.parameters:
            continue
        there = address(stage, door, "here")
        got = outcome(knock(stage, who, door, "here"))
        for method in METHODS:
            if (door.route, method) in declared or not turn(method, door.key, of=2):
                continue
            other = (
                stage.ask(who, method, there, program=True)
                if door.program
                else _page(stage, who, method, there)
            )
            if got in KEPT_OUT and outcome(other) not in KEPT_OUT:
                wrong.append(f"{method} {door.key}")
            if method == "HEAD" and not (other.content == b"" or other.streaming):
                wrong.append(f"{method} {door.key} has a body")
    assert wrong == []


def _page(stage: Stage, who: str, method: str, address: str) -> Any:
    return stage.client(who).generic(method, address)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_header_changes_no_method(stage: Stage, header: str) -> None:
    number = stage.objects["here"]["number"]
    browser = stage.client("dispatcher")
    before = stage.cast.case(number).version
    answer = browser.get(f"/desk/case/{number}/note/", headers={header: "POST"})
    assert answer.status_code in {200, 405}
    assert stage.cast.case(number).version == before


def test_the_api_knows_nobody_by_the_cookie_of_a_page(stage: Stage) -> None:
    browser = stage.client("dispatcher")
    assert browser.get("/desk/").status_code == 200
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.get("/api/v1/cases").status_code == 401


def test_pages_know_nobody_by_the_token_of_a_program(stage: Stage) -> None:
    answer = stage.client("anonymous").get(
        "/desk/", headers={"Authorization": f"Bearer {stage.tokens['dispatcher']}"}
    )
    assert outcome(answer) == "sign in"
