"""What is entered on the page of cases: steps, statuses, cases, answers to proposals and conflicts, terms."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from cases_page import (
    CONFLICTS,
    DAY,
    INSIDE,
    LIST,
    PROPOSALS,
    first_line,
    page,
    put,
    said,
    table,
    tiles,
)
from conftest_pages import Open, written_html
from streamlit.testing.v1 import AppTest
from viewers import expert

from obhvat.cases.entered import entries_of
from obhvat.cases.entries import add_action
from obhvat.cases.register import actions
from obhvat.cases.terms import terms_of
from obhvat.ingest import Source
from obhvat.ui.session import open_store


def add_step(app: AppTest, kind: str | None = "call", **fields: Any) -> None:
    """Fill the form of the chosen case and send it."""
    app.selectbox(key="kind-0").set_value(kind)
    for name, value in fields.items():
        box = {"who": app.multiselect, "contact": app.selectbox, "on": app.date_input, "due": app.date_input}
        box.get(name, app.text_input)(key=f"{name}-0").set_value(value)
    next(b for b in app.button if b.label == "Запиши действието").click().run()


def choose(app: AppTest, number: str) -> AppTest:
    return app.selectbox(key="case").set_value(number).run()


def test_a_step_added_here_is_in_the_case_at_once(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    add_step(app, "meeting", who=["school", "ruo"], contact="made", on=date(2024, 1, 30), result="ще запише детето")
    assert not app.exception
    assert "Записано по КГ-030: среща с родител, 30.01.2024 г." in said(app)
    last = table(app, "Дата", "Стъпка", "Кой", "Откъде е").iloc[-1]
    assert list(last)[:4] == ["30.01.2024", "среща с родител", "РУО, училище", "осъществен"]
    assert last["Откъде е"].startswith("въведено от ")
    assert table(app, "№", "Последно действие").set_index("№").loc["КГ-030", "Последно действие"] == date(2024, 1, 30)


def test_a_step_without_a_kind_is_not_written(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    add_step(app, None)
    assert "Изберете вида на действието и датата му." in said(app)
    assert entries_of(open_store(), "КГ-030").empty


def test_a_refusal_says_why_and_keeps_what_was_filled_in(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    add_step(app, "call", result="майката, тел. 0888123456")
    assert entries_of(open_store(), "КГ-030").empty
    assert app.text_input(key="result-0").value == "майката, тел. 0888123456"
    assert "notice act" in written_html(app)


def test_what_looks_like_a_name_is_asked_about_and_written_when_it_is_confirmed(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    add_step(app, "call", result="говорено с полицай Рошманов")
    assert entries_of(open_store(), "КГ-030").empty
    assert "Прилича на име на човек: „Рошманов“. Ако е улица, училище или длъжностно лице, потвърдете." in said(app)
    assert app.text_input(key="result-0").value == "говорено с полицай Рошманов"
    next(tick for tick in app.checkbox if tick.label.startswith("Потвърждавам")).check()
    next(b for b in app.button if b.label == "Запиши действието").click().run()
    assert "Записано по КГ-030" in said(app)
    assert "Прилича на име" not in said(app)
    assert open_store().rows("select name from confirmed_names") == [("Рошманов",)]


def test_another_name_than_the_confirmed_is_asked_about_again(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    add_step(app, "call", result="говорено с полицай Рошманов")
    next(tick for tick in app.checkbox if tick.label.startswith("Потвърждавам")).check()
    app.text_input(key="result-0").set_value("говорено с майката Стоянка")
    next(b for b in app.button if b.label == "Запиши действието").click().run()
    assert "Прилича на име на човек: „Стоянка“." in said(app)
    assert entries_of(open_store(), "КГ-030").empty


def test_what_one_entered_can_be_taken_back(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    before = len(table(app, "Дата", "Стъпка", "Кой", "Откъде е"))
    add_step(app, "call", on=date(2024, 1, 30))
    assert len(table(app, "Дата", "Стъпка", "Кой", "Откъде е")) == before + 1
    next(b for b in app.button if b.label == "Оттегли").click().run()
    assert len(table(app, "Дата", "Стъпка", "Кой", "Откъде е")) == before
    assert "– оттеглено" in said(app)


def test_a_status_changes_the_count(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    app.selectbox(key="status-0").set_value("reintegrated")
    app.selectbox(key="sure-0").set_value("document")
    next(b for b in app.button if b.label == "Запиши статуса").click().run()
    assert not app.exception
    assert "се работи по 13 случая" in first_line(app)
    assert tiles(app)["Върнати"] == "4 от 22"
    assert "КГ-030" not in set(table(app, "№", "Отговорник")["№"])
    assert "Статус реинтегриран от 31.01.2024 (потвърждение: документ)" in said(app)


def test_a_case_is_opened_by_a_signal(demo_app: Open):
    app = page(demo_app, INSIDE, LIST)
    app.selectbox(key="new-place-0").set_value("Горун")
    app.selectbox(key="new-category-0").set_value("dropped_out")
    next(b for b in app.button if b.label == "Открий случая").click().run()
    assert "се работи по 15 случая" in first_line(app)
    assert app.selectbox(key="case").value == "ОКЦ-2024-001"
    assert "По случая няма нито едно действие." in said(app)


def test_a_proposal_becomes_a_case_when_an_expert_says_so(demo_app: Open):
    # Its signal is of the day up to which cases are known, which is after the first term.
    app = page(demo_app, INSIDE, PROPOSALS, period="Цялата година")
    [n] = map(int, re.findall(r"Предложения от правилата: (\d+)", said(app)))
    next(b for b in app.button if b.label == "Потвърди като случай").click().run()
    assert "Открит е случай ОКЦ-2024-001." in said(app)
    assert f"Предложения от правилата: {n - 1} деца" in said(app)
    assert "се работи по 15 случая" in first_line(app)


def test_a_declined_proposal_needs_a_reason_and_is_not_proposed_again(demo_app: Open):
    app = page(demo_app, INSIDE, PROPOSALS)
    [n] = map(int, re.findall(r"Предложения от правилата: (\d+)", said(app)))
    next(b for b in app.button if b.label == "Отклони предложението").click().run()
    assert "Напишете защо предложението се отклонява" in said(app)
    assert f"Предложения от правилата: {n} деца" in said(app)
    next(box for box in app.text_input if box.label == "Защо не е случай").set_value("преместен в друго училище")
    next(b for b in app.button if b.label == "Отклони предложението").click().run()
    assert f"Предложения от правилата: {n - 1} деца" in said(app)
    assert "се работи по 14 случая" in first_line(app)


def test_a_conflict_shows_both_versions_and_is_settled_here(demo_app: Open):
    store = open_store()
    add_action(store, "КГ-018", date(2024, 1, 29), "call", contact="made", viewer=expert("експерт"))
    put(store, other_step())
    app = page(demo_app, INSIDE, CONFLICTS)
    assert "Разминавания: 1" in said(app)
    assert "контакт: да" in said(app)
    assert "контакт: не е открит" in said(app)
    assert "действия-Каменград-2024-02-05.csv, ред 2" in said(app)
    next(b for b in app.button if b.label == "Важи въведеното").click().run()
    assert not app.exception
    assert "Разминавания: 0" in said(app)
    step = actions(store, DAY, datetime.now())
    assert step.loc[(step["case_number"] == "КГ-018") & (step["date"] == "2024-01-29"), "contact"].tolist() == ["made"]


def other_step() -> Source:
    """A newer register of steps that says otherwise of one that was entered here."""
    lines = (
        "№ на случая;Към дата;Община;Дата;Вид действие;Пореден №;Осъществен контакт",
        "КГ-018;05.02.2024;Каменград;29.01.2024;телефонен разговор;1;не е открит",
    )
    return Source("действия-Каменград-2024-02-05.csv", "\n".join(lines).encode())


def test_terms_are_set_on_the_page_of_settings(demo_app: Open):
    app = demo_app("settings")
    app.number_input(key="days-visit-0").set_value(3)
    app.selectbox(key="owner-study-0").set_value("municipality")
    next(b for b in app.button if b.label == "Запази институциите и сроковете").click().run()
    assert not app.exception
    terms = terms_of(open_store())
    assert (terms.version, terms["visit"].working_days, terms["study"].owner) == (1, 3, "municipality")
    assert "посещение на адрес от екип: от „РУО, 7 работни дни“ на „РУО, 3 работни дни“" in said(app)


def test_a_child_in_several_cases_is_said_and_settled_here(awkward_app: Open):
    app = page(awkward_app, INSIDE, CONFLICTS)
    assert "се работи по 10 случая на 7 деца" in first_line(app)
    assert "2 деца в няколко случая" in said(app)
    assert "Едно дете: случаи РГ-006, СК-003 и РГ-009" in said(app)
    next(b for b in app.button if b.label == "РГ-009 е повторение, да отпадне").click().run()
    assert not app.exception
    assert "се работи по 9 случая на 7 деца" in first_line(app)
    assert "РГ-009, Речиград – решено от" in said(app)
    next(b for b in app.button if b.label == "Отделни случаи са, на едно дете").click().run()
    next(b for b in app.button if b.label == "Да се брои отново").click().run()
    assert "се работи по 10 случая на 7 деца" in first_line(app)


def test_an_entry_carries_the_name_that_was_said_once(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    app.text_input(key="own-name").set_value("Инспектор 3")
    next(b for b in app.button if b.label == "Запази името").click().run()
    add_step(app, "call", on=date(2024, 1, 30), result="оставено съобщение")
    assert entries_of(open_store(), "КГ-030")["entered_by"].tolist() == ["Инспектор 3"]
    assert open_store().remembered("person") == "Инспектор 3"


def test_a_result_for_the_own_institution_says_so_in_the_case(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    app.radio(key="note-0").set_value(True)
    add_step(app, "call", on=date(2024, 1, 30), result="оставено съобщение")
    assert "оставено съобщение; бележка само за РУО" in said(app)
