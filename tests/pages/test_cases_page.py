"""The page of cases: its first line, its parts, who may see what, and what is entered on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest_pages import Open, words, written_html
from streamlit.testing.v1 import AppTest

from obhvat.cases.entries import add_action, entries_of
from obhvat.cases.ladder import ladder, never_contacted, quiet
from obhvat.cases.published import checks
from obhvat.cases.register import actions, cases
from obhvat.cases.stayed import stayed
from obhvat.cases.terms import terms_of
from obhvat.ingest import Source, commit, read_files
from obhvat.metrics import figure
from obhvat.metrics.accounts import accounts
from obhvat.metrics.work import work_done
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.scope.days import cases_day
from obhvat.store import Store
from obhvat.texts import counted
from obhvat.ui.session import open_store

INSIDE, MEMBERS, PRESS = "Вътрешен", "За членовете", "За пресата"
FIRST, LADDER, DONE = "Равносметка", "Стълбица и срокове", "Свършена работа"
STAYED, SIGNALS = "Върнати и останали", "Сигнали"
LIST, PROPOSALS, CONFLICTS = "Списък и случай", "Предложения от риска", "Разминавания"
FOR_ALL, ONLY_INSIDE = (FIRST, LADDER, DONE, STAYED, SIGNALS), (LIST, PROPOSALS, CONFLICTS)
TERM = Period(2023, "term", 1)
DAY = date(2024, 2, 5)
CASE = re.compile(r"\b(?:КГ|ВД|ЯВ|ГР|СТ|СМ|ОКЦ)-[\d-]*\d{3}\b")


def page(open_page: Open, audience: str = INSIDE, part: str = FIRST, **address: str) -> AppTest:
    return open_page("cases", audience=audience, part=part, **address)


def said(app: AppTest) -> str:
    return " ".join(words(app).split())


def first_line(app: AppTest) -> str:
    found = re.search(r'<h1 class="lead">(.*?)</h1>', written_html(app))
    assert found
    return re.sub("<[^>]+>", "", found[1])


def tiles(app: AppTest) -> dict[str, str]:
    """The tiles' titles and figures."""
    return {
        title: re.sub("<[^>]+>", "", shown)
        for title, shown in re.findall(r'<h2>([^<]*)</h2><div class="figure[^>]*>(.*?)</div>', written_html(app))
    }


def tables(app: AppTest) -> Iterator[pd.DataFrame]:
    """Everything on the page that has rows: Streamlit's tables and our own."""
    for frame in app.dataframe:
        yield frame.value
    for written in re.findall(r"<table.*?</table>", written_html(app)):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", written)]
        cells = [[re.sub("<[^>]+>", "", cell) for cell in row] for row in rows]
        yield pd.DataFrame(cells[1:], columns=cells[0])


def table(app: AppTest, *captions: str) -> pd.DataFrame:
    """The first table with these captions."""
    return next(one for one in tables(app) if set(captions) <= set(one.columns))


def everything(app: AppTest) -> str:
    """All that was sent to the browser."""
    parts = [str(e.proto) for e in app.main]
    parts += [frame.value.reset_index().to_csv() for frame in app.dataframe]
    return " ".join(parts)


def put(store: Store, source: Source) -> None:
    """Commit a file as it is."""
    with closing(read_files([source], store)) as upload:
        commit(upload, store)


@pytest.fixture(scope="module")
def known(demo_store: Store) -> SimpleNamespace:
    """The cases, steps and the ladder of the first term as the packages below the page say them."""
    now = datetime.now()
    return SimpleNamespace(
        cases=cases(demo_store, DAY, now), actions=actions(demo_store, DAY, now), ladder=ladder(demo_store, DAY, now)
    )


@pytest.mark.parametrize("part", [*FOR_ALL, *ONLY_INSIDE])
@pytest.mark.parametrize("address", [{}, {"municipality": "Каменград"}, {"period": "Септември"}], ids=str)
def test_every_part_opens_inside(demo_app: Open, part: str, address: dict[str, str]):
    app = page(demo_app, INSIDE, part, **address)
    assert not app.exception
    assert "има грешка" not in words(app)


@pytest.mark.parametrize("audience", [MEMBERS, PRESS])
@pytest.mark.parametrize("part", [*FOR_ALL, *ONLY_INSIDE])
@pytest.mark.parametrize("address", [{}, {"municipality": "Каменград"}], ids=str)
def test_nobody_outside_sees_a_case(demo_app: Open, audience: str, part: str, address: dict[str, str]):
    app = page(demo_app, audience, part, **address)
    assert not app.exception
    assert "има грешка" not in words(app)
    assert len(everything(app)) > 1000
    assert CASE.findall(everything(app)) == []
    assert not set(ONLY_INSIDE) & set(app.segmented_control(key="part").options)


