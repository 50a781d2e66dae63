"""The walls inside PostgreSQL, tried as the application itself: what the code forgets, the database keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from linli.kernel import audit, scope, walls
from linli.kernel.scope import within
from tests.trust.stage import NOW, Stage

WALLED = sorted(walls.walled_models(), key=lambda model: model._meta.db_table)
APPEND_ONLY = sorted(walls.append_only_models(), key=lambda model: model._meta.db_table)
#: They carry a community and no wall: what a community decides about itself and what anybody may know of it; who serves
#: where; through which provider they come in (secrets sealed, subjects as digests); and the audit log, which is proved as
#: a whole and holds ids and codes only.
OPEN_TO_ALL = {
    "assessment_rankingswitch", "assessment_scheme", "assessment_schemeversion",
    "cases_advicerow", "cases_appointment", "cases_approvalrow", "cases_callbackrule", "cases_callbackterms",
    "cases_category", "cases_ladderrow", "cases_promiserow", "cases_routingrow", "cases_savedfilter",
    "cases_urgentrow", "controlroom_definition", "controlroom_weather", "grids_communitysetting", "grids_duty",
    "grids_membership", "grids_place", "grids_posterrun", "grids_qrcode",
    "kernel_auditentry", "kernel_auditseal", "kernel_calendarday",
    "kernel_workhours", "notices_kindchoice", "notices_template", "oidc_identity", "oidc_provider", "open311_catalog",
    "open311_question", "open311_service", "people_apitoken", "people_organisation",
}  # fmt: skip


def named(model: type[models.Model]) -> str:
    return model._meta.db_table


def one(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


@pytest.fixture
def both(stage: Stage) -> tuple[int, int]:
    """Two communities with rows in every walled table."""
    cast = stage.cast
    for community in (cast.here, cast.elsewhere):
        with within([community.id]):
            audit.reveal(
                community_id=community.id, actor=community.people["dispatcher"].actor(NOW), subject="case:1",
                subject_account_id=None, fields=["phone"], purpose="handle_case", at=NOW,
            )  # fmt: skip
    return cast.here.id, cast.elsewhere.id


def test_every_table_of_a_community_is_walled_or_open_on_purpose() -> None:
    of_a_community = {
        named(model)
        for model in apps.get_models()
        if any(field.column == "community_id" for field in model._meta.concrete_fields)
    }
    assert of_a_community == {named(model) for model in WALLED} | OPEN_TO_ALL


@pytest.mark.django_db
class TestTheRole:
    """Who the application is to PostgreSQL."""

    def test_it_is_nobody_special(self) -> None:
        role = (
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles"
        )
        assert one(f"{role} WHERE rolname = current_user") is False

    def test_it_owns_nothing_and_belongs_to_nobody(self) -> None:
        assert one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == 0
        assert one("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole") == 0

    def test_few_functions_run_with_more_rights_and_each_keeps_the_wall_itself(self) -> None:
        trusted = "FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        names = set(one(f"SELECT string_agg(proname, ',') {trusted}").split(","))
        assert names <= {"linli_search_cases", "linli_alike_cases", "linli_cut_cases_move"}
        assert one(f"SELECT count(*) {trusted} AND prosrc NOT LIKE '%%linli_scope()%%'") == 0
        assert (
            one(f"SELECT count(*) {trusted} AND NOT ('search_path=public, pg_temp' = ANY (proconfig))") == 0
        )


@pytest.mark.parametrize("model", WALLED, ids=named)
@pytest.mark.django_db
class TestEachWalledTable:
    """Seen within its own community, untouchable from outside."""

    def test_it_has_a_wall(self, model: type[models.Model]) -> None:
        assert one("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", named(model)) is True
        assert one("SELECT count(*) FROM pg_policies WHERE tablename = %s AND cmd = 'ALL'", named(model)) == 1

    def test_its_rows_are_seen_inside_only(self, model: type[models.Model], both: tuple[int, int]) -> None:
        here, elsewhere = both
        counted = f"SELECT count(*) FROM {named(model)}"
        assert one(counted) == 0
        with within([here]):
            inside = one(counted)
            assert one(f"{counted} WHERE community_id = %s", elsewhere) == 0
        with within([elsewhere]):
            assert one(f"{counted} WHERE community_id = %s", here) == 0
        with within([here, elsewhere]):
            assert one(counted) > inside > 0
        with within([999_999]):
            assert one(counted) == 0

    def test_nothing_is_put_in_from_outside(self, model: type[models.Model], both: tuple[int, int]) -> None:
        here, elsewhere = both
        table = named(model)
        with within([here]):
            row = one(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1")
        copied = row if isinstance(row, str) else json.dumps(row)
        for communities in ([], [elsewhere]):
            with (
                within(communities),
                pytest.raises(DatabaseError, match="row-level security"),
                transaction.atomic(),
            ):
                one(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)", copied)

    def test_nothing_is_changed_or_moved_over_the_wall(
        self, model: type[models.Model], both: tuple[int, int]
    ) -> None:
        here, elsewhere = both
        table = named(model)
        if model in APPEND_ONLY:
            return
        with within([elsewhere]):
            assert one(f"UPDATE {table} SET community_id = community_id WHERE community_id = %s", here) == 0
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                one(f"UPDATE {table} SET community_id = %s", here)
            assert one(f"DELETE FROM {table} WHERE community_id = %s", here) == 0
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            one(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("model", APPEND_ONLY, ids=named)
@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["UPDATE {0} SET community_id = community_id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_history_is_never_changed_even_inside(
    model: type[models.Model], change: str, both: tuple[int, int]
) -> None:
    with within(both), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        one(change.format(named(model)))


@pytest.mark.django_db
class TestTheSearch:
    """It runs with the owner's rights, because the planner may not use the index otherwise; it keeps the wall itself."""

    WORDS = "SELECT count(*) FROM linli_search_cases(to_tsquery('simple', 'canarywordshere'), 100)"

    def test_it_finds_inside_only(self, stage: Stage) -> None:
        assert one(self.WORDS) == 0
        with within([stage.cast.here.id]):
            assert one(self.WORDS) == 1
        with within([stage.cast.elsewhere.id]):
            assert one(self.WORDS) == 0

    def test_it_follows_the_scope_after_a_rollback(self, stage: Stage) -> None:
        with within([stage.cast.here.id]):
            with pytest.raises(DatabaseError), transaction.atomic():
                one("SELECT 1 / 0")
            assert one(self.WORDS) == 1
        assert one(self.WORDS) == 0


