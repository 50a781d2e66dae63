"""What a person was told and how they want it; deliveries of a community. For programs."""

from __future__ import annotations

from linli.notices.api import deliveries, mine
from linli.notices.api.routers import routers

__all__ = ["deliveries", "mine", "routers"]
