from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from django.db import IntegrityError, connection

from linli.kernel import logs


def _line(
    message: str = "done", *values: object, error: BaseException | None = None, **extra: object
) -> dict[str, Any]:
    record = logging.LogRecord(
        "linli.test",
        logging.INFO,
        __file__,
        1,
        message,
        values,
        (type(error), error, error.__traceback__) if error else None,
    )
    record.__dict__.update(extra)
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    line: dict[str, Any] = json.loads(text)
    return line


def test_a_line_is_one_json_object() -> None:
    line = _line("case %s closed", 17, route="cases/<number>", status=200, ms=3.5)
    assert line["message"] == "case 17 closed"
    assert (line["level"], line["logger"], line["status"], line["ms"]) == ("INFO", "linli.test", 200, 3.5)
    assert line["route"] == "cases/<number>"
    assert line["time"].endswith("+00:00")


def test_the_request_id_goes_along() -> None:
    def inside() -> dict[str, Any]:
        logs.set_request_id("abc123")
        return _line()

    assert copy_context().run(inside)["request"] == "abc123"
    assert "request" not in copy_context().run(_line)


def test_only_known_extras_are_written() -> None:
    line = _line(phone="13812345678", name="张三", words="垃圾", account_id=7, reason="too_late")
    assert set(line) == {"time", "level", "logger", "message", "account_id", "reason"}


CANARIES = [
    "13812345678",
    "138 1234 5678",
    "11010519491231002X",
    "110105 19491231 002X",
    "6222021234567890128",
    "0851-88881234",
    "贵A12345",
    "lili@example.com",
    "张三",
    "铝兴社区3栋",
    "7K3M-9QWX-0AB1-ZT2F",
    "Bearer s3cr3tvalue",
    "token=s3cr3tvalue",
    'access_token": "s3cr3tvalue"',
    "password: s3cr3tvalue",
    "sessionid=s3cr3tvalue; path=/",
    "eyJhbGciOiJIUzI1NiJ9abcDEF0123456789",
]


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize(
    "place",
    [
        lambda canary: _line(f"got {canary} from a form"),
        lambda canary: _line("got %s from a form", canary),
        lambda canary: _line("failed", error=ValueError(f"invalid value: '{canary}'")),
        lambda canary: _line("failed", reason=canary),
    ],
    ids=["message", "argument", "error", "extra"],
)
def test_personal_data_and_secrets_do_not_reach_the_log(
    canary: str, place: Callable[[str], dict[str, Any]]
) -> None:
    text = json.dumps(place(canary), ensure_ascii=False)
    assert canary not in text
    assert "s3cr3tvalue" not in text


def test_long_numbers_in_extras_are_masked() -> None:
    assert _line(case_id=13812345678)["case_id"] == "138****5678"
    assert _line(case_id=13_000)["case_id"] == 13_000


def test_an_error_tells_where_but_not_what() -> None:
    def fail(secret: str) -> None:
        raise LookupError(f"no such person {secret}")

    try:
        try:
            fail("张三")
        except LookupError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError as error:
        line = _line("failed", error=error)
    assert line["error"]["type"] == "builtins.RuntimeError"
    cause = line["error"]["causes"][0]
    assert cause["message"] == "no such person …"
    assert cause["stack"][-1].endswith(" fail")
    assert not any(frame.startswith("/") for frame in cause["stack"])


@pytest.mark.django_db
def test_values_in_a_database_error_stay_out() -> None:
    with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_heartbeat (name, at, note) VALUES ('wang', now(), ''), ('wang', now(), '')"
        )
    line = _line("failed", error=caught.value)
    assert "duplicate key" in line["error"]["message"]
    assert "wang" not in json.dumps(line)


def test_a_wrong_format_string_does_not_lose_the_line() -> None:
    assert _line("only %s and %s", 1)["message"] == "only %s and %s"


def test_control_characters_cannot_forge_a_line() -> None:
    assert "\\n" in json.dumps(_line("a\nlevel=FATAL")["message"])
    assert _line("a\x1b[31mb")["message"] == "a [31mb"


def test_a_huge_message_is_cut() -> None:
    assert len(_line("x " * 10**6)["message"]) <= logs.LONGEST_MESSAGE
