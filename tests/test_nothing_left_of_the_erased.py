"""P20: whoever is erased is nowhere: not in a table, a search vector, a session, a job, a log line or a file."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from linli.cases.actions import cutting, upload
from linli.cases.actions.cutting import Marks
from linli.cases.models import Case, Move, SavedFilter
from linli.cases.rules.intake import Channel, PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.cases.tests import ground
from linli.cases.tests.cast import AT, Cast, Person, committed_cast  # noqa: F401  (fixtures)
from linli.grids.models import Membership, Residence
from linli.kernel import access, audit, events, scope
from linli.kernel.logs import JsonFormatter
from linli.people import models, rules
from linli.people.actions import accounts, codes, contact, erasure, my_data, tokens
from linli.runtime.testing.server import Use

NAME, PHONE = "欧阳兰芷", "13966667777"
CALLED, OTHER_PHONE = "兰芷她妈", "13766665555"
ADDRESS = "幸福里小区七号楼一单元九零二"
ID_NUMBER, CARD, MAIL, PLATE = "520113196503071238", "6222021234567890128", "lanzhi@example.com", "贵A7K3M9"
SPACED, WIDE, SPOKEN = "139 6666 7777", "１３９６６６６７７７７", "一三九六六六六七七七七"
TOKEN_NAME, DRAFT = "兰芷的手机", "兰芷还没写完的草稿"
LON = 106.651234
CANARIES = (
    NAME, PHONE, f"+86{PHONE}", CALLED, OTHER_PHONE, ADDRESS, ID_NUMBER, CARD, MAIL, PLATE, SPACED, WIDE, SPOKEN,
    TOKEN_NAME, DRAFT, str(LON), "兰芷",
)  # fmt: skip
WORDS = (
    f"我是{NAME}（{CALLED}），电话{SPACED}，也可打{WIDE}或{SPOKEN}，"
    f"证件{ID_NUMBER}，卡{CARD}，{MAIL}，车{PLATE}：楼道漏水"
)


@pytest.fixture
def erased(committed_cast: Cast) -> Person:
    """A resident of the community who has used everything."""
    profile = accounts.Profile(name=NAME, language="zh-hans", elder=True)
    phone, purposes = rules.normal_phone(PHONE), frozenset({rules.Purpose.ACCOUNT})
    account = accounts.sign_up(phone=phone, profile=profile, purposes=purposes, password="Lan-Zhi-1", at=AT)
    person = Person(account.pk, NAME, phone)
    ground.join(person.actor(), committed_cast.here.places["building"], at=AT)
    return person


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Every line our own logs would have written meanwhile."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonFormatter().format(record))

    keeper = Keep(level=logging.DEBUG)
    logging.getLogger().addHandler(keeper)
    yield lines
    logging.getLogger().removeHandler(keeper)


def live(cast: Cast, person: Person) -> str:
    """Months of a resident's life with us; gives the number of their case."""
    picture, added, _loose = (uploaded(cast, person, colour) for colour in ("#102030", "#405060", "#708090"))
    number = cast.report(
        WORDS, by=person, contact_name=CALLED, contact_phone=OTHER_PHONE, publish=True, uploads=(picture,),
        place=PlaceGiven(lon=LON, lat=26.6512, address=ADDRESS), key="lanzhi",
    ).number  # fmt: skip
    cast.move(number, Verb.ADD, person, words=f"又漏了，找{NAME}，{PHONE}", uploads=(added,))
    cast.move(number, Verb.NOTE, cast.dispatcher, note=f"已致电{CALLED} {OTHER_PHONE}，师傅电话13800001111")
    cast.dispatched(number, at=AT + timedelta(minutes=5))
    cast.move(
        number,
        Verb.JOINT,
        cast.dispatcher,
        organisation_id=cast.department.pk,
        words=f"请联系{NAME}（{OTHER_PHONE}）",
    )
    cast.move(number, Verb.SIGN, cast.property_handler, at=AT + timedelta(hours=1))
    cast.move(
        number, Verb.HANDLED, cast.property_handler, at=AT + timedelta(hours=3), answer="已修好",
        note=f"{NAME}在家", uploads=(uploaded(cast, cast.property_handler, "#a0b0c0"),),
    )  # fmt: skip
    cast.move(number, Verb.CLOSE, cast.verifier, at=AT + timedelta(hours=5), answer="已修好。")
    cast.move(
        number, Verb.RATE, person, at=AT + timedelta(hours=6), solved=True, stars=5, words=f"谢谢，{NAME}"
    )
    cast.report(
        f"{NAME}来电：灯坏了，回电{SPACED}", by=cast.dispatcher, channel=Channel.DESK, contact_name=NAME,
        contact_phone=rules.normal_phone(PHONE),
    )  # fmt: skip
    _around(cast, person)
    return str(number)


