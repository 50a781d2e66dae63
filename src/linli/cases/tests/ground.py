"""The ground the cast stands on: places, duties, memberships and a small picture."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import connection

from linli.cases.models import Attachment
from linli.grids import locate, queries
from linli.grids.models import Duty, Membership, Place
from linli.grids.rows import PlaceRow
from linli.kernel import scope

VALID_FROM = date(2025, 1, 1)


def _square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _place(parent: Place | None, level: str, code: str, zh: str, en: str, **more: object) -> Place:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('grids_place', 'id'))")
        pk = cursor.fetchone()[0]
    community_id = parent.community_id if parent else pk
    path = f"{parent.path if parent else ''}{pk}."
    return Place.objects.create(
        id=pk, community_id=community_id, parent=parent, level=level, code=code, name_zh=zh, name_en=en, path=path,
        valid_from=VALID_FROM, **more,
    )  # fmt: skip


def lay_out(code: str, zh: str, en: str, west: float, south: float) -> tuple[int, str, dict[str, PlaceRow]]:
    """A community of 1 km × 1 km: two grids side by side, a courtyard, three buildings.

    Keys: community, committee, grid, other_grid, courtyard, building (8 栋, in grid and courtyard), second_building
    (9 栋, in grid), other_building (12 栋, in other_grid).
    """
    step = 0.005
    box = _square(west, south, west + 2 * step, south + 2 * step)
    top = _place(None, "community", code, zh, en, boundary=box, lon=west + step, lat=south + step)
    committee = _place(top, "committee", f"{code}-C1", "第一居委会", "First committee")
    west_box = _square(west, south, west + step, south + 2 * step)
    east_box = _square(west + step, south, west + 2 * step, south + 2 * step)
    grid = _place(committee, "grid", f"{code}-G03", "3 网格", "Grid 3", kind="base", number="3", boundary=west_box,
                  households=420, lon=west + step / 2, lat=south + step)  # fmt: skip
    other = _place(committee, "grid", f"{code}-G04", "4 网格", "Grid 4", kind="base", number="4", boundary=east_box,
                   households=380, lon=west + 1.5 * step, lat=south + step)  # fmt: skip
    yard = _place(grid, "courtyard", f"{code}-Y1", "东院", "East court")
    building = _place(yard, "building", f"{code}-B08", "8 栋", "Building 8", number="8", aliases=["8号楼"],
                      qr_code=f"B8-{code}", lon=west + 0.002, lat=south + 0.004)  # fmt: skip
    second = _place(grid, "building", f"{code}-B09", "9 栋", "Building 9", number="9", qr_code=f"B9-{code}",
                    lon=west + 0.003, lat=south + 0.007)  # fmt: skip
    far = _place(other, "building", f"{code}-B12", "12 栋", "Building 12", number="12", qr_code=f"B12-{code}",
                 lon=west + 0.007, lat=south + 0.004)  # fmt: skip
    locate.locator.forget()
    made = {
        "community": top, "committee_place": committee, "grid": grid, "other_grid": other, "courtyard": yard,
        "building": building, "second_building": second, "other_building": far,
    }  # fmt: skip
    rows = queries.places([place.pk for place in made.values()])
    return top.pk, code, {key: rows[place.pk] for key, place in made.items()}


def appoint(account_id: int, role: str, place: PlaceRow, organisation_id: int | None, since: date) -> None:
    """Give somebody a duty."""
    Duty.objects.create(
        community_id=place.community_id, place_id=place.id, account_id=account_id, role=role,
        organisation_id=organisation_id, from_date=since,
    )  # fmt: skip


def join(account_id: int, place: PlaceRow, at: datetime) -> None:
    """Tie somebody to a community, as a scan does."""
    Membership.objects.create(account_id=account_id, community_id=place.community_id, place_id=place.id, since=at)


def uploaded_picture(account_id: int | None, community_id: int, at: datetime) -> str:
    """The ticket of an uploaded picture."""
    with scope.within([community_id]):
        row = Attachment.objects.create(
            community_id=community_id, kind="picture", sha256=uuid.uuid4().hex * 2, path=f"cast/{uuid.uuid4().hex}.jpg",
            thumb_path=f"cast/{uuid.uuid4().hex}.jpg", size=1234, width=40, height=30, uploaded_by_id=account_id,
            uploaded_at=at,
        )  # fmt: skip
    return str(row.ticket)
