"""Coverage: counted again from the demonstration's raw files, and by hand where schools open, close and merge."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from small_registers import (
    AT,
    FIRST,
    GARDEN,
    SECOND,
    TERM,
    THIRD,
    THREE,
    absences,
    check,
    checks,
    put,
    register,
    school,
)

from obhvat.demo.writers import DemoFile
from obhvat.inspections.checks import KINDS
from obhvat.inspections.coverage import (
    TIMES,
    changes_sentence,
    coverage,
    cumulative,
    matrix,
    missing,
)
from obhvat.metrics import figure, submission_months
from obhvat.periods import month_period, parse_period
from obhvat.scope import Scope
from obhvat.store import Store

PERIODS = ("2022-I", "2022-II", "2022", "2023-I", "2023-11")
NOW = parse_period("2023-I")
PLACES = (Scope(), Scope(municipality="Ведрово"), Scope(municipality="Горун"), Scope(school="9001003"))


@pytest.fixture(scope="module")
def raw(demo_files: list[DemoFile]) -> pd.DataFrame:
    """The rows of all files of checks: number, day, school, kind, round."""
    rows = []
    for file in demo_files:
        if file.source.name.startswith("проверки"):
            head, *lines = openpyxl.load_workbook(io.BytesIO(file.source.data)).active.iter_rows(values_only=True)
            table = pd.DataFrame(lines, columns=list(head))
            rows.append(table[["№ на проверката", "Дата", "Училище (код)", "Вид проверка", "С обход"]])
    found = pd.concat(rows, ignore_index=True)
    found.columns = ["number", "day", "school", "kind", "round"]
    return found


def inside(raw: pd.DataFrame, key: str) -> pd.DataFrame:
    period = parse_period(key)
    return raw[(raw["day"] >= pd.Timestamp(period.first)) & (raw["day"] <= pd.Timestamp(period.last))]


@pytest.mark.parametrize("key", PERIODS)
def test_checks_of_every_school_are_those_of_the_files(demo_store: Store, raw: pd.DataFrame, key: str) -> None:
    found = coverage(demo_store, parse_period(key), Scope()).set_index("code")
    rows = inside(raw, key)
    assert len(found) == 40
    assert found.loc[found["n_checks"] > 0, "n_checks"].to_dict() == rows["school"].value_counts().to_dict()


@pytest.mark.parametrize("key", PERIODS)
def test_kinds_are_those_of_the_files(demo_store: Store, raw: pd.DataFrame, key: str) -> None:
    rows, period = inside(raw, key), parse_period(key)
    words = {"attendance": "присъствие в час", "diary": "вписване в дневника", "director": "дейности на директора"}
    for kind, name in words.items():
        of_kind = rows[rows["kind"] == name]
        made, schools = (figure(demo_store, of, period).n for of in (f"checks_{kind}", f"schools_checked_for_{kind}"))
        assert (made, schools) == (len(of_kind), of_kind["school"].nunique())


@pytest.mark.parametrize("key", PERIODS)
def test_days_of_the_first_and_last_check_are_those_of_the_files(
    demo_store: Store, raw: pd.DataFrame, key: str
) -> None:
    found = coverage(demo_store, parse_period(key), Scope()).set_index("code")
    rows, last = inside(raw, key), pd.Timestamp(parse_period(key).last)
    assert found["first_check"].dropna().to_dict() == rows.groupby("school")["day"].min().to_dict()
    assert found["last_check"].dropna().to_dict() == rows.groupby("school")["day"].max().to_dict()
    ever = raw[raw["day"] <= last].groupby("school")["day"].max()
    assert found["last_ever"].dropna().to_dict() == ever.to_dict()


@pytest.mark.parametrize("key", PERIODS)
def test_how_often_schools_were_checked_is_what_the_files_say(demo_store: Store, raw: pd.DataFrame, key: str) -> None:
    often = inside(raw, key)["school"].value_counts()
    schools = {str(n): int((often == n).sum()) for n in (1, 2, 3)}
    made = {str(n): n * int((often == n).sum()) for n in (1, 2, 3)}
    expected = {
        "schools_inspected_times": {"0": 40 - len(often), **schools, "4": int((often >= 4).sum())},
        "inspections_at_times": {"0": 0, **made, "4": int(often[often >= 4].sum())},
    }
    for of, parts in expected.items():
        figures = {times: figure(demo_store, f"{of}_{times}", parse_period(key)) for times in TIMES}
        assert {times: part.n for times, part in figures.items()} == parts
        assert {part.d for part in figures.values()} == {sum(parts.values())}


@pytest.mark.parametrize("scope", PLACES, ids=str)
@pytest.mark.parametrize("key", PERIODS)
def test_coverage_is_the_figure(demo_store: Store, key: str, scope: Scope) -> None:
    period = parse_period(key)
    rows = coverage(demo_store, period, scope)
    checked, made = (figure(demo_store, name, period, scope) for name in ("schools_inspected", "inspections"))
    assert (int((rows["n_checks"] > 0).sum()), len(rows), int(rows["n_checks"].sum())) == (checked.n, checked.d, made.n)


@pytest.mark.parametrize("key", PERIODS)
def test_parts_foot_to_the_whole(demo_store: Store, key: str) -> None:
    period = parse_period(key)
    made, checked = (figure(demo_store, of, period) for of in ("inspections", "schools_inspected"))
    assert sum(figure(demo_store, f"checks_{kind}", period).n or 0 for kind in KINDS) == made.n
    assert len(missing(coverage(demo_store, period, Scope()))) == (checked.d or 0) - (checked.n or 0)
    months = [month_period(month) for month in period.months]
    first = figure(demo_store, "schools_first_inspected", period)
    if period.kind == "year":
        assert sum(figure(demo_store, "inspections", month).n or 0 for month in months) == made.n
        assert sum(figure(demo_store, "schools_first_inspected", month).n or 0 for month in months) == first.n
        assert first.n == checked.n


def test_a_school_is_new_in_the_month_of_its_first_check_of_the_year(demo_store: Store, raw: pd.DataFrame) -> None:
    firsts = inside(raw, "2022").groupby("school")["day"].min().dt.to_period("M").value_counts()
    for month in parse_period("2022").months:
        new = figure(demo_store, "schools_first_inspected", month_period(month))
        assert (new.n or 0) == firsts.get(pd.Period(month, "M"), 0), month


def test_the_press_release(demo_store: Store) -> None:
    """„Извършени са проверки в 38 от 40 училища по един, а в някои училища и по-повече пъти.“"""
    rows = coverage(demo_store, NOW, Scope())
    assert (int((rows["n_checks"] > 0).sum()), len(rows), int(rows["n_checks"].sum())) == (38, 40, 53)
    often = [figure(demo_store, f"schools_inspected_times_{times}", NOW).n for times in TIMES]
    assert often == [2, 27, 8, 2, 1]
    assert missing(rows)["name"].tolist() == ["ОУ „Росица“", "ОУ „Млада гора“"]
    assert figure(demo_store, "director_checks_without_round", NOW).n == 0
    assert changes_sentence(rows) == ""


def test_cumulative_coverage_is_that_of_the_files(demo_store: Store, raw: pd.DataFrame) -> None:
    found = cumulative(demo_store, NOW, Scope())
    rows = inside(raw, "2023-I")
    counted = {day: rows.loc[rows["day"] <= day, "school"].nunique() for day in found["date"]}
    assert dict(zip(found["date"], found["n"], strict=True)) == counted
    assert (found["date"].iloc[0], found["n"].iloc[0]) == (pd.Timestamp(NOW.first), 0)
    assert (found["date"].iloc[-1], found["n"].iloc[-1]) == (pd.Timestamp(NOW.last), 38)


def test_the_matrix_holds_every_check_once(demo_store: Store, raw: pd.DataFrame) -> None:
    found = matrix(demo_store, NOW, Scope())
    rows = inside(raw, "2023-I")
    assert len(found) == 40 * 5
    cells = rows.groupby(["school", rows["day"].dt.date.map(lambda day: day.replace(day=1))]).size()
    assert {(c, m): n for c, m, n in found[["code", "month", "n"]].itertuples(index=False) if n} == cells.to_dict()
    assert found["kinds"].str.split().str.len().tolist() == found["n"].tolist()
    for number, code in zip(rows["number"], rows["school"], strict=True):
        assert found.loc[found["text"].str.contains(f"(№ {number})", regex=False), "code"].tolist() == [code]


# --- small registers


def counted(store: Store, scope: Scope = AT) -> dict[str, int]:
    rows = coverage(store, TERM, scope)
    found = dict(zip(rows["code"], rows["n_checks"].tolist(), strict=True))
    whole = figure(store, "schools_inspected", TERM, scope)
    assert (sum(n > 0 for n in found.values()), len(found)) == (whole.n, whole.d)
    assert sum(found.values()) == figure(store, "inspections", TERM, scope).n
    return found


def test_only_checks_of_the_period_count(store: Store) -> None:
    put(store, register(), checks(check(1, "14.07.2023"), name="преди.csv"), at=datetime(2023, 8, 31, 18))
    # The first days of September are the summer's; the first of February is the second term's.
    ends = check(3, "31.01.2024"), check(4, "30.01.2024", SECOND), check(5, "01.02.2024"), check(6, "14.09.2023")
    put(store, checks(check(2, "15.09.2023"), *ends), at=datetime(2024, 2, 7, 18))
    assert counted(store, Scope()) == {FIRST: 2, SECOND: 1, THIRD: 0}


def test_what_came_after_the_moment_is_not_known(store: Store) -> None:
    put(store, register(), checks(check(1, "02.10.2023")))
    early = Scope(known_at=datetime(2023, 10, 1))
    assert coverage(store, TERM, early).empty


@pytest.mark.parametrize("status", ["действаща", "закрита"])
def test_a_school_closed_in_the_period_counts_with_its_checks(store: Store, status: str) -> None:
    closed = school(SECOND, "ОУ „Второ“", status=status, closed="15.11.2023")
    put(store, register(THREE[0], closed, THREE[2]), checks(check(1, "02.10.2023", SECOND), check(2, "03.10.2023")))
    assert counted(store) == {FIRST: 1, SECOND: 1, THIRD: 0}


def test_a_school_closed_before_anyone_came_stays_among_the_unchecked(store: Store) -> None:
    put(
        store,
        register(THREE[0], school(SECOND, "ОУ „Второ“", closed="20.09.2023"), THREE[2]),
        checks(check(1, "02.10.2023")),
    )
    rows = coverage(store, TERM, AT)
    assert sorted(missing(rows)["code"]) == [SECOND, THIRD]
    assert changes_sentence(rows) == (
        "През периода е закрито 1 училище: ОУ „Второ“, гр. Горно от 20.09.2023 г. (без проверка). Брои се всяко "
        "училище, действало поне един ден от периода, при сливане – и двете; проверките остават на училището, в което "
        "са направени."
    )


@pytest.mark.parametrize(
    ("opened", "closed"), [("", "01.09.2023"), ("", "31.08.2023"), ("06.02.2024", "")], ids=["first", "before", "after"]
)
def test_a_school_that_was_not_open_in_the_period_does_not_count(store: Store, opened: str, closed: str) -> None:
    other = school(SECOND, "ОУ „Второ“", opened=opened, closed=closed)
    put(store, register(THREE[0], other, THREE[2]), checks(check(1, "02.10.2023")))
    assert counted(store) == {FIRST: 1, THIRD: 0}
    assert changes_sentence(coverage(store, TERM, AT)) == ""


def test_a_school_marked_closed_without_a_date_does_not_count(store: Store) -> None:
    put(
        store,
        register(THREE[0], school(SECOND, "ОУ „Второ“", status="закрита"), THREE[2]),
        checks(check(1, "02.10.2023")),
    )
    assert counted(store) == {FIRST: 1, THIRD: 0}


def test_of_merged_schools_both_count_and_each_keeps_its_checks(store: Store) -> None:
    """Второ closes and its pupils go on in a new school: the checks in Второ are not the new school's."""
    merged = (
        THREE[0],
        school(SECOND, "ОУ „Второ“", status="закрита", closed="01.12.2023"),
        school(THIRD, "СУ „Обединено“", opened="01.12.2023"),
    )
    made = (check(1, "02.10.2023", SECOND), check(2, "03.11.2023", SECOND), check(3, "11.12.2023", THIRD))
    put(store, register(*merged), checks(*made))
    assert counted(store) == {FIRST: 0, SECOND: 2, THIRD: 1}
    said = changes_sentence(coverage(store, TERM, AT))
    assert said.startswith(
        "През периода е открито 1 училище: СУ „Обединено“, гр. Горно от 01.12.2023 г. (1 проверка); "
        "е закрито 1 училище: ОУ „Второ“, гр. Горно от 01.12.2023 г. (2 проверки). "
    )


