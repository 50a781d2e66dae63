"""The table of residents' pages in ``docs/pages.md``: what it says, which pages it must hold, and on which ground."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.urls import URLPattern, URLResolver

from linli.assessment.actions import publishing as league
from linli.assessment.actions import runs, schemes, stars
from linli.cases.tests.cast import AT, Cast
from linli.fieldwork.actions import services as help_given
from linli.fieldwork.rules.services import Given
from linli.groups import actions as groups
from linli.groups.rules import Code, Sign
from linli.integrations.wechat.tests import stage
from linli.notices.models import Notice
from linli.notices.tests.told import say
from linli.publishing import actions as publishing
from linli.publishing.actions_services import offer_service
from linli.publishing.rules import Draft
from linli.publishing.rules_services import Sheet
from linli.training.actions import taking
from linli.training.queries import held
from linli.training.rules import course_file, papers

TABLE = Path(__file__).resolve().parents[1] / "docs" / "pages.md"
LIMIT_KB = 40
LIMIT_SECONDS = 2.0
LEEWAY_KB = 2  # what is written on a page differs a little from one community to the next
HEAD = """# What every resident's page costs, and who can use it

| column | says |
|---|---|
| weight | page, styles and scripts on a first visit, as they travel (gzip), before pictures; at most {limit} KB |
| first paint | seconds until there is something to read, on a first visit from a weak phone; at most {seconds:g} s |
| without JavaScript | every link, field and button of the page is there, and works, with scripts switched off |
| axe | serious or critical findings of axe-core on a phone, in Chinese, English and large type (长辈版) |

A weak phone: 150 ms there and back, 1.6 Mbit/s, and a processor four times slower than the one that measured.
Measured in a real Chromium by `python tests/journeys/test_pages_table.py`, which renews the table; a thorough run
compares it (±{leeway} KB, for what is written on a page differs). Every day `tests/test_pages_promised.py` looks whether
every page of a resident is here and keeps its promise, and weighs again what needs no browser. `…` stands for a code, a
number or a key.

"""
#: Pages that are a script's by nature, and say so without one.
SCRIPTED = {
    "report: offline": "no: what a phone keeps is shown by a script alone",
    "second factor: key": "no: browsers ask for keys by script alone",
}
#: Addresses for residents that show no page of their own, and why.
NO_PAGES = {
    "/sw.js": "the service worker",
    "/manifest/….webmanifest": "how the pages are installed",
    "/place/…/announcements.atom": "a feed",
    "/place/…/announcements/…/card/…-…-….png": "a picture",
    "/place/…/announcements/…/files/…/": "a file",
    "/place/…/announcements/…/files/…/thumb/": "a file",
    "/place/…/card/…-…-….png": "a picture",
    "/place/…/form.pdf": "a file, to be printed",
    "/settled/…/…/card/…-…-….png": "a picture",
    "/groups/…/picture/": "a picture",
    "/board/…/…/…-….png": "a picture",
    "/place/…/grids.geojson": "outlines for a map",
    "/p/…/": "a scanned code: leads on",
    "/report/outbox/": "answers the phone in JSON",
    "/report/danger/": "a part of the report page",
    "/report/alike/": "a part of the report page",
    "/report/join/…/": "a deed: leads on",
    "/report/joined/…/": "the receipt of who joined: as `/report/receipt/…/`",
    "/upload/": "answers the phone in JSON",
    "/files/…/": "a file",
    "/files/…/thumb/": "a file",
    "/my/…/forget/": "a deed: leads on",
    "/case/…/leave/": "a deed: leads on",
    "/case/…/word/": "a deed: leads on",
    "/case/…/…/": "a deed: leads on",
    "/sign-in/again/": "a step of `/sign-in/code/`, reached by sending only",
    "/me/sessions/": "a deed: leads on",
    "/me/tokens/": "for staff",
    "/me/tokens/…/revoke/": "for staff",
    "/me/identities/": "for staff",
    "/me/identities/…/end/": "for staff",
    "/sign-in/oidc/…/": "for staff: leads on to their identity provider",
    "/sign-in/oidc/…/back/": "for staff: leads on",
    "/me/second-factor/check/": "a field for six digits, as `/sign-in/code/`",
    "/me/second-factor/recovery/": "a deed: its codes are shown once",
    "/me/second-factor/…/remove/": "a deed: leads on",
    "/me/data/consents/…/": "a deed: leads on",
    "/me/data/export/": "answers a form: how to take the file",
    "/me/data/export/take/": "a file",
    "/me/home/…/end/": "a deed: leads on",
    "/me/home/…/renew/": "a deed: leads on",
    "/me/building/": "a deed: leads on",
    "/place/…/portrait/…/": "a picture",
    "/me/notices/read/": "a deed: leads on",
    "/me/notices/choices/mail/": "a deed: leads on",
    "/wechat/…/": "where the platform speaks",
    "/wechat/…/page.json": "answers a script in JSON",
    "/wechat/…/notices/agreed/": "back from the platform: leads on",
    "/sign-in/wechat/…/": "leads on to the platform",
    "/sign-in/wechat/…/back/": "back from the platform: leads on",
    "/sign-in/wechat/…/first/": "once a life, with a mark of the platform; as `/sign-up/`",
    "/faces/language/": "a deed: leads on",
    "/faces/elder/": "a deed: leads on",
    "/faces/": "the style sheet, in a demo only",
    "/faces/…/": "the style sheet, in a demo only",
}
#: What is for staff, for programs, or for whoever tries the demo.
BEYOND = (
    "/desk/",
    "/control/",
    "/league/",
    "/admin/",
    "/api/",
    "/open311/",
    "/hotline/",
    "/demo/",
    "/notices/receipts/",
    "/healthz",
    "/readyz",
    "/metrics",
)


@dataclass
class Row:
    """What was found out about one page."""

    name: str
    address: str
    weight: float = 0.0
    paint: float = 0.0
    plain: bool = False
    findings: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Its line of the table."""
        said = [
            self.name,
            f"`{self.address}`",
            f"{self.weight:.1f} KB",
            f"{self.paint:.1f} s",
            "yes" if self.plain else SCRIPTED.get(self.name, "**no**"),
            ", ".join(sorted(set(self.findings))) or "none",
        ]
        return f"| {' | '.join(said)} |\n"


