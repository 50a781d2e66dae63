"""Who is told when something happened: one function a fact. Twice changes nothing: a fact tells each recipient once."""

from __future__ import annotations

from linli.notices.reactions.of_alarms import tell_of_alarm, tell_of_answered_alarm, tell_of_unanswered_alarm
from linli.notices.reactions.of_cases import tell_of_move, tell_of_report
from linli.notices.reactions.of_chasing import (
    tell_of_broken_promise,
    tell_of_overdue_letter,
    tell_of_risk,
    tell_of_rung,
)
from linli.notices.reactions.of_homes import (
    tell_of_duty,
    tell_of_duty_ended,
    tell_of_home_asked,
    tell_of_home_bound,
    tell_of_home_ended,
    tell_of_home_expiring,
)
from linli.notices.reactions.of_whistles import (
    tell_of_answer,
    tell_of_arrival,
    tell_of_conclusion,
    tell_of_whistle,
)

__all__ = [
    "tell_of_alarm",
    "tell_of_answer",
    "tell_of_answered_alarm",
    "tell_of_arrival",
    "tell_of_broken_promise",
    "tell_of_conclusion",
    "tell_of_duty",
    "tell_of_duty_ended",
    "tell_of_home_asked",
    "tell_of_home_bound",
    "tell_of_home_ended",
    "tell_of_home_expiring",
    "tell_of_move",
    "tell_of_overdue_letter",
    "tell_of_report",
    "tell_of_risk",
    "tell_of_rung",
    "tell_of_unanswered_alarm",
    "tell_of_whistle",
]
