"""Checks in schools, their findings, the diary against who was in class; and the rounds of the teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property

import pandas as pd

from recount.cases import OWNERS, institutions_of
from recount.files import Row, month_of
from recount.known import Known, Place, Rows, Span, added, month_end, months_back, year_start

KINDS = {"attendance": "присъствие в час", "diary": "вписване в дневника", "director": "дейности на директора"}
# Finding → its kind.
FINDINGS = {
    "не са вписани отсъствия за първия час": "unrecorded",
    "закъснения са отбелязани като присъствие": "late_as_present",
    "липсват документи за уважителни причини": "no_documents",
    "няма протоколи от разговори с родители": "no_talks",
}
FINDING_KINDS = ("late_as_present", "no_documents", "no_talks", "topics", "unrecorded", "other")
UNDONE = ("open", "overdue")


class Checks:
    """What was known of checks at a moment. `is_risky` says of a school and a month whether it stood out."""

    def __init__(self, known: Known, is_risky: Callable[[str, date], bool]) -> None:
        self.known, self.is_risky = known, is_risky

    @cached_property
    def _by_months(self) -> tuple[pd.DataFrame, dict[date, int]]:
        return self.known.by_months(self.known.raw.checks)

    @cached_property
    def rows(self) -> list[Row]:
        """All checks, oldest first."""
        return self._by_months[0].sort_values(["day", "number"], kind="stable").to_dict("records")

    @cached_property
    def until(self) -> date:
        """Checks are known up to the end of the newest month that was sent, but not after it was sent."""
        ends = (min(month_end(row["month"]), self.known.raw.at[row["file"]].date()) for row in self.rows)
        return max(ends, default=date.max)

    def answers(self, period: Span) -> dict[str, Rows]:
        """Metric → its rows."""
        last = self.known.last_day(period)
        schools = self.known.open_in(period, "school")
        place_of = {school: (municipality, school) for municipality, school in schools}
        made = self.made(period)
        is_sent = any(month_of(period.first) <= month <= last for month in self._by_months[1])
        places = dict.fromkeys(schools, is_sent)

        def of(rows: Iterable[Row], is_counted: Callable[[Row], bool] = lambda row: True) -> Rows:
            return added(places, ((place_of[row["school"]], is_counted(row), 1) for row in rows))

        times = Counter(row["school"] for row in made)
        director = [row for row in made if row["kind"] == KINDS["director"]]
        again = self.repeats(period)
        whys = ("finding", "risk", "neither")
        repeated = {why: {row["school"] for row in again if row["why"] == why} for why in whys}
        since = year_start(period.first)
        firsts = {row["school"]: row["day"] for row in reversed(self.rows) if since <= row["day"] <= last}

        def of_schools(is_counted: Callable[[str], bool]) -> Rows:
            return added(places, ((place, is_counted(place[1]), 1) for place in schools))

        return {
            "schools_inspected": added(places, ((place, times[place[1]] >= 1, 1) for place in schools)),
            "schools_first_inspected": of_schools(lambda school: firsts.get(school, date.min) >= period.first),
            **{
                f"schools_inspected_times_{n}": of_schools(lambda school, n=n: min(times[school], 4) == n)
                for n in range(5)
            },
            **{
                f"inspections_at_times_{n}": of(made, lambda row, n=n: min(times[row["school"]], 4) == n)
                for n in range(5)
            },
            **{
                f"schools_checked_for_{code}": of_schools(
                    lambda school, kind=kind: any(row["school"] == school and row["kind"] == kind for row in made)
                )
                for code, kind in KINDS.items()
            },
            "director_checks_without_round": of(director, lambda row: not row["with_round"]),
            "schools_repeated": of_schools(set.union(*repeated.values()).__contains__),
            **{f"schools_repeated_for_{why}": of_schools(codes.__contains__) for why, codes in repeated.items()},
            # Nobody has planned a visit in what was uploaded: plans are made in the program.
            **{
                f"visits_planned{end}": dict.fromkeys(schools, (0, 0, False))
                for end in ("", "_as_done", "_as_missed", "_as_waiting")
            },
            "schools_reinspected": added(places, ((place, times[place[1]] >= 2, 1) for place in schools)),
            "inspections": of(made),
            "director_checks_with_round": of(director, lambda row: row["with_round"]),
            **{f"checks_{code}": of(row for row in made if row["kind"] == kind) for code, kind in KINDS.items()},
            "checks_repeated": of(again),
            **{f"checks_repeated_for_{why}": of(again, lambda row, why=why: row["why"] == why) for why in whys},
            **self._findings(made, last, of),
            **self._owed([row for row in self.rows if row["school"] in place_of], last, of),
            **self._diary(made, places, place_of),
        }

    def _findings(self, made: list[Row], last: date, of: Callable[..., Rows]) -> dict[str, Rows]:
        """Findings as they stood on the day up to which checks are known."""
        day = min(last, self.until)
        findings = [
            {**row, "state": self._state(row, day), "what": FINDINGS.get(row["finding"], "other")}
            for row in made
            if (row["finding"] or row["recommendation"]) and row["day"] <= day
        ]
        return {
            "findings": of(findings),
            "findings_open": of(findings, lambda row: row["state"] in UNDONE),
            "findings_overdue": of(findings, lambda row: row["state"] == "overdue"),
            **{f"findings_of_{k}": of(findings, lambda row, k=k: row["what"] == k) for k in FINDING_KINDS},
            **{
                f"findings_open_of_{k}": of(findings, lambda row, k=k: row["what"] == k and row["state"] in UNDONE)
                for k in FINDING_KINDS
            },
        }

    def _owed(self, all_rows: list[Row], last: date, of: Callable[..., Rows]) -> dict[str, Rows]:
        """What all checks up to the day left to be done, whenever they were made."""
        day = min(last, self.until)
        left = [row for row in all_rows if (row["finding"] or row["recommendation"]) and row["day"] <= day]
        return {
            "findings_owed": of(left, lambda row: self._state(row, day) in UNDONE),
            "findings_owed_late": of(left, lambda row: self._state(row, day) == "overdue"),
        }

    def _state(self, row: Row, day: date) -> str:
        if row["closed"] and row["closed"] <= day:
            return "closed"
        for later in self.rows:
            is_again = later["repeat_of"] == row["number"] or later["kind"] == row["kind"]
            if is_again and later["school"] == row["school"] and row["day"] < later["day"] <= day:
                return "rechecked"
        return "overdue" if row["due"] and row["due"] < day else "open"

    def made(self, period: Span) -> list[Row]:
        """The checks of a period in schools that were open in it, oldest first."""
        schools = {school for _, school in self.known.open_in(period, "school")}
        last = self.known.last_day(period)
        return [row for row in self.rows if period.first <= row["day"] <= last and row["school"] in schools]

    def repeats(self, period: Span) -> list[Row]:
        """Checks of a school after its first in the period or that say which they repeat, with the reason for each."""
        found, met = [], set()
        for row in self.made(period):
            if row["school"] in met or row["repeat_of"]:
                found.append({**row, "why": self._why(row)})
            met.add(row["school"])
        return found

    def _why(self, row: Row) -> str:
        before = [other for other in self.rows if other["school"] == row["school"] and other["day"] < row["day"]]
        named = [other for other in before if other["number"] == row["repeat_of"]]
        for previous in (named or before)[-1:]:
            is_left = not previous["closed"] or previous["closed"] >= row["day"]
            if (previous["finding"] or previous["recommendation"]) and is_left:
                return "finding"
        return "risk" if self.is_risky(row["school"], months_back(month_of(row["day"]), 1)) else "neither"

    def _diary(self, made: list[Row], places: dict[Place, bool], place_of: dict[str, Place]) -> dict[str, Rows]:
        """Where pupils were counted in class; a check whose figures cannot be is left out."""
        counts: dict[str, tuple[float, float, float]] = {}
        possible: list[tuple[Place, bool, int]] = []
        for row in made:
            counted = (row["enrolled"], row["present"], row["recorded"])
            if None in counted:
                continue
            is_possible = max(row["present"], row["recorded"]) <= row["enrolled"]
            possible.append((place_of[row["school"]], is_possible, 1))
            if not is_possible:
                continue
            before = counts.get(row["school"], (0, 0, 0))
            counts[row["school"]] = tuple(a + b for a, b in zip(before, counted, strict=True))
        of_counted = {place: is_sent and place[1] in counts for place, is_sent in places.items()}

        def of(what: Callable[[float, float, float], float]) -> Rows:
            return added(of_counted, ((place_of[s], what(*sums), sums[0]) for s, sums in counts.items()))

        return {
            "diary_checks": added(places, possible),
            "diary_absent": of(lambda enrolled, present, recorded: enrolled - present),
            "diary_recorded": of(lambda enrolled, present, recorded: recorded),
            "diary_gap": of(lambda enrolled, present, recorded: enrolled - present - recorded),
            "diary_schools": added(places, ((place_of[s], leaves_out(*sums), 1) for s, sums in counts.items())),
        }


def leaves_out(enrolled: float, present: float, recorded: float) -> bool:
    """At least three left out, and more than one of a hundred by the lower end of Wilson's interval."""
    gap = enrolled - present - recorded
    if gap < 3:
        return False
    z, share = 1.959964, gap / enrolled
    middle = share + z * z / (2 * enrolled)
    spread = z * (share * (1 - share) / enrolled + z * z / (4 * enrolled * enrolled)) ** 0.5
    return 100 * (middle - spread) / (1 + z * z / enrolled) > 1


