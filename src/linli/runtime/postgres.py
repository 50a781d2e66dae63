"""Our own supervisor of a PostgreSQL server: a child process on a unix socket in the data folder.

It knows no Django and no domain. Why not the wheels' own ``get_server()``: docs/decisions/001-embedded-postgres.md.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from linli.runtime import osuser, place, provider, strays
from linli.runtime.provider import PostgresError
from linli.runtime.space import CLOSED

__all__ = ["APP_ROLE", "DATABASE", "OWNER_ROLE", "SUPERUSER", "Postgres", "PostgresError"]

SUPERUSER = "postgres"
OWNER_ROLE = "linli_owner"
APP_ROLE = "linli_app"
DATABASE = "linli"

# Sized for one small box; an operator's own lines go into local.conf beside the data.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "effective_cache_size": "512MB",
    "wal_buffers": "1MB",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "checkpoint_timeout": "15min",
    "max_worker_processes": "4",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "random_page_cost": "1.1",
    "jit": "off",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and the details of errors hold what people wrote; neither goes into a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
SETTINGS_BY_MAJOR = {18: {"io_method": "sync"}}  # three idle helper processes fewer
SAFE = {"fsync": {"on"}, "full_page_writes": {"on"}, "data_checksums": {"on"}}
UNSAFE = {"synchronous_commit": {"off"}}

FIRST_SQL = f"""
CREATE ROLE {OWNER_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE} TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE};
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
"""

RETRY_SECONDS = 10.0
READY_SECONDS = 300.0
LOG_BYTES = 5_000_000


class Postgres:
    """One PostgreSQL server whose files lie in ``home``; start it, use its addresses, stop it.

    ``settings`` are added to ours in the server's configuration file, one server at a time a home.
    """

    def __init__(self, home: Path, *, settings: dict[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.settings = settings or {}
        self._child: subprocess.Popen[bytes] | None = None
        self._held: IO[str] | None = None
        self._place: place.Place | None = None
        self._programs: provider.Provider | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the server that we started is alive."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, if it runs."""
        return self._child.pid if self._child is not None and self.running else None

    @property
    def programs(self) -> provider.Provider:
        """The PostgreSQL programs in use (``pg_dump`` of the same version, for example)."""
        if self._programs is None:
            self._programs = provider.find()
        return self._programs

    def start(self) -> None:
        """Make the database where there is none, and bring the server up; returns when it takes connections.

        :raises PostgresError: when it cannot run, runs already, or would not keep what it is given.
        """
        if self.running:
            return
        where = self._place = place.settle(self.home)
        self._lock(where)
        try:
            self._programs = place.programs(where, provider.find())
            if not where.data.exists():
                self._create(where)
            self._check_version(where)
            strays.clear(where.data)
            self._write_configuration(where)
            self._refuse_unsafe(where)
            self._spawn_until_ready(where)
        except BaseException:
            self._unlock()
            raise

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        child, self._child = self._child, None
        try:
            if child is not None:
                for how, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                    if child.poll() is not None:
                        break
                    child.send_signal(how)
                    _wait(child, seconds)
        finally:
            self._unlock()

    def reload(self) -> None:
        """Let the server read its configuration files anew."""
        if self._child is not None and self.running:
            self._child.send_signal(signal.SIGHUP)

    def url(self, role: str = APP_ROLE, dbname: str = DATABASE) -> str:
        """An address for ``DATABASE_URL``. It holds no secret: the operating-system user signs in."""
        return f"postgresql://{role}@/{dbname}?host={quote(str(self.socket_folder), safe='/')}"

    def superuser_url(self, dbname: str = "postgres") -> str:
        """The address of the role that may do everything: for tests, restore and the doctor."""
        return self.url(SUPERUSER, dbname)

    @property
    def socket_folder(self) -> Path:
        """Where the server listens. Read from the server's own note, so another process may ask as well."""
        data = place.known(self.home) / "data"
        try:
            return Path(data.joinpath("postmaster.pid").read_text(encoding="utf-8").split("\n")[4])
        except (OSError, IndexError) as error:
            raise PostgresError(f"No database server runs in {self.home}.") from error

    def served_elsewhere(self) -> bool:
        """Whether another process runs the server of this home just now."""
        if self.running:
            return False
        lock = place.known(self.home) / "lock"
        try:
            with lock.open("r", encoding="utf-8") as held:
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _is_ready(place.known(self.home) / "data", None)
        except FileNotFoundError:
            return False
        return False

    def _lock(self, where: place.Place) -> None:
        if self._held is not None:
            return
        held = (where.base / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            other = held.read().strip()
            held.close()
            raise PostgresError(
                f"Another linli (process {other}) runs the database of {self.home}."
            ) from error
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        self._held = held

    def _unlock(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def _run(self, where: place.Place, *command: str, words: str = "") -> str:
        """Run one of the server's programs as the server's user; its output, or :class:`PostgresError`."""
        done = subprocess.run(  # type: ignore[call-overload]
            [self.programs.program(command[0]), *command[1:]],
            input=words,
            capture_output=True,
            text=True,
            check=False,
            cwd=where.base,
            env=_environment(),
            **osuser.run_as(where.user),
        )
        if done.returncode != 0 or "FATAL:" in done.stderr or "ERROR:" in done.stderr:
            raise PostgresError(f"{command[0]} failed: {done.stderr.strip()[-2000:]}")
        return str(done.stdout).strip()

    def _create(self, where: place.Place) -> None:
        """``initdb`` into a side folder that becomes ``data`` only when it is complete."""
        fresh = where.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        options = ("-A", "peer", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions")
        self._run(where, "initdb", "-D", str(fresh), "-U", SUPERUSER, *options)
        single = ("postgres", "--single", "-D", str(fresh), "-c", "log_checkpoints=off", "postgres")
        self._run(where, *single, words="\n".join(line for line in FIRST_SQL.splitlines() if line) + "\n")
        fresh.rename(where.data)

    def _check_version(self, where: place.Place) -> None:
        made_by = int(where.data.joinpath("PG_VERSION").read_text(encoding="utf-8"))
        if made_by != self.programs.major:
            raise PostgresError(
                f"The data in {where.data} was made by PostgreSQL {made_by}, the programs are "
                f"{self.programs.major}. "
                "With the old programs run `linli backup`, with the new ones `linli restore` into a new home."
            )

    def _write_configuration(self, where: place.Place) -> None:
        by_major = SETTINGS_BY_MAJOR.get(self.programs.major, {})
        sockets = {"unix_socket_directories": str(place.socket_folder(where))}
        lines = ["# Written by linli at each start. Put your own lines into ../local.conf."]
        for name, value in {**SETTINGS, **by_major, **sockets, **self.settings}.items():
            quoted = value.replace("'", "''")
            lines.append(f"{name} = '{quoted}'")
        if where.base.joinpath("local.conf").exists():
            lines.append("include = '../local.conf'")
        lines.append(f"include_if_exists = '../{CLOSED}'")
        names = sorted({osuser.current().name, where.user.name, "root"})  # root may become either anyway
        maps = [f'linli "{name}" {role}' for name in names for role in (SUPERUSER, OWNER_ROLE, APP_ROLE)]
        doors = ["local all all peer map=linli", "local replication all peer map=linli"]
        for name, text in (("postgresql.conf", lines), ("pg_ident.conf", maps), ("pg_hba.conf", doors)):
            _write(where.data / name, "\n".join(text) + "\n", where.user)

    def _refuse_unsafe(self, where: place.Place) -> None:
        """Accepted means committed, and committed means on disk: a server that would cheat is not started."""
        for name in (*SAFE, *UNSAFE):
            value = self._run(where, "postgres", "-D", str(where.data), "-C", name)
            if value not in SAFE.get(name, {value}) or value in UNSAFE.get(name, set()):
                raise PostgresError(
                    f"Refusing to start: the database's {name} is {value}; accepted reports could be lost. "
                    f"Remove the setting (see {where.base}/local.conf and data/postgresql.auto.conf)."
                    + (
                        " Checksums: run pg_checksums --enable on the data."
                        if name == "data_checksums"
                        else ""
                    )
                )

    def _spawn_until_ready(self, where: place.Place) -> None:
        """Start, trying for some seconds: just after a kill the old shared memory may still be in use."""
        began = time.monotonic()
        while True:
            child = self._child = self._spawn(where)
            while child.poll() is None:
                if _is_ready(where.data, child.pid):
                    return
                if time.monotonic() - began > READY_SECONDS:
                    self.stop()
                    raise PostgresError(
                        f"The database is not ready after {READY_SECONDS:.0f} s; see {where.log}."
                    )
                time.sleep(0.01)
            if time.monotonic() - began > RETRY_SECONDS:
                raise PostgresError(
                    f"The database does not start; {where.log} ends with:\n{_tail(where.log)}"
                )
            time.sleep(0.25)

    def _spawn(self, where: place.Place) -> subprocess.Popen[bytes]:
        if where.log.exists() and where.log.stat().st_size > LOG_BYTES:
            where.log.rename(where.log.with_suffix(".log.1"))
        with where.log.open("ab") as log:
            child: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
                [self.programs.program("postgres"), "-D", str(where.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=where.data,
                env=_environment(),
                start_new_session=True,  # Ctrl-C in a terminal reaches us only; the database goes down last
                preexec_fn=osuser.die_with_parent(signal.SIGINT),
                **osuser.run_as(where.user),
            )
        return child


def _is_ready(data: Path, pid: int | None) -> bool:
    """Whether ``postmaster.pid`` says "ready" (its eighth line) for ``pid``, or for anyone with ``None``."""
    try:
        lines = data.joinpath("postmaster.pid").read_text(encoding="utf-8").split("\n")
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and pid in (None, int(lines[0]))


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _write(path: Path, text: str, user: osuser.OsUser) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.chmod(0o600)
    os.chown(beside, user.uid, user.gid)
    beside.replace(path)


def _tail(log: Path, characters: int = 1500) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-characters:]


def _wait(child: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return
