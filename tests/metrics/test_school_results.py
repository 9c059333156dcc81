"""A school's results, recomputed from the raw rows."""

import pandas as pd
import pytest

from obhvat.metrics.school_results import school_results
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
