"""SIGKILL for web, worker and database while residents report (F01–F03, F16)."""

from __future__ import annotations

import random
import time
from dataclasses import asdict

from faults.clients import Clients
from faults.compare import compare
from faults.house import House, ready, until
from faults.journal import Journal
from faults.outcome import Outcome

VICTIMS = ("web", "web", "worker", "worker", "database")
RECOVERY_SECONDS = 15.0


def kills(
    house: House,
    *,
    seconds: float,
    seed: int,
    every: tuple[float, float] = (1.5, 4.0),
    victims: tuple[str, ...] = VICTIMS,
    people: int = 4,
) -> Outcome:
    """Kill a random part every few seconds under load, each of ``victims`` once at least; journal and database must agree.

    ``people`` report without pause meanwhile.
    """
    outcome = Outcome("kills", {"seed": seed, "seconds": seconds})
    chance = random.Random(seed)
    killed = dict.fromkeys(victims, 0)
    waiting: list[str] = []
    slowest = 0.0
    journal = Journal(house.home.parent / f"{house.home.name}.{seed}.journal")
    clients = Clients(house.port, house.tokens(people), journal, seed)
    with clients:
        over = time.monotonic() + seconds
        while time.monotonic() < over or waiting or not sum(killed.values()):
            time.sleep(chance.uniform(*every))
            waiting = waiting or chance.sample(victims, len(victims))
            victim = waiting.pop()
            killed[victim] += bool(house.kill(victim))
            slowest = max(slowest, until(lambda: ready(house.port), seconds=60))
    with house.database() as connection:
        verdict = compare(connection, journal.read(), house.home / "media")
    outcome.facts |= {"killed": killed, "slowest_recovery": round(slowest, 1), **asdict(verdict)}
    outcome.facts |= {"given_up": len(clients.given_up), "blamed_on_us": len(clients.faults)}
    outcome.facts["journal_sha256"] = journal.digest()
    outcome.must(verdict.good, "what was accepted is there once, whole, and everything that follows was done")
    outcome.must(not clients.given_up, "who keeps asking gets a receipt")
    outcome.must(not clients.faults, f"trouble that passes is told as 503: {clients.faults[:5]}")
    outcome.must(slowest <= RECOVERY_SECONDS, f"web answers again within {RECOVERY_SECONDS:.0f} s of a kill")
    return outcome