def test_a_school_owes_absences_only_for_months_it_was_open(store: Store) -> None:
    closed = school(SECOND, "ОУ „Второ“", status="закрита", closed="01.11.2023")
    opened = school(THIRD, "ОУ „Трето“", opened="02.10.2023")
    put(store, register(THREE[0], closed, opened))
    put(store, *(absences(FIRST, date(2023, month, 1), (1, 2)) for month in (9, 10, 11)))
    asked = {
        month: sorted(figure(store, "submissions", parse_period(f"2023-{month:02}"), AT).counted["school"])
        for month in (9, 10, 11)
    }
    assert asked == {9: [FIRST, SECOND], 10: [FIRST, SECOND, THIRD], 11: [FIRST, THIRD]}
    months = submission_months(store, TERM, AT)
    assert sorted(months.loc[months["month"] == pd.Timestamp(2023, 11, 1), "school"]) == [FIRST, THIRD, GARDEN]
    over = figure(store, "pupils_over_threshold", TERM, AT).rows
    assert over.groupby("school")["month"].nunique().to_dict() == {FIRST: 5, SECOND: 2, THIRD: 4}
    missed = figure(store, "unexcused_per_pupil", TERM, AT).rows
    assert missed.groupby("school")["month"].nunique().to_dict() == {FIRST: 5, SECOND: 2, THIRD: 4}


