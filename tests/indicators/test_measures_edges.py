"""At the limits: what a measure is of a few children whose every hour is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from small_stores import (
    DECEMBER,
    GARDEN,
    JANUARY,
    NOVEMBER,
    OCTOBER,
    OTHER,
    SCHOOL,
    children,
    listing,
    measure,
    missed,
    on_list,
    over,
    pupil,
    put,
    register,
    sent,
    table,
)

from obhvat.indicators import default_rules, rule
from obhvat.indicators.flags import by_place, is_known, whole
from obhvat.ingest import Source
from obhvat.store import Store
from obhvat.store.history import mark

HOURS, DAYS = rule("monthly_unexcused_hours"), rule("monthly_unexcused_days")
REPORT = "Код по НЕИСПУО;Учебна година;Срок;ЕГН/ЛНЧ;Паралелка;Предмет;Отсъствия;Общо часове"
MARKS = "Код по НЕИСПУО;Учебна година;Срок или изпит;Паралелка;ЕГН/ЛНЧ;Предмет;Изпитани;Среден успех"


@pytest.fixture
def school(store: Store) -> Store:
    """The register, and the school's list of September: а, б and в in VII grade."""
    put(store, register(), listing(*map(on_list, "абв")))
    return store


# --- thresholds and what is added up


def test_five_hours_are_over_from_five_and_not_over_more_than_five(school: Store) -> None:
    put(school, sent(missed("а", "4,5"), missed("б", "5"), missed("в", "5,5")))
    assert over(school, HOURS) == ["б", "в"]
    assert over(school, replace(HOURS, operator=">")) == ["в"]
    assert over(school, rule("year_unexcused_hours")) == ["в"]


def test_a_late_is_half_an_hour(school: Store) -> None:
    put(school, sent(missed("а", "0,5"), missed("б", "4,5")))
    put(school, sent(missed("а", "4,5", NOVEMBER), missed("б", "0,5", NOVEMBER)))
    assert [measure(school, "month_unexcused", child, NOVEMBER) for child in "аб"] == [4.5, 0.5]
    assert [measure(school, "year_unexcused", child, NOVEMBER) for child in "аб"] == [5, 5]


def test_hours_of_two_subgroups_add_up(school: Store) -> None:
    put(school, sent(missed("а", "4,5", group="1"), missed("а", "0,5", group="2"), missed("б", "4,5")))
    assert over(school, HOURS) == ["а"]
    assert len(children(school)) == 3


def test_the_term_begins_anew_in_february(school: Store) -> None:
    february = date(2024, 2, 1)
    put(school, sent(missed("а", "14", JANUARY)), sent(missed("а", "1", february)))
    assert measure(school, "term_unexcused", "а", JANUARY) == 14
    assert measure(school, "term_unexcused", "а", february) == 1
    assert measure(school, "year_unexcused", "а", february) == 15


def test_more_than_three_days_are_over_in_a_group(store: Store) -> None:
    rows = (
        missed(child, days, school=GARDEN, grade="четвърта група") for child, days in zip("деж", "349", strict=True)
    )
    put(store, register(), sent(*rows))
    assert over(store, DAYS) == ["е", "ж"]


def test_days_are_never_hours(store: Store) -> None:
    put(store, register(), sent(missed("е", "9", school=GARDEN, grade="четвърта група")))
    hours = [one for one in default_rules() if one.of_unit == "hours"]
    assert len(hours) >= 8
    assert [one.id for one in hours if over(store, one) or whole(children(store), one)[1]] == []


def test_a_group_and_a_class_of_one_school_are_counted_apart(school: Store) -> None:
    put(school, sent(missed("а", "4"), missed("е", "4", grade="четвърта група")))
    assert over(school, DAYS) == ["е"]
    # The group is on no list.
    assert whole(children(school), DAYS) == (1, None)
    assert whole(children(school), HOURS) == (0, 3)


# --- zero, missing, unknown


def test_who_is_not_in_a_sent_file_missed_nothing(school: Store) -> None:
    put(school, sent(missed("а", "5")))
    assert measure(school, "month_unexcused", "б") == 0
    assert whole(children(school), HOURS) == (1, 3)


def test_a_school_that_has_not_sent_the_month_is_missing(school: Store) -> None:
    put(school, sent(missed("а", "5")), sent(missed("г", "1", NOVEMBER, school=OTHER)))
    assert measure(school, "month_unexcused", "а", NOVEMBER) is None
    assert measure(school, "year_unexcused", "а", NOVEMBER) == 5
    parts = by_place(children(school, NOVEMBER), HOURS, "school").set_index("school")
    assert pd.isna(parts.loc[SCHOOL, "n"])
    # The other has sent the month, and no list: of how many nobody knows.
    assert parts.loc[OTHER, "n"] == 0
    assert pd.isna(parts.loc[OTHER, "d"])


