"""Every page for every role: its own is drawn with nothing of others' children on it, any other is refused in words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from cases_page import FOR_ALL, ONLY_INSIDE, everything
from conftest_pages import words, written_html
from conftest_roles import OpenAs, person_of
from looks_page import cases_shown
from standing_in import standing_in
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from obhvat.cases.children import cases_of
from obhvat.people import ROLES, Viewer
from obhvat.ui.filters import AUDIENCES, INSIDE
from obhvat.ui.session import open_store
from obhvat.ui.shell import PAGES

NAMES = [path for path, *_rest in PAGES]
BROKEN, REFUSED = "В програмата има грешка", "няма тази страница"
OWN = [(role, page) for role in ROLES.values() for page in NAMES if page in {*role.pages, "help"}]


class AsServed(PagesManager):
    """As the server has it: Streamlit looks for no pages by itself, and every address is the frame's to answer."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _through_the_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_test, "PagesManager", AsServed)


def mine(viewer: Viewer) -> set[str]:
    """The cases whose rows a viewer may see, on any day of the demonstration."""
    if not viewer.sees_children:
        return set()
    days = [datetime(2024, month, 28).date() for month in range(1, 7)] + [datetime(2023, 12, 31).date()]
    return {n for day in days for n in cases_of(open_store(), viewer, day, open_store().now())["number"]}


def pupils_shown(app: AppTest) -> set[int]:
    """The pseudonyms of pupils that were sent to the browser."""
    every = open_store().rows("select distinct pupil from pupils where pupil is not null")
    return {*map(int, standing_in(everything(app), (str(pupil) for (pupil,) in every)))}


@pytest.mark.parametrize(("role", "page"), OWN, ids=[f"{role.id}-{page}" for role, page in OWN])
def test_a_page_of_a_role_shows_no_child_that_is_not_its_own(app_as: OpenAs, role, page: str) -> None:
    app = app_as(role.id, page, audience=INSIDE)
    assert not app.exception
    assert BROKEN not in words(app)
    assert REFUSED not in words(app)
    assert cases_shown(app) <= mine(person_of(role))
    assert pupils_shown(app) == set()
    view = [control for control in app.get("button_group") if control.key == "audience"]
    for control in view:
        offered = {option.content for option in control.proto.options}
        assert offered == {name for name, of in AUDIENCES.items() if person_of(role).shown_at_most(of) == of}
    # Alone this is told to who turned to the internal view; a role that has none is not told why it sees one.
    if not person_of(role).sees_children:
        assert "Защо виждам това" not in words(app)


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_every_other_page_is_refused_in_words(app_as: OpenAs, role) -> None:
    for page in NAMES:
        if page not in {*role.pages, "help"}:
            app = app_as(role.id, page, audience=INSIDE)
            if page == "overview":
                # Without an address a role is on its own first page.
                app.switch_page("pages/overview.py").run()
            assert not app.exception
            assert f"Ролята „{role.name}“ {REFUSED}" in words(app)
            assert "Изход" in words(app)
            assert 'class="tile' not in written_html(app)
            assert len(app.get("button_group")) == len(app.dataframe) == len(app.selectbox) == 0


@pytest.mark.parametrize("role", [role for role in ROLES.values() if "cases" in role.pages], ids=lambda role: role.id)
def test_no_part_of_the_cases_shows_a_case_of_others(app_as: OpenAs, role) -> None:
    own = mine(person_of(role))
    shown = set()
    for part in (*FOR_ALL, *ONLY_INSIDE):
        app = app_as(role.id, "cases", audience=INSIDE, part=part, municipality="Каменград")
        assert not app.exception
        assert BROKEN not in words(app), part
        assert cases_shown(app) <= own, part
        shown |= cases_shown(app)
    assert bool(shown) == person_of(role).sees_children


@pytest.mark.parametrize(("role", "page"), [("coordinator", "cases"), ("school", "school"), ("school", "overview")])
def test_no_address_and_no_message_says_another_place(app_as: OpenAs, role: str, page: str) -> None:
    who = person_of(ROLES[role])
    plain = app_as(role, page, audience=INSIDE)
    other = {"municipality": "Каменград", "school": "9001001"}
    asked = app_as(role, page, audience=INSIDE, **other)
    assert _lead(asked) == _lead(plain)
    asked.session_state["municipality"] = "Каменград"
    asked.session_state["school"] = "Всички училища"
    asked.run()
    assert not asked.exception
    assert _lead(asked) == _lead(plain)
    boxes = {box.label: box for box in asked.selectbox if box.label in ("Община", "Училище")}
    box = boxes["Община" if role == "coordinator" else "Училище"]
    assert box.disabled
    assert who.given in str(box.value)


def test_a_message_does_not_open_the_internal_view_for_the_governor(app_as: OpenAs) -> None:
    app = app_as("governor", "cases", audience=INSIDE)
    app.session_state["audience"] = INSIDE
    app.run()
    assert not app.exception
    assert cases_shown(app) == set()
    assert "Списък и случай" not in everything(app)


def _lead(app: AppTest) -> str:
    return re.findall(r'class="lead">(.*?)</h1>', written_html(app))[0]
