"""A person's session: opened anew at each sign-in, strengthened by the second factor, ended by silence or by
a new epoch.

Django checks ``Account.get_session_auth_hash`` on every request; it contains ``session_epoch``, so raising
the epoch ends
every session of the person at once.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import auth
from django.http import HttpRequest

from linli.people import models, rules

BACKEND = "linli.people.backends.PhonePassword"
SECOND_FACTOR = "linli.second_factor"  # [account id, moment]
SEEN = "linli.seen"
STAFF = "linli.staff"
BY_CODE = "linli.by_code"
LANGUAGE = "linli.language"  # what this browser was last told of the account's language
SEEN_EVERY_SECONDS = 60


def open_session(
    request: HttpRequest, account: models.Account, *, at: datetime, staff: bool, by_code: bool = False
) -> None:
    """Sign the person in: a new session key (no fixation), nothing carried over but the language."""
    request.session.flush()
    auth.login(request, account, backend=BACKEND)
    request.session[SEEN] = at.timestamp()
    request.session[STAFF] = staff
    request.session[LANGUAGE] = account.language
    if by_code:
        request.session[BY_CODE] = at.timestamp()


def note_language(request: HttpRequest, language: str) -> None:
    """This browser knows the account's language now."""
    request.session[LANGUAGE] = language


def language_changed_elsewhere(request: HttpRequest, language: str) -> bool:
    """Whether the account's language was changed on another device since this browser was told of it."""
    known = request.session.get(LANGUAGE)
    return known is not None and known != language


def came_by_code(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the phone was proved in this session within a quarter of an hour."""
    proved = request.session.get(BY_CODE)
    return (
        proved is not None
        and at.timestamp() - float(proved) <= rules.CODE_STANDS_FOR_PASSWORD.total_seconds()
    )


def close_session(request: HttpRequest) -> None:
    """Sign out here."""
    auth.logout(request)


def keep_after_epoch(request: HttpRequest, account: models.Account) -> None:
    """Keep this one session when the person's epoch or password has just changed; its key rotates."""
    marks = {name: request.session.get(name) for name in (SECOND_FACTOR, SEEN, STAFF)}
    auth.update_session_auth_hash(request, account)
    for name, mark in marks.items():
        if mark is not None:
            request.session[name] = mark


def mark_second_factor(request: HttpRequest, *, at: datetime) -> None:
    """Note that the second factor was passed; rights grew, so the session key rotates."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = [request.user.pk, at.timestamp()]
    request.session[STAFF] = True


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session has passed the second factor of the person it belongs to."""
    mark = request.session.get(SECOND_FACTOR)
    return isinstance(mark, list) and bool(mark) and mark[0] == request.user.pk


def has_gone_idle(request: HttpRequest, *, staff: bool, at: datetime) -> bool:
    """Whether staff were silent for longer than 30 minutes; otherwise the moment is noted, at most once a
    minute.
    """
    last = request.session.get(SEEN)
    staff = staff or bool(request.session.get(STAFF))
    now = at.timestamp()
    if not staff:
        return False
    if last is not None and now - float(last) > rules.STAFF_IDLE.total_seconds():
        return True
    if last is None or abs(now - float(last)) >= SEEN_EVERY_SECONDS:  # a clock set back must not lengthen it
        request.session[SEEN] = now
    return False
