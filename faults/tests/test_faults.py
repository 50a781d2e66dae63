"""A short cut of `make faults`: real processes, broken while people use them."""

from __future__ import annotations

import pytest

from faults.clock import clock, library
from faults.disk import Disk, disk
from faults.jobs import jobs
from faults.kills import kills
from faults.locks import locks
from faults.moments import moments
from faults.restore import restore
from faults.stage import Stage

# One process plays them all: no two test processes shall start a house.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


def test_nothing_accepted_is_lost_or_doubled_when_web_worker_and_database_are_killed(on: Stage) -> None:
    found = kills(on.house, seconds=10, seed=5, every=(1.5, 3.0))
    assert found.good, found.as_text()
    assert found.facts["accepted"] > 20
    assert sum(found.facts["killed"].values()) >= 3


def test_who_was_cut_off_after_the_commit_gets_the_same_receipt_and_half_an_upload_leaves_nothing(
    on: Stage,
) -> None:
    found = moments(on.house)
    assert found.good, found.as_text()


def test_jobs_of_a_killed_worker_are_done_once_and_one_that_wakes_again_does_no_harm(on: Stage) -> None:
    found = jobs(on.house, patient=False)
    assert found.good, found.as_text()


def test_without_connections_or_behind_a_lock_the_answer_is_a_quick_503(on: Stage) -> None:
    found = locks(on.house, seconds=4)
    assert found.good, found.as_text()


def test_a_clock_that_jumps_two_hours_either_way_breaks_no_promise_no_key_and_no_limit(on: Stage) -> None:
    preloaded = library()
    if preloaded is None:
        pytest.skip(
            "a clock that jumps is not tried: Debian's package faketime is not here and cannot be got"
        )
    found = clock(on.house, preloaded)
    assert found.good, found.as_text()


def test_on_a_full_disk_nothing_is_accepted_that_is_not_kept_and_people_still_read(
    on: Stage, small_disk: Disk
) -> None:
    found = disk(on.house, small_disk)
    assert found.good, found.as_text()


def test_a_backup_made_under_load_comes_back_whole_and_nobody_erased_with_it(on: Stage) -> None:
    found = restore(on.house, on.folder, seed=7, damages=30)
    assert found.good, found.as_text()
