"""A worker that is killed in the middle of a batch: everybody is told, nobody under two keys, and few under one twice."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from linli.cases.tests.cast import AT, Cast
from linli.notices import ports
from linli.notices.actions import carrying
from linli.notices.actions.telling import tell
from linli.notices.models import Attempt, Notice
from linli.notices.ports import Carried, Letter, Result
from linli.notices.rules.addressing import To
from linli.notices.rules.delivery import LEASE, State

TOLD, BATCH = 60, 20


@dataclass
class Journal:
    """A carrier that writes each key to a file as it takes the letter; it ends its process after so many, by kill -9."""

    file: Path
    dies_after: int = 10**9
    road: str = "wechat"
    taken: int = field(default=0)

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """Everybody is reached."""
        return f"p{account_id}"

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """Taken, one line each."""
        for _address, letter in letters:
            with self.file.open("a", encoding="ascii") as out:
                out.write(f"{letter.key}\n")
            self.taken += 1
            if self.taken >= self.dies_after:
                os.kill(os.getpid(), signal.SIGKILL)
        return [Carried(Result.SENT)] * len(letters)


def _killed_worker(cast: Cast, journal: Journal, at: datetime) -> int:
    """A worker in a process of its own, which the carrier kills; how it ended."""
    connection.close()
    child = os.fork()
    if child == 0:
        ports.plug(journal)
        carrying.sweep_community(cast.here.id, at)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def test_a_killed_worker_leaves_nobody_untold_and_nobody_told_under_two_keys(
    committed_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, file = committed_cast, tmp_path / "keys"
    monkeypatch.setattr(carrying, "BATCH", BATCH)
    with cast.inside():
        for number in range(TOLD):
            tell(
                community_id=cast.here.id, kind="case_settled", fact=f"f{number}", to=[To.person(cast.resident.account_id)],
                values=lambda language: {"number": "1", "matter": "照明"}, at=AT,
            )  # fmt: skip
    assert os.WTERMSIG(_killed_worker(cast, Journal(file, dies_after=33), AT)) == signal.SIGKILL
    again = AT + LEASE + timedelta(seconds=1)
    assert os.WTERMSIG(_killed_worker(cast, Journal(file, dies_after=5), again)) == signal.SIGKILL
    assert os.WEXITSTATUS(_killed_worker(cast, Journal(file), again + LEASE + timedelta(seconds=1))) == 0
    keys = Counter(file.read_text(encoding="ascii").split())
    with cast.inside():
        assert set(Notice.objects.values_list("state", flat=True)) == {State.SENT.value}
        assert Attempt.objects.filter(result="").count() <= 2 * BATCH
    assert len(keys) == TOLD  # one key each, however often a worker died
    assert (
        sum(count - 1 for count in keys.values()) <= 2 * BATCH
    )  # again only what was under way, by the same key
