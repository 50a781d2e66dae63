from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from linli.kernel import keys, sealed
from linli.kernel.keyring import PURPOSES, Keyring, KeyringRefused


def test_it_makes_a_file_only_the_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    ring = Keyring.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {purpose: set(ring.sets[purpose].keys) for purpose in PURPOSES} == dict.fromkeys(PURPOSES, {"k1"})
    assert len({keys.key for keys in ring.sets.values()}) == 4


def test_it_never_replaces_a_keyring(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    before = Keyring.create(path)
    with pytest.raises(FileExistsError):
        Keyring.create(path)
    assert Keyring.load(path).sets["data"].key == before.sets["data"].key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_it_refuses_a_file_others_may_touch(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    path.chmod(mode)
    with pytest.raises(KeyringRefused, match="chmod 600"):
        Keyring.load(path)


def test_it_says_when_the_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyringRefused, match="cannot read"):
        Keyring.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda ring: ring.pop("receipt"),
        lambda ring: ring["data"].update(current="k9"),
        lambda ring: ring["data"]["keys"].update(k1="c2hvcnQ="),
        lambda ring: ring["data"]["keys"].update({"bad|id": ring["data"]["keys"]["k1"]}),
        lambda ring: ring["data"].update(keys="no"),
    ],
)
def test_it_refuses_a_malformed_ring_without_quoting_keys(tmp_path: Path, change: object) -> None:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    body = json.loads(path.read_text())
    secret = body["data"]["keys"]["k1"]
    assert callable(change)
    change(body)
    path.write_text(json.dumps(body))
    with pytest.raises(KeyringRefused, match="well formed") as refused:
        Keyring.load(path)
    assert secret not in str(refused.value)
    assert refused.value.__cause__ is None


def test_keys_do_not_show_in_a_repr(tmp_path: Path) -> None:
    ring = Keyring.create(tmp_path / "keyring.json")
    assert repr(ring.sets["data"].key)[2:10] not in repr(ring)
    assert "keys" not in repr(ring.sets["data"])


def test_a_new_key_becomes_current_and_the_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    before = Keyring.create(path)
    after = before.with_new_key("data")
    assert after.sets["data"].current == "k2"
    assert after.sets["data"].keys["k1"] == before.sets["data"].key
    assert Keyring.load(path).sets["data"].current == "k2"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["keyring.json"]


def test_the_current_key_cannot_be_forgotten() -> None:
    ring = Keyring.ephemeral().with_new_key("data")
    with pytest.raises(ValueError, match="current"):
        ring.without_key("data", "k2")
    assert set(ring.without_key("data", "k1").sets["data"].keys) == {"k2"}


def test_a_running_process_learns_a_key_another_one_added(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    settings.LINLI_KEYRING_FILE = str(path)
    row = uuid4()
    here = keys.keyring()
    assert here.sets["data"].current == "k1"
    keys.use(Keyring.load(path).with_new_key("data"))  # what another process does
    blob = sealed.seal("张三", table="t", column="c", row=row, community_id=None)
    keys.use(here)
    assert sealed.open_(blob, table="t", column="c", row=row, community_id=None) == "张三"
    assert keys.keyring().sets["data"].current == "k2"
    keys.use(None)


def test_without_a_file_only_tests_run(settings: Settings) -> None:
    ring = keys.keyring()
    settings.LINLI_KEYRING_FILE = ""
    settings.TESTING = False
    keys.use(None)
    with pytest.raises(KeyringRefused, match="LINLI_KEYRING_FILE"):
        keys.keyring()
    keys.use(ring)
