"""What the conversation asks about the world outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases import access_joined, ports
from linli.cases.actions import placing
from linli.cases.queries import urgent
from linli.cases.rules.intake import PlaceGiven, PlaceHow, Refused, meaning_length
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_words import look
from linli.grids import locate
from linli.grids import queries as places
from linli.grids.rules.datum import Datum, to_wgs84
from linli.grids.rules.words import Level
from linli.integrations.wechat.models import ChatAnswer, Follower, OfficialAccount
from linli.integrations.wechat.rules import wishes
from linli.integrations.wechat.rules.talk import Talk
from linli.kernel.access import Actor

SURE_PLACE = 0.9
SURE_ALIKE = 0.5
LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class LocalEars:
    """Fills ``rules.talk.Ears`` for one follower; the community is entered."""

    account: OfficialAccount
    follower: Follower
    actor: Actor
    at: datetime

    def building(self, words: str) -> int | None:
        """As the rules say."""
        found = locate.locate_text(self.account.community_id, words[:200]) if words.strip() else None
        return found.building_id if found and found.certainty >= SURE_PLACE else None

    def here(self) -> int | None:
        """The building of the last scan, else the one followed in this community."""
        held = places.place(self.follower.place_id) if self.follower.place_id else None
        if held is None and self.actor.home_id:
            held = places.place(self.actor.home_id)
        fits = held is not None and held.valid_to is None and held.community_id == self.account.community_id
        return held.id if held and fits and held.level == Level.BUILDING.value else None

    def is_urgent(self, words: str) -> bool:
        """As the rules say."""
        return look(words, urgent.listed(self.account.community_id)).urgency is Urgency.CRITICAL

    def answer(self, words: str) -> int | None:
        """As the rules say: the row whose longest phrase is in the words."""
        said = wishes.plain(words)
        best: tuple[int, int] | None = None
        for row in ChatAnswer.objects.filter(community_id=self.account.community_id, on=True).order_by("pk"):
            for phrase in row.words:
                parts = [wishes.plain(part) for part in str(phrase).split("+") if part.strip()]
                if parts and all(part in said for part in parts):
                    size = sum(len(part) for part in parts)
                    best = (size, row.pk) if best is None or size > best[0] else best
        return best[1] if best else None

    def alike(self, draft: Talk) -> str:
        """As the rules say; what the follower reported is left out."""
        if meaning_length(draft.words) < LEAST_WORDS:
            return ""
        community = self.account.community_id
        where = where_of(self.account, draft)
        found = ports.likeness().alike(
            community_id=community,
            words=draft.words,
            address=where.address,
            lon=where.lon,
            lat=where.lat,
            place_path=where.path,
            category_code="",
            at=self.at,
            limit=3,
        )
        likely = [one.number for one in found if one.certainty >= SURE_ALIKE]
        cases = access_joined.joinable(community, likely)
        mine = self.follower.person_id
        return next(
            (one for one in likely if one in cases and (not mine or cases[one].reporter_id != mine)), ""
        )


def place_of(account: OfficialAccount, draft: Talk) -> PlaceGiven:
    """The place of a draft as intake takes it, in WGS-84."""
    if draft.building_id is not None:
        return PlaceGiven(building_id=draft.building_id, address=draft.address)
    if draft.lon is None or draft.lat is None:
        return PlaceGiven(address=draft.address)
    lon, lat = to_wgs84(draft.lon, draft.lat, Datum(account.datum))
    return PlaceGiven(lon=round(lon, 7), lat=round(lat, 7), address=draft.address)


def where_of(account: OfficialAccount, draft: Talk) -> placing.Where:
    """Where the draft says it is."""
    try:
        return placing.find(account.community_id, place_of(account, draft))
    except Refused:
        return placing.Where(PlaceHow.UNKNOWN, path=f"{account.community_id}.")
