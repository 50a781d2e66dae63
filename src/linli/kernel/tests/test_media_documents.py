"""Documents: taken where they are wanted, as long as they only show something."""

from __future__ import annotations

import zlib

import pytest

from linli.kernel import media
from linli.kernel.tests.media_help import folder, refused, stored_bytes

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")
WORDS = b"BT /F1 12 Tf (Water is off on Thursday) Tj ET"


def pdf(*more: bytes, end: bytes = b"%%EOF\n", trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A document of one page; ``more`` are further objects."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        packed(WORDS),
        *more,
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< " + trailer + b" >>\nstartxref\n0\n" + end


def packed(data: bytes, about: bytes = b"/Filter /FlateDecode") -> bytes:
    inside = zlib.compress(data)
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (about, len(inside), inside)


def test_a_plain_document_is_kept_as_it_is_for_announcements_alone() -> None:
    kept = media.accept(pdf(), "x.pdf", purpose="announcement")
    assert (kept.kind, kept.content_type, kept.thumb_path) == ("document", "application/pdf", None)
    assert stored_bytes(kept.path) == pdf()
    assert refused(pdf(), purpose="report").code == "unknown_type"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "active_content"),
        (pdf(b"<< /S /Java#53cript >>"), "active_content"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "active_content"),
        (pdf(b"<< /Type /Filespec /EF << /F 9 0 R >> >>", b"<< /Type /EmbeddedFile >>"), "active_content"),
        (pdf(packed(b"7 0 << /S /JavaScript >>", b"/Type /ObjStm /Filter /FlateDecode")), "active_content"),
        (pdf(b"<< /Type /ObjStm /Filter /ASCII85Decode >>\nstream\nabc\nendstream"), "active_content"),
        (pdf(trailer=b"/Encrypt 9 0 R"), "locked"),
        (pdf(end=b""), "broken"),
        (pdf(b"<< >>\nPK\x05\x06" + bytes(18)), "hidden_content"),
        (pdf(packed(bytes(61_000_000))), "too_costly"),
    ],
    ids=["script", "spelled", "program", "file", "packed", "hidden", "locked", "cut", "zip", "bomb"],
)
def test_a_document_that_does_something_or_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    assert refused(data, purpose="announcement").code == code
