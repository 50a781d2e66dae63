"""Two communities with everything that can be asked for by an address, and secrets planted in all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import SimpleCookie
from django.test.client import Client, ClientHandler

from linli.cases.models import Attachment, Category, ClockRow, PromiseRow, RoutingRow
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.cases.tests import cast as casting
from linli.cases.tests.cast import Cast, Community, Person
from linli.grids.actions import members
from linli.grids.models import Duty, Place, Residence
from linli.kernel import clock, scope
from linli.people import queries as people
from linli.people.models import Account, ApiToken, SecondFactor
from linli.people.rules import Scope
from tests.trust import at_work, calls, chasing, control_room, dangers, machine_help, open311, outside

NOW = clock.now()
#: Who knocks at every door. The other roles of the cast have the rights of one of these.
ACTORS = (
    "anonymous", "resident", "neighbour", "stranger", "grid_worker", "other_grid_worker", "building_head", "dispatcher",
    "verifier", "property_handler", "department_handler", "leader", "auditor", "admin", "elsewhere_dispatcher",
    "elsewhere_resident", "superuser",
)  # fmt: skip
STAFF = frozenset(ACTORS[4:14])
SEES = frozenset(
    {
        "resident",
        "grid_worker",
        "building_head",
        "dispatcher",
        "verifier",
        "property_handler",
        "department_handler",
    }
    | {"leader", "auditor", "admin"}
)
OUTSIDERS = frozenset({"elsewhere_dispatcher", "elsewhere_resident", "stranger", "superuser", "anonymous"})


@dataclass(frozen=True)
class Secret:
    """Something planted, and who may come to see it."""

    text: str
    about: str
    may: frozenset[str]


@dataclass
class Stage:
    """Everything."""

    cast: Cast
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)  # of which community: parameter: value
    secrets: list[Secret] = field(default_factory=list)
    people: dict[str, Person | None] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def values(self, name: str, parameters: tuple[str, ...], of: str) -> dict[str, Any]:
        """What stands in the place of a route's parameters."""
        known = self.objects[of]
        return {one: known.get(f"{name}.{one}", known.get(one)) for one in parameters}

    def client(self, who: str) -> Client:
        """A fresh browser of this person."""
        made = fresh()
        if who in self.cookies:
            made.cookies = SimpleCookie(self.cookies[who])
        return made

    def leaks(self, who: str, response: Any) -> list[str]:
        """The secrets in an answer (its words, headers and where it leads) that are not for this person."""
        body = b"".join(response) if response.streaming else response.content
        told = body.decode(errors="replace") + "".join(
            f"{name}: {text}" for name, text in response.headers.items()
        )
        return [secret.about for secret in self.secrets if secret.text in told and who not in secret.may]

    def ask(self, who: str, method: str, address: str, *, program: bool, body: Any = None) -> Any:
        """One request; whatever it changes is rolled back."""
        with undone():
            return self.send(who, method, address, program=program, body=body)

    def send(self, who: str, method: str, address: str, *, program: bool, body: Any = None) -> Any:
        """One request."""
        if program:
            headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
            return fresh().generic(
                method, address, body or "{}", content_type="application/json", headers=headers
            )
        return getattr(self.client(who), method.lower())(address, body or {})


HANDLER = ClientHandler(enforce_csrf_checks=False)  # one for all: setting it up costs more than most requests


def fresh() -> Client:
    """A browser that has never been here."""
    made = Client(raise_request_exception=False)
    made.handler = HANDLER
    return made


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    block = transaction.atomic()
    block._from_testcase = True  # the limiter's durable blocks may stand in it, as in a test's own
    with block:
        yield
        transaction.set_rollback(True)


def lay() -> Stage:
    """Set the stage."""
    stage = Stage(casting.gather())
    cast = stage.cast
    stage.people = {name: cast.everybody().get(name) for name in ACTORS}
    stage.people["superuser"] = _superuser()
    for who, person in stage.people.items():
        if person is not None:
            _let_in(stage, who, person)
    for of, community, prefix in (("here", cast.here, ""), ("elsewhere", cast.elsewhere, "elsewhere_")):
        _fill(stage, of, community, prefix)
    stage.objects["absent"] = _absent()
    stage.objects["mixed"] = {**stage.objects["here"], "clock_id": stage.objects["elsewhere"]["clock_id"]}
    stage.objects["mixed"] |= {name: stage.objects["elsewhere"][name] for name in at_work.MIXED}
    stage.objects["mixed"]["settled_case.number"] = stage.objects["elsewhere"]["settled_case.number"]
    stage.objects["mixed"]["settled_card.number"] = stage.objects["elsewhere"]["settled_case.number"]
    return stage


