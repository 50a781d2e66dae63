"""Whatever is sent, nothing breaks: no page answers with an error of ours, and nothing of it runs in anybody's browser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.faces.tests.thorough import examples
from linli.faces.tests.thorough import turn as tried
from tests.trust import pages, test_matrix
from tests.trust.doors import Door
from tests.trust.stage import NOW, Stage, fresh, undone

pytestmark = pytest.mark.rounds

#: In every field of every form, and in every part of an address.
HOSTILE = {
    "null": "a\x00b",
    "long": "长" * 3_000,
    "huge number": "9" * 400,
    "negative": "-1",
    "not a number": "NaN",
    "exponent": "1e309",
    "arabic digits": "١٢٣",
    "emoji": "🧯👨‍👩‍👧‍👦" * 10,
    "right to left": "\u202etxt.exe\u202c\u200f",
    "control": "".join(map(chr, range(1, 32))),
    "markup": '"><script>window.__x=1</script><img src=x onerror=window.__x=1>',
    "template": "{{ 7|add:7 }}{% debug %}${7*7}#{7*7}",
    "sql": "'; DROP TABLE cases_case; --",
    "lookup": "id__gt",
    "path": "../../../../etc/passwd",
    "format": "%s%n%(x)s{0}{x}",
    "date": "0000-99-99",
    "old date": "0001-01-01",
    "far date": "9999-12-31T23:59:59+14:00",
    "json": "[" * 3000,
    "blank": "   ",
    "newlines": "a\r\nSet-Cookie: x=1\r\n\r\n<p>",
}
ASKED = tuple(
    "tab q cursor after community place category urgency organisation period order next show role building bbox month"
    " year on days page from number here list".split()
)
PEOPLE = ("anonymous", "resident", "leader")
TURNS = examples(1, 3)
NO_ERROR = 500
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def open_doors(who: str, method: str, *sent: str, of: int = 1) -> Iterator[Door]:
    """The pages this person may open, here; every day an ``of``-th part of them for what is sent."""
    for door in test_matrix.all_doors():
        entry = test_matrix.expected().get(door.key, {})
        names = [*entry.get("in", []), *entry.get("here", [])]
        welcome = who in names or "everybody" in names
        if door.method == method and not door.program and welcome and tried(who, door.key, *sent, of=of):
            yield door


def here(stage: Stage, door: Door) -> str:
    return door.address(stage.values(door.name, door.parameters, "here"))


def mixed(names: Iterable[str], turn: int) -> dict[str, str]:
    """Every field with a hostile value, a different one each turn."""
    values = list(HOSTILE.values())
    return {name: values[(place * 7 + turn * 5) % len(values)] for place, name in enumerate(sorted(names))}


def breaks(door: Door, response: Any) -> list[str]:
    """What is wrong with the answer to something hostile."""
    if response.status_code >= NO_ERROR:
        return [f"{door.key}: {response.status_code}"]
    page = response.headers.get("Content-Type", "").startswith("text/html")
    return [f"{door.key}: {fault}" for fault in faults(response)] if page else []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("turn", range(TURNS))
def test_hostile_questions_break_no_page(stage: Stage, who: str, turn: int) -> None:
    query = QueryDict(mutable=True)
    query.update(mixed(ASKED, turn))
    broken = []
    for door in open_doors(who, "GET", of=2):
        with undone():
            broken += breaks(door, stage.client(who).get(f"{here(stage, door)}?{query.urlencode()}"))
    assert broken == []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("turn", range(TURNS))
def test_hostile_forms_break_no_page(stage: Stage, who: str, turn: int) -> None:
    broken = []
    sent = mixed(fields(stage, who), turn)
    for door in open_doors(who, "POST", of=2):
        with undone():
            broken += breaks(door, stage.client(who).post(here(stage, door), sent))
    assert broken == []


@pytest.mark.parametrize("payload", ["null", "huge number", "arabic digits", "json"])
def test_one_hostile_thing_everywhere_breaks_no_form(stage: Stage, payload: str) -> None:
    broken = []
    sent = dict.fromkeys(fields(stage, "leader"), HOSTILE[payload])
    for door in open_doors("leader", "POST", payload, of=4):
        with undone():
            broken += breaks(door, stage.client("leader").post(here(stage, door), sent))
    assert broken == []


_fields: dict[str, set[str]] = {}


def fields(stage: Stage, who: str) -> set[str]:
    """The names of every field of every form that this person sees."""
    if who not in _fields:
        found = {"words", "verb", "once", "step", "purpose", "uploads", "remove"}
        for door in open_doors(who, "GET"):
            with undone():
                response = stage.client(who).get(here(stage, door))
                if response.headers.get("Content-Type", "").startswith("text/html"):
                    for tag, known in pages.read(response.content.decode()).tags:
                        if tag in {"input", "select", "textarea", "button"} and known.get("name"):
                            found.add(str(known["name"]))
        _fields[who] = found - {"csrfmiddlewaretoken"}
    return _fields[who]


def faults(response: Any) -> list[str]:
    """What the page would run."""
    nonce = re.search(r"'nonce-([^']+)'", response.headers.get("Content-Security-Policy", ""))
    return pages.read(response.content.decode(), nonce[1] if nonce else "").faults


ADDRESSED = (
    "%00",
    "%ff%fe",
    "..%2f..%2fetc",
    "🧯",
    "x" * 3000,
    "%E2%80%AE",
    "-1",
    "0",
    "99999999999999999999",
)


@pytest.mark.parametrize("payload", ADDRESSED)
def test_hostile_addresses_are_not_found(stage: Stage, payload: str) -> None:
    broken = []
    for door in test_matrix.all_doors():
        if not door.parameters or door.program or not tried(payload[:9], door.key, of=6):
            continue
        address = door.address(dict.fromkeys(door.parameters, payload))
        with undone():
            response = stage.client("leader").generic(door.method, address)
        if response.status_code not in {301, 302, 400, 403, 404, 405, 410, 422}:
            broken.append(f"{door.key}: {response.status_code}")
    assert broken == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"words"),
        ("application/json", b"[" * 50_000),
        ("application/json", b'{"a":'),
        (FORM, b"a=%ff&b=%00&" + b"c=1&" * 400),
        (FORM, b"a=1&" * 3000),
        (f"{FORM}; charset=utf-7", b"a=1"),
        (f"{FORM}; charset=nonsense", b"a=1"),
        (PARTS, b"--x"),
        (f"{PARTS}; boundary=", b"--x"),
        (f"{PARTS}; boundary=x", b"--x\r\nbroken"),
        (f"{PARTS}; boundary={'x' * 300}", b"--x"),
        (
            f"{PARTS}; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name*=utf-8''%00\r\n\r\na\r\n--x--",
        ),
        ("", b"\x00\xff" * 100),
        ("image/png", b"\x89PNG"),
    ],
)
def test_what_is_no_form_breaks_nothing(stage: Stage, kind: str, body: bytes) -> None:
    broken = []
    for door in open_doors("anonymous", "POST", kind, str(len(body)), of=3):
        with undone():
            broken += breaks(door, fresh().generic("POST", here(stage, door), body, content_type=kind))
    assert broken == []


@pytest.mark.parametrize(
    "name",
    [
        "../../x.jpg",
        "a\x00.jpg",
        "x" * 5000 + ".jpg",
        '"><script>.jpg',
        "照片🧯.jpg",
        "",
        "con",
        "a\r\nb.jpg",
    ],
)
def test_hostile_file_names_are_taken_for_what_they_are(stage: Stage, name: str) -> None:
    browser = stage.client("resident")
    browser.get(f"/p/{stage.objects['here']['qr_code']}/")
    sent = SimpleUploadedFile("x", b"not a picture", "image/jpeg")
    sent._name = name
    response = browser.post("/upload/", {"file": sent})
    assert response.status_code in {400, 413, 422, 429}


def test_a_cookie_we_did_not_make_is_nobody(stage: Stage) -> None:
    for value in ("x", "\x00", "a" * 5000, "🧯", "' OR 1=1", "../../x"):
        browser = fresh()
        browser.cookies["__Host-linli"] = value.encode("unicode-escape").decode("ascii")
        response = browser.get("/me/")
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/")


HEADERS = (
    "Accept-Language", "X-Request-Id", "X-Forwarded-For", "Range", "If-None-Match", "HX-Request", "HX-Current-URL",
    "User-Agent", "Referer", "X-Forwarded-Proto", "Accept",
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_hostile_headers_break_nothing_and_are_not_repeated(stage: Stage, header: str) -> None:
    for value in (
        "\x01",
        "x" * 5000,
        "*",
        "bytes=0-99999999999999999999999",
        "zh;q=abc, *;q=1e999",
        "CANARYHEADER\tx",
        "::::",
        "a,b,c" * 500,
    ):
        for address in ("/", "/sign-in/", f"/files/{stage.objects['here']['ticket']}/", "/desk/"):
            response = stage.client("dispatcher").get(address, headers={header: value})
            assert response.status_code < NO_ERROR, (header, value[:20], address)
            assert "CANARYHEADER" not in str(response.headers)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver@evil.example",
        "",
        "testserver, evil.example",
        "[::1",
        "a" * 300,
    ],
)
def test_another_name_than_ours_is_refused(host: str) -> None:
    response = fresh().get("/sign-in/", headers={"Host": host})
    assert response.status_code == 400
    assert b"evil" not in response.content


PAYLOADS = (
    HOSTILE["markup"], "<svg/onload=window.__x=1>", "javascript:window.__x=1", "</textarea><script>window.__x=1</script>",
    "' onmouseover='window.__x=1", '" autofocus onfocus="window.__x=1', "</title><script>window.__x=1</script>",
    "<!--><script>window.__x=1</script>", "]]><script>window.__x=1</script>", "&lt;script&gt;window.__x=1&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.__x=1", "</script><script>window.__x=1</script>",
    "{{constructor.constructor('window.__x=1')()}}",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_wrote_is_shown_as_words_to_everybody(stage: Stage, payload: str) -> None:
    """In every field of a case, on every page that shows it (T10)."""
    cast = stage.cast
    number = cast.report(
        payload, by=cast.resident, at=NOW, publish=True, key=payload, contact_name=payload[:60],
        place=PlaceGiven(building_id=cast.building.id, address=payload[:200]),
    ).number  # fmt: skip
    moves = [
        (Verb.NOTE, cast.dispatcher, {"note": payload}),
        (Verb.ADD, cast.resident, {"words": payload}),
        (
            Verb.DISPATCH,
            cast.dispatcher,
            {"category_code": "facilities.lighting", "organisation_id": cast.property_company.pk},
        ),
        (Verb.JOINT, cast.dispatcher, {"organisation_id": cast.department.pk, "words": payload}),
        (Verb.RETURN, cast.property_handler, {"reason": "wrong_place", "note": payload}),
        (Verb.RULE, cast.dispatcher, {"ruling": "upheld", "note": payload}),
    ]
    for verb, by, given in moves:
        cast.move(number, verb, by, at=NOW, **given)
    desk = [
        f"/desk/case/{number}/",
        f"/desk/case/{number}/note/",
        f"/desk/audit/{number}/",
        "/desk/?tab=all",
        "/desk/bulk/",
    ]
    own = [f"/case/{number}/", "/my/", "/"]
    wrong = []
    for who, seen in (("leader", desk), ("resident", own), ("anonymous", ["/settled/520113008006/"])):
        for address in seen:
            response = stage.client(who).get(address)
            assert response.status_code == 200, (who, address)
            wrong += [f"{address}: {fault}" for fault in faults(response)]
    assert wrong == []
