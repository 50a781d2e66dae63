"""The API's door to cases: translate in, make one call, translate out. One topic a file."""

from __future__ import annotations

# Addresses are tried in the order in which they are declared: the hot one first.
from linli.cases.api import reporting

# isort: split
# Before /cases/{number}, which would take "alike" for a number.
from linli.cases.api import joining

# isort: split
from linli.cases.api import (
    answers,
    calendar,
    callbacks,
    categories,
    chasing,
    files,
    filters,
    following,
    lists,
    moving,
    promises,
    reading,
    routing,
    urgent,
    whistles,
)
from linli.cases.api.routers import routers

__all__ = [
    "answers",
    "calendar",
    "callbacks",
    "categories",
    "chasing",
    "files",
    "filters",
    "following",
    "joining",
    "lists",
    "moving",
    "promises",
    "reading",
    "reporting",
    "routers",
    "routing",
    "urgent",
    "whistles",
]
