"""Logs as one JSON object a line, with a request id and without personal data.

Three walls: only the extra keys named here are written; phones, identity numbers, codes and tokens are masked
wherever they stand; and what is not ASCII in a message is dropped, because our own log lines are English and
everything else came from people. Log ids and codes, never values.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from linli.kernel.text import mask_text

LONGEST_MESSAGE = 2000
LONGEST_EXTRA = 200
FRAMES = 30
# The only extra keys that are written. All hold ids, codes, counts or names of our own things.
ALLOWED = frozenset(
    "account_id action adapter attempt bytes case_id code command community_id count entry_id event fact"
    " fault job_id kind method ms place_id policy queue reaction reason role round route rows seconds seed"
    " signal size statements status step table task token_id topic verb version worker".split()
)

_request: ContextVar[str] = ContextVar("linli_request_id", default="")
_SECRETS = re.compile(
    r"""(?ix)
    \b(bearer|basic)\s+[a-z0-9._~+/=-]+
    | \b((?:access_|refresh_|csrf|api_?)?
        (?:token|key|secret|password|passwd|ticket|signature|sig|nonce|openid
        |session(?:id)?|cookie|authorization|code)
      )\b (["']?\s*[=:]\s*["']?) [^\s"',;&}]+
    """
)
_LOOK_UP_CODE = re.compile(r"(?i)\b[0-9A-HJKMNP-TV-Z]{4}(?:[- ][0-9A-HJKMNP-TV-Z]{4}){3}\b")
_LONG_TOKEN = re.compile(r"(?<![A-Za-z0-9_/.-])(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{24,}={0,2}")
_FROM_PEOPLE = re.compile(r"[^\x00-\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def request_id() -> str:
    """The id of the request or task being worked on; empty outside of one."""
    return _request.get()


def set_request_id(value: str) -> None:
    """Begin a request or task: all following lines of this context carry the id."""
    _request.set(value)


def scrub(text: str) -> str:
    """The text without personal data and secrets; what is left is fit for a log."""
    text = _SECRETS.sub(_hide_secret, text[: LONGEST_MESSAGE * 2])
    text = _LOOK_UP_CODE.sub("[code]", mask_text(text))
    text = _LONG_TOKEN.sub("[token]", text)
    return _CONTROL.sub(" ", _FROM_PEOPLE.sub("…", text))[:LONGEST_MESSAGE]


def _hide_secret(found: re.Match[str]) -> str:
    if found[1]:
        return f"{found[1]} [secret]"
    return f"{found[2]}{found[3]}[secret]"


class JsonFormatter(logging.Formatter):
    """Writes time (UTC), level, logger, request, message, the allowed extras, and errors without values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(_message(record)),
        }
        if request_id():
            line["request"] = request_id()
        for name, value in record.__dict__.items():
            if name in ALLOWED:
                line[name] = _extra(value)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = _error(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a wrong format string must not lose the line
        return str(record.msg)


def _extra(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        # A number long enough to be a phone or an identity number is treated like text.
        return value if abs(value) < 10**10 else scrub(str(value))
    return scrub(str(value))[:LONGEST_EXTRA]


def _error(error: BaseException | None, trace: TracebackType | None) -> Mapping[str, object]:
    """The kind of error, where it happened, its first line (PostgreSQL puts values into the next)."""
    chain: list[dict[str, object]] = []
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(trace)[-FRAMES:]
        lines = str(error).splitlines() or [""]
        chain.append(
            {
                "type": f"{type(error).__module__}.{type(error).__qualname__}",
                "message": scrub(lines[0])[:LONGEST_EXTRA],
                "stack": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        trace = error.__traceback__ if error is not None else None
    return {**chain[0], "causes": chain[1:]} if chain[1:] else (chain[0] if chain else {})


def _short(filename: str) -> str:
    """Paths from the package on, so that logs do not tell how the machine is laid out."""
    for mark in ("/site-packages/", "/src/", "/lib/"):
        before, found, after = filename.rpartition(mark)
        if found:
            return after
    return filename.rpartition("/")[2]
