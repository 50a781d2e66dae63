"""What the demo's grid workers learnt in three months: tests, certificates, one that is over, one page of their own.

Played through the actions that the pages call.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from linli.grids import queries as places
from linli.kernel.access import Actor
from linli.site.demo.settlers import Town
from linli.training.actions import courses, handbook, taking
from linli.training.queries import courses as offered
from linli.training.queries import handbook as pages
from linli.training.rules import papers

LITERACY, HANDBOOK = "data-literacy", "handbook-basics"
TO_FILL = "【待本社区确认：本地抢修电话】"
TRIED_DAYS, FIRST_DAYS = 95, 90  # ago: the handbook's course on trial for two months, and who passed it first
UNTRAINED = 3  # every so many workers one has not come to it yet
WELL, BADLY = 0.97, 0.6  # how much of a test is right


def train(town: Town, leader: Actor, until: datetime) -> None:
    """Results of three months."""
    chance, here = Random(11), town.community.id
    workers = [one.account_id for one in town.of("grid_worker")]
    actors = [actor for one in workers if (actor := places.actor(one, until)) is not None]
    _terms(leader, here, until - timedelta(days=TRIED_DAYS), months=2)
    _take(actors[0], here, HANDBOOK, until - timedelta(days=FIRST_DAYS), chance, share=1)
    _terms(leader, here, until - timedelta(days=FIRST_DAYS - 2), months=12)
    for number, actor in enumerate(actors[1:], start=1):
        at = until - timedelta(days=86 - number * 80 / len(actors), hours=chance.uniform(0, 6))
        if number % UNTRAINED:
            if number % 4 == 1:  # did not pass at the first go
                _take(actor, here, LITERACY, at, chance, share=BADLY)
            _take(actor, here, LITERACY, at + timedelta(days=1), chance, share=WELL)
        if number % 2:
            _take(actor, here, HANDBOOK, at + timedelta(days=3), chance, share=WELL)
    _local_page(leader, here, until - timedelta(days=40))


def _terms(leader: Actor, community_id: int, at: datetime, *, months: int) -> None:
    terms = replace(offered.course(community_id, HANDBOOK).terms, valid_months=months)
    courses.set_terms(
        actor=leader, community_id=community_id, code=HANDBOOK, terms=terms, offered=True, at=at
    )


def _take(actor: Actor, community_id: int, code: str, at: datetime, chance: Random, *, share: float) -> None:
    course = offered.course(community_id, code).course
    row = taking.begin_test(
        actor=actor, community_id=community_id, code=code, at=at, seed=chance.getrandbits(40)
    )
    typed = {
        question.code: papers.solved(question, item.order, right=chance.random() < share)
        for item in papers.paper(row.paper)
        if (question := course.question(item.question)) is not None
    }
    taking.hand_in(actor=actor, attempt_id=row.pk, typed=typed, at=at + timedelta(minutes=20))


def _local_page(leader: Actor, community_id: int, at: datetime) -> None:
    """The community filled in its own numbers of repair lines: made up, there is no area code 000."""
    sheet = pages.page(community_id, "urgent").sheet
    filled = replace(sheet, words_zh=sheet.words_zh.replace(TO_FILL, "000-85001111（示例），电话旁有值班表"))
    draft = handbook.write_page(
        actor=leader, community_id=community_id, slug="urgent", sheet=filled, version=0, at=at
    )
    handbook.publish_page(
        actor=leader,
        community_id=community_id,
        slug="urgent",
        version=draft.version,
        reason="填上本地抢修电话（示例）",
        key=uuid5(NAMESPACE_URL, f"demo:{community_id}:handbook:urgent"),
        at=at,
    )
