"""The files of a test server whose template is migrated, kept in the checkout between runs (``.test-database``).

Who begins with a copy of them need neither make a server nor migrate. They are named after what makes the database
(:func:`linli.runtime.fingerprint.of_database`) and the server's version; only the newest are kept.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from linli.runtime import fingerprint, place
from linli.runtime.postgres import DATABASE, Postgres

CHECKOUT = Path(__file__).resolve().parents[4]
FOLDER = CHECKOUT / ".test-database"
#: What a server needs besides the template; test databases of processes that were killed do not go along.
ALWAYS = ("postgres", "template0", "template1", DATABASE)


def template() -> str:
    """The name of the database that every test process copies."""
    return f"template_{fingerprint.of_database()}"


def bring(postgres: Postgres, folder: Path = FOLDER) -> bool:
    """Give a server that was never started the kept files, if they fit; whether they did."""
    kept = _files(postgres, template(), folder)
    where = place.settle(postgres.home)
    if where.data.exists() or not kept.is_dir():
        return False
    _copy(kept, where.data, where)
    return True


def clean(postgres: Postgres) -> str:
    """Leave in a running server nothing but what is to be kept; the template's name, or "" without one."""
    with psycopg.connect(postgres.superuser_url(), autocommit=True) as server:
        names = [str(name) for (name,) in server.execute("SELECT datname FROM pg_database ORDER BY oid DESC")]
        made = next((name for name in names if name.startswith("template_")), "")
        for name in names:
            if name not in (*ALWAYS, made):
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    return made


def keep(postgres: Postgres, name: str, folder: Path = FOLDER) -> None:
    """Keep the files of a server that was stopped, in place of older ones. Where nothing can be written, nothing is."""
    kept = _files(postgres, name, folder)
    if not name or kept.exists():
        return
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        half = Path(tempfile.mkdtemp(prefix="half-", dir=folder))
        where = place.settle(postgres.home)
        _copy(where.data, half / "data", where)
        for old in folder.iterdir():
            if old != half:
                shutil.rmtree(old, ignore_errors=True)
        (half / "data").rename(kept)
        half.rmdir()


def _files(postgres: Postgres, name: str, folder: Path) -> Path:
    return folder / f"{name}-{postgres.programs.major}"


def _copy(source: Path, target: Path, where: place.Place) -> None:
    shutil.copytree(source, target, symlinks=True)
    if os.geteuid() == 0:
        for path in (target, *target.rglob("*")):
            os.chown(path, where.user.uid, where.user.gid, follow_symlinks=False)
