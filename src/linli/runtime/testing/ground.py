"""Rows that many tests share, in a transaction under their own; nothing of it is ever committed.

``common`` rows (the cast) are made once for all modules of a test process that follow one another and ask for the same;
``standing`` rows once for one module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

T = TypeVar("T")


class Ground:
    """An open transaction; each test's own is a savepoint in it. What a test changes is gone before the next one.

    A test with real commits cannot stand on it: it ends the ground, and whoever asks again makes the rows afresh.
    """

    _laid: ClassVar[list[Ground]] = []
    _common: ClassVar[Ground | None] = None

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._block = transaction.atomic()
        self._block.__enter__()
        self._made: dict[Callable[[], Any], Any] = {}
        self.laid = True
        Ground._laid.append(self)

    def made(self, make: Callable[[], T]) -> T:
        """What ``make`` makes, made at the first call. To be called outside of a test's own transaction."""
        if make not in self._made:
            self._made[make] = make()
        found: T = self._made[make]
        return found

    def leave(self) -> None:
        """Roll everything back."""
        if self.laid:
            self.laid = False
            Ground._laid.remove(self)
            ours = connections[DEFAULT_DB_ALIAS] is self._connection
            if ours and self._connection.in_atomic_block:
                transaction.set_rollback(True)
                self._block.__exit__(None, None, None)
                return
            # A browser has begun or ended since, and Django keeps another connection while an event loop runs in
            # the thread; or a test closed the connection. What is closed holds no locks and keeps no rows.
            self._connection.in_atomic_block = False
            self._connection.close()

    @classmethod
    def common(cls, make: Callable[[], T]) -> T:
        """What ``make`` makes, under all modules; inside another transaction it is made there, and lasts as long."""
        held = cls._common
        if held is not None and held.laid and make in held._made:
            return held.made(make)
        if connection.in_atomic_block and not (held and held.laid and cls._laid == [held]):
            return make()
        cls.leave_all()
        cls._common = Ground()
        return cls._common.made(make)

    @classmethod
    def leave_all(cls) -> None:
        """Roll back whatever is still laid in this process."""
        for ground in reversed(list(cls._laid)):
            ground.leave()
