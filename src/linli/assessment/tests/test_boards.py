"""A card says who is ranked among whom: two lists that both begin with 1 would read as a mistake."""

from __future__ import annotations

import io

from PIL import Image

from linli.assessment import boards
from linli.assessment.papers.board import Board, Line, draw

SMALL, LARGE = "fewer than 300 households", "300 households or more"
FIRST = Line("1", "Grid 1", "80", 0.8)
SECOND = Line("2", "Grid 2", "70", 0.7)
OTHER = Line("1", "Grid 9", "60", 0.6)


def board(*lines: Line) -> Board:
    return Board(place="铝兴社区", title="网格站每月考核", line="2026-10", lines=lines, foot="3 项得分。")


def grouped() -> Board:
    first, other = (
        Line(one.rank, one.words, one.points, one.share, group=group)
        for one, group in ((FIRST, SMALL), (OTHER, LARGE))
    )
    return board(first, SECOND, other)


def test_words_name_each_peer_group_once_before_its_first() -> None:
    said = boards.words(grouped()).splitlines()

    assert said[1:6] == [SMALL, "1. Grid 1  80", "2. Grid 2  70", LARGE, "1. Grid 9  60"]


def test_words_without_peer_groups_are_the_places_alone() -> None:
    assert boards.words(board(FIRST, SECOND)).splitlines()[1:3] == ["1. Grid 1  80", "2. Grid 2  70"]


def test_the_picture_has_room_for_the_name_of_each_group() -> None:
    plain = Image.open(io.BytesIO(draw(board(FIRST, SECOND, OTHER))))
    named = Image.open(io.BytesIO(draw(grouped())))

    assert named.height - plain.height == 2 * 52
