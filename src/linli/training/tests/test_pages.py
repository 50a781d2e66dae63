"""The pages: a worker's way from a lesson to the certificate, a leader's from a draft to the team."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.grids.tests.conftest import Ground
from linli.kernel import access, clock
from linli.people import models as people
from linli.people import sessions
from linli.training.models import Attempt, Certificate
from linli.training.tests.test_doors import answers

pytestmark = pytest.mark.django_db
CODE = "data-literacy"


def signed_in(actor: access.Actor, at: datetime) -> Client:
    client = Client()
    client.force_login(people.Account.objects.get(pk=actor.person_id), backend=sessions.BACKEND)
    session = client.session
    session[sessions.SEEN] = clock.now().timestamp()
    session[sessions.SECOND_FACTOR] = [actor.account_id, at.timestamp()]
    session.save()
    return client


def read(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.content[:300])
    return answer.content.decode(errors="replace")


def test_a_worker_reads_looks_something_up_and_earns_a_certificate_without_a_script(
    ground: Ground, staff: Callable[..., access.Actor], at: datetime
) -> None:
    worker = signed_in(staff("grid_worker", ground.at("1001")), at)
    assert "把一件事接好" in read(worker, "/desk/handbook/")
    assert "<mark>燃气</mark>" in read(worker, "/desk/handbook/?q=燃气")
    page = read(worker, "/desk/handbook/pages/urgent/")
    assert "<table" in page
    assert 'href="/desk/handbook/pages/joint-work/' in read(worker, "/desk/handbook/pages/taking-a-report/")
    assert "s1" in read(worker, "/desk/handbook/pages/urgent/versions/")
    read(worker, "/desk/handbook/pages/urgent/versions/s1/")
    assert worker.get("/desk/handbook/handbook.pdf").content.startswith(b"%PDF")
    assert "分子和分母" in read(worker, f"/desk/training/courses/{CODE}/lessons/denominators/")
    read(worker, "/desk/training/courses/handbook-basics/lessons/visits/")
    begun = worker.post(f"/desk/training/courses/{CODE}/begin/")
    row = Attempt.objects.get()
    assert begun.headers["Location"] == f"/desk/training/tests/{row.pk}/"
    assert "判断" in read(worker, begun.headers["Location"])
    sent: dict[str, object] = {}
    for code, typed in answers(row).items():
        several = {f"q.{code}.{place}": one for place, one in enumerate(typed)}
        question = next(one for one in row.course.content["questions"] if one["code"] == code)
        sent |= several if question["kind"] == "ordering" else {f"q.{code}": typed}
    first = next(iter(sent))
    half = worker.post(begun.headers["Location"], {first: sent[first]})
    assert half.status_code == 422
    assert "尚未判分" in half.content.decode()
    worker.post(begun.headers["Location"], sent)
    assert "通过：15 题答对 15 题" in read(worker, begun.headers["Location"])
    made = Certificate.objects.get()
    assert made.code[:4] in read(worker, f"/desk/training/certificates/{made.pk}/")
    assert worker.get(f"/desk/training/certificates/{made.pk}/certificate.pdf").content.startswith(b"%PDF")
    assert "有效期至" in read(worker, "/desk/training/")
    read(worker, f"/desk/training/courses/{CODE}/")
    read(worker, "/desk/training/team/", status=403)
    read(worker, "/desk/training/edit/", status=403)


def test_a_leader_publishes_a_page_and_a_course_and_sees_who_lacks_what(
    ground: Ground, staff: Callable[..., access.Actor], at: datetime
) -> None:
    staff("grid_worker", ground.at("1001"), "赵小勤")
    leader = signed_in(staff("community_leader", ground.luxing), at)
    sheet = {
        "chapter_zh": "本地",
        "title_zh": "停车",
        "words_zh": "到**东门**办。",
        "rank": "600",
        "slug": "parking",
    }
    assert leader.post("/desk/handbook/new/", {**sheet, "title_zh": ""}).status_code == 422
    assert leader.post("/desk/handbook/new/", sheet).status_code == 302
    assert "草稿预览" in read(leader, "/desk/handbook/pages/parking/write/")
    leader.post(
        "/desk/handbook/pages/parking/publish/", {"key": str(uuid4()), "version": "1", "reason": "新"}
    )
    assert "<strong>东门</strong>" in read(leader, "/desk/handbook/pages/parking/")
    changed = {**sheet, "words_zh": "到**西门**办。", "version": "0"}
    leader.post("/desk/handbook/pages/parking/write/", changed)
    leader.post(
        "/desk/handbook/pages/parking/publish/", {"key": str(uuid4()), "version": "1", "reason": "搬了"}
    )
    assert "<ins>西</ins>" in read(leader, "/desk/handbook/pages/parking/versions/2/")
    leader.post(
        "/desk/handbook/pages/parking/turn/", {"key": str(uuid4()), "reason": "不用了", "kind": "hidden"}
    )
    read(leader, "/desk/handbook/pages/parking/", status=404)
    assert "赵小勤" in read(leader, "/desk/training/team/?show=lacking")
    read(leader, "/desk/training/edit/")
    exported = leader.get(f"/desk/training/edit/{CODE}/course.json").content
    told = json.loads(exported)
    told["questions"][0]["right"] = ["x"]
    broken = SimpleUploadedFile("c.json", json.dumps(told).encode())
    refused = leader.post("/desk/training/edit/", {"form": "file", "file": broken})
    assert refused.status_code == 422
    assert "questions[1].right" in refused.content.decode()
    leader.post("/desk/training/edit/", {"form": "file", "file": SimpleUploadedFile("c.json", exported)})
    assert "发布草稿" in read(leader, f"/desk/training/edit/{CODE}/")
    question = read(leader, f"/desk/training/edit/{CODE}/question/denominators-2/")
    assert "* 接通的 50 人" in question
    read(leader, f"/desk/training/edit/{CODE}/lesson/denominators/")
    read(leader, f"/desk/training/edit/{CODE}/question/")
    terms = {
        "form": "terms",
        "offered": "on",
        "questions": "99",
        "passing": "80",
        "tries": "3",
        "wait_hours": "0",
    }
    assert leader.post(f"/desk/training/edit/{CODE}/", {**terms, "valid_months": "0"}).status_code == 422
    kept = {"form": "publish", "key": str(uuid4()), "version": "1", "reason": "精简"}
    assert leader.post(f"/desk/training/edit/{CODE}/", kept).status_code == 302
    assert "精简" in read(leader, f"/desk/training/edit/{CODE}/")