def _superuser() -> Person:
    person = casting._person("根管理", "13951100198")
    Account.objects.filter(pk=person.account_id).update(is_superuser=True, is_staff=True)
    return person


def _let_in(stage: Stage, who: str, person: Person) -> None:
    """A session (the superuser's without a second factor) and an API token with every scope."""
    browser = casting.sign_in(Client(), person, second_factor=who != "superuser")
    stage.cookies[who] = browser.cookies.output(header="", sep=";")
    stage.tokens[who] = f"lnl_{who}"
    ApiToken.objects.create(
        account_id=person.account_id,
        name="matrix",
        digest=people.token_digest(stage.tokens[who]),
        scopes=[one.value for one in Scope],
        expires_at=NOW + timedelta(days=1),
    )


def _fill(stage: Stage, of: str, community: Community, prefix: str) -> None:
    cast, mark = stage.cast, f"{of.upper()}"
    told = _case(stage, of, community, prefix, mark)
    settled = _settled(stage, community, mark)
    home = _home(community, f"CANARYHOME{mark}", community.people["resident"])
    clerk = community.people["dispatcher"].account_id
    factor = SecondFactor.objects.create(
        account_id=clerk, kind="recovery", digest=f"{of}".encode() * 4, created_at=NOW
    )
    with cast.inside(community):
        clocks = ClockRow.objects.filter(case__number=told.number)
        stage.objects[of] = {
            "number": told.number,
            "clock_id": clocks.earliest("pk").pk,
            "ticket": str(Attachment.objects.filter(case__number=told.number).earliest("pk").ticket),
            "verb": "note",
            "move_mine.verb": "add",
            "place_id": community.building.id,
            "code": community.code,
            "settings_category.code": _category(community, of),
            "settled_case.number": settled,
            "settled_card.number": settled,
            "qr_code": Place.objects.get(pk=community.building.id).qr_code,
            "community_id": community.id,
            "here": community.grid.id,
            "organisation_id": community.organisations["department"].pk,
            "duty_id": Duty.objects.get(account_id=community.people["grid_worker"].account_id).pk,
            "residence_id": home.pk,
            "token_id": ApiToken.objects.get(account_id=clerk).pk,
            "factor_id": factor.pk,
            "promise_id": PromiseRow.objects.filter(community_id=community.id).earliest("pk").pk,
            "rule_id": _rule(community).pk,
            "purpose": "publish",
            "token": "nobody",
            "sheet": "desk",
            **machine_help.fill(community, told.number, at=NOW),
            **control_room.fill(community, told.number, at=NOW),
            **calls.fill(community, told.number, settled, at=NOW),
            **dangers.fill(community, told.number, at=NOW),
            **chasing.fill(community, told.number, settled, at=NOW),
            **outside.fill(community, told.number, at=NOW),
            **open311.fill(community, told.number, at=NOW),
            **at_work.fill(community, at=NOW),
        }
    stage.secrets += _secrets(community, prefix, mark, told)


@dataclass(frozen=True)
class Told:
    """The case with all the secrets."""

    number: str
    code: str


def _case(stage: Stage, of: str, community: Community, prefix: str, mark: str) -> Told:
    """Reported with a contact and a picture, sent to the property company, with notes, a question and a part for others."""
    cast, people_ = stage.cast, community.people
    resident, clerk, handler = people_["resident"], people_["dispatcher"], people_["property_handler"]
    with _of_community(cast, community):
        receipt = cast.report(
            f"CANARYWORDS{mark} 路灯不亮",
            by=resident,
            at=NOW,
            community=community,
            place=PlaceGiven(building_id=community.building.id, address=f"CANARYADDRESS{mark}"),
            contact_name=f"CANARYNAME{mark}",
            contact_phone=_phone(of),
            uploads=(cast.picture(resident, at=NOW, community=community),),
        )
        number = receipt.number
        category = {"category_code": "facilities.lighting"}
        company = community.organisations["property_company"].pk
        cast.move(number, Verb.DISPATCH, clerk, at=NOW, organisation_id=company, **category)
        cast.move(number, Verb.SIGN, handler, at=NOW)
        cast.move(number, Verb.NOTE, clerk, at=NOW, note=f"CANARYNOTE{mark}")
        given = {"request": "extend", "amount": Decimal(1), "note": f"CANARYASK{mark}"}
        cast.move(number, Verb.ASK, handler, at=NOW, **given)
        other = community.organisations["department"].pk
        cast.move(number, Verb.JOINT, clerk, at=NOW, organisation_id=other, words=f"CANARYPART{mark}")
    return Told(number, receipt.code)


