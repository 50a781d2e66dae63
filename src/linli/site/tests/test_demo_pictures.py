"""The demo's pictures show what the cases are about."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from linli.site.demo.pictures import SCENES, draw, scene
from linli.site.demo.words import MATTERS


@pytest.mark.parametrize(
    ("category", "shown"),
    [
        ("building.lift", "building.lift"),
        ("environment.bulky", "environment"),
        ("parking.illegal", "parking"),
        ("noise.neighbour", ""),
        ("", ""),
    ],
)
def test_a_category_has_its_own_scene_its_parents_or_the_street(category: str, shown: str) -> None:
    assert scene(category) == shown


def test_every_scene_is_a_small_picture_and_looks_otherwise_once_it_is_put_right() -> None:
    for name in SCENES:
        found, mended = draw(name, mended=False), draw(name, mended=True)
        assert found != mended, name
        assert Image.open(io.BytesIO(found)).size == Image.open(io.BytesIO(mended)).size == (800, 600)
        assert max(len(found), len(mended)) < 60_000, name


def test_most_of_what_can_be_seen_has_a_scene_of_its_own() -> None:
    visible = {"facilities", "building", "environment", "parking", "greenery"}
    for matter in MATTERS:
        if matter.category.split(".")[0] in visible:
            assert scene(matter.category), matter.category
