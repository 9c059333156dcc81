"""The one table of rights says what the Mechanism gives each role."""

from __future__ import annotations

import pytest

from obhvat.people import ALONE, ROLES, Viewer
from obhvat.ui.shell import PAGES

ADDRESSES = {path for path, *_rest in PAGES}


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_pages_of_a_role_are_pages(role) -> None:
    assert set(role.pages) <= ADDRESSES


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_only_who_is_shown_children_may_do_anything_with_them(role) -> None:
    sees = role.audience == "internal"
    assert sees == (role.cases != "none")
    if not sees:
        assert not any(role.may(action) for action in ("enter", "upload", "settle", "undo", "export", "forget"))


def test_nobody_is_shown_more_than_asked_for() -> None:
    assert ALONE.shown_at_most("press") == "press"
    assert Viewer("", ROLES["governor"]).shown_at_most("internal") == "members"
    assert Viewer("", ROLES["press"]).shown_at_most("members") == "press"


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_who_may_do_something_has_the_page_where_it_is_done(role) -> None:
    where = {
        "upload": "upload",
        "undo": "data_status",
        "settings": "settings",
        "people": "people",
        "meeting": "meeting",
    }
    assert [action for action, page in where.items() if role.may(action) and page not in role.pages] == []


def test_every_right_says_why() -> None:
    assert [(role.id, right.action) for role in ROLES.values() for right in role.rights if not right.why] == []
