"""What Prometheus may know: counts and times of the machine, never of a person.

Labels are route patterns, methods, status codes and queue names. With several web processes the supervisor
sets PROMETHEUS_MULTIPROC_DIR (read by prometheus-client itself) and the answer of any process is the sum of
all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY: Final = CollectorRegistry(auto_describe=True)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATEMENTS = (0, 1, 2, 4, 6, 8, 12, 16, 24, 32, 64)

HTTP_REQUESTS = Counter(
    "http_requests_total", "Requests answered.", ["route", "method", "status"], registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "http_request_seconds", "Seconds from request to answer.", ["route"], buckets=SECONDS, registry=REGISTRY
)
DB_STATEMENTS = Histogram(
    "db_statements_per_request",
    "SQL statements a request needed.",
    ["route"],
    buckets=STATEMENTS,
    registry=REGISTRY,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Pending(Collector):
    """Asks for the numbers when Prometheus comes, so that nothing has to keep them."""

    def __init__(self) -> None:
        self.count: Callable[[], Mapping[str, int]] | None = None

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily("jobs_pending", "Jobs waiting to be run.", labels=["queue"])
        for queue, waiting in (self.count() if self.count else {}).items():
            family.add_metric([queue], waiting)
        yield family


_pending = _Pending()
REGISTRY.register(_pending)


def watch_jobs(count: Callable[[], Mapping[str, int]]) -> None:
    """Tell us how to count waiting jobs by queue; asked once per visit of Prometheus."""
    _pending.count = count


def observe_request(*, route: str, method: str, status: int, seconds: float, statements: int) -> None:
    """Count one answered request.

    :param route: the pattern of the URL, never the URL itself.
    """
    known_method = method if method in _METHODS else "other"
    HTTP_REQUESTS.labels(route, known_method, str(status)).inc()
    HTTP_SECONDS.labels(route).observe(seconds)
    DB_STATEMENTS.labels(route).observe(statements)


def exposition() -> bytes:
    """All numbers in Prometheus' text format 0.0.4."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # registers itself
    together.register(_pending)
    return generate_latest(together)
