"""Several web processes answer /metrics as one without anybody setting a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.runtime.supervisor import Plan, Supervisor


def folder_of(home: Path, workers: int) -> str:
    plan = Plan(home=home, host="127.0.0.1", port=1, live_port=2, base_url="", workers=workers)
    return Supervisor(plan, lambda line: None)._figures_folder().get("PROMETHEUS_MULTIPROC_DIR", "")


def test_two_web_processes_share_a_folder_that_is_empty_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    shared = Path(folder_of(tmp_path, 2))
    (shared / "counter_1.db").write_bytes(b"of the last run")
    assert folder_of(tmp_path, 2) == str(shared)
    assert list(shared.iterdir()) == []


def test_one_process_and_a_folder_of_the_operator_need_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    assert folder_of(tmp_path, 1) == ""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/run/figures")
    assert folder_of(tmp_path, 2) == ""
