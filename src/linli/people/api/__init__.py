"""The API's door to people: who I am and what is mine; the organisations of my communities."""

from __future__ import annotations

from linli.people.api import me, organisations
from linli.people.api.routers import routers

__all__ = ["me", "organisations", "routers"]
