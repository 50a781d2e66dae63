"""What the codes of this room are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words as cases

Words = Mapping[str, str | Lazy]

STOPS: Words = {
    "provider": _("The identity provider could not be reached, or what it said could not be relied on."),
    "cancelled": _("You were not signed in there, or you cancelled it."),
    "late": _("That took too long, or was begun in another browser."),
    "domain": _("Your mail address there is not one of those that may come in this way."),
    "unknown": _("We do not know yet who you are here."),
    "no_duty": _("You have no duty here, or none that comes in this way."),
    "taken": _("This identity is bound to another account, or your account to another identity."),
    "busy": _("Too many tries."),
}
ADVICE: Words = {
    "provider": _(
        "Try again in a minute, or sign in with your phone. If it stays so, tell your administrator."
    ),
    "cancelled": _("Try again, or sign in with your phone."),
    "late": _("Please begin again."),
    "domain": _("Sign in with your phone, or ask your administrator."),
    "unknown": _(
        "Sign in with your phone once, then bind this identity on the page “Me”, “Sign-in elsewhere”."
    ),
    "no_duty": _(
        "Signing in elsewhere gives no rights here. Ask the leader of your community to appoint you."
    ),
    "taken": _("Unbind it there first, or ask your administrator."),
    "busy": _("Please wait a minute."),
}
WRONGS: Words = {
    "name_zh.missing": pgettext_lazy("provider", "Give it a name."),
    "issuer.missing": _("Enter the issuer."),
    "issuer.address": _("This is no address that can be used."),
    "issuer.plain_http": _("The address must begin with https://."),
    "issuer.taken": _("This provider is there already, with the same client id."),
    "client_id.missing": _("Enter the client id."),
    "roles.unknown": _("There is no such role."),
    "providers.too_many": _("At most %(limit)s providers at a time. End one first."),
}
#: What is wrong with a provider, found on trial.
TRIALS: Words = {
    "bad_metadata": _("It publishes no OpenID Connect metadata at this address."),
    "other_issuer": _("It calls itself by another issuer. Enter the issuer exactly as it does."),
    "no_pkce": _("It does not know PKCE with S256, which we need."),
    "bad_keys": _("It publishes no RSA or EC keys that we could use."),
    "address": _("This is no address that can be used."),
    "inside": _("The name leads into a private network, which this house does not allow."),
    "unknown_host": _("Nobody knows this name (DNS)."),
    "unreachable": _("Nobody answered at this address, or the connection broke."),
    "tls": _("No secure connection came about: certificate or TLS version."),
    "timeout": pgettext_lazy("provider", "It took too long."),
    "too_long": _("The answer was too long."),
    "garbled": _("The answer could not be read."),
}


def label(words: Words, code: str) -> str:
    """The words of a code; the code itself when it has none."""
    return str(words.get(code, code))


def wrong(code: str, *, field: str = "", limit: str = "") -> str:
    """What is wrong with a field, in words."""
    own = WRONGS.get(f"{field}.{code}")
    return str(own) % {"limit": limit} if own else cases.wrong(code, field=field, limit=limit)
