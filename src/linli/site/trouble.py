"""Trouble that passes by itself: the database away or busy, the disk full. Told as 503, never as a fault of ours."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from django.db import Error, InterfaceError, OperationalError
from psycopg import errors

NO_SPACE = (errors.DiskFull, errors.ReadOnlySqlTransaction)
BUSY = (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected, errors.TooManyConnections)
AWAY = (errors.IdleInTransactionSessionTimeout,)  # counted by psycopg as an internal error
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def code_of(exception: BaseException | None) -> str:
    """``no_space``, ``busy`` or ``database_unavailable``; empty for an exception that waiting will not heal.

    A full disk makes the supervisor close the database for writing, which shows as a read-only transaction.
    """
    chain = tuple(_causes(exception))
    if any(isinstance(one, NO_SPACE) or (isinstance(one, OSError) and one.errno in FULL) for one in chain):
        return "no_space"
    if not any(isinstance(one, Error) for one in chain):
        return ""
    if any(isinstance(one, BUSY) for one in chain):
        return "busy"
    away = any(isinstance(one, (OperationalError, InterfaceError, *AWAY)) for one in chain)
    return "database_unavailable" if away else ""


def _causes(exception: BaseException | None) -> Iterator[BaseException]:
    while exception is not None:
        yield exception
        exception = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)
