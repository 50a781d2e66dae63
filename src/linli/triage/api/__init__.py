"""The API's door to the machine help: translate in, make one call, translate out. One topic a file."""

from __future__ import annotations

from linli.triage.api import deciding, fixes, topics
from linli.triage.api.routers import routers

__all__ = ["deciding", "fixes", "routers", "topics"]
