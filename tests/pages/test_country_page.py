"""«Страна»: the only page, besides the help, of a store of the country."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest_pages import Open, open_page, rows_of, words, written_html
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from signed_oblasts import WHO, Oblast, brought, of_month, told, with_definition
from store_files import copy_store
from streamlit.runtime.context import ContextProxy, StreamlitCookies
from streamlit.testing.v1 import AppTest

from obhvat.country.oblasts import trust
from obhvat.people import ROLES, Viewer, register, signed_in
from obhvat.store import Store
from obhvat.ui.session import SIGNED_IN, close_store, open_store

NAMES = ("Бистрец", "Ведрово", "Каменград", "Лозница", "Ясеново")


@pytest.fixture(scope="module")
def country_path(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five oblasts: one is far from the others, one hides its cases, one counts otherwise, one has sent nothing."""
    path = copy_store(blank_path, tmp_path_factory.mktemp("country"))
    oblasts = [Oblast(name, Ed25519PrivateKey.generate()) for name in NAMES]
    with Store(path) as store:
        for oblast in oblasts:
            trust(store, oblast.name, oblast.pem, WHO)
        bistrets, vedrovo, kamengrad, loznitsa, _silent = oblasts
        hidden = told("cases_in_work", None, why="от малко число може да се познае дете")
        brought(
            store,
            bistrets.file(*of_month(400, 10_000, 200, 400)),
            vedrovo.file(*of_month(560, 10_000, 120, 400)),
            kamengrad.file(hidden, *of_month(420, 10_000, 210, 400)[1:]),
            loznitsa.file(*with_definition(of_month(100, 1000, 20, 40), "0" * 16)),
        )
    return path


@pytest.fixture
def country_app(country_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    monkeypatch.setenv("OBHVAT_STORE", str(country_path))
    open_store()
    yield open_page
    close_store()


def test_the_first_line_says_how_many_are_outside(country_app: Open) -> None:
    app = country_app()
    assert not app.exception
    said = " ".join(words(app).split())
    assert (
        "За януари 2024 г. 2 от 3 области са извън очакваното по „Ученици, достигнали месечния праг“; 1 област не е "
        "изпратила числа" in said
    )
    assert "Над очакваното: Ведрово." in said
    assert "Работата изостава от нуждата: Ведрово." in said


def test_sums_say_from_which_oblasts_they_are(country_app: Open) -> None:
    said = words(country_app())
    assert "от 2 от 5 области (скрито при 1 област, по друго определение при 1 област и без файл от 1 област)" in said
    assert "По друго определение или праг: Лозница" in " ".join(said.split())


def test_a_row_an_oblast_by_name_and_the_sum_foots(country_app: Open) -> None:
    head, *rows, total = rows_of(country_app(), "По области")
    assert head[0] == "Област"
    assert [row[0] for row in rows] == [*NAMES]
    assert [row[1] for row in rows] == ["14", "14", "скрито", "друго определение", "няма файл"]
    assert total == ["Общо", "28", "1380 от 30\u202f000", "530 от 1200", "63", "4 от 5 области"]
    assert rows[-1][-1] == "няма файлоще никога не е изпращан"


def test_another_figure_may_be_compared(country_app: Open) -> None:
    app = country_app(figure="Проверени училища")
    said = " ".join(words(app).split())
    assert "по „Проверени училища“" in said
    assert "Под очакваното: Ведрово." in said


@pytest.mark.parametrize("address", [{"month": "декември 1900 г."}, {"figure": "Хора"}, {"month": "<b>"}])
def test_an_unknown_value_in_the_address_falls_back(country_app: Open, address: dict[str, str]) -> None:
    app = country_app(**address)
    assert not app.exception
    assert "За януари 2024 г." in words(app)


def test_help_is_there(country_app: Open) -> None:
    assert "Как се работи, какво означава всяко число" in words(country_app("help"))


@pytest.mark.parametrize("role", ["expert", "press", "administrator"])
def test_whoever_signs_in_sees_it(
    country_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(country_path, tmp_path)))
    monkeypatch.setenv("OBHVAT_TOGETHER", "1")
    store, right = open_store(), Viewer("Иван", ROLES[role])
    register.give(store, right, Viewer("Администратор", ROLES["administrator"]))
    token = signed_in.let_in(store, right.person)
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: StreamlitCookies({SIGNED_IN: token})))
    app = open_page()
    close_store()
    assert "2 от 3 области" in words(app)


def test_the_page_speaks_english(country_app: Open) -> None:
    said = " ".join(words(country_app(lang="en")).split())
    assert "For January 2024 2 of 3 oblasts are outside what is expected" in said


def test_an_empty_country_says_what_to_do(blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBHVAT_STORE", str(copy_store(blank_path, tmp_path)))
    trust(open_store(), "Бистрец", Oblast("Бистрец", Ed25519PrivateKey.generate()).pem, WHO)
    app = open_page()
    close_store()
    assert "obhvat country import" in words(app)
    assert 'class="lead"' in written_html(app)
