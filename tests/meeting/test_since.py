"""What changed since the last meeting, in Bulgarian words, counted at both moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from small_oblast import absences, cases, inspections, put, register
from viewers import expert

from obhvat.disclosure import Disclosure
from obhvat.indicators import rule
from obhvat.indicators.thresholds import set_rules
from obhvat.meeting.freeze import close_meeting
from obhvat.meeting.meetings import open_meeting
from obhvat.meeting.since import day_words, since_last, since_words
from obhvat.metrics import Figure, figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM, MET = Period(2023, "term", 1), date(2023, 12, 11)
WORK, HOME = "в работа", "реинтегриран"
FIRST, SECOND = date(2023, 12, 1), date(2024, 1, 31)


@pytest.mark.parametrize(
    ("now", "before", "unit", "words"),
    [
        (11, 14, "случай", "с 3 случая по-малко спрямо 11 февруари"),
        (15, 14, "случай", "с 1 случай повече спрямо 11 февруари"),
        (14, 14, "случай", "без промяна спрямо 11 февруари"),
        (38, 36, "училище", "с 2 училища повече спрямо 11 февруари"),
        (2, 1, "проверка", "с 1 проверка повече спрямо 11 февруари"),
        (0, 2, "дете", "с 2 деца по-малко спрямо 11 февруари"),
        (12_345, 0, "ученик", "с 12\u202f345 ученици повече спрямо 11 февруари"),
        (3.48, 1.95, "час", "с 1,53 часа повече спрямо 11 февруари"),
        (2.95, 1.95, "час", "с 1 час повече спрямо 11 февруари"),
        (1.001, 1.0, "ден", "без промяна спрямо 11 февруари"),
    ],
)
def test_changes_in_words(now: float, before: float, unit: str, words: str) -> None:
    assert since_words(now, before, unit, date(2024, 2, 11)) == words


def test_a_day_of_another_year_is_said_with_its_year() -> None:
    assert day_words(date(2023, 3, 14), date(2024, 3, 13)) == "14 март 2023 г."
    assert day_words(date(2024, 2, 11), date(2024, 3, 13)) == "11 февруари"
    words = since_words(1, 3, "случай", date(2023, 8, 1), date(2024, 3, 13))
    assert words == "с 2 случая по-малко спрямо 1 август 2023 г."


def numbered(prefix: str, n: int, status: str) -> dict[str, str]:
    return {f"{prefix}-{i:03}": status for i in range(1, n + 1)}


def of(store: Store, metric_id: str = "cases_in_work", municipality: str | None = None) -> Figure:
    return figure(store, metric_id, TERM, Scope(municipality, known_at=datetime(2024, 2, 11, 12)))


@pytest.fixture
def two_registers(store: Store) -> Store:
    """12 cases in work known at the meeting of December, 9 in February; in Ведрово 3, then 2."""
    put(store, register(), at=datetime(2023, 9, 12))
    then = numbered("КГ", 9, WORK) | numbered("ВД", 3, WORK)
    put(store, cases(FIRST, then), at=datetime(2023, 12, 1))
    now = then | numbered("КГ", 2, HOME) | numbered("ВД", 1, HOME)
    put(store, cases(SECOND, now), at=datetime(2024, 1, 31))
    return store


def test_a_figure_is_compared_with_what_was_known_at_the_meeting(two_registers: Store) -> None:
    assert (
        since_last(two_registers, of(two_registers), MET, Disclosure(two_registers, "members"))
        == "с 3 случая по-малко спрямо 11 декември 2023 г."
    )


def test_what_came_later_about_the_days_before_does_not_change_what_was_known(two_registers: Store) -> None:
    put(two_registers, cases(FIRST, {"КГ-001": WORK}), at=datetime(2024, 1, 15))
    assert (
        since_last(two_registers, of(two_registers), MET, Disclosure(two_registers, "members"))
        == "с 3 случая по-малко спрямо 11 декември 2023 г."
    )


def test_what_was_sent_too_late_for_the_meeting_is_cut_at_its_day(store: Store) -> None:
    put(store, register(), cases(FIRST, numbered("КГ", 9, WORK)), at=datetime(2024, 2, 1))
    put(store, cases(SECOND, numbered("КГ", 9, WORK) | numbered("КГ", 2, HOME)), at=datetime(2024, 1, 31))
    assert (
        since_last(store, of(store), MET, Disclosure(store, "members"))
        == "с 2 случая по-малко спрямо 11 декември 2023 г."
    )


def test_months_sent_too_late_are_cut_at_the_last_that_had_ended(store: Store) -> None:
    months = [absences("9000101", month, [7] * n) for month, n in ((10, 3), (11, 6), (12, 8))]
    put(store, register(), *months, at=datetime(2024, 1, 5))
    assert (
        since_last(store, of(store, "pupils_over_threshold"), MET, Disclosure(store, "members"))
        == "с 2 ученици повече спрямо 11 декември 2023 г."
    )


def test_a_state_is_compared_also_with_a_meeting_of_the_year_before(two_registers: Store) -> None:
    both = numbered("КГ", 4, WORK) | numbered("ВД", 1, WORK)
    put(two_registers, cases(date(2023, 2, 5), both), at=datetime(2023, 2, 5))
    assert (
        since_last(two_registers, of(two_registers), date(2023, 3, 14), Disclosure(two_registers, "members"))
        == "с 4 случая повече спрямо 14 март 2023 г."
    )


def test_what_adds_up_over_a_term_is_not_compared_with_another_term(two_registers: Store) -> None:
    put(two_registers, cases(date(2023, 2, 5), numbered("КГ", 4, WORK)), at=datetime(2023, 2, 5))
    assert (
        since_last(
            two_registers, of(two_registers, "cases_total"), date(2023, 3, 14), Disclosure(two_registers, "members")
        )
        == ""
    )


def test_nothing_known_then_is_said(two_registers: Store) -> None:
    words = since_last(two_registers, of(two_registers), date(2021, 6, 1), Disclosure(two_registers, "members"))
    assert words == "за 1 юни 2021 г. няма данни за сравнение"


def test_of_a_day_before_the_first_register_its_rows_tell(two_registers: Store) -> None:
    """The register of December says which of its cases were open in November."""
    words = since_last(two_registers, of(two_registers), date(2023, 11, 1), Disclosure(two_registers, "members"))
    assert words == "с 3 случая по-малко спрямо 1 ноември 2023 г."


def test_events_of_a_term_that_began_after_the_meeting_are_all_new(store: Store) -> None:
    put(store, register(), inspections([("9000101", date(2023, 10, 10), "", None, None)]), at=datetime(2023, 11, 2))
    words = since_last(store, of(store, "schools_inspected"), date(2023, 3, 14), Disclosure(store, "members"))
    assert words == "не се сравнява с 14 март 2023 г.: периодът е започнал по-късно"


def test_a_changed_threshold_is_not_compared(store: Store) -> None:
    put(store, register(), absences("9000101", 10, [7] * 6), at=datetime(2023, 11, 2))
    monthly = rule("monthly_unexcused_hours")
    set_rules(store, {monthly.id: replace(monthly, value=6.0)}, expert("Мария"), datetime(2024, 1, 8))
    words = since_last(store, of(store, "pupils_over_threshold"), MET, Disclosure(store, "members"))
    assert words == "не се сравнява с 11 декември 2023 г.: правилото е сменено"


def test_fewer_places_then_are_said(store: Store) -> None:
    put(store, register(), absences("9000101", 10, [7] * 6), at=datetime(2023, 11, 2))
    put(store, *(absences(school, 10, [7] * 6) for school in ("9000102", "9000201")), at=datetime(2024, 1, 2))
    words = since_last(store, of(store, "pupils_over_threshold"), MET, Disclosure(store, "members"))
    assert words == "с 12 ученици повече спрямо 11 декември 2023 г. (тогава по данни от 1 училище)"


def test_a_frozen_figure_goes_before_what_would_be_counted(two_registers: Store) -> None:
    """Closed a day after it met, when a correction had come."""
    made = open_meeting(two_registers, MET, TERM, viewer=expert("Мария"), at=datetime(2023, 12, 11, 10))
    put(two_registers, cases(date(2023, 12, 11), numbered("КГ", 5, WORK)), at=datetime(2023, 12, 12, 9))
    close_meeting(two_registers, made.meeting_id, expert("Мария"), at=datetime(2023, 12, 12, 12))
    # Of nine now; the register of Ведрово did not come again with the correction.
    [(frozen,)] = two_registers.rows(
        "select n from frozen_figures where metric = 'cases_in_work' and municipality = ''"
    )
    expected = since_words(9, frozen, "случай", MET, date(2024, 2, 11))
    assert frozen != 12
    assert since_last(two_registers, of(two_registers), MET, Disclosure(two_registers, "internal")) == expected
    # From the members' number of that day the three of Ведрово could be computed: it was hidden.
    assert since_last(two_registers, of(two_registers), MET, Disclosure(two_registers, "members")) == ""


def test_small_numbers_are_not_told_by_their_change(two_registers: Store) -> None:
    found = of(two_registers, municipality="Ведрово")
    assert (
        since_last(two_registers, found, MET, Disclosure(two_registers, "internal"))
        == "с 1 случай по-малко спрямо 11 декември 2023 г."
    )
    assert since_last(two_registers, found, MET, Disclosure(two_registers, "members")) == ""
    assert since_last(two_registers, found, MET, Disclosure(two_registers, "press")) == ""


def test_a_frozen_small_number_is_not_told_by_a_change_either(store: Store) -> None:
    put(store, register(), at=datetime(2023, 9, 12))
    put(store, cases(FIRST, numbered("КГ", 9, WORK) | numbered("ВД", 3, WORK)), at=datetime(2023, 12, 1))
    made = open_meeting(store, MET, TERM, viewer=expert("Мария"), at=datetime(2023, 12, 11, 9))
    close_meeting(store, made.meeting_id, expert("Мария"), at=datetime(2023, 12, 11, 12))
    put(store, cases(SECOND, numbered("КГ", 9, WORK) | numbered("ВД", 8, WORK)), at=datetime(2024, 1, 31))
    found = of(store, municipality="Ведрово")
    assert (
        since_last(store, found, MET, Disclosure(store, "internal")) == "с 5 случая повече спрямо 11 декември 2023 г."
    )
    assert since_last(store, found, MET, Disclosure(store, "members")) == ""


def test_the_press_is_not_told_a_small_number_of_the_oblast(store: Store) -> None:
    put(store, register(), cases(FIRST, numbered("КГ", 2, WORK) | numbered("ВД", 1, WORK)), at=datetime(2023, 12, 1))
    put(store, cases(SECOND, numbered("КГ", 6, WORK) | numbered("ВД", 2, WORK)), at=datetime(2024, 1, 31))
    assert (
        since_last(store, of(store), MET, Disclosure(store, "members"))
        == "с 5 случая повече спрямо 11 декември 2023 г."
    )
    assert since_last(store, of(store), MET, Disclosure(store, "press")) == ""
