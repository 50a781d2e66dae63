"""A full disk (F05): data and media, then the write-ahead log. Nothing is accepted that is not kept; reading goes on."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from faults.asking import Answer, form
from faults.clients import picture
from faults.house import COMMUNITY, House, until
from faults.locks import Report
from faults.outcome import Outcome

ROOM_MEGABYTES = 1500
NOTICE_SECONDS = 15.0
RECOVERY_SECONDS = 15.0
PANIC_SECONDS = 60.0
FILL_TRIES = 200
# Fills the write-ahead log without filling anything else.
FILL_LOG = (
    "SELECT pg_logical_emit_message(false, 'faults', repeat('x', 1000000)) FROM generate_series(1, 100)"
)


class Disk:
    """A small disk in memory, whose size can be changed while it is in use; needs root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def possible() -> bool:
        """Whether this process may mount."""
        return os.geteuid() == 0 and shutil.which("mount") is not None

    @contextlib.contextmanager
    def mounted(self) -> Iterator[bool]:
        """The folder is a disk of its own inside the block; False where it cannot be made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        made = self.possible() and _mount(
            "-t", "tmpfs", "-o", f"size={ROOM_MEGABYTES}m", "linli", str(self.folder)
        )
        if made:
            self.folder.chmod(0o711)
        try:
            yield made
        finally:
            if made:
                subprocess.run(["umount", "-l", str(self.folder)], check=False)

    def fill(self) -> None:
        """Leave not one free block.

        The house keeps writing meanwhile: a size read a moment ago may be too small by now, and is read again.
        """
        for _ in range(FILL_TRIES):
            used = shutil.disk_usage(self.folder).used
            if _mount("-o", f"remount,size={used}", str(self.folder)):
                return
        raise RuntimeError("the disk cannot be made smaller")

    def free(self) -> None:
        """Give the room back."""
        _mount("-o", f"remount,size={ROOM_MEGABYTES}m", str(self.folder))


def _mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


def disk(house: House, small: Disk) -> Outcome:
    """Both, one after the other, on a house whose home is this disk."""
    outcome = Outcome("disk")
    number = _taken(house)
    try:
        _data_full(house, small, outcome, number)
        small.free()
        _log_full(house, small, outcome, number)
    finally:
        small.free()
    until(lambda: Report(house).taken(), seconds=60)
    return outcome


def _taken(house: House) -> str:
    """A report from before, to be read while the disk is full."""
    before = Report(house)
    until(before.taken, seconds=30)
    return str(before.receipt.data["number"])


def _data_full(house: House, small: Disk, outcome: Outcome, number: str) -> None:
    small.fill()
    asked = [Report(house) for _ in range(40)]
    answers = [one.send()[1] for one in asked]
    with outcome.within(NOTICE_SECONDS, "seconds_until_closed_for_writing"):
        until(lambda: house.said("closed for writing"), seconds=60)
    refused = Report(house)
    answers += [refused.send()[1] for _ in range(3)]
    outcome.facts["full_answers"] = sorted({(answer.status, answer.code) for answer in answers})
    outcome.must(all(a.status == 201 or a.says_wait for a in answers), "on a full disk: a receipt, or 503")
    last = answers[-1]
    outcome.must(last.says_wait and last.code == "no_space", "the refusal says that room is missing")
    _friendly(house, outcome)
    _still_read(house, outcome, number, "on a full disk")
    small.free()
    with outcome.within(RECOVERY_SECONDS, "seconds_to_recover_from_full_data"):
        until(refused.taken, seconds=60)
    kept = [one for one, answer in zip(asked, answers, strict=False) if answer.status == 201]
    for one in kept[:5]:
        outcome.must(one.send()[1].status == 201, "a receipt given on the last blocks is good afterwards")


def _friendly(house: House, outcome: Outcome) -> None:
    """The page of a form that cannot be kept, and a picture that cannot."""
    page = house.ask("GET", "/sign-in/")
    cookie = page.headers.get("Set-Cookie", "").split(";")[0]
    mark = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    sent = f"csrfmiddlewaretoken={mark}&phone=13800000000&password=x".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    answer = house.ask("POST", "/sign-in/", sent, headers=headers)
    outcome.must(answer.says_wait and "请稍等" in answer.text, "people get the friendly page")
    body, headers = form("a.jpg", picture())
    path = f"/api/v1/uploads?community={COMMUNITY}"
    taken = house.ask("POST", path, body, headers=headers, token=house.tokens(1)[0])
    outcome.must(taken.says_wait, f"a picture that cannot be kept is refused with 503, not {taken.status}")


def _still_read(house: House, outcome: Outcome, number: str, when: str) -> None:
    token = house.tokens(1)[0]
    for path in ("/api/v1/cases", f"/api/v1/cases/{number}"):
        answer = house.ask("GET", path, token=token)
        outcome.must(
            answer.status == 200, f"programs read {when}: {path.rpartition('/')[2][:5]} {answer.status}"
        )
    home: Answer = house.ask("GET", "/")
    outcome.must(home.status == 200, f"people read {when}: {home.status}")


def _log_full(house: House, small: Disk, outcome: Outcome, number: str) -> None:
    """Fill the write-ahead log faster than anybody can close the database: it panics, and comes up closed."""
    until(lambda: (house.home / "postgres" / "reserve").exists(), seconds=10)
    asked = Report(house)
    small.fill()
    with contextlib.suppress(psycopg.OperationalError), house.database() as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(FILL_LOG.encode())
    panicked = (house.home / "postgres" / "postgres.log").read_text(encoding="utf-8", errors="replace")
    outcome.must("PANIC" in panicked, "the fault really was made: the server panicked")
    began = time.monotonic()
    with outcome.within(PANIC_SECONDS, "seconds_until_read_again_after_panic"):
        until(lambda: _reads(house), seconds=120)
    outcome.must(not (house.home / "postgres" / "reserve").exists(), "the reserve was given up")
    _still_read(house, outcome, number, "after the log was full")
    refused = asked.send()[1]
    outcome.must(refused.says_wait, f"reports wait while there is no room: {refused.status}")
    small.free()
    with outcome.within(RECOVERY_SECONDS, "seconds_to_recover_from_full_log"):
        until(asked.taken, seconds=60)
    outcome.facts["log_full_seconds"] = round(time.monotonic() - began, 1)


def _reads(house: House) -> bool:
    with contextlib.suppress(OSError):
        return house.ask("GET", "/api/v1/cases", token=house.tokens(1)[0]).status == 200
    return False