def test_the_matrix_has_no_row_where_a_school_was_not_open(store: Store) -> None:
    opened = school(SECOND, "ОУ „Второ“", opened="01.12.2023")
    closed = school(THIRD, "ОУ „Трето“", closed="01.11.2023")
    put(store, register(THREE[0], opened, closed), checks(check(1, "02.10.2023")))
    months = matrix(store, TERM, AT).groupby("code")["month"].apply(list).to_dict()
    term = [date(2023, m, 1) for m in (9, 10, 11, 12)] + [date(2024, 1, 1)]
    assert months == {FIRST: term, SECOND: term[3:], THIRD: term[:2]}


def test_months_not_begun_are_not_empty_cells(store: Store) -> None:
    put(store, register(), checks(check(1, "02.10.2023")), at=datetime(2023, 10, 20, 18))
    october = Scope(school=FIRST, known_at=datetime(2023, 10, 20, 18))
    assert matrix(store, TERM, october)["month"].tolist() == [date(2023, 9, 1), date(2023, 10, 1)]
    assert cumulative(store, TERM, october)["date"].iloc[-1] == pd.Timestamp(2023, 10, 20)


def test_a_cell_says_what_was_found_and_whether_it_is_done(store: Store) -> None:
    rows = (
        check(1, "02.10.2023", finding="не са вписани отсъствия", due="16.10.2023"),
        check(2, "20.10.2023", kind="director", with_round="да"),
        check(3, "06.11.2023", kind="diary", recommendation="протокол за разговор", closed="20.11.2023"),
    )
    put(store, register(), checks(*rows))
    found = matrix(store, TERM, Scope(school=FIRST, known_at=AT.moment)).set_index("month")
    assert found.loc[date(2023, 10, 1), ["n", "kinds", "finding", "text"]].tolist() == [
        2,
        "П Р",
        True,
        "02.10 присъствие в час (№ П-1): не са вписани отсъствия, още не е изпълнено; "
        "20.10 дейности на директора за задържане (№ П-2)",
    ]
    assert found.loc[date(2023, 11, 1), ["n", "kinds", "finding"]].tolist() == [1, "Д", False]
    assert found.loc[date(2023, 12, 1), ["n", "kinds", "finding", "text"]].tolist() == [0, "", False, ""]


