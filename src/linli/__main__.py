"""`python -m linli` is the same as the `linli` command."""

from __future__ import annotations

from linli.runtime.cli import main

if __name__ == "__main__":
    main()
