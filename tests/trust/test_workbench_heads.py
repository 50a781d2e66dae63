"""Every page of the workbench has its head, whichever room it comes from."""

from __future__ import annotations

import re

import pytest

from linli.cases.tests.cast import Cast, cast, standing_cast  # noqa: F401  (fixtures)
from linli.cases.tests.desk import at_desk, monday_morning  # noqa: F401  (a fixture)
from tests.trust.doors import doors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
TABS = re.compile(r'<div id="tabs" class="desk-tabs"[^>]*>(.*?)</div>', re.DOTALL)


def test_the_tabs_of_the_head_lead_somewhere_on_every_page_of_the_workbench(cast: Cast) -> None:  # noqa: F811  (the fixture)
    leader, without, seen = at_desk(cast, cast.leader).client, [], 0
    for door in doors():
        if door.method != "GET" or door.parameters or not door.route.startswith("desk/"):
            continue
        answer = leader.get("/" + door.route)
        html = answer.content.decode() if answer.get("Content-Type", "").startswith("text/html") else ""
        for tabs in TABS.findall(html):
            seen += 1
            if '<a href="/desk/' not in tabs:
                without.append(door.route)
    assert seen > 30
    assert without == []
