"""What stays of forgotten years is for inside: small numbers in it are not hidden."""

from __future__ import annotations

import pytest
from conftest_pages import Open, words
from streamlit.testing.v1 import AppTest

from obhvat.ui.filters import INSIDE
from obhvat.ui.session import open_store


def settings(app: Open, **address: str) -> AppTest:
    app("help")
    with open_store().transaction() as cursor:
        cursor.execute(
            """
            insert into kept_figures (entry_id, metric, period, municipality, value, n, d, reporting, places)
            values
                (1, 'cases_in_work', '2015', '', 73, 73, null, 6, 6),
                (1, 'cases_in_work', '2015', 'Ведрово', 3, 3, null, 1, 1)
            """
        ).fetchall()
    return app("settings", **address)


@pytest.mark.parametrize("address", [{}, {"audience": "За членовете"}])
def test_members_are_not_shown_what_stays_of_forgotten_years(demo_app: Open, address: dict[str, str]) -> None:
    page = settings(demo_app, **address)
    assert not page.exception
    assert "изберете изгледа „Вътрешен“" in words(page)
    assert "kept-period" not in [box.key for box in page.selectbox]
    assert not any("kept-xlsx" in str(each) for each in page.get("download_button"))


def test_inside_it_is_shown_and_given_away(demo_app: Open) -> None:
    page = settings(demo_app, audience=INSIDE)
    assert "kept-period" in [box.key for box in page.selectbox]
    assert "73" in words(page)
    assert any("kept-xlsx" in str(each) for each in page.get("download_button"))
