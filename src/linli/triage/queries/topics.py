"""The hot topics of a period, with what their heat is made of; frozen rows for the wall, the pages and the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from linli.cases.queries import reference, subjects
from linli.cases.rules.workflow import OPEN
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel.clock import LOCAL
from linli.triage.models import Topic, TopicMember, TopicRun
from linli.triage.rules.heat import Heat, Voice, heat

OPEN_STATES = frozenset(state.value for state in OPEN)
DAYS = 7
LEAST_MEMBERS = 2
MOST_OTHERS = 60
WIDE = frozenset({"community", "committee"})


@dataclass(frozen=True, slots=True)
class Period:
    """The stretch of time that is asked about, and the language of the answer."""

    since: datetime
    until: datetime
    days: int  # local days, the last one among them
    language: str


@dataclass(frozen=True, slots=True)
class Member:
    """A case of a topic, as far as heat, map and sparkline need it."""

    case_id: int
    number: str
    who: str
    at: datetime
    state: str
    lon: float | None
    lat: float | None
    votes: int
    certainty: float
    by_hand: bool


def titled(place: str, words: str) -> str:
    """The place before the words, unless they name it: 8栋电梯坏了 names 8 栋."""
    named = "".join(place.split()).lower() in "".join(words.split()).lower()
    return words if named else f"{place} · {words}"


@dataclass(frozen=True, slots=True)
class HotTopic:
    """A topic as it stands in a period. ``words`` is what it is about, ``place`` where, in the language asked for."""

    id: int
    words: str
    place: str
    place_id: int | None
    category: str
    state: str  # open | known
    note: str
    heat: Heat
    cases: int
    open_cases: int
    first_at: datetime
    last_at: datetime
    since: datetime  # where the period begins
    daily: tuple[int, ...]  # reports of each local day of the period, the oldest first
    lon: float | None
    lat: float | None
    head: str  # number of the joint case; empty for none
    members: tuple[Member, ...]
    named: bool = False  # a person gave it its words; otherwise they are a phrase of the reports

    @property
    def title(self) -> str:
        """Where and what."""
        return titled(self.place, self.words)


def hot(
    community_id: int,
    *,
    at: datetime,
    limit: int = 10,
    days: int = DAYS,
    language: str = "zh-hans",
    known: bool = True,
) -> tuple[HotTopic, ...]:
    """The hottest topics of the last days, hottest first; five statements at most.

    :param days: local days of the period, today among them.
    :param known: with those that a person has marked as known.
    """
    since = period_start(at, days)
    topics = Topic.objects.filter(community_id=community_id).exclude(state=Topic.State.MERGED)
    if not known:
        topics = topics.filter(state=Topic.State.OPEN)
    found = _members(community_id, topics.values("pk"), since=since, until=at)
    rows = {row.pk: row for row in topics.filter(pk__in=list(found)).select_related("head")}
    spots = places.places({row.place_id for row in rows.values() if row.place_id})
    period = Period(since, at, days, language)
    made = [
        hot_topic(rows[pk], members, spots.get(rows[pk].place_id or 0), period)
        for pk, members in found.items()
        if pk in rows and (len(members) >= LEAST_MEMBERS or rows[pk].decided_at)
    ]
    made.sort(key=lambda topic: (-topic.heat.total, -topic.last_at.timestamp(), topic.id))
    return tuple(made[:limit])


def one(row: Topic, *, at: datetime, days: int, language: str) -> HotTopic | None:
    """One topic in a period; None when nobody wrote about it then."""
    since = period_start(at, days)
    ids = Topic.objects.filter(pk=row.pk).values("pk")
    members = _members(row.community_id, ids, since=since, until=at).get(row.pk)
    if not members:
        return None
    place = places.place(row.place_id) if row.place_id else None
    return hot_topic(row, members, place, Period(since, at, days, language))


def of_case(case_id: int, *, language: str) -> tuple[int, str, int] | None:
    """The topic a case belongs to: id, name, number of its cases; None for none, or where it stands alone."""
    held = TopicMember.objects.filter(case_id=case_id, kept_out=False).exclude(
        topic__state=Topic.State.MERGED
    )
    member = held.select_related("topic").annotate(size=_SIZE).first()
    if member is None or member.size < LEAST_MEMBERS:
        return None
    return member.topic_id, name(member.topic, language), member.size


def name(row: Topic, language: str) -> str:
    """What a topic is called, where it has no members to show."""
    place = places.place(row.place_id) if row.place_id else None
    return titled(place_words(place, language), row.named or row.phrase)


def others(row: Topic, *, at: datetime, days: int, language: str) -> list[tuple[int, str]]:
    """The other topics of its community that somebody wrote about lately, by id and name, hottest first."""
    found = hot(row.community_id, at=at, limit=MOST_OTHERS, days=days, language=language)
    return [(topic.id, topic.title) for topic in found if topic.id != row.pk]


def waiting(community_id: int) -> bool:
    """Whether a working out was asked for and is not done."""
    return TopicRun.objects.filter(community_id=community_id, finished_at__isnull=True).exists()


def last_run(community_id: int) -> TopicRun | None:
    """The last working out that was finished."""
    done = TopicRun.objects.filter(community_id=community_id, finished_at__isnull=False)
    return done.order_by("-asked_at").first()


def period_start(at: datetime, days: int) -> datetime:
    """Midnight of the first of so many local days, of which the last is today."""
    midnight = at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days - 1)


def as_of(community_id: int) -> datetime | None:
    """When topics and repeat problems were last worked out; None before the first time."""
    run = last_run(community_id)
    return run.finished_at if run else None


def _members(
    community_id: int, topics: object, *, since: datetime, until: datetime
) -> dict[int, list[Member]]:
    rows = TopicMember.objects.filter(
        community_id=community_id,
        topic__in=topics,  # type: ignore[misc]  # a subquery
        kept_out=False,
        case__reported_at__gte=since,
        case__reported_at__lte=until,
        case__quarantined=False,
    ).exclude(
        Q(case__state__in=subjects.NOT_TOLD) | Q(case__category_code__in=subjects.sensitive(community_id))
    )
    rows = rows.order_by("case__reported_at", "case_id")
    held = list(rows.values_list("topic_id", "certainty", "by_hand", *COLUMNS))
    joined = subjects.joined([row[3] for row in held]) if held else {}
    found: dict[int, list[Member]] = defaultdict(list)
    for topic_id, certainty, by_hand, *case in held:
        found[topic_id].append(_member(case, certainty, by_hand, len(joined[case[0]])))
    return found


_SIZE = Count("topic__members", filter=Q(topic__members__kept_out=False))
COLUMNS = (
    "case_id", "case__number", "case__reporter_id", "case__contact_index", "case__reported_at", "case__state",
    "case__lon", "case__lat",
)  # fmt: skip


def _member(case: list[Any], certainty: float, by_hand: bool, votes: int) -> Member:
    case_id, number, reporter, contact, at, state, lon, lat = case
    who = subjects.voice(case_id, reporter, contact)
    return Member(case_id, number, who, at, state, lon, lat, votes, certainty, by_hand)


def hot_topic(row: Topic, members: list[Member], place: PlaceRow | None, period: Period) -> HotTopic:
    """The topic with what its members of the period make of it; there is at least one."""
    spots = [(one.lon, one.lat) for one in members if one.lon is not None and one.lat is not None]
    since, language = period.since, period.language
    voices = (Voice(one.who, one.at, one.votes) for one in members)
    return HotTopic(
        id=row.pk,
        words=row.named or row.phrase,
        place=place_words(place, language),
        place_id=row.place_id,
        category=category_words(row.community_id, row.category_code, language),
        state=row.state,
        note=row.note,
        heat=heat(voices, zone=LOCAL, start=since, end=period.until),
        cases=len(members),
        open_cases=sum(one.state in OPEN_STATES for one in members),
        first_at=members[0].at,
        last_at=members[-1].at,
        since=since,
        daily=daily([one.at for one in members], since=since, days=period.days),
        lon=sum(lon for lon, _ in spots) / len(spots) if spots else None,
        lat=sum(lat for _, lat in spots) / len(spots) if spots else None,
        head=row.head.number if row.head else "",
        members=tuple(members),
        named=bool(row.named),
    )


def place_words(place: PlaceRow | None, language: str) -> str:
    """What a place is called; empty for none, and for one so wide that its name tells the readers nothing."""
    return place.name(language) if place and place.level not in WIDE else ""


def category_words(community_id: int, code: str, language: str) -> str:
    """What a category is called, ended ones too; empty for none."""
    row = reference.every_category(community_id).get(code)
    return row.name(language) if row else code


def daily(moments: Iterable[datetime], *, since: datetime, days: int) -> tuple[int, ...]:
    """How many moments fall on each of so many local days from a midnight on."""
    counts = [0] * days
    first = since.astimezone(LOCAL).date()
    for moment in moments:
        day = (moment.astimezone(LOCAL).date() - first).days
        if 0 <= day < days:
            counts[day] += 1
    return tuple(counts)
