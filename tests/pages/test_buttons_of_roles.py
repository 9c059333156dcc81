"""A page draws for each role what the role may do, and nothing that would be refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from cases_page import LIST
from conftest_pages import words
from conftest_roles import OpenAs, person_of
from streamlit.testing.v1 import AppTest

from obhvat.cases.entries import open_case
from obhvat.people import ROLES, Action
from obhvat.store.history import history
from obhvat.ui.filters import INSIDE
from obhvat.ui.session import open_store

# By page, its address and what of it is for whom.
DRAWN: dict[str, tuple[dict[str, str], dict[str, Action]]] = {
    "cases": (
        {"audience": INSIDE, "part": LIST},
        {"Запиши действието": "enter", "Запиши статуса": "enter", "Изтегли регистъра като Excel": "export"},
    ),
    "meeting": ({}, {"Открий заседание": "meeting"}),
    "data_status": (
        {},
        {"Направи копие сега": "settings", "Отмени файла": "undo", "Изчисти примерната област": "undo"},
    ),
    "risk": ({"audience": INSIDE}, {"Изтегли списъка като Excel": "export"}),
}
ASKED = [(role, page) for page in DRAWN for role in ROLES if page in ROLES[role].pages]
HEAD = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"


def buttons(app: AppTest) -> set[str]:
    return {button.proto.label for kind in ("button", "download_button") for button in app.get(kind)}


@pytest.mark.parametrize(("role", "page"), ASKED)
def test_a_button_is_there_for_who_may_press_it(app_as: OpenAs, role: str, page: str) -> None:
    address, actions = DRAWN[page]
    app = app_as(role, page, **address)
    assert not app.exception
    drawn = buttons(app)
    # Who sees no child has no list of them to take along.
    may = {label for label, action in actions.items() if ROLES[role].may(action)}
    assert drawn & set(actions) == may


def test_who_takes_part_in_cases_opens_none(app_as: OpenAs) -> None:
    address, _ = DRAWN["cases"]
    assert "Открий случая" in buttons(app_as("coordinator", "cases", **address))
    assert "Открий случая" not in buttons(app_as("institution", "cases", **address))


def test_a_coordinator_opens_cases_of_the_own_municipality_only(app_as: OpenAs) -> None:
    app = app_as("coordinator", "cases", **DRAWN["cases"][0])
    [homes] = [box for box in app.selectbox if box.label == "Община по адрес"]
    assert homes.options == [person_of(ROLES["coordinator"]).given]


def test_a_school_records_its_own_rows_and_undoes_them(app_as: OpenAs) -> None:
    school = person_of(ROLES["school"])
    rows = (f"{code};2023/2024;2;нов-1;7;7а;0;1" for code in (school.given, "9004002"))
    app = app_as("school", "upload")
    app.file_uploader[0].set_value([("файл.csv", "\n".join([HEAD, *rows]).encode(), "text/plain")]).run()
    assert "„9004002“ в „Код по НЕИСПУО“ не е от вашите" in _opened(app)
    _press(app, "Запиши 1 файл")
    newest = history(open_store()).iloc[0]
    assert (newest["committed_by"], newest["school"], newest["rows_good"]) == (school.person, school.given, 1)
    assert "Вашите качвания" in words(app)
    _press(app, "Отмени файла")
    assert history(open_store()).iloc[0]["state"] == "undone"
    assert "Върни файла в сила" in buttons(app)


def test_a_school_works_on_the_cases_of_its_own_pupils(app_as: OpenAs) -> None:
    school = person_of(ROLES["school"])
    app = app_as("school", "school", audience=INSIDE)
    assert {"Открий случая"} == buttons(app) & {"Открий случая", "Изтегли регистъра като Excel"}
    number = open_case(
        open_store(),
        municipality="Горун",
        school=school.given,
        category="at_risk",
        opened_on=date(2024, 1, 15),
        viewer=school,
        at=datetime(2024, 1, 16, 9),
    )
    app.run()
    assert not app.exception
    [case] = [box for box in app.selectbox if box.label == "Случай"]
    assert any(number in option for option in case.options)
    assert {"Запиши действието", "Запиши статуса"} <= buttons(app)


def _press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception


def _opened(app: AppTest) -> str:
    """The page with its file in detail; one that waits for a confirmation is confirmed."""
    _press(app, "Подробно")
    said = words(app)
    for box in app.checkbox:
        box.check()
    app.run()
    return said


def test_whose_the_next_step_is_sees_it_first(app_as: OpenAs) -> None:
    app = app_as("institution", "cases", **DRAWN["cases"][0])
    owners = next(table for table in app.dataframe if "Отговорник" in table.value).value["Отговорник"].tolist()
    own = [owner for owner in owners if owner == "ДСП"]
    assert own
    assert own == owners[: len(own)]
    assert "Следващата стъпка е ваша по " in words(app)
    [took_part] = [box for box in app.multiselect if box.label == "Участвали институции"]
    assert took_part.value == ["social"]
    assert "г.." not in words(app)
