"""What hangs at doors: nameplates of those who serve, and posters drawn by the worker."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from linli.grids import actions, queries, queries_plates
from linli.grids.actions import nameplates, own_data, posters
from linli.grids.models import PosterRun
from linli.grids.rules.nameplates import Plate
from linli.grids.rules.posters import Layout
from linli.grids.tests.conftest import Ground
from linli.kernel import access, media, scope
from linli.kernel.access import SYSTEM
from linli.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
Staff = Callable[..., access.Actor]
BASE = "https://linli.example/p/"


def face() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), (200, 180, 160)).save(out, "JPEG")
    return out.getvalue()


def given(actor: access.Actor, of: access.Actor, ground: Ground, at: datetime) -> dict[str, Any]:
    return {"actor": actor, "community_id": ground.luxing.id, "account_id": of.account_id or 0, "at": at}


def test_a_nameplate_is_kept_by_its_bearer_and_the_leader_and_nobody_else(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    grid = ground.at("1003")
    worker, colleague = staff("grid_worker", grid), staff("grid_worker", grid)
    leader, elsewhere = staff("community_leader", ground.luxing), staff("admin", ground.riverside)
    scope.enter([ground.luxing.id])
    nameplates.show_nameplate(**given(worker, worker, ground, at), plate=Plate(hours_zh="周一"))
    nameplates.show_nameplate(**given(leader, worker, ground, at), plate=Plate(hours_zh="周二"))
    for other in (colleague, elsewhere, access.ANONYMOUS):
        with pytest.raises(access.NotFound):
            nameplates.show_nameplate(**given(other, worker, ground, at), plate=Plate())
    with pytest.raises(access.NotFound):  # serves elsewhere only
        nameplates.show_nameplate(**given(leader, elsewhere, ground, at), plate=Plate())
    plate = Plate(away_from_date=at.date(), away_last_date=at.date(), stand_in_id=elsewhere.account_id)
    with pytest.raises(Refused, match="stand_in: nobody_there"):
        nameplates.show_nameplate(**given(worker, worker, ground, at), plate=plate)
    scope.leave()  # as anybody would read it
    (row,) = queries_plates.plates(ground.luxing.id, [worker.account_id or 0]).values()
    assert row.plate.hours_zh == "周二"


def test_a_number_somebody_signs_in_with_is_no_number_of_the_duty(
    ground: Ground, staff: Staff, person: Callable[..., int], at: datetime
) -> None:
    worker = staff("grid_worker", ground.at("1003"))
    person("王五", phone="+8613911112222")
    for phone, bad in (("139 1111 2222", True), ("139 1111 3333", False), ("0851-85550001", False)):
        plate = Plate(phone=phone)
        if bad:
            with pytest.raises(Refused, match="phone: private_phone"):
                nameplates.show_nameplate(**given(worker, worker, ground, at), plate=plate)
        else:
            nameplates.show_nameplate(**given(worker, worker, ground, at), plate=plate)


def test_a_picture_is_seen_while_one_serves_and_goes_with_its_bearer(
    ground: Ground, staff: Staff, at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    worker, today = staff("grid_worker", ground.at("1003")), queries.day_of(at)
    first = nameplates.hang_picture(**given(worker, worker, ground, at), file=face())
    old_ticket, old_path = first.ticket, first.path
    with django_capture_on_commit_callbacks(execute=True):
        second = nameplates.hang_picture(**given(worker, worker, ground, at), file=face())
    assert old_ticket is not None
    assert second.ticket is not None
    with pytest.raises(media.MediaMissing):
        media.open_media(old_path)
    assert queries_plates.portrait(ground.luxing.id, old_ticket, today) == ""
    assert queries_plates.portrait(ground.luxing.id, second.ticket, today) == second.thumb_path
    assert queries_plates.portrait(ground.riverside.id, second.ticket, today) == ""
    assert queries_plates.stored_files([second.path, "00/nothing.jpg"]) == {second.path, second.thumb_path}
    (duty,) = [one for one in queries.duties(ground.luxing.id, today) if one.account_id == worker.account_id]
    actions.end_duty(actor=SYSTEM, duty_id=duty.id, at=at)
    assert queries_plates.portrait(ground.luxing.id, second.ticket, today) == ""
    assert own_data.held(worker.account_id or 0)["nameplates"]
    with django_capture_on_commit_callbacks(execute=True):
        own_data.erase(worker.account_id or 0, at)
    with pytest.raises(media.MediaMissing):
        media.open_media(second.path)


def test_posters_of_a_community_are_drawn_once_by_the_worker_and_forgotten(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    leader = staff("community_leader", ground.luxing)
    asked = {"actor": leader, "place_id": ground.luxing.id, "layout": Layout.STICKERS, "base": BASE, "at": at}
    run = posters.ask_posters(**asked)  # type: ignore[arg-type]
    assert posters.ask_posters(**asked).pk == run.pk  # type: ignore[arg-type]  # a second click
    assert posters.sweep(at) == 1
    assert posters.sweep(at) == 0
    run.refresh_from_db()
    assert (run.done, run.failed) == (run.total, "")
    with media.open_media(run.path) as file:
        drawn = file.read()
    assert drawn.startswith(b"%PDF")
    assert drawn.count(b"/Type /Page\n") == -(-run.total // 24)
    levels = {place.level for place in queries.subtree(ground.luxing.path)}
    assert {"unit", "dwelling"} < levels
    assert run.total == len(
        queries.subtree(ground.luxing.path, *("community committee grid courtyard building".split()))
    )
    posters.sweep(at + timedelta(days=15))
    assert not PosterRun.objects.exists()
    with pytest.raises(media.MediaMissing):
        media.open_media(run.path)


def test_a_run_whose_worker_died_is_drawn_by_another_and_given_up_at_last(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", ground.at("1003"))
    with pytest.raises(access.Forbidden):
        posters.ask_posters(actor=worker, place_id=ground.luxing.id, layout=Layout.A4, base=BASE, at=at)
    run = posters.ask_posters(actor=worker, place_id=ground.at("1003").id, layout=Layout.A4, base=BASE, at=at)

    # as a worker leaves it that was killed at this moment
    PosterRun.objects.filter(pk=run.pk).update(lapses_at=at + posters.CLAIM, tries=1, done=1)
    assert posters.sweep(at + timedelta(minutes=1)) == 0  # it may still be at it
    assert posters.sweep(at + timedelta(minutes=3)) == 1
    run.refresh_from_db()
    assert run.path
    PosterRun.objects.filter(pk=run.pk).update(finished_at=None, path="", tries=posters.TRIES)
    assert posters.sweep(at + timedelta(minutes=9)) == 0
    run.refresh_from_db()
    assert run.failed == "gave_up"
