"""Writes and checks the lock files: exact versions with hashes, and no address of any registry.

``python tools/lock.py`` resolves (needs uv and a registry), keeping the versions locked so far; ``--upgrade`` takes
the newest that pyproject.toml allows. ``--check`` needs neither: it says whether the locks belong to pyproject.toml.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
MARK = "# made from pyproject.toml "
OLDEST_PYTHON = "3.11"


def digest() -> str:
    """Changes when the dependencies in pyproject.toml change."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]


def resolve(target: Path, *options: str) -> None:
    """Run uv and put our mark on its answer."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    quiet = ("-q", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header")
    subprocess.run(
        [
            uv,
            "pip",
            "compile",
            *quiet,
            "--python-version",
            OLDEST_PYTHON,
            *options,
            "pyproject.toml",
            "-o",
            target,
        ],
        cwd=ROOT,
        check=True,
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
    )
    target.write_text(f"{MARK}{digest()}\n{target.read_text(encoding='utf-8')}", encoding="utf-8")


def faults(lock: Path) -> list[str]:
    """What is wrong with a lock file."""
    text = lock.read_text(encoding="utf-8")
    found = []
    if not text.startswith(f"{MARK}{digest()}\n"):
        found.append(f"{lock.name} was not made from this pyproject.toml; run make lock")
    if "://" in text or "index-url" in text or "find-links" in text:
        found.append(f"{lock.name} names an address")
    pins = re.split(r"\n(?=[a-z0-9])", text)[1:]
    found += [f"{lock.name}: {pin.split()[0]} has no hash" for pin in pins if "--hash=sha256:" not in pin]
    return found


def main() -> None:
    """Resolve or check."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--check", action="store_true")
    words.add_argument("--upgrade", action="store_true")
    asked = words.parse_args()
    if not asked.check:
        newest = ("--upgrade",) if asked.upgrade else ()
        resolve(DEV, "--extra", "dev", "--extra", "build", *newest)
        # What is installed to run is what was tested.
        resolve(RUN, "--extra", "build", "--constraint", str(DEV), *newest)
    wrong = faults(DEV) + faults(RUN)
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
