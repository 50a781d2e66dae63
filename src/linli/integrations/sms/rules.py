"""How one carrier of SMS wants to be asked and what its answers mean: one file of the operator's. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

MOST_LETTERS = 500


class BadSms(ValueError):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """Where a carrier's receipt holds what: paths like ``data.list``, ``id``."""

    rows: str = ""
    reference: str = "id"
    status: str = "status"
    arrived: tuple[str, ...] = ("DELIVRD",)
    code: str = ""
    answer: str = "OK"


@dataclass(frozen=True, slots=True)
class Asking:
    """A carrier as its file describes it."""

    url: str
    method: str = "POST"
    form: bool = False  # application/x-www-form-urlencoded instead of JSON
    sign: str = ""  # put before the words: 【铝兴社区】
    code_zh: str = "验证码 {code}，5 分钟内有效。不要告诉别人。"
    code_en: str = "Your code is {code}. It lasts 5 minutes. Tell nobody."
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    good_path: str = "code"
    good: tuple[str, ...] = ("0",)
    later: tuple[str, ...] = ()
    reference: str = ""
    receipts: Receipts = field(default_factory=Receipts)


def read(told: Mapping[str, Any]) -> Asking:
    """The file as we use it.

    :raises BadSms: no address, a key that means nothing, or a body without phone or words.
    """
    known = set(Asking.__dataclass_fields__)
    strange = sorted(set(told) - known)
    if strange:
        raise BadSms(f"unknown key: {strange[0]}")
    if not isinstance(told.get("url"), str):
        raise BadSms("url is missing")
    values = {**told}
    for name in ("good", "later"):
        if name in values:
            values[name] = tuple(str(one) for one in values[name])
    if "receipts" in values:
        values["receipts"] = _receipts(values["receipts"])
    made = Asking(**values)
    written = json.dumps(made.body) + made.url
    if "{phone}" not in written or "{words}" not in written:
        raise BadSms("body must name {phone} and {words}")
    return made


def _receipts(told: Mapping[str, Any]) -> Receipts:
    strange = sorted(set(told) - set(Receipts.__dataclass_fields__))
    if strange:
        raise BadSms(f"unknown key: receipts.{strange[0]}")
    if "arrived" not in told:
        return Receipts(**told)
    return Receipts(**{**told, "arrived": tuple(str(one) for one in told["arrived"])})


def filled(value: Any, given: Mapping[str, str]) -> Any:
    """A value of the file with every {name} filled, in texts at any depth; nothing is filled twice."""
    if isinstance(value, str):
        return _text(value, given)
    if isinstance(value, Mapping):
        return {key: filled(one, given) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, given) for one in value]
    return value


def _text(value: str, given: Mapping[str, str]) -> str:
    pieces = []
    rest = value
    while rest:
        before, brace, after = rest.partition("{")
        name, closed, tail = after.partition("}")
        pieces.append(before)
        if not brace:
            break
        known = closed and name in given
        pieces.append(given[name] if known else "{" + (name + closed if closed else after))
        rest = tail if closed else ""
    return "".join(pieces)


def written(asking: Asking, given: Mapping[str, str]) -> tuple[str, dict[str, str], bytes]:
    """Address, headers and body of one request."""
    body = filled(asking.body, given)
    headers = {name: str(filled(value, given)) for name, value in asking.headers.items()}
    if asking.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        return filled(asking.url, given), headers, urlencode({k: str(v) for k, v in body.items()}).encode()
    headers["Content-Type"] = "application/json; charset=utf-8"
    return filled(asking.url, given), headers, json.dumps(body, ensure_ascii=False).encode()


def at_path(said: Any, path: str) -> Any:
    """What stands at a path like ``data.0.id``; None where nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(said, Mapping):
            said = said.get(step)
        elif isinstance(said, Sequence) and not isinstance(said, str) and step.isdecimal():
            said = said[int(step)] if int(step) < len(said) else None
        else:
            return None
    return said


@dataclass(frozen=True, slots=True)
class Told:
    """One receipt: of which message, whether it arrived, the carrier's code."""

    reference: str
    arrived: bool
    code: str


def receipts(told: Receipts, said: Any) -> list[Told]:
    """The receipts in what a carrier sent us; what cannot be read is left out."""
    rows = at_path(said, told.rows)
    rows = rows if isinstance(rows, list) else [rows]
    found = []
    for row in rows:
        reference, status = at_path(row, told.reference), at_path(row, told.status)
        if reference is None or status is None:
            continue
        code = at_path(row, told.code) if told.code else status
        found.append(Told(str(reference), str(status) in told.arrived, str(code or "")[:60]))
    return found