def uploaded(cast: Cast, by: Person, colour: str) -> str:
    """The ticket of a picture of its own."""
    data = ground.picture_bytes(colour)
    sent = SimpleUploadedFile("a.jpg", data)
    kept = upload.accept(
        actor=by.actor(), community_id=cast.here.id, file=sent, at=AT, network="203.0.113.0/24"
    )
    return str(kept.ticket)


def _around(cast: Cast, person: Person) -> None:
    """What is not a case: tokens, codes, an export, a home, a begun report, somebody who looked."""
    tokens.issue_token(actor=person.actor(), name=TOKEN_NAME, scopes=["cases:read"], at=AT)
    purpose = models.SignInCode.Purpose.SIGN_IN
    codes.send_code(phone=person.phone, purpose=purpose, network="203.0.113.0/24", language="zh-hans", at=AT)
    my_data.ask_export(account_id=person.account_id, session_key="lanzhi", at=AT)
    with cast.inside():
        home = cast.here.places["building"].id
        Residence.objects.create(
            community_id=cast.here.id, dwelling_id=home, account_id=person.account_id, asked_at=AT
        )
    SavedFilter.objects.create(account_id=person.account_id, community_id=cast.here.id, name="兰芷", query="")
    session = SessionStore()
    session[SESSION_KEY] = str(person.account_id)
    session["linli.report"] = {"words": DRAFT}
    session.create()
    with cast.inside():
        contact.reveal_contact(
            actor=cast.dispatcher.actor(), account_id=person.account_id, community_id=cast.here.id,
            why=contact.WhyRead.HANDLE_CASE, task="case:1", at=AT,
        )  # fmt: skip


def work(reactions: str) -> None:
    """Do the jobs whose reaction is named so, as the worker does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE args ->> 'fact' = %s ORDER BY id", [reactions]
        )
        jobs = [row[0] for row in cursor.fetchall()]
    assert jobs
    for args in jobs:
        events.react(**_json(args))


def _json(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else json.loads(value)


def everything(server: Use, home: Path) -> str:
    """Each cell of each table as text, sessions decoded, and each file's name and bytes."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(server.postgres.superuser_url(name)) as superuser:
        tables = superuser.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        ).fetchall()
        cells = [
            str(row[0])
            for (table,) in tables
            for row in superuser.execute(f'SELECT t::text FROM "{table}" t'.encode()).fetchall()
        ]
        sessions = superuser.execute("SELECT session_data FROM django_session").fetchall()
    cells += [str(SessionStore().decode(data)) for (data,) in sessions]
    files = [path for path in home.rglob("*") if path.is_file()]
    return "\n".join([*cells, *(str(path) + path.read_bytes().decode("latin-1") for path in files)])


def pictures_in(home: Path) -> set[Path]:
    """Every file among the media."""
    return {path for path in (home / "media").rglob("*") if path.is_file()}


def shapes(canary: str) -> list[str]:
    """The canary, and what an unkeyed digest or an encoding of it would look like."""
    raw = canary.encode()
    hidden = [raw, *(hashlib.new(how, raw).digest() for how in ("md5", "sha1", "sha256"))]
    return [canary, *(each for one in hidden for each in (one.hex(), base64.b64encode(one).decode()))]


def found(text: str) -> list[str]:
    return [f"{canary} as {shape}" for canary in CANARIES for shape in shapes(canary) if shape in text]


