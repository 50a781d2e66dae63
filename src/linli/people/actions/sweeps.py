"""What people forgets by itself."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from linli.people import models, rules


def sweep(*, at: datetime) -> int:
    """Remove what no longer matters: ended sessions, and pauses, codes and exports that ended a day ago."""
    before = at - rules.SWEEP_AFTER
    gone = models.SignInPause.objects.filter(last_try_at__lt=before, open_at__lt=before).delete()[0]
    gone += models.SignInCode.objects.filter(expires_at__lt=before).delete()[0]
    gone += models.Export.objects.filter(expires_at__lt=before).delete()[0]
    return gone + Session.objects.filter(expire_date__lt=at).delete()[0]
