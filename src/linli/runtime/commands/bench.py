"""``linli bench``."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.core.management import call_command
from django.db import connection

from linli.kernel import clock, walls
from linli.runtime import database, inside
from linli.runtime import home as homes
from linli.runtime.postgres import APP_ROLE, OWNER_ROLE, Postgres

NAMES = (
    "intake",
    "list",
    "detail",
    "locate",
    "search",
    "live",
    "similar",
    "sweep",
    "notices",
    "wechat",
    "figures",
    "posters",
    "league",
)
ORDER = (
    "intake",
    "live",
    "list",
    "detail",
    "search",
    "locate",
    "similar",
    "sweep",
    "notices",
    "wechat",
    "figures",
    "posters",
    "league",
)
ON_MANY_ROWS = {"list", "detail", "search", "similar"}
WAIT_SECONDS = 30
MOST_TOLD = 50_000  # people who are told at once (notices)
MOST_DOORS = 5_000  # codes of one print run (posters)
MOST_RANKED = 1_000_000  # workers of a city (league): ten for each of the rows
MOST_DUE = 100_000  # cases that come due at one moment (sweep)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it: cases in the table, seconds of a round, open screens."""

    rows: int
    seconds: float
    viewers: int


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*NAMES, "all"]))
@click.option(
    "--rows",
    default=100_000,
    show_default=True,
    help="cases in the table, due at once (sweep); told (notices); buildings (posters); a tenth of workers (league)",
)
@click.option("--seconds", default=3.0, show_default=True, help="length of each of the five rounds")
@click.option("--viewers", default=3000, show_default=True, help="open screens (live)")
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def bench(names: tuple[str, ...], rows: int, seconds: float, viewers: int, as_json: bool) -> None:
    """Measure the main paths on a fresh database of their own, against a floor in the same run.

    Read the ratios and the CPU time a request; rates swing with the machine.
    """
    wanted = list(NAMES) if not names or "all" in names else list(dict.fromkeys(names))
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        found = _measure(Path(folder), wanted, Size(rows, seconds, viewers), quiet=as_json)
    found["about"] = {"cores": os.cpu_count(), "rows": rows, "load average": round(os.getloadavg()[0], 1)}
    click.echo(
        json.dumps(found, ensure_ascii=False, indent=None if as_json else 1) if as_json else _table(found)
    )


def _measure(home: Path, wanted: list[str], size: Size, *, quiet: bool) -> dict[str, Any]:
    if wanted == ["locate"]:
        with inside.described(home):
            from linli.runtime.bench import paths  # noqa: PLC0415  (needs Django set up)

            return {"locate": paths.locate()}
    home.chmod(0o711)
    homes.prepare(home)
    with Postgres(home) as postgres:
        addresses = database.embedded(postgres)
        database.enter(home, addresses)
        os.environ["LINLI_DEMO"] = "1"
        os.environ["DATABASE_URL"] = addresses.owner
        inside.set_up_django()
        call_command("migrate", verbosity=0, interactive=False)
        walls.raise_walls()
        return _on_ground(home, addresses, wanted, size, quiet)


