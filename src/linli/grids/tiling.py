"""A made-up tiling of irregular cells that share their borders exactly: for benches and demo places."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Array = NDArray[np.float64]


def irregular(
    columns: int,
    rows: int,
    *,
    origin: tuple[float, float],
    cell: tuple[float, float],
    seed: int,
    bends: int = 4,
) -> NDArray[np.object_]:
    """``rows`` × ``columns`` polygons from the south-west; neighbours share every vertex of their border.

    :param origin: lon, lat of the south-west corner, in degrees.
    :param cell: mean width and height of a cell, in degrees.
    :param bends: extra vertices on each side, so that a cell has 4 + 4 × ``bends`` of them.
    """
    chance = np.random.default_rng(seed)
    corners = _lattice(columns, rows) + _inner_jitter(chance, columns, rows)
    level = _sides(corners[:, :-1], corners[:, 1:], bends, chance, along=0)
    upright = _sides(corners[:-1], corners[1:], bends, chance, along=1)
    south, north = level[:-1], level[1:, :, ::-1]
    west, east = upright[:, :-1, ::-1], upright[:, 1:]
    # Each side carries its first corner and its bends; the next side begins with its last corner.
    ring = np.concatenate(
        [
            corners[:-1, :-1, None], south,
            corners[:-1, 1:, None], east,
            corners[1:, 1:, None], north,
            corners[1:, :-1, None], west,
            corners[:-1, :-1, None],
        ],
        axis=2,
    )  # fmt: skip
    placed = ring * np.array(cell) + np.array(origin)
    made: NDArray[np.object_] = shapely.polygons(placed.reshape(rows * columns, -1, 2))
    return made


def _lattice(columns: int, rows: int) -> Array:
    x, y = np.meshgrid(np.arange(columns + 1, dtype=float), np.arange(rows + 1, dtype=float))
    return np.stack([x, y], axis=2)


def _inner_jitter(chance: np.random.Generator, columns: int, rows: int) -> Array:
    jitter = chance.uniform(-0.25, 0.25, (rows + 1, columns + 1, 2))
    jitter[:, (0, -1), 0] = 0
    jitter[(0, -1), :, 1] = 0
    return jitter


def _sides(start: Array, end: Array, bends: int, chance: np.random.Generator, *, along: int) -> Array:
    """The bends between corners: on the line, moved a little across it (never on the outer border)."""
    steps = np.arange(1, bends + 1)[:, None] / (bends + 1)
    points = start[..., None, :] + (end - start)[..., None, :] * steps
    across = 1 - along
    wobble = chance.uniform(-0.05, 0.05, points.shape[:-1])
    if across == 1:
        wobble[(0, -1), :] = 0
    else:
        wobble[:, (0, -1)] = 0
    points[..., across] += wobble
    return points
