"""The page of checks: what it says equals what is counted, who sees what, and the plan of a week."""

from __future__ import annotations

import re
from datetime import date, datetime

import pandas as pd
import pytest
from conftest_pages import Open, rows_of, words, written_html
from streamlit.testing.v1 import AppTest

from obhvat.disclosure import SMALLEST_SHOWN
from obhvat.inspections.coverage import coverage, missing
from obhvat.inspections.diary import diary_gap
from obhvat.inspections.findings import UNDONE, findings
from obhvat.inspections.next_visits import plan_of, ranking
from obhvat.inspections.repeats import WHY, repeats
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.scope.days import checks_known_until
from obhvat.store import Store
from obhvat.ui.session import open_store

TERM = Period(2023, "term", 1)
INSIDE, MEMBERS, PRESS = "Вътрешен", "За членовете", "За пресата"
COVERAGE, REPEATS, FINDINGS, DIARY, NEXT = PARTS = [
    "Проверени училища",
    "Повторни проверки",
    "Констатации и препоръки",
    "Вписване в дневника",
    "План за проверки",
]
WEEK = date(2024, 2, 12)


def opened(open_page: Open, part: str = COVERAGE, audience: str = INSIDE, **address: str) -> AppTest:
    return open_page("inspections", audience=audience, part=part, **address)


def said(app: AppTest) -> str:
    return " ".join(words(app).split())


def frame(app: AppTest, column: str) -> pd.DataFrame:
    """The first table of Streamlit's with a column."""
    return next(one.value for one in app.dataframe if column in one.value)


def tile(app: AppTest, title: str) -> str:
    found = re.search(rf"<h2>{re.escape(title)}</h2><div class=\"figure[^>]*>(.*?)</div>", written_html(app))
    assert found, title
    return re.sub("<[^>]+>", "", found[1])


def visits(app: AppTest) -> list[str]:
    """The schools of the plan, in its order."""
    found = re.findall(r'<div class="visit"><b>\d+\. (.*?)</b>', written_html(app))
    return [name.replace("&quot;", '"') for name in found]


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


@pytest.mark.parametrize("audience", [INSIDE, MEMBERS, PRESS])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_for_every_audience(demo_app: Open, part: str, audience: str):
    for address in ({}, {"municipality": "Каменград"}):
        app = demo_app("inspections", audience=audience, **address)
        if part != COVERAGE:
            app.segmented_control(key="part").set_value(part).run()
        assert not app.exception
        assert "има грешка" not in words(app)


def test_the_first_line_is_the_press_release_and_names_who_is_missing(demo_app: Open, demo_store: Store):
    text = said(opened(demo_app, audience=MEMBERS))
    assert "През I срок на 2023/2024 г. в областта са проверени 38 от 40 училища с 53 проверки" in text
    assert "Без проверка: ОУ „Росица“, с. Бистрата и ОУ „Млада гора“, с. Изворско" in text
    assert list(missing(coverage(demo_store, TERM, Scope()))["name"]) == ["ОУ „Росица“", "ОУ „Млада гора“"]


def test_schools_and_checks_are_two_numbers(demo_app: Open):
    app = opened(demo_app)
    assert tile(app, "Проверени училища") == "38 от 40"
    assert tile(app, "Проверки") == "53"
    assert tile(app, "Училища с повече от една проверка") == "11 от 40"
    assert tile(app, "Проверки на дейността на директора без обход") == "0 от 13"


def test_open_findings_are_counted_on_the_last_known_day(demo_app: Open, demo_store: Store):
    day = date(2024, 1, 31)
    assert checks_known_until(demo_store, datetime.now()) == day
    rows = findings(demo_store, TERM, Scope(), day)
    app = opened(demo_app)
    assert tile(app, "Неизпълнени препоръки") == f"{rows['state'].isin(UNDONE).sum()} от {len(rows)}"
    assert f"{(rows['state'] == 'overdue').sum()} с изтекъл срок към 31.01.2024 г." in said(app)


def test_every_table_of_coverage_adds_up_to_its_last_row(demo_app: Open):
    app = opened(demo_app)
    for title, columns in {"Покритие по общини": [1, 2], "Колко пъти": [1, 2], "Кога": [1, 2]}.items():
        _, *parts, whole = rows_of(app, title)
        for column in columns:
            counts = [[int(n) for n in row[column].split(" от ")] for row in (*parts, whole)]
            assert [sum(numbers) for numbers in zip(*counts[:-1], strict=True)] == counts[-1], title
    _, *parts, whole = rows_of(app, "Видове проверки")
    assert sum(int(row[1]) for row in parts) == int(whole[1]) == 53
    assert rows_of(app, "Колко пъти")[-1] == ["Всички", "40", "53"]
    assert rows_of(app, "Кога")[-1] == ["Всички", "53", "38"]


def test_all_schools_are_listed_those_without_a_check_first(demo_app: Open, demo_store: Store):
    table = frame(opened(demo_app), "Последна изобщо")
    rows = coverage(demo_store, TERM, Scope())
    assert len(table) == len(rows) == 40
    assert list(table["Проверки"].head(3)) == [0, 0, 1]
    assert table["Проверки"].sum() == rows["n_checks"].sum()


