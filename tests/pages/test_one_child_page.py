"""A request about one child, on the page: what was typed stays nowhere, the rest is done with a protocol."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from cases_page import everything
from conftest_pages import Open, words
from small_oblast import absences, listing, put, register
from streamlit.testing.v1 import AppTest

from obhvat.people import log
from obhvat.people.child_requests import requests, restricted
from obhvat.store.files import looks_of
from obhvat.ui.session import open_store, store_path

SCHOOL, CHILD = "9000101", "дете-101-1"
REASON = "Родителят поиска писмено"


def field(page: AppTest, start: str):
    return next(box for box in [*page.text_input, *page.selectbox] if str(box.key).startswith(start))


def said(page: AppTest) -> str:
    return " ".join(words(page).split())


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def downloads(page: AppTest) -> list[str]:
    return [button.proto.label for button in page.get("download_button")]


@pytest.fixture
def found(empty_app: Open) -> AppTest:
    """The page after the child was searched for."""
    store = open_store()
    put(store, register(), at=datetime(2023, 9, 1))
    put(store, listing(SCHOOL, date(2023, 9, 15), 3), absences(SCHOOL, 10, [3, 5]), at=datetime(2023, 11, 5))
    page = empty_app("settings")
    field(page, "child-typed").set_value(CHILD)
    return press(page, "Покажи какво се пази")


def test_what_was_typed_is_nowhere_after_it(found: AppTest) -> None:
    assert not found.exception
    assert "За детето се пазят 2 реда" in said(found)
    everywhere = [
        str(found.session_state),
        everything(found),
        looks_of(store_path()).read_text("utf-8"),
        str(dict(found.query_params)),
    ]
    assert not [text for text in everywhere if CHILD in text or CHILD.upper() in text]
    assert [look.what for look in log.log_of(open_store()).looks() if look.what == "search"] == ["search"]


def answered(page: AppTest, what: str, typed: str = "") -> AppTest:
    page = field(page, "child-what").set_value(what).run()
    field(page, "child-reason").set_value(REASON)
    if typed:
        field(page, "child-word").set_value(typed)
    return press(page, "Запиши протокола")


def test_access_is_given_with_a_protocol(found: AppTest) -> None:
    assert "Сведение за родителя (Word)" not in downloads(found)
    page = answered(found, "shown")
    assert not page.exception
    assert [(request.what, request.reason, request.n_rows) for request in requests(open_store())] == [
        ("shown", REASON, 2)
    ]
    assert {"Сведение за родителя (Word)", "Таблици (Excel)"} <= set(downloads(page))


def test_a_child_is_restricted_and_no_more(found: AppTest) -> None:
    page = answered(found, "restricted")
    assert len(restricted(open_store())) == 1
    assert "Обработването е ограничено" in said(page)
    answered(page, "lifted")
    assert restricted(open_store()) == frozenset()


def test_a_child_is_erased_once_the_word_is_typed(found: AppTest) -> None:
    page = answered(found, "erased")
    assert "потвърдете с думата „изтрий“" in said(page)
    assert requests(open_store()) == []
    page = answered(page, "erased", "изтрий")
    assert not page.exception
    assert [request.what for request in requests(open_store())] == ["erased"]
    assert open_store().rows("select count(*) from pupils") == [(2,)]
    # The page forgot which child it was.
    assert any(str(box.key).startswith("child-typed") for box in page.text_input)
