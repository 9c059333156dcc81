"""A school's results, recomputed from the raw rows."""

import filling
import pandas as pd
import pytest

from obhvat.ingest import Source
from obhvat.metrics.school_results import on_one_scale, school_results
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = Period(2023, "term", 1)
SCHOOL = "9001001"


def raw(store: Store) -> pd.DataFrame:
    rows = store.read(
        """
        select school, school_year, exam, subject, class_name, pupil is not null as by_pupil, pupils, examined,
            average::double as average
        from results
        """
    )
    weight = rows["examined"].fillna(rows["pupils"]).astype(float).where(~rows["by_pupil"], 1.0)
    return rows.assign(weight=weight, points=rows["average"] * weight)


def test_averages_are_weighted_by_who_was_examined(demo_store: Store):
    rows = raw(demo_store).groupby(["school", "school_year", "exam", "subject"])[["points", "weight"]].sum().loc[SCHOOL]
    found = school_results(demo_store, SCHOOL, TERM).set_index(["school_year", "exam", "subject"])
    assert len(found) == len(rows) == 6
    assert found["average"].to_dict() == pytest.approx((rows["points"] / rows["weight"]).to_dict())
    assert found["examined"].to_dict() == rows["weight"].to_dict()


def test_the_oblasts_average_is_of_everyone(demo_store: Store):
    rows = raw(demo_store).groupby(["school_year", "exam", "subject"])[["points", "weight"]].sum()
    found = school_results(demo_store, SCHOOL, TERM).set_index(["school_year", "exam", "subject"])
    assert found["oblast"].to_dict() == pytest.approx((rows["points"] / rows["weight"]).to_dict())


def test_the_newest_term_is_first(demo_store: Store):
    found = school_results(demo_store, SCHOOL, TERM)
    terms = list(found[["school_year", "exam"]].drop_duplicates().itertuples(index=False, name=None))
    assert terms == [(2023, "term1"), (2022, "term2"), (2022, "term1")]


def test_later_years_are_not_known_in_an_earlier_period(demo_store: Store):
    found = school_results(demo_store, SCHOOL, Period(2022, "year"))
    assert set(found["school_year"]) == {2022}


def test_a_school_without_results_has_no_rows(demo_store: Store):
    assert school_results(demo_store, "9001081", TERM, Scope()).empty


# As the ministry publishes them: the year of 65 points says so in its captions, the later one has captions of its own.
OF_65 = """Област;Община;Населено място;Код;Училище;Явили се БЕЛ;Ср. успех в точки БЕЛ (мах 65 т.)
КАМЕНГРАД;КАМЕНГРАД;ГР.КАМЕНГРАД;9000101;СУ Първо;40;27.91
КАМЕНГРАД;КАМЕНГРАД;ГР.КАМЕНГРАД;9000102;ОУ Второ;20;40.00
"""
OF_100 = """Област;Община;Населено място;Код;Училище;Явили се БЕЛ;Ср. успех в точки БЕЛ (мах 100 т.)
КАМЕНГРАД;КАМЕНГРАД;ГР.КАМЕНГРАД;9000101;СУ Първо;50;50.63
"""
# Of how many points the oldest years were nobody has a source for; a table of our own need not say it.
UNSAID = """Код по НЕИСПУО;Учебна година;Срок или изпит;Предмет;Изпитани;Среден успех
9000101;2015/2016;НВО VII клас;Български език и литература;50;50.63
"""
REGISTER = """Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
9000101;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище
9000102;ОУ „Второ“;Каменград;Каменград;гр. Каменград;основно училище
"""


def exams(store: Store, other: str, name: str) -> pd.DataFrame:
    filling.put(store, [Source("институции.csv", REGISTER.encode())])
    filling.put(store, [Source("nvo-7-2018.csv", OF_65.encode())])
    filling.put(store, [Source(name, other.encode())])
    found = on_one_scale(school_results(store, "9000101", TERM))
    assert found["exam"].tolist() == ["nvo7", "nvo7"]
    return found.sort_values("school_year", ignore_index=True)


def test_13_years_of_different_maxima_stand_on_one_scale(store: Store):
    found = exams(store, OF_100, "nvo-7-2022.csv")
    assert found["maximum"].tolist() == [65, 100]
    # 27.91 of 65 is 42.94 %: not a rise to 50.63 from 27.91, but from 42.94.
    assert found["average"].round(2).tolist() == [42.94, 50.63]
    assert found["oblast"].round(2).tolist() == [round(100 * (40 * 27.91 + 20 * 40) / 60 / 65, 2), 50.63]
    assert found["scale"].tolist() == ["% от 65 т.", "% от 100 т."]


def test_13_an_unknown_maximum_is_not_joined_with_a_known_one(store: Store):
    found = exams(store, UNSAID, "успех.csv")
    assert found["average"].round(2).tolist() == [50.63, 27.91]
    assert found["scale"].tolist() == ["не се знае от колко т.", "от 65 т."]


def test_13_the_maximum_of_a_published_year_is_known_where_the_file_does_not_say_it(store: Store):
    found = exams(store, OF_100.replace(" (мах 100 т.)", ""), "nvo-7-2022.csv")
    assert found["maximum"].tolist() == [65, 100]


def test_13_marks_have_no_scale(demo_store: Store):
    found = school_results(demo_store, SCHOOL, TERM)
    pd.testing.assert_frame_equal(on_one_scale(found).drop(columns="scale"), found)
    assert set(on_one_scale(found)["scale"]) == {""}
