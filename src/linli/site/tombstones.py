"""The list of erased people, kept beside the keys and outside the database: a restored backup is brought up to it.

One line of JSON per person: the account's number and the moment. It holds nothing that leads to a person.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings

from linli.people.events import AccountErased


def keep(fact: AccountErased) -> None:
    """Add a person to the list, on the disk before this returns; twice does no harm."""
    path = Path(settings.LINLI_ERASED_FILE)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps({"account": fact.account_id, "at": fact.at.isoformat()}) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
