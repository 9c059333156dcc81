"""Checks, their findings and the diary once more, from the raw rows of the registers of checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
from by_hand import ByHand, Term, summed
from raw_demo import RawDemo

KINDS = {"attendance": "присъствие в час", "diary": "вписване в дневника", "director": "дейности на директора"}
FINDINGS = {
    "late_as_present": "закъснения са отбелязани като присъствие",
    "no_documents": "липсват документи за уважителни причини",
    "no_talks": "няма протоколи от разговори с родители",
    "unrecorded": "не са вписани отсъствия за първия час",
    **dict.fromkeys(("topics", "other"), "такава няма"),
}


class ChecksByHand:
    """The checks of a term."""

    def __init__(self, files: ByHand, term: Term, suspicious: Callable[[date], set[str]]) -> None:
        self.raw = RawDemo(files.files)
        self.places = dict(files.of_level("school"))
        self.term, self.suspicious = term, suspicious
        self.rows = self.raw.between(term.first, term.last).to_dict("records")
        # What was sent of checks ends with the month of the newest.
        newest = max(self.raw.checks["day"]).date()
        month_end = (newest.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        self.today = min(term.last, month_end)

    def answers(self) -> dict[str, pd.DataFrame]:
        today = self.today
        findings = [row for row in self.rows if row["finding"] and row["day"].date() <= today]
        state = {id(row): self._state(row, today) for row in findings}
        undone = ("open", "overdue")
        repeats = self._repeats()
        return {
            **{f"checks_{code}": self._checks(words) for code, words in KINDS.items()},
            "checks_repeated": self._counted(repeats, lambda row: True),
            **{
                f"checks_repeated_for_{why}": self._counted(repeats, lambda row, why=why: row["why"] == why)
                for why in ("finding", "risk", "neither")
            },
            "findings": self._counted(findings, lambda row: True),
            "findings_open": self._counted(findings, lambda row: state[id(row)] in undone),
            "findings_overdue": self._counted(findings, lambda row: state[id(row)] == "overdue"),
            **{
                f"findings_of_{code}": self._counted(findings, lambda row, words=words: row["finding"] == words)
                for code, words in FINDINGS.items()
            },
            **{
                f"findings_open_of_{code}": self._counted(
                    findings, lambda row, words=words: row["finding"] == words and state[id(row)] in undone
                )
                for code, words in FINDINGS.items()
            },
            **self._diary(),
        }

    def _counted(self, rows: list[dict[Any, Any]], is_counted: Callable[[dict[Any, Any]], bool]) -> pd.DataFrame:
        zeros = [(municipality, code, 0, 0, True) for code, municipality in self.places.items()]
        found = [(self.places[row["school"]], row["school"], int(is_counted(row)), 1, True) for row in rows]
        return summed([*zeros, *found])

    def _checks(self, kind: str) -> pd.DataFrame:
        return self._counted([row for row in self.rows if row["kind"] == kind], lambda row: True)

    def _state(self, row: dict[Any, Any], today: date) -> str:
        closed = row["closed"]
        if closed and not pd.isna(closed) and closed.date() <= today:
            return "closed"
        for later in self.raw.checks.to_dict("records"):
            again = later["repeat_of"] == row["number"] or later["kind"] == row["kind"]
            if (
                later["school"] == row["school"]
                and row["day"] < later["day"]
                and again
                and later["day"].date() <= today
            ):
                return "rechecked"
        due = row["due"]
        return "overdue" if due and not pd.isna(due) and due.date() < today else "open"

    def _repeats(self) -> list[dict[Any, Any]]:
        """A check of a school after its first in the term, with the reason there was for it."""
        found, met = [], set()
        for row in self.rows:
            if row["school"] in met or row["repeat_of"]:
                found.append({**row, "why": self._why(row)})
            met.add(row["school"])
        return found

    def _why(self, row: dict[Any, Any]) -> str:
        checks = self.raw.checks
        before = checks[(checks["school"] == row["school"]) & (checks["day"] < row["day"])]
        named = before[before["number"] == row["repeat_of"]]
        previous = (named if len(named) else before).iloc[-1]
        closed = previous["closed"]
        if previous["finding"] and (not closed or pd.isna(closed) or closed >= row["day"]):
            return "finding"
        month = (row["day"].date().replace(day=1) - timedelta(days=1)).replace(day=1)
        over = self.raw.over_threshold(month)
        whole = sum(n for n, _ in over.values()) / sum(d for _, d in over.values())
        n, d = over.get(row["school"], (0, 1))
        return "risk" if n / d > whole or row["school"] in self.suspicious(month) else "neither"

    def _diary(self) -> dict[str, pd.DataFrame]:
        counts: dict[str, list[int]] = {}
        for row in self.rows:
            if row["enrolled"] not in (None, ""):
                sums = counts.setdefault(row["school"], [0, 0, 0])
                for n, name in enumerate(("enrolled", "present", "recorded")):
                    sums[n] += int(row[name])

        def of(what: Callable[[int, int, int], int]) -> pd.DataFrame:
            return summed(
                (place, code, what(*counts[code]), counts[code][0], True)
                if code in counts
                else (place, code, 0, 0, False)
                for code, place in self.places.items()
            )

        flagged = {code for code, sums in counts.items() if self._is_flagged(*sums)}
        return {
            "diary_absent": of(lambda enrolled, present, recorded: enrolled - present),
            "diary_recorded": of(lambda enrolled, present, recorded: recorded),
            "diary_gap": of(lambda enrolled, present, recorded: enrolled - present - recorded),
            "diary_schools": self._counted([{"school": code} for code in counts], lambda row: row["school"] in flagged),
        }

    def _is_flagged(self, enrolled: int, present: int, recorded: int) -> bool:
        """At least three left out, and more than one of a hundred by the lower end of Wilson's interval."""
        gap = enrolled - present - recorded
        if gap < 3:
            return False
        z, share = 1.959964, gap / enrolled
        middle = share + z * z / (2 * enrolled)
        spread = z * (share * (1 - share) / enrolled + z * z / (4 * enrolled * enrolled)) ** 0.5
        return 100 * (middle - spread) / (1 + z * z / enrolled) > 1
