"""Growing pauses after failures: a delay for one network and one phone, never a lock that others can put
on.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from linli.kernel import sealed
from linli.people import models, rules

PAUSES = [rules.pause_seconds(failures) for failures in range(1, 25)]
CLAIM = """
INSERT INTO people_signinpause AS p (key, failures, last_try_at, open_at) VALUES (%(key)s, 1, %(at)s, %(at)s)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN p.open_at < %(quiet)s THEN 1 ELSE p.failures + 1 END,
  last_try_at = %(at)s,
  open_at = %(at)s + make_interval(secs => (%(pauses)s::int[])[
    LEAST(CASE WHEN p.open_at < %(quiet)s THEN 1 ELSE p.failures + 1 END,
    cardinality(%(pauses)s::int[]))])
WHERE p.open_at <= %(at)s
RETURNING failures
"""


class Refused(Exception):
    """Nobody is signed in: ``code`` is wrong | paused | use_code; ``wait_seconds`` until the next try is
    heard.
    """

    def __init__(self, code: str, wait_seconds: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.wait_seconds = wait_seconds


def claim_try(what: str, *, at: datetime) -> None:
    """Count a try before it is looked at, in one statement, so that parallel guesses gain nothing.

    Each try counts as failed until ``forget`` is called.

    :param what: what is tried, by whom, from where; kept only as a keyed digest.
    :raises Refused: paused.
    """
    key = _key(what)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"key": key, "at": at, "quiet": at - rules.FAILURES_WINDOW, "pauses": PAUSES})
        if cursor.fetchone():
            return
    opens = models.SignInPause.objects.filter(key=key).values_list("open_at", flat=True).first()
    raise Refused("paused", max(1, int((opens - at).total_seconds()) + 1) if opens else 1)


def forget(what: str) -> None:
    """Forget the failures: somebody has just succeeded."""
    models.SignInPause.objects.filter(key=_key(what)).delete()


def _key(what: str) -> bytes:
    return sealed.blind_index("people.pause", what)
