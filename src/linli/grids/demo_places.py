"""The demo's geography: real community names on made-up ground. All outlines and buildings are invented.

The points lie in the right part of the right city, nothing else is taken from a map. The same rows come out
each time, so that one demo can be compared with another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, radians, sin
from random import Random
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from linli.grids.rules.geometry import METRES_PER_DEGREE
from linli.grids.rules.sheets import DivisionEntry, OutlineEntry, PlaceEntry, Sheets, Source
from linli.grids.rules.words import DivisionLevel, GridKind, Level
from linli.grids.tiling import irregular

FILE = "demo"
NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Model:
    """What a demo community is made from: ``columns`` × 2 cells, the last ``merged`` of them one grid."""

    code: str
    chain: tuple[tuple[str, str], ...]
    centre: tuple[float, float]
    columns: int
    merged: int
    yards: tuple[tuple[str, str], ...]
    sides: tuple[tuple[str, str], tuple[str, str]]
    block: str
    numbered_by_yard: bool
    halls: tuple[tuple[str, str], ...]
    dedicated: tuple[str, str]


MODELS = (
    Model(
        code="520113008006",
        chain=(("贵州省", "Guizhou"), ("贵阳市", "Guiyang"), ("白云区", "Baiyun District"),
               ("龚家寨街道", "Gongjiazhai Subdistrict"), ("铝兴社区", "Lüxing Community")),
        centre=(106.6365, 26.6605), columns=4, merged=0,
        yards=(("铝锭", "Ingot"), ("冶金", "Foundry"), ("云岭", "Cloud Ridge"), ("长坡", "Long Slope"),
               ("新厂", "New Works"), ("向阳", "Sunny"), ("团结", "Unity"), ("先锋", "Pioneer")),
        sides=(("南院", "South Yard"), ("北院", "North Yard")),
        block="栋", numbered_by_yard=False,
        halls=(("党群服务中心", "Community service centre"), ("文化活动中心", "Culture house"),
               ("老年食堂", "Canteen for the elderly")),
        dedicated=("农贸市场专属网格", "Market grid (dedicated)"),
    ),
    Model(
        code="310105005025",
        chain=(("上海市", "Shanghai"), ("市辖区", "Shanghai city area"), ("长宁区", "Changning District"),
               ("周家桥街道", "Zhoujiaqiao Subdistrict"),
               ("仁恒河滨花园居委会", "Renheng Riverside Garden Community")),
        centre=(121.3985, 31.2125), columns=3, merged=0,
        yards=(("河滨", "Riverside"), ("临江", "Waterfront"), ("枫桥", "Maple Bridge"), ("玉兰", "Magnolia"),
               ("银杏", "Ginkgo"), ("香樟", "Camphor")),
        sides=(("东苑", "East Garden"), ("西苑", "West Garden")),
        block="号楼", numbered_by_yard=False,
        halls=(("邻里中心", "Neighbourhood centre"), ("会所", "Clubhouse"),
               ("社区食堂", "Community canteen")),
        dedicated=("商业街专属网格", "Shopping street grid (dedicated)"),
    ),
    Model(
        code="460105002002",
        chain=(("海南省", "Hainan"), ("海口市", "Haikou"), ("秀英区", "Xiuying District"),
               ("海秀街道", "Haixiu Subdistrict"), ("东方洋社区", "Dongfangyang Community")),
        centre=(110.2955, 20.0075), columns=4, merged=2,
        yards=(("椰林", "Coconut Grove"), ("南渡", "Nandu"), ("木棉", "Kapok"), ("红树", "Mangrove"),
               ("听涛", "Surf"), ("海棠", "Begonia"), ("东洋", "East Field")),
        sides=(("一里", "First Lane"), ("二里", "Second Lane")),
        block="栋", numbered_by_yard=True,
        halls=(("居民议事厅", "Residents' hall"), ("幼儿园", "Kindergarten"), ("社区图书馆", "Library")),
        dedicated=("小学专属网格", "Primary school grid (dedicated)"),
    ),
)  # fmt: skip
WIDTH_M, HEIGHT_M = 960.0, 640.0  # about 0.6 km²


def sheets() -> Sheets:
    """Divisions, places and outlines of the demo, as an import reads them."""
    made = Sheets()
    for number, model in enumerate(MODELS):
        _Builder(model, Random(520 + number), made).build(seed=31 + number)
    return made


def in_words(number: int) -> str:
    """A number below a hundred as people write it: 8 → 八, 12 → 十二, 30 → 三十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def _ground(model: Model, seed: int) -> list[BaseGeometry]:
    """The base grids' outlines: an irregular tiling, bent a little; from north-west to south-east."""
    lon, lat = model.centre
    metre = (1 / (METRES_PER_DEGREE * cos(radians(lat))), 1 / METRES_PER_DEGREE)
    cells = irregular(
        model.columns, 2, origin=(-0.5, -0.5), cell=(1 / model.columns, 0.5), seed=seed, bends=3
    )

    def bend(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = points[:, 0], points[:, 1]
        bent_x = x + 0.05 * np.sin(2.3 * pi * y + seed) + 0.12 * y
        bent_y = y + 0.07 * np.sin(1.7 * pi * x + seed) - 0.06 * x
        east, north = bent_x * WIDTH_M * metre[0], bent_y * HEIGHT_M * metre[1]
        return np.stack([lon + east, lat + north], axis=1).round(7)

    south, north = list(cells[: model.columns]), list(cells[model.columns :])
    ordered = [*north, *south]
    if model.merged:
        ordered = [*ordered[: -model.merged], shapely.union_all(ordered[-model.merged :])]
    return [shapely.transform(shape, bend) for shape in ordered]


class _Builder:
    """Writes one community's rows in the order in which they stand in the tree."""

    def __init__(self, model: Model, chance: Random, made: Sheets) -> None:
        self.model, self.chance, self.made = model, chance, made
        self.last_number = 0

    def build(self, seed: int) -> None:
        """Everything of this community."""
        code, names = self.model.code, self.model.chain
        above = ""
        for level, digits, (zh, en) in zip(DivisionLevel, (2, 4, 6, 9, 12), names, strict=True):
            own = code[:digits].ljust(12, "0")
            values = {"name_zh": zh, "name_en": en}
            self.made.divisions.append(DivisionEntry(self._source(), own, level, above, values))
            above = own
        shapes = _ground(self.model, seed)
        self._place(Level.COMMUNITY, code, "", names[-1][0], names[-1][1])
        self._outline(code, shapely.union_all(shapes))
        committee = f"{code}-C01"
        short = names[-1][0].removesuffix("居委会").removesuffix("社区")
        self._place(
            Level.COMMITTEE,
            committee,
            code,
            f"{short}居民委员会\uff08党支部\uff09",
            "Residents' committee and party branch",
        )
        for number, shape in enumerate(shapes, start=1):
            self._grid(number, shape, committee)
        self._dedicated(shapes, committee)

    def _grid(self, number: int, shape: BaseGeometry, parent: str) -> None:
        code = f"{self.model.code}1{number:03d}"
        households = self.chance.randrange(310, 500)
        self._place(
            Level.GRID, code, parent, f"第{in_words(number)}网格", f"Grid {number}",
            number=str(number), kind=GridKind.BASE.value, households=households,
            aliases=[f"{number}网格", f"{number}号网格"],
        )  # fmt: skip
        self._outline(code, shape)
        points = self._points(shape, self.chance.randrange(12, 25))
        yard_zh, yard_en = self.model.yards[number - 1]
        half = (len(points) + 1) // 2
        for side, (side_zh, side_en) in enumerate(self.model.sides):
            yard = f"{self.model.code}-Y{number:02d}{side + 1}"
            self._place(Level.COURTYARD, yard, code, yard_zh + side_zh, f"{yard_en} {side_en}")
            if self.model.numbered_by_yard:
                self.last_number = 0
            for index, point in enumerate(points[side * half : side * half + half]):
                serial = f"{code[12:]}{side * half + index + 1:05d}"
                self._building(serial, yard, point, households // len(points), lived_in=index == 0)
        if number <= len(self.model.halls):
            zh, en = self.model.halls[number - 1]
            centre = shape.point_on_surface()
            hall = f"{self.model.code}{code[12:]}90001"
            self._place(Level.BUILDING, hall, code, zh, en, lon=centre.x, lat=centre.y)

    def _building(
        self, serial: str, yard: str, point: tuple[float, float], households: int, *, lived_in: bool
    ) -> None:
        self.last_number += 1
        number = self.last_number
        code = f"{self.model.code}{serial}"
        names = [
            f"{number}栋",
            f"{in_words(number)}栋" if number < 100 else "",
            f"{number}号楼",
            f"{number}幢",
        ]
        own = f"{number}{self.model.block}"
        self._place(
            Level.BUILDING, code, yard, own, f"Building {number}", number=str(number), lon=point[0],
            lat=point[1], households=households, aliases=[name for name in names if name and name != own],
        )  # fmt: skip
        for unit in range(1, self.chance.randrange(2, 5)):
            unit_code = f"{code}-{unit}"
            self._place(
                Level.UNIT, unit_code, code, f"{unit}单元", f"Unit {unit}", number=str(unit),
                aliases=[f"{in_words(unit)}单元"],
            )  # fmt: skip
            if lived_in:
                self._dwellings(unit_code)

    def _dwellings(self, unit_code: str) -> None:
        for floor in range(1, 7):
            for door in (1, 2):
                room = f"{floor}{door:02d}"
                self._place(Level.DWELLING, f"{unit_code}-{room}", unit_code, f"{room}室", room, number=room)

    def _dedicated(self, shapes: list[BaseGeometry], parent: str) -> None:
        """A dedicated grid over the corner where base grids meet."""
        whole = shapely.union_all(shapes)
        lon, lat = whole.centroid.x, whole.centroid.y
        east, north = 1 / (METRES_PER_DEGREE * cos(radians(lat))), 1 / METRES_PER_DEGREE
        ring = [
            (
                round(lon + east * (70 + 12 * sin(3 * angle)) * cos(angle), 7),
                round(lat + north * (55 + 9 * cos(2 * angle)) * sin(angle), 7),
            )
            for angle in (step * pi / 8 for step in range(16))
        ]
        code = f"{self.model.code}2001"
        zh, en = self.model.dedicated
        self._place(Level.GRID, code, parent, zh, en, number="专1", kind=GridKind.DEDICATED.value)
        self._outline(code, shapely.Polygon(ring))

    def _points(self, shape: BaseGeometry, how_many: int) -> list[tuple[float, float]]:
        """Points for buildings on a loose lattice inside the outline, row by row from the north-west."""
        west, south, east, north = shape.buffer(-0.00012).bounds
        inner = shape.buffer(-0.00012)
        for steps in range(3, 40):
            found = list(self._lattice((west, south, east, north), steps, inner))
            if len(found) >= how_many:
                break
        chosen = sorted(self.chance.sample(range(len(found)), how_many))
        return [found[index] for index in chosen]

    def _lattice(
        self, box: tuple[float, float, float, float], steps: int, inner: BaseGeometry
    ) -> Iterator[tuple[float, float]]:
        west, south, east, north = box
        for row in range(steps):
            for column in range(steps):
                lon = west + (east - west) * (column + 0.5 + self.chance.uniform(-0.15, 0.15)) / steps
                lat = north - (north - south) * (row + 0.5 + self.chance.uniform(-0.15, 0.15)) / steps
                if inner.contains(shapely.Point(lon, lat)):
                    yield round(lon, 7), round(lat, 7)

    def _place(self, level: Level, code: str, parent: str, zh: str, en: str, **values: Any) -> None:
        every = {"name_zh": zh, "name_en": en, "example": True, **values}
        for key in ("lon", "lat"):
            if key in every:
                every[key] = round(every[key], 7)
        self.made.places.append(PlaceEntry(self._source(), code, level, parent, every))

    def _outline(self, code: str, shape: BaseGeometry) -> None:
        self.made.outlines.append(OutlineEntry(self._source(), code, shape))

    def _source(self) -> Source:
        made = self.made
        return Source(FILE, len(made.divisions) + len(made.places) + len(made.outlines) + 1)
