"""The menu under the chat: what the platform takes, and what is wrong with a wish. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.kernel import text

MOST_TOP, MOST_SUB = 3, 5
MOST_BYTES_TOP, MOST_BYTES_SUB = 16, 60
KEYED = frozenset({"click", "scancode_waitmsg", "pic_photo_or_album", "location_select"})
KINDS = KEYED | {"view"}
#: What a tap may ask of us; the conversation knows each of them.
KEYS = ("report", "place", "picture", "scan", "progress", "contact", "help", "notices")


@dataclass(frozen=True, slots=True)
class Button:
    """One entry: a page to open, something to be asked, or a few entries below it."""

    name: str
    kind: str = ""  # empty: has entries below
    value: str = ""  # an address, or one of KEYS
    below: tuple[Button, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry: which one (``2`` or ``2.1``), and why as a code."""

    where: str
    code: str


def faults(menu: Sequence[Button]) -> tuple[Fault, ...]:
    """Everything the platform would refuse, or that would lead nowhere."""
    found = [] if 1 <= len(menu) <= MOST_TOP else [Fault("", "one_to_three")]
    for number, button in enumerate(menu, 1):
        found += _wrong(button, str(number), MOST_BYTES_TOP)
        if len(button.below) > MOST_SUB:
            found.append(Fault(str(number), "five_below"))
        for second, lower in enumerate(button.below, 1):
            found += _wrong(lower, f"{number}.{second}", MOST_BYTES_SUB)
            if lower.below:
                found.append(Fault(f"{number}.{second}", "too_deep"))
    return tuple(found)


def _wrong(button: Button, where: str, most: int) -> list[Fault]:
    found = []
    if not button.name.strip():
        found.append(Fault(where, "no_name"))
    elif len(button.name.encode()) > most:
        found.append(Fault(where, "long_name"))
    if button.below:
        return found
    if button.kind not in KINDS:
        found.append(Fault(where, "unknown_kind"))
    elif button.kind == "view" and not _is_page(button.value):
        found.append(Fault(where, "no_page"))
    elif button.kind in KEYED and button.value not in KEYS:
        found.append(Fault(where, "unknown_key"))
    return found


def _is_page(value: str) -> bool:
    return value.startswith("/") or text.is_link(value)


def as_platform(menu: Sequence[Button], base: str) -> dict[str, Any]:
    """The menu as the platform takes it; our own paths become addresses.

    :param base: our address, without a slash at its end.
    """
    return {"button": [_as_platform(button, base) for button in menu]}


def _as_platform(button: Button, base: str) -> dict[str, Any]:
    if button.below:
        return {"name": button.name, "sub_button": [_as_platform(one, base) for one in button.below]}
    if button.kind == "view":
        url = f"{base}{button.value}" if button.value.startswith("/") else button.value
        return {"type": "view", "name": button.name, "url": url}
    return {"type": button.kind, "name": button.name, "key": button.value}


def as_data(menu: Sequence[Button]) -> list[dict[str, Any]]:
    """The menu as it is kept."""
    return [
        {"name": one.name, "kind": one.kind, "value": one.value, "below": as_data(one.below)} for one in menu
    ]


def from_data(data: Sequence[dict[str, Any]]) -> tuple[Button, ...]:
    """The menu that was kept."""
    return tuple(
        Button(
            str(one.get("name", "")),
            str(one.get("kind", "")),
            str(one.get("value", "")),
            from_data(one.get("below") or []),
        )
        for one in data
    )


def usual(code: str) -> tuple[Button, ...]:
    """The menu a community begins with, built from its pages.

    :param code: the community's code.
    """
    return (
        Button("我要说", "", "", (
            Button("写一句话", "click", "report"),
            Button("拍照上报", "pic_photo_or_album", "picture"),
            Button("发送位置", "location_select", "place"),
            Button("扫楼栋码", "scancode_waitmsg", "scan"),
        )),
        Button("查进度", "", "", (
            Button("我的诉求", "click", "progress"),
            Button("已办结公示", "view", f"/settled/{code}/"),
            Button("接收办理通知", "click", "notices"),
        )),
        Button("我的社区", "", "", (
            Button("社区主页", "view", f"/place/{code}/"),
            Button("联系我们", "click", "contact"),
            Button("使用帮助", "click", "help"),
        )),
    )  # fmt: skip
