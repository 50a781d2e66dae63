"""Words of whistles and of calling residents back, shared by pages, workbench and API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases.words import Words

#: What a called body says, and how it stands.
CALL_ANSWERS: Words = {"coming": _("Coming"), "declined": _("Cannot come")}
CALL_STANDINGS: Words = {
    "called": _("Not answered yet"),
    "coming": _("Coming"),
    "declined": _("Cannot come"),
    "excused": _("Excused"),
    "expected": _("Not there"),
    "arrived": _("There in time"),
    "late": _("There, late"),
    "absent": _("Absent"),
    "off": _("Did not take place"),
}
WHISTLE_STATES: Words = {
    "open": _("Called"),
    "concluded": pgettext_lazy("whistle", "Concluded"),
    "called_off": _("Called off"),
    "lapsed": _("The case has ended"),
}
#: The columns of attendance.
ATTENDANCE: Words = {
    "called": pgettext_lazy("attendance", "Called"),
    "answered": _("Answered"),
    "late_answers": _("Answered too late"),
    "in_time": _("In time"),
    "late": _("Late"),
    "absent": _("Absent"),
    "excused": _("Excused"),
    "off": _("Did not take place"),
    "open": _("To come"),
}
#: Calling residents back.
TRIED: Words = {
    "reached": _("Reached"),
    "no_answer": _("No answer"),
    "call_again": _("Asked to be called later"),
    "refused": _("Did not want to answer"),
    "wrong_number": _("Wrong number"),
}
CALL_OUTCOMES: Words = {
    "reached": _("Reached"),
    "unreachable": _("Not reached"),
    "refused": _("Did not want to answer"),
    "wrong_number": _("Wrong number"),
    "no_contact": _("No number was left"),
}
CALL_STATES: Words = {
    "skipped": _("Not drawn"),
    "open": _("To call"),
    "done": pgettext_lazy("call-back", "Over"),
    "lapsed": _("Lapsed: taken up again or archived"),
}
DRAWN_BECAUSE: Words = {
    "": _("Not drawn"),
    "rule": _("By lot"),
    "no_plan": _("No plan: everybody is called"),
    "minimum": _("For the month's minimum"),
    "asked": _("Called although not drawn"),
}
TRIGGERS: Words = {
    "reopened": _("Had been closed before"),
    "joined": _("Reported by several residents"),
    "joint": _("Worked on by several bodies"),
    "supervised": _("Supervised"),
    "urgent": _("Urgent"),
}
COMPLAINTS: Words = {
    "not_done": _("Not done"),
    "came_back": _("It came back"),
    "too_slow": _("It took too long"),
    "poor_manner": _("Manner of the people who came"),
    "answer_unclear": _("The answer is unclear"),
    "beyond_power": _("Wants more than can be done"),
    "other": _("Another reason"),
}
STARS: Words = {
    "5": _("Very satisfied"),
    "4": _("Satisfied"),
    "3": _("Mostly satisfied"),
    "2": _("Not satisfied"),
    "1": _("Not satisfied at all"),
}
DAY_PARTS: Words = {"morning": _("morning"), "afternoon": _("afternoon"), "evening": _("evening")}
