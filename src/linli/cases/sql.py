"""The hot write of the house: taking in a report is one statement, all of it committed or none.

ORM everywhere else. Measured against it: see docs/decisions/003-one-statement-intake.md.
"""

from __future__ import annotations

import re

from linli.cases.rules.workflow import OPEN

_INTAKE = """
WITH kept AS (
    INSERT INTO kernel_idempotency (digest, body, receipt) VALUES (%(key)s, %(body)s, %(receipt)s::jsonb)
    ON CONFLICT DO NOTHING RETURNING 1
), fresh AS (
    INSERT INTO cases_case (
        community_id, number, code_digest, seal_id, kind, category_code, urgency, channel, words, reporter_id,
        assisted_by_id, anonymous, contact_name, contact_phone, contact_index, publish, quarantined, place_how, lon, lat,
        address, grid_id, building_id, place_path, state, bound, answer, public_words, reported_at, state_at, due_at,
        due_stage, at_risk_at, returns, reopenings, urges, escalated, outside_number, batch, example, version, search)
    SELECT %(community)s, %(number)s, %(code_digest)s, %(seal_id)s, %(kind)s, %(category)s, %(urgency)s, %(channel)s,
        %(words)s, %(reporter)s, %(assisted_by)s, %(anonymous)s, %(contact_name)s, %(contact_phone)s, %(contact_index)s,
        %(publish)s, %(quarantined)s, %(place_how)s, %(lon)s, %(lat)s, %(address)s, %(grid)s, %(building)s, %(path)s,
        'reported', false, '', '', %(at)s, %(at)s, %(due_at)s, %(due_stage)s, %(at_risk_at)s, 0, 0, 0, false,
        %(outside_number)s, %(batch)s, %(example)s, 1, %(vector)s::tsvector
    WHERE EXISTS (SELECT 1 FROM kept)
    RETURNING id, quarantined
), moved AS (
    INSERT INTO cases_move (community_id, case_id, seq, verb, from_state, to_state, at, actor_id, actor_role,
        organisation_id, reason, note, answer, data)
    SELECT %(community)s, id, 1, 'report', '', 'reported', %(at)s, %(actor)s, %(role)s, NULL, '', '', '', %(data)s::jsonb
    FROM fresh
), clocked AS (
    INSERT INTO cases_clockrow (community_id, case_id, stage, round, amount, unit, start_rule, promise_id, started_at,
        due_at, at_risk_at, ladder_at, pauses, extensions)
    SELECT %(community)s, id, %(due_stage)s, 1, %(amount)s, %(unit)s, %(start_rule)s, %(promise)s, %(at)s, %(due_at)s,
        %(at_risk_at)s, %(at)s, '[]', '[]'
    FROM fresh WHERE %(due_stage)s <> ''
), rung AS (
    INSERT INTO cases_alarm (community_id, case_id, cause, kinds, codes, list_version, rung_at, level, next_at,
        answered_role, answered_verb)
    SELECT %(community)s, id, %(cause)s, %(kinds)s, %(lines)s, %(list)s, %(at)s, 0, %(next_at)s, '', ''
    FROM fresh WHERE %(rings)s
), audited AS (
    INSERT INTO kernel_auditentry (community_id, at, actor_id, actor_role, verb, object, detail, request_id)
    SELECT %(community)s, %(at)s, %(actor)s, %(role)s, 'case.report', %(object)s, %(data)s::jsonb, %(request)s FROM fresh
), joined AS (
    INSERT INTO grids_membership (community_id, place_id, account_id, since)
    SELECT %(community)s, %(building)s, %(reporter)s, %(at)s FROM fresh WHERE %(reporter)s::bigint IS NOT NULL
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
    SELECT %(queue)s, %(task)s, 0, args FROM fresh, jsonb_array_elements(%(jobs)s::jsonb) AS args
)
SELECT id, quarantined FROM fresh
"""

_TYPES = {
    "text": "number kind category urgency channel words place_how address path due_stage outside_number batch role"
    " data object request unit start_rule queue task receipt cause kinds lines list",
    "bigint": "community reporter assisted_by grid building actor promise",
    "timestamptz": "at due_at at_risk_at next_at",
    "bytea": "key body code_digest contact_name contact_phone contact_index",
    "boolean": "anonymous publish example rings",
    "float8": "lon lat",
    "uuid": "seal_id",
    "numeric": "amount",
}


def _typed(statement: str) -> str:
    """The statement with each parameter's type beside it, so that it can be prepared once and used with nulls."""
    for kind, names in _TYPES.items():
        for name in names.split():
            statement = re.sub(rf"%\({name}\)s(?!::)", f"%({name})s::{kind}", statement)
    return statement


INTAKE = _typed(_INTAKE)

