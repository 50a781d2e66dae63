"""Papers carry the Chinese they are written in."""

from __future__ import annotations

import io

from reportlab.pdfgen.canvas import Canvas

from linli.faces import flowing, paper


def drawn(words: str, *, bold: bool = False) -> bytes:
    """A PDF with one line."""
    held = io.BytesIO()
    canvas = Canvas(held)
    paper.put(canvas, 50, 700, words, 14, bold=bold)
    canvas.showPage()
    canvas.save()
    return held.getvalue()


def test_chinese_is_carried_along_but_only_what_is_used() -> None:
    for bold in (False, True):
        made = drawn("铝兴社区 · Lüxing，编号①", bold=bold)
        assert b"/FontFile2" in made
        assert b"STSong" not in made
        assert len(made) < 30_000


def test_what_is_latin_alone_needs_no_face_of_ours() -> None:
    assert b"/FontFile2" not in drawn("Lüxing Community")
    assert paper.face_for("Grid 3", bold=True) == paper.LATIN_BOLD


def test_a_line_with_a_rare_character_is_set_in_the_face_that_knows_it() -> None:
    assert paper.face_for("王喆") == paper.RARE
    assert paper.face_for("王小明") == paper.FACE
    assert b"STSong" in drawn("王喆")


def test_words_that_flow_have_the_same_faces() -> None:
    made = flowing.document(
        "周报", [flowing.said("上报 7 件", flowing.style(10)), flowing.said("王喆", flowing.style(10))]
    )
    assert b"/FontFile2" in made
    assert b"STSong" in made
