"""Texts as people and offices write them, with and without personal numbers: made by a seeded generator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from linli.kernel import identity

FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
SPOKEN_ALOUD = str.maketrans("0123456789", "零幺二三四五六七八九")
CAPITAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")
BEFORE = (
    "请联系我，电话",
    "本人",
    "联系人王师傅",
    "身份证号：",
    "卡号",
    "",
    "我的号码是 ",
    "住3号楼2单元501，",
    "2026年11月23日，",
)
AFTER = ("，谢谢！", "。", "", " 尽快处理", "（白天打）", "；3号楼", "\n垃圾三天没清了", "，已经等了15天。")
STREETS = ("铝兴社区", "中山路", "龚家寨街道", "仁恒河滨花园", "东方洋社区")


def mobile(random: Random) -> str:
    return f"1{random.choice('3456789')}{random.randrange(10**9):09d}"


def id_number(random: Random) -> str:
    born = date(1930, 1, 1) + timedelta(days=random.randrange(33_000))
    region = random.choice(("110105", "520113", "310105", "460105", "652801", "430124"))
    body = f"{region}{born:%Y%m%d}{random.randrange(1000):03d}"
    return body + identity.id_check(body)


def bank_card(random: Random) -> str:
    length = random.choice((16, 16, 18, 19, 19))
    head = random.choice(("622202", "621700", "625330", "436742", "955880", "601382", "520169"))
    body = head + "".join(str(random.randrange(10)) for _ in range(length - 7))
    return next(body + str(digit) for digit in range(10) if identity.passes_luhn(body + str(digit)))


def plate(random: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    head = random.choice(identity.PLATE_PROVINCES) + random.choice("ABCDEFGH")
    if random.random() < 0.3:
        return f"{head}{random.choice('DF')}{random.randrange(10**5):05d}"
    return head + "".join(random.choice(letters) for _ in range(4)) + random.choice("0123456789")


def _cut(number: str, sizes: tuple[int, ...], separator: str) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return separator.join(part for part in [*parts, number[start:]] if part)


def _ways(sizes: tuple[tuple[int, ...], ...]) -> tuple[Callable[[str, Random], str], ...]:
    def broken(number: str, random: Random) -> str:
        return _cut(number, random.choice(sizes), random.choice((" ", "-", "－", "—", "  ", ".", "·", " - ")))

    def mixed(number: str, random: Random) -> str:
        return "".join(
            random.choice((digit, digit.translate(SPOKEN), digit.translate(FULL_WIDTH))) for digit in number
        )

    def hidden(number: str, random: Random) -> str:
        place = random.randrange(1, len(number) - 1)
        return number[:place] + random.choice("\u200b\u200d\ufeff\u2060") + number[place:]

    return (
        lambda number, random: number,
        lambda number, random: number.translate(FULL_WIDTH),
        lambda number, random: number.translate(random.choice((SPOKEN, SPOKEN_ALOUD, CAPITAL))),
        lambda number, random: number.translate(CIRCLED),
        lambda number, random: random.choice((" ", "-", "－")).join(number),
        lambda number, random: broken(number, random).translate(FULL_WIDTH),
        lambda number, random: _cut(number, sizes[0], " ").translate(SPOKEN),
        broken,
        mixed,
        hidden,
    )


MOBILE_WAYS = (
    *_ways(((3, 4), (3, 3), (4, 3), (3, 8), (7,), (4, 4))),
    lambda number, random: f"+86 {number}",
    lambda number, random: f"+86-{_cut(number, (3, 4), '-')}",
    lambda number, random: f"(+86){number}",
    lambda number, random: f"0086{number}",
    lambda number, random: f"86{number}",
)
ID_WAYS = (
    *_ways(((6, 8), (6, 4, 4), (3, 3, 4, 4), (4, 4, 4, 4), (6,), (14,))),
    lambda number, random: number.lower(),
)
BANK_WAYS = _ways(((4, 4, 4, 4), (6,)))
PLATE_WAYS: tuple[Callable[[str, Random], str], ...] = (
    lambda number, random: number,
    lambda number, random: f"{number[:2]}·{number[2:]}",
    lambda number, random: f"{number[:2]} {number[2:]}",
    lambda number, random: number.lower(),
    lambda number, random: number[0] + number[1:].translate(FULL_WIDTH),
)
KINDS: dict[str, tuple[Callable[[Random], str], tuple[Callable[[str, Random], str], ...]]] = {
    "mobile": (mobile, MOBILE_WAYS),
    "id_number": (id_number, ID_WAYS),
    "bank_card": (bank_card, BANK_WAYS),
    "plate": (plate, PLATE_WAYS),
}


def with_number(kind: str, random: Random) -> tuple[str, int, int]:
    """A text that holds one number of this kind, and where it stands."""
    make, ways = KINDS[kind]
    written = random.choice(ways)(make(random), random)
    before, after = random.choice(BEFORE), random.choice(AFTER)
    return f"{before}{written}{after}", len(before), len(before) + len(written)


def clean(random: Random) -> str:
    """A text without personal numbers, but full of figures."""
    pieces = [random.choice(_FIGURES)(random) for _ in range(random.randint(2, 5))]
    return "，".join([random.choice(STREETS), *pieces]) + random.choice(AFTER)


def _day(random: Random) -> date:
    return date(2024, 1, 1) + timedelta(days=random.randrange(1000))


def _wrong_id(random: Random) -> str:
    number = id_number(random)
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def _wrong_card(random: Random) -> str:
    number = bank_card(random)
    return number[:-1] + str((int(number[-1]) + random.randrange(1, 10)) % 10)


_FIGURES: tuple[Callable[[Random], str], ...] = (
    lambda random: f"{_day(random):%Y-%m-%d} {random.randrange(24):02d}:{random.randrange(60):02d}",
    lambda random: f"{_day(random):%Y年%m月%d日}上午{random.randrange(8, 12)}点",
    lambda random: f"{_day(random):%Y.%m.%d}-{_day(random):%Y.%m.%d}",
    lambda random: f"工单{_day(random):%y%m%d}-{random.randrange(10**6):06d}",
    lambda random: f"受理编号{_day(random):%Y%m%d%H%M%S}{random.randrange(10**4):04d}",
    lambda random: f"{random.randrange(1, 40)}-{random.randrange(1, 5)}-{random.randrange(101, 3000)}室",
    lambda random: f"{random.randrange(1, 40)}号楼{random.randrange(1, 5)}单元{random.randrange(101, 3000)}",
    lambda random: f"电表 {random.randrange(10**5)} {random.randrange(10**5)} {random.randrange(10**3)}",
    lambda random: (
        f"面积{random.randrange(1, 200)}.{random.randrange(100):02d}平方米共{random.randrange(10**6)}元"
    ),
    lambda random: "拨打12345或400-800-1234、110、96315",
    lambda random: f"区划代码{random.choice(('520113008006', '310105005025', '460105002002'))}",
    lambda random: f"条码690{random.randrange(10**10):010d}",
    lambda random: f"QQ群{random.randrange(10**8, 10**9)}",
    lambda random: f"IP 192.168.{random.randrange(256)}.{random.randrange(256)}",
    lambda random: "办公时间9:00-12:00 13:30-17:30",
    lambda random: "信用代码91110000600037341L",
    lambda random: f"坐标{random.uniform(100, 120):.6f},{random.uniform(20, 40):.6f}",
    lambda random: f"门牌 {random.randrange(10, 99)} {random.randrange(100, 999)} {random.randrange(10, 99)}",
    lambda random: "第一、第二、第三、第四条",
    lambda random: "二〇二六年十一月二十三日",
    lambda random: "一二三四五六七八九十",
    lambda random: f"作废证件{_wrong_id(random)}",
    lambda random: f"流水{_wrong_card(random)}",
    lambda random: f"第{random.randrange(1, 200)}期共{random.randrange(1000)}户{random.randrange(3000)}人",
)