@dataclass(frozen=True)
class Ground:
    """What the pages show: one settled case, one announcement, one service, one notice, an official account."""

    cast: Cast
    settled: str
    announcement: int
    service: int
    notice: int
    group: str
    certificate: str
    board: str
    honour: str
    help: int

    def fresh(self) -> dict[str, str]:
        """The pages of somebody who has not signed in: name and address."""
        here, building = self.cast.here.code, self.cast.building.code
        return {
            "choose a community": "/",
            "sign in": "/sign-in/",
            "sign in by code": "/sign-in/code/",
            "new account": "/sign-up/",
            "follow by number and code": "/follow/",
            "a community": f"/place/{here}/",
            "a building": f"/place/{building}/",
            "announcements": f"/place/{here}/announcements/",
            "one announcement": f"/place/{here}/announcements/{self.announcement}/",
            "services": f"/place/{here}/services/",
            "one service": f"/place/{here}/services/{self.service}/",
            "what was settled": f"/settled/{here}/",
            "one settled case": f"/settled/{here}/{self.settled}/",
            "report: offline": "/report/offline/",
            "does a certificate hold": "/certificates/",
            "a certificate": f"/certificates/{self.certificate}/",
            "the certificate of an honour": f"/certificate/{here}/{self.honour}/",
            "the league": f"/place/{here}/league/",
            "a board of the league": f"/board/{here}/{self.board}/",
        }

    def own(self) -> dict[str, str]:
        """The pages of a resident that stand by themselves."""
        return {
            "home": "/",
            "report: words": "/report/",
            "my things": "/my/",
            "me": "/me/",
            "what I was told": "/me/notices/",
            "one notice": f"/me/notices/{self.notice}/",
            "how I want to be told": "/me/notices/choices/",
            "my WeChat": "/me/wechat/",
            "the code of a group": f"/groups/{self.group}/",
            "notices in WeChat": f"/wechat/{stage.KEY}/notices/",
            "name and language": "/me/profile/",
            "change phone": "/me/phone/",
            "change password": "/me/password/",
            "second factor": "/me/second-factor/",
            "second factor: app": "/me/second-factor/app/",
            "second factor: key": "/me/second-factor/key/",
            "my home": "/me/home/",
            "help I was given": "/me/help/",
            "was I helped": f"/me/help/{self.help}/",
            "about my data": "/me/data/",
            "delete my account": "/me/data/delete/",
            "sign out": "/sign-out/",
        }


def ground(cast: Cast) -> Ground:
    settled = cast.report(key="table", publish=True).number
    cast.settled(settled)
    say(cast, cast.resident, fact="table:1", kind="case_declined")  # stays unread
    say(cast, cast.resident, fact="table:2")
    stage.open_account(cast, at=AT)
    day = AT.date()
    with cast.inside():
        told = publishing.publish(
            actor=cast.leader.actor(),
            place_id=cast.here.id,
            draft=Draft(
                "周六停水通知",
                "周六 9:00 至 12:00 检修水管，请提前储水。",
                day,
                day + timedelta(days=30),
                "Water off",
                "Saturday.",
            ),
            key=uuid.UUID(int=1),
            at=AT,
        )
        service = offer_service(
            actor=cast.leader.actor(),
            place_id=cast.here.id,
            sheet=Sheet(
                "papers", "居住证申领", "到窗口办理。", day, papers_zh="身份证\n照片", phone="0851-85550001"
            ),
            key=uuid.UUID(int=3),
            at=AT,
        )
        notice = Notice.objects.filter(account_id=cast.resident.account_id).latest("pk")
        group = groups.open_group(
            actor=cast.leader.actor(),
            place_id=cast.building.id,
            sign=Sign(
                "residents", "wechat", "8号楼邻里群", "请联系网格员入群", owner_id=cast.grid_worker.account_id
            ),
            key=uuid.UUID(int=2),
            at=AT,
        )
        way_in = groups.set_code(
            actor=cast.leader.actor(),
            group_id=group.pk,
            code=Code(day + timedelta(days=5), "https://work.weixin.qq.com/gm/a1b2c3"),
            at=AT,
        )
        board, honour, given = _league(cast), _honour(cast), _help(cast)
    return Ground(
        cast, settled, told.pk, service.pk, notice.pk, str(way_in.ticket), certificate(cast), board, honour, given
    )  # fmt: skip


