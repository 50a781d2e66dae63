"""Codes of this room in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.faces.languages import reads_english
from linli.notices.queries import choices

HINDRANCES: dict[str, Callable[[], str]] = {
    "bound_to_another": lambda: _("This WeChat identity belongs to another account with a phone of its own. Untie it "
            "there first."),
    "only_way_in": lambda: _("WeChat is the only way into this account. Add your phone first, then untie it."),
    "bound_already": lambda: _("This WeChat identity is tied to an account already."),
    "nobody": lambda: _("Please sign in again."),
    "on_duty": lambda: _("The other account holds a duty; it has to end first."),
}  # fmt: skip


def hindrance(code: str) -> str:
    """Why something cannot be done."""
    told = HINDRANCES.get(code)
    return told() if told else code


def kind(code: str) -> str:
    """What a kind of notice is called: the title of its shipped words."""
    own = KINDS.get(code)
    if own:
        return own()
    language = "en" if reads_english(get_language()) else "zh-hans"
    try:
        return choices.shipped_text(code, language).title
    except KeyError:
        return code


def trouble(code: str) -> str:
    """What a refusal of the platform means, and what to do; unknown ones keep their number."""
    told = TROUBLES.get(code)
    return (
        told() if told else _("WeChat answered %(code)s. Look the number up in its console.") % {"code": code}
    )


def wrong(code: str) -> str:
    """What is wrong with a value of the settings."""
    told = WRONGS.get(code)
    return told() if told else code


def menu_wrong(where: str, code: str) -> str:
    """What is wrong with an entry of the menu, and which one."""
    told = MENU_WRONGS[code]()
    return _("Entry %(where)s: %(why)s") % {"where": where, "why": told} if where else told


def finding(code: str, state: str, value: str) -> tuple[str, str]:
    """What was looked at, and what came of it in plain words."""
    title, good, otherwise = FINDINGS[code]
    if state == "good":
        return title(), good() % {"value": value}
    if state == "bad" and value:
        return title(), trouble(value)
    return title(), otherwise() % {"value": value}


#: Kinds whose title is what they bring.
KINDS: dict[str, Callable[[], str]] = {
    "case_dispatched": lambda: _("Sent to the one who sees to it"),
    "announcement": lambda: _("Announcements"),
    "announcement_urgent": lambda: _("Urgent announcements"),
}
TROUBLES: dict[str, Callable[[], str]] = {
    "40001": lambda: _(
        "The access token was refused, also a new one. Is another program fetching tokens for this account?"
    ),
    "42001": lambda: _("The access token had run out and could not be renewed."),
    "40013": lambda: _("WeChat does not know this AppID. Please compare it with the console."),
    "40125": lambda: _("The AppSecret is not right. Was it reset in the console? Enter the new one."),
    "40164": lambda: _("WeChat does not let this server in: add its address to the IP list in the console."),
    "40037": lambda: _("A template id is not known to this account. Please compare the templates."),
    "47003": lambda: _("A notice did not fit its template: compare the names of the fields."),
    "48001": lambda: _(
        "This account may not use that interface: it is not verified, or of another category."
    ),
    "50001": lambda: _(
        "This account may not use that interface: it is not verified, or of another category."
    ),
    "45009": lambda: _("The day's quota is used up; it goes on tomorrow."),
    "46003": lambda: _("WeChat has no menu of this account yet: push it."),
    "timeout": lambda: _("WeChat did not answer in time."),
    "unreachable": lambda: _("WeChat cannot be reached from this server: is the way out open?"),
    "unknown_host": lambda: _("The name of WeChat's server is not known here: is name resolution working?"),
    "tls": lambda: _("The connection to WeChat could not be secured: is this server's clock right?"),
    "inside": lambda: _("The address given for WeChat lies in a private network that is not allowed."),
    "address": lambda: _("The address given for WeChat cannot be used."),
}
WRONGS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("This is needed."),
    "not_a_key": lambda: _("An EncodingAESKey has exactly 43 letters and digits."),
    "unknown": lambda: _("There is no such kind."),
    "none": lambda: _("Say at least one field."),
    "field": lambda: _("is not a field of a template, e.g. thing1, time2, character_string3."),
    "source": lambda: _("takes one of our names, or words in quotes."),
}
MENU_WRONGS: dict[str, Callable[[], str]] = {
    "one_to_three": lambda: _("A menu has one to three columns."),
    "no_name": lambda: _("the name is missing."),
    "long_name": lambda: _("the name is too long: five characters at the foot, twenty above."),
    "unknown_kind": lambda: _("say what it does."),
    "no_page": lambda: _("a page begins with / or https://."),
    "unknown_key": lambda: _("this word is not one the chat knows."),
    "five_below": lambda: _("at most five entries."),
    "too_deep": lambda: _("entries have no entries of their own."),
}
Told = Callable[[], str]
FINDINGS: dict[str, tuple[Told, Told, Told]] = {
    "secrets": (
        lambda: _("Secrets"),
        lambda: _("AppSecret, token and key are here."),
        lambda: _("Something is missing: AppSecret, token or EncodingAESKey."),
    ),
    "token": (
        lambda: _("Access token"),
        lambda: _("WeChat gives us one; fetched today: %(value)s."),
        lambda: _("WeChat gives us none."),
    ),
    "callback": (
        lambda: _("Callback address"),
        lambda: _("WeChat has called it and was satisfied."),
        lambda: _(
            "WeChat has not called it yet: enter the address and the token in the console and save there."
        ),
    ),
    "heard": (
        lambda: _("Messages"),
        lambda: _("Messages arrive."),
        lambda: _("No message has arrived yet: write a word to the account."),
    ),
    "menu": (
        lambda: _("Menu"),
        lambda: _("Followers see the menu kept here."),
        lambda: _("Followers see another menu, or none: push it."),
    ),
    "pages": (
        lambda: _("Script for pages"),
        lambda: _("Pages can be signed."),
        lambda: _("Pages cannot be signed."),
    ),
    "templates": (
        lambda: _("Notice templates"),
        lambda: _("%(value)s kinds of notices have a template."),
        lambda: _("No kind of notice has a template: after 48 hours of silence nobody is told by WeChat."),
    ),
    "address": (
        lambda: _("Our own address"),
        lambda: "%(value)s",
        lambda: _(
            "%(value)s is not https: WeChat opens no page there and calls nothing. Set LINLI_BASE_URL."
        ),
    ),
}
