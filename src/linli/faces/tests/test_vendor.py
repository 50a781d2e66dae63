from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

FACES = Path(__file__).parents[1]
ROOT = FACES.parents[2]
#: They make the files and are none themselves.
TOOLS = {"esbuild"}
ROWS = json.loads((FACES / "static/vendor/manifest.json").read_text(encoding="utf-8"))["files"]


def test_every_vendored_file_has_the_bytes_of_the_manifest() -> None:
    wrong = [
        row["file"]
        for row in ROWS
        if hashlib.sha256((FACES / row["file"]).read_bytes()).hexdigest() != row["sha256"]
    ]
    assert wrong == []


def test_no_file_stands_beside_the_manifest() -> None:
    listed = {row["file"] for row in ROWS} | {"static/vendor/manifest.json"}
    found = {str(path.relative_to(FACES)) for path in (FACES / "static/vendor").rglob("*") if path.is_file()}
    assert found - listed == set()


def test_every_vendored_file_names_its_licence_and_version() -> None:
    assert all(row["licence"] and row["version"] for row in ROWS)
    assert {row["licence"] for row in ROWS} == {"0BSD", "Apache-2.0", "BSD-2-Clause", "MPL-2.0"}


def test_what_is_only_for_tests_is_never_served() -> None:
    assert [row["file"] for row in ROWS if row["licence"] == "MPL-2.0"] == ["tests/axe.min.js"]


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "http" not in lock


def test_the_manifest_and_the_package_list_agree() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert {row["name"]: row["version"] for row in ROWS} == {
        name: version for name, version in wanted.items() if name not in TOOLS
    }


def test_nothing_vendored_makes_code_out_of_words() -> None:
    """The pages' policy forbids it, and so a library that tried would fail in the browser."""
    made = re.compile(rb"\beval\s*\(|new Function\s*\(")
    bundles = [FACES / row["file"] for row in ROWS if row["file"].endswith(".mjs")]
    assert [path.name for path in bundles if made.search(path.read_bytes())] == []