@contextmanager
def _of_community(cast: Cast, community: Community) -> Iterator[None]:
    with scope.within([community.id]):
        yield


def _settled(stage: Stage, community: Community, mark: str) -> str:
    """A case that everybody may read, in other words than it was reported in."""
    cast, clerk = stage.cast, community.people["dispatcher"]
    words = f"CANARYUNPUBLISHED{mark} 井盖松动"
    number = cast.report(
        words, by=community.people["neighbour"], at=NOW, community=community, publish=True
    ).number
    cast.move(number, Verb.REPLY, clerk, at=NOW, answer="井盖已固定。", public_words="一处井盖松动")
    return number


def _home(community: Community, name: str, person: Person) -> Residence:
    """A dwelling, and somebody who says to live in it."""
    parent = Place.objects.get(pk=community.building.id)
    dwelling = Place.objects.create(
        community_id=community.id, parent=parent, level="dwelling", code=f"{parent.code}D1", number="302", name_zh=name,
        path="0.", valid_from=date(2025, 1, 1),
    )  # fmt: skip
    Place.objects.filter(pk=dwelling.pk).update(path=f"{parent.path}{dwelling.pk}.")
    with scope.within([community.id]):
        members.ask_residence(actor=person.actor(NOW), dwelling_id=dwelling.pk, at=NOW)
        return Residence.objects.get(dwelling=dwelling)


def _category(community: Community, of: str) -> str:
    Category.objects.create(
        community_id=community.id,
        code=f"own_{of}",
        name_zh="自有",
        name_en="Own",
        valid_from=date(2025, 1, 1),
    )
    return f"own_{of}"


def _rule(community: Community) -> RoutingRow:
    return RoutingRow.objects.create(
        community_id=community.id, order=1, name="照明到物业", category_code="facilities.lighting",
        organisation_id=community.organisations["property_company"].pk, valid_from=date(2025, 1, 1), draft=True,
    )  # fmt: skip


def _phone(of: str) -> str:
    return {"here": "13700001111", "elsewhere": "13700002222"}[of]


def _absent() -> dict[str, Any]:
    number = 999_999_999
    ids = (
        "clock_id",
        "place_id",
        "community_id",
        "here",
        "organisation_id",
        "duty_id",
        "residence_id",
        "token_id",
    )
    return {
        **dict.fromkeys((*ids, "factor_id", "promise_id", "rule_id"), number),
        "number": "261123999999",
        "ticket": "00000000-0000-4000-8000-000000000000",
        "verb": "note",
        "move_mine.verb": "add",
        "code": "999999999999",
        "settings_category.code": "own_nowhere",
        "qr_code": "ZZZZZZZZZZ",
        "purpose": "no-such-purpose",
        "token": "nobody",
        "sheet": "no-such-sheet",
        **machine_help.absent(),
        **control_room.absent(),
        **calls.absent(),
        **chasing.absent(),
        **dangers.absent(),
        **open311.absent(),
        **outside.absent(),
        **at_work.absent(),
    }


def _secrets(community: Community, prefix: str, mark: str, told: Told) -> list[Secret]:
    """What was planted in a community, and who may see it there."""

    def those(names: frozenset[str]) -> frozenset[str]:
        return frozenset(f"{prefix}{name}" for name in names)

    working = those(SEES - {"resident"})
    resident = those(frozenset({"resident"}))
    nobody = frozenset[str]()
    phones = [
        Secret(person.phone.removeprefix("+86"), f"phone of {name}", those(frozenset({name})))
        for name, person in community.people.items()
    ]
    planted = [Secret(text, about, those(who)) for text, about, who in at_work.secrets(community)]
    return [
        *phones,
        *planted,
        Secret(f"CANARYWORDS{mark}", "words of a report", those(SEES)),
        Secret(f"CANARYADDRESS{mark}", "address of a report", those(SEES)),
        Secret(f"CANARYNOTE{mark}", "internal note", working),
        Secret(f"CANARYASK{mark}", "question for more time", working),
        Secret(f"CANARYPART{mark}", "what was asked of another body", working),
        Secret(f"CANARYNAME{mark}", "name of a contact", resident),
        Secret(_phone({"": "here"}.get(prefix, "elsewhere")), "phone of a contact", resident),
        Secret(
            f"CANARYUNPUBLISHED{mark}", "words not for everybody", working | those(frozenset({"neighbour"}))
        ),
        Secret(f"CANARYHOME{mark}", "dwelling", those(STAFF | {"resident", "neighbour"})),
        Secret(told.code, "look-up code", nobody),
        Secret(told.code.replace("-", ""), "look-up code", nobody),
        Secret("lnl_", "API token", nobody),
    ]