# Which cases match a search, the newest first, as many as asked for each community entered. It runs as the owner of the
# tables, because under row-level security the planner may not use the text index (its operator is not marked leakproof);
# it keeps the same wall itself. The text index knows all matches but not their age, and fetching thousands of old rows to
# find the newest is slow. So: words that stand in three of a hundred new cases are found by walking along the newest;
# others in a window of the newest 20,000, by both indexes together; if that holds some but not enough, in one as long as
# their density promises; else everywhere. Of a phrase only the first word is looked up in a window, because the planner
# takes any phrase for so rare that it would fetch all of its matches.
SEARCH_FUNCTION = r"""
CREATE OR REPLACE FUNCTION linli_search_cases(query tsquery, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    community bigint;
    found bigint[];
    since timestamptz;
    wide bigint;  -- rows of the window
    first_word tsquery := (regexp_match(query::text, $re$'(?:[^']|'')+'(?::\*)?$re$))[1]::tsquery;
BEGIN
    FOREACH community IN ARRAY coalesce(linli_scope(), '{}') LOOP
        found := NULL;
        IF (SELECT count(*) >= 60 FROM (
                SELECT search FROM cases_case WHERE community_id = community
                ORDER BY reported_at DESC, id DESC LIMIT 2000) recent WHERE recent.search @@ query) THEN
            SELECT array_agg(hit.id) INTO found FROM (
                SELECT recent.id FROM (
                    SELECT id, search FROM cases_case WHERE community_id = community
                    ORDER BY reported_at DESC, id DESC LIMIT 100 * most) recent
                WHERE recent.search @@ query LIMIT most) hit;
        END IF;
        wide := 20000;
        WHILE wide IS NOT NULL AND coalesce(cardinality(found), 0) < most LOOP
            SELECT reported_at INTO since FROM cases_case WHERE community_id = community
            ORDER BY reported_at DESC OFFSET wide LIMIT 1;
            EXIT WHEN since IS NULL;  -- there are no more rows than that
            SELECT array_agg(hit.id) INTO found FROM (
                SELECT near.id FROM (
                    SELECT id, reported_at, search FROM cases_case
                    WHERE search @@ first_word AND community_id = community AND reported_at >= since OFFSET 0) near
                WHERE near.search @@ query ORDER BY near.reported_at DESC, near.id DESC LIMIT most) hit;
            wide := CASE WHEN wide = 20000 AND cardinality(found) >= most / 10
                THEN wide * 2 * most / cardinality(found) END;
        END LOOP;
        IF coalesce(cardinality(found), 0) < most THEN
            WITH hits AS MATERIALIZED (
                SELECT id, reported_at FROM cases_case WHERE search @@ query AND community_id = community)
            SELECT array_agg(newest.id) INTO found FROM (
                SELECT id FROM hits ORDER BY reported_at DESC, id DESC LIMIT most) newest;
        END IF;
        RETURN QUERY SELECT unnest(found);
    END LOOP;
END $$
"""

# Open cases that may be the same matter, for the machine to weigh: those of the place first, then those of the community.
# It runs as the owner for the reason given above, and keeps the wall itself. In the grid the newest open cases are looked
# through along their own index; in the community common words are found along the newest open cases, rare ones by the text
# index.
ALIKE_FUNCTION = """
CREATE OR REPLACE FUNCTION linli_alike_cases(community bigint, query tsquery, grid bigint, building bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    recent bigint[];
BEGIN
    IF NOT community = ANY (coalesce(linli_scope(), '{{}}')) THEN RETURN; END IF;
    IF grid IS NOT NULL THEN
        RETURN QUERY SELECT near.id FROM (
            SELECT c.id, c.search, c.building_id, c.reported_at FROM cases_case c
            WHERE c.grid_id = grid AND c.community_id = community AND c.state IN ({states})
            ORDER BY c.reported_at DESC LIMIT 1500) near
        WHERE near.search @@ query
        ORDER BY (near.building_id = building) IS TRUE DESC, near.reported_at DESC LIMIT most;
    END IF;
    SELECT array_agg(hit.id) INTO recent FROM (
        SELECT newest.id FROM (
            SELECT c.id, c.search FROM cases_case c
            WHERE c.community_id = community AND c.state IN ({states})
            ORDER BY c.reported_at DESC, c.id DESC LIMIT 1500) newest
        WHERE newest.search @@ query LIMIT most) hit;
    IF coalesce(cardinality(recent), 0) >= 25 THEN
        RETURN QUERY SELECT unnest(recent);
    ELSE
        RETURN QUERY SELECT c.id FROM cases_case c
        WHERE c.search @@ query AND c.community_id = community AND c.state IN ({states})
        ORDER BY c.reported_at DESC LIMIT most;
    END IF;
END $$
""".format(states=", ".join(f"'{state.value}'" for state in sorted(OPEN)))
