"""The stage, laid once a module."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from linli.cases.queries import reference
from linli.kernel import logs
from tests.trust import stage as stages
from tests.trust.stage import Stage


@pytest.fixture(scope="module")
def laid(common: Any) -> Stage:
    """Two communities full of secrets, made once a module."""
    made: Stage = common(stages.lay)
    return made


@pytest.fixture
def stage(common: Any, laid: Stage, db: None) -> Stage:
    """The stage, for one test."""
    reference.forget()
    made: Stage = common(stages.lay)  # a test with real commits may have ended what stood
    return made


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that is written to the log meanwhile, as it is written."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, root = Keep(logging.DEBUG), logging.getLogger()
    handler.setFormatter(logs.JsonFormatter())
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)
