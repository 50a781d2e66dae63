"""To whom a case can be sent: the community's bodies and the people on the ground, with their load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from linli.cases.access import FOR_A_BODY, ON_THE_GROUND
from linli.cases.models import Case
from linli.cases.rules import workflow
from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.rows import DutyRow
from linli.people import queries as people

Key = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody a case can be sent to: a body, a person of a body, or a person on the ground."""

    organisation_id: int | None
    handler_id: int | None
    name: str  # of the body, or of the person
    body: str = ""  # the person's body
    kind: str = ""  # kind of the body
    role: str = ""  # of the person
    place: str = ""  # where the person serves
    place_path: str = ""
    load: int = 0  # open cases held now

    @property
    def key(self) -> str:
        """How a form names it: ``o3``, ``p7``, ``o3p7``."""
        body = f"o{self.organisation_id}" if self.organisation_id else ""
        return body + (f"p{self.handler_id}" if self.handler_id else "")


def read_key(key: str) -> Key:
    """Body and person of a form's key; neither for anything that is not one."""
    body, _, person = key.removeprefix("o").partition("p") if key.startswith("o") else ("", "", key[1:])
    if key[:1] not in {"o", "p"} or not (body or "0").isdigit() or not (person or "0").isdigit():
        return None, None
    return (int(body) if body else None), (int(person) if person else None)


def targets(community_id: int, *, at: datetime, language: str) -> tuple[Target, ...]:
    """Everybody in this community who can be responsible for a case: bodies first, then people by place."""
    duties = [
        duty
        for duty in places.duties(community_id, places.day_of(at))
        if duty.role in FOR_A_BODY | ON_THE_GROUND
    ]
    names = people.names({duty.account_id for duty in duties})
    by_body, by_person = _loads(community_id)
    bodies = [
        Target(
            organisation_id=body.pk,
            handler_id=None,
            name=body.name_en if reads_english(language) and body.name_en else body.name_zh,
            kind=body.kind,
            load=by_body.get(body.pk, 0),
        )
        for body in people.organisations([community_id])
    ]
    persons = {_key(duty): _person(duty, names, by_person, language) for duty in duties}
    return (*bodies, *persons.values())


def nearby(found: Iterable[Target], place_path: str) -> tuple[Target, ...]:
    """Those who serve on the ground at this place or above it, nearest first."""
    here = [one for one in found if one.role in ON_THE_GROUND and place_path.startswith(one.place_path)]
    return tuple(sorted(here, key=lambda one: (-len(one.place_path), one.load)))


def colleagues(found: Iterable[Target], organisation_id: int | None, but: int | None) -> tuple[Target, ...]:
    """The people to whom a case of this body can be handed; of no body: those on the ground."""
    return tuple(
        one
        for one in found
        if one.handler_id is not None and one.handler_id != but and one.organisation_id == organisation_id
    )


def name_of(account_id: int) -> str:
    """The full name of a colleague."""
    return people.names([account_id]).get(account_id, "")


def _key(duty: DutyRow) -> Key:
    return duty.organisation_id, duty.account_id


def _person(duty: DutyRow, names: Mapping[int, str], held: Mapping[int, int], language: str) -> Target:
    return Target(
        organisation_id=duty.organisation_id,
        handler_id=duty.account_id,
        name=names.get(duty.account_id) or duty.person,
        body=duty.organisation(language),
        role=duty.role,
        place=duty.place.name(language),
        place_path=duty.place.path,
        load=held.get(duty.account_id, 0),
    )


def _loads(community_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """Open cases by body and by person, in one statement."""
    held = (
        Case.objects.filter(community_id=community_id, state__in=[state.value for state in workflow.OPEN])
        .order_by()
        .values_list("organisation_id", "handler_id")
        .annotate(held=Count("pk"))
    )
    by_body: dict[int, int] = {}
    by_person: dict[int, int] = {}
    for body, person, number in held:
        if body is not None:
            by_body[body] = by_body.get(body, 0) + number
        if person is not None:
            by_person[person] = by_person.get(person, 0) + number
    return by_body, by_person
