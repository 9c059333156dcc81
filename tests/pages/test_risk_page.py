"""The risk page: its first line, who may see which numbers, and another threshold tried and saved."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime

import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest_pages import Open, rows_of, words, written_html
from streamlit.testing.v1 import AppTest

from obhvat.demo.writers import DemoFile
from obhvat.disclosure import SMALLEST_SHOWN
from obhvat.indicators.thresholds import rules_of
from obhvat.store import Store
from obhvat.ui.session import open_store

INSIDE, MEMBERS, PRESS = "Вътрешен", "За членовете", "За пресата"
HOURS, REPORTED = "monthly_unexcused_hours", "subject_quarter"
RULES = (HOURS, "monthly_unexcused_days", "vanished", "rising", "failing", REPORTED, "over_age", "severe_absence")
# Columns that count children. Months, schools and hours may be few.
COUNTS = re.compile("Над прага|^От |^n$|^Деца$|^Ученици$|^Сега|^При |^Без случай")
# A number of children from 1 to 4, alone or before „от“.
SMALL = re.compile(r"^[1-4]([.,]0)?$|^[1-4] от ")


def over_in_files(demo_files: list[DemoFile], month: str, limit: float) -> dict[str, int]:
    """School → pupils with at least so many unexcused hours in its national file."""
    found = {}
    for file in demo_files:
        if file.source.name.endswith(f"_{month}_File.txt"):
            hours: dict[str, float] = {}
            for line in filter(None, file.source.data.decode("windows-1251").split("\r\n")):
                cells = line.split("|")
                if int(cells[8]) >= 1:
                    hours[cells[4].zfill(10)] = hours.get(cells[4].zfill(10), 0) + float(cells[15].replace(",", "."))
            found[file.source.name[:7]] = sum(missed >= limit for missed in hours.values())
    return found


@pytest.fixture(scope="module")
def january(demo_files: list[DemoFile]) -> dict[str, int]:
    return over_in_files(demo_files, "2023_1", 5)


def risk(open_page: Open, audience: str, rule: str = HOURS, **address: str) -> AppTest:
    """The page with a rule chosen."""
    app = open_page("risk", audience=audience, **address)
    return app if rule == HOURS else app.selectbox(key="rule").set_value(rule).run()


def places(app: AppTest, column: str) -> pd.DataFrame:
    """The table of the drill."""
    return next(t for t in tables(app) if t.columns[0] == column and "Дял" in t).set_index(column)


def choose_school(app: AppTest, code: str) -> None:
    school = next(option for option in app.selectbox(key="school").options if option.endswith(code))
    app.selectbox(key="school").set_value(school).run()


def said(app: AppTest) -> str:
    return " ".join(words(app).split())


def first_line(app: AppTest) -> str:
    found = re.search(r'<h1 class="lead">(.*?)</h1>', written_html(app))
    assert found
    return re.sub("<[^>]+>", "", found[1])


def tables(app: AppTest) -> Iterator[pd.DataFrame]:
    """Everything on the page that has rows: Streamlit's tables and our own."""
    for frame in app.dataframe:
        yield frame.value
    for written in re.findall(r"<table.*?</table>", written_html(app)):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", written)]
        cells = [[re.sub("<[^>]+>", "", cell) for cell in row] for row in rows]
        yield pd.DataFrame(cells[1:], columns=cells[0])


def small_counts(app: AppTest) -> list[tuple[str, str]]:
    """Cells that count one to four children."""
    found = []
    for table in tables(app):
        for column in filter(COUNTS.search, map(str, table.columns)):
            if column not in ("Подали", "От училища"):
                found += [(column, str(cell)) for cell in table[column] if SMALL.search(str(cell))]
    return found


def test_nothing_goes_wrong(demo_app: Open):
    for audience in (INSIDE, MEMBERS, PRESS):
        app = demo_app("risk", audience=audience)
        assert not app.exception
        assert "има грешка" not in words(app)


def test_the_first_line_counts_the_files(demo_app: Open, january: dict[str, int]):
    n = sum(january.values())
    line = first_line(demo_app("risk"))
    assert line.startswith(f"В областта през януари 2024 г. {n} от ")
    assert "отговарят на правилото „Праг за спиране на семейната помощ – училище“" in line


def test_the_first_line_of_a_municipality_counts_its_files(demo_app: Open, january: dict[str, int]):
    n = sum(over for school, over in january.items() if school.startswith("9002"))
    assert first_line(demo_app("risk", municipality="Ведрово")).startswith(
        f"В община Ведрово през януари 2024 г. {n} от "
    )


