"""What all carriers to a phone share: a person is reached by the phone they proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from linli.people import queries as people


class ByPhone:
    """The half of ``notices.ports.Carrier`` that says where somebody is reached."""

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """As the port says: a person's proved phone."""
        return people.phones([account_id]).get(account_id) if account_id else None

    def addresses(self, *, community_id: int, account_ids: Sequence[int], at: datetime) -> Mapping[int, str]:
        """As the port says."""
        return people.phones(account_ids)
