"""What a person decides about a topic; the machine keeps to it from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.cases import access as cases
from linli.cases.actions import moves
from linli.cases.actions.moves import Conflict
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.kernel import text
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.triage import access
from linli.triage.actions.finding_topics import LONGEST, absorb
from linli.triage.actions.recording import record
from linli.triage.models import Topic, TopicMember
from linli.triage.queries.topics import OPEN_STATES

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case that was to be merged: ``why`` is a reason code, empty when it was."""

    number: str
    why: str


def rename(*, actor: Actor, topic_id: int, name: str, at: datetime) -> Topic:
    """Call a topic what a person calls it; an empty name gives it back the machine's.

    :raises Refused: the name is too long or holds somebody's number.
    """
    words = " ".join(name.split())
    if len(words) > LONGEST:
        raise Refused(Wrong("name", "too_long", f"{LONGEST}"))
    found = text.blocking(words)
    if found:
        raise Refused(*(Wrong("name", f"holds_{finding.kind}") for finding in found))
    with transaction.atomic():
        topic = _mine(actor, topic_id)
        topic.named = words
        _decide(topic, actor, at, "named")
        record(actor, topic.community_id, "rename_topic", f"topic:{topic.pk}", at)
    return topic


def mark(*, actor: Actor, topic_id: int, known: bool, note: str, at: datetime) -> Topic:
    """Mark a topic as known, with why; or as open again.

    :raises Refused: a known topic needs a word why, and not too long a one.
    """
    words = " ".join(note.split())
    if known and not words:
        raise Refused(Wrong("note", "missing"))
    if len(words) > LONGEST_NOTE:
        raise Refused(Wrong("note", "too_long", f"{LONGEST_NOTE}"))
    with transaction.atomic():
        topic = _mine(actor, topic_id)
        topic.state = Topic.State.KNOWN if known else Topic.State.OPEN
        topic.note = words if known else ""
        _decide(topic, actor, at, "state", "note")
        record(actor, topic.community_id, "mark_topic", f"topic:{topic.pk}", at, {"known": known})
    return topic


def merge(*, actor: Actor, topic_id: int, into_id: int, at: datetime) -> Topic:
    """Make one topic part of another; returns the one that stays. Said again, it changes nothing.

    :raises Refused: the other is the same, has gone, or is of another community.
    """
    with transaction.atomic():
        if access.topic(actor, topic_id).merged_into_id == into_id:
            return _mine(actor, into_id)
        first, second = _both(actor, topic_id, into_id)
        absorb(second, first)
        _decide(second, actor, at)
        detail = {"topic": first.pk, "into": second.pk}
        record(actor, second.community_id, "merge_topic", f"topic:{first.pk}", at, detail)
    return second


def take_out(*, actor: Actor, topic_id: int, number: str, at: datetime) -> Topic:
    """Take a case out of a topic; later runs do not put it back.

    :raises NotFound: the case is no member, or not for this actor to see.
    """
    with transaction.atomic():
        topic = _mine(actor, topic_id)
        case = cases.find_at_work(actor, number)
        members = TopicMember.objects.select_for_update(of=("self",)).filter(topic=topic, case_id=case.pk)
        member = members.first()
        if member is None:
            raise NotFound
        if not member.kept_out:
            member.kept_out, member.by_hand = True, True
            member.save(update_fields=["kept_out", "by_hand"])
            _decide(topic, actor, at)
            record(actor, topic.community_id, "take_out_of_topic", f"topic:{topic.pk}", at, {"case": case.pk})
    return topic


def put_in(*, actor: Actor, topic_id: int, number: str, at: datetime) -> Topic:
    """Put a case into a topic, out of any other it was in.

    :raises Refused: there is no such case for this actor in the topic's community.
    """
    with transaction.atomic():
        topic = _mine(actor, topic_id)
        try:
            case = cases.find_at_work(actor, number)
        except NotFound:
            raise Refused(Wrong("number", "unknown")) from None
        if case.community_id != topic.community_id:
            raise Refused(Wrong("number", "unknown"))
        elsewhere = TopicMember.objects.filter(case_id=case.pk, kept_out=False).exclude(topic=topic)
        elsewhere.update(kept_out=True, by_hand=True)
        TopicMember.objects.update_or_create(
            community_id=topic.community_id,
            topic=topic,
            case_id=case.pk,
            defaults={"kept_out": False, "by_hand": True, "certainty": 1.0, "joined_at": at},
        )
        _decide(topic, actor, at)
        record(actor, topic.community_id, "put_into_topic", f"topic:{topic.pk}", at, {"case": case.pk})
    return topic


def join_up(
    *, actor: Actor, topic_id: int, head: str, numbers: Sequence[str], at: datetime
) -> tuple[Topic, list[Outcome]]:
    """Make one case of a topic its joint case and merge others into it, each by its own move.

    What cannot be merged (it is being worked on already, or has ended) stays as it is, with the reason.

    :raises Refused: the head is no open case of the topic.
    """
    with transaction.atomic():
        topic = _mine(actor, topic_id)
        members = cases.staff_view(actor).filter(
            pk__in=TopicMember.objects.filter(topic=topic, kept_out=False).values("case_id")
        )
        held = {case.number: case for case in members.only("number", "state")}
        if head not in held or held[head].state not in OPEN_STATES:
            raise Refused(Wrong("head", "unknown"))
        topic.head = held[head]
        _decide(topic, actor, at, "head")
        detail = {"case": held[head].pk}
        record(actor, topic.community_id, "join_up_topic", f"topic:{topic.pk}", at, detail)
    wanted = [number for number in dict.fromkeys(numbers) if number != head and number in held]
    return topic, [_merge_case(actor, number, head, at) for number in wanted]


def _merge_case(actor: Actor, number: str, head: str, at: datetime) -> Outcome:
    try:
        moves.take(actor=actor, number=number, given=Given(Verb.MERGE, target=head), at=at)
    except Refused as refused:
        return Outcome(number, refused.wrongs[0].code)
    except (Conflict, Forbidden) as hindered:
        return Outcome(number, hindered.code)
    except NotFound:
        return Outcome(number, "gone")
    return Outcome(number, "")


def _mine(actor: Actor, topic_id: int) -> Topic:
    """The topic, locked, for somebody who decides; one that became part of another is gone.

    :raises NotFound: as for reading, and when it is part of another by now.
    :raises Forbidden: the actor only reads.
    """
    topic = access.topic(actor, topic_id, lock=True)
    access.require_decider(actor, topic.community_id)
    if topic.state == Topic.State.MERGED:
        raise NotFound
    return topic


def _both(actor: Actor, topic_id: int, into_id: int) -> tuple[Topic, Topic]:
    """Two topics of one community, locked in the order of their ids."""
    if topic_id == into_id:
        raise Refused(Wrong("into", "itself"))
    held = {}
    for pk in sorted((topic_id, into_id)):
        try:
            held[pk] = _mine(actor, pk)
        except NotFound:
            if pk == topic_id:
                raise
            raise Refused(Wrong("into", "unknown")) from None
    if held[topic_id].community_id != held[into_id].community_id:
        raise Refused(Wrong("into", "unknown"))
    return held[topic_id], held[into_id]


def _decide(topic: Topic, actor: Actor, at: datetime, *changed: str) -> None:
    topic.decided_by_id, topic.decided_at = actor.account_id, at
    topic.save(update_fields=[*changed, "decided_by", "decided_at"])
