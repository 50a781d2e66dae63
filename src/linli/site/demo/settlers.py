"""The demo's people: synthetic, each with a meaning. Phone numbers are of no real subscriber's pattern in use here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.grids import queries as places
from linli.grids.actions import duties, members
from linli.grids.rows import PlaceRow
from linli.kernel import access
from linli.people import models
from linli.people.actions import accounts, organisations
from linli.people.rules import Level

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = (
    "建国",
    "秀英",
    "志强",
    "桂兰",
    "晓燕",
    "海波",
    "文静",
    "丽华",
    "国庆",
    "春梅",
    "永福",
    "雪琴",
    "伟",
    "敏",
    "磊",
    "芳",
)
PASSWORD = "linli-demo-2026"
SINCE = date(2026, 1, 1)
BODIES: tuple[tuple[str, str, str], ...] = (
    ("committee", "居民委员会", "Residents' Committee"),
    ("party_branch", "党支部", "Party Branch"),
    ("property_company", "安居物业服务中心", "Anju Property Services"),
    ("owners_committee", "业主委员会", "Owners' Committee"),
    ("police_station", "派出所社区警务室", "Police Office"),
    ("service_centre", "便民服务中心", "Residents' Service Centre"),
    ("street_department", "街道城市管理科", "Street Urban Management"),
    ("street_department", "街道平安办", "Street Safety Office"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's people, as `demo.json` lists them."""

    account_id: int
    role: str
    name: str
    phone: str
    place_id: int
    organisation_id: int | None = None


@dataclass(slots=True)
class Town:
    """A community of the demo with its bodies and people."""

    community: PlaceRow
    grids: list[PlaceRow]
    buildings: list[PlaceRow]
    bodies: dict[str, list[int]]
    people: list[Person]
    since: datetime  # when they moved in

    def of(self, role: str) -> list[Person]:
        """The people who serve in this role."""
        return [person for person in self.people if person.role == role]


class Settlers:
    """Lets people move into one community of the demo."""

    def __init__(self, community: PlaceRow, index: int, at: datetime, password_hash: str) -> None:
        grids = [one for one in places.subtree(community.path, "grid") if one.kind == "base"]
        self.town = Town(community, grids, places.buildings(community.id), {}, [], at)
        self.index, self.at, self.hash, self.count = index, at, password_hash, 0

    def settle(self) -> Town:
        """Everybody, with their duties."""
        self._bodies()
        community = self.town.community
        for role, how_many in (
            ("community_leader", 1),
            ("admin", 1),
            ("auditor", 1),
            ("dispatcher", 2),
            ("verifier", 2),
        ):
            for _ in range(how_many):
                self._serve(role, community)
        self._serve("property_handler", community, "property_company")
        self._serve("property_handler", community, "property_company")
        for kind in ("street_department", "service_centre", "police_station"):
            self._serve("department_handler", community, kind)
        self._serve("department_handler", community, "street_department", 1)
        for grid in self.town.grids:
            self._serve("grid_worker", grid, "committee")
            self._serve("grid_worker", grid, "committee")
            self._serve("police", grid, "police_station")
        for building in self.town.buildings[:6]:
            self._serve("building_head", building)
        self._residents()
        return self.town

    def _bodies(self) -> None:
        short = self.town.community.name_zh.replace("社区", "").replace("居委会", "")
        for index, (kind, name_zh, name_en) in enumerate(BODIES, start=1):
            made = organisations.create_organisation(
                actor=access.SYSTEM,
                community_id=self.town.community.id,
                kind=models.Organisation.Kind(kind),
                sign=organisations.Sign(
                    f"{short}{name_zh}",
                    f"{self.town.community.name_en} {name_en}".strip(),
                    f"000-8500{index:04d}",  # there is no area code 000: nobody is called by trying it
                ),
                at=self.at,
            )
            self.town.bodies.setdefault(kind, []).append(made.pk)

    def _residents(self) -> None:
        lived_in = self._lived_in()
        step = max(1, len(lived_in) // 8)
        for number, building in enumerate(lived_in[::step][:8]):
            foreign = number == 6
            person = self._serve(
                "resident", building, level=Level.RESIDENT if number < 4 else Level.PHONE,
                name="Emma Clarke" if foreign else "", language="en" if foreign else "zh-hans", elder=number == 7,
            )  # fmt: skip
            actor = access.Actor(account_id=person.account_id)
            members.follow(actor=actor, place_id=building.id, at=self.at)

    def _lived_in(self) -> list[PlaceRow]:
        """The buildings whose doors are on record: there a home can be proved."""
        doors = places.subtree(self.town.community.path, "dwelling")
        above = {step for door in doors for step in door.path.split(".")}
        return [one for one in self.town.buildings if str(one.id) in above] or self.town.buildings

    def _serve(
        self,
        role: str,
        place: PlaceRow,
        body: str = "",
        which: int = 0,
        *,
        level: Level = Level.PHONE,
        name: str = "",
        language: str = "zh-hans",
        elder: bool = False,
    ) -> Person:
        number = self.index * 200 + self.count
        self.count += 1
        name = name or SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 5 % len(GIVEN)]
        phone = f"1990000{number:04d}"
        account = accounts.open_account(
            actor=access.SYSTEM,
            phone=phone,
            profile=accounts.Profile(name=name, language=language, elder=elder),
            at=self.at,
            level=level,
            example=True,
        )
        models.Account.objects.filter(pk=account.pk).update(password=self.hash, phone_proved_at=self.at)
        organisation_id = self.town.bodies[body][which] if body else None
        duties.grant_duty(
            actor=access.SYSTEM,
            account_id=account.pk,
            role=role,
            place_id=place.id,
            at=self.at,
            term=duties.Term(SINCE),
            organisation_id=organisation_id,
        )
        person = Person(account.pk, role, name, phone, place.id, organisation_id)
        self.town.people.append(person)
        return person
