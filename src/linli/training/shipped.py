"""The handbook and the courses that come with the product: files, read once by each process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from linli.training.rules import course_file
from linli.training.rules.course import Course
from linli.training.rules.handbook import Sheet, Shipped, parts_of
from linli.training.rules.said import Said

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class ShippedCourse:
    """A course that comes with the product, and which version of it."""

    course: Course
    number: int
    day: date


@cache
def pages() -> Mapping[str, tuple[Shipped, ...]]:
    """All versions of every page that is shipped, the newest first, by code. Files are ``code.version.md``."""
    found: dict[str, list[Shipped]] = {}
    for path in sorted((DATA / "handbook").glob("*.md")):
        slug, number = path.stem.rsplit(".", 1)
        found.setdefault(slug, []).append(_page(slug, int(number), path.read_text(encoding="utf-8")))
    return MappingProxyType(
        {slug: tuple(sorted(held, key=lambda one: -one.number)) for slug, held in found.items()}
    )


def page(slug: str) -> Shipped | None:
    """The newest shipped version of a page."""
    held = pages().get(slug)
    return held[0] if held else None


def _page(slug: str, number: int, file: str) -> Shipped:
    head, zh, en = parts_of(file)
    told = tomllib.loads(head)
    sheet = Sheet(
        chapter_zh=told["chapter_zh"],
        title_zh=told["title_zh"],
        words_zh=zh,
        chapter_en=told["chapter_en"],
        title_en=told["title_en"],
        words_en=en,
        rank=told["rank"],
    )
    return Shipped(slug, number, sheet, told["day"], Said(told["reason_zh"], told["reason_en"]))


@cache
def courses() -> Mapping[str, ShippedCourse]:
    """Every shipped course by its code: a folder with ``course.toml``, ``questions*.toml`` and a file for each lesson."""
    found = {}
    for folder in sorted(path.parent for path in (DATA / "courses").glob("*/course.toml")):
        told = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))
        number, day = told.pop("version"), told.pop("day")
        told["lessons"] = [_lesson(folder, one) for one in told["lessons"]]
        told["questions"] = [
            one
            for path in sorted(folder.glob("questions*.toml"))
            for one in tomllib.loads(path.read_text(encoding="utf-8"))["questions"]
        ]
        made = course_file.read(told)
        found[made.code] = ShippedCourse(made, number, day)
    return MappingProxyType(found)


def _lesson(folder: Path, told: dict[str, Any]) -> dict[str, Any]:
    if "page" in told:
        return told
    _head, zh, en = parts_of((folder / f"{told['code']}.md").read_text(encoding="utf-8"))
    return {**told, "words_zh": zh, "words_en": en}
