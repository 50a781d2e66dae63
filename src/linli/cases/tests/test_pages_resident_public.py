"""What everybody may read of settled cases, and how much a page asks of the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import Cast, sign_in
from linli.cases.tests.resident import (
    body,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]


class TestPublicList:
    """What everybody may read."""

    def test_a_settled_case_appears_with_consent_and_without_personal_data(
        self, client: Client, cast: Cast
    ) -> None:
        shown = cast.report(
            "张居民 13851100150 说：8 栋路灯不亮",
            publish=True,
            contact_name="张居民",
            contact_phone="13851100150",
        )
        hidden = cast.report("楼道堆物", publish=False)
        for receipt in (shown, hidden):
            cast.settled(
                receipt.number, public_words="8 栋路灯不亮，电话 13851100150" if receipt is shown else ""
            )
        page = body(client.get(f"/settled/{cast.here.code}/"))
        assert "8 栋路灯不亮" in page
        assert "楼道堆物" not in page
        one = body(client.get(f"/settled/{cast.here.code}/{shown.number}/"))
        for text in (page, one):
            assert "13851100150" not in text
            assert "张居民" not in text
            assert "CANARY" not in text
        assert "灯泡已更换" in one

    def test_an_unpublished_case_is_not_there(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.settled(number)
        assert client.get(f"/settled/{cast.here.code}/{number}/").status_code == 404

    def test_a_published_case_is_not_in_another_communitys_list(self, client: Client, cast: Cast) -> None:
        number = cast.report(publish=True).number
        cast.settled(number)
        assert client.get(f"/settled/{cast.elsewhere.code}/{number}/").status_code == 404

    def test_a_reopened_case_is_no_longer_there(self, client: Client, cast: Cast) -> None:
        number = cast.report(publish=True).number
        cast.settled(number)
        cast.move(number, Verb.REOPEN, cast.resident, reason="came_back")
        assert client.get(f"/settled/{cast.here.code}/{number}/").status_code == 404

    @pytest.mark.parametrize("address", ["/settled/000000000000/", "/settled/520113008006/?after=nonsense"])
    def test_nonsense_is_not_found(self, client: Client, cast: Cast, address: str) -> None:
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "most"), [("/my/", 13), ("/case/{number}/", 15), ("/settled/{code}/", 8), ("/report/", 10)]
)
def test_a_page_asks_the_database_no_more_than_this(
    client: Client, cast: Cast, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    number = cast.report(publish=True).number
    cast.settled(number)
    page = address.format(number=number, code=cast.here.code)
    sign_in(client, cast.resident).get(page)
    with django_assert_max_num_queries(most):
        assert client.get(page).status_code == 200
