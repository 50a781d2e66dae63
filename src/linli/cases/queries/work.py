"""A community's cases of a time as work that somebody did. Read by the room of assessment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from linli.cases.rules.work import Worked

#: Another case of the same building and category within so many days of closing is the same problem again.
AGAIN_DAYS = 30
# Everything as it was known when asked; what happened at ``until`` or later is left out. A promise that ran out counts
# at the moment at which it did, whether the work was done since or not.
WORK = """
WITH touched AS (
    SELECT case_id AS id FROM cases_move
    WHERE community_id = %(community)s AND at >= %(since)s AND at < %(until)s
    UNION
    SELECT case_id FROM cases_clockrow
    WHERE community_id = %(community)s AND stage IN ('sign', 'first_contact', 'resolve')
      AND stopped_at IS NULL AND due_at >= %(since)s AND due_at < %(until)s
    UNION
    SELECT case_id FROM cases_callback
    WHERE community_id = %(community)s AND called_at >= %(since)s AND called_at < %(until)s
), moved AS (
    SELECT case_id,
        min(at) FILTER (WHERE verb IN ('accept', 'dispatch', 'settle', 'reply')) AS accepted_at,
        max(at) FILTER (WHERE verb IN ('handled', 'settle')) AS handled_at,
        max(at) FILTER (WHERE verb IN ('close', 'reply')) AS closed_at,
        min(at) FILTER (WHERE verb IN ('close', 'redo')) AS checked_at,
        (array_agg(verb ORDER BY seq) FILTER (WHERE verb IN ('close', 'redo')))[1] AS checked,
        max(at) FILTER (WHERE verb = 'return') AS returned_at,
        (array_agg(actor_id ORDER BY seq DESC) FILTER (WHERE verb = 'return'))[1] AS returned_by,
        max(at) FILTER (WHERE verb = 'reopen') AS reopened_at,
        (array_agg(actor_id ORDER BY seq DESC) FILTER (WHERE verb IN ('handled', 'settle')))[1] AS done_by,
        array_agg(DISTINCT actor_id) FILTER (
            WHERE verb IN ('sign', 'start', 'return', 'handled', 'settle') AND actor_id IS NOT NULL) AS held_by,
        coalesce(bool_or(verb = 'classify'), false) AS sorted_again,
        max(from_state) FILTER (WHERE verb = 'archive') AS archived_from
    FROM cases_move WHERE case_id IN (SELECT id FROM touched) AND at < %(until)s
    GROUP BY case_id
), kept AS (
    SELECT case_id, stage = 'resolve' AS resolving,
        bool_or(met IS FALSE OR (stopped_at IS NULL AND due_at < %(until)s)) AS late,
        bool_or(met) AS met, bool_or(stopped_at IS NULL) AS running,
        max(stopped_at) AS done_at,
        min(due_at) FILTER (WHERE met IS FALSE OR (stopped_at IS NULL AND due_at < %(until)s)) AS late_at
    FROM cases_clockrow
    WHERE case_id IN (SELECT id FROM touched) AND task_id IS NULL AND started_at < %(until)s
      AND stage IN ('sign', 'first_contact', 'resolve')
    GROUP BY case_id, stage = 'resolve'
), kept_one AS (
    SELECT case_id, resolving,
        CASE WHEN late THEN late_at WHEN met AND NOT running THEN done_at END AS at,
        CASE WHEN late THEN false WHEN met AND NOT running THEN true END AS held
    FROM kept
), fresh AS MATERIALIZED (
    SELECT id, building_id, category_code, reported_at FROM cases_case
    WHERE community_id = %(community)s AND reported_at >= %(since)s AND reported_at < %(until)s
      AND building_id IS NOT NULL AND category_code <> ''
      AND state NOT IN ('merged', 'withdrawn', 'voided', 'declined')
), again AS (
    SELECT moved.case_id, min(other.reported_at) AS reported_at
    FROM moved JOIN cases_case first ON first.id = moved.case_id
    JOIN fresh other ON other.building_id = first.building_id AND other.category_code = first.category_code
      AND other.id <> first.id AND other.reported_at > moved.closed_at
      AND other.reported_at < moved.closed_at + make_interval(days => %(again)s)
    WHERE moved.closed_at IS NOT NULL
    GROUP BY moved.case_id
)
SELECT one.id, one.number, one.grid_id,
    coalesce(moved.done_by, one.handler_id),
    coalesce(moved.held_by, '{}'),
    CASE WHEN one.channel = 'patrol' THEN coalesce(one.assisted_by_id, one.reporter_id) END,
    one.kind, one.channel,
    CASE WHEN one.state = 'archived' AND moved.archived_from IN ('declined', 'merged', 'withdrawn', 'voided')
        THEN moved.archived_from
        WHEN one.state IN ('declined', 'merged', 'withdrawn', 'voided') THEN one.state ELSE '' END,
    one.reported_at, moved.accepted_at, moved.handled_at, moved.closed_at,
    response.at, response.held, resolve.at, resolve.held,
    moved.checked_at, CASE WHEN moved.checked IS NOT NULL THEN moved.checked = 'close' END,
    one.solved, called.called_at, called.satisfied,
    LEAST(moved.reopened_at, again.reported_at),
    moved.returned_at, moved.returned_by,
    one.building_id IS NOT NULL, coalesce(moved.sorted_again, false),
    one.category_code <> '' AND one.grid_id IS NOT NULL AND one.answer <> ''
FROM touched JOIN cases_case one ON one.id = touched.id
LEFT JOIN moved ON moved.case_id = one.id
LEFT JOIN kept_one response ON response.case_id = one.id AND NOT response.resolving
LEFT JOIN kept_one resolve ON resolve.case_id = one.id AND resolve.resolving
LEFT JOIN LATERAL (
    SELECT called_at, satisfied FROM cases_callback back
    WHERE back.case_id = one.id AND back.outcome = 'reached' AND back.satisfied IS NOT NULL
      AND back.why IN ('rule', 'no_plan', 'minimum') AND back.called_at < %(until)s
    ORDER BY back.round DESC LIMIT 1
) called ON true
LEFT JOIN again ON again.case_id = one.id
WHERE one.community_id = %(community)s AND NOT one.quarantined
ORDER BY one.id
"""


def work(community_id: int, since: datetime, until: datetime) -> list[Worked]:
    """Every case in which something happened, or fell due, in [since, until); in one statement, by id."""
    with connection.cursor() as cursor:
        cursor.execute(WORK, {"community": community_id, "since": since, "until": until, "again": AGAIN_DAYS})
        return [Worked(*_told(row)) for row in cursor.fetchall()]


def _told(row: Iterable[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in row]