def test_changing_to_members_leaves_the_list(demo_app: Open):
    app = page(demo_app, INSIDE, LIST)
    assert CASE.findall(everything(app))
    app.segmented_control(key="audience").set_value(MEMBERS).run()
    assert not app.exception
    assert CASE.findall(everything(app)) == []
    assert "Равносметка на 22 случая" in said(app)


def test_the_first_line_counts_the_cases_and_the_late_steps(demo_app: Open, known: SimpleNamespace):
    late = int((known.ladder["late"] > 0).sum())
    assert first_line(page(demo_app)) == (
        f"Работи се по 14 случая – областта, I срок на 2023/2024 г.; {late} стъпки са с изтекъл срок"
    )


def test_the_first_line_of_a_municipality_counts_its_own(demo_app: Open, known: SimpleNamespace):
    n = int((known.ladder["municipality"] == "Ведрово").sum())
    assert first_line(page(demo_app, municipality="Ведрово")).startswith(f"Работи се по {n} случая – община Ведрово")


def test_members_do_not_see_how_few_cases_a_small_municipality_has(demo_app: Open):
    app = page(demo_app, MEMBERS, municipality="Горун")
    assert (
        first_line(app) == "Броят на случаите е скрит, за да не се познае дете – община Горун, I срок на 2023/2024 г."
    )
    assert tiles(app) == {"Случаи в работа": "скрито"}


def test_tiles_count_what_is_below_the_page(demo_app: Open, known: SimpleNamespace, demo_store: Store):
    returned = figure(demo_store, "cases_returned", TERM, Scope())
    late = int((known.ladder["late"] > 0).sum())
    assert tiles(page(demo_app)) == {
        "Случаи в работа": "14",
        "Върнати": f"{returned.n} от {returned.d}",
        "Стъпки с изтекъл срок": f"{late} от 14",
        "Без действие 14 дни или повече": f"{len(quiet(known.ladder, 14))} от 14",
        "Без осъществен контакт": f"{len(never_contacted(known.ladder))} от 14",
    }


def test_the_days_of_quiet_are_asked(demo_app: Open, known: SimpleNamespace):
    days = int(known.ladder["quiet_days"].median()) + 1
    n = len(quiet(known.ladder, days))
    assert 0 < n < 14
    app = page(demo_app, INSIDE, LADDER)
    app.number_input(key="days").set_value(days).run()
    title = f"Без действие {counted(days, 'ден')} или повече"
    assert tiles(app)[title] == f"{n} от 14"
    assert f"{title} {n} от 14 случая в работа" in said(app)


def test_the_press_is_told_no_small_number(demo_app: Open):
    shown = tiles(page(demo_app, PRESS))
    assert shown["Случаи в работа"] == "14"
    assert [n for n in shown.values() if re.match(r"[1-4]( |$)", n)] == []


def test_what_institutions_owe_adds_up(demo_app: Open, known: SimpleNamespace):
    owed = table(page(demo_app, MEMBERS, LADDER), "Институция", "Дължи стъпки").set_index("Институция")
    assert owed.loc["Всички", "Дължи стъпки"] == "14"
    assert owed.drop("Всички")["С изтекъл срок"].astype(int).sum() == (known.ladder["late"] > 0).sum()


def test_the_list_is_the_ladder(demo_app: Open, known: SimpleNamespace):
    shown = table(page(demo_app, INSIDE, LIST), "№", "Докъде е", "Дължи").set_index("№")
    expected = known.ladder.set_index("number")
    assert set(shown.index) == set(expected.index)
    assert shown["Закъснява, раб. дни"].to_dict() == expected["late"].to_dict()
    assert shown["Дължи"].to_dict() == expected["owner_name"].to_dict()
    assert not any("pupil" in str(c).lower() for c in shown.columns)


def test_a_case_shows_every_step_with_its_line(demo_app: Open, known: SimpleNamespace):
    app = page(demo_app, INSIDE, LIST)
    app.selectbox(key="case").set_value("КГ-030").run()
    steps = table(app, "Дата", "Стъпка", "Кой", "Откъде е")
    expected = known.actions[known.actions["case_number"] == "КГ-030"]
    assert list(steps["Дата"]) == [f"{d:%d.%m.%Y}" for d in expected["date"]]
    assert all(f"ред {line}" in where for line, where in zip(expected["line"], steps["Откъде е"], strict=True))


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
    add_step(app, "meeting", who=["school", "ruo"], contact="made", on=date(2024, 2, 2), result="ще запише детето")
    assert not app.exception
    assert "Записано по КГ-030: среща с родител, 02.02.2024 г." in said(app)
    last = table(app, "Дата", "Стъпка", "Кой", "Откъде е").iloc[-1]
    assert list(last)[:4] == ["02.02.2024", "среща с родител", "РУО, училище", "осъществен"]
    assert last["Откъде е"].startswith("въведено от ")
    assert table(app, "№", "Последно действие").set_index("№").loc["КГ-030", "Последно действие"] == date(2024, 2, 2)


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


