"""What members may see of schools and municipalities cannot be used to compute what they may not."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.metrics import Figure, Scope, metric
from obhvat.periods import Period
from obhvat.ui.audience import hidden_municipalities, hidden_schools, is_hidden

Oblast = dict[str, list[int]]
oblasts = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), min_size=2, max_size=5).map(
    lambda numbers: {f"община {n}": inside for n, inside in enumerate(numbers)}
)


def figure_of(oblast: Oblast, metric_id: str = "pupils_over_threshold", scope: Scope = Scope()) -> Figure:
    rows = [
        (pd.Timestamp(2023, 10, 1), municipality, f"{municipality}/{n}", number, 100, True)
        for municipality, numbers in oblast.items()
        for n, number in enumerate(numbers)
    ]
    columns = ["month", "municipality", "school", "n", "d", "reports"]
    return Figure(metric(metric_id), Period(2023, "month", 10), scope, pd.DataFrame(rows, columns=columns))


@given(oblasts)
def test_a_hidden_school_is_never_alone_in_a_municipality_that_is_shown(oblast: Oblast) -> None:
    whole = figure_of(oblast)
    for municipality in set(oblast) - hidden_municipalities(whole, "members"):
        assert len(hidden_schools(whole, municipality, "members")) != 1


@given(oblasts)
def test_no_school_of_a_hidden_municipality_is_shown(oblast: Oblast) -> None:
    whole = figure_of(oblast)
    for municipality in hidden_municipalities(whole, "members"):
        assert hidden_schools(whole, municipality, "members") == {
            f"{municipality}/{n}" for n in range(len(oblast[municipality]))
        }


@given(oblasts)
def test_every_small_school_is_hidden_from_members(oblast: Oblast) -> None:
    whole = figure_of(oblast)
    for municipality, numbers in oblast.items():
        small = {f"{municipality}/{n}" for n, number in enumerate(numbers) if 0 < number < 5}
        assert small <= hidden_schools(whole, municipality, "members")


def test_the_only_small_school_takes_another_of_its_municipality_with_it() -> None:
    whole = figure_of({"Горун": [3, 9, 20], "Ведрово": [2, 30]})
    assert hidden_schools(whole, "Горун", "members") == {"Горун/0", "Горун/1"}


@pytest.mark.parametrize(("audience", "hidden"), [("internal", False), ("members", True), ("press", True)])
def test_a_small_school_is_seen_inside_only(audience, hidden: bool) -> None:
    oblast = {"Горун": [3, 9, 20], "Ведрово": [12, 30]}
    found = figure_of({"Горун": [3]}, scope=Scope(municipality="Горун", school="Горун/0"))
    assert is_hidden(figure_of(oblast), found, audience) is hidden


def test_figures_that_count_no_children_are_not_hidden() -> None:
    whole = figure_of({"Горун": [1, 0], "Ведрово": [1, 1]}, "submissions")
    assert hidden_municipalities(whole, "members") == frozenset()
