"""What one can do with places and duties, one topic a file; here are all the verbs."""

from __future__ import annotations

from linli.grids.actions.demo import load_demo_places
from linli.grids.actions.duties import BadDuty, DutyHeld, end_duty, grant_duty
from linli.grids.actions.importing import Refused, import_places
from linli.grids.actions.members import (
    ask_residence,
    bind_residence,
    end_residence,
    follow,
    prove_by_register,
    vouch_residence,
)
from linli.grids.actions.places import rename_place, replace_qr
from linli.grids.actions.wishes import set_setting, set_settings

__all__ = [
    "BadDuty",
    "DutyHeld",
    "Refused",
    "ask_residence",
    "bind_residence",
    "end_duty",
    "end_residence",
    "follow",
    "grant_duty",
    "import_places",
    "load_demo_places",
    "prove_by_register",
    "rename_place",
    "replace_qr",
    "set_setting",
    "set_settings",
    "vouch_residence",
]
