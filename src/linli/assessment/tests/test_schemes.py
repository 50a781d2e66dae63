"""Schemes and the ranking switch: never back-dated, never changed once published, on record where they break a rule."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from linli.assessment.actions import ranking, schemes
from linli.assessment.queries import schemes as known
from linli.assessment.tests.test_runs import SINCE, WEEK
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.refusals import Outdated, Refused

pytestmark = pytest.mark.django_db


def test_a_scheme_is_never_back_dated_and_what_was_published_never_changes(cast: Cast) -> None:
    leader, here = cast.leader.actor(), cast.here.id
    with cast.inside():
        key = uuid4()
        draft = schemes.adopt(actor=leader, community_id=here, code="lvxing_week", key=key, at=AT)
        assert (
            schemes.adopt(actor=leader, community_id=here, code="lvxing_week", key=key, at=AT).pk == draft.pk
        )
        given: dict[str, Any] = {"actor": leader, "version_id": draft.pk, "at": AT, "why": "试行一个季度"}
        for day, code in ((date(2026, 11, 16), "in_the_past"), (date(2026, 11, 25), "not_a_beginning")):
            with pytest.raises(Refused) as refused:
                schemes.publish(**given, valid_from=day)
            assert refused.value.wrongs[0].code == code
        with pytest.raises(Outdated):
            schemes.edit(actor=leader, version_id=draft.pk, says=WEEK, edits=7, at=AT)
        with pytest.raises(Refused, match="says.items"):
            schemes.edit(actor=leader, version_id=draft.pk, says={**WEEK, "items": []}, edits=1, at=AT)
        schemes.publish(**given)
        with pytest.raises(Forbidden, match="published"):
            schemes.edit(actor=leader, version_id=draft.pk, says=WEEK, edits=1, at=AT)
        second = schemes.redraft(actor=leader, scheme_id=draft.scheme_id, at=AT)
        assert (second.number, schemes.redraft(actor=leader, scheme_id=draft.scheme_id, at=AT).pk) == (
            2,
            second.pk,
        )
        with pytest.raises(Refused, match="says.level"):
            schemes.edit(
                actor=leader, version_id=second.pk, says={**WEEK, "level": "committee"}, edits=1, at=AT
            )
        with pytest.raises(Refused, match="valid_from: taken"):
            schemes.publish(**{**given, "version_id": second.pk}, valid_from=SINCE)
        (listed,) = known.listed(here, AT.date())
        assert (listed.now and listed.now.number, listed.draft and listed.draft.number) == (1, 2)
        for who, error in ((cast.grid_worker, Forbidden), (cast.resident, NotFound)):
            with pytest.raises(error):
                schemes.draft(actor=who.actor(), community_id=here, says=WEEK, key=uuid4(), at=AT)


def test_a_scheme_that_breaks_a_rule_needs_its_legal_basis_on_record(cast: Cast) -> None:
    leader, here = cast.leader.actor(), cast.here.id
    broken = {**WEEK, "items": [{"indicator": "likes", "weight": 30}, {"indicator": "on_time", "weight": 70}]}
    with cast.inside():
        draft = schemes.draft(actor=leader, community_id=here, says=broken, key=uuid4(), at=AT)
        given: dict[str, Any] = {"actor": leader, "version_id": draft.pk, "at": AT, "why": "街道要求"}
        with pytest.raises(Refused, match="legal_basis"):
            schemes.publish(**given)
        done = schemes.publish(**given, legal_basis="某办发〔2026〕1 号第三条")
        assert "reactions" in done.findings


def test_ranking_is_off_until_the_leader_switches_it_on_with_its_basis(cast: Cast) -> None:
    with cast.inside():
        assert not known.ranking_on(cast.here.id)
        with pytest.raises(Refused):
            ranking.switch_on(actor=cast.leader.actor(), community_id=cast.here.id, legal_basis="", at=AT)
        with pytest.raises(Forbidden):
            ranking.switch_on(
                actor=cast.admin.actor(), community_id=cast.here.id, legal_basis="决议一号", at=AT
            )
