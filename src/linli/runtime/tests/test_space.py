"""Before the disk is full the database is closed for writing; a reserve lies ready to come up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.runtime import space
from linli.runtime.space import CLOSED, ENOUGH_BYTES, LOW_BYTES, RESERVE, RESERVE_BYTES, Space


class Disk:
    """A disk whose free room the test says."""

    def __init__(self, free: int) -> None:
        self.free = free

    def __call__(self) -> int:
        return self.free


@pytest.fixture
def disk() -> Disk:
    return Disk(10 * ENOUGH_BYTES)


def test_with_room_it_lays_a_reserve_and_leaves_the_database_open(tmp_path: Path, disk: Disk) -> None:
    watched = Space(tmp_path, free=disk)
    assert not watched.look()
    assert (tmp_path / RESERVE).stat().st_size == RESERVE_BYTES
    assert not watched.closed


def test_it_closes_when_room_runs_out_and_opens_well_above_that(tmp_path: Path, disk: Disk) -> None:
    watched = Space(tmp_path, free=disk)
    disk.free = LOW_BYTES - 1
    assert watched.look()
    assert "default_transaction_read_only = on" in (tmp_path / CLOSED).read_text()
    disk.free = ENOUGH_BYTES - 1
    assert not watched.look()
    assert watched.closed
    disk.free = ENOUGH_BYTES + 1
    assert watched.look()
    assert not watched.closed


def test_a_restarted_supervisor_knows_that_it_is_closed(tmp_path: Path, disk: Disk) -> None:
    disk.free = 0
    assert Space(tmp_path, free=disk).look()
    assert not Space(tmp_path, free=disk).look()


def test_the_reserve_is_given_up_once(tmp_path: Path, disk: Disk) -> None:
    watched = Space(tmp_path, free=disk)
    watched.look()
    assert watched.give_up_reserve()
    assert not watched.give_up_reserve()


def test_without_a_free_block_the_reserve_makes_room_to_close(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Space(tmp_path, free=disk)
    watched.look()
    disk.free = 0
    write = Path.write_text

    def full(self: Path, *args: str, **kwargs: str) -> int:
        if (tmp_path / RESERVE).exists():
            self.touch()
            raise OSError(28, "No space left on device")
        return write(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", full)
    assert watched.look()
    assert watched.closed
    assert (tmp_path / CLOSED).stat().st_size > len(space.READ_ONLY)
