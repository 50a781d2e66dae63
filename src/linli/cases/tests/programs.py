"""Programs of the cast: each with a token of its person."""

from __future__ import annotations

from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel.tests.program import Program
from linli.people.actions import tokens

HERE, ELSEWHERE = "520113008006", "310105005025"
READ, WRITE = "cases:read", "cases:write"
ALL = (READ, WRITE, "places:read", "people:read")
REPORT = {"community": HERE, "words": "3栋门口的路灯三天不亮了,晚上老人出门看不见。"}
LIGHTING = "facilities.lighting"


def program(person: Person, *scopes: str, community_id: int | None = None) -> Program:
    """A program of this person, with these scopes (without: all but admin; ``admin`` alone: all)."""
    wanted = list(scopes or ALL)
    wanted = [*ALL, "admin"] if wanted == ["admin"] else wanted
    _, secret = tokens.issue_token(
        actor=person.actor(), name="test", scopes=wanted, at=AT, community_id=community_id
    )
    return Program(secret)


def dispatching(cast: Cast) -> dict[str, object]:
    """The body of a move that accepts a case as lighting and sends it to the property company."""
    return {"verb": "dispatch", "category": LIGHTING, "organisation_id": cast.property_company.pk}
