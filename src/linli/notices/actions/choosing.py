"""How a person wants to be told, and the e-mail address they prove."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from linli.cases.rules.intake import Refused, Wrong
from linli.faces import languages
from linli.kernel import limits, sealed
from linli.kernel.access import Actor
from linli.notices import ports
from linli.notices.models import MailAddress, Preference
from linli.notices.ports import Letter, Result
from linli.notices.rules import delivery
from linli.notices.rules.kinds import FIXED, PERSON_ROADS, Group

_SPAN = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
CODE_LIVES = timedelta(minutes=15)
CODE_TRIES = 5
CODES_AN_HOUR = 3
LONGEST_MAIL = 254


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants. ``on``: the roads that are on, as ``cases:sms``; all others are off."""

    on: Collection[str]
    quiet: str = ""
    digest: bool = False
    language: str = ""


def choose(*, actor: Actor, choice: Choice, at: datetime) -> Preference:
    """Write down how the person wants to be told from now on.

    :raises Refused: quiet (hours), language (unknown).
    """
    if choice.quiet not in {"", delivery.ASLEEP}:
        first, _dash, last = choice.quiet.partition("-")
        if not _SPAN.match(choice.quiet) or first == last:
            raise Refused(Wrong("quiet", "hours"))
    if choice.language and not languages.is_spoken(choice.language):
        raise Refused(Wrong("language", "unknown"))
    wanted = frozenset(choice.on)
    every = [f"{group.value}:{road}" for group in Group if group not in FIXED for road in PERSON_ROADS]
    made, _fresh = Preference.objects.update_or_create(
        account_id=actor.person_id,
        defaults={
            "off": [one for one in every if one not in wanted and not one.endswith(":email")],
            "on": [one for one in every if one in wanted and one.endswith(":email")],
            "quiet": choice.quiet,
            "digest": choice.digest,
            "language": choice.language,
            "set_at": at,
        },
    )
    return made


def without_quiet_hours(account_id: int, at: datetime) -> None:
    """Have somebody who has chosen nothing yet told at any hour: who plays in a demo is awake."""
    Preference.objects.get_or_create(account_id=account_id, defaults={"quiet": delivery.ASLEEP, "set_at": at})


def is_on(wishes: delivery.Wishes, group: Group, road: str) -> bool:
    """Whether a road is on for a group, as the page of choices shows it."""
    pair = (group.value, road)
    return pair in wishes.on if road == delivery.EMAIL else pair not in wishes.off or group in FIXED


def ask_mail(*, actor: Actor, address: str, at: datetime) -> MailAddress:
    """Send a code to an e-mail address that the person says is theirs.

    :raises Refused: email (email, too_often, not_sent, no_road).
    """
    typed = address.strip()
    try:
        validate_email(typed)
    except ValidationError as problem:
        raise Refused(Wrong("email", "email")) from problem
    carrier = ports.carrier("email")
    if carrier is None:
        raise Refused(Wrong("email", "no_road"))
    if len(typed) > LONGEST_MAIL:
        raise Refused(Wrong("email", "email"))
    if not limits.take(f"mail_code:{actor.person_id}", capacity=CODES_AN_HOUR, per_seconds=3600):
        raise Refused(Wrong("email", "too_often"))
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        MailAddress.objects.filter(account_id=actor.person_id).delete()
        made = MailAddress.objects.create(
            account_id=actor.person_id,
            address=typed,
            code_digest=_digest(actor.person_id, code),
            code_sent_at=at,
        )
    said = carrier.carry([(typed, _letter(actor, made.pk, code))], at=at)
    if said[0].result is not Result.SENT:
        raise Refused(Wrong("email", "not_sent"))
    return made


def _letter(actor: Actor, address_id: int, code: str) -> Letter:
    with translation.override(actor.language):
        return Letter(
            key=f"linli-mail-code-{address_id}",
            community_id=0,
            kind="mail_code",
            title=_("Your code is %(code)s") % {"code": code},
            words=_("Enter %(code)s to receive messages at this address. It lasts 15 minutes.")
            % {"code": code},
            language=actor.language,
        )


def _digest(account_id: int, code: str) -> bytes:
    return sealed.blind_index("notices.mail_code", f"{account_id}:{code}")


def prove_mail(*, actor: Actor, code: str, at: datetime) -> MailAddress:
    """Note that the code was right: from now on mail may go to the address.

    :raises Refused: code (code, too_often).
    """
    with transaction.atomic():
        held = MailAddress.objects.select_for_update().filter(account_id=actor.person_id).first()
        fresh = held is not None and at - held.code_sent_at <= CODE_LIVES
        if held is None or held.code_digest is None or not fresh:
            raise Refused(Wrong("code", "code"))
        if held.tries >= CODE_TRIES:
            raise Refused(Wrong("code", "too_often"))
        held.tries += 1
        right = secrets.compare_digest(bytes(held.code_digest), _digest(actor.person_id, code.strip()))
        if right:
            held.proved_at, held.code_digest = at, None
        held.save(update_fields=["tries", "proved_at", "code_digest"])
    if not right:
        raise Refused(Wrong("code", "code"))
    return held


def drop_mail(*, actor: Actor) -> None:
    """Forget the person's e-mail address."""
    MailAddress.objects.filter(account_id=actor.person_id).delete()
