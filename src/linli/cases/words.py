"""What the codes of cases are called on pages; texts are here so that rules stay without language.

Residents' pages may say some things more plainly; they keep their own words beside their templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words_calls as calls
from linli.cases import words_chasing as chasing
from linli.cases.words_wrongs import WRONGS
from linli.faces import words as faces
from linli.grids import words as places
from linli.people import words as people

Words = Mapping[str, str | Lazy]

KINDS: Words = {
    "inquiry": _("Inquiry"),
    "help": _("Request for help"),
    "complaint": _("Complaint"),
    "suggestion": _("Suggestion"),
    "tip_off": _("Tip-off"),
    "hazard": _("Hazard"),
    "praise": _("Praise"),
}
STATES: Words = {
    "reported": pgettext_lazy("state", "Reported"),
    "declined": pgettext_lazy("state", "Not accepted"),
    "merged": pgettext_lazy("state", "Merged"),
    "accepted": pgettext_lazy("state", "Accepted"),
    "dispatched": pgettext_lazy("state", "Dispatched"),
    "signed": pgettext_lazy("state", "Signed for"),
    "returned": pgettext_lazy("state", "Returned"),
    "ruled": pgettext_lazy("state", "Ruled"),
    "handling": pgettext_lazy("state", "Being handled"),
    "paused": pgettext_lazy("state", "On hold"),
    "handled": pgettext_lazy("state", "Handled"),
    "verifying": pgettext_lazy("state", "Being checked"),
    "closed": pgettext_lazy("state", "Closed"),
    "followed_up": pgettext_lazy("state", "Followed up"),
    "reopened": pgettext_lazy("state", "Reopened"),
    "withdrawn": pgettext_lazy("state", "Withdrawn"),
    "voided": pgettext_lazy("state", "Voided"),
    "archived": pgettext_lazy("state", "Archived"),
}
#: What a button says.
VERBS: Words = {
    "report": pgettext_lazy("move", "Report"),
    "accept": pgettext_lazy("move", "Accept"),
    "decline": pgettext_lazy("move", "Do not accept"),
    "reply": pgettext_lazy("move", "Answer it directly"),
    "merge": pgettext_lazy("move", "Merge"),
    "part": pgettext_lazy("move", "Part it again"),
    "split": pgettext_lazy("move", "Split off a second matter"),
    "dispatch": pgettext_lazy("move", "Dispatch"),
    "sign": pgettext_lazy("move", "Sign for it"),
    "return": pgettext_lazy("move", "Return"),
    "rule": pgettext_lazy("move", "Rule on the return"),
    "start": pgettext_lazy("move", "Start handling"),
    "contact": pgettext_lazy("move", "Note a contact"),
    "ask": pgettext_lazy("move", "Ask for more time"),
    "decide": pgettext_lazy("move", "Decide the request"),
    "resume": pgettext_lazy("move", "Go on"),
    "handled": pgettext_lazy("move", "Report it handled"),
    "settle": pgettext_lazy("move", "Settled on the spot"),
    "check": pgettext_lazy("move", "Begin the check"),
    "close": pgettext_lazy("move", "Close"),
    "redo": pgettext_lazy("move", "Send back to be redone"),
    "follow_up": pgettext_lazy("move", "Note the call-back"),
    "rate": pgettext_lazy("move", "Rate"),
    "reopen": pgettext_lazy("move", "Reopen"),
    "withdraw": pgettext_lazy("move", "Withdraw"),
    "void": pgettext_lazy("move", "Void"),
    "archive": pgettext_lazy("move", "Archive"),
    "add": pgettext_lazy("move", "Add something"),
    "note": pgettext_lazy("move", "Internal note"),
    "urge": pgettext_lazy("move", "Urge"),
    "supervise": pgettext_lazy("move", "Supervise"),
    "explain": pgettext_lazy("move", "Answer the letter"),
    "lift": pgettext_lazy("move", "Lift the supervision"),
    "escalate": pgettext_lazy("move", "Escalate"),
    "joint": pgettext_lazy("move", "Bring in another body"),
    "task_done": pgettext_lazy("move", "Our part is done"),
    "classify": pgettext_lazy("move", "Change category"),
    "relocate": pgettext_lazy("move", "Correct the place"),
    "transfer": pgettext_lazy("move", "Hand to a colleague"),
    "release": pgettext_lazy("move", "Take out of quarantine"),
    **calls.VERBS,
}
#: What a timeline says afterwards.
DONE: Words = {
    "report": pgettext_lazy("done", "Reported"),
    "accept": pgettext_lazy("done", "Accepted"),
    "decline": pgettext_lazy("done", "Not accepted"),
    "reply": pgettext_lazy("done", "Answered directly"),
    "merge": pgettext_lazy("done", "Merged into another case"),
    "part": pgettext_lazy("done", "Parted from another case"),
    "split": pgettext_lazy("done", "A second matter was split off"),
    "dispatch": pgettext_lazy("done", "Dispatched"),
    "sign": pgettext_lazy("done", "Signed for"),
    "return": pgettext_lazy("done", "Returned"),
    "rule": pgettext_lazy("done", "Ruled"),
    "start": pgettext_lazy("done", "Handling began"),
    "contact": pgettext_lazy("done", "The resident was contacted"),
    "ask": pgettext_lazy("done", "More time was asked for"),
    "decide": pgettext_lazy("done", "The request was decided"),
    "resume": pgettext_lazy("done", "Work goes on"),
    "handled": pgettext_lazy("done", "Handled"),
    "settle": pgettext_lazy("done", "Settled on the spot"),
    "check": pgettext_lazy("done", "The check began"),
    "close": pgettext_lazy("done", "Closed"),
    "redo": pgettext_lazy("done", "Sent back to be redone"),
    "follow_up": pgettext_lazy("done", "Followed up"),
    "rate": pgettext_lazy("done", "Rated by the resident"),
    "reopen": pgettext_lazy("done", "Reopened"),
    "withdraw": pgettext_lazy("done", "Withdrawn"),
    "void": pgettext_lazy("done", "Voided"),
    "archive": pgettext_lazy("done", "Archived"),
    "add": pgettext_lazy("done", "Added"),
    "note": pgettext_lazy("done", "Internal note"),
    "urge": pgettext_lazy("done", "Urged"),
    "supervise": pgettext_lazy("done", "Supervised"),
    "explain": pgettext_lazy("done", "The letter was answered"),
    "lift": pgettext_lazy("done", "The supervision was lifted"),
    "escalate": pgettext_lazy("done", "Escalated"),
    "joint": pgettext_lazy("done", "Another body was brought in"),
    "task_done": pgettext_lazy("done", "A part is done"),
    "classify": pgettext_lazy("done", "Category changed"),
    "relocate": pgettext_lazy("done", "Place corrected"),
    "transfer": pgettext_lazy("done", "Handed to a colleague"),
    "release": pgettext_lazy("done", "Taken out of quarantine"),
    **calls.DONE,
}
STAGES: Words = {
    "accept": pgettext_lazy("stage", "Accept"),
    "dispatch": pgettext_lazy("stage", "Send out"),
    "sign": pgettext_lazy("stage", "Sign for it"),
    "first_contact": pgettext_lazy("stage", "First contact"),
    "resolve": pgettext_lazy("stage", "Resolve"),
    "rule": pgettext_lazy("stage", "Rule on the return"),
    "verify": pgettext_lazy("stage", "Check"),
    "follow_up": pgettext_lazy("stage", "Call back"),
}
URGENCIES: Words = {"normal": _("Ordinary"), "urgent": _("Urgent"), "critical": _("Emergency")}
UNITS: Words = {
    "hour": _("hours"),
    "calendar_day": _("calendar days"),
    "working_hour": _("working hours"),
    "working_day": _("working days"),
}
START_RULES: Words = {
    "at_once": _("at once"),
    "next_day": _("from the next day"),
    "next_working_moment": _("as soon as offices are open"),
}
CHANNELS: Words = {
    "page": _("Resident's phone"),
    "desk": _("Entered by staff"),
    "paper": _("Paper form"),
    "api": _("Another program"),
    "import": _("Imported"),
    "patrol": _("Found on patrol"),
    "wechat": _("WeChat"),
    "hotline": _("Hotline"),
    "open311": _("Open311"),
}
#: Reason codes of moves: declining, returning, voiding, sending back, reopening.
REASONS: Words = {
    "not_our_matter": _("Not a matter for the community"),
    "no_fact": _("It did not happen"),
    "already_answered": _("Answered before"),
    "in_court": _("Before a court or an arbitrator"),
    "unclear": _("Too unclear to act on"),
    "wrong_place": _("Not in our area"),
    "unclear_ownership": _("Ownership is unclear"),
    "overlapping_duty": _("Another body has this duty too"),
    "wrong_category": _("Wrong category"),
    "not_a_fact": _("Not as reported when we looked"),
    "test": _("A test"),
    "abuse": _("Abuse"),
    "duplicate_entry": _("Entered twice"),
    "entered_by_mistake": _("Entered by mistake"),
    "not_done": _("Not done"),
    "partly_done": _("Only partly done"),
    "poor_quality": _("Done badly"),
    "no_proof": _("The proof does not show it"),
    "resident_disagrees": _("The resident disagrees"),
    "not_solved": _("Not solved"),
    "came_back": _("It came back"),
    "answer_unclear": _("The answer is unclear"),
    "other": _("Another reason"),
    **calls.REASONS,
}
RULINGS: Words = {
    "upheld": _("The return is right: dispatch it elsewhere"),
    "overruled": _("The return is not right: the body handles it"),
    "assigned": _("Another body is named and handles it"),
}
REQUESTS: Words = {
    "extend": _("More time"),
    "pause": _("A pause while we wait for others"),
    "hang": _("On hold until a later day"),
}
#: Kinds of danger.
DANGERS: Words = {
    "fire": pgettext_lazy("danger", "Fire"),
    "gas": pgettext_lazy("danger", "Gas"),
    "electricity": pgettext_lazy("danger", "Electricity"),
    "collapse": pgettext_lazy("danger", "Collapse"),
    "trapped": pgettext_lazy("danger", "People trapped"),
    "drowning": pgettext_lazy("danger", "Drowning"),
    "medical": pgettext_lazy("danger", "Injured or ill"),
    "violence": pgettext_lazy("danger", "Violence"),
    "self_harm": pgettext_lazy("danger", "Self-harm"),
    "rescue": pgettext_lazy("danger", "Somebody else may harm themselves"),
    "lost_person": pgettext_lazy("danger", "Missing person"),
    "flood": pgettext_lazy("danger", "Flood"),
    "help": pgettext_lazy("danger", "A cry for help"),
    "outage": pgettext_lazy("danger", "Water, power or gas is off"),
    "hazard": pgettext_lazy("danger", "Hazard"),
}
#: Why a case rings.
ALARM_CAUSES: Words = {
    "words": _("the words sound like it"),
    "tap": _("the reporter says that somebody is in danger"),
    "given": _("entered as an emergency"),
    "added": _("what the reporter added sounds like it"),
}
#: Why a word of the urgent list counted as it did.
URGENT_WHY: Words = {
    "now": _("it is happening now"),
    "may_come": _("it may come, or comes again and again"),
    "late": _("it stands far down a long text"),
    "over": _("it is over, practised or only told of"),
    "denied": _("it is denied"),
    "harmless": _("it is part of something harmless, or beside it"),
    "animals": _("it is about animals"),
}
#: Why a second counted or did not, in the ledger of a clock.
LEDGER: Words = {
    "running": _("Counted: working time"),
    "make_up_day": _("Counted: a make-up working day"),
    "extension": _("Counted: from the time that was granted in addition"),
    "overdue": _("Counted: past the time promised"),
    "night": _("Not counted: outside office hours"),
    "lunch": _("Not counted: midday break"),
    "out_of_hours": _("Not counted: the office does not open that day"),
    "weekend": _("Not counted: weekend"),
    "holiday": _("Not counted: public holiday"),
    "closed_day": _("Not counted: the community's closing day"),
    "before_start": _("Not counted yet: counting begins later"),
    "paused": _("Not counted: paused with approval"),
    "stopped": _("Not counted: the stage is over"),
}
DAY_KINDS: Words = {
    "working": _("Working day"),
    "make_up": _("Make-up working day"),
    "weekend": _("Weekend"),
    "holiday": _("Public holiday"),
    "closed": _("Closed by the community"),
}
#: What a look at the reporter's name and phone is for, as the one who looks says it.
REVEAL_FOR: Words = {
    "handle_case": _("To handle this case"),
    "follow_up": _("To call back"),
    "emergency": _("An emergency"),
    "own_request": _("The person asks for it"),
}
#: Levels of places.
LEVELS: Words = places.LEVELS
#: What a condition of a routing rule is about.
ROUTING_WHY: Words = {
    "in_force": _("In force"),
    "category": _("Category"),
    "place": _("Place"),
    "kind": pgettext_lazy("case", "Kind"),
    "weekday": _("Weekday"),
    "time": _("Time of day"),
    "level": _("Place known down to"),
    "broken": _("The rule cannot be used"),
}
ROUTING_GAPS: Words = {
    "no_rule": _("No routing rule matches. Choose to whom it goes."),
    "body_closed": _("The rule names a body that has closed."),
    "no_such_body": _("There is no body of that kind in this community."),
    "nobody_serves": _("Nobody serves in that role there today."),
    "returned_it": _("The body that the rule names has returned it. Choose another one."),
}
#: Why a move does not fit the case as it now stands (conflicts), or is not the actor's to make.
HINDRANCES: Words = {
    "version": _("Somebody was faster."),
    "wrong_state": _("The case has moved on; this no longer fits."),
    "ruling_binds": _("A ruling binds this body: it cannot return the case again."),
    "nothing_asked": _("Nothing is waiting to be decided."),
    "already_asked": _("A request is waiting already."),
    "not_quarantined": _("The case is not in quarantine."),
    "others_joined": _("Neighbours joined this report and wait for it, so it goes on."),
    "yours_already": _("You reported this yourself: it is in your list."),
    "reporter_says_solved": _(
        "For the neighbour who reported it, it is solved. Please report what is left as a matter of your own."
    ),
    **calls.HINDRANCES,
    "not_your_move": _("This is not yours to do."),
    "needs_another_person": _("Another person must do this: four eyes see more than two."),
    "not_staff_here": _("You do not serve in this community."),
    "sign_in_to_report": _("Sign in first: this community takes reports from people it can reach."),
    **chasing.HINDRANCES,
    "unknown_verb": _("There is no such move."),
}


def wrong(code: str, *, field: str = "", limit: str = "") -> str:
    """What is wrong with a field, in words; the code itself when nobody has put it into words.

    :param limit: the figure the words name, or two as ``sent/allowed``.
    """
    said = str(WRONGS.get(f"{field}.{code}") or WRONGS.get(code) or code)
    sent, _slash, allowed = _told(limit).rpartition("/")
    return said % {"sent": sent, "limit": allowed} if "%(limit)s" in said else said


def _told(limit: str) -> str:
    """A limit that is a moment, as people read it."""
    if limit[10:11] != "T":
        return limit
    return faces.exact_time(datetime.fromisoformat(limit)).rpartition(":")[0]


def role(code: str) -> str:
    """What a role is called."""
    return label(people.ROLES, code)


def label(words: Words, code: str) -> str:
    """The words of a code; the code itself when it has none."""
    return str(words.get(code, code))
