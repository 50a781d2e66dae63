"""Every link of the documentation leads somewhere, every file it names exists, and it speaks of the product alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
#: Files as prose names them: below the root, or below the package.
NAMED = re.compile(
    r"`((?:[\w.-]+/)+[\w-]+\.(?:py|md|html|csv|css|mjs|json|yaml|conf|service|timer|sh|example))\b"
)
MADE_LATER = ("secrets/", "postgres/", ".linli/")  # in a data folder
#: What the product shows people, with links of its own; the room's tests follow them.
SHIPPED = "src/linli/training/data/"
STRANGE = re.compile(r"/work/|/home/\w+|/root/|\bshared/|TODO|FIXME", re.IGNORECASE)


def documents() -> list[Path]:
    """The documentation that is checked in."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    listed = [name for name in listed if not name.startswith(SHIPPED)]
    return [ROOT / name for name in listed] or sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def anchor(heading: str) -> str:
    """A heading's address as the usual renderers make it."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda found: found[1] or "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """The addresses inside a document."""
    return {anchor(heading) for heading in HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8")))}


def broken(path: Path) -> list[str]:
    """The links of a document that lead nowhere."""
    found = []
    for goal in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if goal.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, part = goal.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or (part and there.suffix == ".md" and part not in anchors(there)):
            found.append(goal)
    return found


def missing(path: Path) -> list[str]:
    """The files a document names that do not exist."""
    named = NAMED.findall(path.read_text(encoding="utf-8"))
    package = ROOT / "src" / "linli"
    own = [
        path.parent,
        *(folder for part in ("templates", "templates/*", "static") for folder in path.parent.glob(part)),
    ]
    places = [ROOT, package, *own, *(room for room in package.iterdir() if room.is_dir())]
    there = {name for name in named if any((place / name).exists() for place in places)}
    return sorted(name for name in set(named) - there if not name.startswith(MADE_LATER))


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_named_files_are_there(path: Path) -> None:
    assert not broken(path)
    assert not missing(path)


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_it_names_no_machine_and_leaves_nothing_for_later(path: Path) -> None:
    assert not STRANGE.findall(path.read_text(encoding="utf-8"))
