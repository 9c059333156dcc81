"""School years, their parts and months: what a figure is *for*, and how many school days a month has.

A school year is written by its start: 2023 is 15.09.2023 to 14.09.2024. The first term, the second and the summer are
its parts, of whole months, so that whatever is dated is in one of them and months add up to terms, terms to years. Only
September is shared: its first fourteen days are the summer's that ends. When lessons begin and end by the minister's
order (obhvat/school_years.toml) matters for teaching days and for the deadlines of the law, not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from babel.dates import get_month_names

from obhvat.language import BULGARIAN, LANGUAGES, _, current
from obhvat.resources import read_toml
from obhvat.workdays import public_holidays

Kind = Literal["year", "term", "summer", "month"]

_NAMES = {language: dict(get_month_names("wide", "stand-alone", locale=language)) for language in LANGUAGES}
MONTH_NAMES = _NAMES[BULGARIAN]
"""As files and addresses write them."""
_SHORT_NAMES = {language: get_month_names("abbreviated", "stand-alone", locale=language) for language in LANGUAGES}
_ROMAN = {1: "I", 2: "II"}
_FIRST_OF_YEAR = 15
"""The day of September on which the year turns."""
_PERIOD = re.compile(
    r"^\s*(?P<year>20\d\d)(?:\s*/\s*(?:20)?\d\d)?\s*(?:-\s*(?:(?P<roman>II|I)|[TtтТ]?(?P<term>[12])"
    r"|(?P<summer>S|лято)|(?P<month>0[1-9]|1[0-2])))?\s*$",
    re.IGNORECASE,
)
_SUMMER_FIRST = re.compile(r"^\s*лято(?:то)?\s+(?:на\s+)?(?P<year>20\d\d)\s*/\s*(?:20)?\d\d\s*$", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"^\s*(?P<month>0?[1-9]|1[0-2])\s*[./]\s*(?P<year>20\d\d)\s*$")


def _declared() -> dict[str, dict]:
    return read_toml("school_years.toml")


def _of_year(start_year: int) -> dict:
    return _declared().get(str(start_year), _declared()["default"])


def _day(start_year: int, month_day: str) -> date:
    month, day = map(int, month_day.split("-"))
    return date(start_year if month >= 9 else start_year + 1, month, day)


def first_day(start_year: int) -> date:
    """The first school day of a school year."""
    return _day(start_year, _of_year(start_year)["start"])


def second_term_day(start_year: int) -> date:
    """The first day of the second term."""
    return _day(start_year, _of_year(start_year)["second_term"])


def last_day(start_year: int) -> date:
    """The last school day of a school year, of those classes that end last."""
    return _day(start_year, _of_year(start_year)["end"])


def school_year_of(day: date) -> int:
    """The start year of the school year a day belongs to: it turns on 15 September."""
    return day.year if (day.month, day.day) >= (9, _FIRST_OF_YEAR) else day.year - 1


def school_year_of_month(month: date) -> int:
    """The start year of the school year a month's data belongs to: September's to the one that begins."""
    return month.year if month.month >= 9 else month.year - 1


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_of(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - timedelta(days=1)


def month_label(month: date) -> str:
    """„октомври 2023 г.“"""
    return _("{month} {year} г.").format(month=month_name(month.month), year=month.year)


def month_name(n: int) -> str:
    """„октомври“, by its number, in the language of who is looking."""
    return _NAMES[current()][n]


def short_month_name(n: int) -> str:
    """„окт“."""
    return _SHORT_NAMES[current()][n]


@cache
def teaching_days(start_year: int) -> tuple[date, ...]:
    """Days of a school year, September to August, on which a school can teach.

    Weekdays that are neither public holidays (library `holidays`) nor vacations of the minister's order. A year
    whose order is not in school_years.toml has no vacations here, so the days can only be too many.
    """
    vacations = [(_day(start_year, a), _day(start_year, b)) for a, b in _of_year(start_year)["vacations"]]
    closed = public_holidays(start_year) | public_holidays(start_year + 1)
    first, after = date(start_year, 9, 1), date(start_year + 1, 9, 1)
    days = (first + timedelta(days=n) for n in range((after - first).days))
    return tuple(d for d in days if d.weekday() < 5 and d not in closed and not any(a <= d <= b for a, b in vacations))


@cache
def school_days(month: date) -> int:
    """How many of the `teaching_days` are in a calendar month."""
    return sum((d.year, d.month) == (month.year, month.month) for d in teaching_days(school_year_of_month(month)))


@dataclass(frozen=True, order=True)
class Period:
    """A school year, a term or the summer of it, or a calendar month. `n` is the term (1, 2), the month (1 to 12) or 0.

    A month is counted whole, but September from the 15th.
    """

    start_year: int
    kind: Kind
    n: int = 0

    @property
    def key(self) -> str:
        """How the period is written in an address and on the command line: 2023, 2023-I, 2023-S, 2023-10."""
        if self.kind == "year":
            return str(self.start_year)
        if self.kind == "summer":
            return f"{self.start_year}-S"
        if self.kind == "term":
            return f"{self.start_year}-{_ROMAN[self.n]}"
        return f"{self.months[0]:%Y-%m}"

    @property
    def label(self) -> str:
        """„I срок на 2023/2024 г.“"""
        year = f"{self.start_year}/{self.start_year + 1}"
        if self.kind == "year":
            return _("учебната {year} г.").format(year=year)
        if self.kind == "summer":
            return _("лятото на {year} г.").format(year=year)
        if self.kind == "term":
            return _("{term} срок на {year} г.").format(term=_ROMAN[self.n], year=year)
        return month_label(self.months[0])

    @property
    def during(self) -> str:
        """„през I срок на 2023/2024 г.“, „през учебната 2023/2024 г.“"""
        return _("през {period}").format(period=self.label)

    @property
    def short(self) -> str:
        """„I срок 2023/24“, for places without room for `label`."""
        year = f"{self.start_year}/{(self.start_year + 1) % 100:02}"
        if self.kind == "month":
            return f"{self.n:02}.{self.months[0].year}"
        if self.kind == "summer":
            return _("лято {year}").format(year=year)
        return _("{term} срок {year}").format(term=_ROMAN[self.n], year=year) if self.kind == "term" else year

    @property
    def months(self) -> tuple[date, ...]:
        """First days of the months whose monthly data belongs to the period."""
        numbers = {
            "year": (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8),
            "term": (9, 10, 11, 12, 1) if self.n == 1 else (2, 3, 4, 5, 6),
            "summer": (7, 8),
            "month": (self.n,),
        }[self.kind]
        return tuple(date(self.start_year if m >= 9 else self.start_year + 1, m, 1) for m in numbers)

    @property
    def first(self) -> date:
        """The first day whose dated events belong to the period."""
        month = self.months[0]
        return month.replace(day=_FIRST_OF_YEAR) if month.month == 9 else month

    @property
    def last(self) -> date:
        """The last day whose dated events belong to the period."""
        if self.kind in ("year", "summer"):
            return date(self.start_year + 1, 9, _FIRST_OF_YEAR - 1)
        return next_month(self.months[-1]) - timedelta(days=1)

    @property
    def year_before(self) -> Period:
        """The same period of the school year before."""
        return Period(self.start_year - 1, self.kind, self.n)


def parts_of_year(start_year: int) -> tuple[Period, Period, Period]:
    """The first term, the second and the summer."""
    return Period(start_year, "term", 1), Period(start_year, "term", 2), Period(start_year, "summer")


def term_of(day: date) -> Period:
    """The term or the summer a day falls in."""
    return next(part for part in parts_of_year(school_year_of(day)) if day <= part.last)


def term_of_month(month: date) -> Period:
    """The term or the summer a month's data belongs to: whole, September's, too, which begins in the summer."""
    return term_of(month.replace(day=_FIRST_OF_YEAR))


def month_period(month: date) -> Period:
    return Period(school_year_of_month(month), "month", month.month)


def parse_period(text: str) -> Period:
    """A period from what a person or an address says: 2023, 2023/2024, 2023-I, 2023/2024-2, 2023-лято, лято 2023/24,
    2023-10, 10.2023.

    Raises ValueError with a Bulgarian sentence when the text is none of these.
    """
    if match := _MONTH_FIRST.match(text):
        return month_period(date(int(match["year"]), int(match["month"]), 1))
    bare = text.replace("срок", "").replace("г.", "")
    if match := _SUMMER_FIRST.match(bare):
        return Period(int(match["year"]), "summer")
    match = _PERIOD.match(bare)
    if not match:
        raise ValueError(
            _(
                "„{text}“ не е период. Пишете 2023 за учебната 2023/2024 г., 2023-I за първия ѝ срок, "
                "2023-лято за лятото след нея или 2023-10 за октомври 2023 г."
            ).format(text=text)
        )
    year = int(match["year"])
    if match["summer"]:
        return Period(year, "summer")
    if match["month"]:
        return month_period(date(year, int(match["month"]), 1))
    if match["roman"] or match["term"]:
        return Period(year, "term", 2 if (match["roman"] or "").upper() == "II" or match["term"] == "2" else 1)
    return Period(year, "year")
