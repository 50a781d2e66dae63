"""The statements written by hand: an actor with everything it may, in one round trip."""

from __future__ import annotations

# Only communities have nothing above them, and there is an index for that.
COMMUNITY_IDS = (
    "SELECT string_agg(id::text, ',') FROM grids_place WHERE parent_id IS NULL AND valid_to IS NULL"
)

# Takes %(day)s. Rights end with the duty, with the place, and with the organisation for which one serves.
_RIGHTS = """
    (SELECT json_agg(json_build_array(d.role, d.community_id, d.place_id, p.path, d.organisation_id)
                     ORDER BY d.id)
       FROM grids_duty d
       JOIN grids_place p ON p.id = d.place_id
       LEFT JOIN people_organisation o ON o.id = d.organisation_id
      WHERE d.account_id = a.id AND d.from_date <= %(day)s::date
        AND (d.until_date IS NULL OR d.until_date > %(day)s::date)
        AND (p.valid_to IS NULL OR p.valid_to > %(day)s::date) AND o.closed_at IS NULL),
    (SELECT json_agg(m.community_id ORDER BY m.since DESC, m.id DESC)
       FROM grids_membership m WHERE m.account_id = a.id)
"""
_PERSON = "a.id, a.short_name, a.level, a.level_until_date, a.language, a.is_superuser"
_LIVES = "a.is_active AND a.erased_at IS NULL"

ACTOR = f"SELECT {_PERSON}, {_RIGHTS} FROM people_account a WHERE a.id = %(account)s::bigint AND {_LIVES}"

_NOTED = """
WITH used AS (
UPDATE people_apitoken SET last_used_date = %(day)s::date
 WHERE digest = %(digest)s::bytea AND revoked_at IS NULL AND expires_at > %(at)s::timestamptz
   AND last_used_date IS DISTINCT FROM %(day)s::date)
"""
# For a database that is closed for writing.
ACTOR_BY_TOKEN_UNNOTED = f"""
SELECT {_PERSON}, {_RIGHTS}, t.id, t.scopes, t.community_id, t.per_minute
  FROM people_apitoken t JOIN people_account a ON a.id = t.account_id
 WHERE t.digest = %(digest)s::bytea AND t.revoked_at IS NULL AND t.expires_at > %(at)s::timestamptz AND {_LIVES}
"""
# The day of a token's last use is noted on the way, by its first request of the day.
ACTOR_BY_TOKEN = f"{_NOTED}{ACTOR_BY_TOKEN_UNNOTED}"

# The ids for new rows, taken before they are written, because a place's path holds its own id.
NEW_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"

BUMP_VERSION = """
INSERT INTO grids_boundaryversion (id, version, changed_at) VALUES (1, 1, now())
ON CONFLICT (id) DO UPDATE SET version = grids_boundaryversion.version + 1, changed_at = now()
RETURNING version
"""
