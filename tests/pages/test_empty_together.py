"""An empty store where people sign in: who may bring data is told how, others that there are none yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest_pages import open_page, words
from conftest_roles import BY
from store_files import copy_store
from streamlit.runtime.context import ContextProxy, StreamlitCookies

from obhvat.people import ROLES, Viewer, register, signed_in
from obhvat.ui.session import SIGNED_IN, close_store, open_store

UPLOADS, DEMO = "Към качването на файлове", "Разгледай примерна област"


@pytest.mark.parametrize(
    ("role", "offered"),
    [("expert", {UPLOADS, DEMO}), ("governor", set()), ("secretary", set()), ("institution", set()), ("press", set())],
)
def test_what_an_empty_store_offers_is_what_the_role_may(
    blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, offered: set[str]
) -> None:
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(blank_path, tmp_path)))
    monkeypatch.setenv("OBHVAT_TOGETHER", "1")
    store = open_store()
    right = register.give(store, Viewer("Иван", ROLES[role], "ДСП" if role == "institution" else ""), BY)
    token = signed_in.let_in(store, right.person)
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: StreamlitCookies({SIGNED_IN: token})))
    app = open_page("overview")
    close_store()
    assert not app.exception
    assert "Още няма данни." in words(app)
    assert {button.proto.label for button in app.button} == offered
