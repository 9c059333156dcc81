"""The cases add up: any mix of statuses, of lines that were not accepted, and of what was entered here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from accounted import AT, OBLAST, PLACES, TERM, line, put, register, schools
from hypothesis import given, settings
from hypothesis import strategies as st
from viewers import expert

from obhvat.cases.children import doubts_of, lines_left_out
from obhvat.cases.entries import change_status
from obhvat.cases.reconcile import parts_of
from obhvat.datasets import dataset
from obhvat.demo.files import Demo
from obhvat.metrics import figure, reconciliation
from obhvat.metrics.accounts import SEVERAL, Accounts, accounts, by_municipality, moments
from obhvat.people import ALONE
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.scope.days import cases_day
from obhvat.store import Store
from obhvat.store.history import mark

BAD = "глупост"
STATUSES = {v.code: v for v in dataset("cases")["status"].values}
SURE = {v.code: v.caption for v in dataset("cases")["confidence"].values}


def found(store: Store, scope: Scope = OBLAST, **how: Any) -> Accounts:
    one = accounts(store, TERM, scope, **how)
    assert one is not None
    return one


def lines(store: Store) -> pd.DataFrame:
    return lines_left_out(store, ALONE, cases_day(store, TERM, AT), AT, OBLAST)


def doubts(store: Store) -> pd.DataFrame:
    return doubts_of(store, ALONE, cases_day(store, TERM, AT), AT, OBLAST)


def of(place: str) -> Scope:
    return Scope(municipality=place, known_at=AT)


def parts(one: Accounts) -> dict[str, int]:
    """Those of somebody, in the order they are read."""
    return {part.key: part.n for part in one.parts if part.n}


def groups(one: Accounts) -> dict[str, int]:
    return {part.key: part.n for part in one.by_group()}


@pytest.fixture
def place_store(store: Store) -> Store:
    put(store, schools(), at=datetime(2023, 9, 1))
    return store


# --- the parts


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*STATUSES, "гост", None, float("nan")]),
            st.sampled_from([*SURE, "клетва", None, float("nan")]),
        ),
        max_size=60,
    )
)
def test_every_row_is_in_exactly_one_part(rows: list[tuple[Any, Any]]):
    frame = pd.DataFrame(rows, columns=["status", "confidence"], dtype="object")
    counted = parts_of(frame)
    assert sum(part.n for part in counted) == len(rows)
    by_group = Counter(STATUSES[s].group if s in STATUSES else "unknown" for s, _ in rows)
    assert {g: sum(p.n for p in counted if p.group == g) for g in by_group} == by_group


def test_a_child_abroad_is_counted_by_how_sure_it_is():
    rows = pd.DataFrame({"status": ["abroad"] * 5, "confidence": ["document", "police", "word", "word", None]})
    counts = {part.key: part.n for part in parts_of(rows) if part.n}
    assert counts == {"abroad_document": 1, "abroad_police": 1, "abroad_word": 2, "abroad_unsaid": 1}


def test_every_status_of_the_register_has_a_part_of_its_own_group():
    for code, status in STATUSES.items():
        [part] = [p for p in parts_of(pd.DataFrame({"status": [code], "confidence": [None]})) if p.n]
        assert part.group == status.group


a_line = st.tuples(
    st.sampled_from([*(v.caption for v in STATUSES.values()), BAD]),
    st.sampled_from(["", *SURE.values()]),
    st.sampled_from(["", "15.06.2023", "20.12.2023"]),
    st.sampled_from([*PLACES, "Няма такава"]),
)
an_entry = st.tuples(st.integers(0, 7), st.sampled_from([*STATUSES]))


@pytest.fixture(scope="module")
def any_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store whose registers are sent again and again."""
    folder: Path = tmp_path_factory.mktemp("any")
    with Store(folder / "obhvat.duckdb") as opened:
        put(opened, schools(), at=datetime(2023, 9, 1))
        yield opened


sent = count()


