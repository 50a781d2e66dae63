"""What the forms of announcements carry besides their fields: files sent ahead, and the question before people are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.kernel.media import kept
from linli.people.pages.ways import Asked, language
from linli.publishing import files, rules, words
from linli.publishing.models import AnnouncementFile
from linli.publishing.queries import FileRow, file_rows


@dataclass(frozen=True, slots=True)
class Held:
    """The files of a form: those that stay, and why others were turned away."""

    rows: tuple[FileRow, ...]
    turned: tuple[str, ...]

    @property
    def tickets(self) -> tuple[UUID, ...]:
        """What names them."""
        return tuple(row.ticket for row in self.rows)

    @property
    def room(self) -> int:
        """How many more can be added."""
        return max(0, rules.FILES_MOST - len(self.rows))


def held(request: Asked, community_id: int, own: Sequence[AnnouncementFile] = ()) -> Held:
    """The files that a form holds: its own and those sent ahead whose box is ticked, and those it brings now."""
    if request.method != "POST":
        return Held(file_rows(own), ())
    wanted = kept.tickets(request.POST.getlist("keep"))
    stay = [one for one in own if one.ticket in wanted]
    stay += files.loose(request.actor, community_id, wanted)
    turned = []
    for upload in request.FILES.getlist("files"):
        if len(stay) >= rules.FILES_MOST:
            turned.append(f"{upload.name} · {words.FAULTS['too_many_files']}")
            continue
        try:
            stay.append(_take(request, community_id, upload))
        except kept.Turned as why:
            turned.append(f"{upload.name} · {words.turned(why.code, limit=why.limit, sent=why.sent)}")
    return Held(file_rows(stay), tuple(turned))


def _take(request: Asked, community_id: int, upload: UploadedFile[bytes]) -> AnnouncementFile:
    return files.take(
        actor=request.actor, community_id=community_id, file=upload, name=upload.name or "", at=request.now
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a message goes to many: how many, where, how; ``sure`` is what the answer sends back."""

    people: int
    place: str
    how: str
    urgent: bool
    sure: str


def question(request: Asked, place: PlaceRow, tell: rules.Tell, *, again: bool = False) -> Question | None:
    """What must be asked first; None where nobody is told, or the very same question was answered with yes."""
    if tell is rules.Tell.NO:
        return None
    sure = f"{place.id}:{tell.value}:{'again' if again else 'first'}"
    if request.POST.get("sure") == sure:
        return None
    return Question(
        people=grids.how_many_tied(place),
        place=place.name(language(request)),
        how=str(words.TELL[tell]),
        urgent=tell is rules.Tell.URGENT,
        sure=sure,
    )
