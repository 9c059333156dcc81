"""What is kept of a month while later ones come is what would be worked out anew."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from small_stores import DECEMBER, NOVEMBER, OCTOBER, children, listing, missed, on_list, put, register, sent

from obhvat.indicators import default_rules
from obhvat.indicators.counts import flag_counts
from obhvat.indicators.measures import measures
from obhvat.periods import month_period
from obhvat.scope import Count, Window
from obhvat.store import Store

NOON = datetime(2024, 1, 8, 12)
RULE = next(rule for rule in default_rules() if rule.id == "term_unexcused_hours")


def counts(store: Store) -> list[Count]:
    """Of each of three months."""
    months = (OCTOBER, NOVEMBER, DECEMBER)
    return [count for month in months for count in sorted(flag_counts(store, Window(month_period(month), NOON), RULE))]


def test_whoever_a_later_file_signs_off_has_not_vanished_in_the_months_before(store: Store) -> None:
    lists = (listing(*(on_list(child, "10.06.2023") for child in "аб")), listing(on_list("в")))
    put(store, register(), *lists, sent(missed("в", "3")), at=NOON)
    assert set(children(store, OCTOBER, NOON).query("vanished == 1")["class_name"]) == {"а", "б"}
    put(store, sent(missed("а", "0", NOVEMBER, left="06.11.2023")), at=NOON)
    october = measures(store, OCTOBER, NOON)
    assert set(october.query("vanished == 1")["class_name"]) == {"б"}
    store.forget_answers()
    pd.testing.assert_frame_equal(october, measures(store, OCTOBER, NOON))


def test_the_flags_of_months_are_counted_anew_from_the_one_on_that_a_file_is_of(store: Store) -> None:
    put(store, register(), listing(on_list("а"), on_list("б")), sent(missed("а", "9"), missed("б", "9")), at=NOON)
    put(store, sent(missed("а", "9", DECEMBER)), at=NOON)
    before = counts(store)
    put(store, sent(missed("а", "2", NOVEMBER), missed("б", "7", NOVEMBER)), at=NOON)
    after = counts(store)
    assert [count.n for count in before if count.reports] == [0, 1]
    assert [count.n for count in after if count.reports] == [0, 1, 2]
    store.forget_answers()
    assert counts(store) == after
