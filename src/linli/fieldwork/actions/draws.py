"""Seeds of lotteries: made once a period, their digest on record before anything is drawn by them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from linli.fieldwork.models import DrawSeed
from linli.kernel import audit
from linli.kernel.access import SYSTEM

SERVICES, RECHECKS = "services", "rechecks"


def seed_of(community_id: int, purpose: str, period: date, at: datetime) -> DrawSeed:
    """The seed of a lottery's period; made at the first asking, with its digest in the audit log."""
    held = DrawSeed.objects.filter(community_id=community_id, purpose=purpose, period_date=period).first()
    if held is not None:
        return held
    fresh = DrawSeed(
        community_id=community_id,
        purpose=purpose,
        period_date=period,
        seed=secrets.token_hex(32),
        made_at=at,
    )
    DrawSeed.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = DrawSeed.objects.get(community_id=community_id, purpose=purpose, period_date=period)
    if kept.seed == fresh.seed:
        audit.record(
            community_id=community_id,
            actor=SYSTEM,
            verb="fieldwork.seed_draw",
            object=f"draw:{purpose}:{period.isoformat()}",
            at=at,
            detail={"digest": hashlib.sha256(kept.seed.encode()).hexdigest()},
        )
    return kept
