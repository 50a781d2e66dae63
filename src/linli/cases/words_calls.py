"""Words of whistles and of calling residents back, shared by pages, workbench and API."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Lazy]

#: Parts of the tables of `words`, under the same names.
VERBS: Words = {
    "whistle": pgettext_lazy("move", "Blow the whistle"),
    "answer_call": pgettext_lazy("move", "Answer the call"),
    "arrive": pgettext_lazy("move", "Note an arrival"),
    "excuse": pgettext_lazy("move", "Excuse a body"),
    "conclude": pgettext_lazy("move", "Sign the joint conclusion"),
    "call_off": pgettext_lazy("move", "Call the whistle off"),
    "justify": pgettext_lazy("move", "Approve the reasoned answer"),
}
DONE: Words = {
    "whistle": pgettext_lazy("done", "Bodies were called to the place"),
    "answer_call": pgettext_lazy("done", "A body answered the call"),
    "arrive": pgettext_lazy("done", "A body arrived"),
    "excuse": pgettext_lazy("done", "A body was excused"),
    "conclude": pgettext_lazy("done", "Joint conclusion"),
    "call_off": pgettext_lazy("done", "The whistle was called off"),
    "justify": pgettext_lazy("done", "A reasoned answer was given"),
}
#: Reason codes of answering a call, of calling off, and of a call that reached nobody.
REASONS: Words = {
    "settled_already": _("Settled already"),
    "another_time": _("Another time is better"),
    "wrong_bodies": _("Other bodies are needed"),
    "called_by_mistake": _("Called by mistake"),
    "unreachable": _("Not reached"),
    "refused": _("Did not want to answer"),
    "wrong_number": _("Wrong number"),
    "not_our_duty": _("Not our duty"),
    "no_one_free": _("Nobody is free"),
    "other_emergency": _("Another emergency"),
    "done_already": _("Our part is done already"),
}
#: By ``field.code`` or by code alone.
WRONGS: Words = {
    "bodies.missing": _("Choose at least one body."),
    "bodies.unknown": _("One of these bodies is not of this community, or has closed."),
    "too_many_bodies": _("At most %(limit)s bodies."),
    "body_twice": _("The same body was chosen twice."),
    "meet_at.missing": _("When are they to meet?"),
    "place.missing": _("Where are they to meet?"),
    "meeting.missing": _("Use the pages of the whistle, or its operations."),
    "words.missing": _("Say what it is about."),
    "already_there": _("This body is there already."),
    "not_there_yet": _("This body has not arrived yet."),
    "in_the_future": _("This time has not come yet."),
    "before_the_call": _("That is before it was called."),
    "too_early": _("At most two hours before the time of the meeting."),
    "agreed.was_not_there": _("Only who was there can agree."),
    "too_many_steps": _("At most %(limit)s next steps."),
    "nobody_there_yet": _("Nobody is there yet. Note who has arrived, or call the whistle off."),
    "reached.tries_missing": _("Not enough was tried yet: at least %(limit)s more calls by the rule."),
    "complaint.missing": _("Why is the resident not satisfied?"),
    "complaint.other_without_words": _("Say it in the resident's words."),
    "wants_reopening.missing": _("Should it be taken up again?"),
    "again_at.missing": _("When should we call again?"),
    "nothing_proposed": _("No reasoned answer waits."),
    "from_tomorrow": _("Tomorrow or later: today's lots are drawn by today's plan."),
    "share.out_of_range": _("A share between 0 and 100, with at most two decimals."),
    "hours_upside_down": _("The hours must end after they begin."),
}
#: Why a move does not fit.
HINDRANCES: Words = {
    "already_called": _("A whistle is out for this case already."),
    "nobody_called": _("No whistle is out for this case."),
    "nothing_proposed": _("No reasoned answer waits."),
    "not_your_whistle": _("Only who blew this whistle, or the desk, may do this."),
    "not_your_call": _("Another body was called."),
    "somebody_faster": _("Somebody else has written down a call meanwhile."),
    "not_open": _("This call-back is over."),
}
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
    "answered": pgettext_lazy("attendance", "Answered"),
    "late_answers": pgettext_lazy("attendance", "Answered too late"),
    "in_time": pgettext_lazy("attendance", "In time"),
    "late": pgettext_lazy("attendance", "Late"),
    "absent": pgettext_lazy("attendance", "Absent"),
    "excused": pgettext_lazy("attendance", "Excused"),
    "off": pgettext_lazy("attendance", "Did not take place"),
    "open": pgettext_lazy("attendance", "To come"),
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
#: What callers say, by code, and our own words for it.
QUESTIONS: Words = {
    "greeting": _("Greeting"),
    "solved": _("Is it solved?"),
    "satisfied": _("How satisfied?"),
    "why": _("Why not?"),
    "reopen": _("Take it up again?"),
    "goodbye": _("Goodbye"),
}
SCRIPT: dict[str, dict[str, str]] = {
    "greeting": {
        "zh": "您好，我是社区工作人员。您反映的问题已经办结，想占用您一分钟做个回访，可以吗？",
        "en": "Hello, I am calling from the community office. What you reported has been closed."
        " May I ask you about it for a minute?",
    },
    "solved": {"zh": "您反映的问题解决了吗？", "en": "Has what you reported been solved?"},
    "satisfied": {
        "zh": "对办理的过程和结果，您是非常满意、满意、基本满意、不满意，还是非常不满意？",
        "en": "How satisfied are you with how it was handled: very, satisfied, mostly, not, or not at all?",
    },
    "why": {
        "zh": "您觉得哪里不满意？我记下来。",
        "en": "What are you not satisfied with? I will write it down.",
    },
    "reopen": {"zh": "需要我们重新办理吗？", "en": "Should we take it up again?"},
    "goodbye": {
        "zh": "谢谢您。您的话会如实记下；您可以在“我的”里随时看到进展。",
        "en": "Thank you. I have written down what you said; you can follow it on your page at any time.",
    },
}
