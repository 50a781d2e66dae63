"""Token buckets in the database: how often somebody may do something, exact under any concurrency.

One statement a take, the database's clock, keys as HMAC (the table tells nobody's address). A bucket holds at
most `capacity` tokens and gains `capacity` in `per_seconds`; a take needs `cost` of them. Source of the
figures: docs/reliability.md section 8. Emergencies are never blocked: over the limit a report is quarantined,
not refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction

from linli.kernel import sealed

MINUTE, HOUR, DAY = 60, 3600, 86400
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `capacity` at once, and that many again in `per_seconds`."""

    capacity: int
    per_seconds: int


NEVER: tuple[Rate, ...] = (Rate(0, DAY),)
FREE: tuple[Rate, ...] = ()

# what → who → rates, all of which must allow it. Who: anonymous (by IP /24 and device), level1 (openid),
# level2 (phone), level3 (resident), staff, or the name of the key where it is not a person. FREE: no limit.
# NEVER: not at all.
ALLOWANCES: Mapping[str, Mapping[str, tuple[Rate, ...]]] = MappingProxyType(
    {
        "report": {
            "anonymous": (Rate(10, HOUR), Rate(30, DAY)),
            "level1": (Rate(10, HOUR),),
            "level2": (Rate(20, HOUR),),
            "level3": (Rate(30, HOUR),),
            "staff": (Rate(120, HOUR),),
            "app": (Rate(300, HOUR), Rate(3000, DAY)),  # a program by which many people report
        },
        "media_bytes": {
            "anonymous": (Rate(20 * MEGABYTE, HOUR),),
            "level1": (Rate(60 * MEGABYTE, HOUR),),
            "level2": (Rate(100 * MEGABYTE, HOUR),),
            "level3": (Rate(100 * MEGABYTE, HOUR),),
            "staff": (Rate(1000 * MEGABYTE, HOUR),),
            "app": (Rate(2000 * MEGABYTE, HOUR),),
        },
        "look_up": {
            "anonymous": (Rate(20, HOUR),),
            "level1": (Rate(60, HOUR),),
            "level2": (Rate(60, HOUR),),
            "level3": (Rate(120, HOUR),),
            "staff": FREE,
        },
        "alike": {  # asking, while typing, what neighbours reported already
            "anonymous": (Rate(600, HOUR),),
            "level1": (Rate(300, HOUR),),
            "level2": (Rate(300, HOUR),),
            "level3": (Rate(300, HOUR),),
            "staff": FREE,
        },
        "sms_code": {
            "phone": (Rate(1, MINUTE), Rate(5, HOUR), Rate(10, DAY)),
            "ip": (Rate(100, HOUR),),
            "everybody": (Rate(2000, HOUR),),
        },
        "sign_in_failure": {"anonymous": (Rate(10, 15 * MINUTE),), "staff": (Rate(5, 15 * MINUTE),)},
        "comment": {
            "anonymous": NEVER,
            "level1": (Rate(30, HOUR),),
            "level2": (Rate(60, HOUR),),
            "level3": (Rate(120, HOUR),),
            "staff": FREE,
        },
        "reveal": {
            "anonymous": NEVER,
            "level1": NEVER,
            "level2": NEVER,
            "level3": NEVER,  # one's own household is not a reveal
            "staff": (Rate(10, HOUR), Rate(60, DAY)),
        },
        "api": {"anonymous": (Rate(60, MINUTE),), "key": (Rate(600, MINUTE),)},
        "export": {
            "anonymous": NEVER,
            "level1": (Rate(3, DAY),),
            "level2": (Rate(3, DAY),),
            "level3": (Rate(3, DAY),),
            "staff": (Rate(5, DAY),),
        },
    }
)
LONGEST_SECONDS = max(
    rate.per_seconds for table in ALLOWANCES.values() for rates in table.values() for rate in rates
)


def take(key: str, *, capacity: int, per_seconds: int, cost: int = 1, at: datetime | None = None) -> bool:
    """Take `cost` tokens from the bucket, or none and say False.

    Call it at the door, before the transaction of the act: it commits by itself, so that a later rollback
    does not give the tokens back, and therefore refuses to run inside a transaction. Inside one, use
    `take_sql`.

    :param key: what is counted for whom, `"look_up:ip:203.0.113.0"`; kept only as HMAC.
    :param at: the moment, when an import or a test replays time; without it the database's clock counts.
    :raises RuntimeError: inside a transaction.
    """
    if cost > capacity:
        return False
    statement, params = _take(key, capacity=capacity, per_seconds=per_seconds, cost=cost, at=at)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone() is not None


