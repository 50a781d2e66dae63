"""Whose address the application sees."""

from __future__ import annotations

from typing import Any

import pytest

from linli.runtime.web import behind

NGINX, PERSON, LIAR = "127.0.0.1", "203.0.113.9", "198.51.100.1"


def seen(proxies: list[str], sender: str, forwarded: str) -> str:
    """The address that reaches the application."""

    def application(environ: dict[str, Any], _start: object) -> list[bytes]:
        return [str(environ["REMOTE_ADDR"]).encode()]

    asked = behind(application, proxies)
    answer: list[bytes] = asked({"REMOTE_ADDR": sender, "HTTP_X_FORWARDED_FOR": forwarded}, None)
    return answer[0].decode()


@pytest.mark.parametrize(
    ("proxies", "sender", "forwarded", "expected"),
    [
        ([NGINX], NGINX, PERSON, PERSON),
        ([NGINX], NGINX, f"{LIAR}, {PERSON}", PERSON),
        ([NGINX], PERSON, LIAR, PERSON),
        (["10.0.0.0/8"], "10.1.2.3", PERSON, PERSON),
        ([], NGINX, LIAR, NGINX),
    ],
    ids=["proxy", "proxy and a liar's own line", "no proxy", "network", "nobody is believed"],
)
def test_only_a_named_proxy_is_believed(
    proxies: list[str], sender: str, forwarded: str, expected: str
) -> None:
    assert seen(proxies, sender, forwarded) == expected
