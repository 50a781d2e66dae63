from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from linli.kernel import metrics


def _value(body: str, start: str) -> float:
    return next(float(line.rpartition(" ")[2]) for line in body.splitlines() if line.startswith(start))


@pytest.mark.django_db
def test_a_request_is_counted_by_route_method_and_status() -> None:
    for status in (200, 200, 404):
        metrics.observe_request(route="test/<n>", method="GET", status=status, seconds=0.02, statements=3)
    body = metrics.exposition().decode()
    assert _value(body, 'http_requests_total{method="GET",route="test/<n>",status="200"}') == 2
    assert _value(body, 'http_request_seconds_bucket{le="0.025",route="test/<n>"}') == 3
    assert _value(body, 'http_request_seconds_bucket{le="0.01",route="test/<n>"}') == 0
    assert _value(body, 'db_statements_per_request_sum{route="test/<n>"}') == 9


@pytest.mark.django_db
def test_an_invented_method_makes_no_new_series() -> None:
    metrics.observe_request(route="odd", method="BREW" * 50, status=405, seconds=0, statements=0)
    assert 'method="other",route="odd"' in metrics.exposition().decode()


def test_waiting_jobs_are_counted_when_asked() -> None:
    waiting = {"default": 4}
    metrics.watch_jobs(lambda: waiting)
    assert _value(metrics.exposition().decode(), 'jobs_pending{queue="default"}') == 4
    waiting["default"] = 5
    assert _value(metrics.exposition().decode(), 'jobs_pending{queue="default"}') == 5
    metrics.watch_jobs(dict)
    assert "jobs_pending{" not in metrics.exposition().decode()


def test_several_processes_answer_as_one(tmp_path: Path) -> None:
    """Each in a process of its own, because prometheus-client chooses its storage when it is imported."""
    script = (
        "from linli.kernel import metrics\n"
        "metrics.observe_request(route='r', method='GET', status=200, seconds=0.1, statements=1)\n"
        "print(metrics.exposition().decode())\n"
    )
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    for count in (1.0, 2.0):
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert _value(done.stdout, 'http_requests_total{method="GET",route="r",status="200"}') == count
