"""Questions about connected systems, named by their answer. Within the communities entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet, Sum

from linli.integrations.clients import rules
from linli.integrations.clients.models import ApiClient, ApiUsage
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a program, as lists may show it."""

    id: int
    prefix: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it works."""
        return self.revoked_at is None and self.expires_at > at


def clients(community_id: int) -> QuerySet[ApiClient]:
    """The programs of a community by name, ended ones too."""
    rows = ApiClient.objects.filter(community_id=community_id)
    return rows.select_related("organisation", "owner", "place").order_by("name", "pk")


def keys(account_ids: Iterable[int]) -> dict[int, list[Key]]:
    """The keys of programs by their account, the newest first."""
    found: dict[int, list[Key]] = {}
    tokens = list(people.tokens_of(*account_ids))
    ids = [token.pk for token in tokens]
    grouped = ApiUsage.objects.filter(token_id__in=ids).values("token_id").annotate(last=Max("last_at"))
    last = {row["token_id"]: row["last"] for row in grouped}
    for token in tokens:
        key = Key(
            token.pk, token.prefix, token.created_at, token.expires_at, token.revoked_at, last.get(token.pk)
        )
        found.setdefault(token.account_id, []).append(key)
    return found


def usage(client: ApiClient, *, today: date) -> list[rules.Day]:
    """What all keys of a program asked on the last days, the newest first."""
    ids = [token.pk for token in people.tokens_of(client.account_id)]
    since = today - timedelta(days=rules.SHOWN_DAYS)
    rows = ApiUsage.objects.filter(community_id=client.community_id, token_id__in=ids, date__gt=since)
    summed = (
        rows.order_by()
        .values("date")
        .annotate(a=Sum("requests"), b=Sum("refused"), c=Sum("limited"), d=Sum("failed"))
    )
    held = [(row["date"], row["a"], row["b"], row["c"], row["d"]) for row in summed]
    return rules.days(held, today=today)
