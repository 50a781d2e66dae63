"""The fixed cast: two communities and the people every test speaks of, made with actions.

From another room's tests: ``from linli.cases.tests.cast import cast, standing_cast  # noqa: F401`` in its conftest.py.
``cast.resident.actor()`` is the actor with all duties; ``sign_in(client, cast.resident)`` opens a session;
``cast.report(...)`` and ``cast.move(...)`` make cases. The cast enters no community: to read walled rows use
``with cast.inside():``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from linli.cases.actions import moves
from linli.cases.actions import report as reporting
from linli.cases.models import Case, Category, PromiseRow
from linli.cases.queries import reference
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.cases.tests import ground
from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.kernel import clock, scope
from linli.kernel.access import ANONYMOUS, SYSTEM, Actor
from linli.kernel.clock import LOCAL
from linli.people import rules as people_rules
from linli.people import sessions
from linli.people.actions import accounts, organisations
from linli.people.models import Account, Organisation

AT = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)  # a Monday morning, offices open
FROM = date(2025, 1, 1)
PASSWORD = "lamp-post-eight"
#: code, Chinese, English, keywords, sensitive
CATEGORIES = (
    ("environment", "环境卫生", "Environment", (), False),
    ("environment.garbage", "垃圾清运", "Garbage", ("垃圾", "清运"), False),
    ("facilities", "公共设施", "Public facilities", (), False),
    ("facilities.lighting", "照明", "Lighting", ("路灯", "不亮"), False),
    ("facilities.manhole", "井盖", "Manhole covers", ("井盖",), False),
    ("property", "物业管理", "Property management", (), False),
    ("property.lift", "电梯", "Lifts", ("电梯",), False),
    ("family", "家庭纠纷", "Family disputes", ("家暴",), True),
)
#: stage, amount, unit, start rule, urgency
PROMISES = (
    ("accept", "8", "working_hour", "next_working_moment", ""),
    ("accept", "0.5", "hour", "at_once", "critical"),
    ("dispatch", "2", "working_hour", "next_working_moment", ""),
    ("sign", "4", "working_hour", "next_working_moment", ""),
    ("first_contact", "24", "hour", "at_once", ""),
    ("resolve", "5", "working_day", "next_day", ""),
    ("resolve", "24", "hour", "at_once", "critical"),
    ("rule", "8", "working_hour", "next_working_moment", ""),
    ("verify", "2", "working_day", "next_day", ""),
    ("follow_up", "3", "working_day", "next_day", ""),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast."""

    account_id: int
    name: str
    phone: str

    @property
    def account(self) -> Account:
        """The row, fresh."""
        return Account.objects.get(pk=self.account_id)

    def actor(self, at: datetime = AT) -> Actor:
        """The person with all duties in force."""
        if not self.account_id:
            return ANONYMOUS
        found = grids.actor(self.account_id, at, mfa=True)
        assert found is not None
        return found


@dataclass(slots=True)
class Community:
    """One community with its places, organisations and people."""

    id: int
    code: str
    places: dict[str, PlaceRow]
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def place(self) -> PlaceRow:
        """The community itself."""
        return self.places["community"]

    def __getattr__(self, name: str) -> Any:
        for held in ("places", "organisations", "people"):
            found = object.__getattribute__(self, held).get(name)
            if found is not None:
                return found
        raise AttributeError(name)


