"""Who joined which case: the only way to a supporter's row, and to the cases that neighbours may join."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from linli.cases.models import Case, Supporter
from linli.cases.queries import reference, urgent
from linli.cases.rules.neighbours import is_for_neighbours
from linli.cases.rules.urgent_phrases import DISCREET
from linli.cases.rules.urgent_words import look
from linli.cases.rules.workflow import OPEN
from linli.grids import queries as places
from linli.kernel import numbering
from linli.kernel.access import Actor, NotFound
from linli.kernel.scope import within

OPEN_STATES = [state.value for state in OPEN]
LONGEST_CHAIN = 20  # of cases merged into cases that were merged


def own(actor: Actor) -> QuerySet[Supporter]:
    """What this person joined and has not left."""
    if actor.account_id is None:
        return Supporter.objects.none()
    return Supporter.objects.filter(account_id=actor.account_id, left_at__isnull=True)


def find(actor: Actor, number: str) -> Supporter:
    """The person's own joining of the case with this number, in the communities entered.

    :raises NotFound: when there is none.
    """
    parsed = numbering.parse_number(number)
    found = own(actor).filter(case__number=parsed, merged__isnull=True).select_related("case").first()
    if found is None:
        raise NotFound
    return found


def find_by_code(number: str, code: str) -> Supporter:
    """The joining of whoever holds its receipt: the case's number and a code of their own.

    :raises NotFound: for an unknown number, a wrong code, and one who has left, alike.
    """
    parsed = numbering.parse_number(number)
    rows = Supporter.objects.filter(case__number=parsed, code_digest__isnull=False, left_at__isnull=True)
    held = None
    for row in rows.select_related("case") if parsed else ():
        if numbering.code_matches(code, bytes(row.code_digest or b"")):
            held = row
    if held is None:
        raise NotFound
    return held


def community_of_code(number: str, code: str) -> int:
    """The community of a supporter's receipt; the code is the proof, so every community is searched.

    :raises NotFound: as `find_by_code`.
    """
    with within(places.community_ids()):
        return find_by_code(number, code).community_id


def of_report(case: Case) -> Supporter | None:
    """The row by which the reporter of a merged case stands with the others; None for who reported both."""
    return Supporter.objects.filter(merged=case, left_at__isnull=True).first()


def head_of(case: Case) -> Case:
    """The case that this one went into, and that one perhaps into a further one; itself if it was never merged."""
    for _ in range(LONGEST_CHAIN):
        if case.merged_into is None:
            break
        case = case.merged_into
    return case


def for_neighbours(case: Case) -> bool:
    """Whether neighbours may see that this case exists, and join it."""
    categories = reference.categories(case.community_id)
    discreet = DISCREET & set(look(case.words, urgent.listed(case.community_id)).kinds)
    options = (case.suggestion or {}).get("options") or []
    codes = [case.category_code] if case.category_code else [one.get("code", "") for one in options]
    return is_for_neighbours(
        words=case.words,
        kind=case.kind,
        sensitive=bool(discreet) or any(code in categories and categories[code].sensitive for code in codes),
        quarantined=case.quarantined,
    )


def joinable(community_id: int, numbers: Iterable[str]) -> dict[str, Case]:
    """Those of these open cases that neighbours may see and join, with the places they are shown by."""
    found = Case.objects.filter(community_id=community_id, number__in=list(numbers), state__in=OPEN_STATES)
    return {case.number: case for case in found.select_related("grid", "building") if for_neighbours(case)}


def find_joinable(community_id: int, number: str) -> Case:
    """The open case of this number that neighbours may join, or the one it was merged into; its row is locked.

    :raises NotFound: there is none, or it is not for neighbours to see.
    """
    parsed = numbering.parse_number(number)
    found = Case.objects.filter(community_id=community_id, number=parsed).first() if parsed else None
    if found is None or not for_neighbours(found):
        raise NotFound
    head = Case.objects.select_for_update(of=("self",)).get(pk=head_of(found).pk)
    if head.state not in OPEN_STATES or not for_neighbours(head):
        raise NotFound
    return head
