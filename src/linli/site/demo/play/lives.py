"""What becomes of one trouble: at each look the case's state says whose turn it is, chance says how well it goes.

Waits are in played minutes. Times are drawn around what the community promises, so that most promises are kept, some are
at risk and a few are broken; as many cases are bounced, sent back and reopened as a dispatcher would expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from linli.site.demo.pictures import draw
from linli.site.demo.play.cast import Cast, Player
from linli.site.demo.play.door import Api, Refused
from linli.site.demo.words import INSIDE, MATTERS, NOT_SOLVED, NOTES, OUTSIDE, RETURN_NOTES, Matter

MOST_LOOKS = 40  # a case that is still not ended by then is left to the people at the desk
RESIDENTS_SHARE = 0.25  # reported with a resident's own account; the others are entered for callers
ALARMS = (
    "{building}2单元有浓烟冒出来，好像着火了！（演练）",
    "{building}楼下闻到很浓的煤气味。（演练）",
    "{building}电梯里有老人被困，按铃没人应。（演练）",
)


@dataclass
class Trouble:
    """One trouble on its way: what it is, and the receipt of its report."""

    cast: Cast
    chance: Random
    matter: Matter
    building: dict[str, Any]
    answer: str = ""
    number: str = ""
    code: str = ""
    reopened: bool = False

    @property
    def desk(self) -> Player:
        """Somebody of the desk."""
        return self.chance.choice(self.cast.of("dispatcher"))

    def about(self, median: float) -> float:
        """Minutes around a usual time: mostly near it, now and then several times as long."""
        return float(median * self.chance.lognormvariate(0, 0.7))

    def lucky(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.chance.random() < share


def live(trouble: Trouble) -> Iterator[float]:
    """The whole life of a trouble; yields how many played minutes pass until the next look at it."""
    _report(trouble)
    if trouble.lucky(0.12):
        yield trouble.about(15)
        _said_again(trouble)
    waited = ""
    for _ in range(MOST_LOOKS):
        case = trouble.desk.api.get(f"/cases/{trouble.number}")["case"]
        turn = TURNS.get(case["state"])
        if turn is None:
            return
        if waited != case["state"]:  # a new state: whoever's turn it is takes their time first
            waited = case["state"]
            yield trouble.about(turn.minutes)
            continue
        waited = ""
        try:
            if not turn.act(trouble, case):
                return
        except Refused as refused:
            if refused.status not in {403, 404, 409, 412, 422}:
                raise
            yield trouble.about(30)  # somebody was faster, or it may not be: look again later


def _report(trouble: Trouble) -> None:
    cast, chance, building = trouble.cast, trouble.chance, trouble.building
    residents = cast.of("resident")
    own = bool(residents) and trouble.lucky(RESIDENTS_SHARE)
    speaker = chance.choice(residents) if own else chance.choice(cast.of("dispatcher", "grid_worker"))
    said, trouble.answer = chance.choice(trouble.matter.talks)
    place = chance.choice(INSIDE if trouble.matter.inside else OUTSIDE).format(building=building["name_zh"])
    words = chance.choice(ALARMS).format(building=building["name_zh"]) if trouble.lucky(0.02) else ""
    body = {
        "community": cast.code,
        "words": words or said.format(place=place),
        "kind": trouble.matter.kind,
        "place": _place(trouble),
        "publish": trouble.lucky(0.6),
    }
    if own:
        body["anonymous"] = trouble.lucky(0.1)
    else:
        body |= {"on_behalf": True, "contact_name": "来电居民"}
    if trouble.lucky(0.3) and trouble.matter.kind != "inquiry":
        body["uploads"] = [_picture(trouble, speaker.api, mended=False)]
    receipt = speaker.api.post("/cases", body)
    trouble.number, trouble.code = receipt["number"], receipt["code"]


def _place(trouble: Trouble) -> dict[str, Any]:
    building, chance = trouble.building, trouble.chance
    if building["lon"] is None or trouble.lucky(0.5):
        return {"building_id": building["id"]}
    shift = chance.uniform(-0.00004, 0.00004)
    return {"lon": round(building["lon"] + shift, 6), "lat": round(building["lat"] - shift, 6)}


def _picture(trouble: Trouble, api: Api, *, mended: bool) -> str:
    return api.upload(trouble.cast.code, draw(trouble.matter.category, mended=mended))


def _said_again(trouble: Trouble) -> None:
    """A neighbour tells of the same trouble in other words: the desk shall find that it is the same."""
    said, _ = trouble.chance.choice(trouble.matter.talks)
    place = trouble.chance.choice(INSIDE if trouble.matter.inside else OUTSIDE)
    words = said.format(place=place.format(building=trouble.building["name_zh"]))
    speaker = trouble.chance.choice(trouble.cast.of("grid_worker") or trouble.cast.of("dispatcher"))
    speaker.api.post(
        "/cases",
        {
            "community": trouble.cast.code,
            "words": words,
            "kind": trouble.matter.kind,
            "place": _place(trouble),
            "on_behalf": True,
        },
    )


# -- whose turn it is ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """What a state waits for: how long that usually takes, and who does what. False: nothing more will happen."""

    minutes: float
    act: Callable[[Trouble, dict[str, Any]], bool]


def _move(trouble: Trouble, who: Player, verb: str, **given: Any) -> bool:
    who.api.post(f"/cases/{trouble.number}/moves", {"verb": verb, **given})
    return True


def _send(trouble: Trouble, case: dict[str, Any]) -> bool:
    if case["quarantined"]:
        return _move(trouble, trouble.desk, "release")
    if trouble.matter.kind == "inquiry" and trouble.lucky(0.6) and case["state"] != "returned":
        return _move(trouble, trouble.desk, "reply", answer=trouble.answer)
    if trouble.lucky(0.15):
        _move(trouble, trouble.desk, "urge")
    to = _to_whom(trouble)
    return _move(trouble, trouble.desk, "dispatch", category=trouble.matter.category, **to)


def _to_whom(trouble: Trouble) -> dict[str, int]:
    body = trouble.cast.body_for(trouble.matter.body, trouble.chance) if trouble.matter.body else None
    if body is not None:
        return {"organisation_id": body}
    worker = trouble.chance.choice(trouble.cast.of("grid_worker"))
    return {"handler_id": trouble.cast.account_of(worker)}


def _responsible(trouble: Trouble, case: dict[str, Any]) -> Player | None:
    if case["handler_id"]:
        return trouble.cast.behind(case["handler_id"])
    serving = trouble.cast.serving(case["organisation_id"] or 0)
    return trouble.chance.choice(serving) if serving else None


def _sign(trouble: Trouble, case: dict[str, Any]) -> bool:
    who = _responsible(trouble, case)
    if who is None:
        return False
    if case["organisation_id"] and trouble.lucky(0.08):
        note = trouble.chance.choice(RETURN_NOTES)
        return _move(trouble, who, "return", reason="wrong_place", note=note)
    return _move(trouble, who, "sign")


def _rule(trouble: Trouble, case: dict[str, Any]) -> bool:
    leaders = trouble.cast.of("community_leader") or trouble.cast.of("dispatcher")
    ruling = "upheld" if trouble.lucky(0.4) else "overruled"
    note = "经核实不属该单位，改派。" if ruling == "upheld" else "现场属小区红线内，由物业处置。"
    return _move(trouble, leaders[0], "rule", ruling=ruling, note=note)


def _begin(trouble: Trouble, case: dict[str, Any]) -> bool:
    who = _responsible(trouble, case)
    if who is None:
        return False
    if trouble.lucky(0.5):
        _move(trouble, who, "contact", note=trouble.chance.choice(NOTES))
    if trouble.lucky(0.1):
        _move(trouble, who, "ask", request="extend", amount="1.00", note="配件要等，申请延长一些。")
        leader = (trouble.cast.of("community_leader") or [trouble.desk])[0]
        return _move(trouble, leader, "decide", granted=trouble.lucky(0.7), note="已核实。")
    return _move(trouble, who, "start")


def _finish(trouble: Trouble, case: dict[str, Any]) -> bool:
    who = _responsible(trouble, case)
    if who is None:
        return False
    if trouble.lucky(0.05) and case["supervised_until"] is None:
        until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()  # noqa: TID251  (a door of its own)
        leader = (trouble.cast.of("community_leader") or [trouble.desk])[0]
        _move(trouble, leader, "supervise", until=until, note="居民多次反映，请限时办结。")
    return _move(
        trouble, who, "handled", answer=trouble.answer, uploads=[_picture(trouble, who.api, mended=True)]
    )


def _check(trouble: Trouble, case: dict[str, Any]) -> bool:
    verifier = trouble.chance.choice(trouble.cast.of("verifier") or trouble.cast.of("dispatcher"))
    if trouble.lucky(0.08):
        return _move(trouble, verifier, "redo", reason="partly_done", note="还有一处没有处理，请补做。")
    return _move(trouble, verifier, "close", answer=trouble.answer)


def _word(trouble: Trouble, case: dict[str, Any]) -> bool:
    """The resident's word by number and code; the unsatisfied come back once. Others are called by the desk."""
    if trouble.reopened or trouble.lucky(0.4):
        reached = trouble.lucky(0.85)
        given = {"solved": True, "stars": trouble.chance.choice((4, 5, 5))} if reached else {"reached": False}
        _move(trouble, trouble.desk, "follow_up", **given)
        return False
    if trouble.lucky(0.5):
        content = trouble.lucky(0.8)
        _by_receipt(trouble, "rate", solved=content, stars=5 if content else 2)
        if content:
            return False
        trouble.reopened = True
        words = trouble.chance.choice(NOT_SOLVED)
        _by_receipt(trouble, "reopen", reason="not_solved", words=words)
        return True
    return False