def _on_ground(
    home: Path, addresses: database.Addresses, wanted: list[str], size: Size, quiet: bool
) -> dict[str, Any]:
    from linli.runtime.bench import (  # noqa: PLC0415  (as above)
        alike,
        chatting,
        counting,
        doors,
        league,
        load,
        paths,
        screens,
        sweep,
        telling,
    )
    from linli.runtime.bench import ground as grounds  # noqa: PLC0415  (needs Django set up)

    ground, at = grounds.lay(), clock.now()
    _become(APP_ROLE)
    with _serving(home, addresses, ground.community_id) as server:
        measure: dict[str, Callable[[], dict[str, Any]]] = {
            "intake": lambda: paths.intake(ground, server, seconds=size.seconds),
            "list": lambda: paths.listing(ground, server, seconds=size.seconds),
            "detail": lambda: paths.detail(ground, server, seconds=size.seconds),
            "search": lambda: paths.search(ground),
            "locate": paths.locate,
            "similar": lambda: alike.similar(ground),
            "sweep": lambda: sweep.sweep(ground, min(size.rows, MOST_DUE)),
            "notices": lambda: telling.telling(ground, min(size.rows, MOST_TOLD)),
            "wechat": lambda: chatting.chatting(ground, server),
            "posters": lambda: doors.doors(ground, min(size.rows, MOST_DOORS - 1)),
            "figures": lambda: counting.figures(ground, at),
            "league": lambda: league.league(ground, at, ranked, lambda: _become(OWNER_ROLE)),
            "live": lambda: screens.screens(ground, server.port, size.viewers),
        }
        found: dict[str, Any] = {}
        ranked: dict[str, Any] = {}
        for name in [name for name in ORDER if name in wanted]:
            if name in ON_MANY_ROWS:
                _become(OWNER_ROLE)
                grounds.grow(ground, size.rows)
                if name == "similar":  # the last one: from here on every case is open
                    grounds.open_all(ground)
                _become(APP_ROLE)
            if name == "figures":
                _become(OWNER_ROLE)
                counting.lay(ground, size.rows, at)
                _become(APP_ROLE)
            if name == "league":
                _become(OWNER_ROLE)
                ranked = _rank(ground, min(size.rows * 10, MOST_RANKED), at)
                _become(APP_ROLE)
            if not quiet:
                click.echo(f"{name} …", err=True)
            try:
                found[name] = measure[name]()
            except load.Refused as refused:  # a table of refusals would look like one of figures
                raise click.ClickException(f"{name}: {refused}") from refused
    connection.close()
    return found


def _rank(ground: Any, workers: int, at: datetime) -> dict[str, Any]:
    """Lay the ground of the league as the owner, and rank a city's workers."""
    from linli.runtime.bench import counting, league  # noqa: PLC0415  (needs Django set up)

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cases_case WHERE batch = 'bench-figures' LIMIT 1")
        there = cursor.fetchone()
    if not there:
        counting.lay(ground, league.CASES, at)
    league.lay(ground, workers, at)
    return league.rank(workers)


def _become(role: str) -> None:
    """Connect as this role from now on: owners lay the ground, the application is measured."""
    connection.close()
    connection.settings_dict["USER"] = role


@contextmanager
def _serving(home: Path, addresses: database.Addresses, community_id: int) -> Iterator[Any]:
    """One web worker on a free port, with the floor beside the product."""
    from linli.runtime.bench.paths import Server  # noqa: PLC0415  (needs Django set up)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": addresses.app, "LINLI_BENCH_COMMUNITY": str(community_id)}
    words = (
        f"--interface wsgi --port {port} --workers 1 --blocking-threads 4 --no-ws --log-level error".split()
    )
    command = [sys.executable, "-m", "granian", *words, "linli.runtime.bench.floor:application"]
    log = home / "web.log"
    with log.open("wb") as out:
        child = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        yield Server(port, _worker_pid(child, port, log))
    finally:
        child.terminate()
        child.wait(10)


def _worker_pid(child: subprocess.Popen[bytes], port: int, log: Path) -> int:
    """The pid of the process that answers: granian's only worker."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                children = (
                    Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text(encoding="ascii").split()
                )
                return int(children[-1]) if children else child.pid
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace")[-800:]
    raise click.ClickException(f"The web process under measurement did not start. {said}")


def _table(found: dict[str, Any]) -> str:
    lines = [
        f"cores {found['about']['cores']}, rows {found['about']['rows']}, load {found['about']['load average']}"
    ]
    for name in NAMES:
        for key, value in found.get(name, {}).items():
            if isinstance(value, dict):
                lines += [f"{name:<8} {key:<12} {inner:<16} {figure:>12}" for inner, figure in value.items()]
            else:
                lines.append(f"{name:<8} {key:<29} {value!s:>12}")
    return "\n".join(lines)
