"""Keeps the connection's ``linli.scope`` equal to :mod:`linli.kernel.scope`, at one extra statement per change.

Row-level security policies read ``linli.scope``. The value is set for the session, so it survives commits; after any
rollback PostgreSQL restores the value from before, so we forget what we know and set it again when next needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

from linli.kernel import scope

_ROLLS_BACK = ("ROLLBACK TO SAVEPOINT",)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, scoped."""

    linli_scope: str | None = None
    linli_statements: int = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._under_scope)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.linli_scope = None

    def _rollback(self) -> Any:
        self.linli_scope = None
        return super()._rollback()  # type: ignore[misc]  # Django's own, missing from the stubs

    def _under_scope(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.linli_statements += 1
        wanted = scope.current()
        if self.linli_scope != wanted:
            self.linli_statements += 1
            self.connection.execute("SELECT set_config('linli.scope', %s, false)", (wanted,))
            self.linli_scope = wanted
        if isinstance(sql, str) and sql.startswith(_ROLLS_BACK):
            self.linli_scope = None
        return execute(sql, params, many, context)

    def scope_set_by_statement(self, value: str) -> None:
        """Tell us that the statement just run set ``linli.scope`` itself (see ``scope.enter_known``)."""
        self.linli_scope = value
