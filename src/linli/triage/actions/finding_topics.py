"""The topics of the last weeks, from the cases: old topics go on under their names, new ones are opened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from linli.cases.queries import subjects
from linli.cases.queries.subjects import Subject
from linli.kernel import events, text
from linli.triage.events import TopicFound
from linli.triage.models import Topic, TopicMember
from linli.triage.rules import topics
from linli.triage.rules.topics import Group, Message
from linli.triage.rules.topics_titles import title

WINDOW = timedelta(days=45)  # of reports that are looked at; a topic's older members stay its members
MOST_CASES = 12_000  # the newest, should there be more
LEAST_PEOPLE = 2
HERE = 0.7  # of the members lie in the place that a topic is named after
LONGEST = 80


def renew(community_id: int, at: datetime) -> tuple[int, int]:
    """Work the topics out afresh; how many cases were looked at, and how many topics they are in."""
    told = subjects.reported(community_id, since=at - WINDOW, until=at, most=MOST_CASES)
    number = {one.id: place for place, one in enumerate(told)}
    messages = [_message(one) for one in told]
    known = list(
        Topic.objects.select_for_update(of=("self",))
        .filter(community_id=community_id)
        .exclude(state=Topic.State.MERGED)
        .order_by("pk")
    )
    held = _held(community_id, number)
    seeds = [(topic, held[topic.pk]) for topic in known if topic.pk in held]
    found = topics.group(
        messages,
        seeds=[numbers for _, numbers in seeds],
        firm=[place for place, (topic, _) in enumerate(seeds) if topic.decided_at is not None],
        apart=_apart(community_id, number, dict((topic.pk, numbers) for topic, numbers in seeds)),
    )
    count = 0
    for group in found.groups:
        if group.seeds:
            _go_on([seeds[place][0] for place in group.seeds], group, told, at)
            count += 1
        elif len({told[member].who for member in group.members}) >= LEAST_PEOPLE:
            _open(community_id, group, messages, told, at)
            count += 1
    return len(told), count


def _message(one: Subject) -> Message:
    spots = tuple(f"{place}" for place in (one.grid_id, one.building_id) if place)
    return Message(
        key=one.number,
        subject="",
        body=one.words,
        at=one.at,
        who=one.who,
        spots=spots,
        lon=one.lon,
        lat=one.lat,
        category=one.category,
    )


def _held(community_id: int, number: dict[int, int]) -> dict[int, list[int]]:
    """Of each topic the members that are looked at, by their numbers."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = TopicMember.objects.filter(community_id=community_id, kept_out=False, case_id__in=number)
    for topic_id, case_id in rows.values_list("topic_id", "case_id"):
        found[topic_id].append(number[case_id])
    return {topic_id: sorted(numbers) for topic_id, numbers in found.items()}


def _apart(
    community_id: int, number: dict[int, int], seeds: dict[int, list[int]]
) -> Iterable[tuple[int, int]]:
    """Cases that a person took out of a topic never come back to it."""
    rows = TopicMember.objects.filter(community_id=community_id, kept_out=True, case_id__in=number)
    for topic_id, case_id in rows.values_list("topic_id", "case_id"):
        if topic_id in seeds:
            yield number[case_id], seeds[topic_id][0]


def _go_on(known: Sequence[Topic], group: Group, told: Sequence[Subject], at: datetime) -> None:
    """The topic takes in what is new. Of several, the one a person looked at keeps its name, else the oldest."""
    kept, *others = sorted(known, key=lambda topic: (topic.decided_at is None, topic.pk))
    for other in others:
        absorb(kept, other)
    add_members(kept, group, told, at)


def absorb(kept: Topic, other: Topic) -> None:
    """One topic becomes part of another: members and joint case follow, and whoever asks for it is led on."""
    ids = TopicMember.objects.filter(topic=kept).values("case_id")
    TopicMember.objects.filter(topic=other, case_id__in=ids).delete()
    TopicMember.objects.filter(topic=other).update(topic=kept)
    Topic.objects.filter(merged_into=other).update(merged_into=kept)
    other.state, other.merged_into = Topic.State.MERGED, kept
    other.save(update_fields=["state", "merged_into"])
    if kept.head_id is None and other.head_id is not None:
        kept.head_id = other.head_id
        kept.save(update_fields=["head"])


def add_members(topic: Topic, group: Group, told: Sequence[Subject], at: datetime) -> None:
    """Cases that are in no topic yet become members of this one."""
    rows = [
        TopicMember(
            community_id=topic.community_id,
            topic=topic,
            case_id=told[member].id,
            certainty=certainty,
            joined_at=at,
        )
        for member, certainty in zip(group.members, group.certainty, strict=True)
    ]
    TopicMember.objects.bulk_create(rows, ignore_conflicts=True)


def _open(
    community_id: int, group: Group, messages: Sequence[Message], told: Sequence[Subject], at: datetime
) -> None:
    members = [told[member] for member in group.members]
    named = title(group, messages)
    place_id = common_place(members)
    words = f"{named}" if place_id is None else named.words
    topic = Topic.objects.create(
        community_id=community_id,
        phrase=text.mask_text(words)[:LONGEST],
        place_id=place_id,
        category_code=common_category(members),
        made_at=at,
        version=topics.VERSION,
    )
    add_members(topic, group, told, at)
    events.publish(
        TopicFound(community_id=community_id, topic_id=topic.pk, at=at, cases=len(members)),
    )


def common_place(members: Sequence[Subject]) -> int | None:
    """The finest place below the community in which most of the members lie; None when they lie all over it."""
    times: Counter[tuple[int, int]] = Counter()
    for one in members:
        ids = [int(part) for part in one.place_path.split(".") if part]
        times.update(enumerate(ids[1:], start=1))
    enough = [spot for spot, count in times.items() if count >= HERE * len(members)]
    return max(enough)[1] if enough else None


def common_category(members: Sequence[Subject]) -> str:
    """The category of at least half of the members; empty for none."""
    times = Counter(one.category for one in members if one.category)
    code, count = max(times.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return code if 2 * count >= len(members) else ""
