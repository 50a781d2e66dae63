"""What the codes of telling people are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Lazy]

GROUPS: Words = {
    "cases": pgettext_lazy("notices", "What I reported or joined"),
    "home": pgettext_lazy("notices", "My home, my duties"),
    "news": pgettext_lazy("notices", "Announcements"),
    "work": pgettext_lazy("notices", "My work"),
    "briefs": pgettext_lazy("notices", "Briefs"),
    "alarms": pgettext_lazy("notices", "Emergencies"),
}
ROADS: Words = {
    "page": pgettext_lazy("road", "This page"),
    "wechat": pgettext_lazy("road", "WeChat"),
    "sms": pgettext_lazy("road", "SMS"),
    "email": pgettext_lazy("road", "E-mail"),
    "wecom": pgettext_lazy("road", "WeCom group"),
    "dingtalk": pgettext_lazy("road", "DingTalk group"),
    "feishu": pgettext_lazy("road", "Feishu group"),
}
STATES: Words = {
    "waiting": pgettext_lazy("notice", "Waiting"),
    "under_way": pgettext_lazy("notice", "On its way"),
    "held": pgettext_lazy("notice", "Waits for the digest"),
    "resting": pgettext_lazy("notice", "On the page"),
    "sent": pgettext_lazy("notice", "Sent"),
    "arrived": pgettext_lazy("notice", "Arrived"),
    "read": pgettext_lazy("notice", "Read"),
    "gathered": pgettext_lazy("notice", "Told with others"),
    "given_up": pgettext_lazy("notice", "Given up"),
}
RESULTS: Words = {
    "": pgettext_lazy("notice", "On its way"),
    "sent": pgettext_lazy("notice", "Sent"),
    "later": pgettext_lazy("notice", "Not now, tried again"),
    "closed": pgettext_lazy("notice", "This road is not open"),
    "refused": pgettext_lazy("notice", "Refused"),
}
RECEIPTS: Words = {
    "arrived": pgettext_lazy("notice", "Arrived"),
    "failed": pgettext_lazy("notice", "Did not arrive"),
}
#: Why a road was left or a notice given up; carriers' own codes stand as they are.
REASONS: Words = {
    "no_address": pgettext_lazy("notice", "not reached by this road"),
    "no_carrier": pgettext_lazy("notice", "nobody carries on this road"),
    "no_road": pgettext_lazy("notice", "no road is open"),
    "no_subscription": pgettext_lazy("notice", "no consent to a WeChat message is left"),
    "too_late": pgettext_lazy("notice", "too late to be of use"),
    "not_read": pgettext_lazy("notice", "not read for two months"),
    "withdrawn": pgettext_lazy("notice", "the announcement was stopped"),
    "stumbled": pgettext_lazy("notice", "the carrier stumbled"),
    "own_limit": pgettext_lazy("notice", "the robot has said enough for this minute"),
    "timeout": pgettext_lazy("notice", "no answer in time"),
    "unreachable": pgettext_lazy("notice", "cannot be reached"),
    "unknown_host": pgettext_lazy("notice", "cannot be reached"),
    "inside": pgettext_lazy("notice", "leads into a private network"),
    "host": pgettext_lazy("notice", "not an address of the maker"),
    "stopped": pgettext_lazy("notice", "this robot was stopped"),
    "garbled": pgettext_lazy("notice", "the answer cannot be read"),
    "not_arrived": pgettext_lazy("notice", "did not arrive"),
    "auth": pgettext_lazy("notice", "the mail server refuses our password"),
}
URGENCIES: Words = {
    "critical": pgettext_lazy("notice", "At any hour"),
    "prompt": pgettext_lazy("notice", "At once, but not in quiet hours"),
    "ordinary": pgettext_lazy("notice", "May wait for the digest"),
}
PARTS: Words = {
    "title": pgettext_lazy("template", "Title"),
    "page": pgettext_lazy("template", "On the page, in WeChat and e-mail"),
    "short": pgettext_lazy("template", "SMS"),
    "group": pgettext_lazy("template", "In a group of colleagues"),
}
#: What a name in a template stands for.
NAMES: Words = {
    "community": pgettext_lazy("template", "the community"),
    "number": pgettext_lazy("template", "the case's number"),
    "matter": pgettext_lazy("template", "what it is about"),
    "place": pgettext_lazy("template", "the place"),
    "body": pgettext_lazy("template", "who handles it"),
    "due": pgettext_lazy("template", "until when"),
    "answer": pgettext_lazy("template", "the public answer"),
    "reason": pgettext_lazy("template", "the reason"),
    "until": pgettext_lazy("template", "until which day"),
    "link": pgettext_lazy("template", "the page's address"),
    "title": pgettext_lazy("template", "the title"),
    "words": pgettext_lazy("template", "the text"),
    "count": pgettext_lazy("template", "how many"),
    "list": pgettext_lazy("template", "the list"),
}
WRONGS: Words = {
    "missing": _("Please fill this in."),
    "too_long": _("At most %(limit)s characters."),
    "unknown_name": _("{%(limit)s} is not known here."),
    "unbalanced": _("A bracket is missing: write {name} and [[…]]."),
    "personal": _("This looks like personal data: %(limit)s"),
    "not_a_road": _("This road does not fit."),
    "road": _("Choose the maker."),
    "address": _("This is not an address of the maker. It begins with https:// and one of: %(limit)s"),
    "name": _("Another robot has this name."),
    "organisation": _("This body is not of this community."),
    "secret": _("The secret is too long."),
    "hours": _("Give two different times."),
    "email": _("This is not an e-mail address."),
    "code": _("That is not the code. Look again, or ask for another one."),
    "too_often": _("Too many tries. Please wait an hour."),
    "not_sent": _("The mail could not be sent. Please try again later."),
    "no_road": _("No mail server is set up here."),
}


def label(words: Words, code: str) -> str:
    """What a code is called; a code nobody knows stands as it is."""
    return str(words.get(code, code))


def wrong(code: str, limit: str = "") -> str:
    """What is wrong, in words."""
    return label(WRONGS, code) % {"limit": limit} if "%(" in label(WRONGS, code) else label(WRONGS, code)


KINDS: Words = {
    "case_received": pgettext_lazy("kind of notice", "We have your report"),
    "case_accepted": pgettext_lazy("kind of notice", "Accepted"),
    "case_dispatched": pgettext_lazy("kind of notice", "With whom it is"),
    "case_declined": pgettext_lazy("kind of notice", "Not accepted"),
    "case_merged": pgettext_lazy("kind of notice", "Merged"),
    "case_parted": pgettext_lazy("kind of notice", "By itself again"),
    "case_longer": pgettext_lazy("kind of notice", "It takes longer"),
    "case_paused": pgettext_lazy("kind of notice", "On hold"),
    "case_resumed": pgettext_lazy("kind of notice", "Goes on"),
    "case_settled": pgettext_lazy("kind of notice", "Settled, please rate"),
    "case_reopened": pgettext_lazy("kind of notice", "Taken up again"),
    "case_late": pgettext_lazy("kind of notice", "A promise was not kept"),
    "case_told": pgettext_lazy("kind of notice", "A new answer"),
    "case_voided": pgettext_lazy("kind of notice", "Voided"),
    "home_bound": pgettext_lazy("kind of notice", "Home confirmed"),
    "home_refused": pgettext_lazy("kind of notice", "Home not confirmed"),
    "home_ended": pgettext_lazy("kind of notice", "Home no longer confirmed"),
    "home_expiring": pgettext_lazy("kind of notice", "Home to be confirmed again"),
    "duty_granted": pgettext_lazy("kind of notice", "A new duty"),
    "duty_ended": pgettext_lazy("kind of notice", "A duty ends"),
    "service_given": pgettext_lazy("kind of notice", "Help to confirm"),
    "announcement": pgettext_lazy("kind of notice", "Announcement"),
    "announcement_urgent": pgettext_lazy("kind of notice", "Urgent announcement"),
    "work_new": pgettext_lazy("kind of notice", "A new report (groups only)"),
    "work_sent": pgettext_lazy("kind of notice", "A case was sent"),
    "work_task": pgettext_lazy("kind of notice", "A part of a case"),
    "work_transferred": pgettext_lazy("kind of notice", "Handed to a colleague"),
    "work_returned": pgettext_lazy("kind of notice", "A return to rule on"),
    "work_ruled": pgettext_lazy("kind of notice", "A return was ruled on"),
    "work_redo": pgettext_lazy("kind of notice", "To be redone"),
    "work_handled": pgettext_lazy("kind of notice", "Handled, to be checked"),
    "work_reopened": pgettext_lazy("kind of notice", "Reopened by the resident"),
    "work_urged": pgettext_lazy("kind of notice", "Urged"),
    "work_asked": pgettext_lazy("kind of notice", "A request to decide"),
    "work_decided": pgettext_lazy("kind of notice", "A request was decided"),
    "work_at_risk": pgettext_lazy("kind of notice", "A promise runs out"),
    "work_broken": pgettext_lazy("kind of notice", "A promise is broken"),
    "work_ladder": pgettext_lazy("kind of notice", "A step of the ladder"),
    "work_letter": pgettext_lazy("kind of notice", "A letter of supervision"),
    "work_letter_overdue": pgettext_lazy("kind of notice", "A letter unanswered"),
    "work_whistle": pgettext_lazy("kind of notice", "Called to a place"),
    "work_whistle_answered": pgettext_lazy("kind of notice", "A called body answers"),
    "work_arrived": pgettext_lazy("kind of notice", "A called body is there"),
    "work_whistle_ended": pgettext_lazy("kind of notice", "A call has ended"),
    "work_home": pgettext_lazy("kind of notice", "A home to confirm"),
    "work_topic": pgettext_lazy("kind of notice", "A new hot topic"),
    "work_score": pgettext_lazy("kind of notice", "My score is announced"),
    "work_appeal": pgettext_lazy("kind of notice", "Somebody appeals against a score"),
    "work_appeal_decided": pgettext_lazy("kind of notice", "My appeal is decided"),
    "work_late": pgettext_lazy("kind of notice", "Facts came late to a final result"),
    "work_sheets": pgettext_lazy("kind of notice", "Sheets of the evaluation to write"),
    "league_result": pgettext_lazy("kind of notice", "A result of the league, for the group"),
    "work_group_code": pgettext_lazy("kind of notice", "A group's code runs out"),
    "work_handover": pgettext_lazy("kind of notice", "Work to take over"),
    "work_handover_taken": pgettext_lazy("kind of notice", "A colleague took over"),
    "work_handover_ended": pgettext_lazy("kind of notice", "A hand-over did not come about"),
    "work_service_denied": pgettext_lazy("kind of notice", "Help that the resident denies"),
    "work_recheck": pgettext_lazy("kind of notice", "A record to look at again"),
    "work_recheck_found": pgettext_lazy("kind of notice", "What a re-visit found"),
    "work_recheck_decided": pgettext_lazy("kind of notice", "A re-visit was decided"),
    "road_failing": pgettext_lazy("kind of notice", "A road is broken"),
    "brief": pgettext_lazy("kind of notice", "Daily or weekly brief"),
    "alarm_raised": pgettext_lazy("kind of notice", "An alarm"),
    "alarm_unanswered": pgettext_lazy("kind of notice", "An alarm nobody answered"),
    "alarm_answered": pgettext_lazy("kind of notice", "An alarm was answered"),
    "digest": pgettext_lazy("kind of notice", "Daily digest"),
    "gathered": pgettext_lazy("kind of notice", "Several in one"),
    "trial": pgettext_lazy("kind of notice", "Trial message"),
}
