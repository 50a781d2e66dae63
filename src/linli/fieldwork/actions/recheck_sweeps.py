"""What happens by itself around re-visits: looks of pictures, the week's draw, a second person when a term has passed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.db import transaction
from PIL import UnidentifiedImageError

from linli.cases.queries import handled
from linli.fieldwork.actions import draws, rechecks
from linli.fieldwork.models import Draw, DrawSeed, PictureLook, Recheck
from linli.fieldwork.rules import aiming
from linli.fieldwork.rules.rechecks import Found
from linli.grids import queries as grids
from linli.kernel import clock, media, scope
from linli.kernel.media import looks


def draw_due(at: datetime) -> int:
    """Draw last week's records wherever that has not been done, from Monday morning on; returns how many were drawn.

    The seed of the week that runs is made here too: its digest is on record before the week's records are looked at.
    """
    local = at.astimezone(clock.LOCAL)
    week = aiming.week_of(local.date())
    last = week - timedelta(days=7)
    if local.date() == week and local.time() < rechecks.DRAWN_FROM:
        return 0
    every = set(grids.community_ids())
    with scope.within(every):
        seeded = set(_periods(week))
        drawn = set(Draw.objects.filter(week_date=last).values_list("community_id", flat=True))
    for community_id in sorted(every - seeded):
        with scope.within([community_id]):
            draws.seed_of(community_id, draws.RECHECKS, week, at)
    return sum(_draw(community_id, last, at) for community_id in sorted(every - drawn))


def _periods(week: date) -> list[int]:
    rows = DrawSeed.objects.filter(purpose=draws.RECHECKS, period_date=week)
    return list(rows.values_list("community_id", flat=True))


def _draw(community_id: int, week: date, at: datetime) -> int:
    with scope.within([community_id]):
        note_looks(community_id, week, at)
        made = rechecks.draw_week(community_id, week, at)
        return Recheck.objects.filter(draw=made).count() if made else 0


def note_looks(community_id: int, week: date, at: datetime) -> int:
    """Work out the looks of the pictures of a week's cases that have none yet; returns how many."""
    since = datetime.combine(week, time(), clock.LOCAL)
    found = handled.small_pictures(community_id, since, since + timedelta(days=7))
    known = set(
        PictureLook.objects.filter(ticket__in=[one for one, _ in found]).values_list("ticket", flat=True)
    )
    made = []
    for ticket, path in found:
        if ticket not in known:
            with (
                suppress(media.MediaMissing, UnidentifiedImageError, OSError),
                media.open_media(path) as file,
            ):
                look = looks.signed(looks.look_of(file.read()))
                made.append(PictureLook(community_id=community_id, ticket=ticket, look=look, made_at=at))
    PictureLook.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def send_again(at: datetime) -> int:
    """Ask a second person where the worker let the term pass; returns how many were asked."""
    today = grids.day_of(at)
    waiting = Recheck.objects.filter(
        decided_at__isnull=True,
        found=Found.FALSE,
        admitted=False,
        again_visitor__isnull=True,
        answer_until_date__lt=today,
    )
    sent = 0
    for community_id in grids.communities_with(waiting):
        with scope.within([community_id]), transaction.atomic():
            rows = waiting.filter(community_id=community_id).select_for_update(skip_locked=True, of=("self",))
            sent += sum(rechecks.send_again(row, at) for row in rows)
    return sent


def sweep(at: datetime) -> int:
    """The draw of a new week and those who are asked next; hourly."""
    return draw_due(at) + send_again(at)
