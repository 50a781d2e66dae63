"""What every page of this room needs: the community worked in, the actor's reach, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form

from linli.fieldwork import access, words
from linli.fieldwork.access import Reach
from linli.fieldwork.rules import team
from linli.grids.pages.settings import community_of
from linli.grids.rows import PlaceRow
from linli.kernel.refusals import Outdated, Refused
from linli.people.pages.ways import Asked, language


@dataclass(frozen=True, slots=True)
class Frame:
    """A page of this room: where, and as far as which reach."""

    community: PlaceRow
    kept: list[PlaceRow]
    reach: Reach
    language: str

    @property
    def context(self) -> dict[str, object]:
        """What templates use of it."""
        return {"community": self.community, "kept": self.kept, "leads": self.reach.leads}


def frame(request: Asked) -> Frame:
    """The community worked in, where the actor belongs to a team or leads one.

    :raises NotFound: nowhere.
    """
    community, kept = community_of(request, (team.ALWAYS, *team.OPTIONAL, *team.LEADERS))
    return Frame(community, kept, access.reach(request.actor, community.id, request.now), language(request))


def done(form: Form, act: Callable[[], object]) -> bool:
    """Whether it was done; where not, the form says why."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        tell(form, refused)
    except Outdated:
        form.add_error(None, str(words.OUTDATED))
    return not form.errors


def tell(form: Form, refused: Refused) -> None:
    """Write on the form what is wrong, field by field."""
    for wrong in refused.wrongs:
        field = wrong.field if wrong.field in form.fields else None
        form.add_error(field, words.wrong(wrong))
