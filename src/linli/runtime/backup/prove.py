"""``python -m linli.runtime.backup.prove TIME``: verify the audit chains of ``TIME``; prints JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime

from linli.runtime import inside


def main() -> None:
    """Print a list with one line for each fault of a chain."""
    os.environ["DATABASE_URL"] = os.environ["LINLI_OWNER_DATABASE_URL"]  # no wall must hide an entry
    inside.set_up_django()
    from linli.kernel import audit  # noqa: PLC0415  (needs the tables, hence django.setup)

    at = datetime.fromisoformat(sys.argv[1])
    faults = [
        f"audit chain of community {fault.community_id}: entry {fault.entry_id} {fault.code}"
        for fault in audit.verify(at=at)
    ]
    sys.stdout.write(json.dumps(faults))


if __name__ == "__main__":
    main()
