"""The work in the grids, the league and the training as they stand in a community: whose they are, told, and secret.

What only has to stand behind a wall `outside` plants. Here is what somebody may open: a worker's visit, plan and score,
a run that was told beside one that was not, courses and pages of the community's own, and the words in them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.assessment import models as league
from linli.assessment.rules import rows
from linli.cases.tests.cast import Community
from linli.fieldwork import models as field
from linli.grids.models import Residence
from linli.kernel import numbering
from linli.training import models as learning
from linli.training import shipped
from linli.training.rules import course_file, papers

KEY = UUID(int=7)  # beside the rows of `outside`, which have another
NOBODY = 999_999_999
WEEK = timedelta(days=7)
#: What is sent to doors of programs that look at it before they look for the object.
SENT: dict[str, Any] = {
    "POST /api/v1/assessment/runs/<int:run_id>/appeals": {
        "indicator": "on_time",
        "words": "那天停电，改到第二天。",
    },
    "POST /api/v1/fieldwork/patrols/<int:patrol_id>/positions": {"positions": [{"lon": 106.6, "lat": 26.6}]},
    "POST /api/v1/fieldwork/services/<int:service_id>/code": {"code": "123456"},
    "POST /api/v1/me/services/<int:service_id>/answer": {"said": "no"},
    "POST /api/v1/training/handbook/<slug>/publish": {"reason": "改过了"},
    "POST /api/v1/training/tests/<int:test_id>/answers": {"answers": {}},
    "PUT /api/v1/training/courses/<code>/file": course_file.plain(shipped.courses()["data-literacy"].course),
    "PUT /api/v1/training/handbook/<slug>/draft": {"chapter_zh": "章", "title_zh": "页", "words_zh": "字"},
}
#: What is only reached with the community in the address.
OF_A_COMMUNITY = ("/api/v1/training/courses/", "/api/v1/training/handbook/")
#: Parts of addresses that are of the other community where the address is mixed.
MIXED = ("board.ticket", "board_picture.ticket", "certificate.ticket", "subject_id", "edit_lesson.code")
OWN_COURSE = (
    "course", "begin", "lesson", "edit", "begin_draft", "drop_part", "drop_course_draft", "export", "new_lesson",
    "edit_lesson", "new_question", "edit_question", "training.api_import", "training.api_begin",
)  # fmt: skip
OWN_PAGE = (
    "page", "versions", "version", "write_page", "publish_page", "turn_page", "drop_page_draft",
    "training.api_page", "training.api_write_page", "training.api_publish_page",
)  # fmt: skip
PROOF = ("certificate", "certificate_pdf", "revoke")
UNTOLD = ("assessment.api_run", "assessment.api_scores")
TOLD = ("score", "part", "file", "assessment.api_score", "assessment.api_appeal")


def fill(community: Community, *, at: datetime) -> dict[str, Any]:
    """The ids by the names of their parameters. The community is entered, `outside` has planted."""
    return _fieldwork(community, at) | _league(community, at) | _training(community, at)


def absent() -> dict[str, Any]:
    """What there is none of."""
    return {
        **dict.fromkeys(
            ("dwelling_id", "grid_id", "subject_id", "drop_draft.scheme_id", "attempt_id", "test_id"), NOBODY
        ),
        **{f"{name}.certificate_id": NOBODY for name in PROOF},
        **{
            f"{name}.service_id": NOBODY for name in ("fieldwork.api_my_answer", "fieldwork.api_service_code")
        },
        **{f"{name}.run_id": NOBODY for name in (*TOLD, *UNTOLD)},
        **{f"{name}.code": f"own-{NOBODY}" for name in OWN_COURSE},
        **{f"{name}.slug": f"own-{NOBODY}" for name in OWN_PAGE},
        **{f"{name}.ticket": "none" for name in ("board", "board_picture", "certificate")},
        **dict.fromkeys(("verify.code", "training.api_verify.code"), "0" * numbering.CODE_LENGTH),
        **_fixed(),
    }


def _fixed() -> dict[str, Any]:
    """Parts of addresses that are the same everywhere."""
    return {
        "file.form": "csv",
        "part.code": "on_time",
        "board_picture.tongue": "zh",
        "version.label": "1",
        "edit_question.question_code": "denominators-1",
    }


def sent(key: str, known: dict[str, Any], at: datetime) -> Any:
    """What is sent to a door besides its address; None for nothing."""
    body = SENT.get(key)
    if isinstance(body, dict) and "indicator" in body:
        return {**body, "subject_id": known["subject_id"]}
    if isinstance(body, dict) and "positions" in body:
        return {"positions": [{**body["positions"][0], "at": at.isoformat()}]}
    return body


def _fieldwork(community: Community, at: datetime) -> dict[str, Any]:
    """A plan for health with its visit, a patrol, help that was given, and a record looked at again."""
    mark, grid = f"{community.code}", community.grid.id
    worker = community.people["grid_worker"].account_id
    other = community.people.get("other_grid_worker", community.people["dispatcher"]).account_id
    dwelling = Residence.objects.filter(community_id=community.id).earliest("pk").dwelling_id
    own: dict[str, Any] = {"community_id": community.id, "key": KEY, "grid_id": grid, "worker_id": worker}
    home = {**own, "dwelling_id": dwelling, "made_at": at}
    day = at.date()
    plan = field.CarePlan.objects.create(
        **home, need="health", every_days=7, from_date=day, until_date=day, ground="spoken", words=f"CANARYCARE{mark}"
    )  # fmt: skip
    visit = field.Visit.objects.create(
        **home, plan=plan, need="health", purpose="care", outcome="met", at=at, words=f"CANARYVISIT{mark}"
    )
    patrol = field.Patrol.objects.create(**own, started_at=at)
    resident = community.people["resident"].account_id
    helped = field.Service.objects.create(
        **home, kind="e_commerce", account_id=resident, words=f"CANARYHELP{mark}", at=at, lot=1, drawn=True
    )
    drawn = field.Draw.objects.get(community_id=community.id)
    again = field.Recheck.objects.create(
        community_id=community.id, draw=drawn, record="visit", record_id=visit.pk,
        record_at=at, worker_id=worker, grid_id=grid, drawn="random", lot=1, made_at=at, visitor_id=other, due_date=day,
        found="mistaken", found_words=f"CANARYFOUND{mark}", found_at=at, answer_until_date=day + WEEK,
    )  # fmt: skip
    note = field.DiaryNote.objects.create(
        community_id=community.id, key=KEY, worker_id=worker, day_date=day, kind="visit", words=f"CANARYDIARY{mark}",
        made_at=at,
    )  # fmt: skip
    return {
        "dwelling_id": dwelling,
        "grid_id": grid,
        "plan_id": plan.pk,
        "visit_id": visit.pk,
        "patrol_id": patrol.pk,
        "help_id": helped.pk,
        "fieldwork.api_my_answer.service_id": helped.pk,
        "fieldwork.api_service_code.service_id": helped.pk,
        "recheck_id": again.pk,
        "note_id": note.pk,
    }


def _league(community: Community, at: datetime) -> dict[str, Any]:
    """Beside the run that nobody was told of, one of the week before that was: a worker's score, its card, an honour."""
    worker = community.people["grid_worker"].account_id
    kept = league.Run.objects.filter(community_id=community.id).earliest("pk")
    run = league.Run.objects.create(
        community_id=community.id, scheme_id=kept.scheme_id, version_id=kept.version_id, number=1, state="announced",
        since_date=kept.since_date - WEEK, until_date=kept.since_date, cause="due", ranked=True, digest="d",
        code_version="1", result_digest="r", subjects=1, computed_at=at, reviewed_at=at, announced_at=at,
        appeals_until=at + WEEK,
    )  # fmt: skip
    own: dict[str, Any] = {"community_id": community.id, "run": run}
    inputs = rows.Inputs(
        since_date=run.since_date, until_date=run.until_date, ranked=True, subjects=(), rows={}
    )
    league.RunInput.objects.create(**own, packed=rows.pack(inputs))
    league.Score.objects.create(
        **own, subject_kind="worker", subject_id=worker, total=80_000, rank=1, peers=1
    )
    planted = league.Part.objects.filter(community_id=community.id).earliest("pk")
    league.Part.objects.create(
        **own, subject_id=worker, order=1, indicator="on_time", numerator=1, denominator=1, points=80_000, most=100_000,
        explanation=planted.explanation,
    )  # fmt: skip
    league.SchemeVersion.objects.create(
        community_id=community.id, scheme_id=kept.scheme_id, number=2, says=kept.version.says,
        made_at=at,
    )  # fmt: skip
    rule = league.PublishingRule.objects.create(
        community_id=community.id, key=KEY, audience="residents", naming="number", most=5, hour=9, when_final=False,
        made_at=at,
    )  # fmt: skip
    card = league.Publication.objects.create(**own, rule=rule, published_at=at)
    proof = league.Certificate.objects.filter(community_id=community.id).earliest("pk")
    return {
        **{f"{name}.run_id": run.pk for name in TOLD},
        **{f"{name}.run_id": kept.pk for name in UNTOLD},
        "subject_id": worker,
        "drop_draft.scheme_id": kept.scheme_id,
        "board.ticket": card.ticket,
        "board_picture.ticket": card.ticket,
        "certificate.ticket": proof.ticket,
        **_fixed(),
    }


