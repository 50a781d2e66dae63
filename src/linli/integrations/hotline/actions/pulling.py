"""Asking a hotline for its new orders, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from linli.grids import queries as places
from linli.integrations.hotline.actions import receiving, sending
from linli.integrations.hotline.actions.receiving import Outcome, Row
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules.mapping import BadMapping, Mapping
from linli.kernel import outside, scope
from linli.kernel.outside import Unreached

OVERLAP = timedelta(minutes=10)  # asked for again, in case their clock or their writing is behind
FIRST_LOOK = timedelta(days=1)
MOST_PAGES = 500
SECONDS = 20.0
MOST_BYTES = 20 * 1024 * 1024


class CannotPull(Exception):
    """They could not be asked; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sweep(at: datetime) -> int:
    """Ask every line whose time has come; how many orders were new or changed."""
    found = 0
    asked = Line.objects.filter(active=True, pull_minutes__gt=0)
    for community_id in places.communities_with(asked):
        with scope.within([community_id]):
            lines = [line for line in asked.filter(community_id=community_id) if _is_due(line, at)]
        for line in lines:
            try:
                outcome = pull(line, at=at)
            except CannotPull:
                continue  # it stands on the line
            found += outcome.count("taken") + outcome.count("changed")
    return found


def _is_due(line: Line, at: datetime) -> bool:
    every = timedelta(minutes=line.pull_minutes)
    return bool(line.address) and (line.pulled_at is None or at - line.pulled_at >= every)


def pull(line: Line, *, at: datetime) -> Outcome:
    """Ask for what is new since the last time and take it in.

    :raises CannotPull: they did not answer, or not with orders; what had been read until then is in.
    """
    with scope.within([line.community_id]):
        try:
            mapping = mappings.load(line.mapping)
            if mapping.pull is None or not line.address:
                raise CannotPull("no_road")
            since = (line.pulled_at or at - FIRST_LOOK) - OVERLAP
            rows = list(orders_of(line, mapping, since=since, until=at))
        except BadMapping as error:
            raise _failed(line, "bad_mapping", at) from error
        except Unreached as error:
            raise _failed(line, error.code, at) from error
        outcome = receiving.receive(line=line, mapping=mapping, rows=rows, at=at)
        Line.objects.filter(pk=line.pk).update(pulled_at=at, pull_said="")
    return outcome


def orders_of(line: Line, mapping: Mapping, *, since: datetime, until: datetime) -> Iterator[Row]:
    """Their orders of a time, as they write them.

    :raises Unreached: no answer, or not a good one.
    :raises BadMapping: an answer without a list where the mapping says it is.
    """
    if mapping.pull is None:
        return
    place = 0
    for page in range(mapping.pull.first_page, mapping.pull.first_page + MOST_PAGES):
        rows = mappings.rows_of(_ask(line, mapping, page, since, until), mapping.pull.rows)
        for row in rows:
            place += 1
            yield place, row
        if not mapping.pull.page_size or len(rows) < mapping.pull.page_size:
            return


def _ask(line: Line, mapping: Mapping, page: int, since: datetime, until: datetime) -> Any:
    pull_from = mapping.pull
    if pull_from is None:
        raise BadMapping
    path = pull_from.path.format(
        number="",
        since=quote(mappings.moment(mapping, since)),
        until=quote(mappings.moment(mapping, until)),
        page=page,
    )
    headers = {"Accept": "application/json", **sending.signed(line, mapping, b"", until)}
    answer = outside.ask(
        "GET", line.address.rstrip("/") + path, headers=headers, seconds=SECONDS, most_bytes=MOST_BYTES
    )
    if not answer.good:
        raise Unreached(f"http_{answer.status}", again=True)
    return answer.json()


def _failed(line: Line, code: str, at: datetime) -> CannotPull:
    Line.objects.filter(pk=line.pk).update(pull_said=code[:60])
    return CannotPull(code)
