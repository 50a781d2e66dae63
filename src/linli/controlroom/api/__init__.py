"""The control room's operations under ``/api/v1``."""

from __future__ import annotations

from linli.controlroom.api import decisions, figures
from linli.controlroom.api.routers import routers

__all__ = ["decisions", "figures", "routers"]
