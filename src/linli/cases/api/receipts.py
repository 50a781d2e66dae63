"""What comes before every look at a case by its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from linli.cases.actions import limited
from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.api import TooMany, actor_of, network


@contextmanager
def let(request: HttpRequest) -> Iterator[None]:
    """One look-up from the allowance; every community is entered, for the code is the proof.

    :raises TooMany: the allowance is used up.
    """
    if not limited.may_look_up(actor_of(request), network(request)):
        raise TooMany
    with scope.within(places.community_ids()):
        yield
