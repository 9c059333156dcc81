"""What the rules compare, once more from the raw bytes of the demonstration's files, without the product's code.

Children are keyed (school, pseudonym, unit); a pseudonym is made here as the store says it is made.
"""

from __future__ import annotations

import csv
import hashlib
import io
from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property

import openpyxl
import pandas as pd

from obhvat.periods import teaching_days

KEY = ["school", "pupil", "unit"]
Child = tuple[str, int, str]
Values = dict[Child, float]
RETURNED = {
    "реинтегриран",
    "записан за първи път",
    "записан повторно след отпадане",
    "записан след завръщане от чужбина",
}


def lessons(grade: int) -> int:
    """A preschool group counts days; I–IV grade have five lessons a day, V–VII six, the others seven."""
    return 1 if grade < 1 else 5 if grade <= 4 else 6 if grade <= 7 else 7


def month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def year_of(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def months_back(month: date, n: int) -> date:
    index = month.year * 12 + month.month - 1 - n
    return date(index // 12, index % 12 + 1, 1)


class RawFiles:
    """The files by name, and the key that hides who is in them."""

    def __init__(self, files: Mapping[str, bytes], key: str) -> None:
        self.files, self.key = files, key

    def pseudonym(self, identifier: str) -> int:
        digest = hashlib.sha256(f"{self.key}:{identifier.zfill(10)}".encode()).hexdigest()
        return int(digest[:16], 16)

    @cached_property
    def sent(self) -> set[tuple[str, date]]:
        """Schools and months with a national file, an empty one too."""
        found = set()
        for name in self.files:
            if name.endswith("_File.txt"):
                school, year, month, _ = name.split("_")
                found.add((school, date(int(year) + (int(month) < 9), int(month), 1)))
        return found

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Every line of every national file."""
        rows = []
        for name, data in self.files.items():
            if name.endswith("_File.txt"):
                for line in filter(None, data.decode("windows-1251").split("\r\n")):
                    cells = line.split("|")
                    month = date(int(cells[1]) + (int(cells[2]) < 9), int(cells[2]), 1)
                    # The month of a leaving date is printed wrongly; its day is of the file's month.
                    left = month.replace(day=int(cells[13][:2])) if cells[13] else None
                    amounts = [float(cell.replace(",", ".")) for cell in cells[14:16]]
                    unit = "hours" if int(cells[8]) >= 1 else "days"
                    rows.append((cells[0], self.pseudonym(cells[4]), unit, int(cells[8]), month, left, *amounts))
        return pd.DataFrame(rows, columns=[*KEY, "grade", "month", "left", "excused", "unexcused"])

    @cached_property
    def lists(self) -> dict[date, pd.DataFrame]:
        """Day → everyone on the lists of that day."""
        found = {}
        for name, data in self.files.items():
            if name.endswith(".parquet"):
                table = pd.read_parquet(io.BytesIO(data))
                table["pupil"] = [self.pseudonym(identifier) for identifier in table["ЕГН/ЛНЧ"]]
                table["unit"] = ["hours" if grade >= 1 else "days" for grade in table["Випуск"]]
                table = table.rename(columns={"Код по НЕИСПУО": "school", "Випуск": "grade"})
                found[date.fromisoformat(name.split("_")[1].removesuffix(".parquet"))] = table
        return found

    def list_of(self, month: date) -> tuple[date, pd.DataFrame]:
        """The newest lists of the school year that are not after the month."""
        day = max(d for d in self.lists if year_of(d) == year_of(month) and d <= month_end(month))
        return day, self.lists[day]

    def listed(self, month: date) -> dict[Child, dict[str, object]]:
        _, table = self.list_of(month)
        return {(row["school"], row["pupil"], row["unit"]): row for row in table.to_dict("records")}

    def year_lines(self, month: date) -> pd.DataFrame:
        first = date(year_of(month), 9, 1)
        return self.lines[(self.lines["month"] >= first) & (self.lines["month"] <= month)]

    def _amounts(self, lines: pd.DataFrame, column: str = "unexcused") -> Values:
        found: Values = defaultdict(float)
        for school, pupil, unit, amount in lines[[*KEY, column]].itertuples(index=False):
            found[school, pupil, unit] += amount
        return dict(found)

    def of_month(self, month: date) -> Values:
        return self._amounts(self.lines[self.lines["month"] == month])

    def month_unexcused(self, month: date) -> Values:
        zeros = {child: 0.0 for child in self.listed(month) if (child[0], month) in self.sent}
        return zeros | self.of_month(month)

    def term_unexcused(self, month: date) -> Values:
        start = date(year_of(month) + 1, 2, 1)
        lines = self.year_lines(month)
        lines = lines[lines["month"] >= start] if 2 <= month.month <= 8 else lines
        zeros = {child: 0.0 for child in self.listed(month) if (child[0], month) in self.sent}
        return zeros | {c: v for c, v in self._amounts(lines).items() if (c[0], month) in self.sent}

    def months_sent(self, month: date) -> dict[str, list[date]]:
        found: dict[str, list[date]] = defaultdict(list)
        for school, sent in sorted(self.sent):
            if date(year_of(month), 9, 1) <= sent <= month:
                found[school].append(sent)
        return found

    def year_unexcused(self, month: date) -> Values:
        sent = self.months_sent(month)
        return {c: 0.0 for c in self.listed(month) if c[0] in sent} | self._amounts(self.year_lines(month))

    def absent_share(self, month: date) -> Values:
        """All absences in hundredths of school days × lessons a day, in the months the school sent."""
        sent, lines, listed = self.months_sent(month), self.year_lines(month), self.listed(month)
        days = [day for day in teaching_days(year_of(month)) if day >= date(year_of(month), 9, 15)]
        absent = {c: 0.0 for c in listed if c[0] in sent}
        absent |= self._amounts(lines.assign(all=lines["excused"] + lines["unexcused"]), "all")
        left: dict[Child, date] = {}
        grades = {child: int(str(row["grade"])) for child, row in listed.items()}
        for school, pupil, unit, grade, gone in lines[[*KEY, "grade", "left"]].itertuples(index=False):
            grades.setdefault((school, pupil, unit), grade)
            if isinstance(gone, date):
                left[school, pupil, unit] = max(gone, left.get((school, pupil, unit), gone))
        open_days = {school: [d for d in days if d.replace(day=1) in months] for school, months in sent.items()}
        found = {}
        for child, amount in absent.items():
            n = bisect(open_days[child[0]], left.get(child, month_end(month)))
            if n:
                found[child] = 100 * amount / (n * lessons(grades[child]))
        return found

    def rise(self, month: date) -> Values:
        """How much three months rise; zero where they do not. Missing where one of them was not sent."""
        three = [self.of_month(months_back(month, n)) for n in (2, 1, 0)]
        schools = {s for s, _ in self.sent if all((s, months_back(month, n)) in self.sent for n in range(3))}
        found = {}
        for child in {*self.listed(month), *three[2]}:
            a, b, c = (amounts.get(child, 0.0) for amounts in three)
            if child[0] in schools:
                found[child] = c - a if a < b < c else 0.0
        return found

    def jump(self, month: date) -> Values:
        """How much a month is over the mean of the school's earlier ones when at least twice that; zero where not."""
        now, before = self.of_month(month), self._amounts(self.year_lines(month).query("month < @month"))
        sent = self.months_sent(month)
        found = {}
        for child in {*self.listed(month), *now}:
            earlier = [m for m in sent.get(child[0], []) if m < month]
            if (child[0], month) in self.sent and len(earlier) >= 2:
                mean = before.get(child, 0.0) / len(earlier)
                found[child] = now[child] - mean if child in now and now[child] >= 2 * mean else 0.0
        return found

    def vanished(self, month: date) -> Values:
        """On the list before, on no list now, no leaving date anywhere and no absences at another school."""
        day, now = self.list_of(month)
        before = max((d for d in self.lists if d < day), default=None)
        if before is None:
            return {}
        there = set(now["pupil"])
        # The demonstration's leaving dates are all after its first list.
        signed_off = set(self.lines.loc[self.lines["left"].notna() & (self.lines["month"] >= before), "pupil"])
        found = {}
        for school, pupil, unit, grade in self.lists[before][[*KEY, "grade"]].itertuples(index=False):
            finished = grade == 12 and year_of(before) < year_of(day)
            if not finished and pupil not in there and pupil not in signed_off:
                found[school, pupil, unit] = 1.0
        return found

    def not_in_viii(self, month: date) -> Values:
        """In VII grade on last year's list, in VII or higher on none of this year's."""
        last_year = max((d for d in self.lists if year_of(d) == year_of(month) - 1), default=None)
        if last_year is None:
            return {}
        lists = [t for d, t in self.lists.items() if year_of(d) == year_of(month) and d <= month_end(month)]
        gone_on = {pupil for t in lists for pupil in t.loc[t["grade"] >= 7, "pupil"]}
        seventh = self.lists[last_year].query("grade == 7")
        pairs = seventh[["school", "pupil"]].itertuples(index=False)
        return {(school, pupil, "hours"): 1.0 for school, pupil in pairs if pupil not in gone_on}

    def repeats(self, month: date) -> Values:
        return {child: float(bool(row["Второгодник"])) for child, row in self.listed(month).items()}

    def years_over(self, month: date) -> Values:
        """The year of birth of those who enter I grade when they turn seven, less the child's."""
        day, _ = self.list_of(month)
        found = {}
        for child, row in self.listed(month).items():
            grade, age = int(str(row["grade"])), int(str(row["Навършени години"]))
            if grade >= 1:
                found[child] = float((year_of(day) - 6 - grade) - (day.year - age))
        return found

    def marks(self, year: int, term: int) -> dict[int, list[float]]:
        """Pupil → marks of a term, one a subject."""
        text = self.files[f"успех_{year}_{term}.csv"].decode("windows-1251")
        found: dict[int, list[float]] = defaultdict(list)
        for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
            if row["ЕГН/ЛНЧ"]:
                found[self.pseudonym(row["ЕГН/ЛНЧ"])].append(float(row["Среден успех"]))
        return found

    def two_terms(self, month: date) -> tuple[dict[int, list[float]], dict[int, list[float]]]:
        """The marks of the term before and of the newest term that has ended."""
        year = year_of(month)
        if month.month >= 9:
            return self.marks(year - 1, 1), self.marks(year - 1, 2)
        return (self.marks(year - 1, 2) if year > 2022 else {}), self.marks(year, 1)

    def average(self, month: date) -> dict[int, float]:
        before, now = self.two_terms(month)
        return {pupil: sum(marks) / len(marks) for pupil, marks in (before | now).items()}

    def failing(self, month: date) -> dict[int, float]:
        before, now = self.two_terms(month)
        return {pupil: float(sum(mark < 3 for mark in marks)) for pupil, marks in (before | now).items()}

    def average_fall(self, month: date) -> dict[int, float]:
        before, now = self.two_terms(month)
        both = before.keys() & now.keys()
        return {p: sum(before[p]) / len(before[p]) - sum(now[p]) / len(now[p]) for p in both}

    def subject_share(self, month: date) -> dict[tuple[str, int], float]:
        """The report of the first term, which is known when the term is over."""
        data = self.files.get(f"отсъствия_25_процента_{year_of(month)}.csv")
        if month.month >= 9 or data is None:
            return {}
        text = data.decode("utf-8-sig")
        found: dict[tuple[str, int], float] = defaultdict(float)
        for row in csv.DictReader(io.StringIO(text), delimiter=";"):
            child = row["Код по НЕИСПУО"], self.pseudonym(row["ЕГН/ЛНЧ"])
            found[child] = max(found[child], float(row["Процент отсъствия"]))
        return dict(found)

    def registers(self, until: date) -> dict[str, dict[str, object]]:
        """Case number → its newest row in the registers up to a day, with „Повторен“ if any of its rows says so."""
        found: dict[str, dict[str, object]] = {}
        for name in sorted(n for n in self.files if n.startswith("случаи_") and n[7:17] <= str(until)):
            header, *rows = openpyxl.load_workbook(io.BytesIO(self.files[name])).active.iter_rows(values_only=True)
            for row in (dict(zip(header, cells, strict=True)) for cells in rows):
                again = row["Повторен"] == "да" or found.get(row["№ на случая"], {}).get("again", False)
                found[row["№ на случая"]] = row | {"again": again}
        return found

    def earlier_cases(self, month: date) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        for row in self.registers(month_end(month)).values():
            found[self.pseudonym(str(row["ЕГН/ЛНЧ"]))] += row["Статус"] in RETURNED or bool(row["again"])
        return dict(found)

    def cases_in_work(self, until: date) -> dict[int, str]:
        """Pupil → the number of its case in work on the newest register."""
        rows = self.registers(until).values()
        in_work = [row for row in rows if row["Статус"] == "подлежи на обхват (в работа)"]
        return {self.pseudonym(str(row["ЕГН/ЛНЧ"])): str(row["№ на случая"]) for row in in_work}

    def last_actions(self, until: date) -> dict[int, date]:
        """Pupil → the day of the last step in any of its cases."""
        children = {n: self.pseudonym(str(row["ЕГН/ЛНЧ"])) for n, row in self.registers(until).items()}
        found: dict[int, date] = {}
        for name, data in self.files.items():
            if name.startswith("действия_") and name[9:19] <= str(until):
                for row in csv.DictReader(io.StringIO(data.decode("windows-1251")), delimiter=";"):
                    pupil, day = children[row["№ на случая"]], datetime.strptime(row["Дата"], "%d.%m.%Y").date()
                    found[pupil] = max(day, found.get(pupil, day))
        return found
