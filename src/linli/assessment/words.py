"""What the codes of the league are called, and what is wrong with what somebody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from linli.assessment.models import Audience
from linli.assessment.rules.certificates import Validity
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.periods import Period
from linli.assessment.rules.runs import Cause, Ruling, State, Verb
from linli.assessment.rules.scheme import Curve, Missing, Ties
from linli.assessment.rules.scoring import ADJUSTED, FALSE_RECORD
from linli.assessment.rules.stars import Step
from linli.assessment.rules.subjects import Level

Words = Mapping[str, Any]

STATES: Words = {
    State.COMPUTED: pgettext_lazy("run", "Computed, nobody has looked yet"),
    State.REVIEWED: pgettext_lazy("run", "Reviewed, not announced"),
    State.ANNOUNCED: pgettext_lazy("run", "Announced, appeals are open"),
    State.FINAL: pgettext_lazy("run", "Final"),
    State.SUPERSEDED: pgettext_lazy("run", "Superseded by a newer version"),
}
VERBS: Words = {
    Verb.REVIEW: pgettext_lazy("run", "I have looked at it"),
    Verb.ANNOUNCE: pgettext_lazy("run", "Announce"),
}
CAUSES: Words = {
    Cause.DUE: pgettext_lazy("run", "the period ended"),
    Cause.ASKED: pgettext_lazy("run", "somebody asked for it"),
    Cause.LATE_FACTS: pgettext_lazy("run", "facts came late"),
    Cause.APPEAL: pgettext_lazy("run", "an appeal was won"),
    Cause.ADJUSTMENT: pgettext_lazy("run", "points were adjusted"),
}
LEVELS: Words = {
    Level.WORKER: pgettext_lazy("level", "Grid workers"),
    Level.GRID_TEAM: pgettext_lazy("level", "Grid teams"),
    Level.GRID_STATION: pgettext_lazy("level", "Grid stations"),
    Level.COMMITTEE: pgettext_lazy("level", "Committees"),
}
PERIODS: Words = {
    Period.WEEK: pgettext_lazy("period", "weekly"),
    Period.MONTH: pgettext_lazy("period", "monthly"),
    Period.QUARTER: pgettext_lazy("period", "quarterly"),
    Period.YEAR: pgettext_lazy("period", "yearly"),
}
PART_WHY: Words = {
    "too_few": _("Too few rows to say anything: its weight went to the others."),
    "nothing_there": _("There was nothing to measure: its weight went to the others."),
    "not_computed": _("This is not computed by Linli."),
    "information": _("Shown as information; it carries no weight."),
}
EXTRA_PARTS: Words = {
    FALSE_RECORD: _("Records proven false"),
    ADJUSTED: _("Adjusted by two people"),
}
#: Why a row was left out of an indicator.
LEFT_OUT: Words = {
    "proven_false": _("The record was proven false."),
    "mistaken": _("The record was an honest mistake."),
    "declined": _("The report was declined."),
    "merged": _("The report was merged with another one."),
    "withdrawn": _("The report was withdrawn."),
    "voided": _("The report was voided."),
    "silent": _("The resident has not said."),
    "not_decided": _("Not decided yet."),
    "not_checked": _("Nobody has checked it yet."),
    "not_confirmed": _("The resident has not confirmed it."),
    "not_ended": _("It was not ended."),
    "not_random": _("It was not drawn by lot."),
    "too_short": _("Too short to be a round."),
    "denied": _("The resident denies it."),
    "no_need": _("No need of care was recorded."),
    "same_household": _("This household counts once already."),
    "same_colleague": _("This colleague counts once already."),
    "sat_again": _("Only the best quiz counts."),
    "households_unknown": _("Nobody knows how many households live there."),
    "no_marks": _("The sheet has no marks."),
    "returned": _("It was sent back, with reason."),
}
SOURCES: Words = {
    "cases": pgettext_lazy("rows", "Reports"),
    "groups": pgettext_lazy("rows", "Groups of a grid"),
    "visits": pgettext_lazy("rows", "Visits"),
    "visits_due": pgettext_lazy("rows", "Visits that were due"),
    "services": pgettext_lazy("rows", "Services"),
    "patrols": pgettext_lazy("rows", "Patrols"),
    "handovers": pgettext_lazy("rows", "Hand-overs"),
    "peer_help": pgettext_lazy("rows", "Help among colleagues"),
    "rechecks": pgettext_lazy("rows", "Re-checks"),
    "quizzes": pgettext_lazy("rows", "Quizzes"),
    "courses": pgettext_lazy("rows", "Courses"),
    "evaluations": pgettext_lazy("rows", "Sheets of the evaluation"),
}
#: What the rows of a source are counted in, one and many.
COUNTED_OF: Words = {
    "cases": ngettext_lazy("%(n)s case", "%(n)s cases", "n"),
    "groups": ngettext_lazy("%(n)s household", "%(n)s households", "n"),
    "visits": ngettext_lazy("%(n)s visit", "%(n)s visits", "n"),
    "visits_due": ngettext_lazy("%(n)s visit", "%(n)s visits", "n"),
    "services": ngettext_lazy("%(n)s service", "%(n)s services", "n"),
    "patrols": ngettext_lazy("%(n)s round", "%(n)s rounds", "n"),
    "handovers": ngettext_lazy("%(n)s hand-over", "%(n)s hand-overs", "n"),
    "peer_help": ngettext_lazy("%(n)s time", "%(n)s times", "n"),
    "rechecks": ngettext_lazy("%(n)s re-check", "%(n)s re-checks", "n"),
    "quizzes": ngettext_lazy("%(n)s mark", "%(n)s marks", "n"),
    "courses": ngettext_lazy("%(n)s course", "%(n)s courses", "n"),
    "evaluations": ngettext_lazy("%(n)s mark", "%(n)s marks", "n"),
}
#: Indicators that count something else than the rows of their source.
COUNTED: Words = {
    "visits_to_need": ngettext_lazy("%(n)s household", "%(n)s households", "n"),
}
RULINGS: Words = {
    Ruling.OPEN: pgettext_lazy("appeal", "Waiting for a decision"),
    Ruling.WON: pgettext_lazy("appeal", "Won: the score was computed again"),
    Ruling.LOST: pgettext_lazy("appeal", "Not followed"),
    Ruling.WITHDRAWN: pgettext_lazy("appeal", "Withdrawn"),
}
STEPS: Words = {
    Step.KEPT: pgettext_lazy("stars", "kept"),
    Step.UP: pgettext_lazy("stars", "one star more"),
    Step.DOWN: pgettext_lazy("stars", "one star less"),
    Step.WAITING_UP: pgettext_lazy("stars", "above the next line; it needs to last"),
    Step.WAITING_DOWN: pgettext_lazy("stars", "below the line; it may recover"),
    Step.SPARED: pgettext_lazy("stars", "below the line, in the time of grace"),
    Step.NO_SCORE: pgettext_lazy("stars", "no score; nothing changes"),
    Step.LAPSED: pgettext_lazy("stars", "lapsed: nothing has confirmed them for too long"),
    Step.FALSIFIED: pgettext_lazy("stars", "taken for a record proven false"),
}
NAMINGS: Words = {
    Naming.NONE: pgettext_lazy("naming", "No name, only the duty"),
    Naming.NUMBER: pgettext_lazy("naming", "A number instead of the name"),
    Naming.SURNAME: pgettext_lazy("naming", "Surname and duty"),
    Naming.FULL: pgettext_lazy("naming", "Full name"),
}
AUDIENCES: Words = {
    Audience.NOBODY: pgettext_lazy("audience", "Nobody beside those concerned"),
    Audience.GROUP: pgettext_lazy("audience", "The colleagues' group, by robot"),
    Audience.RESIDENTS: pgettext_lazy(
        "audience", "The group, and residents (grids and teams only, never persons)"
    ),
}
VALIDITY: Words = {
    Validity.VALID: pgettext_lazy("certificate", "This certificate is valid"),
    Validity.EXPIRED: pgettext_lazy("certificate", "This certificate has expired"),
    Validity.REVOKED: pgettext_lazy("certificate", "This certificate was taken back"),
}
CURVES: Words = {
    Curve.LINEAR: pgettext_lazy("curve", "evenly from floor to target"),
    Curve.STEPS: pgettext_lazy("curve", "by steps"),
    Curve.SATURATING: pgettext_lazy("curve", "fast at first, slower near the target"),
}
TIES: Words = {
    Ties.SKIP: pgettext_lazy("ties", "equal points share a rank, the next one is left out (1, 1, 3)"),
    Ties.DENSE: pgettext_lazy("ties", "equal points share a rank (1, 1, 2)"),
}
MISSING: Words = {
    Missing.SHARE: pgettext_lazy("missing", "the other indicators carry its weight"),
    Missing.NEUTRAL: pgettext_lazy("missing", "it counts as the middle of the peers"),
}
#: Why points are given or taken by people.
REASONS: Words = {
    "help_elsewhere": pgettext_lazy("adjustment", "Helped elsewhere, on orders"),
    "wrong_place": pgettext_lazy("adjustment", "Counted for the wrong place or person"),
    "not_recorded": pgettext_lazy("adjustment", "Work that no record shows"),
    "approved_leave": pgettext_lazy("adjustment", "Approved leave"),
    "outside_power": pgettext_lazy("adjustment", "Something nobody here could change"),
    "other": pgettext_lazy("adjustment", "Another reason"),
}
#: Columns of rows that a won appeal may set.
COLUMNS: Words = {
    "responded": pgettext_lazy("row", "Answered in time"),
    "on_time": pgettext_lazy("row", "Done in time"),
    "passed_first": pgettext_lazy("row", "Proof enough the first time"),
    "solved": pgettext_lazy("row", "Solved, as the resident says"),
    "satisfied": pgettext_lazy("row", "Satisfied, as the call-back says"),
    "located": pgettext_lazy("row", "Its place is known"),
    "category_changed": pgettext_lazy("row", "Its category was changed"),
    "complete": pgettext_lazy("row", "The report is complete"),
    "followed_up": pgettext_lazy("row", "Followed up"),
    "denied": pgettext_lazy("row", "The resident denies it"),
    "held": pgettext_lazy("row", "The course is held"),
}
#: What is wrong with what was sent, and why something cannot be done now.
FAULTS: Words = {
    "missing": pgettext_lazy("league", "Write this."),
    "too_long": pgettext_lazy("league", "This is too long."),
    "too_short": pgettext_lazy("league", "Say a little more."),
    "already_open": _("You have already appealed against this part; wait for the decision."),
    "already_decided": _("It is decided already."),
    "needs_another_person": _("A second person decides, not the one who asked."),
    "no_such_row": _("The run does not know this row."),
    "no_such_column": _("This cannot be put right so."),
    "in_the_past": _("A version holds from a period that begins today or later."),
    "taken": _("Another version holds from this day on, or a later one."),
    "published": _("It is published: make a new version."),
    "fixed": _("Level and period of a scheme stay as they are; begin another scheme."),
    "nobody": _("The community's rule says that nobody else reads results."),
    "too_many": pgettext_lazy("league", "These are too many."),
    "personal": _("Here is a personal number. Leave it out: everybody may read this, or it stays for years."),
    "unknown": pgettext_lazy("league", "This is not known here."),
    "out_of_range": pgettext_lazy("league", "This is out of range."),
    "not_whole": pgettext_lazy("league", "This is no whole number."),
    "not_text": pgettext_lazy("league", "This is no text."),
    "not_a_table": pgettext_lazy("league", "This is no object of names and values."),
    "not_a_value": pgettext_lazy("league", "Write a value like 95%, 3 or 2.5."),
    "not_a_step": pgettext_lazy("league", "A step is a value and its percent."),
    "not_in_order": pgettext_lazy("league", "Put these in order, the best first."),
    "weights_not_hundred": _("The weights must add up to 100 percent."),
    "twice": _("This indicator stands here twice."),
    "wrong_way": _("Floor and target lie the wrong way round for this indicator."),
    "bands_count": _("One to five lines for stars."),
    "bands_order": _("The lines for stars must rise, between 0 and 100 points."),
    "after": _("At least one period."),
    "negative": _("No negative numbers."),
    "floor": _("Not more stars than there are lines."),
    "seven_and_seven": _("The list has exactly seven and seven items."),
    "no_mark": _("Give a mark."),
    "no_evidence": _("Say what was missing, or how you know."),
    "nobody_there": _("This person does not serve here now."),
    "oneself": _("Not oneself."),
    "no_checklist": _("Write the community's list first."),
    "closed": _("This is closed."),
    "outdated": _("Somebody else changed it in the meantime. Look at it again before you save."),
    "not_a_beginning": _("A period does not begin on this day."),
    "not_ended": _("This period has not ended yet."),
    "no_version": _("No version of the scheme held on this day."),
    "wrong_state": _("This cannot be done to it now: look at how it stands."),
    "not_your_door": _("This is for others to do."),
    "keepers_only": _("Only the leader and the administrator do this."),
    "final": _("It is final: nothing changes any more."),
    "appeals_open": _("The time for appeals is not over, or one waits for its decision."),
    "too_late": _("The time for appeals is over."),
    "scored_it": _("Whoever computed or reviewed the run does not decide about an appeal against it."),
    "own_affair": _("Nobody decides about an affair of one's own."),
    "no_robot": _("No robot stands in a group of the community yet."),
}


def said(words: Words, code: str) -> str:
    """What a code is called; the code itself where nobody gave it words."""
    return str(words.get(code, code))
