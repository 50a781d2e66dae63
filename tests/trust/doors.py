"""Every way into the house, found by walking the URL resolver: pages, API operations, the admin site."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from linli.kernel import access
from linli.site import problems

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
OTHERS = "admin/"  # Django's own site: one rule for all of it, see test_admin.py


@dataclass(frozen=True)
class Door:
    """One route and method, as it is declared."""

    route: str
    method: str
    name: str
    policy: access.Policy | None
    program: bool

    @property
    def key(self) -> str:
        """How the reviewed file names it."""
        return f"{self.method} /{self.route}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what the route holds."""
        return tuple(name for _, name in PARAMETER.findall(self.route))

    def address(self, values: dict[str, Any]) -> str:
        """The address with these values in the place of its parameters."""
        return "/" + PARAMETER.sub(lambda found: str(values[found[2]]), self.route)


def doors() -> list[Door]:
    """All doors but those of the admin site."""
    found = (door for door in _walk(get_resolver(), "") if not door.route.startswith(OTHERS))
    return list({door.key: door for door in found}.values())


def admin_routes() -> list[str]:
    """The routes of the admin site."""
    return sorted({door.route for door in _walk(get_resolver(), "") if door.route.startswith(OTHERS)})


def _walk(found: URLResolver, before: str) -> Iterator[Door]:
    for one in found.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, route)
        elif isinstance(one, URLPattern):
            yield from _of_pattern(route, one)


def _of_pattern(route: str, pattern: URLPattern) -> Iterator[Door]:
    view, name = pattern.callback, pattern.name or ""
    operations = _operations(view)
    for operation in operations:
        for method in operation.methods:
            policy = getattr(operation.view_func, "linli_policy", None)
            yield Door(route, method, name, policy, program=True)
    if not operations:
        policy = access.policy_of(_inner(view))
        for method in ("GET", "POST"):
            yield Door(route, method, name, policy, program=f"/{route}".startswith(problems.PROGRAMS))


def _operations(view: Callable[..., Any]) -> list[Any]:
    """The API operations behind a route, if it is one of the API's."""
    cells = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
    return [operation for cell in cells if isinstance(cell, PathView) for operation in cell.operations]


def _inner(view: Callable[..., Any]) -> Callable[..., Any]:
    while isinstance(view, functools.partial):
        view = view.func
    return view
