"""Every resident's page is in ``docs/pages.md``, keeps its promise, and weighs what is said there."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import get_resolver

from linli.cases.tests.cast import Cast, cast, sign_in, standing_cast, this_evening  # noqa: F401
from tests import pages_table
from tests.pages_table import LEEWAY_KB, LIMIT_KB, LIMIT_SECONDS, NO_PAGES, SCRIPTED, TABLE, Said


@pytest.fixture(scope="module")
def table() -> dict[str, Said]:
    """The table as it stands."""
    return pages_table.said(TABLE.read_text(encoding="utf-8"))


def test_every_page_of_a_resident_is_in_the_table(table: dict[str, Said]) -> None:
    routes = pages_table.routes(get_resolver())
    listed = {said.address for said in table.values()}
    assert sorted(routes - listed - NO_PAGES.keys()) == []
    assert sorted((listed | NO_PAGES.keys()) - routes) == []
    assert sorted(listed & NO_PAGES.keys()) == []


def test_every_page_keeps_what_is_promised(table: dict[str, Said]) -> None:
    kept = {
        name
        for name, said in table.items()
        if said.weight <= LIMIT_KB
        and said.paint <= LIMIT_SECONDS
        and (said.plain == "yes" or said.plain == SCRIPTED.get(name))
        and said.findings == "none"
    }
    assert sorted(table.keys() - kept) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("this_evening")
def test_the_weight_of_each_page_is_still_what_the_table_says(
    table: dict[str, Said],
    cast: Cast,  # noqa: F811  (the fixture)
) -> None:
    ground, assets = pages_table.ground(cast), dict[str, int]()
    wrong = {}
    for client, visits in (
        (Client(), ground.fresh()),
        (sign_in(Client(), cast.resident), ground.own()),
    ):
        for name, address in visits.items():
            weight = _weight(client.get(address).content, assets)
            if abs(weight - table[name].weight) > LEEWAY_KB:
                wrong[name] = (table[name].weight, round(weight, 1))
    assert wrong == {}


def _weight(page: bytes, assets: dict[str, int]) -> float:
    """KB of a document with what it names, and with what the modules of every page load by themselves."""
    text = page.decode()
    asked = set(re.findall(r'<(?:link rel="stylesheet" href|script src)="/static/([^"?]+)', text))
    if "data-waiting" in text:
        asked |= {"linli/outbox.js", "linli/offline.mjs"}
    for path in asked - assets.keys():
        assets[path] = len(gzip.compress(Path(str(finders.find(path))).read_bytes(), 9))
    return (len(gzip.compress(page, 6)) + sum(assets[path] for path in asked)) / 1024
