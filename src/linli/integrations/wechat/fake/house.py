"""The other side in a demo: its books in the data folder, its accounts those of the demo's communities."""

from __future__ import annotations

import base64
import functools
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.integrations.wechat import platform
from linli.integrations.wechat.fake.platform import Account, Platform
from linli.integrations.wechat.models import ChatAnswer, NoticeTemplate, OfficialAccount
from linli.integrations.wechat.rules import menus
from linli.kernel import scope

#: Templates of the demo: id, title, fields with what goes in, the kinds of notices they carry.
TEMPLATES: tuple[tuple[str, str, dict[str, str], tuple[str, ...]], ...] = (
    (
        "demo-progress",
        "诉求办理进度通知",
        {"character_string1": "number", "thing2": "matter", "thing3": "place", "thing4": "title"},
        ("case_received", "case_accepted", "case_dispatched", "case_declined", "case_longer", "case_paused"),
    ),
    (
        "demo-settled",
        "诉求办结通知",
        {"character_string1": "number", "thing2": "matter", "thing3": "answer", "phrase4": "'已办结'"},
        ("case_settled",),
    ),
    (
        "demo-news",
        "社区公告通知",
        {"thing1": "title", "thing2": "community"},
        ("announcement", "announcement_urgent"),
    ),
)
ANSWERS: tuple[tuple[list[str], str, str, str], ...] = (
    (
        ["居住证明", "居住证", "residence certificate"],
        "居住证明在社区服务大厅办：带身份证和房产证（租住的带租房合同），当场可取。工作日 9:00—12:00，13:30—17:00。",
        "Residence certificates are issued at the community's service hall: bring your ID and the deed or the lease. "
        "Working days 9:00 to 12:00 and 13:30 to 17:00, while you wait.",
        "",
    ),
    (
        ["老年卡", "老年证", "senior card"],
        "年满 60 周岁可办老年优待证：带身份证和一寸照片到社区服务大厅，约 10 个工作日后领取；行动不便可请网格员上门代办。",
        "From the age of 60: bring your ID and a photograph to the service hall; it takes about ten working days. "
        "A grid worker can come to your home.",
        "",
    ),
    (
        ["垃圾+分类", "大件垃圾", "bulky waste"],
        "大件垃圾请预约清运，不要放在楼道。直接在这里写“几栋、什么东西”，我们登记后转物业。",
        "Bulky waste is fetched by appointment; please do not leave it in the stairway. "
        "Write here which building and what it is.",
        "",
    ),
)


def is_open() -> bool:
    """Whether the other side is played here: in a demo that was not given the platform's own addresses."""
    return bool(settings.LINLI_DEMO) and not settings.LINLI_WECHAT_API


@functools.lru_cache(maxsize=4)
def _at(where: str) -> Platform:
    return Platform(Path(where))


def other_side() -> Platform:
    """The other side of this demo, shared by its processes."""
    return _at(str(Path(settings.HOME) / "wechat-platform.sqlite"))


def settle(at: datetime) -> None:
    """Give every community of the demo its account, here and at the other side; done again it changes nothing."""
    side = other_side()
    for place in places.communities():
        account = _row(place, at)
        side.open_account(
            Account(
                app_id=account.app_id,
                secret=account.secret or "",
                token=account.token,
                aes_key=account.aes_key or "",
                mode=account.mode,
                original_id=account.original_id,
                callback=f"{platform.own_base()}/wechat/{account.key}/",
                name=account.name,
            )
        )
        for template_id, title, fields, _ in TEMPLATES:
            side.template(account.app_id, template_id, title, tuple(fields))
        if not side.menu(account.app_id):
            side.keep_menu(
                account.app_id, menus.as_platform(menus.from_data(account.menu), platform.own_base())
            )


def _row(place: PlaceRow, at: datetime) -> OfficialAccount:
    with scope.within([place.id]):
        account, new = OfficialAccount.objects.get_or_create(
            community_id=place.id, defaults=_values(place, at)
        )
        if new:
            _furnish(account, at)
        return account


def _values(place: PlaceRow, at: datetime) -> dict[str, Any]:
    said = hashlib.sha256(f"{settings.SECRET_KEY}|{place.code}".encode()).hexdigest()
    return {
        "key": said[:16],
        "name": place.name_zh,
        "original_id": f"gh_{said[16:28]}",
        "app_id": f"wx{said[28:44]}",
        "secret": said[32:64],
        "token": said[8:40],
        "aes_key": base64.b64encode(hashlib.sha256(said.encode()).digest()).decode().rstrip("="),
        "mode": OfficialAccount.Mode.AES,
        "menu": menus.as_data(menus.usual(place.code)),
        "menu_pushed_at": at,
        "menu_changed_at": at,
        "proved_at": at,
        "changed_at": at,
    }


def _furnish(account: OfficialAccount, at: datetime) -> None:
    for template_id, _, fields, kinds in TEMPLATES:
        for kind in kinds:
            NoticeTemplate.objects.create(
                community_id=account.community_id,
                account=account,
                kind=kind,
                template_id=template_id,
                fields=fields,
                changed_at=at,
            )
    for words, chinese, english, link in ANSWERS:
        ChatAnswer.objects.create(
            community_id=account.community_id,
            words=words,
            answer_zh=chinese,
            answer_en=english,
            link=link,
            changed_at=at,
        )
