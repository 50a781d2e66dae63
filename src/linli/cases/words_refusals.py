"""Reasons of whistles and call-backs, and why something of theirs is not taken; part of `words`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Reason codes of answering a call, of calling off, and of a call that reached nobody.
REASONS: dict[str, Any] = {
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
WRONGS: dict[str, Any] = {
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
HINDRANCES: dict[str, Any] = {
    "already_called": _("A whistle is out for this case already."),
    "nobody_called": _("No whistle is out for this case."),
    "nothing_proposed": _("No reasoned answer waits."),
    "not_your_whistle": _("Only who blew this whistle, or the desk, may do this."),
    "not_your_call": _("Another body was called."),
    "somebody_faster": _("Somebody else has written down a call meanwhile."),
    "not_open": _("This call-back is over."),
}
