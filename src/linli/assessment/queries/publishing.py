"""Under which rule a community publishes, and what was published. Inside the community's own scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.assessment.models import Audience, Publication, PublishingRule
from linli.assessment.rules.naming import Naming

USUAL_MOST, USUAL_HOUR = 5, 9


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds today; as shipped nobody beside those concerned reads anything."""

    id: int | None = None
    audience: str = Audience.NOBODY
    naming: str = Naming.NUMBER
    most: int = USUAL_MOST
    hour: int = USUAL_HOUR
    when_final: bool = False
    basis: str = ""
    made_by_id: int | None = None
    made_at: datetime | None = None

    @property
    def published(self) -> bool:
        """Whether anybody beside those concerned reads results."""
        return self.audience != Audience.NOBODY

    @property
    def consented(self) -> bool:
        """Whether a decision about names is on record."""
        return bool(self.basis.strip())


def rule(community_id: int) -> Rule:
    """The rule that holds."""
    row = PublishingRule.objects.filter(community_id=community_id).order_by("-made_at", "-pk").first()
    return (
        Rule()
        if row is None
        else Rule(row.pk, *(getattr(row, name) for name in list(Rule.__dataclass_fields__)[1:]))
    )


def at(community_id: int, ticket: str) -> Publication | None:
    """The publication at an address."""
    found = Publication.objects.filter(community_id=community_id, ticket=ticket)
    return found.select_related("run", "rule").first()


def of_run(run_id: int) -> Publication | None:
    """The publication of a run."""
    return Publication.objects.filter(run_id=run_id).select_related("run", "rule").first()


def one(community_id: int, publication_id: int) -> Publication | None:
    """A publication."""
    found = Publication.objects.filter(community_id=community_id, pk=publication_id)
    return found.select_related("run", "rule").first()
