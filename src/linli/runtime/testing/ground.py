"""Rows that the tests of one module share, in a transaction under their own; nothing of it is ever committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import transaction

T = TypeVar("T")


class Ground:
    """An open transaction; each test's own is a savepoint in it. What a test changes is gone before the next one.

    A test with real commits cannot stand on it: it ends the ground, and whoever asks again makes the rows afresh.
    """

    _laid: ClassVar[list[Ground]] = []

    def __init__(self) -> None:
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
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    @classmethod
    def leave_all(cls) -> None:
        """Roll back whatever is still laid in this process."""
        for ground in list(cls._laid):
            ground.leave()
