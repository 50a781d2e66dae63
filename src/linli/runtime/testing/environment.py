"""Sets the environment before Django's settings are read; pytest loads it with ``-p`` (see pyproject.toml).

Whatever the developer's shell says, tests see their own folder and no database: the address is filled in by
the ``django_db_setup`` fixture when the first test that needs a database begins.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

_KEPT = ("LINLI_TEST_",)


def _set_environment() -> Path:
    for name in [name for name in os.environ if name.startswith("LINLI_") and not name.startswith(_KEPT)]:
        del os.environ[name]
    os.environ.pop("LINLI_OWNER_DATABASE_URL", None)
    home = Path(tempfile.mkdtemp(prefix="linli-test-home-"))
    os.environ["LINLI_TESTING"] = "1"
    os.environ["LINLI_HOME"] = str(home)
    os.environ["DATABASE_URL"] = "postgresql://linli_app@/none?host=/nonexistent"
    return home


_home = _set_environment()


def _keep_bytecode() -> None:
    """Whatever the shell says: each process that a test starts, and the next run, would compile everything again."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


_keep_bytecode()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of this test process."""
    shutil.rmtree(_home, ignore_errors=True)
