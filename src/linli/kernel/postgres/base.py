"""Keeps the connection's ``linli.scope`` equal to :mod:`linli.kernel.scope`, at one extra statement per change.

Row-level security policies read ``linli.scope``. The value is set for the session, so it survives commits; after any
rollback PostgreSQL restores the value from before, so we forget what we know and set it again when next needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db.backends.postgresql import base

from linli.kernel import scope
from linli.kernel.postgres import prepared

_ROLLS_BACK = ("ROLLBACK TO SAVEPOINT",)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, scoped."""

    linli_scope: str | None = None
    linli_statements: int = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linli_prepared: prepared.Kept = {}
        self.execute_wrappers.append(self._under_scope)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.linli_scope = None
        self.linli_prepared = {}

    def _rollback(self) -> Any:
        self.linli_scope = None
        return super()._rollback()  # type: ignore[misc]  # Django's own, missing from the stubs

    def _under_scope(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.linli_statements += 1
        if isinstance(sql, str) and sql.startswith(_ROLLS_BACK):
            self.linli_scope = (
                None  # the transaction may be broken: nothing can be set before it is rolled back
            )
        else:
            self._enter_scope()
        return execute(sql, params, many, context)

    def _enter_scope(self) -> None:
        wanted = scope.current()
        if self.linli_scope != wanted:
            self.linli_statements += 1
            with self.wrap_database_errors:  # else a dead connection is not seen as one, and kept
                self.connection.execute("SELECT set_config('linli.scope', %s, false)", (wanted,))
            self.linli_scope = wanted

    def fetch_prepared(
        self, sql: str, params: Mapping[str, Any], *, walled: bool = True
    ) -> tuple[Any, ...] | None:
        """The first row of a hot statement, planned once per connection (server-side parameters, prepared).

        Each parameter needs its type where it is first named (``%(role)s::text``). Counted and logged as any other
        statement.

        :param walled: False for a statement that touches no walled table, which then need not wait for its scope.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            if walled:
                self._enter_scope()
            self.linli_statements += 1
            began = time.monotonic()
            row = prepared.fetch(self.connection, self.linli_prepared, sql, params)
        if self.queries_logged:
            self.queries_log.append({"sql": sql, "time": f"{time.monotonic() - began:.3f}"})
        return row
