"""A slide of steps that are late by many cases."""

from __future__ import annotations

import pytest

from obhvat.charts.slides import slide_picture
from obhvat.meeting.slide import Slide
from obhvat.texts import number


@pytest.mark.parametrize(("n", "words"), [(1, "1 случай"), (21, "21 случая"), (12345, "12\u202f345 случая")])
def test_any_number_of_late_cases_is_drawn(n: int, words: str):
    rows = (("Училища", "34 работни дни", number(n)),)
    slide = Slide("overdue", "", "", columns=("", "", ""), rows=rows, picture="late", data=(("Училища", 34.0),))
    assert words in slide_picture(slide).replace("\xa0", " ")