@pytest.mark.django_db
class TestCutting:
    """The one door in the history: an erased person's name is cut out of it, inside the communities entered only."""

    NOTES = "SELECT count(*) FROM cases_move WHERE note LIKE '%%CANARYNOTE%%'"
    CUT = "SELECT linli_cut_cases_move((SELECT array_agg(id) FROM cases_move), ARRAY['CANARYNOTE'])"

    def test_it_cuts_what_is_inside_only(self, stage: Stage) -> None:
        here, elsewhere = stage.cast.here.id, stage.cast.elsewhere.id
        with within([here, elsewhere]):
            assert one(self.NOTES) == 2
            ids = one("SELECT array_agg(id) FROM cases_move")
        for communities in ([], [here]):
            with within(communities):
                one("SELECT linli_cut_cases_move(%s, ARRAY['CANARYNOTE'])", ids)
        with within([here]):
            assert one(self.NOTES) == 0
        with within([elsewhere]):
            assert one(self.NOTES) == 1

    def test_it_opens_nothing_beside_itself(self, stage: Stage) -> None:
        with within([stage.cast.here.id]):
            one(self.CUT)
            for change in ("UPDATE cases_move SET note = ''", "UPDATE kernel_auditentry SET verb = 'x'"):
                one("SELECT set_config('linli.cutting', 'cases_move', true)")
                with pytest.raises(DatabaseError), transaction.atomic():
                    one(change)


@pytest.mark.django_db
def test_a_rolled_back_savepoint_never_leaves_the_scope_of_another(stage: Stage) -> None:
    counted = "SELECT count(DISTINCT community_id) FROM cases_case"
    here, elsewhere = stage.cast.here.id, stage.cast.elsewhere.id
    with within([here]):
        assert one(counted) == 1
        for _ in range(3):
            with pytest.raises(DatabaseError), transaction.atomic():
                _fail_within(here, elsewhere)
            assert one(counted) == 1
    assert scope.current() == ""
    assert one(counted) == 0


def _fail_within(*communities: int) -> None:
    with within(communities):
        assert one("SELECT count(DISTINCT community_id) FROM cases_case") == len(communities)
        one("SELECT 1 / 0")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/", "/desk/", "/api/v1/communities"])
def test_a_request_begins_and_ends_outside_of_every_community(stage: Stage, address: str) -> None:
    scope.enter([stage.cast.here.id, stage.cast.elsewhere.id])  # as if the request before had left it so
    stage.client("anonymous").get(address)
    assert scope.communities() == frozenset()
