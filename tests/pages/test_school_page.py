"""The page of one school: what it says equals the figures, and who sees which of them."""

from __future__ import annotations

import re

import pytest
from conftest_pages import Open, rows_of, words, written_html
from streamlit.testing.v1 import AppTest

from obhvat.disclosure import SMALLEST_SHOWN
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import number
from obhvat.ui.school.absences import against_others

TERM = Period(2023, "term", 1)
INSIDE, MEMBERS, PRESS = "Вътрешен", "За членовете", "За пресата"
LARGE = "ОУ „Зорница“, гр. Каменград · 9001001"
SILENT = "ОУ „Росица“"


def said(app: AppTest) -> str:
    return " ".join(words(app).split())


def label(app: AppTest, code: str) -> str:
    return next(option for option in app.selectbox(key="school").options if option.endswith(code))


def school(open_page: Open, code: str, audience: str = INSIDE, **address: str) -> AppTest:
    app = open_page("school", audience=audience, **address)
    return app.selectbox(key="school").set_value(label(app, code)).run()


def tile(app: AppTest, title: str) -> str:
    found = re.search(rf"<h2>{re.escape(title)}</h2><div class=\"figure[^>]*>(.*?)</div>", written_html(app))
    assert found, title
    return re.sub("<[^>]+>", "", found[1])


def test_without_a_school_one_is_asked_for(demo_app: Open):
    app = demo_app("school")
    assert "Изберете училище" in said(app)
    assert len(next(iter(app.dataframe)).value) == len(app.selectbox(key="find-school").options)


def test_schools_of_a_municipality_are_offered_alone(demo_app: Open):
    app = demo_app("school", municipality="Ведрово")
    assert set(next(iter(app.dataframe)).value["Община"]) == {"Ведрово"}


def test_a_school_found_by_name_is_opened(demo_app: Open):
    app = demo_app("school", audience=INSIDE)
    app.selectbox(key="find-school").set_value("9001001").run()
    assert not app.exception
    assert "ОУ „Зорница“, гр. Каменград – 1 проверка през I срок на 2023/2024 г." in said(app)


def test_a_school_in_the_address_is_opened(demo_app: Open):
    assert "ОУ „Зорница“, гр. Каменград – 1 проверка" in said(demo_app("school", school=LARGE))


def test_tiles_are_the_schools_figures(demo_app: Open, demo_store: Store):
    app = school(demo_app, "9001001")
    scope = Scope(school="9001001")
    over = figure(demo_store, "pupils_over_threshold", TERM, scope)
    assert tile(app, "С 5 и повече неизвинени часа") == f"{number(over.n)} от {number(over.d)}"
    ratio = figure(demo_store, "unexcused_per_pupil", TERM, scope)
    assert tile(app, "Неизвинени часове на ученик") == number(ratio.value, 2)


def test_grades_add_up_to_the_list(demo_app: Open):
    app = school(demo_app, "9001001")
    grades, counts = rows_of(app, "Ученици по класове")
    assert grades == ["I", "II", "III", "IV", "V", "VI", "VII"]
    assert sum(map(int, counts)) == int(tile(app, "По списък"))


def test_the_range_holds_eight_schools_of_ten(demo_store: Store):
    of_oblast = figure(demo_store, "unexcused_per_pupil", Period(2023, "year"), Scope())
    months = against_others(of_oblast, "9001001")
    january = of_oblast.rows[(of_oblast.rows["month"] == "2024-01-01") & of_oblast.rows["reports"]]
    hours = sorted((january["n"].astype(float) / january["d"].astype(float)).tolist())
    low, high = months.set_index("month").loc["2024-01-01", ["low", "high"]]
    inside = [h for h in hours if low <= h <= high]
    assert len(inside) / len(hours) == pytest.approx(0.8, abs=0.05)
    assert len(months) == 5


def test_a_month_that_was_not_sent_is_missing_not_zero(demo_app: Open, demo_store: Store):
    of_oblast = figure(demo_store, "unexcused_per_pupil", Period(2023, "year"), Scope())
    assert against_others(of_oblast, "9004002")["value"].isna().all()
    app = school(demo_app, "9004002")
    assert SILENT in said(app)
    assert tile(app, "Неизвинени часове на ученик") == "няма данни"
    assert [row[0] for row in rows_of(app, "Подаване по месеци")][1] == "липсва"


def test_a_suspicious_record_is_said(demo_app: Open):
    assert "Нито едно неизвинено отсъствие" in said(school(demo_app, "9002005"))


def small_over(store: Store) -> str:
    """A school with one to four pupils over the threshold."""
    counted = figure(store, "pupils_over_threshold", TERM, Scope()).counted
    return counted.loc[(counted["n"] > 0) & (counted["n"] < SMALLEST_SHOWN), "school"].iloc[0]


def test_members_do_not_see_a_small_number_over_the_threshold(demo_app: Open, demo_store: Store):
    code = small_over(demo_store)
    assert int(tile(school(demo_app, code), "С 5 и повече неизвинени часа").split()[0]) < SMALLEST_SHOWN
    assert tile(school(demo_app, code, MEMBERS), "С 5 и повече неизвинени часа").startswith("под 10 от ")


def test_a_kindergarten_counts_days(demo_app: Open):
    app = school(demo_app, "9001081")
    assert "детска градина" in said(app)
    assert "дни на дете" in said(app)


def test_no_case_number_reaches_members(demo_app: Open, demo_store: Store):
    numbers = demo_store.rows("select distinct number, school from cases where school is not null")
    for code in {school_ for _, school_ in numbers if school_.startswith("9001")}:
        text = said(school(demo_app, code, MEMBERS))
        assert not [n for n, _ in numbers if n in text]


def test_a_case_number_is_shown_inside(demo_app: Open, demo_store: Store):
    code, number_ = demo_store.rows(
        "select school, max(number) from cases where as_of = (select max(as_of) from cases) and school is not null "
        "group by school order by school limit 1"
    )[0]
    assert number_ in said(school(demo_app, code))


def test_the_press_sees_no_school(demo_app: Open):
    text = said(demo_app("school", audience=PRESS, school=LARGE))
    assert "не е за пресата" in text
    assert "Зорница" not in text


def test_an_empty_store_offers_the_demo(empty_app: Open):
    assert "Разгледай примерна област" in [b.label for b in empty_app("school").button]


def test_a_closed_school_says_since_when(awkward_app: Open):
    app = awkward_app("school", audience=INSIDE, period="I срок", school="ОУ „Буквар“, с. Липак · 9101006")
    assert "ОУ „Буквар“, с. Липак , закрито на 30.11.2023 г. – 1 проверка" in said(app)
    assert not app.exception
    year_before = awkward_app("school", audience=INSIDE, year="2022/2023", school="ОУ „Буквар“, с. Липак · 9101006")
    assert "закрито" not in said(year_before)
