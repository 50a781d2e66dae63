"""The fixed cast, and a provider in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.cases.tests.cast import Cast, cast, committed_cast, standing_cast, this_evening
from linli.integrations.oidc.tests.browsing import CLIENT, SECRET, Elsewhere

__all__ = ["cast", "committed_cast", "elsewhere", "standing_cast", "this_evening"]
BACK = "http://testserver/sign-in/oidc/testkey/back/"


@pytest.fixture(scope="module")
def elsewhere(standing_cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:  # noqa: F811  (a fixture)
    """The provider, running; its person ``alice`` has the dispatcher's phone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(__file__).with_name("provider.py"))
    folder = str(tmp_path_factory.mktemp("provider"))
    given = [sys.executable, program, str(port), folder, BACK, standing_cast.dispatcher.phone, CLIENT, SECRET]
    with subprocess.Popen(given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert running.stderr is not None
            assert running.stdout.readline() == "ready\n", running.stderr.read()
            yield Elsewhere(f"http://127.0.0.1:{port}")
        finally:
            running.kill()
