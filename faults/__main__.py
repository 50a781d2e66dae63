"""`python -m faults`: kill parts of a running Linli under load for a while, then compare journal and database."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from faults.clients import Clients
from faults.compare import compare
from faults.house import House
from faults.journal import Journal

VICTIMS = ("web", "web", "worker", "worker", "database")


def kills(
    home: Path, *, seconds: float, seed: int, every: tuple[float, float] = (1.5, 4.0)
) -> dict[str, Any]:
    """Run a house under load, kill a random part every few seconds, and return the verdict with the counts."""
    chance = random.Random(seed)
    killed = dict.fromkeys(VICTIMS, 0)
    with House(home) as house:
        journal = Journal(home.parent / f"{home.name}.journal")
        staff = [*house.people("dispatcher"), *house.people("verifier"), *house.people("grid_worker")]
        clients = Clients(house.port, [one["token"] for one in staff[:4]], journal, seed)
        owner = house.environment()["LINLI_OWNER_DATABASE_URL"]
        clients.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(chance.uniform(*every))
            victim = chance.choice(VICTIMS)
            killed[victim] += bool(house.kill(victim))
        clients.stop()
        connection = _reach(owner)
        with connection:
            verdict = compare(connection, journal.read())
        return {
            "seed": seed,
            "seconds": seconds,
            "killed": killed,
            **asdict(verdict),
            "given_up": len(clients.given_up),
            "good": verdict.good and not clients.given_up,
        }


def _reach(url: str) -> psycopg.Connection[Any]:
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def main() -> int:
    """The command's door."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linli-faults-") as folder:
        Path(folder).chmod(0o711)
        found = kills(Path(folder) / "home", seconds=given.seconds, seed=given.seed)
    text = (
        json.dumps(found) if given.json else "\n".join(f"{name:<20} {value}" for name, value in found.items())
    )
    sys.stdout.write(text + "\n")
    return 0 if found["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
