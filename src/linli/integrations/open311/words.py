"""What is said to people who read errors and settings; rules give codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from linli.cases import words as case_words
from linli.integrations.open311.rules.faults import Fault

Words = Mapping[str, str | Lazy]
#: What is wrong with a request of a program. The first word of an argument's fault is its name, for programs too.
FAULTS: Words = {
    "argument_required": _("%(value)s required"),
    "attribute_required": _("%(value)s required"),
    "attribute_single": _("%(value)s: give one value only"),
    "attribute_unfit": _("%(value)s: not one of the values or not of the form that the definition asks for"),
    "attributes_too_many": _("Too many attributes that the definition does not know, or too long ones."),
    "location_required": _(
        "A location is required: lat and long together, or address_string, or address_id."
    ),
    "half_a_point": _("lat and long are only of use together."),
    "not_on_earth": _("lat and long must be decimal degrees in WGS-84."),
    "datum_unknown": _("datum: one of wgs84, gcj02, bd09 (an extension; wgs84 without it)."),
    "address_unknown": _("address_id %(value)s is not the code of a building here."),
    "too_long": _("Too long: %(value)s characters at most."),
    "not_a_phone": _("phone does not look like a telephone number."),
    "not_an_address": _("%(value)s must be an http or https address."),
    "not_a_date": _(
        "%(value)s must be a date with time and zone, such as 2026-03-01T09:30:00+08:00 (write the plus sign as %%2B)."
    ),
    "not_a_number": _("%(value)s must be a whole number from 1."),
    "span_too_long": _("start_date and end_date must be in order and at most %(value)s days apart."),
    "status_unknown": _("status is open or closed, not %(value)s."),
    "service_unknown": _("service_code %(value)s is not offered here."),
    "request_unknown": _("There is no request %(value)s, or it is not public."),
    "token_unknown": _("There is no such token."),
    "jurisdiction_required": _("jurisdiction_id required: this server has several; see /open311/."),
    "jurisdiction_unknown": _("jurisdiction_id %(value)s is not served here."),
    "key_required": _("api_key required: send it as a field of the form."),
    "key_wrong": _("This api_key does not hold here: unknown, expired or revoked."),
    "not_yours": _("Only the app that filed a request may add to it."),
    "repetition_reused": _("This Idempotency-Key was used for another request."),
    "form_unknown": _("Ask for .xml or .json."),
    "not_found": _("There is nothing at this address."),
    "token_in_query": _(
        "Keys do not belong into addresses, which end in logs: send api_key in the form, or X-Api-Key."
    ),
    "method": _("This address does not know this method."),
    "not_utf8": _("The form must be UTF-8, with at most 200 fields."),
    "not_a_form": _("Send application/x-www-form-urlencoded, or multipart/form-data with files."),
    "too_large": _("That is too large."),
    "too_often": _("Too many requests; wait a little."),
    "too_many_files": _("At most %(value)s pictures."),
    "too_much_now": _("Too many files for now; wait an hour, or send the request without them."),
    "nothing_to_add": _("description required, or another status."),
    "cannot_now": _("The request is no longer where this would fit."),
    "failed": _("Something broke on our side."),
    "busy": _("The service is busy; try again in a moment."),
    "report.sign_in_to_report": _(
        "This community takes reports only from people who have signed in with it."
    ),
    "report.too_short": _("description: say in a few words what it is about."),
}
SHOWS: Words = {
    "now": _("At once: the app tells people that requests are public"),
    "read": _("Once a person here has read it"),
    "never": _("Not before it is settled and published like any other"),
}
TYPES: Words = {
    "realtime": _("The number at once"),
    "batch": _("A token first, the number later"),
    "blackbox": _("No number"),
}
DATATYPES: Words = {
    "string": _("One line"),
    "number": _("A number"),
    "datetime": _("Date and time"),
    "text": _("Several lines"),
    "singlevaluelist": _("One of a list"),
    "multivaluelist": _("Some of a list"),
}
STANDS: Words = {
    "waiting": pgettext_lazy("forward", "To be sent"),
    "sending": pgettext_lazy("forward", "Being sent"),
    "unsure": pgettext_lazy("forward", "Perhaps it arrived"),
    "token": pgettext_lazy("forward", "Taken, number to come"),
    "followed": pgettext_lazy("forward", "Open there"),
    "told": pgettext_lazy("forward", "Taken, without a number"),
    "closed": pgettext_lazy("forward", "Closed there"),
    "refused": pgettext_lazy("forward", "Not taken there"),
    "withdrawn": pgettext_lazy("forward", "Called back"),
}
TROUBLES: Words = {
    "address": _("The address cannot be used."),
    "plain_http": _("The address must begin with https://."),
    "inside": _("The address leads into a private network, which the operator has not allowed."),
    "unknown_host": _("There is no such host."),
    "unreachable": _("It cannot be reached."),
    "tls": _("Its certificate does not hold."),
    "timeout": _("It did not answer in time."),
    "too_long": _("Its answer is too long."),
    "garbled": _("Its answer cannot be read."),
    "status": _("It answered with an error."),
    "key": _("It does not take our key."),
    "no_services": _("It has no services for this jurisdiction."),
    "gone": _("It does not know the request any more."),
    "moved": _("It sends us to another address. Enter that one."),
    "busy": _("It is busy; we try again."),
    "crashed": _("We do not know whether it arrived: ask there, or look at their list."),
    "media": _("It is not a picture, voice note or film that we take."),
    "case_gone": _("The case could not take it any more."),
}
#: What is wrong in forms for staff; what is not here, the cases say.
WRONGS: Words = {
    "address": TROUBLES["address"],
    "plain_http": TROUBLES["plain_http"],
    "name_taken": _("That name is taken already."),
    "too_many": _("At most %(limit)s."),
    "code_shape": _("A letter first, then letters, digits and underscores, at most 40."),
    "choices_shape": _("Between 2 and %(limit)s choices, each with a key of its own."),
    "too_many_questions": _("At most %(limit)s questions."),
    "already_there": _("It is there already, or on its way."),
    "not_open": _("The case is over."),
    "cannot_now": _("It no longer stands so. Look again."),
}


def fault(one: Fault) -> str:
    """A fault in words."""
    if one.code == "file_refused":
        return case_words.wrong(one.value)
    said = FAULTS.get(one.code)
    if said is None:
        return case_words.wrong(one.code.removeprefix("report."), limit=one.value)
    text = str(said)
    return text % {"value": one.value} if "%(" in text else text


def label(words: Words, code: str) -> str:
    """What a code is called; itself where nobody has named it."""
    return str(words.get(code, code))


def notice(number: str, code: str, address: str) -> str:
    """What the app shows its user: how to follow the request here."""
    if not number:
        return gettext("Your report has been taken in.")
    if not code:
        return gettext("Your report has been taken in under %(number)s.") % {"number": number}
    return gettext("Follow it at %(address)s with number %(number)s and code %(code)s. Keep the code.") % {
        "address": address,
        "number": number,
        "code": code,
    }
