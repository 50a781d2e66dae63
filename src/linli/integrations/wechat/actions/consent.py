"""Consents to be told: counted as followers give them, spent one by one as they are used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from linli.integrations.wechat.models import Follower, NoticeTemplate, Outgoing, Subscription


def heard(follower: Follower, fields: dict[str, str], *, kind: str, at: datetime) -> None:
    """Note what an event says of consent: given or refused in a window, changed, a notice's fate.

    An event names one template or a few; each of their fields then holds a line for every one of them.
    """
    inner = {path.rpartition(".")[2]: value.split("\n") for path, value in fields.items()}
    if kind == "subscribe_msg_sent_event":
        for number, code in zip(inner.get("MsgID", ()), inner.get("ErrorCode", ()), strict=False):
            _arrived(follower, number.strip(), code.strip())
        return
    for template, said in zip(
        inner.get("TemplateId", ()), inner.get("SubscribeStatusString", ()), strict=False
    ):
        if said.strip() == "accept":
            give(follower, template.strip(), at=at)
        elif said.strip() == "reject":
            clear(follower, template.strip(), at=at)


def give(follower: Follower, template_id: str, *, at: datetime) -> None:
    """Count one consent more; for a long-term template one is enough."""
    for_good = NoticeTemplate.objects.filter(
        account_id=follower.account_id, template_id=template_id, long_term=True
    ).exists()
    row, _ = Subscription.objects.get_or_create(
        community_id=follower.community_id,
        follower=follower,
        template_id=template_id,
        defaults={"changed_at": at},
    )
    Subscription.objects.filter(pk=row.pk).update(
        left=F("left") + 1, for_good=for_good, refused_at=None, changed_at=at
    )


def clear(follower: Follower, template_id: str, *, at: datetime) -> None:
    """Forget the consents to one template: the follower does not want it."""
    Subscription.objects.filter(follower=follower, template_id=template_id).update(
        left=0, for_good=False, refused_at=at, changed_at=at
    )


def spend(follower: Follower, template_id: str, *, at: datetime) -> bool:
    """Take one consent, inside the caller's transaction; False when there is none."""
    rows = Subscription.objects.filter(follower=follower, template_id=template_id)
    if rows.filter(for_good=True).exists():
        return True
    return bool(rows.filter(left__gt=0).update(left=F("left") - 1, changed_at=at))


def give_back(follower: Follower, template_id: str, *, at: datetime) -> None:
    """Return a consent that was taken for a notice which did not go."""
    with transaction.atomic():
        Subscription.objects.filter(follower=follower, template_id=template_id, for_good=False).update(
            left=F("left") + 1, changed_at=at
        )


def _arrived(follower: Follower, number: str, code: str) -> None:
    if number and code not in {"", "0"}:
        sent = Outgoing.objects.filter(follower=follower, reference=number)
        sent.update(state=Outgoing.State.FAILED, code=code[:40])
