"""Pictures say the numbers they were given, and nothing a file contains runs in them."""

from datetime import date

import pandas as pd

from obhvat.charts import Patch, schematic_map, two_years, waterfall

PERNIK = ("Каменград", "Ведрово", "Горун")
CASES = (
    ("cases_returned", "Върнати", 3),
    ("cases_other_oblast", "В друга област", 2),
    ("cases_in_work", "В работа", 14),
)


def months(year: int, numbers: list[float | None]) -> pd.DataFrame:
    days = [date(year + (n + 9 > 12), (n + 8) % 12 + 1, 1) for n in range(len(numbers))]
    return pd.DataFrame({"month": pd.to_datetime(days), "n": numbers})


def test_each_part_of_a_waterfall_hangs_where_the_one_before_it_ended() -> None:
    bar = waterfall(("Всички", 19), CASES).data[0]
    assert [(b, b + h) for b, h in zip(bar.base, bar.y, strict=True)] == [(0, 19), (16, 19), (14, 16), (0, 14)]


def test_a_waterfall_writes_every_number() -> None:
    assert list(waterfall(("Всички", 19), CASES).data[0].text) == ["<b>19</b>", "<b>3</b>", "<b>2</b>", "<b>14</b>"]


def test_a_month_without_data_is_a_gap() -> None:
    now = two_years(months(2023, [5, None, 0]), months(2022, [4, 4, 4]), "сега", "преди").data[-1]
    assert list(now.y) == [5, None, 0]
    assert list(now.text) == ["<b>5</b>", "", "<b>0</b>"]


def test_last_year_is_drawn_under_the_same_months() -> None:
    before, now = two_years(months(2023, [5, 6]), months(2022, [1, 2]), "сега", "преди").data
    assert list(before.x) == list(now.x) == ["сеп", "окт"]
    assert list(before.y) == [1, 2]


def test_a_year_without_data_is_not_drawn() -> None:
    drawn = two_years(months(2023, [5, 6]), months(2022, [None, None]), "сега", "преди")
    assert len(drawn.data) == 1
    assert [a.text for a in drawn.layout.annotations] == []


def test_every_municipality_is_named_with_its_number_and_can_be_clicked() -> None:
    points = schematic_map([Patch(name, str(n), 0.5) for n, name in enumerate(PERNIK)]).data[-1]
    assert list(points.text) == ["Каменград<br><b>0</b>", "Ведрово<br><b>1</b>", "Горун<br><b>2</b>"]
    assert [name for (name,) in points.customdata] == list(PERNIK)


def test_no_data_is_hatched_and_not_coloured_as_zero() -> None:
    known, unknown = schematic_map([Patch("а", "0", 0.0), Patch("б", "няма данни", None)]).data[:2]
    assert unknown.fillpattern.shape == "/"
    assert known.fillpattern.shape is None
    assert known.fillcolor != unknown.fillcolor


def test_a_name_with_tags_is_shown_as_it_is_written() -> None:
    points = schematic_map([Patch("<a href='x'>Горун</a>", "1", 0.5)]).data[-1]
    assert points.text[0].startswith("&lt;a href='x'&gt;Горун&lt;/a&gt;")
    assert points.customdata[0][0] == "<a href='x'>Горун</a>"


def test_a_line_that_is_highest_at_an_end_is_named_inwards() -> None:
    anchors = []
    for highest in range(3):
        before = months(2022, [9 if n == highest else 1 for n in range(3)])
        [name] = two_years(months(2023, [None] * 3), before, "сега", "преди").layout.annotations
        anchors.append(name.xanchor)
    assert anchors == ["left", "center", "right"]
