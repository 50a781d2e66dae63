"""What is an address of the web."""

from __future__ import annotations

import pytest

from linli.kernel.text import is_link


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("https://example.org/apply?a=1", True),
        ("http://example.org", True),
        ("//example.org", False),
        ("https://", False),
        ("https://who@example.org/", False),
        ("https://example.org/ x", False),
        ("https://[broken", False),
        ("ftp://example.org", False),
    ],
)
def test_only_whole_addresses_of_the_web_are_links(link: str, good: bool) -> None:
    assert is_link(link) is good
