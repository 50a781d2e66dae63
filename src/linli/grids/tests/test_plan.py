"""Imports: what the files say, and what would come of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from shapely.geometry import box, mapping

from linli.grids.rules import plan as plans
from linli.grids.rules import sheets as sheet_rules
from linli.grids.rules.datum import Datum, from_wgs84
from linli.grids.rules.plan import Known, KnownDivision, KnownPlace, Plan
from linli.grids.rules.sheets import Sheets
from linli.grids.rules.words import DivisionLevel, Level

pytestmark = pytest.mark.rules
DAY = date(2026, 11, 23)
C = "520113008006"
HEAD = "code,parent_code,level,name_zh,kind,households,lon,lat,valid_to,aliases\n"
COMMUNITY = f"{C},,community,铝兴社区,,,,,,\n"
GRID = f"{C}1001,{C},grid,第一网格,base,400,,,,\n"
OTHER_GRID = f"{C}1002,{C},grid,第二网格,base,400,,,,\n"
STREET = {
    "520113008000": KnownDivision(
        "520113008000", DivisionLevel.STREET, "520113000000", {"name_zh": "龚家寨街道", "valid_to": None}
    )
}


def read(*texts: str, datum: Datum = Datum.WGS84) -> Sheets:
    made = Sheets()
    for number, text in enumerate(texts):
        made.add(sheet_rules.read(f"file{number}", text.encode(), datum))
    return made


def planned(*texts: str, known: Known | None = None, community: str = "") -> Plan:
    return plans.make(read(*texts), known or Known(divisions=STREET), DAY, community=community)


def codes(plan: Plan) -> list[tuple[int, str]]:
    return [(problem.source.line, problem.code) for problem in plan.problems]


def outlines(shapes: Mapping[str, Any]) -> str:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": mapping(shape)}
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def known_place(code: str, level: Level, parent: str, **values: Any) -> KnownPlace:
    outline = values.pop("boundary", None)
    every = {"name_zh": "旧名", "valid_from": date(2020, 1, 1), "valid_to": None, **values}
    return KnownPlace(code, level, parent, every, outline)


def test_new_places_are_added_parents_first() -> None:
    plan = planned(HEAD + GRID + COMMUNITY)
    assert plan.problems == []
    assert [(each.what, each.code) for each in plan.places] == [("added", C), ("added", f"{C}1001")]
    assert plan.places[1].values["households"] == 400
    assert plan.places[1].values["valid_from"] == DAY


def test_chinese_headings_and_levels_and_gb18030_are_read() -> None:
    text = (
        f"编码,上级编码,层级,名称,类型,户数\n{C},,社区,铝兴社区,,\n{C}1001,{C},网格,第一网格,基础网格,400\n"
    )
    read_back = sheet_rules.read("excel.csv", text.encode("gb18030"))
    assert read_back.problems == []
    assert [entry.level for entry in read_back.places] == [Level.COMMUNITY, Level.GRID]
    assert read_back.places[1].values == {"name_zh": "第一网格", "kind": "base", "households": 400}


def test_coordinates_are_converted_on_the_way_in() -> None:
    lon, lat = from_wgs84(106.6365, 26.6605, Datum.BD09)
    (entry,) = read(
        f"code,level,name_zh,lon,lat\n{C},community,铝兴社区,{lon},{lat}\n", datum=Datum.BD09
    ).places
    assert (entry.values["lon"], entry.values["lat"]) == pytest.approx((106.6365, 26.6605), abs=1e-6)


def test_the_public_list_gives_the_whole_chain_once() -> None:
    head = ",".join(sheet_rules.PUBLIC_COLUMNS)
    chain = "520113008,龚家寨街道,520113,白云区,贵阳市,贵州省"
    plan = planned(f"{head}\n{C},铝兴社区,{chain}\n520113008007,铝城社区,{chain}\n", known=Known())
    assert plan.problems == []
    assert [change.code for change in plan.divisions] == [
        "520000000000", "520100000000", "520113000000", "520113008000", C, "520113008007",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("12345,,community,短,,,,,,", "bad_code"),
        (f"{C}1003,{C},grid,无类,,,,,,", "kind_missing"),
        (f"{C}1003,{C},grid,,base,,,,,", "name_missing"),
        (f"{C}9003,{C},grid,怪码,base,,,,,", "code_off_pattern"),
        (f"{C}1003,{C}1009,building,无上级,,,,,,", "unknown_parent"),
        (f"{C}-U1,{C},unit,单元,,,,,,", "parent_not_above"),
        (f"{C}1003,,grid,无上级,base,,,,,", "parent_missing"),
        (f"{C}1003,{C},village,怪层,base,,,,,", "unknown_level"),
        (f"{C}1003,{C},grid,怪类,round,,,,,", "unknown_kind"),
        (f"{C}1003,{C},grid,户数,base,-4,,,,", "not_a_number"),
        (f"{C}1003,{C},grid,日子,base,,,,23.11.2026,", "not_a_day"),
        (f"{C}1003,{C},grid,早停,base,,,,1999-01-01,", ""),
        (f"{C}1003,{C},grid,点,base,,106.6,,,", "not_a_point"),
        (f"{C}1003,{C},grid,点,base,,26.6,106.6,,", "outside_the_world"),
        (f"{C}1003,{C},grid,多,base,,,,,,x,y", "too_many_cells"),
        ("310105005025,,community,仁恒,,,,,,", "unknown_division"),
        ("5201130080071001,520113008006,grid,别处,base,,,,,", "parent_elsewhere"),
        (f"{C}1001,{C},grid,另一个名字,base,,,,,", "said_twice"),
        (f"{C}-C1,{C},committee,居委会,base,,,,,", "kind_only_of_grids"),
    ],
)
def test_a_bad_row_is_named_by_its_line(row: str, reason: str) -> None:
    plan = planned(HEAD + COMMUNITY + GRID + row + "\n")
    assert codes(plan) == ([(4, reason)] if reason else [])


def test_the_line_is_right_behind_a_cell_of_two_lines() -> None:
    plan = planned(HEAD + f'{C},,community,"铝兴\n社区",,,,,,\n' + "x,,grid,坏,base,,,,,\n")
    assert codes(plan) == [(4, "bad_code")]


def test_aliases_are_parted_by_any_semicolon() -> None:
    (entry,) = read(
        f"code,level,name_zh,aliases\n{C},community,铝兴社区,老厂\uff1b铝城;厂区、南门|北门\n"
    ).places
    assert entry.values["aliases"] == ["老厂", "铝城", "厂区", "南门", "北门"]


def test_unknown_columns_are_refused_before_any_row() -> None:
    assert codes(planned("id,name\n1,x\n")) == [(1, "unknown_columns")]
    assert codes(planned("   \n")) == [(0, "empty_file")]


def test_households_outside_300_to_500_only_warn() -> None:
    plan = planned(HEAD + COMMUNITY + GRID.replace("400", "812"))
    assert plan.problems == []
    assert [(each.code, each.detail) for each in plan.warnings] == [("households_unusual", "812")]


def test_the_difference_names_old_and_new() -> None:
    known = Known({C: known_place(C, Level.COMMUNITY, "", aliases=["老厂"])}, STREET)
    plan = planned(f"code,level,name_zh,aliases\n{C},community,铝兴社区,-\n", known=known)
    (change,) = plan.places
    assert (change.what, dict(change.values), dict(change.was)) == (
        "changed", {"name_zh": "铝兴社区", "aliases": []}, {"name_zh": "旧名", "aliases": ["老厂"]},
    )  # fmt: skip


def test_a_blank_cell_leaves_what_is_there() -> None:
    known = Known({C: known_place(C, Level.COMMUNITY, "", households=9)}, STREET)
    plan = planned(f"code,level,name_zh,households\n{C},community,,\n", known=known)
    assert (plan.places, plan.unchanged) == ([], 1)


def test_a_place_with_open_places_below_is_not_closed() -> None:
    known = Known(
        {
            C: known_place(C, Level.COMMUNITY, ""),
            f"{C}1001": known_place(f"{C}1001", Level.GRID, C, kind="base"),
            f"{C}100100001": known_place(f"{C}100100001", Level.BUILDING, f"{C}1001"),
        },
        STREET,
    )
    close_grid = f"{C}1001,{C},grid,,,,,,2026-12-01,\n"
    close_building = f"{C}100100001,{C}1001,building,,,,,,2026-12-01,\n"
    assert codes(planned(HEAD + close_grid, known=known)) == [(2, "has_open_children")]
    plan = planned(HEAD + close_grid + close_building, known=known)
    assert plan.problems == []
    assert plan.count("closed") == 2


def test_a_level_never_changes() -> None:
    known = Known({C: known_place(C, Level.COMMUNITY, "")}, STREET)
    assert codes(planned(f"code,level,name_zh\n{C},grid,铝兴\n", known=known))[0] == (
        2,
        "level_cannot_change",
    )


def test_only_the_rows_of_one_community_are_taken() -> None:
    elsewhere = "310105005025,,community,仁恒,,,,,,\n"
    plan = planned(HEAD + COMMUNITY + elsewhere, community=C)
    assert plan.problems == []
    assert (len(plan.places), plan.left_out) == (1, 1)


def test_a_community_may_have_its_own_pattern_of_codes() -> None:
    known = Known({C: known_place(C, Level.COMMUNITY, "")}, STREET, patterns={C: (r"G\d\d", r"B\d+")})
    row = f"{C}G07,{C},grid,七格,base,400,,,,\n"
    assert planned(HEAD + row, known=known).problems == []
    assert codes(planned(HEAD + GRID, known=known)) == [(2, "code_off_pattern")]


# Outlines

WHOLE = box(106.0, 26.0, 106.02, 26.01)
LEFT, RIGHT = box(106.0, 26.0, 106.01, 26.01), box(106.01, 26.0, 106.02, 26.01)
TABLE = HEAD + COMMUNITY + GRID + OTHER_GRID + f"{C}2001,{C},grid,市场,dedicated,,,,,\n"


def test_outlines_that_fit_are_drawn() -> None:
    plan = planned(TABLE, outlines({C: WHOLE, f"{C}1001": LEFT, f"{C}1002": RIGHT}))
    assert (plan.problems, plan.warnings) == ([], [])
    assert set(plan.outlines) == {C, f"{C}1001", f"{C}1002"}


def test_overlapping_base_grids_are_refused_by_name() -> None:
    wide = box(106.0, 26.0, 106.011, 26.01)
    plan = planned(TABLE, outlines({f"{C}1001": wide, f"{C}1002": RIGHT}))
    assert codes(plan) == [(1, "overlaps_grid")]
    assert f"{C}1002" in plan.problems[0].detail


def test_a_dedicated_grid_may_lie_over_others() -> None:
    over = box(106.005, 26.002, 106.015, 26.008)
    plan = planned(TABLE, outlines({C: WHOLE, f"{C}1001": LEFT, f"{C}1002": RIGHT, f"{C}2001": over}))
    assert plan.problems == []


def test_a_grid_outside_its_community_is_refused() -> None:
    plan = planned(TABLE, outlines({C: LEFT, f"{C}1001": LEFT, f"{C}1002": RIGHT}))
    assert codes(plan) == [(3, "outside_parent")]


def test_a_new_grid_is_held_against_those_already_there() -> None:
    stored = mapping(RIGHT)
    known = Known(
        {
            C: known_place(C, Level.COMMUNITY, ""),
            f"{C}1001": known_place(f"{C}1001", Level.GRID, C, kind="base"),
            f"{C}1002": known_place(f"{C}1002", Level.GRID, C, kind="base", boundary=stored),
        },
        STREET,
    )
    assert codes(planned(outlines({f"{C}1001": WHOLE}), known=known)) == [(1, "overlaps_grid")]
    assert planned(outlines({f"{C}1001": LEFT}), known=known).problems == []


def test_a_community_drawn_smaller_than_its_grids_is_refused() -> None:
    known = Known(
        {
            C: known_place(C, Level.COMMUNITY, ""),
            f"{C}1001": known_place(f"{C}1001", Level.GRID, C, kind="base", boundary=mapping(LEFT)),
        },
        STREET,
    )
    assert codes(planned(outlines({C: box(106.0, 26.0, 106.005, 26.01)}), known=known)) == [
        (1, "outside_parent")
    ]


def test_uncovered_ground_and_a_neighbour_underneath_only_warn() -> None:
    known = Known(divisions=STREET, neighbours={"520113008007": mapping(box(106.015, 26.0, 106.03, 26.01))})
    plan = planned(TABLE, outlines({C: WHOLE, f"{C}1001": LEFT}), known=known)
    assert plan.problems == []
    assert {each.code for each in plan.warnings} == {"not_covered", "overlaps_community"}


def test_an_outline_of_nothing_known_is_refused() -> None:
    assert codes(planned(TABLE, outlines({f"{C}1009": LEFT}))) == [(1, "unknown_place")]


def test_the_same_outline_again_changes_nothing() -> None:
    first = planned(TABLE, outlines({f"{C}1001": LEFT}))
    known = Known(
        {
            C: known_place(C, Level.COMMUNITY, ""),
            f"{C}1001": known_place(
                f"{C}1001", Level.GRID, C, kind="base", boundary=first.outlines[f"{C}1001"]
            ),
        },
        STREET,
    )
    plan = planned(outlines({f"{C}1001": LEFT}), known=known)
    assert (plan.outlines, plan.unchanged) == ({}, 1)


def test_a_county_outline_of_tianditu_finds_its_division() -> None:
    county = KnownDivision("520113000000", DivisionLevel.COUNTY, "", {"name_zh": "白云区", "valid_to": None})
    feature = {"type": "Feature", "properties": {"gb": "156520113"}, "geometry": mapping(WHOLE)}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    plan = planned(text, known=Known(divisions={county.code: county}))
    assert plan.problems == []
    assert list(plan.outlines) == ["520113000000"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type": "Feature"}', "not_a_feature_collection"),
        ("[1, 2]", "not_a_feature_collection"),
        ("{nonsense", "unreadable"),
        ('{"features": [7]}', "not_a_feature"),
        ('{"features": [{"properties": {}, "geometry": {"type": "Point"}}]}', "not_a_polygon"),
    ],
)
def test_what_is_no_geojson_is_refused(text: str, reason: str) -> None:
    assert [code for _, code in codes(planned(text))] == [reason]
