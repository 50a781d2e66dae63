"""The books of the other side: accounts, tokens, followers, what was said. SQLite, in memory or in a file."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS account (app_id TEXT PRIMARY KEY, secret TEXT, token TEXT, aes_key TEXT, mode TEXT,
  original_id TEXT, callback TEXT, name TEXT, verified INTEGER DEFAULT 1, allowed INTEGER DEFAULT 1, menu TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS token (value TEXT PRIMARY KEY, app_id TEXT, kind TEXT, until REAL, dead INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS follower (app_id TEXT, openid TEXT, name TEXT, follows INTEGER DEFAULT 0,
  open_until REAL DEFAULT 0, left INTEGER DEFAULT 0, PRIMARY KEY (app_id, openid));
CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, app_id TEXT, openid TEXT,
  mine INTEGER, kind TEXT, words TEXT, at REAL);
CREATE TABLE IF NOT EXISTS media (id TEXT PRIMARY KEY, app_id TEXT, kind TEXT, content BLOB, until REAL);
CREATE TABLE IF NOT EXISTS code (value TEXT PRIMARY KEY, app_id TEXT, openid TEXT, until REAL);
CREATE TABLE IF NOT EXISTS template (app_id TEXT, id TEXT, title TEXT, fields TEXT, PRIMARY KEY (app_id, id));
CREATE TABLE IF NOT EXISTS consent (app_id TEXT, openid TEXT, template TEXT, left INTEGER,
  PRIMARY KEY (app_id, openid, template));
CREATE TABLE IF NOT EXISTS scene (ticket TEXT PRIMARY KEY, app_id TEXT, scene TEXT, until REAL);
CREATE TABLE IF NOT EXISTS fault (name TEXT PRIMARY KEY, value TEXT);
"""
WINDOW_SECONDS = 48 * 3600


