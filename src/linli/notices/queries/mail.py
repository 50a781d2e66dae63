"""E-mail addresses that persons have proved: opened for the carrier alone."""

from __future__ import annotations

from collections.abc import Iterable

from linli.notices.models import MailAddress


def proved(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The proved addresses of these persons, by account."""
    wanted = {one for one in account_ids if one is not None}
    rows = MailAddress.objects.filter(account_id__in=wanted, proved_at__isnull=False)
    return {row.account_id: row.address for row in rows}


def of_person(account_id: int) -> MailAddress | None:
    """A person's address, proved or not yet."""
    return MailAddress.objects.filter(account_id=account_id).first()
