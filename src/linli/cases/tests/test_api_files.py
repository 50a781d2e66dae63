"""Files by API: sent once for a key, refused with a reason, read only by those who may see the case."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.cases.models import Attachment
from linli.cases.rules.workflow import Verb
from linli.cases.tests import ground
from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import ELSEWHERE, HERE, READ, REPORT, program
from linli.kernel import media
from linli.kernel.tests.program import Answer, Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def send(
    sender: Program, data: bytes | None = None, *, name: str = "a.jpg", key: str = "", community: str = HERE
) -> Answer:
    """Upload a small picture, or these bytes."""
    content = ground.picture_bytes() if data is None else data
    headers = {"Authorization": f"Bearer {sender.token}"} if sender.token else {}
    if key:
        headers["Idempotency-Key"] = key
    got: Any = sender.client.post(
        "/api/v1/uploads",
        {"file": SimpleUploadedFile(name, content, content_type="image/jpeg")},
        query_params={"community": community},
        headers=headers,
    )
    return sender.read("POST", "/uploads", got)


def test_a_picture_goes_with_a_report(cast: Cast) -> None:
    sender = program(cast.resident)
    sent = send(sender)
    assert sent.status == 201
    assert (sent.body["kind"], sent.body["width"]) == ("picture", 64)
    number = sender.post("/cases", {**REPORT, "uploads": [sent.body["ticket"]]}).body["number"]
    (shown,) = program(cast.dispatcher).get(f"/cases/{number}").body["timeline"][0]["uploads"]
    assert shown == sent.body
    for path in (shown["url"], shown["thumb_url"]):
        got = program(cast.dispatcher).get(path.removeprefix("/api/v1"))
        assert (got.status, got.headers["Content-Type"]) == (200, "image/jpeg")
        assert got.raw.startswith(b"\xff\xd8")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
    used = sender.post("/cases", {**REPORT, "uploads": [sent.body["ticket"]]})
    assert used.fields == {"uploads": "unknown_ticket"}


def test_a_file_is_read_in_ranges_and_by_its_tag(cast: Cast) -> None:
    sender = program(cast.resident)
    path = f"/files/{send(sender).body['ticket']}"
    whole = sender.get(path)
    part = sender.get(path, headers={"Range": "bytes=0-9"})
    assert (part.status, part.raw) == (206, whole.raw[:10])
    assert sender.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status == 304


def test_the_same_key_gives_the_same_ticket(cast: Cast) -> None:
    sender = program(cast.resident)
    first, again = send(sender, key="k"), send(sender, key="k")
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    other = send(sender, ground.picture_bytes("#112233"), key="k")
    assert (other.status, other.code) == (422, "key_reused")
    with cast.inside():
        assert Attachment.objects.count() == 1
    passer_by = Program()
    assert send(passer_by, key="k").body["ticket"] != first.body["ticket"]


def test_what_is_no_picture_is_refused_with_a_reason(cast: Cast) -> None:
    got = send(program(cast.resident), b"<svg onload=alert(1)>", name="a.jpg")
    assert got.status == 422
    assert list(got.fields) == ["uploads"]
    assert got.fields["uploads"].startswith("media.")


def test_what_is_too_large_is_refused_before_it_is_opened(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.cases.api.files.MOST_BYTES", 100)
    monkeypatch.setattr(media, "accept", None)
    got = send(program(cast.resident))
    assert (got.status, got.code) == (413, "too_large")


def test_an_upload_needs_its_community_its_file_and_its_kind(cast: Cast) -> None:
    sender = program(cast.resident)
    assert send(sender, community="999999999999").status == 404
    assert send(sender, community="5").fields == {"query.community": "string_pattern_mismatch"}
    assert sender.post("/uploads", {"file": "x"}, community=HERE).status == 415
    assert send(program(cast.resident, READ)).code == "scope_missing"
    missing: Any = sender.client.post(
        f"/api/v1/uploads?community={HERE}", {"x": "y"}, headers={"Authorization": f"Bearer {sender.token}"}
    )
    assert sender.read("POST", "/uploads", missing).fields == {"file": "missing"}


def test_only_those_who_may_see_the_case_read_its_files(cast: Cast) -> None:
    ticket = send(program(cast.resident)).body["ticket"]
    readers = {name: program(person) for name, person in cast.everybody().items()}
    loose = {name for name, one in readers.items() if one.get(f"/files/{ticket}").status == 200}
    assert loose == {"resident"}
    cast.report(uploads=(ticket,))
    seen = {name for name, one in readers.items() if one.get(f"/files/{ticket}").status == 200}
    assert seen >= {"resident", "dispatcher", "grid_worker", "auditor"}
    assert not seen & {"neighbour", "stranger", "other_grid_worker", "property_handler"}
    assert not {name for name in seen if name.startswith("elsewhere")}
    assert Program().get(f"/files/{ticket}").status == 401
    assert program(cast.dispatcher).get(f"/files/{uuid.uuid4()}").status == 404


def test_what_hangs_at_an_internal_note_stays_inside(cast: Cast) -> None:
    number = cast.report().number
    inside = cast.picture(cast.dispatcher)
    cast.move(number, Verb.NOTE, cast.dispatcher, note="现场照片", uploads=(inside,))
    assert program(cast.dispatcher).get(f"/files/{inside}").status == 200
    assert program(cast.resident).get(f"/files/{inside}").status == 404


def test_whoever_holds_the_receipt_reads_what_the_reporter_is_told(cast: Cast) -> None:
    ticket = send(Program()).body["ticket"]
    receipt = Program().post("/cases", {**REPORT, "uploads": [ticket]}).body
    inside = cast.picture(cast.dispatcher)
    cast.move(receipt["number"], Verb.NOTE, cast.dispatcher, note="现场照片", uploads=(inside,))
    key = {"number": receipt["number"], "code": receipt["code"]}
    assert Program().post(f"/follow/files/{ticket}", key).raw.startswith(b"\xff\xd8")
    assert Program().post(f"/follow/files/{inside}", key).status == 404
    assert Program().post(f"/follow/files/{ticket}", {**key, "code": "0000-0000-0000-0000"}).status == 404


def test_files_go_only_to_the_community_they_were_sent_to(cast: Cast) -> None:
    ticket = send(program(cast.resident), community=ELSEWHERE).body["ticket"]
    got = program(cast.resident).post("/cases", {**REPORT, "uploads": [ticket]})
    assert got.fields == {"uploads": "unknown_ticket"}
