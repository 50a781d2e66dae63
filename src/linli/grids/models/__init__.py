"""Tables of the places, one topic a file. Private to the room."""

from __future__ import annotations

from linli.grids.models.people import Duty, HouseholdEntry, Membership, Nameplate, Residence
from linli.grids.models.places import BoundaryVersion, CommunitySetting, Division, Place, QrCode
from linli.grids.models.posters import PosterRun

__all__ = [
    "BoundaryVersion",
    "CommunitySetting",
    "Division",
    "Duty",
    "HouseholdEntry",
    "Membership",
    "Nameplate",
    "Place",
    "PosterRun",
    "QrCode",
    "Residence",
]
