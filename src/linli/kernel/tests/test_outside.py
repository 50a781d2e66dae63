from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from linli.kernel import outside
from linli.kernel.tests.other_side import Call, serving

HERE = ["127.0.0.0/8", "::1/128"]


def moods(call: Call) -> None:
    """The other side, with its moods."""
    if call.path == "/slow":
        call.send_response(200)
        call.end_headers()
        for _ in range(50):
            call.wfile.write(b".")
            time.sleep(0.05)
    elif call.path == "/slow-head":
        call.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(50):
            call.wfile.write(b"X: y\r\n")
            time.sleep(0.05)
    elif call.path == "/away":
        call.say(status=302, headers={"Location": "/"})
    elif call.path == "/much":
        call.say(b"x" * 5000)
    else:
        call.say({"host": call.headers["Host"]})


@pytest.fixture(scope="module")
def other() -> Iterator[int]:
    with serving(moods) as url:
        yield int(url.rpartition(":")[2])


@pytest.fixture(autouse=True)
def listed(settings: Any) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = HERE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/",
        "https://",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org/\r\nX-Evil: 1",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://" + "a" * 2000,
        "file:///etc/passwd",
    ],
)
def test_an_odd_address_is_refused_by_its_shape(url: str) -> None:
    assert outside.usable(url) == "address"
    with pytest.raises(outside.Unreached, match="address"):
        outside.ask("GET", url)


def test_plain_http_is_only_for_what_the_operator_listed(settings: Any) -> None:
    assert outside.usable("http://example.org/") == "plain_http"
    assert outside.usable("http://127.0.0.1:8080/") == outside.usable("http://localhost/") == ""
    assert outside.usable("https://example.org/hook?a=1") == ""
    settings.LINLI_OUTSIDE_PRIVATE = ["robots.example"]
    assert outside.usable("http://robots.example/") == ""
    assert outside.usable("http://localhost/") == "plain_http"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::",
    ],
)
def test_a_name_that_leads_inside_is_not_asked(
    address: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = []
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    rows = [
        (socket.AF_INET, 1, 6, "", ("93.184.215.14", 443)),
        (kind, 1, 6, "", (address, 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: rows)
    monkeypatch.setattr(socket, "create_connection", lambda *_given, **_named: pytest.fail("it connected"))
    with pytest.raises(outside.Unreached, match="inside") as caught:
        outside.ask("GET", "https://trap.example/")
    assert not caught.value.again


def test_the_connection_goes_to_the_address_that_was_checked(
    other: int, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = ["partner.example"]
    answers = iter(["127.0.0.1", "10.9.9.9"])  # a name that moves between looking and connecting
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *given: object, **named: object) -> object:
        if host == "partner.example":
            return [(socket.AF_INET, 1, 6, "", (next(answers), port))]
        return real(host, port, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    answer = outside.ask("GET", f"http://partner.example:{other}/")
    assert answer.json() == {"host": f"partner.example:{other}"}


def test_a_redirect_is_an_answer_and_not_followed(other: int) -> None:
    answer = outside.ask("GET", f"http://127.0.0.1:{other}/away")
    assert (answer.status, answer.good, answer.headers["location"]) == (302, False, "/")


@pytest.mark.parametrize("part", ["slow", "slow-head"])
def test_a_slow_trickle_ends_at_the_deadline(other: int, part: str) -> None:
    began = time.monotonic()
    with pytest.raises(outside.Unreached, match="timeout") as caught:
        outside.ask("GET", f"http://127.0.0.1:{other}/{part}", seconds=0.3)
    assert caught.value.again
    assert time.monotonic() - began < 1.5


def test_an_answer_beyond_bounds_is_dropped(other: int) -> None:
    with pytest.raises(outside.Unreached, match="too_long"):
        outside.ask("GET", f"http://127.0.0.1:{other}/much", most_bytes=4000)
    answer = outside.ask("GET", f"http://127.0.0.1:{other}/much", most_bytes=4000, cut=True)
    assert (len(answer.body), answer.cut, answer.address) == (4000, True, "127.0.0.1")


def test_nobody_listening_and_no_tls_are_told_apart(other: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(outside.Unreached, match="unreachable"):
        outside.ask("GET", f"http://127.0.0.1:{port}/", seconds=2)
    with pytest.raises(outside.Unreached, match="tls"):
        outside.ask("GET", f"https://127.0.0.1:{other}/", seconds=2)


def test_what_is_no_json_is_said_to_be_garbled(other: int) -> None:
    with pytest.raises(outside.Unreached, match="garbled"):
        outside.ask("GET", f"http://127.0.0.1:{other}/much").json()
