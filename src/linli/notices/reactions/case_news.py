"""What every piece of news about a case shares: its name for ever, its link, its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from linli.cases.queries import told
from linli.cases.queries.told import News
from linli.kernel.events import Fact, name_of
from linli.notices import saying
from linli.notices.actions.telling import tell
from linli.notices.rules.addressing import To

More = Callable[[str], Mapping[str, Any]]
STAFF_KINDS = ("work_", "alarm_")


def named(fact: Fact, *parts: object) -> str:
    """The fact's name for ever."""
    return ":".join([name_of(type(fact)), *(str(part) for part in parts)])


def link_of(kind: str, number: str) -> str:
    """Where the recipient reads on: the resident's page of the case, or the workbench's."""
    page = "cases:desk_case" if kind.startswith(STAFF_KINDS) else "cases:case"
    return reverse(page, args=[number])


def tell_case(
    kind: str,
    news: News,
    to: Iterable[To],
    *,
    fact: str,
    at: datetime,
    more: More | None = None,
    stage: str = "",
    answer: str = "",
    link: str = "",
) -> None:
    tell(
        community_id=news.community_id,
        kind=kind,
        fact=fact,
        to=to,
        values=saying.of_case(news, more, stage=stage, answer=answer),
        link=link or link_of(kind, news.number),
        subject=news.number,
        at=at,
    )


def case_of(community_id: int, number: str) -> News | None:
    """The case, unless it came with an import: of old tables nobody is told."""
    news = told.case(community_id, number)
    return None if news is None or news.imported else news
