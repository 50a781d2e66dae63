from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from linli.integrations.assistant.adapter import MOST_BYTES, BadEndpoint, HttpAssistant
from linli.integrations.assistant.tests import server
from linli.integrations.assistant.tests.server import Endpoint, say, trickle
from linli.kernel.tests.other_side import Call
from linli.triage.ports import Unavailable
from linli.triage.rules.assisting import Material

HELD = Material("路灯不亮", "照明", ("已上报",))


@pytest.fixture(autouse=True)
def listed(settings: Any) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with server.running() as held:
        yield held


def assistant(endpoint: Endpoint, **more: Any) -> HttpAssistant:
    return HttpAssistant(url=endpoint.url, model="small-1", key="secret-key", **{"seconds": 5.0, **more})


def why(endpoint: Endpoint, **more: Any) -> str:
    with pytest.raises(Unavailable) as refused:
        assistant(endpoint, **more).draft_answer(HELD, language="zh-hans")
    return refused.value.code


def test_it_asks_in_the_common_protocol_and_reads_text_and_cost(endpoint: Endpoint) -> None:
    came = assistant(endpoint).summarise(HELD, language="zh-hans")
    assert (came.text, came.tokens_in, came.tokens_out) == ("路灯已更换。", 321, 45)
    (asked,) = endpoint.asked
    assert endpoint.paths == ["/v1/chat/completions"]
    assert asked["model"] == "small-1"
    assert asked["stream"] is False
    assert [one["role"] for one in asked["messages"]] == ["system", "user"]
    assert "路灯不亮" in asked["messages"][1]["content"]
    assert endpoint.headers[0]["Authorization"] == "Bearer secret-key"


def test_it_speaks_the_readers_language(endpoint: Endpoint) -> None:
    assistant(endpoint).draft_answer(HELD, language="en")
    assert endpoint.asked[0]["messages"][0]["content"].startswith("You draft")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "busy"),
        (503, "busy"),
        (500, "failed"),
        (502, "failed"),
        (401, "refused"),
        (404, "refused"),
        (204, "failed"),
    ],
)
def test_every_refusal_has_its_code(endpoint: Endpoint, status: int, code: str) -> None:
    endpoint.answer = lambda call: call.say(b"" if status == 204 else b"no", status=status)
    assert why(endpoint) == code
    assert len(endpoint.asked) == 1  # nothing is tried again behind a person's back


def test_no_redirect_is_followed(endpoint: Endpoint) -> None:
    endpoint.answer = lambda call: call.say(status=302, headers={"Location": f"{endpoint.url}/elsewhere"})
    assert why(endpoint) == "failed"
    assert len(endpoint.paths) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'{"choices": []}', b'{"choices": [{"message": {}}]}', b"\xff\xfe", b"[" * 50_000,
        b'{"choices": [{"message": {"content": null}}]}', b'{"choices": [{"message": {"content": "  "}}]}',
        b'{"choices": [{"message": {"content": ["a"]}}]}', b"<html>gateway</html>",
    ],
)  # fmt: skip
def test_garbage_is_called_garbage(endpoint: Endpoint, body: bytes) -> None:
    endpoint.answer = lambda call: call.say(body)
    assert why(endpoint) == "garbled"


@pytest.mark.parametrize(
    "usage", [{}, [], {"prompt_tokens": "many"}, {"prompt_tokens": -4, "completion_tokens": 10**12}]
)
def test_a_strange_count_of_tokens_counts_nothing(endpoint: Endpoint, usage: Any) -> None:
    endpoint.answer = lambda call: say(call, "好", usage=usage)
    if isinstance(usage, list) and usage == []:
        assert assistant(endpoint).summarise(HELD, language="en").tokens_in == 0
    else:
        assert assistant(endpoint).summarise(HELD, language="en").tokens_out == 0


def test_silence_and_a_slow_trickle_end_at_the_deadline(endpoint: Endpoint) -> None:
    def silent(_call: Call) -> None:
        time.sleep(2)

    for answer in (silent, trickle):
        endpoint.answer = answer
        begun = time.monotonic()
        assert why(endpoint, seconds=0.4) == "timeout"
        assert time.monotonic() - begun < 1.5


def test_an_endless_answer_is_cut_off(endpoint: Endpoint) -> None:
    endpoint.answer = lambda call: call.say(b" " * (MOST_BYTES + 1))
    assert why(endpoint) == "too_long"


def test_nobody_at_the_address_is_a_failure() -> None:
    machine = HttpAssistant(url="http://127.0.0.1:9/v1", model="m", seconds=1)
    with pytest.raises(Unavailable) as refused:
        machine.summarise(HELD, language="en")
    assert refused.value.code == "failed"


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example.org/v1", "http://127.0.0.1.example.org/v1", "http://10.0.0.7/v1", "ftp://localhost/v1",
        "https://", "https://user:pw@models.example.org/v1", "https://models.example.org/v1?a=1",
        "file:///etc/passwd", "models",
    ],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(BadEndpoint):
        HttpAssistant(url=url, model="m")


def test_plain_http_to_this_machine_needs_the_operators_word(settings: Any) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = []
    with pytest.raises(BadEndpoint):
        HttpAssistant(url="http://127.0.0.1:8000/v1", model="m")
    with pytest.raises(BadEndpoint):
        HttpAssistant(url="https://models.example.org/v1", model="")
    assert HttpAssistant(url="https://models.example.org/v1/", model="m").version == "m"
