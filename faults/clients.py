"""Residents who do not give up: each keeps asking under one key until it holds a receipt."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid

from faults.journal import Journal, Line

PATIENCE_SECONDS = 60.0
COMMUNITY = "520113008006"


class Clients:
    """A few threads that report without pause until told to stop."""

    def __init__(self, port: int, tokens: list[str], journal: Journal, seed: int) -> None:
        self.port, self.tokens, self.journal = port, tokens, journal
        self.over = threading.Event()
        self.given_up: list[str] = []
        self.chance = random.Random(seed)
        self._threads = [
            threading.Thread(target=self._report_on, args=(lane,)) for lane in range(len(tokens))
        ]

    def start(self) -> None:
        """Begin to report."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way, then stop."""
        self.over.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS + 10)

    def _report_on(self, lane: int) -> None:
        turn = 0
        while not self.over.is_set():
            turn += 1
            self._until_receipt(lane, f"第{lane}-{turn}次试报:楼道灯不亮,请来看看。")

    def _until_receipt(self, lane: int, words: str) -> None:
        key, tries, deadline = uuid.uuid4().hex, 0, time.monotonic() + PATIENCE_SECONDS
        body = json.dumps({"community": COMMUNITY, "words": words, "kind": "help"}).encode()
        while time.monotonic() < deadline:
            tries += 1
            receipt = self._ask(lane, key, body)
            if receipt:
                self.journal.write(Line(key, receipt["number"], receipt["code"], tries))
                return
            time.sleep(0.05)
        self.given_up.append(key)

    def _ask(self, lane: int, key: str, body: bytes) -> dict[str, str] | None:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.tokens[lane]}",
            "Idempotency-Key": key,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=8)
        try:
            connection.request("POST", "/api/v1/cases", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            return json.loads(text) if answer.status == http.client.CREATED else None
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()
