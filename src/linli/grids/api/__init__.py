"""The API's door to places, duties and what a community wants: translate in, make one call, translate out."""

from __future__ import annotations

from linli.grids.api import duties, places, wanted
from linli.grids.api.routers import routers

__all__ = ["duties", "places", "routers", "wanted"]