def test_the_first_line_says_for_how_many_nobody_acted(demo_app: Open, january: dict[str, int]):
    app = demo_app("risk", audience=INSIDE)
    app.number_input(key="days").set_value(100).run()
    found = re.search(r"за (\d+) от тях не са предприети действия", first_line(app))
    assert found
    assert 0 < int(found[1]) < sum(january.values())
    owed = next(table for table in tables(app) if "Отговорник за следващата стъпка" in table)
    assert sum(int(n) for n in owed["Деца"]) == int(found[1])


def test_municipalities_are_counted_from_their_files(demo_app: Open, january: dict[str, int]):
    table = places(demo_app("risk", audience=INSIDE), "Община")["Над прага"].astype(int)
    assert table.sum() == sum(january.values())
    assert table["Ведрово"] == sum(n for school, n in january.items() if school.startswith("9002"))


def test_a_municipality_is_opened_by_its_schools_and_a_school_by_its_classes(demo_app: Open, january: dict[str, int]):
    app = demo_app("risk", audience=INSIDE, municipality="Ведрово")
    schools = places(app, "Училище")["Над прага"].astype(int)
    assert schools.sum() == sum(n for school, n in january.items() if school.startswith("9002"))
    choose_school(app, "9002001")
    assert places(app, "Паралелка")["Над прага"].astype(int).sum() == january["9002001"]


@pytest.mark.parametrize("rule", RULES)
def test_members_see_no_small_number_of_children(demo_app: Open, rule: str):
    assert small_counts(risk(demo_app, MEMBERS, rule)) == []


@pytest.mark.parametrize("rule", [HOURS, REPORTED])
@pytest.mark.parametrize("municipality", ["Ведрово", "Горун"])
def test_members_see_no_small_number_in_a_municipality(demo_app: Open, municipality: str, rule: str):
    app = risk(demo_app, MEMBERS, rule, municipality=municipality)
    assert any("Училище" in t.columns for t in tables(app))
    assert small_counts(app) == []


def test_inside_small_numbers_are_shown(demo_app: Open):
    assert small_counts(demo_app("risk", audience=INSIDE))


def test_a_hidden_number_is_nowhere_in_words(demo_app: Open):
    table = places(risk(demo_app, INSIDE, "rising"), "Община")
    small = next(m for m, n in table["Над прага"].items() if 0 < int(n) < SMALLEST_SHOWN)
    app = risk(demo_app, MEMBERS, "rising", municipality=str(small))
    assert "“: под 10 от " in first_line(app)
    assert f"{table['Над прага'][small]} от " not in said(app)


def test_tiles_of_other_rules_hide_what_their_own_table_hides(demo_app: Open):
    """Municipalities' tiles, beside the oblast's, would otherwise tell a hidden number."""
    table = places(risk(demo_app, MEMBERS, "rising"), "Община")["Над прага"].to_dict()
    assert "под 10" in table.values()
    shown = {}
    for municipality in table:
        written = written_html(demo_app("risk", audience=MEMBERS, municipality=str(municipality)))
        tile = re.search(r"<h2>Нарастващи неизвинени три месеца поред</h2><div class=\"figure[^>]*>(.*?)<", written)
        assert tile
        shown[municipality] = tile[1]
    assert shown == table


@pytest.mark.parametrize("rule", [HOURS, "vanished"])
def test_the_press_sees_no_table(demo_app: Open, rule: str):
    app = risk(demo_app, PRESS, rule, municipality="Ведрово")
    assert list(tables(app)) == []
    assert "Ведрово" not in words(app)


def test_the_list_of_pupils_is_only_inside(demo_app: Open):
    def listed(audience: str) -> bool:
        return any("Точки" in table.columns for table in tables(demo_app("risk", audience=audience)))

    assert [listed(who) for who in (INSIDE, MEMBERS, PRESS)] == [True, False, False]


def test_classes_are_only_inside(demo_app: Open):
    app = demo_app("risk", audience=MEMBERS, municipality="Ведрово")
    choose_school(app, "9002001")
    assert "По паралелки се показва само във вътрешния изглед." in said(app)
    assert not any("Паралелка" in t.columns for t in tables(app))
    # And there is a way back.
    assert [b.label for b in app.button if b.label.startswith("Назад")] == ["Назад към общината"]


def test_threshold_bands_of_a_municipality_are_only_inside(demo_app: Open):
    bands = {
        who: "За месеца" in words(demo_app("risk", audience=who, municipality="Ведрово")) for who in (INSIDE, MEMBERS)
    }
    assert bands == {INSIDE: True, MEMBERS: False}


