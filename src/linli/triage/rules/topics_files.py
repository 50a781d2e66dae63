"""Topics of a table of messages, as cities export them: which column is what; its topics, hottest first. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from linli.cases.rules import messages as exported
from linli.triage.rules.heat import Heat, Voice, heat
from linli.triage.rules.topics import Message, group
from linli.triage.rules.topics_titles import Title, title

#: field: names of columns under which it is exported; the first that is there is taken
KNOWN: Mapping[str, tuple[str, ...]] = {
    **{field: exported.KNOWN_COLUMNS[field] for field in ("id", "subject", "body", "time")},
    "votes": ("votes", "likes", "supporters", "点赞数", "点赞", "支持数", "赞成数", "赞同数", "关注数"),
    "user": ("user", "user_id", "sender", "留言用户", "用户", "用户编号", "留言人", "来电人"),
}
ALONE_FROM = 20  # votes with which one message is a topic by itself


@dataclass(frozen=True, slots=True)
class FileTopic:
    """A topic of a file; ``members`` are the rows' own ids, the nearest to the others first."""

    title: Title
    place: str
    heat: Heat
    first_at: datetime | None
    last_at: datetime | None
    members: tuple[str, ...]


def columns(there: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Which column holds which field: what is given, else the names cities use.

    :raises BadMapping: for a column that is not there, or when neither a subject nor a body can be found.
    """
    absent = sorted(set(given.values()) - set(there))
    if absent:
        raise exported.BadMapping(f"There is no column {absent[0]!r}; the file has {', '.join(there)}.")
    lower = {name.lower(): name for name in reversed(there)}
    found = {
        field: next((lower[name] for name in names if name in lower), "") for field, names in KNOWN.items()
    } | dict(given)
    if not found["subject"] and not found["body"]:
        raise exported.BadMapping(
            f"Say which column is the body: --body COLUMN. The file has {', '.join(there)}."
        )
    return {field: column for field, column in found.items() if column}


def message(row: Mapping[str, str], held: Mapping[str, str], line: int, zone: tzinfo) -> Message | None:
    """A row as a message; None where there is nothing to read. Without an id its line number stands for it."""
    cell = {field: (row.get(column) or "").strip() for field, column in held.items()}
    subject, body = cell.get("subject", ""), cell.get("body", "")
    if not subject and not body:
        return None
    key = cell.get("id") or f"{line}"
    return Message(
        key=key,
        subject=subject,
        body=body,
        at=exported.local_time(cell.get("time", ""), zone),
        who=cell.get("user") or f"row {line}",
        votes=_votes(cell.get("votes", "")),
    )


def _votes(text: str) -> int:
    try:
        return max(int(float(text.replace(",", ""))), 0) if text else 0
    except (ValueError, OverflowError):
        return 0


def topics(messages: Sequence[Message], *, zone: tzinfo, least: int = 2) -> list[FileTopic]:
    """The topics, hottest first; equals by their first message.

    :param least: messages of a topic; one message that many support is a topic all the same.
    """
    found = []
    for one in group(messages).groups:
        members = [messages[number] for number in one.members]
        votes = sum(member.votes for member in members)
        if len(members) < least and votes < ALONE_FROM:
            continue
        dated = sorted(member.at for member in members if member.at is not None)
        undated = dated[0] if dated else datetime(1970, 1, 1, tzinfo=zone)
        weighed = heat([Voice(it.who, it.at or undated, it.votes) for it in members], zone=zone)
        order = sorted(range(len(members)), key=lambda place: (-one.certainty[place], one.members[place]))
        topic = FileTopic(
            title(one, messages),
            one.place,
            weighed,
            dated[0] if dated else None,
            dated[-1] if dated else None,
            tuple(members[place].key for place in order),
        )
        found.append((-weighed.total, one.members[0], topic))
    found.sort(key=lambda entry: entry[:2])
    return [topic for _, _, topic in found]
