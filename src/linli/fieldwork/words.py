"""What the codes of the work in the grids are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words as cases
from linli.fieldwork.rules.words import (
    Ground,
    ItemKind,
    Need,
    Outcome,
    PatrolEnd,
    PlanEnd,
    Purpose,
    WhyHandOver,
)
from linli.kernel.refusals import Wrong

PURPOSES = {
    Purpose.CARE: pgettext_lazy("visit", "As a care plan says"),
    Purpose.FOLLOW_UP: pgettext_lazy("visit", "Promised last time"),
    Purpose.CASE: pgettext_lazy("visit", "About a report"),
    Purpose.HOMES: pgettext_lazy("visit", "Houses and who lives there"),
    Purpose.TELL: pgettext_lazy("visit", "To tell something"),
    Purpose.LISTEN: pgettext_lazy("visit", "To ask what is wanted"),
}
OUTCOMES = {
    Outcome.MET: pgettext_lazy("visit", "Met"),
    Outcome.BY_PHONE: pgettext_lazy("visit", "Spoken with by phone"),
    Outcome.NOT_AT_HOME: pgettext_lazy("visit", "Nobody at home"),
    Outcome.DECLINED: pgettext_lazy("visit", "Did not want a visit"),
}
NEEDS = {
    Need.LIVES_ALONE: pgettext_lazy("need", "Old and living alone"),
    Need.EMPTY_NEST: pgettext_lazy("need", "Old, children far away"),
    Need.LEFT_BEHIND_CHILD: pgettext_lazy("need", "Child whose parents work far away"),
    Need.LOW_INCOME: pgettext_lazy("need", "Minimum living allowance"),
    Need.SPECIAL_CARE: pgettext_lazy("need", "Entitled to special care"),
    Need.VETERAN: pgettext_lazy("need", "Left the army"),
    Need.SINGLE_PARENT: pgettext_lazy("need", "Single parent"),
    Need.OUT_OF_WORK: pgettext_lazy("need", "Out of work"),
    Need.ASKED: pgettext_lazy("need", "Asked to be looked in on"),
    Need.HEALTH: pgettext_lazy("need", "Care for reasons of health"),
}
GROUNDS = {
    Ground.REQUEST: pgettext_lazy("ground of care", "The person, or who cares for them, asked"),
    Ground.SPOKEN: pgettext_lazy("ground of care", "Agreed in words today"),
    Ground.WRITTEN: pgettext_lazy("ground of care", "Agreed on paper"),
    Ground.DUTY: pgettext_lazy("ground of care", "A duty of the community under the law"),
}
PLAN_ENDS = {
    PlanEnd.NO_LONGER_NEEDED: pgettext_lazy("end of care", "No longer needed"),
    PlanEnd.WITHDRAWN: pgettext_lazy("end of care", "The person does not want it any more"),
    PlanEnd.MOVED: pgettext_lazy("end of care", "Moved away"),
    PlanEnd.DIED: pgettext_lazy("end of care", "Died"),
    PlanEnd.RAN_OUT: pgettext_lazy("end of care", "Its last day is over"),
}
PATROL_ENDS = {
    PatrolEnd.WORKER: pgettext_lazy("patrol", "Ended"),
    PatrolEnd.FORGOTTEN: pgettext_lazy("patrol", "Ended by itself"),
}
WHY_HAND_OVER = {
    WhyHandOver.LEAVE: pgettext_lazy("hand-over", "On leave"),
    WhyHandOver.ILL: pgettext_lazy("hand-over", "Ill"),
    WhyHandOver.MOVED: pgettext_lazy("hand-over", "Moves to other work"),
    WhyHandOver.RESHAPED: pgettext_lazy("hand-over", "Grids were cut anew"),
    WhyHandOver.OTHER: pgettext_lazy("hand-over", "Another reason"),
}
ITEMS = {
    ItemKind.CASE: pgettext_lazy("hand-over", "Case"),
    ItemKind.FOLLOW_UP: pgettext_lazy("hand-over", "Promised visit"),
    ItemKind.CARE_PLAN: pgettext_lazy("hand-over", "Care plan"),
    ItemKind.SERVICE: pgettext_lazy("hand-over", "Service not yet confirmed"),
}
FAULTS = {
    "in_the_future": _("This time has not come yet."),
    "too_old": _("This is more than 30 days ago."),
    "too_long": _("This is too long."),
    "no_plan": _("This care plan is not one of this household, or it has ended."),
    "plan_missing": _("Choose the care plan that this visit is for."),
    "not_later": _("Choose a day after the visit."),
    "too_far": _("At most a year ahead."),
    "used": _("This was sent already by somebody else. Open the page again."),
    "turned_off": _("This community does not plan care for reasons of health."),
    "leaders_only": _("Only the leader of the community may do this."),
    "out_of_range": _("Between 1 and 366 days."),
    "over": _("This day is over."),
    "ends_before_it_begins": _("The end lies before the beginning."),
    "planned_already": _("There is a care plan for this need already. End it first."),
    "not_in_team": _("This person does not serve in this grid."),
    "same_person": _("Choose a colleague."),
    "nothing_open": _("Nothing is open there: there is nothing to hand over."),
    "offered_already": _("A hand-over of this grid waits already. Take it back first."),
    "nothing_chosen": _("Choose at least one, or decline the hand-over."),
    "receivers_only": _("Only the colleague it is offered to can accept it."),
    "not_yours": _("Only who wrote it down may take it back."),
    "too_late": _("It is more than two days ago: it stays. Tell your leader what was wrong."),
    "patrol_over": _("This patrol has ended. Start another one."),
    "too_many": _("Too many positions for one patrol."),
}
OUTDATED = _("Somebody was faster: it is over already. Look at it again.")


def wrong(one: Wrong) -> str:
    """What is wrong, in words; what a case made on the way asks for, as the cases say it."""
    said = FAULTS.get(one.code)
    return str(said) if said else cases.wrong(one.code, field=one.field, limit=one.limit)