def test_a_municipality_has_its_own_schools(demo_app: Open):
    app = opened(demo_app, municipality="Ведрово")
    assert "са проверени 7 от 8 училища" in said(app)
    assert set(frame(app, "Последна изобщо")["Община"]) == {"Ведрово"}


def test_one_school_is_said_by_its_name(demo_app: Open):
    app = opened(demo_app)
    label = next(o for o in app.selectbox(key="school").options if o.endswith("9004002"))
    assert "в ОУ „Росица“, с. Бистрата няма проверка" in said(app.selectbox(key="school").set_value(label).run())


def test_repeats_are_as_they_are_judged(demo_app: Open, demo_store: Store):
    rows = repeats(demo_store, TERM, Scope())
    app = opened(demo_app, REPEATS)
    _, *parts, whole = rows_of(app, "Оправдана ли е повторната проверка")
    of_reason = rows.groupby("why")["school"].agg(["size", "nunique"]).reindex(list(WHY), fill_value=0)
    assert [[int(n), int(schools)] for _, n, schools in parts] == of_reason.to_numpy().tolist()
    assert [int(n) for n in whole[1:]] == [len(rows), rows["school"].nunique()]
    assert int(whole[1]) == len(frame(app, "Предишна"))


def test_findings_are_listed_with_what_is_overdue_first(demo_app: Open, demo_store: Store):
    rows = findings(demo_store, TERM, Scope(), date(2024, 1, 31))
    app = opened(demo_app, FINDINGS)
    table = frame(app, "Препоръка")
    assert len(table) == len(rows)
    overdue = int((rows["state"] == "overdue").sum())
    assert set(table["Изпълнение"].head(overdue)) == {"с изтекъл срок"}
    owed = frame(app, "С изтекъл срок")
    assert owed["С изтекъл срок"].sum() == overdue
    assert owed["Неизпълнени"].sum() == rows["state"].isin(UNDONE).sum()


def test_the_diarys_sentence_adds_the_schools_up(demo_app: Open, demo_store: Store):
    rows = diary_gap(demo_store, TERM, Scope())
    absent = int((rows["enrolled"] - rows["present"]).sum())
    recorded = int(rows["absent_recorded"].sum())
    app = opened(demo_app, DIARY)
    assert f"отсъстваха {absent} от {rows['enrolled'].sum()} ученици" in said(app)
    assert f"вписани {recorded}: {absent - recorded} не са вписани" in said(app)
    table = frame(app, "Вписани")
    assert table["Разлика"].sum() == absent - recorded


def test_members_see_no_number_of_children_of_a_school(demo_app: Open):
    app = opened(demo_app, DIARY, MEMBERS)
    table = frame(app, "Дневникът")
    assert [c for c in table if pd.api.types.is_numeric_dtype(table[c])] == ["Проверки"]
    app = opened(demo_app, DIARY, MEMBERS, municipality="Ведрово")
    assert "Броят на децата се показва само за цялата област." in said(app)


def test_members_see_the_ranking_without_shares_of_children(demo_app: Open):
    table = frame(opened(demo_app, NEXT, MEMBERS), "Защо")
    assert list(table) == ["Училище", "Община", "Защо"]
    # Nor does their order say which of two has the larger share.
    assert table["Община"].nunique() == (table["Община"] != table["Община"].shift()).sum()
    assert not table["Защо"].str.contains("%").any()
    assert "Над прага" in frame(opened(demo_app, NEXT, INSIDE), "Защо")


def test_members_see_in_the_picture_only_shares_that_may_be_known(demo_app: Open, demo_store: Store):
    inside, outside = (frame(opened(demo_app, NEXT, who), "В плана") for who in (INSIDE, MEMBERS))
    over = figure(demo_store, "pupils_over_threshold", TERM).counted
    small = set(over.loc[(over["n"] > 0) & (over["n"] < SMALLEST_SHOWN), "school"])
    names = dict(demo_store.rows("select distinct code, name from schools"))
    assert small
    assert {names[code] for code in small} <= set(inside["Училище"])
    assert not {names[code] for code in small} & set(outside["Училище"])


def test_the_press_sees_no_school(demo_app: Open, demo_store: Store):
    names = [name for (name,) in demo_store.rows("select distinct name from schools")]
    for part in PARTS:
        app = opened(demo_app, part, PRESS, municipality="Ведрово")
        assert not [name for name in names if name in said(app)], part
        assert not [one for one in app.dataframe if "Училище" in one.value], part
        assert "38 от 40" in said(app)


def test_the_proposed_plan_is_the_top_of_the_ranking(demo_app: Open, demo_store: Store):
    ranked = ranking(demo_store, date(2024, 1, 31), datetime.now())
    app = opened(demo_app, NEXT)
    assert app.date_input(key="visit-week").value == WEEK
    expected = [f"{r['name']}, {r['settlement']}" for r in ranked.head(8).to_dict("records")]
    assert visits(app) == expected
    # Outside by name: their order is that of the shares of their children.
    by_name = ranked.head(8).sort_values(["municipality", "name"])
    expected = [f"{r['name']}, {r['settlement']}" for r in by_name.to_dict("records")]
    assert visits(opened(demo_app, NEXT, MEMBERS)) == expected


