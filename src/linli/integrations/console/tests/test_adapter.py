from __future__ import annotations

from pathlib import Path

import pytest

from linli.integrations.console.adapter import KEPT, ConsoleSender
from linli.people import ports

PHONE = "+8613811110001"


def test_it_shows_the_code_and_never_the_phone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sender = ConsoleSender(tmp_path)
    sender.send(PHONE, "123456", "zh-hans")
    sender.send(PHONE, "654321", "en")
    shown = [(sent.phone, sent.code) for sent in sender.last_codes()]
    assert shown == [("138****0001", "654321"), ("138****0001", "123456")]
    printed = capsys.readouterr().err
    assert "123456" in printed
    held = (tmp_path / "demo-codes.jsonl").read_text()
    assert PHONE[3:] not in printed + held


def test_it_remembers_the_last_twenty(tmp_path: Path) -> None:
    sender = ConsoleSender(tmp_path)
    for number in range(KEPT + 5):
        sender.send(PHONE, f"{number:06d}", "zh-hans")
    assert [sent.code for sent in sender.last_codes()] == [f"{n:06d}" for n in range(KEPT + 4, 4, -1)]


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    ConsoleSender(tmp_path).send(PHONE, "123456", "zh-hans")
    assert (tmp_path / "demo-codes.jsonl").stat().st_mode & 0o777 == 0o600


def test_without_a_demo_it_refuses_and_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    sender = ConsoleSender(None)
    with pytest.raises(ports.NotSent):
        sender.send(PHONE, "123456", "zh-hans")
    assert sender.last_codes() == ()
    assert capsys.readouterr().err == ""
