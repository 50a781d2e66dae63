"""The router that the room's operations hang on."""

from __future__ import annotations

from ninja import Router

triage = Router(tags=["triage"])
routers = (triage,)
