"""Announcements and telling people, side by side: who is told of one, of its correction, that it no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from linli.kernel.access import SYSTEM
from linli.notices import saying
from linli.notices.actions import mailing
from linli.notices.queries import deliveries
from linli.notices.rules.kinds import LANGUAGES
from linli.publishing import queries, words
from linli.publishing.events import AnnouncementBegan, AnnouncementChanged, AnnouncementWithdrawn
from linli.publishing.ports import About, Mailed
from linli.publishing.queries import AnnouncementRow
from linli.publishing.rules import Tell

Said = Mapping[str, str]
WITHDRAWN = "withdrawn"


def stem(announcement_id: int) -> str:
    """What the keys of all mailings about an announcement begin with."""
    return f"publishing:{announcement_id}"


def tell_of_announcement(fact: AnnouncementBegan) -> None:
    """Everybody at its place and below is told, where its author wants it; once, whatever comes first."""
    row = queries.one(fact.community_id, fact.announcement_id)
    if row is None or not _to_be_told(row):
        return
    if not mailing.of_stem(fact.community_id, stem(row.id)).exists():
        _announce(row, fact.community_id, stem(row.id), fact.at)


def tell_of_change(fact: AnnouncementChanged) -> None:
    """What waits says it as it is now; with a correction everybody is told anew, and what waited is not said."""
    row = queries.one(fact.community_id, fact.announcement_id)
    if row is None or not _to_be_told(row):
        return
    held = mailing.of_stem(fact.community_id, stem(row.id))
    if fact.tell == "first":
        if not held.exists():
            _announce(row, fact.community_id, stem(row.id), fact.at)
    elif fact.tell == "again":
        if held.filter(asked_at__gt=fact.at).exists():
            return  # a later one was told already
        mailing.stop_all(actor=SYSTEM, community_id=fact.community_id, stem=stem(row.id), at=fact.at)
        _announce(row, fact.community_id, f"{stem(row.id)}:{fact.version}", fact.at, again=True)
    else:
        mailing.reword(
            community_id=fact.community_id, stem=stem(row.id), title=_titles(row), words=_words(row)
        )


def tell_of_withdrawal(fact: AnnouncementWithdrawn) -> None:
    """Nobody else is told of it; those who were hear that it no longer holds, where its author wants it."""
    row = queries.one(fact.community_id, fact.announcement_id)
    if row is None:
        return
    mailing.stop_all(actor=SYSTEM, community_id=fact.community_id, stem=stem(row.id), at=fact.at)
    if fact.tell != "again" or not mailing.of_stem(fact.community_id, stem(row.id)).exists():
        return
    said = {one: words.withdrawn(title, one) for one, title in _titles(row).items()}
    mailing.announce(
        actor=SYSTEM,
        community_id=fact.community_id,
        key=f"{stem(row.id)}:{WITHDRAWN}",
        follows=stem(row.id),
        place_path=row.place.path,
        title={one: title for one, (title, _words) in said.items()},
        words={one: words_ for one, (_title, words_) in said.items()},
        link=reverse("portal:announcements", args=[row.place.code]),
        urgent=row.tell is Tell.URGENT,
        at=fact.at,
    )


def _to_be_told(row: AnnouncementRow) -> bool:
    return row.tell is not Tell.NO and not row.withdrawn


def _announce(
    row: AnnouncementRow, community_id: int, key: str, at: datetime, *, again: bool = False
) -> None:
    titles = _titles(row)
    mailing.announce(
        actor=SYSTEM,
        community_id=community_id,
        key=key,
        place_path=row.place.path,
        title={one: words.corrected(title, one) for one, title in titles.items()} if again else titles,
        words=_words(row),
        link=reverse("portal:announcement", args=[row.place.code, row.id]),
        urgent=row.tell is Tell.URGENT,
        at=at,
    )


def _titles(row: AnnouncementRow) -> Said:
    return {one: row.title(one) for one in LANGUAGES}


def _words(row: AnnouncementRow) -> Said:
    """What a message carries of it; the whole stands on the page."""
    return {one: saying.short(row.words(one)) for one in LANGUAGES}


class MailingsOfAnnouncements:
    """Tells at the desk how people were told (`publishing.ports.Telling`)."""

    def mailed(self, community_id: int, announcement_id: int) -> tuple[Mailed, ...]:
        """The messages about it, the first one first."""
        held = list(mailing.of_stem(community_id, stem(announcement_id)))
        read = deliveries.read_of(one.pk for one in held)
        return tuple(
            Mailed(
                _about(one.key, stem(announcement_id)),
                one.told,
                read.get(one.pk, 0),
                one.asked_at,
                one.ended_at,
                one.stopped,
            )
            for one in held
        )


def _about(key: str, first: str) -> About:
    if key == first:
        return About.FIRST
    return About.WITHDRAWAL if key.endswith(f":{WITHDRAWN}") else About.CORRECTION
