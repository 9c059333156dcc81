"""«Хора»: who is in the register today and on another day; giving, changing, ending; one-time passwords."""

from __future__ import annotations

from datetime import date, timedelta

from conftest_pages import Open, rows_of, words, written_html
from streamlit.testing.v1 import AppTest

from obhvat.people import ROLES, Viewer, register
from obhvat.people.log import log_of
from obhvat.people.signing_in import MustChange, sign_in
from obhvat.ui.session import open_store

SERVER = register.without_signing_in("root", "команден ред")
TODAY = date.today()


def button(page: AppTest, key: str) -> AppTest:
    return next(each for each in page.button if each.key == key).click().run()


def field(page: AppTest, kind: str, label: str):
    return next(each for each in page.get(kind) if getattr(each, "label", "") == label)


def of_whom(page: AppTest, right: str) -> AppTest:
    """Nobody's right is chosen before, so that a click too many ends none."""
    held = field(page, "selectbox", "Чие право")
    assert held.value is None
    return held.select(right).run()


def table(page: AppTest) -> list[list[str]]:
    return rows_of(page, 'class="lead"')


def test_it_begins_empty_and_says_what_it_is_for(empty_app: Open) -> None:
    page = empty_app("people")
    assert not page.exception
    assert "В регистъра още няма никого" in words(page)
    assert "obhvat serve --together" in words(page)
    assert all(role.name in words(page) for role in ROLES.values())


def test_it_is_in_no_menu_of_who_works_alone_and_reached_from_the_settings(empty_app: Open) -> None:
    page = empty_app("settings")
    links = [link.proto for link in page.get("page_link")]
    assert [link.page for link in links] == ["people"]


def test_a_right_is_given_changed_and_ended(demo_app: Open) -> None:
    page = demo_app("people")
    field(page, "text_input", "Име за влизане").input("Ана Петрова")
    page = field(page, "selectbox", "Роля").select("coordinator").run()
    page = field(page, "selectbox", "За община").select("Студеница").run()
    assert "Случаи: на децата от общината" in words(page)
    page = button(page, "give")
    assert "има право: Координатор на община и нейните екипи – Студеница. Парола" in words(page)
    assert field(page, "text_input", "Име за влизане").value == ""
    day = f"{TODAY:%d.%m.%Y} г."
    row = ["Ана Петрова", "Координатор на община и нейните екипи", "Студеница", day, "без край"]
    assert table(page)[1] == [*row, "още с нищо", "никога"]

    assert "held-do" not in [each.key for each in page.button]
    page = of_whom(page, "Ана Петрова: Координатор на община и нейните екипи – Студеница")
    page = field(page, "button_group", "Какво").set_value("Смени с друго").run()
    page = [box for box in page.selectbox if box.label == "Роля"][-1].select("governor").run()
    page = button(page, "held-do")
    assert "има право: Областен управител, вместо Координатор" in words(page)
    page = button(of_whom(page, "Ана Петрова: Областен управител"), "held-do")
    assert "Остава в историята" in words(page)
    assert table(page)[1][1:3] == ["без право", "–"]
    assert [look.place.split(": ")[1] for look in log_of(open_store()).looks(what="right")] == [
        "край на Областен управител",
        "Областен управител вместо Координатор на община и нейните екипи",
        "Координатор на община и нейните екипи",
    ]
    assert all("(без вход)" in by for by in register.changes(open_store())["entered_by"])


def test_what_is_refused_is_said(demo_app: Open) -> None:
    page = button(demo_app("people"), "give")
    assert "Изберете роля" in words(page)
    field(page, "selectbox", "Роля").select("expert").run()
    page = button(page, "give")
    assert "Името за влизане е от 1 до" in words(page)
    field(page, "text_input", "Име за влизане").input("ана")
    page = field(page, "selectbox", "Роля").select("school").run()
    assert "Няма институция с код" in words(button(page, "give"))


def test_another_day_shows_who_had_a_right_then(empty_app: Open) -> None:
    empty_app("people")
    store = open_store()
    register.give(store, Viewer("ана", ROLES["governor"]), SERVER, until=TODAY + timedelta(days=2))
    register.give(store, Viewer("борис", ROLES["secretary"]), SERVER, TODAY + timedelta(days=5))
    page = empty_app("people")
    assert "Право на достъп днес има  1 човек" in words(page)
    assert [row[0] for row in table(page)] == ["Кой", "ана", "борис"]
    assert table(page)[1][4] == f"{TODAY + timedelta(days=2):%d.%m.%Y} г."
    page = field(page, "date_input", "Кой какво право има на дата").set_value(TODAY + timedelta(days=6)).run()
    assert [row[:2] for row in table(page)[1:]] == [["ана", "без право"], ["борис", ROLES["secretary"].name]]
    page = field(page, "date_input", "Кой какво право има на дата").set_value(TODAY - timedelta(days=1)).run()
    assert "в регистъра няма никого" in words(page)


def test_a_one_time_password_is_shown_once(empty_app: Open) -> None:
    empty_app("people")
    store = open_store()
    register.give(store, Viewer("ана", ROLES["governor"]), SERVER)
    page = button(empty_app("people"), "one-time")
    made = written_html(page).split('class="dictated"', 1)[1].split(">", 1)[1].split("<", 1)[0]
    assert [person.is_one_time for person in register.people(store, store.now().date())] == [True]
    try:
        sign_in(store, "ана", made)
    except MustChange:
        pass
    else:
        raise AssertionError("A one-time password let somebody in.")
    assert made not in written_html(page.run())
    assert "еднократна парола" in table(page)[1][5]
