"""Rows that the tests of a module share, in a transaction under their own; nothing of it is ever committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction

T = TypeVar("T")


class Ground:
    """An open transaction; each test's own is a savepoint in it. What a test changes is gone before the next one.

    A test with real commits cannot stand on it: it ends the ground, and whoever asks again makes the rows afresh.
    """

    _laid: ClassVar[Ground | None] = None

    def __init__(self) -> None:
        self._lay()

    def _lay(self) -> None:
        Ground.leave()
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._block = transaction.atomic()
        self._block.__enter__()
        self._made: dict[Callable[[], Any], Any] = {}
        Ground._laid = self

    def made(self, make: Callable[[], T]) -> T:
        """What ``make`` makes, made at the first call; within a test for which the ground has ended, for it alone."""
        here = connections[DEFAULT_DB_ALIAS]
        if Ground._laid is not self or here is not self._connection:
            if here.in_atomic_block:
                return make()
            self._lay()
        if make not in self._made:
            self._made[make] = make()
        found: T = self._made[make]
        return found

    @classmethod
    def leave(cls) -> None:
        """Roll back what is laid in this process."""
        laid, cls._laid = cls._laid, None
        if laid is None:
            return
        if connections[DEFAULT_DB_ALIAS] is laid._connection and laid._connection.in_atomic_block:
            transaction.set_rollback(True)
            laid._block.__exit__(None, None, None)
            return
        # A browser has begun or ended since, and Django keeps another connection while an event loop runs in
        # the thread; or a test closed the connection. What is closed holds no locks and keeps no rows.
        laid._connection.in_atomic_block = False
        laid._connection.close()
