"""The router that the room's operations hang on."""

from __future__ import annotations

from ninja import Router

notices = Router(tags=["notices"])
routers = (notices,)
