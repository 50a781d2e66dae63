"""The routers that the room's operations hang on."""

from __future__ import annotations

from ninja import Router

from linli.kernel.access import roles
from linli.people import access

people = Router(tags=["people"])
mine = Router(tags=["me"])
routers = (people, mine)
KEEPERS = roles(*access.KEEPERS)