def test_the_slider_is_how_many_visits_there_are(demo_app: Open):
    app = opened(demo_app, NEXT)
    eight = visits(app)
    app.slider(key="visits-a-week").set_value(11).run()
    assert visits(app)[:8] == eight
    assert len(visits(app)) == 11
    app.slider(key="visits-a-week").set_value(3).run()
    assert visits(app) == eight[:3]


def test_visits_to_children_that_were_chosen_elsewhere_are_no_checks_of_a_week(demo_app: Open):
    app = opened(demo_app, NEXT)
    app.slider(key="visits-a-week").set_value(11).run()
    app.switch_page("pages/backtest.py").run()
    app.slider(key="visits").set_value(150).run()
    app.switch_page("pages/inspections.py").run()
    app.button_group(key="part").set_value(NEXT).run()
    assert len(visits(app)) == 11


def test_the_expert_moves_removes_and_adds(demo_app: Open, demo_store: Store):
    ranked = ranking(demo_store, date(2024, 1, 31), datetime.now())["school"].tolist()
    app = opened(demo_app, NEXT)
    before = visits(app)
    press(app, f"Надолу-{ranked[0]}")
    assert visits(app)[:2] == [before[1], before[0]]
    press(app, f"Премахни-{ranked[2]}")
    assert visits(app) == [before[1], before[0], *before[3:]]
    app.selectbox(key="visit-add").set_value(ranked[20]).run()
    assert len(visits(app)) == 8
    assert "добавено от експерт" in said(app)
    app.slider(key="visits-a-week").set_value(9).run()
    assert before[2] not in visits(app)


def test_a_saved_plan_is_there_again(demo_app: Open):
    app = opened(demo_app, NEXT)
    store = open_store()
    first = ranking(store, date(2024, 1, 31), datetime.now())["school"].iloc[0]
    press(app, f"Надолу-{first}")
    wanted = visits(app)
    next(b for b in app.button if b.label == "Запази плана").click().run()
    saved = plan_of(store, WEEK)
    assert [f"{r['name']}, {r['settlement']}" for r in saved.to_dict("records")] == wanted
    again = opened(demo_app, NEXT)
    assert visits(again) == wanted
    assert "Запазен от" in said(again)
    assert visits(opened(demo_app, NEXT, MEMBERS)) == wanted


def test_a_plan_that_was_changed_says_that_it_is_not_saved(demo_app: Open):
    app = opened(demo_app, NEXT)
    next(b for b in app.button if b.label == "Запази плана").click().run()
    assert "които не са запазени" not in said(app)
    app.slider(key="visits-a-week").set_value(5).run()
    assert "Има промени, които не са запазени." in said(app)


def test_another_week_has_another_plan(demo_app: Open):
    app = opened(demo_app, NEXT)
    app.slider(key="visits-a-week").set_value(2).run()
    next(b for b in app.button if b.label == "Запази плана").click().run()
    app.date_input(key="visit-week").set_value(date(2024, 2, 21)).run()
    assert "План за седмицата от 19 до 23 февруари 2024 г." in said(app)
    assert len(visits(app)) == 8
    app.date_input(key="visit-week").set_value(WEEK).run()
    assert len(visits(app)) == 2


def test_planned_is_held_against_done(demo_app: Open):
    app = opened(demo_app, NEXT)
    # A week that is over: what was checked in it and in the next is known.
    app.date_input(key="visit-week").set_value(date(2024, 1, 8)).run()
    app.slider(key="visits-a-week").set_value(20).run()
    next(b for b in app.button if b.label == "Запази плана").click().run()
    _, week, whole = rows_of(app, "Планирано и направено")
    planned, done, missed, waiting = map(int, week[1:])
    assert whole[1:] == week[1:]
    assert planned == 20 == done + missed
    assert waiting == 0
    store = open_store()
    checked = {s for (s,) in store.rows(
        "select distinct school from inspections where date between '2024-01-08' and '2024-01-21'"
    )}  # fmt: skip
    assert done == len(checked & set(plan_of(store, date(2024, 1, 8))["school"]))


def test_a_municipality_alone_makes_no_plan(demo_app: Open):
    app = opened(demo_app, NEXT, municipality="Ведрово")
    assert not [b for b in app.button if b.label == "Запази плана"]
    assert "Планът е за цялата област" in said(app)


def test_no_number_of_a_case_is_on_the_page(demo_app: Open, demo_store: Store):
    numbers = [n for (n,) in demo_store.rows("select distinct number from cases")]
    for part in PARTS:
        text = said(opened(demo_app, part))
        assert not [n for n in numbers if n in text], part


def test_a_period_without_checks_does_not_say_zero(demo_app: Open):
    app = opened(demo_app, period="II срок")
    assert "няма качени проверки" in said(app)
    assert "0 от 40" not in said(app)


def test_an_empty_store_offers_the_demo(empty_app: Open):
    assert "Разгледай примерна област" in [b.label for b in empty_app("inspections").button]
