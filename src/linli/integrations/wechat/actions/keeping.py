"""Looking after an account: its secrets, its menu, its templates, its own answers; and asking how it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.cases.rules.intake import Refused, Wrong
from linli.integrations.wechat import access, platform
from linli.integrations.wechat.models import ChatAnswer, NoticeTemplate, OfficialAccount, PlatformToken
from linli.integrations.wechat.rules import envelope, filling, menus
from linli.integrations.wechat.rules.menus import Button
from linli.kernel import audit
from linli.kernel.access import Actor, NotFound
from linli.notices.rules import kinds


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as its keeper wants it; an empty secret leaves the one that is there."""

    name: str
    app_id: str
    original_id: str = ""
    secret: str = ""
    token: str = ""
    aes_key: str = ""
    mode: str = "aes"
    datum: str = "gcj02"
    on: bool = True


def save(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> OfficialAccount:
    """Write an account down, or change it; secrets are sealed and never shown again.

    :raises Refused: a key that is none, or a secret that is missing.
    """
    access.require(actor, community_id)
    with transaction.atomic():
        account = OfficialAccount.objects.select_for_update().filter(community_id=community_id).first()
        _check(account, wanted)
        if account is None:
            account = OfficialAccount(community_id=community_id, key=secrets.token_hex(8), token="")
        moved = account.app_id != wanted.app_id or bool(wanted.secret)
        for name in ("name", "app_id", "original_id", "mode", "datum", "on"):
            setattr(account, name, getattr(wanted, name))
        for name in ("secret", "token", "aes_key"):
            if getattr(wanted, name):
                setattr(account, name, getattr(wanted, name))
        account.token = account.token or secrets.token_urlsafe(24).replace("-", "a").replace("_", "b")
        account.changed_at, account.trouble = at, ""
        account.save()
        if moved:
            PlatformToken.objects.filter(account=account).delete()
        _record(actor, account, "wechat.save_account", at, {"mode": wanted.mode, "on": wanted.on})
    return account


def _check(held: OfficialAccount | None, wanted: Wanted) -> None:
    found = []
    if not wanted.secret and not (held and held.secret):
        found.append(Wrong("secret", "missing"))
    if wanted.aes_key:
        try:
            envelope.key_of(wanted.aes_key)
        except envelope.BadEnvelope:
            found.append(Wrong("aes_key", "not_a_key"))
    elif wanted.mode == "aes" and not (held and held.aes_key):
        found.append(Wrong("aes_key", "missing"))
    if found:
        raise Refused(*found)


def save_menu(*, actor: Actor, community_id: int, menu: tuple[Button, ...], at: datetime) -> OfficialAccount:
    """Keep a menu; followers see it once it is pushed.

    :raises Refused: an entry that the platform would not take (``<where>``: its code).
    """
    with transaction.atomic():
        account = _mine(actor, community_id)
        wrong = menus.faults(menu)
        if wrong:
            raise Refused(*(Wrong(f"menu.{one.where}", one.code) for one in wrong))
        account.menu, account.menu_changed_at = menus.as_data(menu), at
        account.save(update_fields=["menu", "menu_changed_at"])
        _record(actor, account, "wechat.save_menu", at, {"entries": len(menu)})
    return account


def push_menu(*, actor: Actor, community_id: int, at: datetime) -> None:
    """Give the menu to the platform.

    :raises platform.Refused: the platform said no.
    """
    account = _mine(actor, community_id)
    body = menus.as_platform(menus.from_data(account.menu), platform.own_base())
    platform.call(account, "/cgi-bin/menu/create", at=at, body=body)
    with transaction.atomic():
        OfficialAccount.objects.filter(pk=account.pk).update(menu_pushed_at=at)
        _record(actor, account, "wechat.push_menu", at, {})


def save_template(
    *,
    actor: Actor,
    community_id: int,
    kind: str,
    template_id: str,
    fields: dict[str, str],
    long_term: bool,
    at: datetime,
) -> None:
    """Say which template carries a kind of notice; an empty template id takes it away.

    :raises Refused: an unknown kind, or fields that cannot be filled.
    """
    known = kinds.KINDS.get(kind)
    if known is None or "wechat" not in known.possible_roads:
        raise Refused(Wrong("kind", "unknown"))
    with transaction.atomic():
        account = _mine(actor, community_id)
        rows = NoticeTemplate.objects.filter(account=account, kind=kind)
        if not template_id:
            rows.delete()
        else:
            wrong = filling.faults(fields, frozenset({*known.names, "title", "words"}))
            if wrong:
                raise Refused(*(Wrong("fields", code, name) for name, code in wrong))
            NoticeTemplate.objects.update_or_create(
                community_id=community_id,
                account=account,
                kind=kind,
                defaults={
                    "template_id": template_id,
                    "fields": fields,
                    "long_term": long_term,
                    "changed_at": at,
                },
            )
        _record(actor, account, "wechat.save_template", at, {"kind": kind, "set": bool(template_id)})


def save_answer(
    *, actor: Actor, community_id: int, answer_id: int | None, values: dict[str, Any], at: datetime
) -> ChatAnswer:
    """Keep one of the community's own answers.

    :raises NotFound: no such answer here.
    """
    with transaction.atomic():
        account = _mine(actor, community_id)
        row = ChatAnswer(community_id=community_id)
        if answer_id is not None:
            row = _answer(community_id, answer_id)
        for name in ("words", "answer_zh", "answer_en", "link", "on"):
            setattr(row, name, values[name])
        row.changed_at = at
        row.save()
        _record(actor, account, "wechat.save_answer", at, {"answer": row.pk})
    return row


def drop_answer(*, actor: Actor, community_id: int, answer_id: int, at: datetime) -> None:
    """Take an answer away.

    :raises NotFound: no such answer here.
    """
    with transaction.atomic():
        account = _mine(actor, community_id)
        _answer(community_id, answer_id).delete()
        _record(actor, account, "wechat.drop_answer", at, {"answer": answer_id})


def _answer(community_id: int, answer_id: int) -> ChatAnswer:
    found = ChatAnswer.objects.filter(community_id=community_id, pk=answer_id).first()
    if found is None:
        raise NotFound
    return found


def _mine(actor: Actor, community_id: int) -> OfficialAccount:
    account = access.account(actor, community_id)
    if account is None:
        raise NotFound
    return account


def _record(actor: Actor, account: OfficialAccount, verb: str, at: datetime, detail: dict[str, Any]) -> None:
    audit.record(
        community_id=account.community_id,
        actor=actor,
        verb=verb,
        object=f"official_account:{account.pk}",
        at=at,
        detail=detail,
    )


# --- how it is --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``good``, ``bad`` or ``open`` (not known yet); ``code`` says what, ``value`` names it."""

    code: str
    state: str
    value: str = ""


def look(account: OfficialAccount, *, at: datetime) -> list[Finding]:
    """Look at everything that must be right, asking the platform what only it can tell."""
    found = [_secrets(account)]
    try:
        platform.access_token(account, at=at)
        found.append(Finding("token", "good", str(platform.count_fetches(account, at))))
    except platform.Refused as refused:
        return [*found, Finding("token", "bad", refused.code), *_callback(account), *_inside(account)]
    return [*found, *_callback(account), _menu(account, at), _pages(account, at), *_inside(account)]


def _secrets(account: OfficialAccount) -> Finding:
    whole = account.secret and account.token and (account.mode == "plain" or account.aes_key)
    return Finding("secrets", "good" if whole else "bad")


def _callback(account: OfficialAccount) -> list[Finding]:
    state = "good" if account.proved_at else "open"
    heard = "good" if account.heard_at else "open"
    return [Finding("callback", state), Finding("heard", heard)]


def _menu(account: OfficialAccount, at: datetime) -> Finding:
    """Whether what followers see is what is kept here."""
    try:
        told = platform.call(account, "/cgi-bin/menu/get", at=at)
    except platform.Refused as refused:
        return Finding("menu", "open" if refused.code == "46003" else "bad", refused.code)
    ours = menus.as_platform(menus.from_data(account.menu), platform.own_base())
    return Finding("menu", "good" if _plain(told.get("menu")) == _plain(ours) else "open", "differs")


def _plain(menu: Any) -> list[Any]:
    """A menu without what the platform adds by itself."""
    entries = menu.get("button", []) if isinstance(menu, dict) else []
    return [
        (
            one.get("name"),
            one.get("type"),
            one.get("url") or one.get("key"),
            _plain({"button": one.get("sub_button") or []}),
        )
        for one in entries
    ]


def _pages(account: OfficialAccount, at: datetime) -> Finding:
    try:
        platform.page_ticket(account, at=at)
    except platform.Refused as refused:
        return Finding("pages", "bad", refused.code)
    return Finding("pages", "good")


def _inside(account: OfficialAccount) -> list[Finding]:
    templates = NoticeTemplate.objects.filter(account=account).count()
    https = platform.own_base().startswith("https://")
    return [
        Finding("templates", "good" if templates else "open", str(templates)),
        Finding("address", "good" if https else "open", platform.own_base()),
    ]