def test_who_left_the_list_is_not_counted_in_the_whole(school: Store) -> None:
    put(school, sent(missed("а", "2"), missed("я", "7")), listing(on_list("а", "30.10.2023")))
    assert over(school, HOURS) == ["я"]
    assert whole(children(school), HOURS) == (1, 1)
    assert measure(school, "month_unexcused", "б") is None


def test_excused_absences_that_are_not_sent_make_the_share_unknown(school: Store) -> None:
    rows = f"2023|10|{SCHOOL}|{pupil('а')}|0|7|40\r\n2023|10|{SCHOOL}|{pupil('б')}|0|7|1\r\n\x1a"
    head = "intYear|intMonth|SchoolID|IDNumber|intIDType|BasicClass|NotExcused\r\n"
    put(school, Source(f"asp_export_{SCHOOL}_2023_10.txt", (head + rows).encode()))
    assert [measure(school, "month_unexcused", child) for child in "абв"] == [40, 1, 0]
    assert [measure(school, "absent_share", child) for child in "абв"] == [None, None, 0]


def test_rise_is_unknown_while_one_of_three_months_is(school: Store) -> None:
    september = date(2023, 9, 1)
    put(school, sent(missed("а", "1", september)), sent(missed("а", "5", NOVEMBER)))
    assert whole(children(school, NOVEMBER), rule("rising")) == (None, 0)
    put(school, sent(missed("а", "2")))
    assert measure(school, "rise", "а", NOVEMBER) == 4
    assert whole(children(school, NOVEMBER), rule("rising")) == (1, 3)


def test_a_rise_is_more_in_each_of_three_months(store: Store) -> None:
    rises = {"123": 2, "124": 3, "224": 0, "244": 0, "014": 4}
    put(store, register(), listing(*map(on_list, "абвгд")))
    months = zip((OCTOBER, NOVEMBER, DECEMBER), zip(*rises, strict=True), strict=True)
    put(
        store,
        *(sent(*(missed(child, n, month) for child, n in zip("абвгд", hours, strict=True))) for month, hours in months),
    )
    assert [measure(store, "rise", child, DECEMBER) for child in "абвгд"] == [*rises.values()]
    assert over(store, rule("rising"), DECEMBER) == ["б", "д"]


def test_a_jump_is_twice_the_childs_own_mean(school: Store) -> None:
    jumps = {"7,5": 0, "8": 4, "9": 5}
    before = zip((OCTOBER, NOVEMBER), "26", strict=True)
    put(school, *(sent(*(missed(child, hours, month) for child in "абв")) for month, hours in before))
    assert whole(children(school, NOVEMBER), rule("jump")) == (None, 0)
    put(school, sent(*(missed(child, last, DECEMBER) for child, last in zip("абв", jumps, strict=True))))
    assert [measure(school, "jump", child, DECEMBER) for child in "абв"] == [*jumps.values()]
    assert over(school, rule("jump"), DECEMBER) == ["в"]


# --- how much could be missed


def test_possible_hours_are_school_days_by_lessons(school: Store) -> None:
    # October 2023 has 22 weekdays; 30 and 31 are a vacation. VII grade has six lessons.
    put(school, sent(missed("а", "10", excused="2")))
    assert measure(school, "possible", "а") == 20 * 6
    assert measure(school, "absent_share", "а") == 10
    assert over(school, rule("chronic_absence")) == ["а"]


def test_lessons_begin_on_15_september(school: Store) -> None:
    # 15 to 29 September 2023: eleven weekdays, of which the 22nd is a holiday.
    put(school, sent(missed("а", "1", date(2023, 9, 1))))
    assert measure(school, "possible", "а", date(2023, 9, 1)) == 10 * 6


def test_months_that_were_not_sent_are_not_possible(school: Store) -> None:
    # November has 22 weekdays; the 1st is a vacation.
    put(school, sent(missed("а", "6", NOVEMBER)))
    assert measure(school, "possible", "а", NOVEMBER) == 21 * 6


def test_who_enrols_later_could_miss_less(store: Store) -> None:
    put(store, register(), listing(on_list("а", enrolled="16.10.2023"), on_list("б")), sent(missed("а", "3")))
    # From Monday the 16th to Friday the 27th.
    assert [measure(store, "possible", child) for child in "аб"] == [10 * 6, 20 * 6]
    assert measure(store, "absent_share", "а") == 5


