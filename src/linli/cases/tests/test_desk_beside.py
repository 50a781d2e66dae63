"""What the head of the workbench leads to beside the list."""

from __future__ import annotations

import pytest

from linli.cases.pages import desk_beside


def test_a_page_is_shown_to_those_who_may_open_it_and_only_while_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_beside, "_pages", {})
    desk_beside.register("cases:settings", "Later", icon="table", roles={"dispatcher"}, order=20)
    desk_beside.register("cases:desk", "First", icon="list", roles={"dispatcher", "auditor"}, order=10)
    desk_beside.register("no:such_page", "Never", icon="list", roles={"dispatcher"})
    assert [page.words for page in desk_beside.pages({"dispatcher"})] == ["First", "Later"]
    assert [page.words for page in desk_beside.pages({"auditor", "resident"})] == ["First"]
    assert desk_beside.pages(set()) == []
