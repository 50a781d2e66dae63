"""The demo's places: loaded once, the same again."""

from __future__ import annotations

from datetime import datetime

from linli.grids import demo_places
from linli.grids.actions.importing import Imported, import_places
from linli.kernel import access


def load_demo_places(*, at: datetime) -> Imported:
    """Make the demo's three communities with made-up grids; again changes nothing.

    :raises Refused: never, unless places of the same codes stand already and differ in kind.
    """
    return import_places(actor=access.SYSTEM, sheets=demo_places.sheets(), at=at)