def allow(what: str, who: str, subject: str, *, cost: int = 1, at: datetime | None = None) -> bool:
    """Whether this allowance of `ALLOWANCES` still has room for the subject; takes from each of its rates.

    A refused take of one rate does not give back what the rates before it took.

    :param subject: who exactly: an account id, a phone, an address block.
    :raises KeyError: for an allowance that does not exist.
    """
    return all(
        take(
            bucket_key(what, who, subject, rate),
            capacity=rate.capacity,
            per_seconds=rate.per_seconds,
            cost=cost,
            at=at,
        )
        for rate in ALLOWANCES[what][who]
    )


def bucket_key(what: str, who: str, subject: str, rate: Rate) -> str:
    """The key `allow` uses, for those who take inside their own statement."""
    return f"{what}:{who}:{rate.per_seconds}:{subject}"


def take_sql(
    key: str,
    *,
    capacity: int,
    per_seconds: int,
    cost: int = 1,
    at: datetime | None = None,
    only_if: str = "true",
) -> tuple[str, list[Any]]:
    """The statement behind `take`, for a WITH clause: it returns one row if the tokens were there, else none.

    :param only_if: an SQL condition without which nothing is taken, and no row returned.

    >>> sql, params = take_sql("report:7", capacity=10, per_seconds=3600)  # doctest: +SKIP
    >>> cursor.execute(f"WITH room AS ({sql}) SELECT EXISTS (SELECT 1 FROM room)", params)  # doctest: +SKIP
    """
    return _take(key, capacity=capacity, per_seconds=per_seconds, cost=cost, at=at, only_if=only_if)


def wait_seconds(key: str, *, capacity: int, per_seconds: int, cost: int = 1) -> int:
    """In how many whole seconds the bucket will hold `cost` tokens: for `Retry-After` after a refusal."""
    if cost > capacity:
        return per_seconds
    statement = (
        "SELECT ceil(greatest(0, %s - least(%s, tokens"
        " + greatest(0, extract(epoch FROM clock_timestamp() - updated)) * %s::float8)) / %s::float8)::bigint"
        " FROM kernel_bucket WHERE key = %s"
    )
    rate = capacity / per_seconds
    with connection.cursor() as cursor:
        cursor.execute(statement, [cost, capacity, rate, rate, _hidden(key)])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def forget(*, idle_seconds: int = 2 * LONGEST_SECONDS) -> int:
    """Remove buckets nobody has touched for so long that they are full again; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_bucket WHERE updated < clock_timestamp() - make_interval(secs => %s)",
            [max(idle_seconds, LONGEST_SECONDS)],
        )
        return int(cursor.rowcount)


def _take(
    key: str, *, capacity: int, per_seconds: int, cost: int, at: datetime | None, only_if: str = "true"
) -> tuple[str, list[Any]]:
    # clock_timestamp(), not now(): it is read after the row lock is won, so two takers never count the same
    # seconds twice. Where the clock has jumped back, one take passes and the bucket goes on from the new time:
    # otherwise everybody would be refused until the clock is where it was.
    moment = "clock_timestamp()" if at is None else "%s::timestamptz"
    when: list[Any] = [] if at is None else [at]
    refilled = f"least(%s::float8, bucket.tokens + greatest(0, extract(epoch FROM {moment} - bucket.updated)) * %s::float8)"
    fill: list[Any] = [capacity, *when, capacity / per_seconds]
    statement = (
        f"INSERT INTO kernel_bucket AS bucket (key, tokens, updated) SELECT %s::bytea, %s::float8, {moment}"
        f" WHERE %s::float8 <= %s::float8 AND {only_if}"
        f" ON CONFLICT (key) DO UPDATE SET tokens = greatest(0, {refilled} - %s::float8), updated = {moment}"
        f" WHERE {refilled} >= %s::float8 OR bucket.updated > {moment} + interval '1 s' RETURNING tokens"
    )
    first = [_hidden(key), capacity - cost, *when, cost, capacity]
    return statement, [*first, *fill, cost, *when, *fill, cost, *when]


def _hidden(key: str) -> bytes:
    return sealed.blind_index("limit", key)[:16]