def test_director_checks_without_a_round_are_counted(store: Store) -> None:
    rows = (
        check(1, "02.10.2023", kind="director", with_round="да"),
        check(2, "03.10.2023", SECOND, kind="director", with_round="не"),
        check(3, "04.10.2023", SECOND, kind="director"),
        check(4, "05.10.2023", SECOND, kind="attendance", with_round="не"),
    )
    put(store, register(), checks(*rows))
    assert coverage(store, TERM, AT).set_index("code")["without_round"].to_dict() == {FIRST: 0, SECOND: 2, THIRD: 0}
    made = {kind: figure(store, f"checks_{kind}", TERM, AT).n for kind in KINDS}
    assert made == {"attendance": 1, "diary": 0, "director": 3}
    alone, together = (figure(store, f"director_checks_{how}_round", TERM, AT) for how in ("without", "with"))
    assert (alone.n, alone.d, together.n, together.d) == (2, 3, 1, 3)


def test_a_store_without_anything_has_no_rows(store: Store) -> None:
    rows = coverage(store, TERM, AT)
    assert rows.empty
    assert (missing(rows).empty, matrix(store, TERM, AT).empty) == (True, True)
    assert cumulative(store, TERM, AT)["n"].tolist() == [0, 0]


def test_schools_of_a_register_without_checks_are_all_unchecked(store: Store) -> None:
    put(store, register())
    assert coverage(store, TERM, AT)["n_checks"].tolist() == [0, 0, 0]
    assert not figure(store, "schools_inspected", TERM, AT).has_data