def _league(cast: Cast) -> str:
    """The ticket of a board: last week's run, made known to residents."""
    leader, here = cast.leader.actor(), cast.here.id
    says = {
        "name": {"zh": "周排行", "en": "Week"}, "level": "worker", "period": "week",
        "items": [{"indicator": "on_time", "weight": 100, "floor": "0%", "target": "100%"}],
    }  # fmt: skip
    before, key = AT - timedelta(days=10), uuid.UUID(int=4)
    draft = schemes.draft(actor=leader, community_id=here, says=says, key=key, at=before)
    schemes.publish(actor=leader, version_id=draft.pk, why="议事会通过", legal_basis="试点方案", at=before)
    wanted = league.Wanted("residents", "none", 3, 9, when_final=False, basis="")
    league.set_rule(actor=leader, community_id=here, wanted=wanted, key=key, at=before)
    run = runs.compute(
        actor=leader,
        community_id=here,
        scheme_id=draft.scheme_id,
        since_date=(AT - timedelta(days=7)).date(),
        at=AT,
    )
    runs.review(actor=cast.dispatcher.actor(), run_id=run.pk, at=AT, note="看过")
    runs.announce(actor=leader, run_id=run.pk, at=AT)
    made = league.publish_now(actor=leader, run_id=run.pk, at=AT)
    if made is None:
        raise LookupError("board")
    return made.ticket


def _honour(cast: Cast) -> str:
    """The ticket of the paper for an honour."""
    given = stars.give_honour(
        actor=cast.leader.actor(), community_id=cast.here.id, account_id=cast.grid_worker.account_id,
        title_zh="雨夜先锋", title_en="A night of rain", reason="雨夜排险", key=uuid.UUID(int=5), at=AT,
    )  # fmt: skip
    return stars.issue(actor=cast.grid_worker.actor(), naming="full", honour_id=given.pk, at=AT).ticket


def _help(cast: Cast) -> int:
    """Help that the resident is asked about."""
    given = Given("e_commerce", "帮忙把干货上架", AT - timedelta(hours=1), phone=cast.resident.phone)
    made = help_given.give(
        actor=cast.grid_worker.actor(), grid_id=cast.grid.id, given=given, key=uuid.UUID(int=6), at=AT
    )
    return int(made.service.pk)


def certificate(cast: Cast) -> str:
    """The code of a certificate that a leader earned."""
    leader = cast.leader.actor()
    with cast.inside():
        row = taking.begin_test(actor=leader, community_id=cast.here.id, code="handbook-basics", at=AT)
        course = course_file.read(row.course.content)
        drawn = [(item, course.question(item.question)) for item in papers.paper(row.paper)]
        typed = {one.code: papers.solved(one, item.order) for item, one in drawn if one}
        taking.hand_in(actor=leader, attempt_id=row.pk, typed=typed, at=AT)
        (made,) = held.certificates_of(cast.here.id, [leader.person_id], AT.date())
    return made.code


def text(rows: list[Row]) -> str:
    head = HEAD.format(limit=LIMIT_KB, leeway=LEEWAY_KB, seconds=LIMIT_SECONDS)
    names = (
        "| page | address | weight | first paint | without JavaScript | axe |\n|---|---|--:|--:|---|---|\n"
    )
    return head + names + "".join(row.line() for row in rows)


@dataclass(frozen=True)
class Said:
    """One line of the table as it stands."""

    address: str
    weight: float
    paint: float
    plain: str
    findings: str


def said(table: str) -> dict[str, Said]:
    line = r"^\| (.+?) \| `(\S+)` \| ([\d.]+) KB \| ([\d.]+) s \| (.+?) \| (.+?) \|$"
    return {
        name: Said(address, float(weight), float(paint), plain, findings)
        for name, address, weight, paint, plain, findings in re.findall(line, table, re.MULTILINE)
    }


def routes(found: URLResolver, before: str = "/") -> set[str]:
    """Every address that is for residents, with … for its parameters."""
    shown = set[str]()
    for one in found.url_patterns:
        path = before + str(one.pattern)
        if path.startswith(BEYOND):
            continue
        if isinstance(one, URLResolver):
            shown |= routes(one, path)
        elif isinstance(one, URLPattern):
            shown.add(re.sub(r"<[^>]+>", "…", path))
    return shown
