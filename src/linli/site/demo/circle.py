"""What the demo's communities announce, and their chat groups: made up, by the actions that the desk calls."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import segno

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.groups import actions as groups
from linli.groups import queries as group_queries
from linli.groups.rules import Code, Count, Evidence, Kind, Platform, Sign
from linli.kernel import media
from linli.kernel.access import Actor
from linli.publishing import actions as publishing
from linli.publishing.rules import Draft, Tell

#: First day from today, last day, pinned, then the words in both languages.
TOLD = (
    (
        (-1, 6, True),
        (
            "供水管道检修通知",
            "检修期间每天 9 时至 17 时停水，请提前储水。如有困难，请联系居委会，我们送水上门。",
        ),
        (
            "The water pipes are mended",
            "Meanwhile there is no water from 9:00 to 17:00. Please store some. If that is hard for you, tell the"
            " residents' committee and we bring it to your door.",
        ),
    ),
    (
        (-5, 25, False),
        ("冬季防火提醒", "请勿在楼道堆放杂物，电动自行车请到车棚充电，不要进楼入户。"),
        (
            "Fire safety in winter",
            "Keep the stairs free. Charge electric bicycles in the shed and never inside the building.",
        ),
    ),
    (
        (-40, -10, False),
        ("重阳节敬老活动", "社区活动室上午 9 时开始，备有茶点，欢迎老人和家人一起来。"),
        (
            "Seniors' day",
            "From 9:00 in the community hall, with tea and cakes. Seniors and their families are welcome.",
        ),
    ),
)
REACHED = (0.82, 0.64, 0.47, 0.71)  # of a grid's households, one after the other


def tell(community: PlaceRow, leader: Actor, at: datetime) -> None:
    """Announcements that stand, and one that is over."""
    today = places.day_of(at)
    for number, ((first, last, pinned), (title, words), (title_en, words_en)) in enumerate(TOLD):
        publishing.publish(
            actor=leader,
            place_id=community.id,
            draft=Draft(
                title_zh=title,
                words_zh=words,
                from_date=today + timedelta(days=first),
                last_date=today + timedelta(days=last),
                title_en=title_en,
                words_en=words_en,
                pinned=pinned,
            ),
            key=uuid5(NAMESPACE_URL, f"demo:{community.code}:told:{number}"),
            at=at,
            tell=Tell.USUAL if pinned else Tell.NO,
        )


def gather(community: PlaceRow, leader: Actor, at: datetime) -> None:
    """A residents' group for every grid, counted a week ago."""
    for number, grid in enumerate(places.subtree(community.path, Level.GRID.value)):
        worker = next(iter(places.duty_holders(grid, "grid_worker", places.day_of(at))), None)
        group = groups.open_group(
            actor=leader,
            place_id=grid.id,
            sign=Sign(
                kind=Kind.RESIDENTS,
                platform=Platform.WECHAT,
                name_zh=f"{grid.name_zh}居民群",
                join_zh="请联系网格员，说明楼栋和门牌，由网格员邀请入群。",
                name_en=f"Residents of {grid.name_en}" if grid.name_en else "",
                join_en="Tell the grid worker your building and door, and you are asked in.",
                owner_id=worker.account_id if worker else None,
            ),
            key=uuid5(NAMESPACE_URL, f"demo:{grid.code}:group"),
            at=at,
        )
        if grid.households:
            reached = int(grid.households * REACHED[number % len(REACHED)])
            count = Count(
                counted_date=places.day_of(at) - timedelta(days=7),
                people=reached + reached // 3,
                households=reached,
                evidence=Evidence.NAMES,
            )
            key = uuid5(NAMESPACE_URL, f"demo:{grid.code}:count")
            groups.count_heads(actor=leader, group_id=group.pk, count=count, key=key, at=at)
        if number == 0 and group_queries.code_of(group.pk) is None:
            _show_code(group.pk, group.name_zh, leader, at)


def _show_code(group_id: int, name: str, leader: Actor, at: datetime) -> None:
    """A code that runs out tomorrow, so that the reminder can be seen; it leads nowhere and says so."""
    drawn = io.BytesIO()
    segno.make(f"示例，不是真的群：{name}", micro=False).save(drawn, kind="png", scale=8)
    picture = media.accept(drawn.getvalue(), purpose="group")
    code = Code(places.day_of(at) + timedelta(days=1))
    groups.set_code(actor=leader, group_id=group_id, code=code, at=at, picture=picture)
