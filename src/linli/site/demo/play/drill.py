"""The promises of the played community, shortened as time is: else nothing would run out while one watches.

What was promised before is kept in ``play.json`` beside ``demo.json`` and put back when the demo next starts without a
play. Both ways through the API, as its administrator, with a dated row each: nothing is done behind anybody's back.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from linli.site.demo.play.cast import Cast

FILE = "play.json"
LEAST = Decimal("0.01")  # hours: the smallest promise a row can hold, 36 seconds
HOURS = {"hour": 1, "working_hour": 1, "calendar_day": 24, "working_day": 24}
KEPT = ("stage", "amount", "unit", "start_rule", "category", "urgency", "source")


def shortened(promise: dict[str, Any], speed: float) -> dict[str, Any]:
    """The promise in plain hours, a speedth of it; a day counts 24 hours. It ticks at night too."""
    hours = Decimal(promise["amount"]) * HOURS[promise["unit"]]
    amount = max(LEAST, (hours / Decimal(str(speed))).quantize(LEAST))
    return promise | {
        "amount": str(amount),
        "unit": "hour",
        "start_rule": "at_once",
        "source": f"演练：时限缩短为原来的 1/{speed:g}",
    }


def begin(cast: Cast, home: Path, speed: float) -> None:
    """Promise a speedth of everything, and remember what was promised before."""
    before = _remembered(home, cast.code)
    if before is None:
        keeper = cast.of("admin")[0]
        in_force = keeper.api.get("/promises", community=cast.code)
        before = [{key: one[key] for key in KEPT} for one in in_force]
        _remember(home, cast.code, before)
    _promise(cast, [shortened(one, speed) for one in before])


def end(cast: Cast, home: Path) -> bool:
    """Promise again what was promised before the play; False when nothing had been changed."""
    before = _remembered(home, cast.code)
    if before is None:
        return False
    _promise(cast, before)
    (home / FILE).unlink(missing_ok=True)
    return True


def _promise(cast: Cast, promises: list[dict[str, Any]]) -> None:
    keeper = cast.of("admin")[0]
    for promise in promises:
        body = {key: value for key, value in promise.items() if value is not None}
        keeper.api.post("/promises", {"community": cast.code, **body})


def _remembered(home: Path, code: str) -> list[dict[str, Any]] | None:
    path = home / FILE
    if not path.exists():
        return None
    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return held["promises"] if held["community"] == code else None


def _remember(home: Path, code: str, promises: list[dict[str, Any]]) -> None:
    made = (home / FILE).with_suffix(".new")
    made.write_text(
        json.dumps({"community": code, "promises": promises}, ensure_ascii=False), encoding="utf-8"
    )
    made.replace(home / FILE)
