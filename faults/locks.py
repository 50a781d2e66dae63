"""Connections used up, and a table locked (F06): answers stay quick, and all is well again within five seconds."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg

from faults.asking import Answer, report_of
from faults.house import COMMUNITY, House, until
from faults.outcome import Outcome
from linli.runtime.postgres import Postgres

QUICK_SECONDS = 6.0  # lock_timeout of pages, and a margin for a busy machine
RECOVERY_SECONDS = 5.0
MOST_CONNECTIONS = 200
END_WEB = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = 'linli_app' AND pid <> pg_backend_pid() AND application_name <> 'hoarder'"
)


def locks(house: House, *, seconds: float) -> Outcome:
    """Both faults, the lock held for ``seconds``; the same keys get their receipts afterwards."""
    outcome = Outcome("locks", {"lock_held_seconds": seconds})
    _exhausted(house, outcome)
    _locked(house, outcome, seconds)
    return outcome


def _exhausted(house: House, outcome: Outcome) -> None:
    with contextlib.ExitStack() as held:
        held.enter_context(house.stopped("worker"))
        superuser = held.enter_context(house.database())
        superuser.execute("SELECT 1")
        hoard = _hoard(house, held, superuser)
        outcome.facts["connections_hoarded"] = hoard
        asked = Report(house)
        answers = [asked.send() for _ in range(3)]
        outcome.facts["exhausted_answers"] = _summary(answers)
        outcome.must(
            all(answer.says_wait for _, answer in answers), "without a free connection the answer is 503"
        )
        outcome.must(max(took for took, _ in answers) < QUICK_SECONDS, "it is given quickly")
        outcome.must(house.ask("GET", "/healthz").status == 200, "the process still says that it lives")
    with outcome.within(RECOVERY_SECONDS, "seconds_to_recover_from_exhaustion"):
        until(asked.taken, seconds=30)


def _hoard(house: House, held: contextlib.ExitStack, superuser: psycopg.Connection[Any]) -> int:
    """Take every connection there is, those of the web too."""
    url = f"{Postgres(house.home).url()}&application_name=hoarder"
    for number in range(MOST_CONNECTIONS):
        try:
            held.enter_context(psycopg.connect(url, autocommit=True))
        except psycopg.OperationalError:
            ended = superuser.execute(END_WEB.encode()).fetchall()
            if not ended:
                return number
            time.sleep(0.2)
    raise RuntimeError("the server takes any number of connections")


def _locked(house: House, outcome: Outcome, seconds: float) -> None:
    asked = Report(house)
    answers: list[tuple[float, Answer]] = []
    with house.database() as connection, connection.transaction():
        connection.execute("LOCK TABLE cases_case IN ACCESS EXCLUSIVE MODE")
        over = time.monotonic() + seconds
        while time.monotonic() < over:
            answers.append(asked.send())
        health = _timed(lambda: house.ask("GET", "/healthz"))
    outcome.facts["locked_answers"] = _summary(answers)
    outcome.must(all(answer.says_wait for _, answer in answers), "behind a lock the answer is 503")
    outcome.must(max(took for took, _ in answers) < QUICK_SECONDS, "it is given within the patience of pages")
    outcome.must(health[1].status == 200 and health[0] < 2, "the process still says that it lives, at once")
    with outcome.within(RECOVERY_SECONDS, "seconds_to_recover_from_lock"):
        until(asked.taken, seconds=30)
    outcome.must(asked.send()[1].data == asked.receipt.data, "the same key gives the same receipt")


class Report:
    """One report under one key, sent until it is taken."""

    def __init__(self, house: House) -> None:
        self.house, self.key = house, uuid.uuid4().hex
        self.token = house.tokens(1)[0]
        self.body = report_of(f"第锁-{self.key[:6]}次试报:门禁坏了。", COMMUNITY)
        self.receipt = Answer(0)

    def send(self) -> tuple[float, Answer]:
        """Once; how long it took, and the answer."""
        return _timed(
            lambda: self.house.ask("POST", "/api/v1/cases", self.body, token=self.token, key=self.key)
        )

    def taken(self) -> bool:
        """Whether the receipt is in hand now."""
        with contextlib.suppress(OSError):
            self.receipt = self.send()[1]
        return self.receipt.status == 201


def _timed(do: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.monotonic()
    answer = do()
    return time.monotonic() - began, answer


def _summary(answers: list[tuple[float, Answer]]) -> dict[str, Any]:
    return {
        "number": len(answers),
        "statuses": sorted({answer.status for _, answer in answers}),
        "codes": sorted({answer.code for _, answer in answers}),
        "slowest_seconds": round(max(took for took, _ in answers), 2),
    }
