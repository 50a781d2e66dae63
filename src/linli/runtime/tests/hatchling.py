"""A process for the tests of the nest: says who it is, then ends as it is told, or waits to be killed."""

from __future__ import annotations

import json
import os
import sys
import time

if __name__ == "__main__":
    told = {
        "argv": sys.argv,
        "own": os.environ.get("LINLI_TEST_OWN", ""),
        "parent": os.getppid(),
        "session": os.getsid(0) == os.getpid(),
        "django": "linli.cases.models" in sys.modules,
        "too_early": sorted({"linli.site.wsgi", "openpyxl", "linli.site.demo.loading"} & set(sys.modules)),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    if sys.argv[1] == "wait":
        time.sleep(60)
    sys.exit(int(sys.argv[1]))
