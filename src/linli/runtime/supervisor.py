"""Brings up the whole of Linli on one machine, watches it, and takes it down again.

The supervisor imports neither Django nor a database driver: what needs them (migrating, loading the demo)
runs as a child and is gone afterwards, so watching costs little memory.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from linli.runtime import database, fingerprint, home, place
from linli.runtime.children import Child
from linli.runtime.nest import Nest
from linli.runtime.postgres import Postgres, PostgresError
from linli.runtime.space import Space
from linli.site import env

WATCH_SECONDS = 0.2
ASK_SECONDS = 0.15
STOP_SECONDS = 15.0
READY_SECONDS = 120.0
LOOK_SECONDS = 1.0
DATABASE_AGAIN_SECONDS = 5.0


class StartFailed(Exception):
    """A step of the start went wrong; the message says which, and where to read more."""


class Stopped(BaseException):
    """Somebody asked us to stop (SIGTERM, SIGINT, SIGHUP)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to run: where, on which ports, as a demo or for real."""

    home: Path
    host: str
    port: int
    live_port: int
    base_url: str
    live_url: str = ""
    demo: bool = False
    workers: int = 1
    threads: int = 4
    allowed_hosts: str = ""
    play_speed: float | None = None  # of a demo that is played: minutes in a real one

    def variables(self) -> dict[str, str]:
        """The environment that follows from the plan."""
        found = home.variables(self.home) | {"LINLI_BASE_URL": self.base_url, "LINLI_LIVE_URL": self.live_url}
        if self.demo:
            found["LINLI_DEMO"] = "1"
            found["LINLI_TRUSTED_PROXIES"] = ""  # nothing stands in front of a demo
        if self.allowed_hosts:
            found["LINLI_ALLOWED_HOSTS"] = self.allowed_hosts
        return found


@dataclass
class Supervisor:
    """Runs one plan; ``say`` gets a line for people at each step."""

    plan: Plan
    say: Callable[[str], None]
    _postgres: Postgres | None = field(default=None, init=False)
    _space: Space | None = field(default=None, init=False)
    _look_at: float = field(default=0.0, init=False)
    _database_again_at: float = field(default=0.0, init=False)
    _nest: Nest | None = field(default=None, init=False)
    _children: list[Child] = field(default_factory=list, init=False)
    _environment: dict[str, str] = field(default_factory=dict, init=False)

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start everything, call ``when_ready``, and watch until a signal comes; then stop everything.

        :raises StartFailed: when a step of the start fails; nothing is left running.
        :raises PostgresError: when the embedded server cannot run.
        """
        for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(how, _stop)
        try:
            self._start()
            when_ready()
            self._begin_to_play()
            _tell_systemd("READY=1")
            while True:
                time.sleep(WATCH_SECONDS)
                self._watch()
        except Stopped:
            self.say("stopping")
        finally:
            for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(how, signal.SIG_IGN)
            self._stop()

    def _start(self) -> None:
        home.prepare(self.plan.home)
        addresses = database.elsewhere()
        if addresses is None:
            self._postgres = Postgres(self.plan.home)
            self._start_database(self._postgres)
            addresses = database.embedded(self._postgres)
        self._environment = self.plan.variables() | addresses.variables() | self._figures_folder()
        self._nest = Nest(self._environment, self._log("nest"))
        self._nest.warm()  # while the tables are made
        if addresses.owner:
            self._migrate()
        self._keep(self._child("web", *self._web_words(), nest=self._nest))
        live = ("--host", self.plan.host, "--port", str(self.plan.live_port))
        self._keep(self._child("live", "linli", "live", *live, nest=self._nest))
        if self.plan.demo:
            self._load_demo()
        self._keep(self._child("worker", "linli", "worker", nest=self._nest))
        self._wait_until_answering()

    def _figures_folder(self) -> dict[str, str]:
        """Where several web processes add up what /metrics tells; begun anew, unless somebody else keeps one."""
        if self.plan.workers < 2 or "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            return {}
        folder = self.plan.home / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}

    def _web_words(self) -> tuple[str, ...]:
        plan = self.plan
        size = ("--workers", str(plan.workers), "--threads", str(plan.threads))
        return ("linli", "web", "--host", plan.host, "--port", str(plan.port), *size)

    def _child(self, name: str, *words: str, nest: Nest | None = None) -> Child:
        return Child(name, words, self._environment, self._log(name), nest)

    def _log(self, name: str) -> Path | None:
        return self.plan.home / "logs" / f"{name}.log" if self.plan.demo else None

    def _keep(self, child: Child) -> None:
        self._children.append(child)
        child.start()

    def _migrate(self) -> None:
        """Bring the tables up to date, unless this code did so before in this database folder."""
        note = place.known(self.plan.home) / "migrated" if self._postgres else None
        code = fingerprint.of_code()
        if note and note.exists() and note.read_text(encoding="ascii") == code:
            return
        self.say("preparing the database")
        if self._child("migrate", "linli", "migrate").wait() != 0:
            raise StartFailed(f"Preparing the database failed{self._where('migrate')}.")
        if note:
            note.write_text(code, encoding="ascii")

    def _load_demo(self) -> None:
        note = place.known(self.plan.home) / "demo-loaded" if self._postgres else None
        loaded = note is not None and note.exists()
        if loaded and _demo_address(self.plan.home) == self.plan.base_url:
            return
        self.say(
            "bringing the demo to its address of today"
            if loaded
            else "loading the demo: three communities and a few months of their life"
        )
        if self._child("demo", "linli.runtime.demo_load", nest=self._nest).wait() != 0:
            raise StartFailed(f"Loading the demo failed{self._where('demo')}.")
        if note:
            note.write_text("", encoding="ascii")

    def _begin_to_play(self) -> None:
        """Let simulated people work in the demo; without them, put back what an earlier play had shortened."""
        if self.plan.play_speed is not None:
            how = ("play", "--speed", f"{self.plan.play_speed:g}")
            self._keep(self._child("play", "linli", "--home", str(self.plan.home), *how))
        elif self.plan.demo and (self.plan.home / "play.json").exists():
            self._child("play", "linli", "--home", str(self.plan.home), "play", "--end").wait()

    def _where(self, name: str) -> str:
        return f"; see {self.plan.home / 'logs' / f'{name}.log'}" if self.plan.demo else ""

    def _wait_until_answering(self) -> None:
        began = time.monotonic()
        for port, path in ((self.plan.port, "/readyz"), (self.plan.live_port, "/healthz")):
            while not _answers(_reachable(self.plan.host), port, path, self._name()):
                self._watch()
                if time.monotonic() - began > READY_SECONDS:
                    raise StartFailed(f"Port {port} does not answer {path}{self._where('web')}.")
                time.sleep(ASK_SECONDS)

    def _name(self) -> str:
        """A name that the web process lets itself be called by; it refuses all others, ours included."""
        names = self._environment.get("LINLI_ALLOWED_HOSTS") or env.text("LINLI_ALLOWED_HOSTS", "")
        return names.partition(",")[0].strip().lstrip(".*")

    def _watch(self) -> None:
        if self._postgres is not None:
            self._look_after_space(self._postgres)
            self._look_after_database(self._postgres)
        for child in self._children:
            child.look_after(self.say)

    def _start_database(self, postgres: Postgres) -> None:
        """Bring it up; where only the reserve of the disk is in the way, with the reserve given up."""
        try:
            postgres.start()
        except (PostgresError, OSError):
            base = place.known(self.plan.home)
            if not base.is_dir() or not Space(base).give_up_reserve():
                raise
            Space(base).look()
            self.say("the database did not start; trying without the reserve on the disk")
            postgres.start()

    def _look_after_database(self, postgres: Postgres) -> None:
        """Start it again whenever it stopped, for as long as it takes: what hinders it may pass, a full disk say."""
        if postgres.running or time.monotonic() < self._database_again_at:
            return
        self.say("the database stopped; starting it again")
        try:
            self._start_database(postgres)
        except (PostgresError, OSError) as error:
            self._database_again_at = time.monotonic() + DATABASE_AGAIN_SECONDS
            self.say(f"the database does not start, trying again in {DATABASE_AGAIN_SECONDS:.0f} s: {error}")

    def _look_after_space(self, postgres: Postgres) -> None:
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        space = self._space = self._space or Space(place.known(self.plan.home))
        try:
            changed = space.look()
        except OSError as error:
            self.say(f"the disk is full and the database cannot be closed for writing: {error.strerror}")
            return
        if changed:
            postgres.reload()
            self.say(
                "the disk is nearly full: the database is closed for writing, reports are refused for now"
                if space.closed
                else "there is room on the disk again: the database is open for writing"
            )

    def _stop(self) -> None:
        until = time.monotonic() + STOP_SECONDS
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.make_sure_it_stopped(until - time.monotonic())
        if self._nest is not None:
            self._nest.close()
        if self._postgres is not None:
            self._postgres.stop()


def free_port(host: str, wanted: int) -> int:
    """``wanted`` if nobody listens there; 0 asks for any free port.

    :raises StartFailed: when the port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted))
        except OSError as error:
            raise StartFailed(
                f"{host} port {wanted} cannot be used: {error.strerror}. Try --port."
            ) from error
        return int(probe.getsockname()[1])


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _answers(host: str, port: int, path: str, name: str) -> bool:
    asking = http.client.HTTPConnection(host, port, timeout=5)
    try:
        asking.request("GET", path, headers={"Host": name} if name else {})
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _demo_address(folder: Path) -> str:
    """Where the demo served when it was last loaded: what it tells itself (webhooks, its neighbours) leads there."""
    try:
        return str(json.loads((folder / "demo.json").read_text(encoding="utf-8")).get("address", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _tell_systemd(words: str) -> None:
    """``Type=notify`` units wait for this line; elsewhere the variable is unset and nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect("\0" + address[1:] if address.startswith("@") else address)
            out.sendall(words.encode())
