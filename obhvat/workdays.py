"""Working days in Bulgaria: in them the steps of a case and the answers of institutions are due.

Weekends and public holidays (Labour Code, art. 154, as the library `holidays` knows them, with the days off in lieu
and the Orthodox Easter) do not work. School vacations and 1 November, free for schools only, do.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_DAY = timedelta(days=1)


@cache
def _bulgaria() -> Any:
    """The library's class of Bulgaria. Asked for a country, it imports all two hundred and fifty first: a tenth of a
    second here, seconds on Windows, where each file is looked at before it is read."""
    import holidays

    file = Path(holidays.__file__).parent / "countries" / "bulgaria.py"
    spec = spec_from_file_location("holidays.countries.bulgaria", file)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Bulgaria


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, with the days off in lieu."""
    return frozenset(_bulgaria()(years=year))


@cache
def _weekday_holidays(year: int) -> list[date]:
    return sorted(day for day in public_holidays(year) if day.weekday() < 5)


def is_workday(day: date) -> bool:
    """Whether offices work on a day."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def add_workdays(day: date, n: int) -> date:
    """The n-th working day after a day, which itself does not count; the day itself for 0."""
    while n > 0:
        day += _DAY
        n -= is_workday(day)
    return day


def workdays_between(a: date, b: date) -> int:
    """How many working days there are after `a`, up to and including `b`; 0 when b is not after a."""
    if b <= a:
        return 0
    return _weekdays_until(b) - _weekdays_until(a) - sum(_days_off(year, a, b) for year in range(a.year, b.year + 1))


def _weekdays_until(day: date) -> int:
    """From the first day there is, which was a Monday."""
    weeks, days = divmod(day.toordinal(), 7)
    return 5 * weeks + min(days, 5)


def _days_off(year: int, a: date, b: date) -> int:
    """Holidays of a year from Monday to Friday, after `a`, up to and including `b`."""
    days = _weekday_holidays(year)
    return bisect_right(days, b) - bisect_right(days, a)