def test_who_leaves_earlier_could_miss_less(school: Store) -> None:
    put(school, sent(missed("а", "3", left="06.10.2023")))
    # From Monday the 2nd to Friday the 6th.
    assert measure(school, "possible", "а") == 5 * 6
    assert measure(school, "absent_share", "а") == 10


def test_without_a_school_day_there_is_no_share(store: Store) -> None:
    # Enrolled in the autumn vacation, after the last lesson of the month.
    put(store, register(), listing(on_list("а", enrolled="30.10.2023")), sent(missed("б", "1")))
    assert measure(store, "possible", "а") == 0
    assert measure(store, "absent_share", "а") is None
    assert not is_known(children(store), rule("chronic_absence")).loc[("а", SCHOOL)]


# --- lists


def test_who_is_on_no_list_any_more_has_vanished(school: Store) -> None:
    put(school, listing(on_list("а", "31.01.2024")), sent(missed("а", "0", JANUARY)))
    assert over(school, rule("vanished"), JANUARY) == ["б", "в"]
    found = children(school, JANUARY).loc[("б", SCHOOL)]
    assert (found["list_before"].date(), found["list_now"].date()) == (date(2023, 9, 15), date(2024, 1, 31))


def test_whose_leaving_is_written_down_has_not_vanished(school: Store) -> None:
    put(school, listing(on_list("а", "31.01.2024")), sent(missed("б", "3", left="20.10.2023")))
    assert over(school, rule("vanished"), JANUARY) == ["в"]


def test_leaving_another_school_long_before_is_not_leaving_this_one(school: Store) -> None:
    put(school, sent(missed("б", "3", date(2022, 10, 1), school=OTHER, grade="6", left="20.10.2022")))
    put(school, listing(on_list("а", "31.01.2024"), on_list("в", "31.01.2024")))
    assert over(school, rule("vanished"), JANUARY) == ["б"]


def test_who_finished_xii_grade_has_not_vanished(store: Store) -> None:
    put(store, register(), listing(on_list("а", grade="11"), on_list("б", grade="12"), on_list("в", grade="12")))
    put(store, listing(on_list("г", "15.09.2024", grade="12")))
    assert over(store, rule("vanished"), date(2024, 9, 1)) == ["а"]


def test_xii_grade_can_vanish_within_the_year(store: Store) -> None:
    put(store, register(), listing(on_list("а", grade="12"), on_list("б", grade="12")))
    put(store, listing(on_list("а", "31.01.2024", grade="12")))
    assert over(store, rule("vanished"), JANUARY) == ["б"]


def test_who_is_on_another_schools_list_has_moved(school: Store) -> None:
    put(school, listing(on_list("а", "31.01.2024")), listing(*(on_list(c, "15.01.2024", school=OTHER) for c in "бв")))
    assert over(school, rule("vanished"), JANUARY) == []


def test_who_is_in_another_schools_files_has_moved_though_it_sent_no_list(school: Store) -> None:
    put(school, listing(on_list("а", "31.01.2024")), sent(missed("б", "1", NOVEMBER, school=OTHER)))
    assert over(school, rule("vanished"), JANUARY) == ["в"]


@pytest.mark.parametrize("first_month", [NOVEMBER, OCTOBER], ids=["in the month after", "in the middle of a month"])
def test_more_absences_after_a_move(school: Store, first_month: date) -> None:
    put(school, sent(missed("а", "1", date(2023, 9, 1))), sent(missed("а", "2", OCTOBER)))
    put(school, sent(missed("а", "5", first_month, school=OTHER)))
    # Without absences in the month it is where it is on a list.
    at = OTHER if first_month == NOVEMBER else SCHOOL
    assert measure(school, "after_move", "а", NOVEMBER, at) == 5
    assert over(school, rule("after_move"), NOVEMBER) == ["а"]
    assert over(school, rule("vanished"), NOVEMBER) == []


def test_fewer_absences_after_a_move_are_not_flagged(school: Store) -> None:
    put(school, sent(missed("а", "8", OCTOBER)), sent(missed("а", "4", NOVEMBER, school=OTHER)))
    assert measure(school, "after_move", "а", NOVEMBER, OTHER) is None


