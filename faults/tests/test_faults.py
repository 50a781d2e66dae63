"""A short cut of `make faults`: real processes, broken while people use them."""

from __future__ import annotations

from faults.disk import Disk, disk
from faults.kills import kills
from faults.locks import locks
from faults.stage import Stage


def test_nothing_accepted_is_lost_or_doubled_when_web_worker_and_database_are_killed(on: Stage) -> None:
    found = kills(on.house, seconds=10, seed=5, every=(1.5, 3.0))
    assert found.good, found.as_text()
    assert found.facts["accepted"] > 20
    assert sum(found.facts["killed"].values()) >= 3


def test_without_connections_or_behind_a_lock_the_answer_is_a_quick_503(on: Stage) -> None:
    found = locks(on.house, seconds=4)
    assert found.good, found.as_text()


def test_on_a_full_disk_nothing_is_accepted_that_is_not_kept_and_people_still_read(
    on: Stage, small_disk: Disk
) -> None:
    found = disk(on.house, small_disk)
    assert found.good, found.as_text()
