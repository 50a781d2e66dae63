"""What speaks to the outside, and whatever else no file of this folder plants: a row in every walled table, on both sides.

A table that nobody thought of here is planted all the same, from its columns alone, so that its wall is tried from the
day it is made. What a constraint asks for stands in ``WANTED``.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import models

from linli.assessment.queries import schemes
from linli.assessment.rules import checklist
from linli.cases.models import Case
from linli.cases.tests.cast import Community
from linli.grids.models import PosterRun
from linli.integrations.oidc.models import Identity
from linli.kernel import walls
from linli.kernel.clock import LOCAL
from linli.kernel.sealed import SealedTextField

#: A course with nothing in it.
COURSE = {"code": "planted", "title_zh": "课程"}
#: Values that constraints or rules ask for, by table and column.
WANTED: dict[str, dict[str, Any]] = {
    "assessment_adjustment": {"key": uuid.UUID(int=1), "points": 1},
    "assessment_appeal": {"key": uuid.UUID(int=1)},
    "assessment_checklistrow": {
        "key": uuid.UUID(int=1),
        "items": [asdict(one) for one in checklist.shipped()],
    },
    "assessment_honour": {"key": uuid.UUID(int=1)},
    "assessment_publishingrule": {"key": uuid.UUID(int=1)},
    "assessment_schemeversion": {  # published, for a run stands on it
        "says": schemes.shipped()["lvxing_week"],
        "published_at": datetime(2026, 11, 13, 9, tzinfo=LOCAL),
        "valid_from": date(2026, 11, 16),
    },
    "assessment_part": {
        "indicator": "on_time",
        "explanation": {
            "source": "cases",
            "value": "1",
            "attained": "1",
            "weight": "100",
            "counted": [],
            "rest": [],
            "excluded": [],
        },
    },
    "assessment_run": {"cause": "due", "since_date": date(2026, 11, 16), "until_date": date(2026, 11, 23)},
    "assessment_scheme": {"key": uuid.UUID(int=1), "level": "worker", "period": "week"},
    "clients_apiclient": {"role": "dispatcher", "scopes": ["cases:read"]},
    "fieldwork_careplan": {"key": uuid.UUID(int=1)},
    "fieldwork_diarynote": {"key": uuid.UUID(int=1)},
    "fieldwork_handover": {"key": uuid.UUID(int=1)},
    "fieldwork_recheck": {"record": "visit", "drawn": "random"},
    "fieldwork_service": {"key": uuid.UUID(int=1)},
    "fieldwork_patrol": {"key": uuid.UUID(int=1)},
    "fieldwork_patrolpoint": {"position": "106.63,26.65"},
    "fieldwork_visit": {"key": uuid.UUID(int=1)},
    "groups_chatgroup": {"key": uuid.UUID(int=1)},
    "groups_headcount": {"key": uuid.UUID(int=1)},
    "groups_groupcode": {"link": "https://group.example/1"},
    "hotline_message": {"kind": "receipt", "values": {}, "state": "sent"},
    "hotline_order": {"way": "in", "standing": "open"},
    "notices_attempt": {"road": "page"},
    "notices_notice": {
        "urgency": "ordinary",
        "language": "zh-hans",
        "kind": "case_settled",
        "recipient": "a0",
    },
    "open311_filed": {"type": "realtime"},
    "webhooks_delivery": {"body": "{}"},
    "publishing_announcement": {"key": uuid.UUID(int=1)},
    "publishing_service": {"key": uuid.UUID(int=1), "topic": "papers"},
    "training_coursedraft": {"code": "planted", "content": COURSE},
    "training_courseterms": {"code": "planted"},
    "training_courseversion": {"code": "planted", "key": uuid.UUID(int=1), "content": COURSE},
    "training_pagedraft": {"slug": "planted"},
    "training_pageversion": {"slug": "planted", "key": uuid.UUID(int=1)},
    "wechat_officialaccount": {"datum": "gcj02", "mode": "plain", "on": True},
}
#: Columns that ask for somebody else than the others of their row.
OTHERS = {
    "fieldwork.HandOver.receiver": "grid_worker",
    "assessment.EvaluationSheet.evaluator": "grid_worker",
}
#: Columns that may be empty and are filled all the same, because a constraint asks for one of several.
FILLED: dict[str, tuple[str, ...]] = {"assessment_certificate": ("honour",)}
#: The names under which an address holds the id of a planted row; with a route's name where others use the same.
NAMED = {
    "assessment_run": tuple(
        f"{route}.run_id"
        for route in (
            "score",
            "part",
            "run",
            "review",
            "announce",
            "publish_now",
            "compute",
            "adjust",
            "file",
        )
    ),
    "assessment_appeal": ("appeal_id",),
    "assessment_adjustment": ("adjustment_id",),
    "assessment_evaluationsheet": ("sheet_id",),
    "assessment_honour": ("honour_id",),
    "assessment_scheme": ("scheme_id",),
    "assessment_certificate": ("certificate_paper.certificate_id", "revoke_certificate.certificate_id"),
    "clients_apiclient": ("client_id",),
    "fieldwork_careplan": ("plan_id",),
    "fieldwork_handover": ("handover_id",),
    "fieldwork_diarynote": ("note_id",),
    "fieldwork_patrol": ("patrol_id",),
    "fieldwork_recheck": ("recheck_id",),
    "fieldwork_visit": ("visit_id",),
    "groups_chatgroup": ("group_id",),
    "hotline_line": tuple(
        f"{route}.line_id" for route in ("table", "pull", "results", "settings_line", "settings_secret")
    ),
    "hotline_message": ("message_id",),
    "notices_notice": ("notice_id",),
    "notices_robot": ("robot_id",),
    "open311_app_key": ("key_id",),
    "open311_endpoint": ("settings_endpoint.endpoint_id",),
    "open311_forward": ("forward_id",),
    "wechat_chatanswer": ("answer_id",),
    "oidc_identity": ("identity_id",),
    "oidc_provider": ("provider_id",),
    "publishing_announcement": ("announcement_id",),
    "publishing_service": ("service_id",),
    "fieldwork_service": ("help_id",),
    "grids_posterrun": ("run_id",),
    "wechat_scenecode": ("scene_id",),
    "webhooks_delivery": ("delivery_id",),
    "webhooks_endpoint": ("endpoint_id",),
}
SAME = {
    "slug": "urgent",
    "label": "s1",
    "lesson_code": "denominators",
    "edit_question.question_code": "denominators-1",
    **{
        f"{route}.code": "data-literacy"
        for route in ("course", "begin", "lesson", "edit", "begin_draft", "drop_part")
    },
    **{f"training.api_{route}.code": "data-literacy" for route in ("export", "import", "begin")},
    "language": "zh",
    "shape": "wide",
    "digest": "0123456789abcdef",
    "road": "sms",
    "settings_kind.code": "case_settled",
    "act.deed": "pause",
    "manifest.language": "zh-hans",
    "name": "cases.CaseMoved",
    "key": "nobody",
    "rest": "orders",
    "category_code": "facilities.lighting",
    "question_code": "none",
}


def fill(community: Community, number: str, *, at: datetime) -> dict[str, Any]:
    """Plant, and tell the ids as the parameters of addresses name them. The community must be entered."""
    planting = _Planting(community, Case.objects.get(number=number, community_id=community.id), at)
    for model in sorted(walls.walled_models(), key=lambda model: model._meta.db_table):
        planting.row(model)
    planting.row(Identity)  # no wall: who nobody knows yet comes in by it
    planting.row(PosterRun)  # no wall: it hangs at doors
    ids = {
        name: planting.rows[table].pk
        for table, names in NAMED.items()
        for name in names
        if table in planting.rows
    }
    return {**SAME, **ids, "account_id": community.people["grid_worker"].account_id}


def absent() -> dict[str, Any]:
    """What there is none of."""
    names = [name for names in NAMED.values() for name in names]
    return {**SAME, **dict.fromkeys([*names, "account_id"], 999_999_999)}


class _Planting:
    def __init__(self, community: Community, case: Case, at: datetime) -> None:
        self.community, self.case, self.at = community, case, at
        self.rows: dict[str, models.Model] = {}

    def row(self, model: type[models.Model]) -> models.Model:
        """A row of this table in the community: one that is there, else one made from the columns."""
        table = model._meta.db_table
        if table in self.rows:
            return self.rows[table]
        found = model._default_manager.filter(community_id=self.community.id).first()
        if found is None:
            found = model._default_manager.create(**self._values(model))
        self.rows[table] = found
        return found

    def _values(self, model: type[models.Model]) -> dict[str, Any]:
        wanted = WANTED.get(model._meta.db_table, {})
        filled = FILLED.get(model._meta.db_table, ())
        needed = [
            field
            for field in model._meta.concrete_fields
            if not field.primary_key
            and field.name not in wanted
            and (
                field.name in filled
                or not (field.null or field.has_default() or field.db_default is not models.NOT_PROVIDED)
            )
        ]
        return {**wanted, **{field.name: self._value(field) for field in needed}}

    def _value(self, field: models.Field[Any, Any]) -> Any:
        if field.name == "community_id":
            return self.community.id
        if isinstance(field, models.ForeignKey):
            return self._other(field)
        if isinstance(field, SealedTextField):
            return "sealed"
        if field.choices:
            return field.choices[0][0]  # type: ignore[index]  # pairs, as Django keeps them
        mark = hashlib.sha256(f"{field} {self.community.id}".encode())
        made: dict[type[models.Field[Any, Any]], Any] = {
            models.JSONField: {},
            models.DateTimeField: self.at,
            models.DateField: self.at.date(),
            models.BinaryField: mark.digest(),
            models.UUIDField: uuid.UUID(bytes=mark.digest()[:16]),
            models.BooleanField: False,
        }
        if type(field) in made:
            return made[type(field)]
        if isinstance(field, models.IntegerField):
            return 1
        return mark.hexdigest()[: min(field.max_length or 12, 12)]

    def _other(self, field: models.ForeignKey[Any, Any]) -> Any:
        other = field.related_model
        table = other._meta.db_table
        held = {
            "cases_case": self.case,
            "people_account": self.community.people[OTHERS.get(str(field), "dispatcher")].account,
            "people_organisation": self.community.organisations["department"],
        }
        if table in held:
            return held[table]
        if table == "grids_place":
            return other._default_manager.get(pk=self.community.place.id)
        return self.row(other)
