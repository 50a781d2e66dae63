"""What each test file costs, and who runs it when: a file stays in one process, and the longest begin first.

``--costs`` prints the dearest files: processor seconds of the test process and of its children (browsers, servers it
started; not the shared database), and the time that passed. The times are remembered in pytest's cache and order the next
run; where nothing is remembered, files are known by their names (:data:`LONG`).
"""

from __future__ import annotations

import gc
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

Costs = dict[str, list[float]]  # by file: own seconds, seconds of children, seconds passed, tests
KEY = pytest.StashKey[Costs]()
CACHE = "linli/seconds"
#: Parts of the paths of files that take long, the longest first.
LONG = (
    "trust/test_matrix",
    "faults/tests/test_faults",
    "tests/journeys",
    "tests/trust",
    "_browser.py",
    "runtime/tests",
)
LONG_SECONDS = 4.0
SHOWN = 40


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--costs``."""
    parser.addoption("--costs", action="store_true", help="print the files that cost most")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing counted."""
    costs: Costs = defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    config.stash[KEY] = costs


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Count a test from the first of its fixtures to the last."""
    began, passed = os.times(), time.perf_counter()
    result = yield
    now = os.times()
    cost = item.config.stash[KEY][item.nodeid.split("::", 1)[0]]
    cost[0] += now.user + now.system - began.user - began.system
    cost[1] += now.children_user + now.children_system - began.children_user - began.children_system
    cost[2] += time.perf_counter() - passed
    cost[3] += 1
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the costs to the process that began the others; there, remember them."""
    config = session.config
    if hasattr(config, "workeroutput"):
        held: dict[str, list[float]] = dict(config.stash[KEY].items())
        config.workeroutput["costs"] = held
    elif config.stash[KEY] and getattr(config, "cache", None):
        assert config.cache is not None
        seconds = {path: round(cost[2], 1) for path, cost in config.stash[KEY].items()}
        config.cache.set(CACHE, {**config.cache.get(CACHE, {}), **seconds})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A test process has ended and tells its costs."""
    for path, cost in getattr(node, "workeroutput", {}).get("costs", {}).items():
        total = node.config.stash[KEY][path]
        total[:] = [one + more for one, more in zip(total, cost, strict=True)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The dearest files, if asked for."""
    if not config.getoption("--costs"):
        return
    costs = config.stash[KEY]
    terminalreporter.section("costs: processor seconds, of children, seconds passed, tests")
    for path in sorted(costs, key=lambda path: -sum(costs[path][:2]))[:SHOWN]:
        terminalreporter.write_line(_line(costs[path], path))
    total = [sum(column) for column in zip(*costs.values(), strict=True)]
    terminalreporter.write_line(_line(total, "together"))


def _line(cost: list[float], what: str) -> str:
    own, of_children, passed, tests = cost
    return f"{own:8.1f} {of_children:8.1f} {passed:8.1f} {tests:5.0f}  {what}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a process among several: the longest files first."""
    if hasattr(config, "workerinput"):
        known = config.cache.get(CACHE, {}) if config.cache else {}
        places = {item.path: place(item.nodeid.split("::", 1)[0], known) for item in items}
        items.sort(key=lambda item: places[item.path])


def place(path: str, known: dict[str, float]) -> tuple[float, int]:
    """Where a file stands in the queue: those that took longest first, what is not known by its name."""
    named = next((at for at, part in enumerate(LONG) if part in path), len(LONG))
    if path in known:
        return (-known[path], 0) if known[path] > LONG_SECONDS else (0, 0)
    return (-60.0 if named < len(LONG) else 0.0), named


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``--dist loadfile`` the queue is in our order, not by the number of tests."""
    config.option.loadscopereorder = False
