"""A line of the cast's community, and orders as the hotline writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.cases.tests.cast import AT, Cast
from linli.integrations.hotline.actions import lines, receiving
from linli.integrations.hotline.actions.receiving import Outcome
from linli.integrations.hotline.models import Line, Message, Order
from linli.integrations.hotline.pages.settings import EXAMPLE
from linli.integrations.hotline.rules import mapping
from linli.kernel import scope

MAPPING = EXAMPLE.read_text(encoding="utf-8")


def open_line(
    cast: Cast, *, address: str = "", mapping: str = MAPPING, name: str = "示例市 12345"
) -> tuple[Line, str]:
    """A line of the cast's community, and the secret for pushes."""
    sheet = lines.Sheet(name, "Example 12345", mapping, address, "their-token", 0, active=True)
    line, secret = lines.keep(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet, at=AT)
    with scope.within([cast.here.id]):
        return Line.objects.get(pk=line.pk), secret


def order(number: str = "GY001", **changes: Any) -> dict[str, Any]:
    """One order of theirs."""
    told = {
        "orderNo": number,
        "title": "路灯不亮",
        "content": "8 栋门口的路灯三天不亮，老人出门看不见路",
        "callTime": "2026-11-23 09:30:00",
        "deadline": "2026-11-30 18:00:00",
        "caller": {"name": "王芳", "phone": "13812345678", "secret": "否"},
        "address": "8 栋门口",
        "category": "照明",
        "appealType": "投诉",
        "level": "一般",
        "status": "派单",
    }
    return told | changes


def arrive(line: Line, *rows: dict[str, Any], at: datetime = AT) -> Outcome:
    """Orders arrive by this line."""
    return receiving.receive(
        line=line, mapping=mapping.load(line.mapping), rows=list(enumerate(rows, start=1)), at=at
    )


def held(line: Line, number: str = "GY001") -> Order:
    """The order as it stands with us."""
    with scope.within([line.community_id]):
        return Order.objects.select_related("line").get(line=line, number=number)


def outbox(line: Line) -> list[Message]:
    """Everything that goes to them, in order."""
    with scope.within([line.community_id]):
        return list(Message.objects.filter(order__line=line).order_by("pk"))
