"""The system's Chromium for tests: no download, no network of its own, the same flags everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

#: The shell has no windows to draw and takes half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PHONE = {"width": 375, "height": 812}
DESK = {"width": 1440, "height": 900}
FLAGS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def find_chromium() -> str | None:
    """Where Chromium is: LINLI_TEST_CHROMIUM, or the first of the usual names on PATH; None without one."""
    named = os.environ.get("LINLI_TEST_CHROMIUM")
    if named:
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launch() -> Iterator[Browser]:
    """A headless Chromium for the length of the block. Raises FileNotFoundError where none is installed."""
    path = find_chromium()
    if path is None:
        raise FileNotFoundError(
            "no Chromium here; on Debian: apt-get install chromium-headless-shell fonts-wqy-microhei"
        )
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*as_root, *FLAGS])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium_of_module() -> Iterator[Browser]:
    """One Chromium for the browser tests of a module, and no longer: starting one costs more than most tests.

    While Playwright runs, Django takes the thread for an asynchronous one and would refuse it the database.
    """
    if find_chromium() is None:
        pytest.skip("no Chromium here: the browser tests of this file did not run")
    with pytest.MonkeyPatch.context() as patch, launch() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture
def chromium(chromium_of_module: Browser) -> Iterator[Browser]:
    """A browser without windows; those that a test opens are closed after it."""
    yield chromium_of_module
    for context in chromium_of_module.contexts:
        context.close()
