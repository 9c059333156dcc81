"""How many children every rule of risk flags, once more from the raw files and by the thresholds said again here."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable
from datetime import date

import pandas as pd
from by_hand import ByHand, summed
from raw_files import Child, RawFiles

# Rule → measure, unit, operator, threshold. Of absences, who is on the lists is counted in the whole.
OF_ABSENCES = {
    "monthly_unexcused_hours": ("month_unexcused", "hours", operator.ge, 5),
    "monthly_unexcused_days": ("month_unexcused", "days", operator.gt, 3),
    "year_unexcused_hours": ("year_unexcused", "hours", operator.gt, 5),
    "year_unexcused_days": ("year_unexcused", "days", operator.gt, 3),
    "term_unexcused_hours": ("term_unexcused", "hours", operator.ge, 15),
    "chronic_absence": ("absent_share", "hours", operator.ge, 10),
    "severe_absence": ("absent_share", "hours", operator.ge, 20),
    "rising": ("rise", "hours", operator.ge, 3),
    "jump": ("jump", "hours", operator.ge, 5),
}
OF_LISTS = {
    "repeater": ("repeats", operator.ge, 1),
    "over_age": ("years_over", operator.ge, 2),
    "vanished": ("vanished", operator.ge, 1),
    "not_in_viii": ("not_in_viii", operator.ge, 1),
}
# Of a pupil, at whatever school it is.
OF_PUPILS = {
    "failing": ("failing", operator.ge, 1),
    "low_average": ("average", operator.lt, 3),
    "average_fall": ("average_fall", operator.ge, 1),
    "earlier_case": ("earlier_cases", operator.ge, 1),
}


class FlagsByHand:
    """The flags of a month."""

    def __init__(self, files: ByHand, raw: RawFiles, month: date) -> None:
        self.files, self.raw, self.month = files, raw, month
        self.listed = set(raw.listed(month))
        lines = raw.year_lines(month)
        with_lines = set(lines[["school", "pupil", "unit"]].itertuples(index=False, name=None))
        self.children = self.listed | with_lines | set(raw.vanished(month)) | set(raw.not_in_viii(month))

    def answers(self) -> dict[str, pd.DataFrame]:
        answers = {}
        for rule, (measure, unit, compare, value) in OF_ABSENCES.items():
            amounts = {c: v for c, v in getattr(self.raw, measure)(self.month).items() if c[2] == unit}
            over = [child for child, amount in amounts.items() if compare(amount, value)]
            answers[rule] = self._by_school(over, amounts.keys() & self.listed, (unit,))
        for rule, (measure, compare, value) in OF_LISTS.items():
            amounts = getattr(self.raw, measure)(self.month)
            over = [child for child, amount in amounts.items() if compare(amount, value)]
            answers[rule] = self._by_school(over, amounts.keys() | self.listed)
        for rule, (measure, compare, value) in OF_PUPILS.items():
            amounts = getattr(self.raw, measure)(self.month)
            known = [child for child in self.children if child[1] in amounts]
            over = [child for child in known if compare(amounts[child[1]], value)]
            answers[rule] = self._by_school(over, known if rule != "earlier_case" else {*known, *self.listed})
        # The report names those who are over it.
        reported = [(school, pupil, "hours") for school, pupil in self.raw.subject_share(self.month)]
        answers["subject_quarter"] = self._by_school(reported, reported)
        year = {c: v for c, v in self.raw.year_unexcused(self.month).items() if c[2] == "hours"}
        answers["after_move"] = self._by_school(self._moved(), year.keys() & self.listed, ("hours",))
        return {f"flags_{rule}": rows for rule, rows in answers.items()}

    def _moved(self) -> list[Child]:
        """Nobody in the demonstration has absences at one school after those at another."""
        lines = self.raw.year_lines(self.month)
        at_schools = lines.groupby("pupil")["school"].nunique()
        assert at_schools.max() == 1
        return []

    def _by_school(
        self, over: Iterable[Child], known: Iterable[Child], units: tuple[str, ...] = ("hours", "days")
    ) -> pd.DataFrame:
        n, d = Counter(school for school, _, _ in over), Counter(school for school, _, _ in known)
        levels = {"hours": "school", "days": "kindergarten"}
        return summed(
            (place, code, n[code], d[code], d[code] > 0)
            for unit in units
            for code, place in self.files.of_level(levels[unit])
        )
