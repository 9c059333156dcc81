"""Who works in English: every part opens in the internal view, and what is stored and given away is Bulgarian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from cases_page import FOR_ALL, ONLY_INSIDE
from conftest_pages import Open, words
from streamlit.testing.v1 import AppTest

from obhvat import language
from obhvat.inspections.next_visits import plan_of, ranking
from obhvat.language import BULGARIAN, ENGLISH, _, speaking
from obhvat.ui.filters import INSIDE
from obhvat.ui.languages import PARAMETER
from obhvat.ui.session import open_store

WEEK = date(2024, 2, 12)
VISITS = "План за проверки"
CHECKS = ("Проверени училища", "Повторни проверки", "Констатации и препоръки", "Вписване в дневника", VISITS)


@pytest.fixture
def english_app(demo_app: Open, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """A page in the internal view. It is run alone here, in a thread of its own: the shell does not say the
    language."""

    def opened(page: str, **address: str) -> AppTest:
        return demo_app(page, **{PARAMETER: ENGLISH, "audience": INSIDE, **address})

    monkeypatch.setattr(language, "_chosen", [lambda: ENGLISH])
    with speaking(ENGLISH):
        yield opened


def is_whole(app: AppTest) -> bool:
    return not app.exception and "В програмата има грешка" not in words(app)


@pytest.mark.parametrize("page", ["overview", "risk", "meeting", "backtest", "data_status", "settings"])
def test_the_internal_view_opens_in_english(english_app: Open, page: str):
    assert is_whole(english_app(page))


def test_a_school_opens_in_english(english_app: Open):
    app = english_app("school")
    assert is_whole(app)
    school = next(box for box in app.selectbox if box.key == "school").options[5]
    assert is_whole(english_app("school", school=school))


@pytest.mark.parametrize(
    ("page", "part"),
    [*(("cases", part) for part in (*FOR_ALL, *ONLY_INSIDE)), *(("inspections", part) for part in CHECKS)],
)
def test_a_part_opens_in_english(english_app: Open, page: str, part: str):
    app = english_app(page, part=_(part))
    assert is_whole(app)
    assert app.segmented_control(key="part").value == part


def test_a_plan_saved_in_english_is_the_same_plan(english_app: Open):
    app = english_app("inspections", part=_(VISITS))
    next(button for button in app.button if button.label == "Save the plan").click().run()
    store = open_store()
    saved = plan_of(store, WEEK)
    with speaking(BULGARIAN):
        ranked = ranking(store, date(2024, 1, 31), datetime.now()).set_index("school")
    assert len(saved) == 8
    assert saved["reason"].tolist() == ranked.loc[saved["school"], "reason"].tolist()


def test_the_list_of_children_is_downloaded_in_bulgarian(english_app: Open, monkeypatch: pytest.MonkeyPatch):
    made = []
    monkeypatch.setattr("obhvat.ui.risk.act.while_open", lambda _, make: made.append(make) or make)
    app = english_app("risk")
    assert "Line in the file" in app.dataframe[0].value
    rows, notes = (list(sheet.values) for sheet in openpyxl.load_workbook(BytesIO(made[0]())).worksheets)
    assert "Ред във файла" in rows[0]
    texts = [cell for line in (*rows, *notes) for cell in line if isinstance(cell, str)]
    assert [text for text in texts if re.search("[A-Za-z]{4,}", text)] == []
