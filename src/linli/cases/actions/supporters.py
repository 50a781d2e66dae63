"""The people of one matter: who says the same, counted once a person, also where their reports were merged."""

from __future__ import annotations

from datetime import datetime

from linli.cases.access_joined import LONGEST_CHAIN, head_of
from linli.cases.models import Case, Supporter
from linli.kernel import sealed

PURPOSE = "supporter"


def key_of(person: str) -> bytes:
    """The blind key of a person: ``account:7``, ``phone:+86…``, ``browser:…`` or ``case:…``."""
    return sealed.blind_index(PURPOSE, person)


def keys_of(person: str) -> tuple[bytes, ...]:
    """The same under every key still known."""
    return tuple(sealed.blind_indexes(PURPOSE, person))


def all_merged(case: Case) -> list[int]:
    """The case and everything that was merged into it, near and far."""
    found, newest = [case.pk], [case.pk]
    for _ in range(LONGEST_CHAIN):
        newest = list(Case.objects.filter(merged_into__in=newest).values_list("pk", flat=True))
        if not newest:
            break
        found += newest
    return found


def of(case: Case) -> list[Supporter]:
    """Everybody who says the same of this case and of what was merged into it, in the order they came."""
    rows = Supporter.objects.filter(case__in=all_merged(case), left_at__isnull=True)
    once: dict[bytes, Supporter] = {}
    for row in rows.order_by("joined_at", "pk"):
        if row.account_id is None or row.account_id != case.reporter_id:
            once.setdefault(bytes(row.person_key), row)
    return list(once.values())


def recount(case: Case) -> int:
    """Count the people anew, on the case and on what it was merged into; returns how many the case itself has."""
    counted = case.supporters = len(of(case))
    Case.objects.filter(pk=case.pk).update(supporters=counted)
    head = head_of(case)
    if head.pk != case.pk:
        Case.objects.filter(pk=head.pk).update(supporters=len(of(head)))
    return counted


def carry(case: Case, target: Case, *, at: datetime) -> Supporter | None:
    """Let the reporter of a case that is merged stand with the people of the other one; None for its own reporter."""
    if case.reporter_id is not None and case.reporter_id == target.reporter_id:
        return None
    person = f"account:{case.reporter_id}" if case.reporter_id else f"case:{case.pk}"
    row = Supporter.objects.filter(case=target, person_key__in=keys_of(person)).first()
    if row is None:
        row = Supporter(community_id=case.community_id, case=target, person_key=key_of(person), joined_at=at)
        row.account_id = case.reporter_id
    row.merged, row.left_at = case, None
    row.save()
    return row


def release(case: Case, *, at: datetime) -> None:
    """Let the reporter of a case that is parted again stand alone; one who had joined before stays."""
    for row in Supporter.objects.filter(merged=case):
        row.merged = None
        if row.code_digest is None:
            row.left_at = at
        row.save(update_fields=["merged", "left_at"])


def ask_again(case: Case) -> None:
    """What people said of an answer is asked again once there is another; the log keeps what was said."""
    said = Supporter.objects.filter(case__in=all_merged(case))
    said.update(solved=None, stars=None, said_at=None)
