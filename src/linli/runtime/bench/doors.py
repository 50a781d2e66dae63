"""Posters for a whole community in one run: asked for, drawn by the worker's sweep, kept."""

from __future__ import annotations

import resource
import time
from typing import Any

from django.db import connection

from linli.grids import queries as places
from linli.grids.actions import posters
from linli.grids.rules.posters import Layout
from linli.kernel import clock
from linli.kernel.access import SYSTEM
from linli.runtime.bench.ground import Ground

BUILDINGS = """
INSERT INTO grids_place (community_id, parent_id, level, kind, code, number, name_zh, name_en, aliases, path, qr_code,
    valid_from, example)
SELECT g.community_id, g.id, 'building', '', g.code || 'B' || n, n::text, n || '栋', 'Building ' || n, '{}',
    g.path || n || '.', upper(substr(md5(n::text), 1, 12)), current_date, true
FROM generate_series(1000001, 1000000 + %(rows)s) n, (SELECT * FROM grids_place WHERE id = %(grid)s) g
"""
PATHS = """
UPDATE grids_place p SET path = g.path || p.id || '.' FROM grids_place g WHERE g.id = %(grid)s AND p.parent_id = g.id
"""


def doors(ground: Ground, rows: int) -> dict[str, Any]:
    """So many buildings of one grid, as sheets and as stickers."""
    community = places.place(ground.community_id)
    if community is None:
        raise LookupError("no ground")
    grid = places.subtree(community.path, "grid")[-1]
    with connection.cursor() as cursor:
        cursor.execute(BUILDINGS, {"rows": rows, "grid": grid.id})
        cursor.execute(PATHS, {"grid": grid.id})
        cursor.execute("ANALYZE grids_place")
    return {layout.value: _one(grid.id, layout) for layout in Layout}


def _one(grid_id: int, layout: Layout) -> dict[str, Any]:
    at = clock.now()
    run = posters.ask_posters(
        actor=SYSTEM, place_id=grid_id, layout=layout, base="https://linli.example/p/", at=at
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, worked = time.perf_counter(), time.process_time()
    posters.sweep(at)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    run.refresh_from_db()
    return {
        "codes": run.done,
        "seconds": round(seconds, 2),
        "seconds of CPU": round(cpu, 2),
        "codes a second": round(run.done / seconds),
        "kilobytes": run.bytes // 1000,
        "memory grew by MB": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
    }
