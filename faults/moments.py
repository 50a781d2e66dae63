"""The moments inside intake (F02, F18): the web process is killed between COMMIT and its answer, and in mid-upload.

No product code is touched: another web process of the house reaches the database through a go-between that sees the words
go in and the server's answer come back, and kills the web process before it can read that answer.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from faults.asking import Answer, ask, form
from faults.clients import picture
from faults.compare import count
from faults.house import COMMUNITY, House, descendants, free_port, ready, until
from faults.locks import Report
from faults.outcome import Outcome
from linli.runtime.postgres import Postgres

CHUNK = 1 << 16
CASES = "SELECT count(*) FROM cases_case WHERE words = %s"
LOOSE = "SELECT count(*) FROM cases_attachment WHERE case_id IS NULL"


class GoBetween:
    """A unix socket in front of the database; ``strike`` is called once ``words`` were written and answered."""

    def __init__(self, folder: Path, behind: Path) -> None:
        self.behind = behind
        self.words = b""
        self.strike: Callable[[], None] = lambda: None
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen(32)
        threading.Thread(target=self._serve, daemon=True).start()

    def arm(self, words: str, strike: Callable[[], None]) -> None:
        """Strike when these words have been committed."""
        self.words, self.strike = words.encode(), strike

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(near,), daemon=True).start()

    def _talk(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(self.behind / ".s.PGSQL.5432"))
        seen = threading.Event()
        threading.Thread(target=self._forward, args=(near, far, seen), daemon=True).start()
        with contextlib.suppress(OSError):
            while chunk := far.recv(CHUNK):
                if seen.is_set():  # committed: the server says so only then
                    self.words = b""
                    self.strike()
                    break
                near.sendall(chunk)
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # closing alone would not wake whoever reads
            end.close()

    def _forward(self, near: socket.socket, far: socket.socket, seen: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := near.recv(CHUNK):
                if self.words and self.words in chunk:
                    seen.set()
                far.sendall(chunk)


def moments(house: House) -> Outcome:
    """Killed, or cut off from the database, after COMMIT and before the answer; then killed in mid-upload."""
    outcome = Outcome("moments")
    with house.database() as connection, _other_web(house) as (port, between, web):
        for name, strike in (("killed", lambda: _kill(web())), ("cut off", lambda: None)):
            _after_commit(house, connection, outcome, port=port, between=between, name=name, strike=strike)
            until(lambda: ready(port), seconds=30)
    with house.database() as connection:
        _in_mid_upload(house, connection, outcome)
    return outcome


@contextlib.contextmanager
def _other_web(house: House) -> Iterator[tuple[int, GoBetween, Callable[[], list[int]]]]:
    """One more web process, behind a go-between: its port, the go-between, and the ids of its serving processes."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="linli-go-") as folder:
        Path(folder).chmod(0o711)
        between = GoBetween(Path(folder), Postgres(house.home).socket_folder)
        url = f"postgresql://linli_app@/linli?host={quote(folder)}"
        # It answers under the same roof: names and secrets are the house's.
        with house.another("web", "--port", str(port), "--threads", "2", DATABASE_URL=url) as process:
            until(lambda: ready(port), seconds=60)
            yield port, between, lambda: list(descendants(process.pid))
        between.close()


def _after_commit(
    house: House,
    connection: psycopg.Connection[Any],
    outcome: Outcome,
    *,
    port: int,
    between: GoBetween,
    name: str,
    strike: Callable[[], None],
) -> None:
    asked = Report(house)
    between.arm(asked.body["words"], strike)
    first = _post(port, asked)
    outcome.must(first.status in {0, 503}, f"{name} after COMMIT: no receipt at first, but {first.status}")
    outcome.must(
        count(connection, CASES, asked.body["words"]) == 1, f"the fault really was made: {name} after COMMIT"
    )
    with outcome.within(5, f"seconds_to_the_receipt_when_{name.replace(' ', '_')}"):
        until(asked.taken, seconds=30)
    outcome.must(
        asked.receipt.headers.get("Idempotent-Replayed") == "true", f"{name}: it is the first one's receipt"
    )
    outcome.must(asked.send()[1].data == asked.receipt.data, f"{name}: and always the same")
    outcome.must(count(connection, CASES, asked.body["words"]) == 1, f"{name}: one case, not two")


def _in_mid_upload(house: House, connection: psycopg.Connection[Any], outcome: Outcome) -> None:
    """A large picture is half sent when the process is killed: no row, no file, nothing left on its way in."""
    rows, files = count(connection, LOOSE), _files(house)
    body, headers = form("大.jpg", picture() + b"\0" * 6_000_000)
    with socket.create_connection(("127.0.0.1", house.port), timeout=10) as talk:
        head = f"POST /api/v1/uploads?community={COMMUNITY} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        head += f"Authorization: Bearer {house.tokens(1)[0]}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        talk.sendall(head.encode() + body[: len(body) // 2])
        with contextlib.suppress(TimeoutError):
            until(lambda: any((house.home / "incoming").iterdir()), seconds=2)
        house.kill("web")
    until(lambda: ready(house.port), seconds=30)
    outcome.must(count(connection, LOOSE) == rows, "an upload cut short leaves no row")
    outcome.must(_files(house) == files, "an upload cut short leaves no file among the media")
    outcome.must(not any((house.home / "incoming").iterdir()), "nor on its way in")
    whole, headers = form("a.jpg", picture())
    path, token = f"/api/v1/uploads?community={COMMUNITY}", house.tokens(1)[0]
    again = house.ask("POST", path, whole, headers=headers, token=token)
    outcome.must(again.status == 201, f"sent again it is taken, not {again.status}")


def _post(port: int, asked: Report) -> Answer:
    with contextlib.suppress(OSError):
        return ask(port, "POST", "/api/v1/cases", asked.body, token=asked.token, key=asked.key)
    return Answer(0)


def _files(house: House) -> set[Path]:
    return {path for path in (house.home / "media").rglob("*") if path.is_file()}


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
