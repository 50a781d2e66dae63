"""A person's traces among the topics: names and numbers are cut when the person is erased."""

from __future__ import annotations

from datetime import datetime

from linli.cases.actions import cutting
from linli.cases.actions.cutting import Marks
from linli.grids import queries as places
from linli.kernel import scope
from linli.people import queries as people
from linli.triage.models import LastingFix, Topic

TOPIC_WORDS = ("phrase", "named", "note")
FIX_WORDS = ("title", "plan", "budget", "result")


def erase(account_id: int, at: datetime) -> None:
    """Cut a person's name and numbers out of what topics and lasting fixes are called and say.

    Runs inside the erasing transaction, while the account can still be read.
    """
    person = people.account(account_id)
    if person is None:
        return
    marks = Marks.of([person.name], [person.phone])
    with scope.within(places.community_ids()):
        for model, columns in ((Topic, TOPIC_WORDS), (LastingFix, FIX_WORDS)):
            for row in model.objects.select_for_update(of=("self",)).order_by("pk"):
                _cut(row, columns, marks)


def _cut(row: Topic | LastingFix, columns: tuple[str, ...], marks: Marks) -> None:
    changed = {}
    for name in columns:
        before = getattr(row, name)
        after = cutting.cut(before, marks, own=False)
        if after != before:
            changed[name] = after
    for name, words in changed.items():
        setattr(row, name, words)
    if changed:
        row.save(update_fields=list(changed))
