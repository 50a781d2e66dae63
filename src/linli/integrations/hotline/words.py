"""What the codes of this integration are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words as case_words
from linli.cases.rules.intake import Wrong
from linli.cases.words import Words

STANDINGS: Words = {
    "waiting": _("On its way to them"),
    "open": _("Being worked on"),
    "refused": _("Could not be taken"),
    "returned": _("Sent back, they rule"),
    "gone": _("No longer ours"),
    "settled": pgettext_lazy("order", "Settled"),
}
WAYS: Words = {"in": _("From the hotline"), "out": _("To the hotline")}
KINDS: Words = {
    "receipt": pgettext_lazy("message", "Receipt"),
    "progress": pgettext_lazy("message", "Progress"),
    "returned": pgettext_lazy("message", "Sent back"),
    "result": pgettext_lazy("message", "Result"),
    "satisfaction": pgettext_lazy("message", "The resident's word"),
    "order": pgettext_lazy("message", "Order of ours"),
}
STATES: Words = {
    "waiting": _("Waiting to leave"),
    "sent": pgettext_lazy("message", "Arrived there"),
    "dead": _("Given up"),
    "table": _("For the next table"),
}
RESULTS: Words = {
    "taken": _("taken"),
    "changed": _("changed"),
    "same": _("known already"),
    "refused": _("refused"),
}
DIFFERENCES: Words = {
    "missing_here": _("They have it, we do not"),
    "missing_there": _("We have it, they do not"),
    "standing": _("It stands differently"),
}
#: Why nothing came of asking or sending; ``http_…`` and ``said_…`` carry what they answered.
SAID: Words = {
    "address": _("The address cannot be used."),
    "inside": _(
        "The address leads into a private network that the operator has not opened (LINLI_OUTSIDE_PRIVATE)."
    ),
    "unknown_host": _("Nobody knows this host."),
    "unreachable": _("Nobody answers there."),
    "tls": _("Their certificate cannot be trusted."),
    "timeout": _("They did not answer in time."),
    "too_long": _("Their answer is too long."),
    "garbled": _("Their answer is no JSON."),
    "bad_mapping": _("The mapping does not fit what they send."),
    "no_road": _("The mapping says no road for this, or no address is set."),
}
WRONGS: Words = {
    "mapping.not_toml": _("This is no TOML: %(limit)s"),
    "unknown_part": _("No such part. There are: %(limit)s"),
    "unknown_field": _("No such field. There are: %(limit)s"),
    "unknown_value": _("No such value. There are: %(limit)s"),
    "unknown_message": _("No such message. There are: %(limit)s"),
    "unknown_method": _("Use one of %(limit)s."),
    "unknown_code": _("This code leads to nothing of ours: %(limit)s"),
    "unknown_zone": _("No such time zone: %(limit)s"),
    "unknown_datum": _("Use one of %(limit)s."),
    "unknown_auth": _("Use one of %(limit)s."),
    "not_a_path": _("Begin with / and use no other names in braces than number, since, until, page."),
    "not_a_table": _("This must be a table of their code = ours."),
    "not_a_number": _("This must be a whole number up to 10,000."),
    "no_list_there": _("There is no list of orders at “%(limit)s”."),
    "not_an_object": _("An order must be an object with names."),
    "not_a_time": _("This is no time: %(limit)s"),
    "not_a_point": _("This is no point on earth: %(limit)s"),
    "already_here": _("This number is here already, from another line."),
    "there_already": _("It is with them already."),
    "case_has_ended": _("This case has ended."),
    "name_taken": _("Another line is called so."),
    "address.address": _("This address cannot be used. Write https://host/path."),
    "address.plain_http": _(
        "Only https, except for hosts that the operator has listed (LINLI_OUTSIDE_PRIVATE)."
    ),
}


def wrong(one: Wrong) -> str:
    """What is wrong, in words."""
    held = WRONGS.get(f"{one.field}.{one.code}") or WRONGS.get(one.code)
    if held is not None:
        return str(held) % {"limit": one.limit}
    return str(case_words.wrong(one.code, field=one.field, limit=one.limit))


def said(code: str) -> str:
    """What the last try came to, in words; empty for success."""
    if not code:
        return ""
    if code.startswith("http_"):
        return _("They answered with %(status)s.") % {"status": code.removeprefix("http_")}
    if code.startswith("said_"):
        return _("They did not take it and said “%(said)s”.") % {"said": code.removeprefix("said_")}
    return str(SAID.get(code, code))


def standing(code: str) -> str:
    """Where an order stands, in words."""
    return str(case_words.label(STANDINGS, code))


def wrong_row(held: list[str]) -> str:
    """A kept reason, in words, with the field it is about."""
    one = Wrong(*held)
    return f"{one.field}: {wrong(one)}"