def test_what_one_entered_can_be_taken_back(demo_app: Open):
    app = choose(page(demo_app, INSIDE, LIST), "КГ-030")
    before = len(table(app, "Дата", "Стъпка", "Кой", "Откъде е"))
    add_step(app, "call", on=date(2024, 2, 2))
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
    assert first_line(app).startswith("Работи се по 13 случая")
    assert tiles(app)["Върнати"] == "4 от 22"
    assert "КГ-030" not in set(table(app, "№", "Дължи")["№"])
    assert "Статус реинтегриран от 05.02.2024 (потвърждение: документ)" in said(app)


def test_a_case_is_opened_by_a_signal(demo_app: Open):
    app = page(demo_app, INSIDE, LIST)
    app.selectbox(key="new-place-0").set_value("Горун")
    app.selectbox(key="new-category-0").set_value("dropped_out")
    next(b for b in app.button if b.label == "Открий случая").click().run()
    assert first_line(app).startswith("Работи се по 15 случая")
    assert app.selectbox(key="case").value == "ОКЦ-2024-001"
    assert "По случая няма нито едно действие." in said(app)


def test_a_period_without_a_register_says_what_to_upload(demo_app: Open):
    app = page(demo_app, year="2022/2023", period="Септември")
    assert not app.exception
    assert "има грешка" not in words(app)


def test_an_empty_store_offers_to_start(empty_app: Open):
    app = empty_app("cases")
    assert not app.exception
    assert "Още няма данни" in first_line(app)


def test_the_day_of_the_page_is_the_registers(demo_app: Open, demo_store: Store):
    assert cases_day(demo_store, TERM, datetime.now()) == DAY
    assert "случаите са към 05.02.2024 г." in said(page(demo_app))


def test_the_waterfall_adds_up(demo_app: Open, demo_store: Store):
    now = accounts(demo_store, TERM, Scope())
    assert now
    shown = {part.name: part.n for part in now.by_group() if part.n}
    assert sum(shown.values()) == now.total == len(cases(demo_store, DAY, datetime.now()))
    equation = re.search(r"(\d+) = ([^<]*\d+ в работа)", written_html(page(demo_app)))
    assert equation
    assert sum(int(n) for n in re.findall(r"\d+", equation[2])) == int(equation[1]) == now.total


def test_municipalities_add_up_both_ways(demo_app: Open):
    shown = table(page(demo_app), "Община", "Случаи в работа", "Всички").set_index("Община").astype(int)
    whole = shown.loc["Цялата област"]
    assert (shown.drop("Цялата област").sum() == whole).all()
    assert (shown.drop(columns="Всички").sum(axis="columns") == shown["Всички"]).all()
    assert whole["Случаи в работа"] == 14


def test_members_see_of_municipalities_only_what_the_first_page_shows(demo_app: Open):
    shown = table(page(demo_app, MEMBERS), "Община", "Случаи в работа")
    assert list(shown.columns) == ["Община", "Случаи в работа"]
    first = table(demo_app("overview", audience=MEMBERS), "Община", "Случаи в работа")
    numbers = shown.set_index("Община")["Случаи в работа"].drop("Цялата област").to_dict()
    assert numbers == first.set_index("Община")["Случаи в работа"].to_dict()
    assert "скрито" in numbers.values()


def test_reasons_add_up_and_small_ones_are_hidden_outside(demo_app: Open, known: SimpleNamespace):
    inside = table(page(demo_app), "Причина", "Случаи").set_index("Причина")["Случаи"].astype(int)
    assert inside.drop("Всички").sum() == inside["Всички"] == len(known.cases)
    outside = table(page(demo_app, MEMBERS), "Причина", "Случаи").set_index("Причина")["Случаи"]
    assert set(outside.index[inside.between(1, 4)]) <= set(outside.index[outside == "скрито"])