@pytest.fixture(scope="module")
def secrets(demo_store: Store, demo_files: list[DemoFile]) -> set[str]:
    """Every pseudonym in decimal and every identifier as the files write it."""
    pseudonyms = {str(p) for (p,) in demo_store.rows("select pupil from pupils union select pupil from absences")}
    lists = (f.source.data for f in demo_files if f.source.name.endswith(".parquet"))
    identifiers = {i for data in lists for i in pq.read_table(io.BytesIO(data), columns=["ЕГН/ЛНЧ"])[0].to_pylist()}
    assert len(pseudonyms) > 10_000
    assert len(identifiers) > 10_000
    return pseudonyms | identifiers


def everything(app: AppTest) -> str:
    """All that was sent to the browser."""
    parts = [str(e.proto) for e in app.main]
    parts += [frame.value.reset_index().to_csv() for frame in app.dataframe]
    return " ".join(parts)


@pytest.mark.parametrize("audience", [INSIDE, MEMBERS, PRESS])
def test_no_pseudonym_or_identifier_reaches_the_page(demo_app: Open, secrets: set[str], audience: str):
    app = demo_app("risk", audience=audience)
    numbers = set(re.findall(r"\d{9,20}", everything(app)))
    assert len(everything(app)) > 2000
    assert numbers & secrets == set()


def test_another_threshold_changes_the_counts(demo_app: Open, demo_files: list[DemoFile]):
    app = demo_app("risk", audience=INSIDE)
    app.slider(key=f"tried-{HOURS}").set_value(10.0).run()
    *_, whole = rows_of(app, "Ако прагът беше друг")
    now, then = (sum(over_in_files(demo_files, "2023_1", limit).values()) for limit in (5, 10))
    assert whole[1:4] == [str(now), str(then), f"−{now - then}"]


def test_trying_changes_nothing(demo_app: Open):
    app = demo_app("risk", audience=INSIDE)
    before = first_line(app)
    app.slider(key=f"tried-{HOURS}").set_value(10.0).run()
    assert first_line(app) == before
    assert rules_of(open_store()).version == 0


def test_a_saved_threshold_is_a_new_version_and_the_first_line_follows(demo_app: Open, demo_files: list[DemoFile]):
    app = demo_app("risk", audience=INSIDE)
    app.selectbox(key=f"operator-{HOURS}").set_value(">=").run()
    app.slider(key=f"tried-{HOURS}").set_value(10.0).run()
    next(b for b in app.button if b.label.startswith("Запази")).click().run()
    assert not app.exception
    found = rules_of(open_store(), datetime.now())
    assert (found.version, found[HOURS].value) == (1, 10)
    line = first_line(app)
    assert f" {sum(over_in_files(demo_files, '2023_1', 10).values())} от " in line
    assert "10 и повече часа" in line
    assert "прагове: версия 1" in words(app)
    assert not [b for b in app.button if b.label.startswith("Запази")]


def test_members_cannot_save_a_threshold(demo_app: Open):
    app = demo_app("risk", audience=MEMBERS)
    app.slider(key=f"tried-{HOURS}").set_value(10.0).run()
    assert not [b for b in app.button if b.label.startswith("Запази")]


def test_an_empty_store_offers_to_start(empty_app: Open):
    app = empty_app("risk")
    assert not app.exception
    assert "Още няма данни" in first_line(app)


def test_a_period_without_data_says_so(demo_app: Open):
    line = first_line(demo_app("risk", year="2023/2024", period="Май"))
    assert line == "За май 2024 г. няма качени отсъствия, от които да се смята рискът."


def test_a_rule_of_which_nothing_is_known_has_no_number(demo_app: Open):
    app = risk(demo_app, INSIDE, "rising", period="Септември")
    assert not app.exception
    assert first_line(app).startswith(
        "За „Нарастващи неизвинени три месеца поред“ в областта през септември 2023 г. няма данни"
    )


def test_who_has_no_case_is_not_told_where_those_who_have_one_are_few(awkward_app: Open):
    members = [table for table in tables(awkward_app("risk")) if "Разлика" in table]
    assert members
    assert "Без случай" not in members[0]
    app = awkward_app("risk", audience=INSIDE)
    assert "за никого от тях не са предприети действия" in first_line(app)
    [inside] = [table for table in tables(app) if "Разлика" in table]
    assert list(inside["Без случай"]) == ["10", "1", "11", "4", "26"]
