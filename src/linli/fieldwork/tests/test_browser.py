"""A phone without net: a visit and help written down then arrive once, however often they are sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as NoNet

from linli.cases.tests.cast import Cast
from linli.cases.tests.cast import committed_cast as committed_cast
from linli.cases.tests.test_pages_desk_browser import colleague
from linli.cases.tests.test_pages_desk_browser import running as running
from linli.cases.tests.test_pages_desk_browser import site as site
from linli.faces.tests.browser import PHONE
from linli.faces.tests.browser import chromium as chromium
from linli.faces.tests.browser import chromium_of_module as chromium_of_module
from linli.fieldwork.models import Service, Visit
from linli.grids.models import Place

pytestmark = [pytest.mark.browser, pytest.mark.rounds, pytest.mark.slow]
WORDS = "老人说楼道灯坏了"
HELP = "帮忙把干辣椒上架到网店"
#: As if the answer to what was sent had been lost on the way: it waits as before.
ANSWERS_LOST = """async (kept) => { for (const one of kept) await linliOutbox.put(one) }"""


def door_of(cast: Cast) -> Place:
    """A door of the worker's grid."""
    building = cast.building
    row = Place.objects.create(
        community_id=cast.here.id,
        parent_id=building.id,
        level="dwelling",
        code="D-1",
        number="101",
        name_zh="101室",
        path=f"{building.path}0.",
        qr_code="door-101",
        valid_from=Place.objects.get(pk=building.id).valid_from,
    )
    Place.objects.filter(pk=row.pk).update(path=f"{building.path}{row.pk}.")
    return Place.objects.get(pk=row.pk)


def waits(page: Page, count: int) -> None:
    expect(page.locator("[data-records-waiting] [data-key]")).to_have_count(count)


def test_what_is_written_without_net_arrives_once(running: Browser, site: str, committed_cast: Cast) -> None:
    cast = committed_cast
    with cast.inside():
        door = door_of(cast)
    context, visit = colleague(running, site, cast.grid_worker, size=PHONE)
    visit_page, help_page = (
        f"/desk/households/{door.pk}/visit/",
        f"/desk/help/new/?building={cast.building.id}",
    )
    visit.goto(visit_page)
    help_ = context.new_page()
    help_.goto(help_page)
    context.set_offline(True)
    visit.fill("form[data-record] textarea[name=words]", WORDS)
    visit.click("form[data-record] button.weui-btn_primary")
    waits(visit, 1)
    help_.select_option("select[name=dwelling]", str(door.pk))
    help_.fill("form[data-record] textarea[name=words]", HELP)
    help_.click("form[data-record] button.weui-btn_primary")
    waits(help_, 2)
    kept = help_.evaluate("linliOutbox.all()")
    with pytest.raises(NoNet):
        visit.reload()
    with cast.inside():
        assert not Visit.objects.exists()
        assert not Service.objects.exists()
    context.set_offline(False)
    visit.goto(visit_page)  # both windows send at once
    for page in (visit, help_):
        expect(page.locator("[data-records-waiting] [data-do=send]:visible")).to_have_count(0)
    help_.evaluate(ANSWERS_LOST, kept)
    help_.goto(help_page)
    expect(help_.locator("[data-records-waiting] [data-key]")).to_have_count(2)
    expect(help_.locator("[data-records-waiting] [data-do=send]:visible")).to_have_count(0)
    assert {one["state"] for one in help_.evaluate("linliOutbox.all()")} == {"sent"}
    with cast.inside():
        assert [row.words for row in Visit.objects.all()] == [WORDS]
        assert [row.words for row in Service.objects.all()] == [HELP]
    context.close()
