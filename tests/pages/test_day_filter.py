"""«Към дата» among the filters: in the address, kept from page to page, and said beside what it is the day of."""

from datetime import date

import pytest
from conftest_pages import Open, words

from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.ui.session import open_store

TERM, DAY = Period(2023, "term", 1), date(2023, 12, 15)


def on_day(day: date) -> int:
    return int(figure(open_store(), "cases_in_work", TERM, day=day).n or 0)


def test_cases_are_told_as_they_stood_on_the_day_of_the_address(demo_app: Open):
    app = demo_app("overview", day="2023-12-15")
    assert app.date_input(key="day").value == DAY
    assert f"се работи по {on_day(DAY)} случая" in " ".join(words(app).split())
    assert "към 15.12.2023 г." in words(app)


def test_the_day_goes_along_to_other_pages(demo_app: Open):
    app = demo_app("overview", day="2023-12-15")
    app.switch_page("pages/cases.py").run()
    assert app.date_input(key="day").value == DAY
    assert "към 15.12.2023 г." in words(app)
    assert not app.exception


@pytest.mark.parametrize("day", ["abc", "1999-01-01", "2023-02-31", ""])
def test_a_day_that_is_none_is_the_end_of_what_is_known(demo_app: Open, day: str):
    app = demo_app("overview", day=day)
    assert app.date_input(key="day").value is None
    assert not app.exception
    assert "14 случая" in words(app)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("cases", "по регистър от 05.02.2024 г., към 15.12.2023 г."),
        ("inspections", "към 15.12.2023 г."),
        # A month counts on the day when it had ended.
        ("risk", "ноември 2023 г."),
    ],
)
def test_every_page_tells_its_states_for_the_day(demo_app: Open, page: str, said: str):
    app = demo_app(page, day="2023-12-15")
    assert not app.exception
    assert said in words(app)


def test_the_school_is_told_for_the_day_too(demo_app: Open):
    app = demo_app("school", day="2023-12-15", school="ОУ „Зорница“, гр. Каменград · 9001001")
    assert not app.exception
    assert "Изберете училище" not in words(app)
    assert "ноември 2023 г." in words(app)
