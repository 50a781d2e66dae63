"""Taking files at the resident's pages, and what a receipt tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases import access, words
from linli.cases.actions import upload
from linli.cases.models import Attachment, Case
from linli.cases.pages import danger, drafts, here, pocket
from linli.cases.pages.drafts import Draft, File
from linli.cases.pages.here import Asked
from linli.cases.pages.telling import AT_THE_DESK, Picture
from linli.cases.queries import chasing
from linli.cases.rules.intake import MAX_PICTURES, MAX_SOUNDS, Refused, Wrong
from linli.cases.rules.workflow import ARBITRATED_FROM, DESK, ENDED, State
from linli.grids import queries as places
from linli.grids.rows import DutyRow
from linli.kernel import clock, numbering, scope
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Turned:
    """A file that was not taken, and why, in words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who serves, as a page shows them: role, short name, body, and the number of its desk."""

    role: str
    name: str
    body: str
    phone: str


def shown(file: File) -> Picture:
    """A file of the draft as a page shows it."""
    url = reverse("cases:file", args=[file.ticket])
    thumb = reverse("cases:thumb", args=[file.ticket]) if file.has_thumb else ""
    return Picture(url, thumb, file.kind, words=file.ticket)


def in_words(wrong: Wrong) -> str:
    """What is wrong, in words."""
    return words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)


def one(request: Asked, community_id: int, file: UploadedFile[Any]) -> Attachment:
    """Take one file and note that this session uploaded it.

    :raises Refused: when it cannot be taken.
    """
    kept = upload.accept(
        actor=request.actor,
        community_id=community_id,
        file=file,
        at=request.now,
        network=here.network(request),
    )
    pocket.uploaded(request, str(kept.ticket), community_id)
    return kept


def all_of(
    request: Asked, community_id: int, files: Sequence[UploadedFile[Any]]
) -> tuple[list[Attachment], list[Turned]]:
    """Take what can be taken; what cannot is named with its reason."""
    taken: list[Attachment] = []
    turned: list[Turned] = []
    for file in files:
        try:
            taken.append(one(request, community_id, file))
        except Refused as refused:
            turned.append(Turned(_short(file.name or ""), in_words(refused.wrongs[0])))
    return taken, turned


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:12]}…{name[-10:]}"


def into_draft(request: Asked, draft: Draft) -> tuple[Draft, list[Turned]]:
    """Take the files sent with step 1 into the draft, and take out the one to be removed."""
    gone = request.POST.get("remove", "")
    files = [file for file in draft.files if file.ticket != gone]
    turned: list[Turned] = []
    for sent in [*request.FILES.getlist("pictures"), *request.FILES.getlist("sound")]:
        taken, refused = all_of(request, draft.community_id, [sent])
        turned += refused
        for each in taken:
            if drafts.room_for(files, each.kind):
                files.append(File(str(each.ticket), each.kind, bool(each.thumb_path)))
            else:
                turned.append(Turned(_short(sent.name or ""), _full(each.kind)))
    return drafts.save(request, draft, files=tuple(files)), turned


def _full(kind: str) -> str:
    if kind == "picture":
        return _("At most %(n)s pictures; this one was left out.") % {"n": MAX_PICTURES}
    return _("At most %(n)s recording; this one was left out.") % {"n": MAX_SOUNDS}


def who(duty: DutyRow, phones: dict[int, str], desk: str) -> Who:
    """A duty as a page shows it; without an organisation of their own people are reached by the desk."""
    own = phones.get(duty.organisation_id or 0, "")
    return Who(
        role=duty.title or words.role(duty.role),
        name=duty.person,
        body=duty.organisation(here.language()),
        phone=own or desk,
    )


def receipt_context(request: Asked, held: pocket.Held) -> dict[str, Any]:
    """Number, code, what happens next, by when, who."""
    with scope.within([held.community_id]):
        case = access.find_by_code(held.number, held.code)
    community = places.place(held.community_id)
    phones = desk_phones(held.community_id)
    day = request.now.astimezone(clock.LOCAL).date()
    grid = places.place(case.grid_id) if case.grid_id else None
    near = places.duty_holders(grid, "grid_worker", day)[:1] if grid else []
    return {
        "held": held,
        "number": numbering.pretty_number(held.number),
        "case": case,
        **danger.told_of(case),
        "community": community,
        "due_at": case.due_at,
        "reading": [
            who(duty, phones.by_id, phones.desk) for duty in _at_the_desk(held.community_id, day)[:1]
        ],
        "near": [who(duty, phones.by_id, phones.desk) for duty in near],
        "desk_phone": phones.desk,
    }


def holder(case: Case, day: date) -> Who | None:
    """Who has a case now, and the number to call: the body, the person on the ground, or the dispatch desk."""
    if State(case.state) in ENDED:
        return None
    phones = desk_phones(case.community_id)
    duties = places.duties(case.community_id, day)
    if case.organisation_id and State(case.state) not in AT_THE_DESK:
        body = people.organisation_names([case.organisation_id], here.language())[case.organisation_id]
        return Who("", "", body, phones.by_id.get(case.organisation_id, phones.desk))
    if case.handler_id and State(case.state) not in AT_THE_DESK:
        theirs = [duty for duty in duties if duty.account_id == case.handler_id]
        return who(theirs[0], phones.by_id, phones.desk) if theirs else None
    desk = _at_the_desk(case.community_id, day)
    if case.state == State.RETURNED and case.returns >= ARBITRATED_FROM:
        ruling = chasing.arbiters(case.community_id, day)
        desk = [duty for duty in duties if duty.account_id in ruling and duty.role in DESK] or desk
    return who(desk[0], phones.by_id, phones.desk) if desk else None


def _at_the_desk(community_id: int, day: date) -> list[DutyRow]:
    """Who reads what comes in; the first is named wherever one is, so that all pages name the same."""
    return [duty for duty in places.duties(community_id, day) if duty.role == "dispatcher"]


@dataclass(frozen=True, slots=True)
class Phones:
    """The public numbers of a community's organisations; ``desk`` is the one to call when nothing else fits."""

    by_id: dict[int, str]
    desk: str


def desk_phones(community_id: int) -> Phones:
    """The numbers of the organisations: the service centre's or the committee's stands for the community."""
    rows = list(people.organisations([community_id]))
    by_kind = {row.kind: row.phone for row in reversed(rows) if row.phone}
    desk = by_kind.get("committee") or by_kind.get("service_centre") or next(iter(by_kind.values()), "")
    return Phones({row.pk: row.phone for row in rows if row.phone}, desk)
