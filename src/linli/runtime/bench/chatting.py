"""Many people write to the official account at the same moment: how long the platform waits for our answers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from linli.integrations.wechat import platform
from linli.integrations.wechat.actions import sweeping
from linli.integrations.wechat.fake import wire
from linli.integrations.wechat.fake.platform import Account
from linli.integrations.wechat.models import InboxMessage, OfficialAccount
from linli.kernel import clock, outside, scope
from linli.runtime.bench.ground import Ground
from linli.runtime.bench.load import cpu_seconds
from linli.runtime.bench.paths import Server

AT_ONCE = (20, 100, 500)
PLATFORM_WAITS = 5.0  # seconds
LINES = ("小区东门的路灯坏了", "垃圾桶满了没人清", "我想问问居住证明怎么办", "进度")
SECRETS = {
    "secret": "a-secret-of-the-bench-0123456789",
    "token": "a-token-of-the-bench",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """One message: how long it took, whether it was taken, and whether words came back at once."""

    seconds: float
    taken: bool
    words: bool


def chatting(ground: Ground, server: Server) -> dict[str, Any]:
    """Messages of as many people at once, three times: answer times, and whether every one was kept and worked off once."""
    account = _account(ground.community_id)
    other = Account(
        account.app_id,
        SECRETS["secret"],
        SECRETS["token"],
        SECRETS["aes_key"],
        account.mode,
        account.original_id,
        f"http://127.0.0.1:{server.port}/wechat/{account.key}/",
        account.name,
    )
    asyncio.run(_all(other, "w", 4))  # warm
    found: dict[str, Any] = {}
    for people in AT_ONCE:
        before = cpu_seconds(server.pid)
        answered = asyncio.run(_all(other, f"p{people}", people))
        found[f"{people} at once"] = _figures(answered, cpu_seconds(server.pid) - before)
    sent = sum(AT_ONCE) + 4
    return found | _afterwards(ground.community_id, sent)


def _account(community_id: int) -> OfficialAccount:
    with scope.within([community_id]):
        return OfficialAccount.objects.create(
            community_id=community_id,
            key="bench0123456789a",
            name="bench",
            original_id="gh_bench",
            app_id="wxbench0123456789",
            mode="aes",
            changed_at=clock.now(),
            **SECRETS,
        )


async def _all(other: Account, who: str, people: int) -> list[Answered]:
    letters = [_letter(other, f"o{who}_{number}", number) for number in range(people)]
    return list(await asyncio.gather(*(_send(url, body) for url, body in letters)))


def _letter(other: Account, openid: str, number: int) -> tuple[str, str]:
    now = time.time()
    fields = {
        "ToUserName": other.original_id,
        "FromUserName": openid,
        "CreateTime": str(int(now)),
        "MsgType": "text",
        "Content": LINES[number % len(LINES)],
        "MsgId": f"{int(now * 1000)}{number:06d}",
    }
    return wire.signed(other, wire.xml(fields), at=now)


async def _send(url: str, body: str) -> Answered:
    parts, data = urlsplit(url), body.encode()
    head = (
        f"POST {parts.path}?{parts.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    )
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(head.encode() + data)
        answer = await reader.read()
    finally:
        writer.close()
    return Answered(time.perf_counter() - began, answer.startswith(b"HTTP/1.1 200"), b"<Encrypt>" in answer)


def _figures(answered: list[Answered], cpu: float) -> dict[str, Any]:
    times = sorted(one.seconds for one in answered)
    return {
        "p50_ms": round(times[len(times) // 2] * 1000),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))] * 1000),
        "slowest_ms": round(times[-1] * 1000),
        "not taken": sum(not one.taken for one in answered),
        "after 5 s": sum(one.seconds > PLATFORM_WAITS for one in answered),
        "answered at once": sum(one.words for one in answered),
        "cpu_ms": round(cpu * 1000 / len(answered), 1),
    }


def _afterwards(community_id: int, sent: int) -> dict[str, Any]:
    """What was not answered at once is worked off by the sweep; nothing is lost, nothing is done twice."""
    platform.plug(_takes)
    began = time.perf_counter()
    with scope.within([community_id]):
        rows = InboxMessage.objects.filter(community_id=community_id)
        late = rows.exclude(state=InboxMessage.State.DONE).count()
        while rows.exclude(state=InboxMessage.State.DONE).exists() and time.perf_counter() - began < 120:
            sweeping.sweep(clock.now())
        return {
            "messages sent": sent,
            "kept": rows.count(),
            "left to the sweep": late,
            "worked off in the end": rows.filter(state=InboxMessage.State.DONE).count(),
            "seconds of the sweep": round(time.perf_counter() - began, 2),
        }


def _takes(*_given: Any, **_more: Any) -> outside.Answer:
    """The other side takes whatever is said."""
    return outside.Answer(200, {}, b'{"errcode":0,"access_token":"bench","expires_in":7200}')
