"""Imports into the database: all or nothing, once or again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django import DjangoCaptureOnCommitCallbacks
from shapely.geometry import box, mapping

from linli.grids import actions, cli, exports, locate, queries
from linli.grids.actions.importing import Refused
from linli.grids.models import BoundaryVersion, Place
from linli.grids.rules import sheets as sheet_rules
from linli.grids.rules.atlas import Located
from linli.grids.rules.sheets import Sheets
from linli.grids.tests.conftest import LUXING, Ground
from linli.kernel import access
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


def table(*rows: str, head: str = "code,parent_code,level,name_zh,kind,lon,lat,valid_to") -> Sheets:
    return sheet_rules.read("table.csv", ("\n".join([head, *rows]) + "\n").encode())


def drawn(code: str, *corners: float) -> Sheets:
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": mapping(box(*corners))}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    return sheet_rules.read("outlines.geojson", text.encode())


def test_the_demo_is_marked_as_an_example_and_tiles_its_ground(ground: Ground) -> None:
    assert not Place.objects.filter(example=False).exists()
    grids = queries.children(queries.children(ground.luxing.id)[0].id)
    assert [grid.kind for grid in grids] == ["base"] * 8 + ["dedicated"]
    assert all(300 <= (grid.households or 0) <= 500 for grid in grids[:8])


def test_paths_and_communities_are_right_all_the_way_down(ground: Ground) -> None:
    wrong = [
        place.code
        for place in Place.objects.select_related("parent")
        if place.path != f"{place.parent.path if place.parent else ''}{place.pk}."
        or place.community_id != int(place.path.split(".")[0])
    ]
    assert wrong == []
    dwelling = queries.subtree(ground.luxing.path, "dwelling")[0]
    levels = [each.level for each in queries.ancestors(dwelling)]
    assert levels == ["community", "committee", "grid", "courtyard", "building", "unit", "dwelling"]


def test_doors_have_codes_and_dwellings_have_none(ground: Ground) -> None:
    assert not Place.objects.filter(level="dwelling", qr_code__isnull=False).exists()
    assert not Place.objects.exclude(level="dwelling").filter(qr_code__isnull=True).exists()


def test_a_bad_row_changes_nothing(ground: Ground, at: datetime) -> None:
    before = (Place.objects.count(), BoundaryVersion.objects.get().version, AuditEntry.objects.count())
    rows = table(f"{LUXING}100390077,{LUXING}1003,building,好楼,,,,", f"{LUXING}1004x,,grid,坏格,base,,,")
    with pytest.raises(Refused) as refused:
        actions.import_places(actor=access.SYSTEM, sheets=rows, at=at)
    (problem,) = refused.value.plan.problems
    assert (problem.source.file, problem.source.line, problem.code) == ("table.csv", 3, "parent_missing")
    after = (Place.objects.count(), BoundaryVersion.objects.get().version, AuditEntry.objects.count())
    assert after == before


def test_a_dry_run_shows_the_difference_and_writes_nothing(ground: Ground, at: datetime) -> None:
    rows = table(f"{LUXING}1003,,grid,三号网格,,,,", f"{LUXING}100390077,{LUXING}1003,building,新楼,,,,")
    done = actions.import_places(actor=access.SYSTEM, sheets=rows, at=at, dry_run=True)
    assert [(change.what, change.code) for change in done.plan.places] == [
        ("changed", f"{LUXING}1003"),
        ("added", f"{LUXING}100390077"),
    ]
    assert dict(done.plan.places[0].was) == {"name_zh": "第三网格"}
    assert done.version is None
    assert ground.at("1003").name_zh == "第三网格"


def test_a_closed_place_is_gone_today_and_its_code_may_return(ground: Ground, at: datetime) -> None:
    hall = f"{LUXING}100190001"
    done = actions.import_places(actor=access.SYSTEM, sheets=table(f"{hall},,building,,,,,2026-11-23"), at=at)
    assert done.plan.count("closed") == 1
    assert queries.place_by_code(hall) is None
    again = actions.import_places(
        actor=access.SYSTEM, sheets=table(f"{hall},,building,,,,,2026-11-23"), at=at
    )
    assert again.plan.is_empty
    back = table(f"{hall},{LUXING}1001,building,新党群服务中心,,,,")
    actions.import_places(actor=access.SYSTEM, sheets=back, at=at + timedelta(days=3))
    assert Place.objects.filter(code=hall).count() == 2
    assert queries.place_by_code(hall) is not None


def test_a_moved_courtyard_takes_everything_below_along(ground: Ground, at: datetime) -> None:
    yard = ground.at("-Y011")
    below = {place.id for place in queries.subtree(yard.path)}
    actions.import_places(
        actor=access.SYSTEM, sheets=table(f"{LUXING}-Y011,{LUXING}1002,courtyard,,,,,"), at=at
    )
    moved = ground.at("-Y011")
    assert moved.path == f"{ground.at('1002').path}{yard.id}."
    assert {place.id for place in queries.subtree(moved.path)} == below


def test_it_leaves_an_audit_entry_for_each_community(ground: Ground, at: datetime) -> None:
    entries = AuditEntry.objects.filter(verb="grids.import_places").values_list("community_id", "detail__of")
    assert (ground.luxing.id, LUXING) in entries
    assert (0, "divisions") in entries


def test_an_admin_imports_into_the_own_community_only(
    ground: Ground, staff: Callable[..., access.Actor], at: datetime
) -> None:
    admin = staff("admin", ground.luxing)
    rename = table(f"{LUXING}1003,,grid,三号网格,,,,")
    assert actions.import_places(actor=admin, sheets=rename, at=at).plan.count("changed") == 1
    for foreign in (
        table("3101050050251001,,grid,别人的网格,,,,"),
        table("520113008009,,community,新社区,,,,"),
        table("110000000000,,province,北京", head="division_code,parent_code,level,name_zh"),
    ):
        with pytest.raises(access.NotFound):
            actions.import_places(actor=admin, sheets=foreign, at=at)


def test_a_look_up_sees_a_new_boundary(
    ground: Ground, at: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    market = ground.at("2001")
    lon, lat = ground.luxing.lon or 0, ground.luxing.lat or 0
    inside = locate.locate(lon, lat)
    assert isinstance(inside, Located)
    south_west = (106.6330, 26.6590, 106.6332, 26.6592)
    before = locate.locate(106.6331, 26.6591)
    assert before is not None
    assert market.id not in before.dedicated
    with django_capture_on_commit_callbacks(execute=True):
        actions.import_places(actor=access.SYSTEM, sheets=drawn(market.code, *south_west), at=at)
    after = locate.locate(106.6331, 26.6591)
    assert after is not None
    assert after.dedicated == (market.id,)


def test_another_process_sees_it_within_a_second(ground: Ground, at: datetime) -> None:
    versions, reads = [(1, at)], []
    atlas = locate.read_atlas()

    def read() -> object:
        reads.append(versions[-1])
        return atlas

    locator = locate.Locator(version=lambda: versions[-1], atlas=read)  # type: ignore[arg-type]
    locator.locate(106.6365, 26.6605)
    versions.append((2, at))
    locator.locate(106.6365, 26.6605)
    assert reads == [(1, at)]
    locator._check_at -= locate.CHECK_SECONDS
    locator.locate(106.6365, 26.6605)
    assert reads == [(1, at), (2, at)]


def test_the_table_written_is_the_table_read(ground: Ground, at: datetime) -> None:
    rows = ["\t".join(row) for row in exports.table(ground.luxing)]
    text = "\n".join(
        ",".join(f'"{cell}"' if "," in cell else cell for cell in row.split("\t")) for row in rows
    )
    done = actions.import_places(
        actor=access.SYSTEM, sheets=sheet_rules.read("again.csv", text.encode()), at=at
    )
    assert done.plan.is_empty
    assert done.plan.unchanged == len(rows) - 1


# The command


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.places, list(words), standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, result.stdout


def test_the_command_imports_outlines_in_gcj02(ground: Ground, tmp_path: Path) -> None:
    code, text = run("export", "--community", LUXING, "--what", "outlines", "--datum", "gcj02")
    assert code == 0
    file = tmp_path / "outlines.geojson"
    file.write_text(text, encoding="utf-8")
    code, text = run("import", str(file), "--datum", "gcj02", "--dry-run", "--json")
    outcome = json.loads(text)
    assert code == 0
    assert outcome["problems"] == []
    assert outcome["written"] is False


def test_the_command_names_each_bad_row_and_what_to_do(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "grids.csv"
    file.write_text(
        f"code,level,name_zh\nx,grid,坏\n{LUXING}1003,,好\n{LUXING}9999,grid,坏\n", encoding="utf-8"
    )
    code, text = run("import", str(file), "--json")
    problems = json.loads(text)["problems"]
    assert code == 1
    assert [(problem["line"], problem["code"]) for problem in problems] == [
        (2, "bad_code"), (4, "kind_missing"),
    ]  # fmt: skip
    assert all(problem["advice"] for problem in problems)
    assert ground.at("1003").name_zh == "第三网格"


def test_the_command_finds_a_point(ground: Ground) -> None:
    code, text = run("locate", "106.6365", "26.6605")
    assert code == 0
    assert "铝兴社区" in text
    assert run("locate", "0", "0")[0] == 1


def test_the_command_lists_places(ground: Ground) -> None:
    code, text = run("list", "--community", LUXING, "--level", "grid", "--json")
    assert code == 0
    assert len(json.loads(text)) == 9
