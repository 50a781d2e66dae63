"""Where rooms side by side, or one above the other, work together: one function a journey."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from linli.assessment import boards
from linli.assessment import saying as scores
from linli.assessment import words as league_words
from linli.assessment.events import (
    AppealDecided,
    AppealMade,
    EvaluationOpened,
    LateFactsFound,
    RunAnnounced,
    ScoresPublished,
)
from linli.assessment.papers import board
from linli.assessment.queries import evaluating, objections
from linli.assessment.queries import publishing as published
from linli.assessment.queries import runs as league
from linli.assessment.queries import schemes as league_schemes
from linli.assessment.rules.runs import DECIDERS, LEADERS, Ruling, State
from linli.assessment.rules.subjects import Level
from linli.cases.queries import reference
from linli.controlroom import saying_briefs
from linli.controlroom.access import READERS
from linli.controlroom.events import BriefMade
from linli.controlroom.queries import briefs
from linli.controlroom.rules.briefs import Kind
from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.groups import queries as groups
from linli.groups.events import GroupCodeExpiring
from linli.notices import hearers, saying
from linli.notices.actions.telling import tell
from linli.notices.rules.addressing import To
from linli.people import queries as people
from linli.triage.events import TopicFound

GROUP_KEEPERS = ("grid_worker", "dispatcher", "community_leader")
MANY = 4  # from so many cases on a new topic is worth a message
TOPIC_READERS = ("dispatcher", "community_leader")


class _Names:
    """What bodies and categories are called in one community, in one language."""

    def __init__(self, community_id: int, language: str) -> None:
        self._community_id, self._language = community_id, language

    def category(self, code: str) -> str:
        """What a category is called."""
        row = reference.every_category(self._community_id).get(code)
        return row.name(self._language) if row else code

    def body(self, key: str) -> str:
        """What a body is called."""
        return (
            people.organisation_names([int(key)], self._language).get(int(key), key)
            if key.isdecimal()
            else key
        )


def tell_of_brief(fact: BriefMade) -> None:
    """Whoever reads figures gets the brief's words, and the room's group too."""
    row = briefs.kept(fact.community_id, Kind(fact.kind), date.fromisoformat(fact.day))
    if row is None:
        return

    def more(language: str) -> Mapping[str, Any]:
        here = saying.community_name(fact.community_id, language)
        said = saying_briefs.said(row.told, _Names(fact.community_id, language))
        return {
            "title": saying_briefs.title(row.kind, row.day, here),
            "words": "\n".join(f"· {one.text}" for one in said),
        }

    tell(
        community_id=fact.community_id,
        kind="brief",
        fact=f"controlroom.BriefMade:{fact.kind}:{fact.day}",
        to=[To.room(), *hearers.serving(fact.community_id, READERS, places.day_of(fact.at))],
        values=saying.plain(fact.community_id, more),
        link=reverse("control-brief", args=[fact.kind, fact.day]),
        at=fact.at,
    )


def tell_of_topic(fact: TopicFound) -> None:
    """The desk and the leader hear that many speak of one matter; in whose words stands on its page alone."""
    if fact.cases < MANY:
        return
    tell(
        community_id=fact.community_id,
        kind="work_topic",
        fact=f"triage.TopicFound:{fact.topic_id}",
        to=[To.room(), *hearers.serving(fact.community_id, TOPIC_READERS, places.day_of(fact.at))],
        values=saying.plain(fact.community_id, lambda language: {"cases": fact.cases}),
        link=reverse("triage:topic", args=[fact.topic_id]),
        at=fact.at,
    )


def tell_of_group_code(fact: GroupCodeExpiring) -> None:
    """Whoever looks after the group is asked for another code; where nobody does, those who serve at its place."""
    row = groups.one(fact.community_id, fact.group_id)
    if row is None:
        return
    on = places.day_of(fact.at)
    serving = hearers.serving(fact.community_id, GROUP_KEEPERS, on, place_path=row.place.path)
    tell(
        community_id=fact.community_id,
        kind="work_group_code",
        fact=f"groups.GroupCodeExpiring:{fact.group_id}:{fact.until}",
        to=[To.person(row.owner_id)] if row.owner_id else serving,
        values=saying.plain(
            fact.community_id,
            lambda language: {
                "group": row.name(language),
                "place": row.place.name(language),
                "until": saying.day(date.fromisoformat(fact.until)),
            },
        ),
        link=reverse("groups:group", args=[fact.group_id]),
        at=fact.at,
    )


def _run_words(run: league.RunRow, language: str) -> dict[str, Any]:
    """What notices say of a run: its scheme and its period."""
    version = league_schemes.version(run.version_id)
    return {
        "scheme": version.scheme.name(english=reads_english(language)),
        "period": scores.period(run.since_date, run.until_date),
    }


def tell_of_scores(fact: RunAnnounced) -> None:
    """Everybody who is scored hears that the own score may be read, and until when one may appeal."""
    run = league.one(fact.run_id)
    if run is None:
        return
    told = [one for one in league.scores(run.id) if one.subject_kind == Level.WORKER]
    for one in told:
        tell(
            community_id=fact.community_id,
            kind="work_score",
            fact=f"assessment.RunAnnounced:{fact.run_id}",
            to=[To.person(one.subject_id)],
            values=saying.plain(
                fact.community_id,
                lambda language: {
                    **_run_words(run, language),
                    "until": saying.moment(datetime.fromisoformat(fact.appeals_until)),
                },
            ),
            link=reverse("assessment:score", args=[run.id, one.subject_id]),
            at=fact.at,
        )


def tell_of_appeal(fact: AppealMade) -> None:
    """Whoever may decide about appeals hears that one waits; not whose, and not what is said."""
    run, appeal = league.one(fact.run_id), objections.appeal(fact.appeal_id)
    if run is None or appeal is None:
        return
    deciders = hearers.serving(fact.community_id, DECIDERS, places.day_of(fact.at))
    tell(
        community_id=fact.community_id,
        kind="work_appeal",
        fact=f"assessment.AppealMade:{fact.appeal_id}",
        to=[
            one
            for one in deciders
            if one.id not in {run.reviewed_by_id, run.computed_by_id, appeal.made_by_id}
        ],
        values=saying.plain(fact.community_id, lambda language: _run_words(run, language)),
        link=reverse("assessment:decide_appeal", args=[fact.appeal_id]),
        at=fact.at,
    )


def tell_of_ruling(fact: AppealDecided) -> None:
    """Whoever appealed hears how it ended; the reasons stand on the appeal's page."""
    run, appeal = league.one(fact.run_id), objections.appeal(fact.appeal_id)
    if run is None or appeal is None:
        return
    ruling = Ruling.WON if fact.won else Ruling.LOST
    tell(
        community_id=fact.community_id,
        kind="work_appeal_decided",
        fact=f"assessment.AppealDecided:{fact.appeal_id}",
        to=[To.person(appeal.made_by_id)],
        values=saying.plain(
            fact.community_id,
            lambda language: {**_run_words(run, language), "ruling": league_words.RULINGS[ruling]},
        ),
        link=reverse("assessment:appeal", args=[fact.appeal_id]),
        at=fact.at,
    )


