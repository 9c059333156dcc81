"""Which day is looked at, of what: the one that is asked for, else the end of the period, but not after what is known.

A register from February says nothing of June: a case in it is not four months late.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from obhvat.people.keeping import first_year_kept
from obhvat.periods import (
    Period,
    last_of,
    month_of,
    next_month,
    school_year_of,
    school_year_of_month,
    term_of,
    term_of_month,
)
from obhvat.scope import Window
from obhvat.store import Store


def last_day(period: Period, known_at: datetime, day: date | None = None) -> date:
    """The last day of a period that can be known; with a `day`, not after it."""
    return Window(period, known_at, day).last


def cases_day(store: Store, period: Period, known_at: datetime, day: date | None = None) -> date:
    """The day cases of a period are looked at: the one that is asked for, else its last day or today, but not after
    what is known: the newest register or entry about cases."""
    last = last_day(period, known_at)
    return day or min(last, _cases_known_until(store, known_at) or last)


def cases_known_until(store: Store, month: date, known_at: datetime) -> date:
    """The day up to which it is known what was done: of the newest register or entry about cases, and not before the
    month's end. What was done later nobody has said yet."""
    ended = next_month(month) - timedelta(days=1)
    return min(max(ended, _cases_known_until(store, known_at) or ended), known_at.date())


def _cases_known_until(store: Store, known_at: datetime) -> date | None:
    """The day of the newest register or entry about cases, whatever period it is of; None without any."""
    sql = """
        select max(day)
        from (
            select max(period) as day from live_slices('cases', $known_at)
            union all
            select max(period) from live_slices('actions', $known_at)
            union all
            select max(greatest(entered_cases.opened_on, entered_statuses.status_on, entered_actions.date))
            from live_entries($known_at) as live
            left join entered_cases on entered_cases.entry_id = live.entry_id
            left join entered_statuses on entered_statuses.entry_id = live.entry_id
            left join entered_actions on entered_actions.entry_id = live.entry_id
        )
    """
    return _newest(store, sql, known_at)


def case_register_days(store: Store, known_at: datetime) -> tuple[date, ...]:
    """The days that the newest registers of cases of the municipalities are as of, each once, in their order."""
    sql = """
        select distinct max(period) as day
        from live_slices('cases', $known_at)
        group by municipality
        order by day
    """

    def answer() -> tuple[date, ...]:
        return tuple(day for (day,) in store.rows(sql, {"known_at": known_at}))

    return store.kept_of_data(sql, known_at, answer, daily=False, reads=(sql,))


def checks_known_until(store: Store, known_at: datetime) -> date | None:
    """The day up to which checks were sent: after it none is known, which is not „none was made“. None without any."""
    sql = """
        select max(least(live.period + interval 1 month - interval 1 day, batches.committed_at::date))::date
        from live_slices('inspections', $known_at) as live
        join slices on slices.slice_id = live.slice_id
        join batches on batches.batch_id = slices.batch_id
    """
    return _newest(store, sql, known_at)


def checks_day(store: Store, day: date, known_at: datetime) -> date:
    """The day checks are looked at when asked about a day: not after what was sent of them."""
    return min(day, checks_known_until(store, known_at) or day)


def newest_month(store: Store, last: date, known_at: datetime, level: str | None = None) -> date | None:
    """The newest month over by a day that anybody has sent absences for, or any institution of a level; None when
    nobody has."""
    sent = sent_months(store, known_at)
    return max((month for month, of in sent if level in (None, of) and last_of(month) <= last), default=None)


def sent_months(store: Store, known_at: datetime) -> list[tuple[date, str | None]]:
    """Each month that anybody has sent absences for, with each level of institutions that has."""
    return store.kept_of_data(
        SENT_MONTHS,
        known_at,
        lambda: store.rows(SENT_MONTHS, {"known_at": known_at}),
        daily=False,
        reads=(SENT_MONTHS,),
    )


SENT_MONTHS = """
    select distinct live.period, schools.level
    from live_slices('absences', $known_at) as live
    left join (
        select schools.code, schools.level
        from schools
        join live_slices('schools', $known_at) as registers on registers.slice_id = schools.slice_id
    ) as schools on schools.code = live.school
"""


def newest_month_of(store: Store, window: Window) -> date | None:
    """The newest of a window's months that anybody has sent absences for; None when nobody has for any of them."""
    last = min(window.last, next_month(window.months[-1]) - timedelta(days=1))
    if window.day:
        # On a day that is asked for a month counts when it had ended.
        last = min(last, month_of(window.day + timedelta(days=1)) - timedelta(days=1))
    month = newest_month(store, last, window.known_at)
    return month if month in window.months else None


def clock_day(period: Period, today: date) -> date:
    """The day the statutory clock is read on: today, or for a period that is long over, its last day."""
    return today if today <= period.last + timedelta(days=60) else period.last


def school_years(store: Store) -> list[int]:
    """School years with any data, the newest first; without those whose children were all forgotten."""
    periods = store.rows("select min(period), max(period) from slices where period > date '1990-01-01'")[0]
    if periods[0] is None:
        return []
    # Slices are of days and of months: the first of September is the month, of the year that begins.
    first, last = (school_year_of_month(day) if day.day == 1 else school_year_of(day) for day in periods)
    first = max(first, first_year_kept(store) or first)
    return list(range(last, first - 1, -1))


def default_period(store: Store, known_at: datetime | None = None) -> Period | None:
    """The term of the newest data: absences, else checks, else cases; None for an empty store."""
    sql = """
        select coalesce(
            (select max(period) from live_slices('absences', $known_at)),
            (select max(period) from live_slices('submissions', $known_at)),
            (select max(period) from live_slices('inspections', $known_at))
        )
    """
    known_at = known_at or store.now()
    if month := _newest(store, sql, known_at):
        return term_of_month(month)
    day = _newest(store, "select max(period) from live_slices('cases', $known_at)", known_at)
    return term_of(day) if day else None


def _newest(store: Store, sql: str, known_at: datetime, **bound: date | str | None) -> date | None:
    """The one day a query answers with; None when there is none."""

    def answer() -> date | None:
        [(day,)] = store.rows(sql, {"known_at": known_at, **bound})
        return day

    return store.kept_of_data((sql, *bound.values()), known_at, answer, daily=False, reads=(sql,))