class Rounds:
    """What was known of rounds at a moment. A file replaces whole months."""

    def __init__(self, known: Known) -> None:
        self.known = known

    @cached_property
    def _by_months(self) -> tuple[pd.DataFrame, dict[date, int]]:
        return self.known.by_months(self.known.raw.rounds)

    @property
    def rows(self) -> list[Row]:
        return self._by_months[0].to_dict("records")

    def answers(self, period: Span) -> dict[str, Rows]:
        last = self.known.last_day(period)
        walked = [row for row in self.rows if period.first <= row["day"] <= last]
        is_sent = any(month_of(period.first) <= month <= last for month in self._by_months[1])
        places = dict.fromkeys([(municipality, "") for municipality, _ in self.known.open_in(period)], is_sent)

        def children(what: str) -> Rows:
            """Of the rounds that say how many, with their addresses."""
            told = [row for row in walked if pd.notna(row[what])]
            tells = dict.fromkeys(places, False) | {(row["municipality"], ""): True for row in told}
            return added(tells, (((row["municipality"], ""), row[what], row["addresses"]) for row in told))

        def of(owner: str) -> Rows:
            return added(places, (((r["municipality"], ""), owner in institutions_of(r), 0) for r in walked))

        return {
            "rounds_found": children("found"),
            "rounds_returned": children("returned"),
            **{f"rounds_with_{owner}": of(owner) for owner in OWNERS},
            "rounds": added(places, (((row["municipality"], ""), 1, 0) for row in walked)),
            "addresses_visited": added(places, (((row["municipality"], ""), row["addresses"], 0) for row in walked)),
        }
