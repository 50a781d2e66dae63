"""What the cases hold about a person: all of it is handed over, and none of it is left after erasing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.cases.actions import own_data, upload
from linli.cases.models import Attachment, Case
from linli.cases.queries import queue
from linli.cases.rules.intake import Channel
from linli.cases.rules.workflow import Verb
from linli.cases.tests import ground
from linli.cases.tests.cast import AT, Cast
from linli.kernel import media
from linli.people import rules as people
from linli.people.actions import erasure

pytestmark = pytest.mark.django_db
WORDS = "我是张居民，电话 13851100150，8 栋漏水"


def test_a_person_takes_away_all_own_cases_and_nobody_elses(cast: Cast) -> None:
    mine = cast.report(WORDS, contact_phone="13851100150")
    cast.report("别人的事", by=cast.neighbour)
    cast.move(mine.number, Verb.NOTE, cast.dispatcher, note="INTERNAL-CANARY")
    cast.move(mine.number, Verb.ADD, cast.resident, words="又漏了")
    taken = people.exporters.collect(cast.resident.account_id)["cases"]["cases"]
    assert isinstance(taken, list)
    assert [case["number"] for case in taken] == [mine.number]
    assert taken[0]["contact_phone"] == "13851100150"
    assert [move["words"] for move in taken[0]["timeline"]] == ["", "又漏了"]
    assert "CANARY" not in str(taken)


def test_after_erasing_no_case_leads_to_the_person(cast: Cast) -> None:
    number = cast.report(WORDS, contact_name="张居民", contact_phone="13851100150", publish=True).number
    cast.settled(number)
    erasure.erase_account(account_id=cast.resident.account_id, at=AT + timedelta(days=1))
    case = cast.case(number)
    assert (case.reporter_id, case.contact_name, case.contact_phone, case.contact_index) == (None,) * 4
    assert (case.anonymous, case.publish, case.published_at, case.public_words) == (True, False, None, "")
    assert "13851100150" not in case.words
    assert "漏水" in case.words
    with cast.inside():
        assert not queue.searched(Case.objects.all(), "13851100150").exists()


def test_erasing_also_clears_what_staff_wrote_down_for_the_same_phone(cast: Cast) -> None:
    number = cast.report(
        "热线来电：楼道灯坏了", by=cast.dispatcher, channel=Channel.DESK, contact_phone="13851100150"
    ).number
    own_data.erase(cast.resident.account_id, AT)
    assert cast.case(number).contact_phone is None


def test_the_neighbours_case_is_untouched(cast: Cast) -> None:
    number = cast.report(by=cast.neighbour, contact_phone="13851100151").number
    own_data.erase(cast.resident.account_id, AT)
    assert cast.case(number).contact_phone == "13851100151"


def test_what_was_never_sent_is_removed_after_a_day(cast: Cast) -> None:
    sent = cast.picture(cast.resident)
    cast.report(uploads=(sent,))
    data = SimpleUploadedFile("loose.jpg", ground.picture_bytes("#336699"))
    loose = upload.accept(
        actor=cast.resident.actor(), community_id=cast.here.id, file=data, at=AT, network="203.0.113.0/24"
    )
    assert upload.sweep_loose(AT + timedelta(hours=23)) == 0
    assert upload.sweep_loose(AT + timedelta(hours=25)) == 1
    with cast.inside():
        assert [str(file.ticket) for file in Attachment.objects.all()] == [sent]
    with pytest.raises(media.MediaMissing):
        media.open_media(loose.path)


def test_a_file_that_a_row_names_is_known_to_the_sweep(cast: Cast) -> None:
    ticket = cast.picture(cast.elsewhere.resident, community=cast.elsewhere)
    with cast.inside(cast.elsewhere):
        file = Attachment.objects.get(ticket=ticket)
    assert upload.known_paths([file.path, file.thumb_path, "00/none.jpg"]) >= {file.path, file.thumb_path}
