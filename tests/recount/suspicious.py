"""Schools that stand out in a month: by their share over the monthly threshold, or by records that look too good."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from recount.absences import Absences
from recount.files import year_of
from recount.known import month_end


class Suspicious:
    """Schools that stood out, by what was known at a moment."""

    def __init__(self, absences: Absences) -> None:
        self.absences = absences
        self.schools = cache(self._schools)
        self.over_usual = cache(self._over_usual)

    def is_risky(self, school: str, month: date) -> bool:
        """Whether a school's share of pupils over the threshold was above the oblast's, or its records odd."""
        return month in self.absences.month_no and (school in self.over_usual(month) or school in self.schools(month))

    def _over_usual(self, month: date) -> set[str]:
        ab = self.absences
        over, sizes, sent = ab.over(month, "hours", lambda hours: hours >= 5)
        counted = sent & ~np.isnan(sizes) & (sizes > 0)
        if not counted.any():
            return set()
        whole = over[counted].sum() / sizes[counted].sum()
        return {ab.schools[s] for s in np.flatnonzero(counted) if over[s] / sizes[s] > whole}

    def _schools(self, month: date) -> set[str]:
        return {*self._without_any(month), *self._unusual(month), *self._twice(month), *self._on_one_day(month)}

    def _hours(self, month: date) -> np.ndarray:
        """Unexcused hours by the schools that wrote them down."""
        ab = self.absences
        rows = ab.lines[(ab.lines["month"] == month) & (ab.lines["unit"] == "hours")]
        return np.bincount(rows["school_no"], rows["unexcused"], minlength=len(ab.schools))

    def _without_any(self, month: date) -> set[str]:
        """Twenty pupils or more, and not one unexcused hour in the year so far."""
        ab = self.absences
        year = ab.year_months(month)
        hours = sum(self._hours(ab.months[n]) for n in year)
        sizes = np.nan_to_num(ab.sizes(month_end(month), "hours"))
        odd = ab.sent[:, year].any(axis=1) & (hours == 0) & (sizes >= 20)
        return {ab.schools[s] for s in np.flatnonzero(odd)}

    def _unusual(self, month: date) -> set[str]:
        """Twice or half of the median of two or more earlier months of the year without September, of 30 hours and
        more."""
        ab = self.absences
        before = [n for n in ab.year_months(month) if ab.months[n] < month and ab.months[n].month != 9]
        if month.month == 9:
            return set()
        hours = {n: self._hours(ab.months[n]) for n in before}
        now, found = self._hours(month), set()
        for s in np.flatnonzero(ab.sent[:, ab.month_no[month]]):
            earlier = [hours[n][s] for n in before if ab.sent[s, n]]
            if len(earlier) >= 2 and np.nan_to_num(ab.sizes(month_end(month), "hours"))[s] > 0:
                usual = float(np.median(earlier))
                if max(now[s], usual) >= 30 and (now[s] >= 2 * usual or now[s] <= usual / 2):
                    found.add(ab.schools[s])
        return found

    def _twice(self, month: date) -> set[str]:
        """A class of which five pupils or more, and half or more, stand twice with the same absences."""
        rows = self.absences.lines
        rows = rows[(rows["month"] == month) & (rows["excused"] + rows["unexcused"] > 0)]
        copies = rows.groupby(["school", "class_name", "child", "excused", "unexcused"]).size() > 1
        of_class = copies.groupby(["school", "class_name"]).agg(["sum", "size"])
        odd = of_class[(of_class["sum"] >= 5) & (2 * of_class["sum"] >= of_class["size"])]
        return set(odd.index.get_level_values("school"))

    def _on_one_day(self, month: date) -> set[str]:
        """Three months or more of the year submitted on one day."""
        rows = self.absences.marks
        rows = rows[rows["submitted"].astype(bool) & (rows["month"] <= month)].dropna(subset="submitted_on")
        rows = rows[rows["month"] >= date(year_of(month), 9, 1)]
        months = rows.groupby(["school", "submitted_on"])["month"].nunique()
        return set(months[months >= 3].index.get_level_values("school"))