@dataclass(slots=True)
class Cast:
    """Everybody. ``here`` is the community most tests are in, ``elsewhere`` another sealed one."""

    here: Community
    elsewhere: Community
    stranger: Person  # has an account, belongs nowhere

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "here"), name)

    def everybody(self) -> dict[str, Person]:
        """All persons by a name that says who they are."""
        others = {f"elsewhere_{key}": person for key, person in self.elsewhere.people.items()}
        return {**self.here.people, **others, "stranger": self.stranger}

    @contextmanager
    def inside(self, *communities: Community) -> Iterator[None]:
        """Work inside these communities (``here`` if none is named)."""
        with scope.within([each.id for each in communities or (self.here,)]):
            yield

    def report(
        self,
        words: str = "8 栋门口的路灯不亮，晚上看不见路",
        *,
        by: Person | None = None,
        at: datetime = AT,
        community: Community | None = None,
        key: str = "",
        limited: bool = True,
        **fields: Any,
    ) -> reporting.Receipt:
        """A report by the resident (or somebody else, or nobody: ``by=cast.nobody``)."""
        where = community or self.here
        who = by or where.people["resident"]
        fields.setdefault("place", PlaceGiven(building_id=where.places["building"].id))
        fields.setdefault("channel", Channel.PAGE)
        fields.setdefault("kind", Kind.HELP)
        return reporting.report(
            actor=who.actor(at),
            community_id=where.id,
            report=Report(words=words, **fields),
            at=at,
            key=key,
            network="203.0.113.0/24",
            limited=limited,
        )

    @property
    def nobody(self) -> Person:
        """Somebody who has not signed in."""
        return Person(0, "", "")

    def move(
        self, number: str, verb: Verb, by: Person, *, at: datetime = AT, code: str = "", **given: Any
    ) -> Case:
        """One move on a case by a person of the cast."""
        actor = by.actor(at)
        return moves.take(actor=actor, number=number, given=Given(verb=verb, **given), at=at, code=code)

    def case(self, number: str) -> Case:
        """The case's row, past every right: for looking at what became of it."""
        with self.inside(self.here, self.elsewhere):
            return Case.objects.get(number=number)

    def dispatched(self, number: str, *, at: datetime = AT) -> Case:
        """The case accepted as lighting and sent to the property company."""
        return self.move(
            number,
            Verb.DISPATCH,
            self.dispatcher,
            at=at,
            category_code="facilities.lighting",
            organisation_id=self.property_company.pk,
        )

    def settled(self, number: str, *, at: datetime = AT, proof: str = "", public_words: str = "") -> Case:
        """The case all the way: dispatched, signed, handled with proof, closed by the verifier.

        ``proof`` is the ticket of an uploaded picture.
        """
        self.dispatched(number, at=at)
        self.move(number, Verb.SIGN, self.property_handler, at=at + timedelta(hours=1))
        uploads = (proof or self.picture(self.property_handler, at=at + timedelta(hours=2)),)
        self.move(
            number,
            Verb.HANDLED,
            self.property_handler,
            at=at + timedelta(hours=3),
            answer="灯泡已更换，今晚起亮灯。",
            note="INTERNAL-CANARY 线路老化，另报街道",
            uploads=uploads,
        )
        return self.move(
            number,
            Verb.CLOSE,
            self.verifier,
            at=at + timedelta(hours=5),
            answer="灯泡已更换，今晚起亮灯。",
            public_words=public_words,
        )

    def picture(self, by: Person, *, at: datetime = AT, community: Community | None = None) -> str:
        """The ticket of a small picture this person has uploaded."""
        return ground.uploaded_picture(by.actor(at), (community or self.here).id, at=at)


def sign_in(client: Client, person: Person, *, second_factor: bool = True) -> Client:
    """Open a session of this person, the second factor passed."""
    client.force_login(person.account, backend=sessions.BACKEND)
    session = client.session
    session[sessions.SEEN] = clock.now().timestamp()
    if second_factor:
        session[sessions.SECOND_FACTOR] = [person.account_id, AT.timestamp()]
    session.save()
    return client


def _person(name: str, phone: str, level: people_rules.Level = people_rules.Level.PHONE) -> Person:
    profile = accounts.Profile(name=name, language="zh-hans", elder=False)
    e164 = people_rules.normal_phone(phone)
    account = accounts.open_account(
        actor=SYSTEM, phone=e164, profile=profile, at=AT, level=level, example=True
    )
    return Person(account.pk, name, e164)


def _organisations(community: Community, leader: Person) -> None:
    for key, (kind, zh, en, phone) in ORGANISATIONS.items():
        community.organisations[key] = organisations.create_organisation(
            actor=leader.actor(),
            community_id=community.id,
            kind=kind,
            sign=organisations.Sign(name_zh=zh, name_en=en, phone=phone),
            at=AT,
        )


def _reference(community_id: int) -> None:
    for order, (code, zh, en, keywords, sensitive) in enumerate(CATEGORIES):
        Category.objects.create(
            community_id=community_id, code=code, name_zh=zh, name_en=en, keywords=list(keywords),
            sensitive=sensitive, order=order, valid_from=FROM,
        )  # fmt: skip
    for stage, amount, unit, start_rule, urgency in PROMISES:
        PromiseRow.objects.create(
            community_id=community_id, stage=stage, amount=Decimal(amount), unit=unit, start_rule=start_rule,
            urgency=urgency, valid_from=FROM,
        )  # fmt: skip
    reference.forget(community_id)


