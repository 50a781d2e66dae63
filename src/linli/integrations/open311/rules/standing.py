"""How our states look in a standard that knows two."""

from __future__ import annotations

from linli.cases.rules.workflow import OPEN, State

#: In which states a request that was told openly can still be read although it was not published after settling.
STILL_READ = frozenset({*OPEN, State.DECLINED, State.MERGED})


def status(state: str) -> str:
    """Open while anybody still has something to do, else closed."""
    return "open" if State(state) in OPEN else "closed"


def cut(text: str, most: int = 4000) -> str:
    """A description within the standard's limit."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