def test_nothing_is_left_of_who_was_erased(
    committed_cast: Cast, erased: Person, database_server: Use, said: list[str], settings: Any, tmp_path: Path
) -> None:
    settings.LINLI_ERASED_FILE = str(tmp_path / "erased.jsonl")
    home = Path(settings.HOME)
    of_others = pictures_in(home)
    number = live(committed_cast, erased)
    before = everything(database_server, home)
    assert {WORDS, TOKEN_NAME, DRAFT, ADDRESS, str(LON)} <= {
        each for each in (*CANARIES, WORDS) if each in before
    }
    pictures = pictures_in(home) - of_others
    assert len(pictures) == 8

    erasure.erase_account(account_id=erased.account_id, at=AT + timedelta(days=1))
    work("people.AccountErased")

    after = everything(database_server, home)
    assert found(after) == []
    assert found("\n".join(said)) == []
    left = pictures & pictures_in(home)
    assert len(left) == 2  # the proof of the work stays, with its small picture; three of theirs are gone
    _the_matter_stays(committed_cast, number)
    _the_person_is_untied(erased)
    audit.seal_pending()
    assert list(audit.verify(at=AT + timedelta(days=2))) == []


def _the_matter_stays(cast: Cast, number: str) -> None:
    case = cast.case(number)
    assert "楼道漏水" in case.words
    assert (case.state, case.stars, case.answer) == ("closed", 5, "已修好。")
    with cast.inside():
        moves = Move.objects.filter(case=case).order_by("seq")
        assert [move.verb for move in moves].count("rate") == 1
        note = moves.get(verb="note").note
        assert note.startswith("已致电***")
        assert "13800001111" in note  # the plumber's, not theirs
        assert not Case.objects.filter(reporter_id__isnull=False, number=number).exists()


def _the_person_is_untied(person: Person) -> None:
    with scope.within([1, 2, 3, 4, 5]):
        assert not Membership.objects.filter(account_id=person.account_id).exists()
        assert not Residence.objects.filter(account_id=person.account_id).exists()
    assert not models.ApiToken.objects.filter(account_id=person.account_id, revoked_at=None).exists()


def test_the_application_may_cut_strings_out_of_history_and_change_nothing_else(
    committed_cast: Cast, erased: Person, database_server: Use
) -> None:
    number = committed_cast.report(by=erased).number
    committed_cast.move(number, Verb.ADD, erased, words="找兰芷")
    with committed_cast.inside():
        move = Move.objects.get(verb="add")
        with connection.cursor() as cursor:
            cursor.execute("SELECT linli_cut_cases_move(%s, %s)", [[move.pk], ["兰芷", "找"]])
        assert Move.objects.get(verb="add").answer == "找***"  # a single character is never cut
        with connection.cursor() as cursor:
            cursor.execute("SET linli.cutting = 'cases_move'")
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute("UPDATE cases_move SET answer = 'x'")
    name = connection.settings_dict["NAME"]
    with psycopg.connect(database_server.postgres.url("linli_owner", name)) as owner:
        owner.execute("SELECT set_config('linli.cutting', 'cases_move', false)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
            owner.execute("UPDATE cases_move SET answer = 'x'")


@pytest.mark.parametrize(
    ("written", "own", "left"),
    [
        ("找王小明，13812345678", True, "找***，***"),
        ("王小明家 138-1234-5678，师傅13900001111", False, "***家 ***，师傅13900001111"),
        ("13900001111", True, "***"),
        ("灯坏了", True, "灯坏了"),
    ],
)
def test_names_and_numbers_are_cut_and_the_rest_is_readable(written: str, own: bool, left: str) -> None:
    marks = Marks.of(["王小明", None, "王"], ["+8613812345678", None])
    assert cutting.cut(written, marks, own=own) == left


def test_who_is_on_duty_is_not_erased(committed_cast: Cast) -> None:
    with pytest.raises(access.Forbidden):
        erasure.erase_account(account_id=committed_cast.dispatcher.account_id, at=AT)
