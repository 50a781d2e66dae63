"""How long it takes to find what may be the same matter, against every open case of one community."""

from __future__ import annotations

import os
import random
import statistics
import time
from pathlib import Path
from typing import Any

from django.db import connection

from linli.cases import ports
from linli.grids import queries as places
from linli.kernel import clock, scope
from linli.runtime.bench.ground import Ground
from linli.site.demo.words import MATTERS, PLACES

ASKED = 60  # reports asked about, each at its place and nowhere in particular
AIM_MS = 50.0


def similar(ground: Ground) -> dict[str, Any]:
    """The median, the 95th of a hundred and the slowest, in milliseconds, for reports with a place and without one."""
    chance = random.Random(5)
    scope.enter([ground.community_id])
    grids = [place.path for place in places.subtree(f"{ground.community_id}.", "grid")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE state = 'accepted'")
        rows = int(cursor.fetchone()[0])
    asked = [_words(chance) for _ in range(ASKED)]
    found = {
        "at a place": _round(ground, asked, grids),
        "nowhere in particular": _round(ground, asked, []),
    }
    return {"open cases": rows, "aim ms": AIM_MS, **found}


def _words(chance: random.Random) -> str:
    place = chance.choice(PLACES).format(building=f"{chance.randrange(1, 90)}栋", grid="第3网格")
    return chance.choice(chance.choice(MATTERS).said).format(place=place)


def _cpu_seconds() -> float:
    """What this process and its connection's server process have used: steadier than the clock on a busy machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = (
            Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        )
    server = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return server + time.process_time()


def _round(ground: Ground, asked: list[str], grids: list[str]) -> dict[str, float]:
    machine, at = ports.likeness(), clock.now()
    spent, hits, cpu = [], 0, _cpu_seconds()
    for turn, words in enumerate(asked):
        lon, lat = ground.points[turn % len(ground.points)] if grids and ground.points else (None, None)
        path = grids[turn % len(grids)] if grids else ""
        begun = time.perf_counter()
        found = machine.alike(
            community_id=ground.community_id,
            words=words,
            lon=lon,
            lat=lat,
            place_path=path,
            category_code="",
            at=at,
        )
        spent.append((time.perf_counter() - begun) * 1000)
        hits += bool(found)
    held = sorted(spent)
    return {
        "median ms": round(statistics.median(held), 1),
        "p95 ms": round(held[int(len(held) * 0.95) - 1], 1),
        "slowest ms": round(held[-1], 1),
        "cpu ms": round((_cpu_seconds() - cpu) * 1000 / len(asked), 1),
        "with a proposal": hits,
    }
