"""Who is seen at the doors of the demo, and who lives behind them: nameplates with drawn faces, proved homes."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta
from typing import Any

from PIL import Image, ImageDraw

from linli.grids import queries as places
from linli.grids.actions import members, nameplates
from linli.grids.rows import PlaceRow
from linli.grids.rules.nameplates import Plate
from linli.grids.rules.words import Level, Tongue
from linli.kernel.clock import LOCAL
from linli.site.demo.settlers import SINCE, Person, Town

HOURS = {
    "grid_worker": (
        "周一至周六 9:00–18:00，网格驿站",
        "Monday to Saturday, 9:00–18:00, at the grid's station",
    ),
    "police": (
        "周二、周四 14:00–17:00，社区警务室",
        "Tuesday and Thursday, 14:00–17:00, at the police office",
    ),
    "dispatcher": ("每天 8:30–20:00", "Every day, 8:30–20:00"),
    "community_leader": (
        "周三下午接待居民，居委会二楼",
        "Wednesday afternoons, first floor of the committee",
    ),
    "building_head": ("晚上和周末", "Evenings and weekends"),
}
SKINS = ((236, 200, 172), (224, 186, 156), (242, 211, 186))
CLOTHES = {"police": (38, 62, 104), "grid_worker": (176, 62, 44)}
AWAY_DAYS = 5
FACES = 8  # so many of a community have hung up a picture
#: How many days ago a home was proved; the second one ends soon and can be shown again.
PROVED = (40, 320, 60, 90)


def face(number: int, role: str) -> bytes:
    """A small JPEG: a drawn face of nobody, marked as an example."""
    image = Image.new("RGB", (480, 480), (226, 234, 230))
    pen = ImageDraw.Draw(image)
    hair = (40 + number * 7 % 50,) * 3
    pen.ellipse((70, 330, 410, 640), fill=CLOTHES.get(role, (90, 104, 112)))
    pen.ellipse((150, 96, 330, 300), fill=hair)
    pen.ellipse((162, 130, 318, 340), fill=SKINS[number % len(SKINS)])
    if number % 2:
        pen.rectangle((150, 190, 166, 300), fill=hair)
        pen.rectangle((314, 190, 330, 300), fill=hair)
    for left in (200, 264):
        pen.ellipse((left, 222, left + 16, 238), fill=(50, 46, 44))
    pen.arc((208, 250, 272, 296), 20, 160, fill=(150, 80, 70), width=5)
    pen.text((20, 454), "EXAMPLE", fill=(90, 104, 98))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def hang_nameplates(town: Town, at: datetime) -> None:
    """Everybody's hours; some faces of police and of the first worker of a grid; one worker is away."""
    faces = 0
    seen: set[tuple[str, int]] = set()
    for number, person in enumerate(town.people):
        if person.role not in HOURS:
            continue
        actor = places.actor(person.account_id, at)
        if actor is None:
            continue
        first = (person.role, person.place_id) not in seen
        seen.add((person.role, person.place_id))
        given: dict[str, Any] = {
            "actor": actor,
            "community_id": town.community.id,
            "account_id": person.account_id,
            "at": at,
        }
        nameplates.show_nameplate(**given, plate=_plate(town, person, number, at, first=first))
        if first and person.role in CLOTHES and faces < FACES:
            faces += 1
            nameplates.hang_picture(**given, file=face(number, person.role))


def _plate(town: Town, person: Person, number: int, at: datetime, *, first: bool) -> Plate:
    speaks = [Tongue.MANDARIN, Tongue.DIALECT] + ([Tongue.ENGLISH] if number % 4 == 0 else [])
    hours = HOURS[person.role]
    plate = Plate(hours_zh=hours[0], hours_en=hours[1], languages=tuple(one.value for one in speaks))
    workers = [one for one in town.of("grid_worker") if one.place_id == town.grids[0].id]
    if first or person not in workers:
        return plate
    today = places.day_of(at)
    return Plate(
        hours_zh=plate.hours_zh,
        hours_en=plate.hours_en,
        languages=plate.languages,
        away_from_date=today - timedelta(days=1),
        away_last_date=today + timedelta(days=AWAY_DAYS),
        stand_in_id=workers[0].account_id,
    )


def move_in(town: Town, at: datetime) -> None:
    """Four residents have proved their home, two wait: one for anybody's word, one for the second."""
    residents = town.of("resident")
    for number, person in enumerate(residents):
        dwelling = _door(person, number)
        if dwelling is None or number >= len(PROVED) + 2:
            continue
        asked_at = at - timedelta(days=PROVED[number] if number < len(PROVED) else 1, hours=number)
        asked_at = max(asked_at, datetime.combine(SINCE, time(10), tzinfo=LOCAL))
        actor = places.actor(person.account_id, asked_at)
        if actor is None:
            continue
        asked = members.ask_residence(actor=actor, dwelling_id=dwelling.id, at=asked_at)
        for voucher in _vouchers(town, dwelling)[: 2 if number < len(PROVED) else number - len(PROVED)]:
            serving = places.actor(voucher.account_id, asked_at)
            if serving is not None:
                later = asked_at + timedelta(hours=3)
                members.vouch_residence(actor=serving, residence_id=asked.id, at=later)


def _door(person: Person, number: int) -> PlaceRow | None:
    building = places.place(person.place_id)
    found = places.subtree(building.path, Level.DWELLING.value) if building else []
    return found[number % len(found)] if found else None


def _vouchers(town: Town, dwelling: PlaceRow) -> list[Person]:
    grids = set(dwelling.path.split("."))
    near = [
        one for one in town.people if one.role in ("grid_worker", "police") and str(one.place_id) in grids
    ]
    return [*near, *town.of("community_leader")]
