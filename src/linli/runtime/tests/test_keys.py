from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from linli.kernel import clock
from linli.kernel import keys as held
from linli.kernel.keyring import Keyring
from linli.people.models import Account
from linli.runtime.commands.keys import keys


@pytest.fixture
def ring_file(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    settings.LINLI_KEYRING_FILE = str(path)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return path


@pytest.mark.django_db
def test_an_exchange_brings_every_value_under_a_new_key(ring_file: Path) -> None:
    for number in range(5):
        Account.objects.create(phone=f"1380000000{number}", name="张三", created_at=clock.now())
    runner = CliRunner()
    assert json.loads(runner.invoke(keys, ["status", "--json"]).output)["under_older_data_keys"] == 0
    done = runner.invoke(keys, ["exchange", "--batch", "2"])
    assert done.exit_code == 0, done.output
    assert "k2 is the new data key" in done.output
    assert "0 values are under an older key" in done.output
    assert runner.invoke(keys, ["drop", "k2"]).exit_code == 1
    assert runner.invoke(keys, ["drop", "k1"]).exit_code == 0
    assert set(Keyring.load(ring_file).sets["data"].keys) == {"k2"}
    assert sorted(account.phone or "" for account in Account.objects.all()) == [
        f"1380000000{number}" for number in range(5)
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("ring_file")
def test_an_interrupted_exchange_goes_on_and_no_key_is_dropped_before() -> None:
    Account.objects.create(phone="13800000000", created_at=clock.now())
    held.use(held.keyring().with_new_key("data"))  # the key was made, then the command was killed
    runner = CliRunner()
    assert runner.invoke(keys, ["drop", "k1"]).exit_code == 1
    done = runner.invoke(keys, ["exchange"])
    assert "Going on with the exchange to k2" in done.output
    assert runner.invoke(keys, ["status"]).output.endswith("0 values are under an older data key.\n")