ORGANISATIONS = {
    "committee": (Organisation.Kind.COMMITTEE, "居委会", "Residents' committee", "0851-85550001"),
    "property_company": (Organisation.Kind.PROPERTY_COMPANY, "安居物业", "Anju Property", "0851-85550002"),
    "police_station": (Organisation.Kind.POLICE_STATION, "派出所", "Police station", "0851-85550003"),
    "department": (Organisation.Kind.STREET_DEPARTMENT, "街道城管办", "Works office", "0851-85550004"),
}
#: who, name, role, place, organisation
HERE = (
    ("grid_worker", "王小明", "grid_worker", "grid", ""),
    ("other_grid_worker", "石磊", "grid_worker", "other_grid", ""),
    ("police", "赵警官", "police", "grid", "police_station"),
    ("assistant", "孙辅", "assistant", "grid", ""),
    ("building_head", "周栋长", "building_head", "building", ""),
    ("dispatcher", "刘调度", "dispatcher", "community", "committee"),
    ("verifier", "陈核查", "verifier", "community", "committee"),
    ("property_handler", "何物业", "property_handler", "community", "property_company"),
    ("department_handler", "吴城管", "department_handler", "community", "department"),
    ("auditor", "郑审计", "auditor", "community", ""),
    ("admin", "冯管理", "admin", "community", ""),
)
ELSEWHERE = (
    ("grid_worker", "许远", "grid_worker", "grid", ""),
    ("dispatcher", "何方", "dispatcher", "community", "committee"),
    ("property_handler", "吕他", "property_handler", "community", "property_company"),
)


def _people(community: Community, duties: tuple[tuple[str, str, str, str, str], ...], prefix: str) -> None:
    leader = community.people["leader"] = _person("李书记", f"{prefix}00")
    ground.appoint(leader.account_id, "community_leader", community.place, None, at=AT)
    _organisations(community, leader)
    for index, (key, name, role, place, body) in enumerate(duties, start=1):
        person = community.people[key] = _person(name, f"{prefix}{index:02d}")
        organisation = community.organisations[body].pk if body else None
        ground.appoint(person.account_id, role, community.places[place], organisation, at=AT)
    for key, name, tail in (("resident", "张居民", "50"), ("neighbour", "钱邻居", "51")):
        community.people[key] = _person(name, f"{prefix}{tail}")
        ground.join(community.people[key].actor(), community.places["building"], at=AT)


def gather() -> Cast:
    """Make the whole cast."""
    here = Community(*ground.lay_out("520113008006", "铝兴社区", "Lüxing Community", 106.650, 26.650, at=AT))
    elsewhere = Community(*ground.lay_out("310105005025", "仁恒社区", "Renheng", 121.40, 31.21, at=AT))
    for community, duties, prefix in ((here, HERE, "138511001"), (elsewhere, ELSEWHERE, "138211001")):
        _reference(community.id)
        _people(community, duties, prefix)
    here.people["community_leader"] = here.people["leader"]
    return Cast(here=here, elsewhere=elsewhere, stranger=_person("陌生人", "13951100199"))


@pytest.fixture
def this_evening(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Every door reads the evening of the cast's day, whatever the day on which the tests run."""
    evening = AT + timedelta(hours=8)
    monkeypatch.setattr(clock, "now", lambda: evening)
    return evening


@pytest.fixture(scope="module")
def standing_cast(common: Any) -> Cast:
    """The fixed cast, made once a module under the transactions of its tests."""
    made: Cast = common(gather)
    return made


@pytest.fixture
def cast(common: Any, standing_cast: Cast, db: None) -> Cast:
    """The fixed cast, for tests inside one transaction."""
    reference.forget()
    made: Cast = common(gather)  # a test with real commits may have ended what stood
    return made


@pytest.fixture
def committed_cast(committed_db: None) -> Cast:
    """The fixed cast, committed: for threads, live servers and ``on_commit``."""
    reference.forget()  # the numbers that a community had in another test
    return gather()
