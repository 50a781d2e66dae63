"""Point → community, grid and building; address text → building; QR code → place.

Every process keeps the outlines of all communities in memory (100,000 grids with 400,000 buildings load in
about four seconds) and asks the database at most once a second whether they have changed.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from linli.grids import queries
from linli.grids.models import BoundaryVersion
from linli.grids.rows import PlaceRow
from linli.grids.rules.addresses import AddressBook, Building, Match
from linli.grids.rules.atlas import BASE, COMMUNITY, DEDICATED, Atlas, Ground, Located, Spot
from linli.grids.rules.words import Level

CHECK_SECONDS = 1.0
BOOKS_KEPT = 512
Version = tuple[int, datetime | None]

_OUTLINES = """
SELECT level, kind, id, community_id, path, boundary::text FROM grids_place
 WHERE boundary IS NOT NULL AND valid_to IS NULL AND level IN ('community', 'grid') ORDER BY id
"""
# A building stands in a grid directly or in a courtyard of one.
_SPOTS = """
SELECT b.id, CASE WHEN p.level = 'grid' THEN p.id ELSE p.parent_id END, b.lon, b.lat, p.path
  FROM grids_place b JOIN grids_place p ON p.id = b.parent_id
 WHERE b.level = 'building' AND b.valid_to IS NULL AND b.lon IS NOT NULL
"""


def read_version() -> Version:
    """The number and moment of the last change of places; (0, None) before the first."""
    return BoundaryVersion.objects.values_list("version", "changed_at").first() or (0, None)


def read_atlas() -> Atlas:
    """All outlines and buildings in force, from the database, in two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTLINES)
        outlines = cursor.fetchall()
        cursor.execute(_SPOTS)
        spots = [Spot(*row) for row in cursor.fetchall()]
    grounds = [Ground(_rank(level, kind), *rest) for level, kind, *rest, _ in outlines]
    return Atlas.from_geojson(grounds, [outline[-1] for outline in outlines], spots)


def _rank(level: str, kind: str) -> int:
    if level == Level.COMMUNITY:
        return COMMUNITY
    return DEDICATED if kind == "dedicated" else BASE


def read_book(community_id: int) -> AddressBook:
    """A community's buildings by all their names, from the database, in one statement."""
    levels = (Level.GRID.value, Level.COURTYARD.value, Level.BUILDING.value)
    places = {row.id: row for row in queries.subtree(f"{community_id}.", *levels)}
    return AddressBook(_entry(row, places) for row in places.values() if row.level == Level.BUILDING)


def _entry(row: PlaceRow, places: dict[int, PlaceRow]) -> Building:
    above = [places[int(part)] for part in row.path.split(".")[:-2] if int(part) in places]
    names = (row.name_zh, row.name_en, row.number, *row.aliases)
    within = tuple(name for place in above for name in (place.name_zh, *place.aliases))
    return Building(row.id, tuple(name for name in names if name), within)


class Locator:
    """Keeps an atlas fresh. The first caller waits for it; later ones use the old one while one reloads."""

    def __init__(
        self,
        *,
        version: Callable[[], Version] = read_version,
        atlas: Callable[[], Atlas] = read_atlas,
        book: Callable[[int], AddressBook] = read_book,
    ) -> None:
        self._read_version, self._read_atlas, self._read_book = version, atlas, book
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop everything; the next look-up reads anew."""
        self._atlas: Atlas | None = None
        self._version: Version | None = None
        self._books: OrderedDict[int, AddressBook] = OrderedDict()
        self._check_at = 0.0

    def check_now(self) -> None:
        """Ask for the version at the next look-up, not only when a second has passed."""
        self._check_at = 0.0

    def locate(self, lon: float, lat: float, community_id: int | None = None) -> Located | None:
        """Community, grid and (within 30 m) building at a WGS-84 point; None outside all outlines."""
        return self._fresh().locate(lon, lat, community_id)

    def locate_text(self, community_id: int, address: str) -> Match | None:
        """The community's building an address means; None if none, or more than one, fits."""
        self._fresh()
        book = self._books.get(community_id)
        if book is None:
            book = self._books[community_id] = self._read_book(community_id)
            while len(self._books) > BOOKS_KEPT:
                self._books.popitem(last=False)
        return book.match(address)

    def _fresh(self) -> Atlas:
        atlas = self._atlas
        if atlas is not None and time.monotonic() < self._check_at:
            return atlas
        if not self._lock.acquire(blocking=atlas is None):
            return atlas  # type: ignore[return-value]  # unwaited for only when there is one
        try:
            return self._reload_if_changed()
        finally:
            self._lock.release()

    def _reload_if_changed(self) -> Atlas:
        version = self._read_version()
        if self._atlas is None or version != self._version:
            self._atlas, self._version = self._read_atlas(), version
            self._books = OrderedDict()
        self._check_at = time.monotonic() + CHECK_SECONDS
        return self._atlas


locator = Locator()


def locate(lon: float, lat: float, community_id: int | None = None) -> Located | None:
    """Community, grid and (within 30 m) building at a WGS-84 point; None outside all outlines."""
    return locator.locate(lon, lat, community_id)


def locate_text(community_id: int, address: str) -> Match | None:
    """The community's building an address means; None if none, or more than one, fits."""
    return locator.locate_text(community_id, address)


def by_qr(code: str) -> PlaceRow | None:
    """The place where this code hangs now."""
    return queries.by_qr(code)
