"""``python -m linli.runtime.demo_load``: fill a database with the demo, once."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import django


def main() -> None:
    """Load the demo into the database of the environment; writes ``LINLI_HOME/demo.json``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415  (the rooms' tables exist only after setup)

    from linli.site.demo import loading  # noqa: PLC0415

    # This process makes millions of short-lived objects and ends: looking for rings of them took a tenth of its time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    loading.load(Path(settings.HOME))


if __name__ == "__main__":
    main()