def test_rejected_lines_are_a_part_of_their_own(demo_app: Open):
    app = page(demo_app)
    assert "неприет" not in said(app)
    put(open_store(), bad_register())
    app = page(demo_app, municipality="Каменград")
    assert not app.exception
    assert "1 неприет ред от регистъра, отделно в равносметката: изходът не се знае; редовете са по-долу." in said(app)
    # The same total as on the first page: the line is a case of the register, and a part of it.
    total = figure(open_store(), "cases_total", TERM, Scope("Каменград"))
    assert f"Равносметка на {counted(int(total.n or 0), 'случай')}" in said(app)
    overview = words(demo_app(municipality="Каменград", audience=INSIDE))
    assert f"Равносметка на {counted(int(total.n or 0), 'случай')}" in overview
    assert list(table(app, "Файл", "Ред", "Защо")["Ред"]) == ["3"]
    outside = page(demo_app, MEMBERS)
    assert "1 неприет ред от регистъра" in said(outside)
    assert not any("Файл" in one.columns for one in tables(outside))


def bad_register() -> Source:
    """A newer register of one municipality: of two lines one has an unknown status."""
    lines = (
        "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Статус от дата",
        "КГ-018;05.02.2024;отпаднал;Каменград;26.03.2023;в работа;26.03.2023",
        "КГ-900;05.02.2024;отпаднал;Каменград;26.03.2023;някакъв;26.03.2023",
    )
    return Source("случаи-Каменград-2024-02-05.csv", "\n".join(lines).encode())


def test_work_is_counted_as_below_the_page(demo_app: Open, demo_store: Store):
    done = work_done(demo_store, TERM, Scope()).set_index("name")["n"]
    shown = table(page(demo_app, MEMBERS, DONE), "Вид", "Брой").set_index("Вид")["Брой"].astype(int)
    assert shown["телефонен разговор"] == done["телефонен разговор"] > 0
    assert shown["обход"] == done["обход"] > 0
    assert shown.to_dict() == done[shown.index].to_dict()


def test_members_do_not_see_how_often_a_parent_was_fined(demo_app: Open):
    names = set(table(page(demo_app, MEMBERS, DONE), "Вид", "Брой")["Вид"])
    assert not names & {"АУАН", "наказателно постановление", "уведомяване на ОЗД/РДСП"}


def test_published_numbers_that_do_not_add_up_are_named(demo_app: Open):
    shown = said(page(demo_app, MEMBERS, DONE))
    assert [one.name for one in checks() if " ".join(one.sentence.split()) not in shown] == []


def test_who_stayed_is_n_of_n(demo_app: Open, demo_store: Store):
    expected = stayed(demo_store, DAY, datetime.now(), Scope()).set_index("days")
    shown = table(page(demo_app, INSIDE, STAYED), "Кога", "Останали").set_index("Кога")
    for days in (30, 60, 90):
        row = expected.loc[days]
        assert shown.loc[f"след {days} дни", "Останали"] == f"{row['stayed']} от {row['stayed'] + row['left']}"
        assert shown.loc[f"след {days} дни", "Всички върнати"] == str(row["of"])


def test_a_proposal_becomes_a_case_when_an_expert_says_so(demo_app: Open):
    app = page(demo_app, INSIDE, PROPOSALS)
    [n] = map(int, re.findall(r"Предложения от правилата: (\d+)", said(app)))
    next(b for b in app.button if b.label == "Потвърди като случай").click().run()
    assert "Открит е случай ОКЦ-2024-001." in said(app)
    assert f"Предложения от правилата: {n - 1} деца" in said(app)
    assert first_line(app).startswith("Работи се по 15 случая")


def test_a_declined_proposal_needs_a_reason_and_is_not_proposed_again(demo_app: Open):
    app = page(demo_app, INSIDE, PROPOSALS)
    [n] = map(int, re.findall(r"Предложения от правилата: (\d+)", said(app)))
    next(b for b in app.button if b.label == "Отклони предложението").click().run()
    assert "Напишете защо предложението се отклонява" in said(app)
    assert f"Предложения от правилата: {n} деца" in said(app)
    next(box for box in app.text_input if box.label == "Защо не е случай").set_value("преместен в друго училище")
    next(b for b in app.button if b.label == "Отклони предложението").click().run()
    assert f"Предложения от правилата: {n - 1} деца" in said(app)
    assert first_line(app).startswith("Работи се по 14 случая")


def test_a_conflict_shows_both_versions_and_is_settled_here(demo_app: Open):
    store = open_store()
    add_action(store, "КГ-018", date(2024, 2, 1), "call", contact="made", who="експерт")
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
    assert step.loc[(step["case_number"] == "КГ-018") & (step["date"] == "2024-02-01"), "contact"].tolist() == ["made"]


def other_step() -> Source:
    """A newer register of steps that says otherwise of one that was entered here."""
    lines = (
        "№ на случая;Към дата;Община;Дата;Вид действие;Пореден №;Осъществен контакт",
        "КГ-018;05.02.2024;Каменград;01.02.2024;телефонен разговор;1;не е открит",
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
