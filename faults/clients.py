"""Residents who do not give up: each keeps asking under one key until it holds a receipt."""

from __future__ import annotations

import functools
import io
import random
import threading
import time
import uuid
from types import TracebackType

from PIL import Image

from faults.asking import ask, form, report_of
from faults.house import COMMUNITY
from faults.journal import Journal, Line

PATIENCE_SECONDS = 60.0
ANSWER_SECONDS = 8.0
WITH_PICTURE = 0.15  # of the reports


class Clients:
    """A few threads that report without pause until told to stop; a context manager."""

    def __init__(
        self, port: int, tokens: list[str], journal: Journal, seed: int, *, pause: float = 0.0
    ) -> None:
        self.port, self.tokens, self.journal, self.pause = port, tokens, journal, pause
        self.over = threading.Event()
        self.given_up: list[str] = []
        self.faults: list[int] = []  # answers that blame us: 500 and the like
        self.chance = random.Random(seed)
        self._threads = [
            threading.Thread(target=self._report_on, args=(lane,)) for lane in range(len(tokens))
        ]

    def __enter__(self) -> Clients:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

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
            words = f"第{lane}-{turn}次试报{uuid.uuid4().hex[:6]}:楼道灯不亮,请来看看。"
            self._until_receipt(lane, words, with_picture=self.chance.random() < WITH_PICTURE)
            self.over.wait(self.pause)

    def _until_receipt(self, lane: int, words: str, *, with_picture: bool) -> None:
        key, tries, deadline = uuid.uuid4().hex, 0, time.monotonic() + PATIENCE_SECONDS
        body = report_of(words, COMMUNITY)
        while time.monotonic() < deadline:
            if with_picture and not body["uploads"]:
                ticket = self._ask(
                    lane, f"/api/v1/uploads?community={COMMUNITY}", *form("楼道.jpg", picture())
                )
                body["uploads"] = [ticket["ticket"]] if ticket else []
            if not with_picture or body["uploads"]:
                tries += 1
                receipt = self._ask(lane, "/api/v1/cases", body, {"Idempotency-Key": key})
                if receipt:
                    pictures = len(body["uploads"])
                    self.journal.write(Line(key, receipt["number"], receipt["code"], tries, pictures))
                    return
            time.sleep(0.05)
        self.given_up.append(key)

    def _ask(self, lane: int, path: str, body: object, headers: dict[str, str]) -> dict[str, str] | None:
        token = self.tokens[lane]
        try:
            answer = ask(self.port, "POST", path, body, token=token, headers=headers, patience=ANSWER_SECONDS)
            if answer.status == 201:
                given: dict[str, str] = answer.data
                return given
            if answer.status not in {0, 503}:
                self.faults.append(answer.status)
        except (OSError, ValueError):
            return None
        return None


@functools.cache
def picture() -> bytes:
    """A small real picture."""
    made = io.BytesIO()
    Image.effect_noise((320, 240), 60).save(made, "JPEG")
    return made.getvalue()
