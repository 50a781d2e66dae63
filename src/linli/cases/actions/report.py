"""Taking in a report: located, promised, receipted and told, in one statement."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from linli.cases.actions import attaching, danger, intake_row, intake_write, placing
from linli.cases.actions import limited as limited_
from linli.cases.actions.intake_write import Receipt
from linli.cases.queries import reference
from linli.cases.rules import intake
from linli.cases.rules.intake import Channel, Refused, Report, Wrong
from linli.kernel import idempotency
from linli.kernel.access import Actor, Forbidden
from linli.kernel.scope import within

__all__ = ["Receipt", "report"]


def report(
    *,
    actor: Actor,
    community_id: int,
    report: Report,
    at: datetime,
    key: str = "",
    network: str = "",
    limited: bool = True,
    example: bool = False,
    counted: tuple[str, str] | None = None,
) -> Receipt:
    """Take a resident's word into the community as a case.

    Over the limit the case is quarantined, never refused. The same key and the same content give the same receipt.
    One that tells of danger is raised and rings at once.

    :param network: where an anonymous report comes from (an address block), for the limits.
    :param limited: False for imports, whose limits are their own.
    :param counted: whose allowance it is taken from (of `limits.ALLOWANCES`, and who exactly), for programs that report
        what their own users say; without it the actor's or the network's.
    :raises Refused: something in the report is wrong; nothing was written.
    :raises idempotency.KeyReused: the key was used for another report.
    :raises Forbidden: entering on behalf of others without a duty here; not signed in where the community asks for it.
    """
    _require(actor, community_id, report, at)
    words = intake.clean_words(report.words)
    heard = danger.hear(community_id, report, words)
    if heard.discreet:
        report = replace(report, publish=False)
    whose = counted or limited_.subject(actor, network)
    sender = f"account:{actor.account_id}" if actor.signed_in else f"net:{network}"
    sender = ":".join(counted) if counted else sender
    with within(actor.communities | {community_id}):
        where = placing.find(community_id, report.place)
        values = intake_row.values(actor, community_id, report, words=words, heard=heard, where=where, at=at)
        values |= {
            "key": idempotency.key_digest(sender, key or uuid.uuid4().hex),
            "body": idempotency.body_digest(community_id, report),
            "example": example,
        }
        with transaction.atomic() if report.uploads else nullcontext():
            receipt = intake_write.write(values, intake_write.rooms_of(*whose) if limited else [])
            if report.uploads and not receipt.again:
                attaching.attach(community_id, receipt.number, report.uploads, purpose="report", seq=1)
    return receipt


def _require(actor: Actor, community_id: int, report: Report, at: datetime) -> None:
    on_behalf = intake_row.ON_BEHALF | {Channel.PATROL}
    if report.channel in on_behalf and not (actor.superuser or community_id in actor.staff_communities):
        raise Forbidden("not_staff_here")
    if not actor.signed_in and not reference.takes_unnamed(community_id, at):
        raise Forbidden("sign_in_to_report")
    found = list(intake.wrongs(report))
    if report.category_code and report.category_code not in reference.categories(community_id):
        found.append(Wrong("category", "unknown"))
    if found:
        raise Refused(*found)
