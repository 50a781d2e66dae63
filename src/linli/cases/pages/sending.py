"""Handing a report in, whichever form it came by: the three steps, or the outbox of a phone that had no net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linli.cases.actions import report as reporting
from linli.cases.actions.report import Receipt
from linli.cases.pages import drafts, here, pocket
from linli.cases.pages.drafts import Draft
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Channel, Report
from linli.cases.rules.kinds import Kind


def hand_in(request: Asked, draft: Draft, given: Mapping[str, Any], account: Any) -> Receipt:
    """One report as it was written; from now on this session holds its receipt.

    :param given: what `SendIt` cleaned: who says it, and whether neighbours may read the result.
    :param account: of whoever is signed in.
    :raises Refused: something in it is wrong; nothing was written.
    :raises KeyReused: its key was used for another report.
    """
    name, phone = given["contact_name"], given["contact_phone"]
    if given["who"] == "account":
        name, phone = (account.name or "", account.phone or "") if account else ("", "")
    if given["who"] == "anonymous":
        name = phone = ""
    receipt = reporting.report(
        actor=request.actor,
        community_id=draft.community_id,
        report=Report(
            words=draft.words,
            channel=Channel.PAGE,
            kind=Kind(draft.kind),
            danger=draft.danger,
            place=draft.place,
            anonymous=given["who"] == "anonymous",
            publish=bool(given.get("publish")),
            contact_name=name.replace("\x00", ""),
            contact_phone=phone,
            uploads=draft.tickets,
        ),
        at=request.now,
        key=draft.key,
        network=here.network(request),
    )
    pocket.hold(request, receipt.number, draft.community_id, receipt.code, fresh=True)
    pocket.sent(request, draft.key, receipt.number)
    begun = drafts.load(request)
    if begun is not None and begun.key == draft.key:
        drafts.drop(request)
    return receipt