@settings(max_examples=15, deadline=None)
@given(lines=st.lists(a_line, max_size=8), entered=st.lists(an_entry, max_size=3))
def test_any_register_adds_up(any_store: Store, lines: list[tuple[str, str, str, str]], entered: list[tuple[int, str]]):
    time = next(sent)
    at = datetime(2024, 1, 31, 8) + timedelta(minutes=time)
    rows = [
        # A status since June on a signal of May: who ended before the term is not of it.
        line(f"{time}-{n}", status, sure=sure, on=on, place=place, opened="10.05.2023")
        for n, (status, sure, on, place) in enumerate(lines)
    ]
    # A register of all municipalities replaces the one before.
    others = [line(f"{time}-{place}", place=place) for place in PLACES]
    is_good = [status != BAD and place in PLACES for status, _, _, place in lines]
    put(any_store, register(*rows, *others), at=at)
    for n, status in entered:
        if n < len(lines) and is_good[n]:
            change_status(any_store, f"{time}-{n}", status, date(2024, 1, 31), viewer=expert("тест"), at=at)
    scope = Scope(known_at=at)
    one = found(any_store, scope)
    metrics = reconciliation(any_store, TERM, scope)
    bad = is_good.count(False)
    assert one.rejected == len(lines_left_out(any_store, ALONE, one.day, at, scope)) == bad
    assert one.total == metrics.total.n == sum(part.n for part in one.parts)
    assert (metrics.difference, figure(any_store, "cases_rejected", TERM, scope).n) == (0, bad)
    expected = {part.metric.id: part.n for part in metrics.parts if part.n or part.metric.id != "cases_rejected"}
    assert groups(one) == expected

    table = by_municipality(any_store, TERM, scope)
    assert (table.drop(columns=["municipality", "total"]).sum(axis=1) == table["total"]).all()
    sums = table.drop(columns="municipality").sum()
    assert {key: n for key, n in sums.items() if n or key in expected} == expected | {"total": one.total}
    parts_of_places = metrics.total.by("municipality").set_index("municipality")["n"].rename({"": SEVERAL})
    assert parts_of_places.to_dict() == table.set_index("municipality")["total"].to_dict()
    place = PLACES[time % 3]
    [row] = table[table["municipality"] == place].to_dict("records")
    of_place = found(any_store, Scope(municipality=place, known_at=at))
    assert {key: row[key] for key in groups(of_place)} == groups(of_place)
    assert row["total"] == of_place.total


# --- lines that were not accepted


def test_a_line_that_was_not_accepted_is_a_part_and_says_why(place_store: Store):
    put(place_store, register(line("К-1"), line("К-2", BAD), line("К-3", "реинтегриран", on="20.01.2024")))
    one = found(place_store)
    assert (one.total, one.rejected) == (3, 1)
    assert one.sentence == "3 случая: 1 върнат, 1 в работа и 1 на неприет ред"
    [row] = lines(place_store).to_dict("records")
    assert (row["file"], row["line"], row["municipality"]) == ("случаи.csv", 3, "Каменград")
    assert row["why"].startswith("„глупост“ в „Статус“ не е сред допустимите")


def test_no_identifier_is_in_what_is_left_out(place_store: Store):
    good = [line(f"К-{n}") for n in range(6)]
    put(place_store, register(*good, line("К-7", place="8001014444", child="8001014444")))
    assert len(lines(place_store)) == 1
    assert "8001014444" not in lines(place_store).to_csv()


def test_a_bad_line_is_of_the_municipality_it_names(place_store: Store):
    put(place_store, register(line("К-1"), line("В-1", place="Ведрово"), line("В-2", BAD, place="Ведрово")))
    assert [found(place_store, of(place)).rejected for place in ("Ведрово", "Каменград")] == [1, 0]
    assert found(place_store, of("Каменград")).notes == ()


def test_a_bad_line_names_its_municipality_as_people_write_it(place_store: Store):
    put(place_store, register(line("К-1"), line("В-1", place="Ведрово"), line("В-2", BAD, place="Ведрово (общ.)")))
    assert [found(place_store, of(place)).rejected for place in ("Ведрово", "Каменград")] == [1, 0]


def test_a_bad_line_that_names_no_municipality_is_only_of_the_oblast(place_store: Store):
    put(place_store, register(line("К-1"), line("В-1", place="Ведрово"), line("Х-2", place="Небивалово")))
    one = found(place_store, of("Ведрово"))
    assert (one.total, one.rejected) == (1, 0)
    assert one.notes == ("1 неприет ред от регистъра се брои само за областта: не се знае за коя община е.",)
    assert found(place_store).rejected == 1
    table = by_municipality(place_store, TERM, OBLAST)
    last = table.iloc[-1]
    assert (last["municipality"], last["cases_rejected"], last["total"]) == (SEVERAL, 1, 1)


def test_a_bad_line_of_a_file_of_one_municipality_is_that_municipalitys(place_store: Store):
    put(place_store, register(line("В-1", place="Ведрово"), line("Х-2", place="Небивалово")))
    assert found(place_store, of("Ведрово")).rejected == 1


def test_a_line_with_the_number_of_a_counted_case_is_a_doubt_and_no_child(place_store: Store):
    put(place_store, register(line("К-1"), line("К-1", "реинтегриран", on="20.01.2024"), line("К-2")))
    one = found(place_store)
    assert (one.total, one.rejected) == (2, 0)
    [doubt] = doubts(place_store).to_dict("records")
    assert doubt["number"] == "К-1"
    assert doubt["words"] == "Ред 3 на „случаи.csv“ не е приет и повтаря номера на друг случай: друго дете ли е?"


