"""What several pages of this room need: the community, addresses, faults put into words."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.grids.pages.settings import community_of
from linli.grids.rows import PlaceRow
from linli.kernel import access as doors
from linli.kernel.access import STAFF_ROLES
from linli.kernel.refusals import Outdated, Refused
from linli.people.pages.ways import Asked
from linli.training import words
from linli.training.rules import handbook

READERS = doors.STAFF
WRITERS = doors.roles(*handbook.WRITERS)
KEEPERS = doors.roles(*handbook.KEEPERS)


def reading(request: Asked) -> tuple[PlaceRow, list[PlaceRow]]:
    """The community whose handbook and courses are read, and all in which the actor serves."""
    return community_of(request, STAFF_ROLES)


def keeping(request: Asked) -> tuple[PlaceRow, list[PlaceRow]]:
    """The community whose handbook and courses are kept, and all that the actor keeps."""
    return community_of(request, handbook.KEEPERS)


def link(name: str, community: PlaceRow, *args: object, **query: str) -> str:
    """The address of a page of this room in this community."""
    asked = urlencode({"community": community.id, **query})
    return f"{reverse(f'training:{name}', args=args)}?{asked}"


def page_address(community: PlaceRow) -> Callable[[str], str]:
    """Where pages of this community's handbook are read, by their codes."""
    return lambda slug: link("page", community, slug)


def done(form: Form, act: Callable[[], object], *, fields: dict[str, str] | None = None) -> bool:
    """Whether what a form asks for was done; what is wrong stands in the form.

    :param fields: the form's field for a fault's, where they are called otherwise.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        tell(form, refused, fields=fields)
    except Outdated:
        form.add_error(None, _("Somebody else changed it in the meantime. Look at it again before you save."))
    return not form.errors


def tell(form: Form, refused: Refused, *, fields: dict[str, str] | None = None) -> None:
    """Put what is wrong beside the fields; what has none stands above them with its path."""
    for wrong in refused.wrongs:
        field = (fields or {}).get(wrong.field, wrong.field)
        said = words.fault(wrong.code, wrong.limit)
        if field in form.fields:
            form.add_error(field, said)
        else:
            form.add_error(None, f"{wrong.field}: {said}")
