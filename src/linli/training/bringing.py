"""A course that somebody brings as a file, read into a course."""

from __future__ import annotations

import json
import tomllib

from linli.kernel.refusals import Refused, Wrong
from linli.training.rules import course_file
from linli.training.rules.course import Course

MOST_BYTES = 2_000_000


def read(file: bytes, *, code: str = "") -> Course:
    """The course in a file of JSON or TOML.

    :param code: of the course it is to be; empty for any.
    :raises Refused: file: unreadable, other_course; each fault with its path, see `course_file.read`.
    """
    if len(file) > MOST_BYTES:
        raise Refused(Wrong("file", "unreadable"))
    try:
        text = file.decode("utf-8-sig")
        held = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # what both readers and the decoding raise are kinds of ValueError
        raise Refused(Wrong("file", "unreadable")) from error
    found = course_file.read(held)
    if code and found.code != code:
        raise Refused(Wrong("file", "other_course", found.code[:40]))
    return found


def written(course: Course) -> bytes:
    """The course as a file of JSON, such as `read` takes."""
    return json.dumps(course_file.plain(course), ensure_ascii=False, indent=1).encode()
