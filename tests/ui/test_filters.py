import pytest

from obhvat.periods import Period
from obhvat.store import Store
from obhvat.ui.filters import period_of, school_years


@pytest.mark.parametrize(
    ("label", "period"),
    [
        ("I срок", Period(2023, "term", 1)),
        ("II срок", Period(2023, "term", 2)),
        ("Лято", Period(2023, "summer")),
        ("Август", Period(2023, "month", 8)),
        ("Цялата година", Period(2023, "year")),
        ("Октомври", Period(2023, "month", 10)),
        ("Февруари", Period(2023, "month", 2)),
    ],
)
def test_a_label_means_a_period_of_the_chosen_year(label: str, period: Period):
    assert period_of(2023, label) == period


def test_school_years_are_those_with_data_the_newest_first(demo_store: Store):
    assert school_years(demo_store) == [2023, 2022]


def test_an_empty_store_has_no_school_years(store: Store):
    assert school_years(store) == []