def test_a_line_with_that_number_in_latin_letters_is_no_other_child(place_store: Store):
    put(place_store, register(line("К-1"), line("K-1", BAD), line("К-2")))
    one = found(place_store)
    assert (one.total, one.rejected) == (2, 0)


def test_a_line_corrected_in_a_newer_register_of_its_municipality_is_no_longer_left_out(place_store: Store):
    both = register(line("К-1"), line("В-1", place="Ведрово"), line("В-2", BAD, place="Ведрово"), name="област.csv")
    put(place_store, both, at=datetime(2024, 1, 31, 10))
    assert found(place_store).rejected == 1
    own = register(line("В-1", place="Ведрово"), line("В-22", place="Ведрово"), name="ведрово.csv")
    put(place_store, own, at=datetime(2024, 1, 31, 11))
    assert (found(place_store).total, found(place_store).rejected) == (3, 0)


def test_an_undone_register_leaves_nothing_out(place_store: Store):
    put(place_store, register(line("К-1"), name="първи.csv"), at=datetime(2024, 1, 31, 10))
    [batch] = put(place_store, register(line("К-1"), line("К-2", BAD)), at=datetime(2024, 1, 31, 11))
    assert found(place_store).rejected == 1
    mark(place_store, [batch], "undo", "тест", at=datetime(2024, 1, 31, 11, 30))
    assert found(place_store).rejected == 0
    assert found(place_store, Scope(known_at=datetime(2024, 1, 31, 11, 15))).rejected == 1


def test_a_school_has_no_lines_that_were_not_accepted_and_says_so(place_store: Store):
    put(place_store, register(line("К-1", school="9000103"), line("К-2", BAD, school="9000103")))
    one = found(place_store, Scope(school="9000103", municipality="Каменград", known_at=AT))
    assert (one.total, one.rejected) == (1, 0)
    assert one.notes == (
        "1 неприет ред от регистъра се брои само за общината и областта: не се знае за кое училище е.",
    )


def test_a_number_that_two_municipalities_have_at_once_is_a_doubt(place_store: Store):
    put(place_store, register(line("001"), line("002"), name="каменград.csv"))
    put(place_store, register(line("001", place="Ведрово"), line("003", place="Ведрово"), name="ведрово.csv"))
    one = found(place_store)
    assert one.total == 4
    assert doubts(place_store).to_dict("records") == [
        {
            "number": "001",
            "words": "Един и същ номер на случай е в регистрите на Ведрово и Каменград: "
            "едно дете ли е, броено два пъти?",
        }
    ]


# --- the published report and the invented oblast


def test_pernik_twelve_is_two_and_two_and_two_and_six(place_store: Store):
    abroad = [line(f"У-{n}", "в чужбина", on="20.12.2023", category="украински произход") for n in (1, 2)]
    put(
        place_store,
        register(
            *(line(f"Р-{n}", "реинтегриран", on="15.01.2024") for n in (1, 2)),
            *(line(f"Д-{n}", "в друга област", on="10.12.2023") for n in (1, 2)),
            *abroad,
            *(line(f"П-{n}", "подлежи на обхват", place="Ведрово") for n in range(6)),
        ),
    )
    one = found(place_store)
    assert (one.total, one.rejected) == (12, 0)
    assert parts(one) == {"reintegrated": 2, "other_oblast": 2, "abroad_unsaid": 2, "in_work": 6}
    assert one.sentence == "12 случая: 2 върнати, 2 в друга област, 2 в чужбина и 6 в работа"


def test_the_invented_oblast_adds_up_as_its_files_say(demo_store: Store):
    one = accounts(demo_store, TERM, Scope())
    assert one is not None
    first, last = date(2023, 9, 15), date(2024, 1, 31)
    rows = [case for case in Demo().cases if case.opened <= last and (case.closed is None or case.closed >= first)]
    ended = [case for case in rows if case.closed and case.closed <= last]
    expected = Counter(case.outcome if case.outcome != "abroad" else case.confidence for case in ended)
    found_ = parts(one)
    assert one.sentence == "22 случая: 3 върнати, 2 в друга област, 3 в чужбина и 14 в работа"
    assert one.day == last
    assert found_ == {
        "from_abroad": expected["from_abroad"],
        "reintegrated": expected["reintegrated"],
        "other_oblast": expected["other_oblast"],
        "abroad_police": expected["МВР"],
        "abroad_word": expected["по сведения"],
        "in_work": len(rows) - len(ended),
    }


