"""When the clocks of a community next have something to say."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

# A promise whose ladder nobody has looked at yet is left out: its first rung comes no sooner than what it says itself.
NEXT = """
SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM cases_clockrow
    WHERE community_id = %(community)s::bigint AND stopped_at IS NULL AND broken_at IS NULL
        AND due_at > %(since)s::timestamptz
    UNION ALL SELECT min(at_risk_at) FROM cases_clockrow
    WHERE community_id = %(community)s AND stopped_at IS NULL AND reminded_at IS NULL AND at_risk_at > %(since)s
    UNION ALL SELECT min(ladder_at) FROM cases_clockrow
    WHERE community_id = %(community)s AND stopped_at IS NULL AND ladder_at > greatest(%(since)s, started_at)
    UNION ALL SELECT min(due_at) FROM cases_supervision
    WHERE community_id = %(community)s AND ended_at IS NULL AND answered_at IS NULL AND due_at > %(since)s
    UNION ALL SELECT min(until) FROM cases_request r JOIN cases_case c ON c.id = r.case_id
    WHERE r.community_id = %(community)s AND r.granted AND c.state = 'paused' AND until > %(since)s
    UNION ALL SELECT min(next_at) FROM cases_alarm
    WHERE community_id = %(community)s AND answered_at IS NULL AND next_at > %(since)s
) found
"""


def next_at(community_id: int, *, since: datetime) -> datetime | None:
    """The first moment after ``since`` at which a sweep finds something; None when nothing is to come. One statement."""
    fetch = connection.fetch_prepared  # type: ignore[attr-defined]  # our own backend
    found: datetime | None = fetch(NEXT, {"community": community_id, "since": since})[0]
    return found