def tell_of_late_facts(fact: LateFactsFound) -> None:
    """The leader hears that rows behind a final result changed; the result does not."""
    run = league.one(fact.run_id)
    if run is None:
        return
    tell(
        community_id=fact.community_id,
        kind="work_late",
        fact=f"assessment.LateFactsFound:{fact.run_id}:{fact.at.isoformat()}",
        to=hearers.serving(fact.community_id, LEADERS, places.day_of(fact.at)),
        values=saying.plain(fact.community_id, lambda language: _run_words(run, language)),
        link=reverse("assessment:run", args=[run.id]),
        at=fact.at,
    )


def tell_of_sheets(fact: EvaluationOpened) -> None:
    """Whoever was drawn to evaluate hears that sheets wait."""
    opened = evaluating.round_(fact.round_id)
    if opened is None:
        return
    tell(
        community_id=fact.community_id,
        kind="work_sheets",
        fact=f"assessment.EvaluationOpened:{fact.round_id}",
        to=hearers.persons({one.evaluator_id for one in evaluating.of_round(fact.round_id)}),
        values=saying.plain(fact.community_id, lambda language: {"until": saying.day(opened.last_date)}),
        link=reverse("assessment:sheets"),
        at=fact.at,
    )


def picture_of_result(community_id: int, fact: str, language: str) -> bytes:
    """The card of a result that was made known, as the group is shown it; none once a newer version holds."""
    found = published.one(community_id, int(fact.rpartition(":")[2]))
    if found is None or found.run.state == State.SUPERSEDED:
        return b""
    return board.draw(boards.board_of(found, language))


def tell_of_result(fact: ScoresPublished) -> None:
    """The colleagues' group reads the card as its rule lets it: in words, or as a picture (`picture_of_result`)."""
    found = published.one(fact.community_id, fact.publication_id)
    community = places.place(fact.community_id)
    if found is None or community is None:
        return

    def more(language: str) -> Mapping[str, Any]:
        card = boards.board_of(found, language)
        return {"title": f"{card.title}  {card.line}", "words": boards.words(card)}

    tell(
        community_id=fact.community_id,
        kind="league_result",
        fact=f"assessment.ScoresPublished:{fact.publication_id}",
        to=[To.room()],
        values=saying.plain(fact.community_id, more),
        link=reverse("assessment:board", args=[community.code, found.ticket]),
        at=fact.at,
    )
