"""What docs/events.md promises engineers of other systems."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from linli.integrations.webhooks import catalog, words
from linli.integrations.webhooks.actions.post import Letter, carry
from linli.integrations.webhooks.rules import documents, signing

TOLD = Path(__file__).resolve().parents[5] / "docs" / "events.md"
SECRET = "whsec_documented"


def receiver() -> str:
    """The program of the page."""
    found = re.search(r"```python\n(.*?)```", TOLD.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def letter(url: str, body: bytes, *, secret: str = SECRET, moment: int = 0) -> Letter:
    at = moment or int(time.time())
    header = signing.header([secret], moment=at, body=body)
    headers = {"Content-Type": documents.CONTENT_TYPE, signing.HEADER: header}
    return Letter(1, 1, 1, url, headers, body, datetime.fromtimestamp(at, UTC))


def test_the_receiver_of_the_page_is_short_runs_and_tells_right_from_wrong(settings: object) -> None:
    program = receiver()
    assert len([line for line in program.splitlines() if line.strip()]) <= 30
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]  # type: ignore[attr-defined]  # pytest-django's
    url = f"http://127.0.0.1:{port}/"
    surroundings = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    body = b'{"id":"a","type":"webhooks.Ping","data":{"at":"2026-11-23T02:00:00Z"}}'
    with subprocess.Popen(
        [sys.executable, "-c", program], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:  # fmt: skip
        try:
            first = carry(letter(url, body))
            for _ in range(100):
                if first.why != "unreachable":
                    break
                time.sleep(0.05)
                first = carry(letter(url, body))
            statuses = [
                first.status,
                carry(letter(url, body)).status,
                carry(letter(url, body, secret="whsec_other")).status,
                carry(letter(url, body, moment=int(time.time()) - 400)).status,
            ]
        finally:
            running.terminate()
            said = running.communicate()[0]
    assert statuses == [204, 204, 401, 401]
    assert said.count("webhooks.Ping") == 1


@pytest.mark.rules
def test_the_sample_signature_of_the_page_is_right() -> None:
    assert signing.signature("whsec_test", moment=1763863200, body=b'{"id":"1"}') in TOLD.read_text(
        encoding="utf-8"
    )


@pytest.mark.rules
@pytest.mark.parametrize("name", catalog.names())
def test_every_event_has_a_schema_a_sentence_and_words_in_both_languages(name: str) -> None:
    told = catalog.schema(name)
    jsonschema.Draft202012Validator.check_schema(told)
    assert told["description"]
    assert name in words.FACTS
    assert f"### `{name}`" in TOLD.read_text(encoding="utf-8")
    plain = [field for field, held in told["properties"].items() if "description" not in held]
    assert plain == [], "say in documents.FIELDS what these fields hold"


@pytest.mark.rules
def test_no_event_tells_of_one_residents_home_or_account() -> None:
    assert not [name for name in catalog.SENT if re.search(r"Residence|Consent|Account|Phone|Followed", name)]
