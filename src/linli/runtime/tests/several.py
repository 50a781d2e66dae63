"""``python -m linli.runtime.tests.several``: a line of words in, what that ``linli`` command did out, one after the other.

Beginning a Python with all of Linli in it costs more than most commands; a test that gives many begins it once.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback

from django.db import connections

from linli.runtime.cli import main


def do(words: list[str]) -> dict[str, object]:
    """Run one command as the shell would."""
    told, complained = io.StringIO(), io.StringIO()
    code: object = 0
    before = dict(os.environ)
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(complained):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:  # a command that fails so ends with 1, and the next one is tried
            complained.write(traceback.format_exc())
            code = 1
    if "django.conf" in sys.modules and sys.modules["django.conf"].settings.configured:
        connections.close_all()
    os.environ.clear()  # a command tells its process where the database is; the next one finds out by itself
    os.environ.update(before)
    return {"returncode": code, "stdout": told.getvalue(), "stderr": complained.getvalue()}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(do(json.loads(line))) + "\n")
        sys.stdout.flush()
