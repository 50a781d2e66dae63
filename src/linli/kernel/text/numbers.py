"""Reading a number that came with an address or a form."""

from __future__ import annotations


def whole(said: str, *, digits: int = 17) -> int | None:
    """A whole number from 0 as programs write it; None for anything else.

    :param digits: at most; as shipped, what fits PostgreSQL's bigint whatever it is.
    """
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else None
