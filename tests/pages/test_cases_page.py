"""The page of cases: its first line, its parts, and who may see what."""

from __future__ import annotations

import re
from datetime import datetime
from types import SimpleNamespace

import pandas as pd
import pytest
from cases_page import (
    CASE,
    DAY,
    DONE,
    FOR_ALL,
    INSIDE,
    LADDER,
    LIST,
    MEMBERS,
    ONLY_INSIDE,
    PRESS,
    STAYED,
    TERM,
    everything,
    first_line,
    page,
    put,
    said,
    table,
    tables,
    tiles,
)
from conftest_pages import Open, words, written_html

from obhvat.cases.ladder import ladder, never_contacted, quiet
from obhvat.cases.published import checks
from obhvat.cases.register import actions, cases
from obhvat.cases.stayed import returned
from obhvat.ingest import Source
from obhvat.metrics import figure
from obhvat.metrics.accounts import accounts
from obhvat.metrics.work import work_done
from obhvat.scope import Scope
from obhvat.scope.days import cases_day
from obhvat.store import Store
from obhvat.texts import counted
from obhvat.ui.session import open_store


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
    assert "Разпределение на 22 случая" in said(app)


def test_the_first_line_counts_the_cases_and_the_late_steps(demo_app: Open, known: SimpleNamespace):
    late = int((known.ladder["late"] > 0).sum())
    assert first_line(page(demo_app)) == (
        f"През I срок на 2023/2024 г. в областта се работи по 14 случая; {late} стъпки са с изтекъл срок"
    )


def test_the_first_line_of_a_municipality_counts_its_own(demo_app: Open, known: SimpleNamespace):
    n = int((known.ladder["municipality"] == "Ведрово").sum())
    assert first_line(page(demo_app, municipality="Ведрово")).startswith(
        f"През I срок на 2023/2024 г. в община Ведрово се работи по {n} случая"
    )


def test_members_do_not_see_how_few_cases_a_small_municipality_has(demo_app: Open):
    app = page(demo_app, MEMBERS, municipality="Горун")
    assert first_line(app) == "През I срок на 2023/2024 г. в община Горун случаите в работа са под 10"
    assert tiles(app) == {"Случаи в работа": "под 10"}


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
    owed = table(page(demo_app, MEMBERS, LADDER), "Отговорник", "Следващи стъпки").set_index("Отговорник")
    assert owed.loc["Всички", "Следващи стъпки"] == "14"
    assert owed.drop("Всички")["С изтекъл срок"].astype(int).sum() == (known.ladder["late"] > 0).sum()


def test_the_list_is_the_ladder(demo_app: Open, known: SimpleNamespace):
    shown = table(page(demo_app, INSIDE, LIST), "№", "Етап", "Отговорник").set_index("№")
    expected = known.ladder.set_index("number")
    assert set(shown.index) == set(expected.index)
    assert shown["Закъснява, раб. дни"].to_dict() == expected["late"].to_dict()
    assert shown["Отговорник"].to_dict() == expected["owner_name"].to_dict()
    assert not any("pupil" in str(c).lower() for c in shown.columns)


def test_a_case_shows_every_step_with_its_line(demo_app: Open, known: SimpleNamespace):
    app = page(demo_app, INSIDE, LIST)
    app.selectbox(key="case").set_value("КГ-030").run()
    steps = table(app, "Дата", "Стъпка", "Кой", "Откъде е")
    expected = known.actions[known.actions["case_number"] == "КГ-030"]
    assert list(steps["Дата"]) == [f"{d:%d.%m.%Y}" for d in expected["date"]]
    assert all(f"ред {line}" in where for line, where in zip(expected["line"], steps["Откъде е"], strict=True))


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
    assert "по регистър от 05.02.2024 г., към 31.01.2024 г." in said(page(demo_app))


def test_the_waterfall_adds_up(demo_app: Open, demo_store: Store):
    now = accounts(demo_store, TERM, Scope())
    assert now
    shown = {part.name: part.n for part in now.by_group() if part.n}
    assert sum(shown.values()) == now.total == len(cases(demo_store, DAY, datetime.now()))
    told = re.search(r"Разпределение на (\d+) случая<small>([^<]*\d+ в работа)", written_html(page(demo_app)))
    assert told
    assert sum(int(n) for n in re.findall(r"\d+", told[2])) == int(told[1]) == now.total


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
    assert "под 10" in numbers.values()


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
    assert "1 неприет ред от регистъра, отделно в сбора: изходът не се знае; редовете са по-долу." in said(app)
    # The same total as on the first page: the line is a case of the register, and a part of it.
    total = figure(open_store(), "cases_total", TERM, Scope("Каменград"))
    assert f"Разпределение на {counted(int(total.n or 0), 'случай')}" in said(app)
    overview = words(demo_app(municipality="Каменград", audience=INSIDE))
    assert f"Разпределение на {counted(int(total.n or 0), 'случай')}" in overview
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
    rows = returned(demo_store, DAY, datetime.now())
    expected = pd.crosstab(rows["days"], rows["outcome"]).reindex(columns=["stayed", "left"], fill_value=0)
    shown = table(page(demo_app, INSIDE, STAYED), "Кога", "Останали").set_index("Кога")
    for days in (30, 60, 90):
        row = expected.loc[days]
        assert shown.loc[f"след {days} дни", "Останали"] == f"{row['stayed']} от {row['stayed'] + row['left']}"
        assert shown.loc[f"след {days} дни", "Всички върнати"] == str(rows[rows["days"] == days]["number"].nunique())


def test_children_that_rounds_returned_are_hidden_here_as_on_the_slide(awkward_app: Open):
    members = said(page(awkward_app, MEMBERS, DONE))
    assert "13 адреса → 8 открити → върнати: скрито" in members
    assert "на 100 адреса" not in members
    inside = said(page(awkward_app, INSIDE, DONE))
    assert "8 открити → 1 върнато" in inside
    assert "по 7,7 на 100 адреса" in inside
