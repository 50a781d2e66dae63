"""The supervisor of the embedded server, with real servers."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from linli.runtime import osuser, place, provider
from linli.runtime.postgres import APP_ROLE, OWNER_ROLE, Postgres, PostgresError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="root only")


def asked(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_it_starts_stops_and_starts_again_with_what_was_written(home: Path) -> None:
    with Postgres(home) as postgres, psycopg.connect(postgres.url(OWNER_ROLE)) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    with Postgres(home) as postgres:
        assert asked(postgres.url(OWNER_ROLE), "SELECT seven FROM kept") == 7


def test_it_comes_up_after_everything_was_killed_and_nothing_committed_is_lost(home: Path) -> None:
    postgres = Postgres(home)
    postgres.start()
    with psycopg.connect(postgres.url(OWNER_ROLE), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (n int)")
        for number in range(50):
            owner.execute("INSERT INTO kept VALUES (%s)", [number])
    assert postgres.pid
    os.kill(postgres.pid, signal.SIGKILL)
    while postgres.running:
        time.sleep(0.01)
    postgres.start()  # its children may still hold the shared memory
    assert asked(postgres.url(OWNER_ROLE), "SELECT count(*) FROM kept") == 50
    postgres.stop()


def test_a_server_whose_supervisor_was_killed_does_not_stay_in_the_way(home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from linli.runtime.postgres import Postgres;"
        f"Postgres(Path({str(home)!r})).start(); print('up', flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert supervisor.stdout
    assert supervisor.stdout.readline() == b"up\n"
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    with Postgres(home) as postgres:
        assert asked(postgres.url(), "SELECT current_user::text") == APP_ROLE


def test_a_pid_file_that_names_a_stranger_does_not_stay_in_the_way(home: Path) -> None:
    with Postgres(home):
        note = (place.known(home) / "data" / "postmaster.pid").read_text()
    (place.known(home) / "data" / "postmaster.pid").write_text(
        note.replace(note.split("\n")[0], str(os.getpid()), 1)
    )
    with Postgres(home) as postgres:
        assert postgres.running


def test_only_one_supervisor_may_run_a_home(home: Path) -> None:
    with Postgres(home):
        second = Postgres(home)
        with pytest.raises(PostgresError, match="Another linli"):
            second.start()


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_it_refuses_a_server_that_would_lose_what_it_accepted(home: Path, name: str) -> None:
    with pytest.raises(PostgresError, match=f"{name} is off"):
        Postgres(home, settings={name: "off"}).start()


def test_it_refuses_an_unsafe_line_that_an_operator_added(home: Path) -> None:
    with Postgres(home):
        (place.known(home) / "local.conf").write_text("fsync = off\n")
    with pytest.raises(PostgresError, match="fsync is off"):
        Postgres(home).start()


def test_it_refuses_data_without_checksums(home: Path) -> None:
    with Postgres(home) as postgres:
        programs, where = postgres.programs, place.settle(home)
    subprocess.run(  # type: ignore[call-overload]
        [programs.program("pg_checksums"), "--disable", "-D", str(where.data)],
        check=True,
        capture_output=True,
        **osuser.run_as(where.user),
    )
    with pytest.raises(PostgresError, match="checksums"):
        Postgres(home).start()


def test_it_refuses_data_of_another_major_version_and_says_what_to_do(home: Path) -> None:
    with Postgres(home):
        pass
    (place.known(home) / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match="linli backup"):
        Postgres(home).start()


def test_nobody_reaches_it_but_through_a_private_socket(home: Path) -> None:
    with Postgres(home) as postgres:
        assert asked(postgres.superuser_url(), "SHOW listen_addresses") == ""
        assert stat.S_IMODE(postgres.socket_folder.stat().st_mode) == 0o700


def test_a_long_home_gets_a_short_socket(home: Path) -> None:
    home.chmod(0o711)
    deep = home / ("long" * 30)
    with Postgres(deep) as postgres:
        assert len(str(postgres.socket_folder)) < 60
        assert asked(postgres.url(), "SELECT 1") == 1


def test_a_strangers_socket_folder_is_refused(home: Path) -> None:
    where = place.Place(home / ("long" * 30), osuser.current())
    folder = place.socket_folder(where)
    folder.chmod(0o777)
    with pytest.raises(PostgresError, match="not a private folder"):
        place.socket_folder(where)
    folder.rmdir()


def test_neither_role_is_more_than_it_should_be(home: Path) -> None:
    question = (
        "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb) FROM pg_roles "
        f"WHERE rolname IN ('{OWNER_ROLE}', '{APP_ROLE}')"
    )
    with Postgres(home) as postgres:
        assert asked(postgres.url(), question) is False
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(postgres.url(), "CREATE TABLE mine ()")


def test_chinese_text_sorts_and_counts_as_characters(home: Path) -> None:
    with Postgres(home) as postgres:
        assert asked(postgres.url(), "SELECT length('社区治理')") == 4
        assert asked(postgres.url(), "SELECT datctype FROM pg_database WHERE datname = 'linli'") == "C.UTF-8"


def test_the_log_holds_nothing_that_people_wrote(home: Path) -> None:
    with Postgres(home) as postgres:
        with psycopg.connect(postgres.url(OWNER_ROLE)) as owner:
            owner.execute("CREATE TABLE people (phone text UNIQUE)")
            with pytest.raises(psycopg.errors.UniqueViolation):
                owner.execute("INSERT INTO people VALUES ('13800138000'), ('13800138000')")
        with pytest.raises(psycopg.errors.UndefinedTable):
            asked(postgres.url(), "SELECT '13800138000' FROM nowhere")
    assert "13800138000" not in (place.known(home) / "postgres.log").read_text()


def test_without_any_server_the_message_names_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "WHEELS", ())
    monkeypatch.setattr(provider, "VERSIONED_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        provider.find()


@needs_root
def test_root_drops_to_a_plain_user_and_leaves_other_folders_alone(home: Path) -> None:
    before = stat.S_IMODE(home.parent.stat().st_mode)
    with Postgres(home) as postgres:
        assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0
    assert stat.S_IMODE(home.parent.stat().st_mode) == before


@needs_root
def test_a_home_in_a_closed_folder_keeps_its_database_elsewhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home / "root"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(place, "FAR_FOLDER", home / "far")
    home.chmod(0o711)
    with Postgres(closed / "linli") as postgres:
        assert asked(postgres.url(), "SELECT 1") == 1
    assert place.known(closed / "linli").parent == home / "far"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    with Postgres(closed / "linli") as postgres:
        assert postgres.running


@needs_root
def test_programs_in_a_closed_folder_are_linked_beside_the_data(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = provider.find()
    if not found.carried:
        pytest.skip("the system's own PostgreSQL is not moved")
    home.chmod(0o711)
    closed = home / "venv"
    closed.mkdir(mode=0o700)
    for folder in found.carried:
        target = closed / folder.relative_to(found.carried[0].parent.parent)
        shutil.copytree(folder, target, symlinks=True)
    moved = provider.in_packages(closed, found.name)
    monkeypatch.setattr(provider, "find", lambda: moved)
    with Postgres(home) as postgres:
        assert str(postgres.programs.bin).startswith(str(home))
        assert asked(postgres.url(), "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
