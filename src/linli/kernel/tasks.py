"""The worker's door: one task runs every reaction."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from linli.kernel import events, jobs


@app.task(name=events.TASK, retry=jobs.Patience())
def react(reaction: str, fact: str, data: dict[str, Any], **later: Any) -> None:
    """Run one reaction; unknown arguments of a newer publisher are ignored."""
    events.react(reaction, fact, data)