@pytest.mark.parametrize("period", [TERM, Period(2022, "term", 2), Period(2022, "year"), Period(2023, "month", 12)])
@pytest.mark.parametrize("place", [None, "Каменград", "Самодол"])
def test_groups_are_the_metrics(demo_store: Store, period: Period, place: str | None):
    scope = Scope(municipality=place)
    one, metrics = accounts(demo_store, period, scope), reconciliation(demo_store, period, scope)
    assert one is not None
    shown = {part.metric.id: part.n for part in metrics.parts if part.metric.id != "cases_rejected"}
    assert groups(one) == shown
    assert one.total == metrics.total.n
    assert one.rejected == metrics.difference == 0


def test_the_table_of_municipalities_adds_up_to_the_oblast(demo_store: Store):
    table = by_municipality(demo_store, TERM, Scope()).set_index("municipality")
    one = accounts(demo_store, TERM, Scope())
    assert one is not None
    assert table["total"].to_dict() == {
        "Ведрово": 5, "Горун": 1, "Каменград": 13, "Самодол": 0, "Студеница": 1, "Яворец": 2,
    }  # fmt: skip
    assert {key: int(table[key].sum()) for key in groups(one)} == groups(one)
    assert list(by_municipality(demo_store, TERM, Scope(municipality="Ведрово"))["total"]) == [5]


# --- moments


def test_no_register_is_no_account(place_store: Store):
    assert accounts(place_store, TERM, OBLAST) is None
    assert moments(place_store, TERM, OBLAST, date(2023, 3, 14)) == []
    put(place_store, register(line("К-1")))
    assert accounts(place_store, TERM, of("Горун")) is None
    assert by_municipality(place_store, TERM, OBLAST)["total"].isna().tolist() == [True, True, False]


def test_moments_are_each_in_their_own_period(demo_store: Store):
    """Not two totals, 17 and 24, under one date."""
    told = moments(demo_store, TERM, Scope(), date(2023, 3, 14))
    assert [(m.label, m.period.key, m.sentence) for m in told] == [
        ("сега", "2023-I", "22 случая: 3 върнати, 2 в друга област, 3 в чужбина и 14 в работа"),
        ("каквото знаехме на 14.03.2023", "2022-II", "17 случая: 17 в работа"),
        (
            "каквото знаем днес за 14.03.2023",
            "2022-II",
            "21 случая: 2 върнати, 1 в друга област, 2 в чужбина и 16 в работа",
        ),
        ("преди година", "2022-I", "24 случая: 3 върнати, 2 в друга област, 2 в чужбина и 17 в работа"),
    ]
    # The ends of the terms, and the day of the meeting itself: one total a day, but for what was known then.
    assert [m.day for m in told] == [date(2024, 1, 31), date(2023, 3, 14), date(2023, 3, 14), date(2023, 1, 31)]
    assert all(m.rejected == 0 for m in told)


def test_on_a_day_between_registers_the_days_of_their_rows_count(demo_store: Store):
    day = date(2023, 12, 15)
    one = accounts(demo_store, TERM, Scope(), day)
    assert one is not None
    assert one.day == day
    assert one.total == figure(demo_store, "cases_total", TERM, Scope(), day).n
    rows = [c for c in Demo().cases if c.opened <= day and (c.closed is None or c.closed >= TERM.first)]
    assert one.total == len(rows)
    assert groups(one)["cases_in_work"] == sum(c.closed is None or c.closed > day for c in rows)


def test_a_year_ago_is_as_much_of_the_year_as_there_is_of_this(demo_store: Store):
    """Known in the middle of the term, the year before is looked at in its middle, too."""
    scope = Scope(known_at=datetime(2023, 12, 1))
    told = moments(demo_store, TERM, scope, None)
    # A year before there was no register of that day yet; the next one tells of it.
    assert [(m.label, m.day) for m in told] == [
        ("сега", date(2023, 11, 30)),
        ("преди година", date(2022, 12, 1)),
    ]
    later = moments(demo_store, Period(2023, "year"), Scope(known_at=datetime(2024, 3, 1)), None)
    assert [(m.label, m.day) for m in later] == [
        ("сега", date(2024, 2, 5)),
        ("преди година", date(2023, 3, 2)),
    ]


def test_a_status_entered_here_moves_a_case_between_parts(place_store: Store):
    put(place_store, register(line("К-1"), line("К-2")))
    change_status(place_store, "К-1", "abroad", date(2024, 1, 31), confidence="police", viewer=expert("тест"), at=AT)
    one = found(place_store)
    assert parts(one) == {"abroad_police": 1, "in_work": 1}
    assert one.total == 2


def test_nobody_is_said_aloud_too():
    empty = Accounts("", date(2024, 2, 5), TERM, 0, parts_of(pd.DataFrame({"status": [], "confidence": []})))
    assert empty.sentence == "Няма нито един случай"
