"""Orders and results as tables: what cities without a programme exchange."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from linli.cases import tables
from linli.cases.rules.intake import Wrong
from linli.integrations.hotline.actions import sending
from linli.integrations.hotline.actions.receiving import Row
from linli.integrations.hotline.models import Line, Message, Order
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules import orders
from linli.integrations.hotline.rules.mapping import BadMapping, Mapping, Tells
from linli.integrations.hotline.rules.orders import Difference, Standing, Way
from linli.kernel import scope
from linli.kernel.clock import LOCAL

MOST_ROWS = 20_000


def rows_of(path: Path, mapping: Mapping) -> list[Row]:
    """The orders of a table, with their line numbers.

    :raises BadTable: the file is no table, or has too many rows for one go.
    :raises BadMapping: it has no column for the number.
    """
    columns, rows = tables.columns_and_rows(path)
    if not set(mapping.fields["number"]) & set(columns):
        wanted = " / ".join(mapping.fields["number"])
        raise BadMapping(Wrong("number", "unknown_field", f"{wanted} ∉ {', '.join(columns)[:200]}"))
    found: list[Row] = []
    for line, row in rows:
        found.append((line, row))
        if len(found) > MOST_ROWS:
            raise tables.BadTable(f"{path.name} has more than {MOST_ROWS} rows; send it in parts.")
    return found


def rows_of_upload(name: str, chunks: Iterable[bytes], mapping: Mapping) -> list[Row]:
    """As `rows_of`, for a file that came with a form; nothing of it is kept.

    :raises BadTable: as there.
    :raises BadMapping: as there.
    """
    suffix = ".xlsx" if name.lower().endswith((".xlsx", ".xlsm")) else ".csv"
    with tempfile.TemporaryDirectory(prefix="linli-hotline-") as folder:
        path = Path(folder) / f"orders{suffix}"
        with path.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
        return rows_of(path, mapping)


def results(line: Line, *, at: datetime, batch: str = "") -> tuple[str, list[list[Any]]]:
    """The table of what is to be told them: its name, and its rows under their columns.

    Without a batch everything that waits for a table leaves with a new one; with a batch, the same table is given again.
    """
    mapping = mappings.load(line.mapping)
    with scope.within([line.community_id]), transaction.atomic():
        mine = Message.objects.filter(community_id=line.community_id, order__line=line)
        if batch:
            found = list(mine.filter(batch=batch).select_related("order__line").order_by("pk"))
        else:
            batch = at.astimezone(LOCAL).strftime("%Y%m%d-%H%M%S")
            waiting = mine.filter(state=Message.State.TABLE)
            rows = waiting.select_for_update(of=("self",)).select_related("order__line")
            found = list(rows.order_by("pk")[:MOST_ROWS])
            Message.objects.filter(pk__in=[one.pk for one in found]).update(
                state=Message.State.SENT, sent_at=at, batch=batch
            )
    return batch, [list(mapping.table), *_lines(mapping, found)]


def _lines(mapping: Mapping, found: list[Message]) -> Iterator[list[Any]]:
    for message in found:
        said = mappings.message(
            mapping,
            {f"c{place}": ours for place, ours in enumerate(mapping.table.values())},
            sending.values_of(message),
        )
        yield [said.get(f"c{place}", "") for place in range(len(mapping.table))]


def batches(line: Line) -> list[str]:
    """The tables that left, the newest first."""
    mine = Message.objects.filter(community_id=line.community_id, order__line=line).exclude(batch="")
    return list(mine.order_by("-batch").values_list("batch", flat=True).distinct()[:10])


def reconcile(line: Line, rows: Iterable[Row]) -> tuple[list[Difference], int]:
    """Where their list and ours do not agree, and how many orders were compared.

    Only numbers and standings are looked at. Ours are those received since the oldest order of theirs that we know.
    """
    mapping = mappings.load(line.mapping)
    theirs: dict[str, Tells] = {}
    for _place, row in rows:
        number = orders.number_of(row, mapping)
        if number:
            theirs[number] = _tells(row, mapping)
    with scope.within([line.community_id]):
        mine = Order.objects.filter(community_id=line.community_id, line=line, way=Way.IN.value)
        oldest = (
            mine.filter(number__in=theirs)
            .order_by("received_at")
            .values_list("received_at", flat=True)
            .first()
        )
        since = mine.filter(received_at__gte=oldest) if oldest else mine.filter(number__in=theirs)
        ours = {number: Standing(standing) for number, standing in since.values_list("number", "standing")}
    return orders.differences(theirs, ours), len(set(theirs) | set(ours))


def _tells(row: Any, mapping: Mapping) -> Tells:
    word = mappings.cell(row, mapping, "state")
    table = mapping.codes.get("state", {})
    code = table.get(str(word), str(word or Tells.NEW))
    return Tells(code) if code in set(Tells) else Tells.NEW
