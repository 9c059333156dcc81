"""The room on a store that holds nothing to choose a period by."""

from __future__ import annotations

from datetime import date

import pytest
from conftest_pages import Open, words
from small_oblast import proposals, put, register
from test_every_page import BROKEN

from obhvat.ui.session import open_store


@pytest.mark.parametrize("view", ["", "presenter"])
def test_the_room_opens_on_a_register_and_decisions_alone(empty_app: Open, view: str):
    put(open_store(), register(), proposals(date(2024, 2, 5), [(1, "Срещи", "прието", None)]))
    app = empty_app("room", view=view)
    assert BROKEN not in words(app)
    assert "преглед към" in words(app)
