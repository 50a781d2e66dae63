"""Pages of the places: scanning, maps, settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from linli.grids import actions, queries
from linli.grids.rows import PlaceRow
from linli.grids.tests.conftest import LUXING, RIVERSIDE, Ground
from linli.kernel import access, clock
from linli.people import models as people
from linli.people import sessions

pytestmark = pytest.mark.django_db
Enter = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_second_factor(settings: object) -> None:
    settings.LINLI_STAFF_MFA = False  # type: ignore[attr-defined]


@pytest.fixture
def enter(person: Callable[..., int]) -> Enter:
    """A browser in which somebody with this duty has signed in."""

    def entered(role: str = "", place: PlaceRow | None = None, name: str = "李卫国") -> Client:
        account_id = person(name)
        if place is not None:
            actions.grant_duty(
                actor=access.SYSTEM, account_id=account_id, role=role, place_id=place.id, at=clock.now()
            )
        client = Client()
        client.force_login(people.Account.objects.get(pk=account_id), backend=sessions.BACKEND)
        client.account_id = account_id  # type: ignore[attr-defined]
        return client

    return entered


# Scanning


def test_a_scan_leads_to_the_place_and_is_remembered(ground: Ground, client: Client) -> None:
    building = ground.at("100300001")
    answer = client.get(f"/p/{building.qr_code}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/place/{building.code}/")
    assert client.session["linli.place"] == building.id


def test_a_code_typed_small_is_understood(ground: Ground, client: Client) -> None:
    code = (ground.at("100300001").qr_code or "").lower()
    assert client.get(f"/p/{code}/").status_code == 302


def test_a_scan_ties_a_signed_in_person_to_the_community(ground: Ground, enter: Enter) -> None:
    client, building = enter(), ground.at("100300001")
    client.get(f"/p/{building.qr_code}/")
    (membership,) = queries.memberships(client.account_id)  # type: ignore[attr-defined]
    assert membership[:2] == (ground.luxing.id, building.id)


def test_an_unknown_code_is_nowhere_and_a_replaced_one_says_so(
    ground: Ground, client: Client, at: datetime
) -> None:
    building = ground.at("100300001")
    assert client.get("/p/NOSUCHCODE00/").status_code == 404
    actions.replace_qr(actor=access.SYSTEM, place_id=building.id, reason="丢失", at=at)
    answer = client.get(f"/p/{building.qr_code}/")
    assert answer.status_code == 410
    assert "换了新的" in answer.content.decode()
    assert f"/place/{LUXING}/" in answer.content.decode()  # the community; not the door
    assert building.name_zh not in answer.content.decode()


def test_staff_print_the_code_of_their_own_community(ground: Ground, enter: Enter) -> None:
    worker, building = enter("grid_worker", ground.at("1003")), ground.at("100300001")
    answer = worker.get(f"/desk/places/{building.id}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    for layout in ("a4", "stickers"):
        sheet = worker.get(f"/desk/places/{building.id}/poster/?layout={layout}")
        assert sheet["Content-Type"] == "application/pdf"
        assert sheet.content.count(b"/Type /Page\n") == 1
    foreign = queries.place_by_code(RIVERSIDE)
    assert foreign is not None
    assert worker.get(f"/desk/places/{foreign.id}/qr.svg").status_code == 404


# Maps


def test_anybody_gets_the_outlines_of_a_community(ground: Ground, client: Client) -> None:
    grid = ground.at("1003")
    answer = client.get(f"/place/{grid.code}/grids.geojson")
    features = answer.json()["features"]
    assert answer["Content-Type"] == "application/geo+json"
    assert len(features) == 10
    assert [each["properties"]["code"] for each in features if each["properties"]["here"]] == [grid.code]
    again = client.get(f"/place/{grid.code}/grids.geojson", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_a_map_has_the_names_of_the_readers_language(ground: Ground, client: Client) -> None:
    client.cookies["linli-language"] = "en"
    client.cookies["django_language"] = "en"
    answer = client.get(f"/place/{LUXING}/grids.geojson", headers={"Accept-Language": "en"})
    assert "Grid 3" in {each["properties"]["name"] for each in answer.json()["features"]}


def test_staff_get_the_buildings_of_their_communities_only(ground: Ground, enter: Enter) -> None:
    answer = enter("dispatcher", ground.luxing).get("/desk/places.geojson")
    features = answer.json()["features"]
    assert {each["geometry"]["type"] for each in features} == {"Polygon", "Point"}
    assert all(each["properties"]["code"].startswith(LUXING) for each in features)


def test_a_dwelling_has_no_public_map(ground: Ground, client: Client) -> None:
    dwelling = queries.subtree(ground.luxing.path, "dwelling")[0]
    assert client.get(f"/place/{dwelling.code}/grids.geojson").status_code == 404


@pytest.mark.parametrize("key", ["%00", "nowhere", "99999999999", "²", "5201130080061003%20"])
def test_a_place_that_cannot_be_is_not_found(ground: Ground, client: Client, key: str) -> None:
    assert client.get(f"/place/{key}/grids.geojson").status_code == 404


# Settings


@pytest.mark.parametrize(
    "path", ["/desk/settings/places/", "/desk/settings/duties/", "/desk/settings/community/"]
)
def test_settings_are_for_keepers(ground: Ground, client: Client, enter: Enter, path: str) -> None:
    assert client.get(path).status_code == 302
    assert enter().get(path).status_code == 403
    assert enter("dispatcher", ground.luxing).get(path).status_code == 403
    leader = enter("community_leader", ground.luxing)
    assert leader.get(path).status_code == 200
    assert leader.get(path, {"community": ground.riverside.id}).status_code == 404


def test_the_tree_shows_grids_and_buildings(ground: Ground, enter: Enter) -> None:
    text = enter("admin", ground.luxing).get("/desk/settings/places/").content.decode()
    assert "第三网格" in text
    assert ground.at("100300001").code in text
    assert "示例" in text


def test_a_leader_renames_a_building(ground: Ground, enter: Enter) -> None:
    leader, building = enter("community_leader", ground.luxing), ground.at("100300001")
    path = f"/desk/settings/places/{building.id}/"
    assert building.name_zh in leader.get(path).content.decode()
    answer = leader.post(
        path, {"name_zh": "红楼", "name_en": "Red House", "aliases": "8栋\n八栋", "households": "36"}
    )
    assert answer.status_code == 302
    renamed = ground.at("100300001")
    assert (renamed.name_zh, renamed.aliases, renamed.households) == ("红楼", ("8栋", "八栋"), 36)


def test_a_missing_name_is_said_at_the_field(ground: Ground, enter: Enter) -> None:
    leader, building = enter("community_leader", ground.luxing), ground.at("100300001")
    answer = leader.post(f"/desk/settings/places/{building.id}/", {"name_zh": ""})
    assert answer.status_code == 422
    assert ground.at("100300001").name_zh == building.name_zh


def test_a_place_of_another_community_is_not_found(ground: Ground, enter: Enter) -> None:
    leader = enter("community_leader", ground.riverside)
    building = ground.at("100300001")
    for path in (f"/desk/settings/places/{building.id}/", f"/desk/settings/places/{building.id}/replace-qr/"):
        assert leader.post(path, {"name_zh": "x", "reason": "x"}).status_code == 404


def test_a_leader_replaces_a_code(ground: Ground, enter: Enter) -> None:
    leader, building = enter("community_leader", ground.luxing), ground.at("100300001")
    path = f"/desk/settings/places/{building.id}/replace-qr/"
    assert leader.post(path, {"reason": ""}).status_code == 422
    assert ground.at("100300001").qr_code == building.qr_code
    assert leader.post(path, {"reason": "被撕掉"}).status_code == 302
    assert ground.at("100300001").qr_code != building.qr_code


def test_a_leader_appoints_by_phone_and_ends_the_duty(
    ground: Ground, enter: Enter, person: Callable[..., int]
) -> None:
    leader, worker, grid = (
        enter("community_leader", ground.luxing),
        person("张丽", "+8613612345678"),
        ground.at("1003"),
    )
    given = {"phone": "136 1234 5678", "role": "grid_worker", "place": grid.id, "from_date": "2026-11-01"}
    assert leader.post("/desk/settings/duties/", given).status_code == 302
    text = leader.get("/desk/settings/duties/").content.decode()
    assert "张丽" in text
    (duty,) = [each for each in queries.duties(ground.luxing.id) if each.account_id == worker]
    assert leader.post("/desk/settings/duties/", given).status_code == 422
    assert leader.post(f"/desk/settings/duties/{duty.id}/end/").status_code == 302
    actor = queries.actor(worker, clock.now())
    assert actor is not None
    assert actor.grants == ()


def test_somebody_new_is_appointed_with_a_name(ground: Ground, enter: Enter) -> None:
    leader = enter("admin", ground.luxing)
    given = {"phone": "13512345678", "role": "police", "place": ground.luxing.id, "from_date": "2026-11-01"}
    answer = leader.post("/desk/settings/duties/", given)
    assert answer.status_code == 422
    assert not people.Account.objects.filter(short_name="周**").exists()
    assert leader.post("/desk/settings/duties/", {**given, "name": "周警官"}).status_code == 302
    assert people.Account.objects.filter(short_name="周**").exists()


def test_a_leader_is_not_offered_to_make_admins(ground: Ground, enter: Enter) -> None:
    leader = enter("community_leader", ground.luxing)
    given = {
        "phone": "13512345678",
        "name": "周",
        "role": "admin",
        "place": ground.luxing.id,
        "from_date": "2026-11-01",
    }
    assert leader.post("/desk/settings/duties/", given).status_code == 422
    assert not people.Account.objects.filter(short_name="周*").exists()


def test_wishes_are_saved_together_or_not_at_all(ground: Ground, enter: Enter) -> None:
    leader, path = enter("community_leader", ground.luxing), "/desk/settings/community/"
    page = leader.get(path)
    values = {key: value for key, value in page.context["form"].initial.items() if value is not False}
    bad = leader.post(path, {**values, "reopen_days": 20, "quiet_hours": "late"})
    assert bad.status_code == 422
    assert queries.setting(ground.luxing.id, "reopen_days", clock.now()) == 15
    assert leader.post(path, {**values, "reopen_days": 20, "quiet_hours": ""}).status_code == 302
    assert queries.setting(ground.luxing.id, "reopen_days", clock.now()) == 20
    assert queries.setting(ground.luxing.id, "quiet_hours", clock.now()) == ""


# Homes


def test_a_home_is_asked_for_and_proved_by_two(ground: Ground, enter: Enter) -> None:
    resident, building = enter(name="陈晨"), ground.at("100300001")
    resident.get(f"/p/{building.qr_code}/")
    page = resident.get("/me/home/")
    assert page.context["building"] == building
    dwelling = queries.subtree(building.path, "dwelling")[0]
    answer = resident.post(f"/me/home/?building={building.id}", {"dwelling": dwelling.id})
    assert answer.status_code == 302
    worker, officer = enter("grid_worker", ground.at("1003")), enter("police", ground.luxing)
    listed = worker.get("/desk/residences/")
    (told,) = listed.context["rows"]
    path = f"/desk/residences/{told['row'].id}/"
    assert "陈*" in listed.content.decode()
    assert "陈晨" not in listed.content.decode()
    assert "陈晨" in worker.post(path, {"verb": "show"}).content.decode()
    for client in (worker, officer):
        assert client.post(path, {"verb": "vouch"}).status_code == 302
    actor = queries.actor(resident.account_id, clock.now())  # type: ignore[attr-defined]
    assert actor is not None
    assert actor.level == 3
    assert enter("grid_worker", ground.at("1004")).get(path).status_code == 404


def test_a_resident_gives_up_a_home_and_nobody_elses(ground: Ground, enter: Enter) -> None:
    resident, neighbour, building = enter(name="陈晨"), enter(name="何静"), ground.at("100300001")
    for client in (resident, neighbour):
        client.get(f"/p/{building.qr_code}/")
    dwelling = queries.subtree(building.path, "dwelling")[0]
    resident.post(f"/me/home/?building={building.id}", {"dwelling": dwelling.id})
    (told,) = resident.get("/me/home/").context["homes"]
    path = f"/me/home/{told['row'].id}/end/"
    assert neighbour.post(path).status_code == 404
    assert resident.post(path).status_code == 302
    page = resident.get("/me/home/")
    assert page.context["homes"] == []
    assert [told["why"] for told in page.context["past"]] == ["moved"]


def test_whoever_comes_from_a_scan_without_following_is_led_on(ground: Ground, enter: Enter) -> None:
    somebody, building = enter(name="陈晨"), ground.at("100300001")
    page = somebody.get(f"/me/home/?building={building.id}")  # back from signing in
    assert page.status_code == 200
    assert not page.context["has_doors"]
    answer = somebody.post("/me/building/", {"building": building.id})
    assert somebody.get(answer["Location"]).context["has_doors"]
    assert somebody.get("/me/home/?building=%00").status_code == 404
    assert somebody.get(f"/me/home/?building={ground.at('1003').id}").status_code == 404


def test_a_refusal_needs_a_reason_that_the_person_reads(ground: Ground, enter: Enter) -> None:
    resident, building = enter(name="陈晨"), ground.at("100300001")
    resident.get(f"/p/{building.qr_code}/")
    dwelling = queries.subtree(building.path, "dwelling")[0]
    resident.post(f"/me/home/?building={building.id}", {"dwelling": dwelling.id})
    worker = enter("grid_worker", ground.at("1003"))
    (told,) = worker.get("/desk/residences/").context["rows"]
    path = f"/desk/residences/{told['row'].id}/"
    assert worker.post(path, {"verb": "refuse", "reason": "other", "words": " "}).status_code == 422
    assert (
        worker.post(path, {"verb": "refuse", "reason": "other", "words": "打 13812345678"}).status_code == 422
    )
    assert (
        worker.post(path, {"verb": "refuse", "reason": "wrong_door", "words": "是 201 吗？"}).status_code
        == 302
    )
    assert "门牌对不上（是 201 吗？）" in resident.get("/me/home/").content.decode()


def test_the_doors_of_a_foreign_building_are_not_listed(ground: Ground, enter: Enter) -> None:
    resident = enter(name="陈晨")
    resident.get(f"/p/{ground.luxing.qr_code}/")
    foreign = queries.buildings(ground.riverside.id)[0]
    page = resident.get("/me/home/", {"building": foreign.id})
    assert not page.context["has_doors"]
    door = queries.subtree(foreign.path, "dwelling")[0]
    assert resident.post(f"/me/home/?building={foreign.id}", {"dwelling": door.id}).status_code == 422
