"""What figures, parts, groups and definitions are called, and what each figure counts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Lazy]

FIGURES: Words = {
    "reported": pgettext_lazy("figure", "Reported"),
    "accepted": pgettext_lazy("figure", "Accepted"),
    "dispatched": pgettext_lazy("figure", "Dispatched"),
    "settled": pgettext_lazy("figure", "Settled"),
    "declined": pgettext_lazy("figure", "Not accepted"),
    "merged": pgettext_lazy("figure", "Merged"),
    "withdrawn": pgettext_lazy("figure", "Withdrawn"),
    "open": pgettext_lazy("figure", "Open"),
    "open_in_time": pgettext_lazy("figure", "Open, in time"),
    "open_at_risk": pgettext_lazy("figure", "Open, due soon"),
    "open_broken": pgettext_lazy("figure", "Open, overdue"),
    "open_paused": pgettext_lazy("figure", "Open, on hold"),
    "open_unaccepted": pgettext_lazy("figure", "Waiting to be accepted"),
    "open_unsigned": pgettext_lazy("figure", "Waiting to be signed for"),
    "open_urgent": pgettext_lazy("figure", "Open and urgent"),
    "joint_open": pgettext_lazy("figure", "Joint work under way"),
    "supervised_open": pgettext_lazy("figure", "Under supervision"),
    "response_rate": pgettext_lazy("figure", "Response rate"),
    "solved_rate": pgettext_lazy("figure", "Resolution rate"),
    "satisfied_rate": pgettext_lazy("figure", "Satisfaction rate"),
    "three_rates_score": pgettext_lazy("figure", "Score of the three rates"),
    "on_time_rate": pgettext_lazy("figure", "Resolved on time"),
    "sign_rate": pgettext_lazy("figure", "Signed for on time"),
    "contact_rate": pgettext_lazy("figure", "First contact on time"),
    "returned": pgettext_lazy("figure", "Returned"),
    "return_rate": pgettext_lazy("figure", "Return rate"),
    "reopened": pgettext_lazy("figure", "Reopened"),
    "reopen_rate": pgettext_lazy("figure", "Reopening rate"),
    "redo_rate": pgettext_lazy("figure", "Redo rate"),
    "repeat_rate": pgettext_lazy("figure", "Repeat rate"),
    "median_hours_to_settle": pgettext_lazy("figure", "Hours to settle, median"),
    "called_back": pgettext_lazy("figure", "Called back"),
    "reached_rate": pgettext_lazy("figure", "Reached by call-back"),
    "urged": pgettext_lazy("figure", "Urged"),
    "supervised": pgettext_lazy("figure", "Put under supervision"),
    "escalated": pgettext_lazy("figure", "Escalated"),
}
#: What is counted. Of a rate the definition says more.
FORMULAS: Words = {
    "reported": _("Cases reported in the period."),
    "accepted": _(
        "Cases that were reported and then accepted, sent out, settled on the spot or answered in the period."
    ),
    "dispatched": _("Cases sent to a body or person in the period, each once."),
    "settled": _("Cases closed or answered directly in the period, each once."),
    "declined": _("Cases not accepted in the period."),
    "merged": _("Cases merged into another one in the period."),
    "withdrawn": _("Cases withdrawn by their reporters in the period."),
    "open": _("Cases that are open now, whenever they were reported."),
    "open_in_time": _(
        "Open cases whose next promise is neither broken nor due soon, those without a promise included."
    ),
    "open_at_risk": _("Open cases with less than a fifth of the time of their next promise left."),
    "open_broken": _("Open cases whose next promise is past its time."),
    "open_paused": _("Open cases on hold, their promise not broken."),
    "open_unaccepted": _("Open cases that nobody has accepted yet."),
    "open_unsigned": _("Open cases that were sent to a body which has not signed for them yet."),
    "open_urgent": _("Open cases that are urgent or critical."),
    "joint_open": _("Open cases of which another body still has its part to do."),
    "supervised_open": _("Open cases with a supervisor's letter that stands."),
    "response_rate": _("Cases in which the named promises were kept ÷ cases whose promises are decided."),
    "solved_rate": _("Cases the resident calls solved ÷ cases on which the resident has spoken."),
    "satisfied_rate": _("Cases with enough stars ÷ cases with stars."),
    "three_rates_score": _("The three rates, each times its weight, in points of 100."),
    "on_time_rate": _("Cases resolved within what was promised ÷ cases whose promise is decided."),
    "sign_rate": _("Cases signed for within what was promised ÷ cases whose promise is decided."),
    "contact_rate": _(
        "Cases whose resident was contacted within what was promised ÷ cases whose promise is decided."
    ),
    "returned": _("Cases that a body returned in the period, each once."),
    "return_rate": _("Cases returned at least once ÷ cases sent to a body."),
    "reopened": _("Cases reopened in the period, each once."),
    "reopen_rate": _("Cases reopened after they were settled in the period ÷ cases settled in the period."),
    "redo_rate": _("Cases sent back by the check before they were settled ÷ cases settled in the period."),
    "repeat_rate": _(
        "Cases at a building where the same category was settled shortly before"
        " ÷ cases with a known building and category."
    ),
    "median_hours_to_settle": _(
        "The middle value of the hours from the report until the case was settled;"
        " a reopened case counts once it is settled again."
    ),
    "called_back": _("Cases called back in the period, each once; who left no number cannot be called."),
    "reached_rate": _("Cases whose resident was reached by the call-back ÷ cases called back in the period."),
    "urged": _("Cases that were urged in the period, each once."),
    "supervised": _(
        "Cases for which a supervisor's letter was opened in the period, by a person or by the ladder, each once."
    ),
    "escalated": _("Cases escalated in the period, each once."),
}
UNITS: Words = {
    "share": pgettext_lazy("unit", "percent"),
    "cases": pgettext_lazy("unit", "cases"),
    "hours": pgettext_lazy("unit", "hours"),
    "points": pgettext_lazy("unit", "points"),
}
SECTIONS: Words = {
    "rates": _("The three rates"),
    "now": _("Open now"),
    "flow": _("In the period"),
    "time": _("Time"),
    "quality": _("Quality"),
    "chasing": _("Chasing"),
}
PARTS: Words = {
    "numerator": _("Numerator"),
    "denominator": _("Denominator"),
    "excluded": _("Left out"),
}
BREAKDOWNS: Words = {
    "organisation": pgettext_lazy("by", "Body"),
    "category": pgettext_lazy("by", "Category"),
    "grid": pgettext_lazy("by", "Grid"),
    "day": pgettext_lazy("by", "Day"),
    "week": pgettext_lazy("by", "Week"),
    "month": pgettext_lazy("by", "Month"),
}
PERIODS: Words = {
    "today": pgettext_lazy("period", "Today"),
    "yesterday": pgettext_lazy("period", "Yesterday"),
    "week": pgettext_lazy("period", "Last 7 days"),
    "days30": pgettext_lazy("period", "Last 30 days"),
    "month": pgettext_lazy("period", "This month"),
    "last_month": pgettext_lazy("period", "Last month"),
    "quarter": pgettext_lazy("period", "This quarter"),
    "year": pgettext_lazy("period", "This year"),
}
#: Why a case is not counted.
REASONS: Words = {
    "approved": _("left out by approval"),
    "ended": _("not accepted, merged, withdrawn or voided"),
    "kind": _("of a kind that is not counted"),
    "pending": _("its promise still runs"),
    "unreachable": _("the resident could not be reached"),
    "silent": _("no word from the resident yet"),
    "unmeasured": _("nothing to measure: no promise, or no building or category"),
    "reopened": _("reopened and not settled again in the period"),
}
EXCLUSION_REASONS: Words = {
    "not_our_duty": _("Not the duty of anybody here"),
    "force_majeure": _("Weather, disaster or another outside cause"),
    "malicious": _("Made up or repeated in bad faith"),
    "duplicate": _("The same matter is counted already"),
    "wrongly_recorded": _("Recorded wrongly"),
    "beyond_the_law": _("What is asked would be against a law or policy"),
    "other": pgettext_lazy("reason", "Another reason"),
}
COUNTED_ON: Words = {
    "reported": _("by the day it was reported"),
    "dispatched": _("by the day it was first sent to a body"),
    "settled": _("by the day it was last settled"),
    "heard": _("by the day of the resident's last word"),
}
HANDLINGS: Words = {
    "dropped": pgettext_lazy("handling", "left out"),
    "for": pgettext_lazy("handling", "counted for"),
    "against": pgettext_lazy("handling", "counted against"),
}
SOURCES: Words = {
    "either": _("the last word counts, of a call-back or of the resident's own rating"),
    "call_back": _("only call-backs count"),
}
OWNERS: Words = {
    "last": _("to the body that has it now"),
    "first": _("to the body it was first sent to"),
}
LEFT_OUT: Words = {
    "inquiry": _("inquiries"),
    "suggestion": _("suggestions"),
    "praise": pgettext_lazy("kind of case", "praise"),
    "declined": _("cases not accepted"),
    "merged": _("cases merged into another"),
    "withdrawn": _("withdrawn cases"),
    "voided": _("voided cases"),
}
PROMISES: Words = {
    "sign": _("signed for in time"),
    "first_contact": _("resident contacted in time"),
    "resolve": _("resolved in time"),
}


#: What each field of a definition decides.
DECIDED: Words = {
    "counted_on": _("A case belongs to a period"),
    "promises": _("Counted for"),
    "leave_out": _("Not counted"),
    "approved_out": _("Single cases left out by approval"),
    "unreachable": _("A resident who cannot be reached"),
    "silent": _("A resident who has not spoken"),
    "source": _("Whose word"),
    "stars": _("Satisfied"),
    "window_days": _("Came back"),
    "owner": _("A case belongs"),
    "weights": _("Weights"),
    "floors": _("Floors"),
    "floor_zeroes": _("Below a floor"),
    "rescale": _("A rate with nothing to measure"),
}


def label(words: Words, code: str) -> str:
    """The word of a code; the code itself for one that has none."""
    return str(words.get(code, code))
