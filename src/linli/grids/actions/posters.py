"""Print runs: asked for by the desk, drawn by the worker, kept for some days."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from linli.grids import access as doors
from linli.grids import posters, queries
from linli.grids.models import Place, PosterRun
from linli.grids.rows import PlaceRow
from linli.grids.rules.duties import HANGERS
from linli.grids.rules.posters import MOST, PER_SHEET, Layout, Sign
from linli.grids.rules.words import Level
from linli.kernel import access, audit, media

KEPT = timedelta(days=14)
CLAIM = timedelta(minutes=2)  # without a word for so long, the worker that drew it is gone
TRIES = 3


class NothingToPrint(Exception):
    """No place there has a code, or too many have; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask_posters(*, actor: access.Actor, place_id: int, layout: Layout, base: str, at: datetime) -> PosterRun:
    """Have posters drawn for a place and all below it; the same while it is drawn is asked once.

    :param base: the address of a scan, up to the code.
    :raises access.NotFound: a place that does not concern the actor.
    :raises access.Forbidden: not_your_place.
    :raises NothingToPrint: no_codes; too_many_codes.
    """
    place = doors.find_served(actor, place_id, HANGERS)
    total = _counted(place)
    try:
        with transaction.atomic():
            run = PosterRun.objects.create(
                community_id=place.community_id,
                place_id=place.id,
                layout=layout.value,
                base=base,
                total=total,
                asked_at=at,
                asked_by_id=actor.account_id,
            )
            audit.record(
                community_id=place.community_id,
                actor=actor,
                verb="grids.ask_posters",
                object=f"place:{place.id}",
                at=at,
                detail={"layout": layout.value, "codes": total},
            )
    except IntegrityError:
        return PosterRun.objects.filter(place_id=place.id, layout=layout.value).latest("asked_at")
    return run


def _counted(place: PlaceRow) -> int:
    total = _coded(place).count()
    if not total or total > MOST:
        raise NothingToPrint("too_many_codes" if total else "no_codes")
    return total


def signs(place: PlaceRow, base: str) -> list[Sign]:
    """What stands at a place and at all below it that have a code, in the order of the codes.

    :raises NothingToPrint: no_codes; too_many_codes.
    """
    _counted(place)
    found = queries.rows(_coded(place).order_by("code"))
    return posters.signs(found, queries.ancestors(place), base)


def poster(place: PlaceRow, layout: Layout, base: str) -> bytes:
    """One place's own poster, or a sheet full of its sticker, at once."""
    found = posters.signs([place], queries.ancestors(place), base) * PER_SHEET[layout]
    with io.BytesIO() as file:
        posters.draw(file, found, layout)
        return file.getvalue()


def sweep(at: datetime) -> int:
    """Draw what waits, one run after the other; forget what is old. Returns how many runs were drawn."""
    due = Q(finished_at__isnull=True) | Q(finished_at__lt=at - KEPT)
    if not PosterRun.objects.filter(due).exists():
        return 0
    done = 0
    while (run := _claim(at)) is not None:
        _draw(run, at)
        done += 1
    _forget(at)
    return done


def _coded(place: PlaceRow) -> QuerySet[Place]:
    """The place and all below it with a page of its own; of a single building its units as well."""
    found = Place.objects.filter(path__startswith=place.path, valid_to__isnull=True, qr_code__isnull=False)
    return found if place.level in (Level.BUILDING, Level.UNIT) else found.filter(level__in=doors.PAGED)


def _claim(at: datetime) -> PosterRun | None:
    """The next run to draw, which is now this worker's. One that was begun too often is given up."""
    with transaction.atomic():
        free = Q(lapses_at__isnull=True) | Q(lapses_at__lt=at)
        found = PosterRun.objects.select_for_update(skip_locked=True).filter(free, finished_at__isnull=True)
        run = found.order_by("asked_at", "id").first()
        if run is None:
            return None
        run.tries += 1
        run.lapses_at = at + CLAIM
        if run.tries > TRIES:
            run.finished_at, run.failed = at, "gave_up"
        run.save(update_fields=["tries", "lapses_at", "finished_at", "failed"])
    return run if run.finished_at is None else _claim(at)


def _draw(run: PosterRun, at: datetime) -> None:
    place = queries.place(run.place_id)
    assert place is not None  # a foreign key
    try:
        drawn = signs(place, run.base)
    except NothingToPrint as nothing:  # closed in the meantime, or grown
        PosterRun.objects.filter(pk=run.pk).update(finished_at=max(at, run.asked_at), failed=nothing.code)
        return
    with io.BytesIO() as file:
        posters.draw(file, drawn, Layout(run.layout), progress=_telling(run, at))
        whole = file.getvalue()
    path = media.keep(whole, "pdf")
    PosterRun.objects.filter(pk=run.pk).update(
        done=run.total, finished_at=max(at, run.asked_at), path=path, bytes=len(whole), lapses_at=None
    )


def _telling(run: PosterRun, at: datetime) -> Callable[[int], None]:
    """Writes down how far a run is, and that somebody is still at it; by a clock that only goes forward."""
    began = time.monotonic()

    def tell(done: int) -> None:
        now = at + timedelta(seconds=time.monotonic() - began)
        PosterRun.objects.filter(pk=run.pk).update(done=min(done, run.total), lapses_at=now + CLAIM)

    return tell


def _forget(at: datetime) -> None:
    for run in PosterRun.objects.filter(finished_at__lt=at - KEPT):
        if run.path:
            media.remove(run.path)
        run.delete()
