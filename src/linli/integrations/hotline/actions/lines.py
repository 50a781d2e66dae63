"""Keeping a community's lines to hotlines."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.cases.actions.settings import keeping
from linli.cases.rules.intake import Refused, Wrong
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules.mapping import BadMapping
from linli.kernel import outside, scope
from linli.kernel.access import Actor

MOST_PULL_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a line's form holds. ``token`` empty: as it was."""

    name_zh: str
    name_en: str
    mapping: str
    address: str
    token: str
    pull_minutes: int
    active: bool


def keep(
    *, actor: Actor, community_id: int, sheet: Sheet, at: datetime, line: Line | None = None
) -> tuple[Line, str]:
    """Open a line or change one.

    :returns: the line, and the secret for their pushes where a new one was made, to be shown once.
    :raises Forbidden: not one who keeps the community.
    :raises Refused: mapping, address or name cannot be used.
    """
    keeping.require(actor, community_id)
    wrongs = _wrongs(sheet)
    if wrongs:
        raise Refused(*wrongs)
    secret = ""
    with scope.within([community_id]), transaction.atomic():
        if line is None:
            secret = secrets.token_urlsafe(32)
            line = Line(community_id=community_id, key=secrets.token_urlsafe(15), secret=secret)
        line.name_zh, line.name_en = sheet.name_zh.strip(), sheet.name_en.strip()
        line.mapping, line.address = sheet.mapping, sheet.address.strip()
        line.pull_minutes, line.active = sheet.pull_minutes, sheet.active
        if sheet.token:
            line.token = sheet.token.strip()
        line.changed_at, line.changed_by_id = at, actor.account_id
        try:
            with transaction.atomic():
                line.save()
        except IntegrityError as error:
            raise Refused(Wrong("name_zh", "name_taken")) from error
        _record(actor, line, "hotline.keep_line", at)
    return line, secret


def renew_secret(*, actor: Actor, line: Line, at: datetime) -> str:
    """Give them a new secret for their pushes; the old one is void at once.

    :raises Forbidden: not one who keeps the community.
    """
    keeping.require(actor, line.community_id)
    secret = secrets.token_urlsafe(32)
    with scope.within([line.community_id]), transaction.atomic():
        line.secret, line.changed_at, line.changed_by_id = secret, at, actor.account_id
        line.save()
        _record(actor, line, "hotline.renew_secret", at)
    return secret


def _wrongs(sheet: Sheet) -> list[Wrong]:
    found: list[Wrong] = []
    if not sheet.name_zh.strip():
        found.append(Wrong("name_zh", "missing"))
    if sheet.address:
        why = outside.usable(sheet.address.strip())
        found += [Wrong("address", why)] if why else []
    if not 0 <= sheet.pull_minutes <= MOST_PULL_MINUTES:
        found.append(Wrong("pull_minutes", "not_a_number"))
    try:
        mappings.load(sheet.mapping)
    except BadMapping as bad:
        found += [Wrong("mapping", one.code, f"{one.field} · {one.limit}".strip(" ·")) for one in bad.wrongs]
    return found


def _record(actor: Actor, line: Line, verb: str, at: datetime) -> None:
    keeping.note(
        community_id=line.community_id,
        actor=actor,
        verb=verb,
        thing=f"hotline:{line.pk}",
        at=at,
        detail={"active": line.active, "pull_minutes": line.pull_minutes},
    )
