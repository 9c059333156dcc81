"""The page of cases: its first line, its parts, who may see what, and what is entered on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest_pages import Open, words, written_html
from streamlit.testing.v1 import AppTest

from obhvat.cases.entries import entries_of
from obhvat.cases.ladder import ladder, never_contacted, quiet
from obhvat.cases.register import actions, as_of_day, cases
from obhvat.metrics import Scope, figure
from obhvat.periods import Period
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


def add_step(app: AppTest, kind: str = "call", **fields: object) -> None:
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
    assert as_of_day(demo_store, TERM, datetime.now()) == DAY
    assert "случаите са към 05.02.2024 г." in said(page(demo_app))