class No(Exception):
    """A refusal with the platform's number."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


@dataclass(frozen=True, slots=True)
class Account:
    """An official account as the platform knows it."""

    app_id: str
    secret: str
    token: str
    aes_key: str
    mode: str
    original_id: str
    callback: str
    name: str


class Books:
    """What the other side knows.

    :param where: a file; None keeps them in memory.
    """

    def __init__(self, where: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self._where = str(where) if where else ":memory:"
        self._lock = threading.RLock()
        self._held: sqlite3.Connection | None = None
        self.clock = clock
        with self._books() as books:
            books.executescript(TABLES)

    @contextmanager
    def _books(self) -> Iterator[sqlite3.Connection]:
        """The books, one user at a time in memory; of a file each use opens its own, for other processes write too."""
        with self._lock:
            if self._where != ":memory:":
                books = sqlite3.connect(self._where, timeout=10, isolation_level=None)
                try:
                    books.execute("PRAGMA journal_mode=WAL")
                    yield books
                finally:
                    books.close()
                return
            if self._held is None:
                self._held = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            yield self._held

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        with self._books() as books:
            return books.execute(statement, values).fetchall()

    # --- the books ------------------------------------------------------------------------------------------------

    def open_account(self, account: Account) -> None:
        """Register an account, or change it."""
        self.rows(
            "INSERT INTO account (app_id, secret, token, aes_key, mode, original_id, callback, name)"
            " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (app_id) DO UPDATE SET secret=excluded.secret, token=excluded.token,"
            " aes_key=excluded.aes_key, mode=excluded.mode, original_id=excluded.original_id,"
            " callback=excluded.callback, name=excluded.name",
            account.app_id, account.secret, account.token, account.aes_key, account.mode, account.original_id,
            account.callback, account.name,
        )  # fmt: skip

    def account(self, app_id: str) -> Account:
        """A registered account.

        :raises No: there is none.
        """
        rows = self.rows(
            "SELECT app_id, secret, token, aes_key, mode, original_id, callback, name FROM account WHERE app_id=?",
            app_id,
        )
        if not rows:
            raise No(40013, "invalid appid")
        return Account(*rows[0])

    def set(self, app_id: str, **flags: int) -> None:
        """Switch what an account is: ``verified`` (has the interfaces), ``allowed`` (its server's address is listed)."""
        for name in flags.keys() & {"verified", "allowed"}:
            self.rows(f"UPDATE account SET {name}=? WHERE app_id=?", flags[name], app_id)

    def template(self, app_id: str, template_id: str, title: str, fields: tuple[str, ...]) -> None:
        """Register a notice template with the fields it has."""
        self.rows(
            "INSERT OR REPLACE INTO template VALUES (?,?,?,?)", app_id, template_id, title, json.dumps(fields)
        )

    def templates(self, app_id: str) -> list[tuple[str, str, tuple[str, ...]]]:
        """The templates of an account: id, title, fields."""
        rows = self.rows("SELECT id, title, fields FROM template WHERE app_id=? ORDER BY id", app_id)
        return [(row[0], row[1], tuple(json.loads(row[2]))) for row in rows]

    def fault(self, name: str, value: str = "1") -> None:
        """Switch a fault on; an empty value switches it off. Names: see ``FAULTS``."""
        if value:
            self.rows("INSERT OR REPLACE INTO fault VALUES (?,?)", name, value)
        else:
            self.rows("DELETE FROM fault WHERE name=?", name)

    def faults(self) -> dict[str, str]:
        """The faults that are on."""
        return dict(self.rows("SELECT name, value FROM fault"))

    def takes(self, name: str) -> bool:
        """Whether this fault strikes now; one with a number strikes so many times."""
        value = self.faults().get(name, "")
        if not value:
            return False
        if value.isdigit():
            self.fault(name, str(int(value) - 1) if int(value) > 1 else "")
        return True

    def chat(self, app_id: str, openid: str, *, after: int = 0) -> list[tuple[int, bool, str, str, float]]:
        """What was said between a follower and the account: number, by the follower, kind, words, when."""
        rows = self.rows(
            "SELECT id, mine, kind, words, at FROM said WHERE app_id=? AND openid=? AND id>? ORDER BY id",
            app_id,
            openid,
            after,
        )
        return [(row[0], bool(row[1]), row[2], row[3], row[4]) for row in rows]

    def follows(self, app_id: str, openid: str) -> bool:
        """Whether this person follows the account."""
        return bool(
            self.rows("SELECT 1 FROM follower WHERE app_id=? AND openid=? AND follows=1", app_id, openid)
        )

    def consents(self, app_id: str, openid: str) -> dict[str, int]:
        """How many consents are left, by template."""
        return dict(
            self.rows("SELECT template, left FROM consent WHERE app_id=? AND openid=?", app_id, openid)
        )

    def menu(self, app_id: str) -> dict[str, Any]:
        """The menu that was pushed; empty for none."""
        rows = self.rows("SELECT menu FROM account WHERE app_id=?", app_id)
        return dict(json.loads(rows[0][0])) if rows and rows[0][0] else {}

    def keep_menu(self, app_id: str, menu: dict[str, Any]) -> None:
        """The menu that followers see; an empty one for none."""
        self.rows("UPDATE account SET menu=? WHERE app_id=?", json.dumps(menu) if menu else "", app_id)

    def accounts(self) -> list[tuple[str, str]]:
        """Every account: its id and its name."""
        return [(row[0], row[1]) for row in self.rows("SELECT app_id, name FROM account ORDER BY rowid")]

    def shut_windows(self, app_id: str, openid: str) -> None:
        """Two days have gone by without a word."""
        self.rows("UPDATE follower SET open_until=0, left=0 WHERE app_id=? AND openid=?", app_id, openid)

    def note(self, app_id: str, openid: str, mine: bool, kind: str, words: str) -> None:
        """Something was said."""
        self.rows(
            "INSERT INTO said (app_id, openid, mine, kind, words, at) VALUES (?,?,?,?,?,?)",
            app_id, openid, int(mine), kind, words, self.clock(),
        )  # fmt: skip

    def agreed(self, app_id: str, openid: str, template_id: str) -> None:
        """One consent more."""
        self.rows(
            "INSERT INTO consent VALUES (?,?,?,1) ON CONFLICT DO UPDATE SET left=left+1",
            app_id,
            openid,
            template_id,
        )

    def know(self, app_id: str, openid: str) -> None:
        """Somebody is heard of."""
        self.rows("INSERT OR IGNORE INTO follower (app_id, openid, name) VALUES (?,?,'')", app_id, openid)

    def open_window(self, app_id: str, openid: str, left: int) -> None:
        """The account may write to this person for two days, so often."""
        self.know(app_id, openid)
        self.rows(
            "UPDATE follower SET open_until=?, left=max(left, ?) WHERE app_id=? AND openid=?",
            self.clock() + WINDOW_SECONDS, left, app_id, openid,
        )  # fmt: skip