def _training(community: Community, at: datetime) -> dict[str, Any]:
    """A page and a course of the community's own, with drafts; a worker's open test; a certificate with its code."""
    worker, code = community.people["grid_worker"].account_id, f"own-{community.id}"
    own: dict[str, Any] = {"community_id": community.id}
    page = {**own, "slug": code, **asdict(shipped.pages()["urgent"][0].sheet)}
    learning.PageVersion.objects.create(
        **page, number=1, key=KEY, kind="text", reason="自有", published_at=at
    )
    learning.PageDraft.objects.create(**page, changed_at=at)
    course = shipped.courses()["data-literacy"].course
    content = {**course_file.plain(course), "code": code}
    learning.CourseDraft.objects.create(**own, code=code, content=content, changed_at=at)
    held = learning.CourseVersion.objects.create(
        **own, code=code, number=1, key=KEY, content=content, reason="自有", published_at=at
    )
    paper = papers.draw(course, questions=3, seed=1)
    test = {**own, "course": held, "code": code, "seed": 1, "paper": [one.plain() for one in paper]}
    test |= {"passing": 80, "begun_date": at.date(), "asked": 3}
    open_ = learning.Attempt.objects.create(**test, account_id=worker)
    done = learning.Attempt.objects.create(**test, account_id=worker, ended_at=at, right=3, passed=True)
    proof = learning.Certificate.objects.create(
        **own, attempt=done, account_id=worker, code=numbering.secret_code().replace("-", ""), course=code, shown="short",
        issued_at=at,
    )  # fmt: skip
    return {
        **{f"{name}.code": code for name in OWN_COURSE},
        **{f"{name}.slug": code for name in OWN_PAGE},
        **dict.fromkeys(("attempt_id", "test_id"), open_.pk),
        **{f"{name}.certificate_id": proof.pk for name in PROOF},
        **dict.fromkeys(("verify.code", "training.api_verify.code"), proof.code),
    }


def secrets(community: Community) -> list[tuple[str, str, frozenset[str]]]:
    """The words planted, what they are, and who of the community may read them without asking for them."""
    nobody, mine = frozenset[str](), frozenset({"grid_worker"})
    there = "other_grid_worker" if "other_grid_worker" in community.people else "dispatcher"
    may = {
        "CARE": ("words of a care plan", nobody),  # behind a button that is written down
        "VISIT": ("words of a visit", nobody),
        "HELP": (
            "words of help given",
            mine | {"resident", "dispatcher", "verifier", "leader"},
        ),  # who may call
        "FOUND": ("what a re-visit found", mine | {there, "leader"}),
        "DIARY": ("a worker's diary", mine),
    }
    return [(f"CANARY{name}{community.code}", about, who) for name, (about, who) in may.items()]
