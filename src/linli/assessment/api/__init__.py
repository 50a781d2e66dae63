"""The API of assessment."""

from __future__ import annotations

from linli.assessment.api.league import routers

__all__ = ["routers"]