def _by_receipt(trouble: Trouble, verb: str, **given: Any) -> None:
    anybody = Api(trouble.cast.door, "")
    anybody.post("/follow/moves", {"number": trouble.number, "code": trouble.code, "verb": verb, **given})


TURNS: dict[str, Turn] = {
    "reported": Turn(14, _send),
    "accepted": Turn(20, _send),
    "ruled": Turn(20, _send),
    "reopened": Turn(25, _send),
    "dispatched": Turn(14, _sign),
    "returned": Turn(60, _rule),
    "signed": Turn(45, _begin),
    "handling": Turn(150, _finish),
    "handled": Turn(90, _check),
    "verifying": Turn(30, _check),
    "closed": Turn(240, _word),
}


def begin(cast: Cast, chance: Random, *, hour: int, sore: list[tuple[Any, Matter]]) -> Trouble:
    """A new trouble of this hour of the day; some places have the same trouble again and again."""
    if chance.random() < 0.15 and sore:
        building, matter = chance.choice(sore)
        return Trouble(cast, chance, matter, building)
    weights = [matter.weight * (4 if matter.evening and hour >= 18 else 1) for matter in MATTERS]
    matter = chance.choices(MATTERS, weights)[0]
    return Trouble(cast, chance, matter, chance.choice(cast.buildings))
