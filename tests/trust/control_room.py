"""What of the control room can be asked for by an address: a definition to come, and a case asked to be left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.cases.tests.cast import Community
from linli.controlroom.actions import definitions, exclusions, screens
from linli.controlroom.rules.definitions import SHIPPED
from linli.kernel.clock import LOCAL

#: Figures have the same codes everywhere; what stands behind them is of one community.
CODES = ("control-figure.code", "control-figure-rows.code", "control-definition.code")


def fill(community: Community, number: str, *, at: datetime) -> dict[str, Any]:
    """The ids by the names of their parameters."""
    leader, clerk = community.people["leader"].actor(at), community.people["dispatcher"].actor(at)
    day = at.astimezone(LOCAL).date() + timedelta(days=30)
    wanted = definitions.Wanted(SHIPPED["solved_rate"], valid_from=day, why="试行")
    set_ = definitions.set_definition(actor=leader, community_id=community.id, wanted=wanted, at=at)
    why = f"CANARYEXCLUDE{community.code} 台风所致"
    asked = exclusions.ask(actor=clerk, number=number, codes=(), reason="force_majeure", why=why, at=at)
    screen, token = screens.make_screen(
        actor=leader,
        community_id=community.id,
        name=f"CANARYSCREEN{community.code}",
        days=1,
        language="en",
        at=at,
    )
    return {
        "definition_id": set_.pk,
        "exclusion_id": asked.pk,
        "screen_id": screen.pk,
        "token": token,
        **dict.fromkeys(CODES, "solved_rate"),
    }


def absent() -> dict[str, Any]:
    """What there is none of."""
    return {
        "definition_id": 999_999_999,
        "exclusion_id": 999_999_999,
        "screen_id": 999_999_999,
        "token": f"1-{'a' * 32}",
        **dict.fromkeys(CODES, "solved_rate"),
    }