def test_who_finished_vii_and_is_on_no_list_is_not_in_viii(store: Store) -> None:
    september = "15.09.2024"
    put(store, register(), listing(*(on_list(c, school=OTHER) for c in "абвг")), listing(on_list("х")))
    # а goes on, б repeats VII, в is in IX; г is nowhere.
    put(store, listing(*(on_list(c, september, grade=g) for c, g in (("а", "8"), ("б", "7"), ("в", "9"), ("х", "8")))))
    assert over(store, rule("not_in_viii"), date(2024, 9, 1)) == ["г"]
    # The line of the last list it was on is how a person finds it.
    assert children(store, date(2024, 9, 1)).loc[("г", OTHER), "list_line"] == 5


def test_who_was_in_viii_in_september_and_left_has_gone_on(store: Store) -> None:
    put(store, register(), listing(on_list("а", school=OTHER)))
    put(store, listing(on_list("а", "15.09.2024", grade="8"), on_list("б", "15.09.2024", grade="8")))
    put(store, listing(on_list("б", "31.01.2025", grade="8")))
    assert over(store, rule("not_in_viii"), date(2025, 1, 1)) == []
    assert over(store, rule("vanished"), date(2025, 1, 1)) == ["а"]


def test_age_is_as_of_the_list_that_says_it(store: Store) -> None:
    # VII grade began with those born in 2010: thirteen in 2023.
    ages = {"а": "13", "б": "14", "в": "15", "г": "16", "д": ""}
    put(store, register(), listing(*(on_list(child, age=age) for child, age in ages.items())))
    for month in (OCTOBER, date(2024, 2, 1)):
        assert [measure(store, "years_over", child, month) for child in ages] == [0, 1, 2, 3, None]
        assert over(store, rule("over_age"), month) == ["в", "г"]


def test_age_on_a_list_of_january_is_a_year_more(store: Store) -> None:
    put(store, register(), listing(on_list("а", "31.01.2024", age="14"), on_list("б", "31.01.2024", age="16")))
    assert [measure(store, "years_over", child, JANUARY) for child in "аб"] == [0, 2]


def test_who_repeats_the_grade(store: Store) -> None:
    put(store, register(), listing(on_list("а", repeater="да"), on_list("б")))
    assert over(store, rule("repeater")) == ["а"]
    assert whole(children(store), rule("repeater")) == (1, 2)


# --- marks, subjects


def test_a_quarter_of_a_subject_is_known_after_the_term(school: Store) -> None:
    rows = [f"{SCHOOL};2023/2024;I срок;{pupil('а')};а;{s};{n};64" for s, n in (("Химия", "16"), ("Физика", "10"))]
    put(school, table("четвърт.csv", REPORT, *rows))
    for month, known in ((DECEMBER, None), (JANUARY, 25)):
        assert measure(school, "subject_share", "а", month) == known
        assert over(school, rule("subject_quarter"), month) == (["а"] if known else [])


def test_marks_of_two_terms(school: Store) -> None:
    marks = {"а": (("3", "5"), ("2", "4")), "б": (("6", "6"), ("2,5", "3")), "в": (("3", "3"), ("3", "3"))}
    for n, (year, term) in enumerate((("2022/2023", "II срок"), ("2023/2024", "I срок"))):
        rows = [
            f"{SCHOOL};{year};{term};{child};{pupil(child)};{subject};1;{mark}"
            for child, terms in marks.items()
            for subject, mark in zip(("Химия", "Физика"), terms[n], strict=True)
        ]
        put(school, table(f"успех-{n}.csv", MARKS, *rows))
    assert over(school, rule("failing"), JANUARY) == ["а", "б"]
    assert over(school, rule("low_average"), JANUARY) == ["б"]
    assert over(school, rule("average_fall"), JANUARY) == ["а", "б"]
    # In December the newest marks are those of June.
    assert over(school, rule("failing"), DECEMBER) == []


# --- as known at a moment


def test_a_moment_before_a_commit_gives_the_older_picture(store: Store) -> None:
    first, second = datetime(2023, 11, 2, 9), datetime(2023, 11, 9, 9)
    put(store, register(), listing(on_list("а")), sent(missed("а", "4")), at=first)
    put(store, sent(missed("а", "6", excused="1")), at=second)
    assert over(store, HOURS, known_at=second - timedelta(seconds=1)) == []
    assert over(store, HOURS, known_at=second) == ["а"]


def test_an_undone_file_is_as_if_it_was_never_sent(school: Store) -> None:
    put(school, sent(missed("а", "4")))
    [newest] = put(school, sent(missed("а", "6", excused="1")))
    before = datetime.now()
    assert over(school, HOURS) == ["а"]
    mark(school, [newest], "undo", "Мария")
    assert over(school, HOURS) == []
    assert over(school, HOURS, known_at=before) == ["а"]
