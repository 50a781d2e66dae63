"""A report in the making, kept on the server between its three steps: it works without JavaScript and going back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.http import HttpRequest

from linli.cases.rules.intake import MAX_PICTURES, MAX_SOUNDS, PlaceGiven
from linli.cases.rules.kinds import Kind

KEY = "linli.report"


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file of the draft."""

    ticket: str
    kind: str
    has_thumb: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been said so far. Contact data are never part of it: they come with the last step only."""

    key: str
    community_id: int
    words: str = ""
    kind: str = Kind.HELP.value
    danger: bool = False  # its reporter says that somebody is in danger
    files: tuple[File, ...] = ()
    how: str = ""  # here | elsewhere | unknown; empty: not said yet
    place_id: int | None = None
    address: str = ""
    lon: float | None = None
    lat: float | None = None

    @property
    def tickets(self) -> tuple[str, ...]:
        """The files' tickets."""
        return tuple(file.ticket for file in self.files)

    @property
    def place(self) -> PlaceGiven:
        """The place as intake takes it."""
        if self.how == "unknown" or not self.how:
            return PlaceGiven()
        if self.place_id is not None and self.lon is None:
            return PlaceGiven(building_id=self.place_id, address=self.address)
        return PlaceGiven(lon=self.lon, lat=self.lat, address=self.address)


def room_for(files: Sequence[File], kind: str) -> bool:
    """Whether one more file of this kind fits."""
    pictures = sum(1 for file in files if file.kind == "picture")
    return pictures < MAX_PICTURES if kind == "picture" else len(files) - pictures < MAX_SOUNDS


def begin(request: HttpRequest, community_id: int) -> Draft:
    """The draft of this session for this community, a new one with a fresh key if there is none."""
    draft = load(request)
    if draft is not None and draft.community_id == community_id:
        return draft
    kept = draft.words if draft else ""
    return save(request, Draft(key=uuid.uuid4().hex, community_id=community_id, words=kept))


def load(request: HttpRequest) -> Draft | None:
    """The draft of this session; None when there is none, or an older version of us wrote it."""
    held = request.session.get(KEY)
    if not isinstance(held, dict) or not {"key", "community_id"} <= set(held):
        return None
    known = {each.name for each in fields(Draft)}
    values = {name: value for name, value in held.items() if name in known}
    values["files"] = tuple(File(*file) for file in values.get("files", ()))
    return Draft(**values)


def save(request: HttpRequest, draft: Draft, **changes: Any) -> Draft:
    """Keep the draft, changed."""
    draft = replace(draft, **changes)
    held = asdict(draft)
    held["files"] = [[file.ticket, file.kind, file.has_thumb] for file in draft.files]
    request.session[KEY] = held
    return draft


def drop(request: HttpRequest) -> None:
    """It has been sent, or thrown away."""
    request.session.pop(KEY, None)
