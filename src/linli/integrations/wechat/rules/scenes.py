"""What a parametric code says: which place somebody stands at. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "qrscene_"
LONGEST = 64
_LEVELS = frozenset({"place", "community", "committee", "grid", "courtyard", "building", "unit", "dwelling"})
_DOOR = re.compile(r"/p/([0-9A-Za-z]{6,40})/?(?:[?#].*)?$")


@dataclass(frozen=True, slots=True)
class Scene:
    """A place by its code, or by the code on its poster."""

    place_code: str = ""
    door_code: str = ""


def scene_of(key: str) -> Scene | None:
    """The place an event's key, or a scanned address of ours, names; None when it names none.

    New followers' keys begin with ``qrscene_``, those of others do not: both give the same scene.
    """
    said = key.strip().removeprefix(PREFIX)
    door = _DOOR.search(said)
    if door:
        return Scene(door_code=door[1].upper())
    kind, _, code = said.partition(":")
    if not code or len(said) > LONGEST or not re.fullmatch(r"[0-9A-Za-z_-]+", code):
        return None
    if kind == "p":
        return Scene(door_code=code.upper())
    return Scene(place_code=code) if kind in _LEVELS else None


def scene_for(level: str, code: str) -> str:
    """The scene of a place, ``grid:520103001001-001``.

    :raises ValueError: it would be longer than the platform takes.
    """
    said = f"{level}:{code}"
    if scene_of(said) is None:
        raise ValueError(said)
    return said
