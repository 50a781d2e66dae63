"""One announcement to many people: spread, carried to a carrier that takes everything, each person once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from linli.grids import queries as places
from linli.kernel import clock, scope
from linli.kernel.access import SYSTEM
from linli.kernel.clock import LOCAL
from linli.notices import ports
from linli.notices.actions import carrying, mailing
from linli.notices.ports import Carried, Letter, Result
from linli.runtime.bench.ground import Ground

KEY = "bench:announcement"
#: People who follow the community; the carrier of the bench gives addresses itself, so no phone has to be opened.
PEOPLE = """
WITH made AS (
    INSERT INTO people_account (password, seal_id, short_name, language, elder, level, minor, example, session_epoch,
        is_active, is_staff, is_superuser, created_at)
    SELECT '!', gen_random_uuid(), '示*', CASE WHEN n %% 20 = 0 THEN 'en' ELSE 'zh-hans' END, false, 2, false, true, 0,
        true, false, false, %(at)s
    FROM generate_series(1, %(rows)s) n RETURNING id
)
INSERT INTO grids_membership (community_id, place_id, account_id, since) SELECT %(community)s, NULL, id, %(at)s FROM made
"""


class Takes:
    """A carrier that takes everything and counts what it was given, by key."""

    road = "wechat"

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """Everybody is reached."""
        return f"p{account_id}"

    def addresses(self, *, community_id: int, account_ids: Sequence[int], at: datetime) -> Mapping[int, str]:
        """Everybody is reached."""
        return {one: f"p{one}" for one in account_ids}

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """Taken, under a number of its own."""
        for _address, letter in letters:
            self.keys[letter.key] = self.keys.get(letter.key, 0) + 1
        return [Carried(Result.SENT, reference=letter.key) for _address, letter in letters]


def telling(ground: Ground, rows: int) -> dict[str, Any]:
    """One announcement to so many people of one community, from the asking to the last letter taken."""
    at = clock.now().astimezone(LOCAL).replace(hour=10, minute=0, second=0, microsecond=0)  # no quiet hour
    given: dict[str, Any] = {"rows": rows, "community": ground.community_id, "at": at - timedelta(days=1)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PEOPLE, given)
        cursor.execute("ANALYZE people_account, grids_membership")
    place = places.place(ground.community_id)
    if place is None:
        raise LookupError("no ground")
    taker = Takes()
    ports.plug(taker)
    asked = _ask(ground.community_id, place.path, at)
    began, worked = time.perf_counter(), time.process_time()
    told = mailing.spread_community(ground.community_id, at)
    spread = time.perf_counter() - began
    while carrying.sweep_community(ground.community_id, at):
        continue
    seconds = time.perf_counter() - began
    again = mailing.spread_community(ground.community_id, at) + carrying.sweep_community(
        ground.community_id, at
    )
    return {
        "people told": told,
        "letters taken": sum(taker.keys.values()),
        "letters taken twice": sum(count > 1 for count in taker.keys.values()),
        "seconds": round(seconds, 2),
        "of these spreading": round(spread, 2),
        "seconds of CPU": round(time.process_time() - worked, 2),
        "letters a second": round(told / seconds),
        "asking took seconds": round(asked, 3),
        "a second round, letters": again,
    }


def _ask(community_id: int, path: str, at: datetime) -> float:
    began = time.perf_counter()
    with scope.within([community_id]):
        mailing.announce(
            actor=SYSTEM,
            community_id=community_id,
            key=KEY,
            place_path=path,
            title={"zh-hans": "明天上午停水", "en": "Water is off tomorrow"},
            words={
                "zh-hans": "9 点到 12 点抢修水管，请提前储水。",
                "en": "From 9 to 12. Please fill a bucket.",
            },
            link="/",
            at=at,
        )
    return time.perf_counter() - began
