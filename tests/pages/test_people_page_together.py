"""«Хора» where people sign in: the administrator's page and nobody else's; no row of a child in what it tells."""

from __future__ import annotations

import pytest
from conftest_pages import rows_of, words
from conftest_roles import OpenAs, person_of
from streamlit.testing.v1 import AppTest

from obhvat.people import ROLES, Viewer, register
from obhvat.people.log import log_of, looked
from obhvat.people.roles import Role
from obhvat.ui.session import open_store

ADMINISTRATOR = person_of(ROLES["administrator"])


def press(page: AppTest, key: str) -> AppTest:
    return next(each for each in page.button if each.key == key).click().run()


def test_it_is_the_first_page_of_the_administrator(app_as: OpenAs) -> None:
    page = app_as("administrator", "people")
    assert not page.exception
    assert "obhvat serve --together" not in words(page).split("Сам и заедно")[0]
    people = [row[0] for row in rows_of(page, 'class="lead"')[1:]]
    assert people == sorted((person_of(role).person for role in ROLES.values()), key=str.casefold)


@pytest.mark.parametrize("role", [role for role in ROLES.values() if not role.may("people")], ids=lambda role: role.id)
def test_it_is_nobody_elses(app_as: OpenAs, role: Role) -> None:
    page = app_as(role.id, "people")
    # A test opens the page itself, without the shell, which has a sentence for it.
    assert len(page.exception) == 1
    assert not page.text_input
    assert ADMINISTRATOR.person not in words(page)


def test_the_administrator_gives_themself_nothing_and_stays(app_as: OpenAs) -> None:
    page = app_as("administrator", "people")
    next(each for each in page.text_input if each.label == "Име за влизане").input(ADMINISTRATOR.person)
    next(box for box in page.selectbox if box.label == "Роля").select("expert")
    page = press(page.run(), "give")
    assert "Никой не дава права на себе си" in words(page)
    assert "obhvat people add" in words(page)
    held = next(box for box in page.selectbox if box.label == "Чие право")
    page = held.select(next(option for option in held.options if option.startswith(ADMINISTRATOR.person))).run()
    page = press(page, "held-do")
    assert "няма да остане администратор" in words(page)
    assert ADMINISTRATOR in register.rights_on(open_store(), open_store().now().date())


def test_what_is_done_is_done_in_the_administrators_name(app_as: OpenAs) -> None:
    page = app_as("administrator", "people")
    next(each for each in page.text_input if each.label == "Име за влизане").input("Нов експерт")
    next(box for box in page.selectbox if box.label == "Роля").select("expert")
    page = press(page.run(), "give")
    assert "„Нов експерт“ от " in words(page)
    assert register.changes(open_store())["entered_by"].iloc[0] == ADMINISTRATOR.person
    [last, *_] = log_of(open_store()).looks(what="right")
    assert (last.person, last.role, last.place) == (
        ADMINISTRATOR.person,
        "administrator",
        "Нов експерт: Експерт от РУО",
    )


def test_the_administrator_sees_who_looked_and_nothing_of_the_case(app_as: OpenAs) -> None:
    number = "С-2024-017"
    app_as("administrator", "people")
    expert = person_of(ROLES["expert"])
    looked(open_store(), Viewer(expert.person, ROLES["expert"]), "case", cases=[number], place="Горун")
    page = app_as("administrator", "people")
    [lines] = [frame.value for frame in page.dataframe]
    assert [expert.person, "отваря случай", "Горун", "1"] in lines[
        ["Кой", "Какво", "Къде", "Деца или редове"]
    ].values.tolist()
    assert number not in lines.to_csv() + words(page)
    assert list(lines) == ["Кога", "Кой", "В каква роля", "Какво", "Къде", "Деца или редове"]
