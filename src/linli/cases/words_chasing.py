"""What the codes of chasing are called: letters, rungs, deciders, and why a request or a ruling is not taken."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Lazy]

#: Whose decision a request takes.
DECIDERS: Words = {"dispatcher": _("The dispatch desk"), "community_leader": _("The community's leader")}
#: What a letter of supervision is.
LETTERS: Words = {"letter": _("Supervision letter"), "talk": _("Called in for a talk")}
#: How a letter ended.
LETTERS_ENDED: Words = {
    "lifted": _("Lifted by the supervisor"),
    "replaced": _("Replaced by a later letter"),
    "settled": _("Ended with the case"),
}
#: What a rung of the ladder waits for, and what it does.
RUNG_WHEN: Words = {
    "used": _("When a share of the promise is used up"),
    "broken": _("When it is broken, or so long after"),
}
RUNG_ACTS: Words = {
    "remind": _("Remind whoever handles it"),
    "tell_body": _("Tell the head of the body"),
    "tell_leader": _("Tell the community's leader"),
    "supervise": _("Open a supervision"),
    "talk": _("Call the body in for a talk"),
}
#: What a timeline says when a rung was climbed.
RUNG_DONE: Words = {
    "remind": _("whoever handles it was reminded"),
    "tell_body": _("the head of the body was told"),
    "tell_leader": _("the community's leader was told"),
    "supervise": _("a supervision was opened"),
    "talk": _("the body was called in for a talk"),
}
#: What somebody can be named for.
NAMED_FOR: Words = {
    "arbiter": _("Rules on second returns"),
    "head": _("Head of a body"),
}
WRONGS: Words = {
    "request.no_promise": _("No promise to resolve it runs: there is nothing to extend."),
    "request.after_expiry": _("Too late: the promise was due %(limit)s. More time is asked for before."),
    "request.too_often": _("At most %(limit)s times under one promise; that is used up."),
    "request.missing": _("Choose what is asked for."),
    "note.basis_missing": _("A request of this size needs a basis: write down what it rests on."),
    "granted.until_passed": _("The day asked for has passed. Refuse it, or have it asked for again."),
    "urged_lately": _("You have asked already. You can ask again from %(limit)s on."),
    "supervisor_id.not_at_the_desk": _("This person does not serve at the desk or as a verifier today."),
    "supervisor_id.handles_it": _("Whoever handles the case does not supervise it."),
    "organisation_id.returned_it": _(
        "This body has returned it. Choose another, or rule that it handles it."
    ),
    "letter.unknown": _("No such letter stands."),
    "level.one_to": _("A level from 1 to %(limit)s."),
    "level.out_of_order": _("This level would come before the one below it. Change its moment or its level."),
    "percent.percent": _("A share from 1 to %(limit)s."),
    "days.one_to": _("More than 0, at most %(limit)s working days."),
    "act.unknown": _("Choose what happens."),
    "up_to.positive": _("Give a number above 0, or leave it empty for any size."),
    "account_id.not_serving_here": _("This person does not serve here today."),
    "account_id.not_at_the_desk": _("Only a dispatcher or a leader can rule on returns."),
    "account_id.not_of_this_body": _("This person does not serve for that body today."),
}
HINDRANCES: Words = {
    "needs_arbiter": _("This return is ruled on by a named arbiter."),
    "needs_leader": _("A request of this size is decided by the community's leader."),
    "not_supervised": _("No letter of supervision stands."),
}
