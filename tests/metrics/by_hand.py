"""Every figure of the demonstration once more, from the raw bytes of its files, without the product's code.

An answer has a row a municipality and school: n, d, and whether anyone sent data for it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq

COLUMNS = ["municipality", "school", "n", "d", "reports"]
MUNICIPALITIES = ("Ведрово", "Горун", "Каменград", "Самодол", "Студеница", "Яворец")
STATUS_GROUPS = {
    "cases_in_work": {"подлежи на обхват (в работа)", "незаписан"},
    "cases_returned": {
        "реинтегриран",
        "записан за първи път",
        "записан повторно след отпадане",
        "записан след завръщане от чужбина",
    },
    "cases_other_oblast": {"в друга област", "записан в друга област"},
    "cases_abroad": {"в чужбина"},
    "cases_not_found": {"неоткрит на адреса", "няма информация"},
    "cases_refused": {"отказ на родителя"},
    "cases_other": {"навършил 16 г.", "починал или хоспитализиран"},
}


@dataclass(frozen=True)
class Term:
    """A first term: its months, its days, and the newest lists and registers not after its last day."""

    key: str
    months: tuple[tuple[int, int], ...]
    first: date
    last: date
    list_day: date
    register_day: date
    events: str


def first_term(year: int, list_day: date, register_day: date) -> Term:
    months = (*((year, m) for m in (9, 10, 11, 12)), (year + 1, 1))
    events = f"09.{year}–01.{year + 1}"
    return Term(f"{year}-I", months, date(year, 9, 1), date(year + 1, 2, 5), list_day, register_day, events)


TERMS = (
    first_term(2022, date(2022, 9, 15), date(2023, 2, 5)),
    first_term(2023, date(2024, 1, 31), date(2024, 2, 5)),
)


def csv_rows(data: bytes, encoding: str, delimiter: str, header_row: int = 0) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(data.decode(encoding)), delimiter=delimiter))
    header = lines[header_row]
    return [dict(zip(header, line, strict=True)) for line in lines[header_row + 1 :] if line]


def xlsx_rows(data: bytes) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def day_of(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()


@dataclass(frozen=True)
class PipeRow:
    """A line of a monthly national file."""

    pupil: str
    in_class: bool
    excused: float
    unexcused: float


class ByHand:
    """The files by name, read as a clerk would read them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @cached_property
    def institutions(self) -> list[tuple[str, str, str]]:
        """Code, municipality and „school“ or „kindergarten“; centres of support are neither."""
        found = []
        for row in csv_rows(self.files["институции_2023.csv"], "utf-8-sig", ",", header_row=1)[1:]:
            kind = row["Вид по чл. 38"]
            if kind != "център за подкрепа":
                level = "kindergarten" if kind == "детска градина" else "school"
                found.append((row["Код по НЕИСПУО"], row["Община"], level))
        return found

    def of_level(self, level: str) -> list[tuple[str, str]]:
        return [(code, municipality) for code, municipality, its in self.institutions if its == level]

    def pipe_rows(self, school: str, year: int, month: int) -> list[PipeRow] | None:
        """The lines of a school's month; None when it sent no file."""
        start_year = year if month >= 9 else year - 1
        data = self.files.get(f"{school}_{start_year}_{month}_File.txt")
        if data is None:
            return None
        rows = []
        for line in filter(None, data.decode("windows-1251").split("\r\n")):
            cells = line.split("|")
            excused, unexcused = (float(c.replace(",", ".")) for c in cells[14:16])
            rows.append(PipeRow(cells[4].zfill(10), int(cells[8]) >= 1, excused, unexcused))
        return rows

    def list_sizes(self, term: Term, in_class: bool) -> dict[str, int]:
        """School → how many stand on its newest list: pupils of classes, or children of preschool groups."""
        data = self.files[f"ученици_{term.list_day}.parquet"]
        table = pq.read_table(io.BytesIO(data)).to_pandas()
        chosen = table[(table["Випуск"] >= 1) == in_class]
        return chosen.groupby("Код по НЕИСПУО").size().to_dict()

    def cases(self, term: Term) -> list[dict[str, Any]]:
        """Rows of the newest register that were open at some time in the term."""
        found = []
        for row in xlsx_rows(self.files[f"случаи_{term.register_day}.xlsx"]):
            opened, since = (row[c].date() for c in ("Дата на сигнала", "Статус от дата"))
            in_work = row["Статус"] in STATUS_GROUPS["cases_in_work"]
            if opened <= term.last and (in_work or since >= term.first):
                found.append(row)
        return found

    def case_figure(self, term: Term, wanted: set[str] | None) -> pd.DataFrame:
        rows = [(m, "", 0, 0, True) for m in MUNICIPALITIES]
        for case in self.cases(term):
            counted = wanted is None or case["Статус"] in wanted
            rows.append((case["Община по адрес"], case["Училище (код)"] or "", int(counted), 1, True))
        return summed(rows)

    def action_figure(self, term: Term, kind: str, after_study: bool) -> pd.DataFrame:
        register = xlsx_rows(self.files[f"случаи_{term.register_day}.xlsx"])
        place = {row["№ на случая"]: row["Община по адрес"] for row in register}
        actions = csv_rows(self.files[f"действия_{term.register_day}.csv"], "windows-1251", ";")
        studies: dict[str, list[date]] = defaultdict(list)
        for row in actions:
            if row["Вид действие"] == "проучване на случая":
                studies[row["№ на случая"]].append(day_of(row["Дата"]))
        rows = [(m, "", 0, 0, True) for m in MUNICIPALITIES]
        for row in actions:
            day, case = day_of(row["Дата"]), row["№ на случая"]
            if row["Вид действие"] == kind and term.first <= day <= term.last:
                studied = any(study <= day for study in studies[case])
                rows.append((place[case], "", int(studied or not after_study), 1, True))
        return summed(rows)

    def inspections(self, term: Term) -> list[dict[str, Any]]:
        rows = xlsx_rows(self.files[f"проверки_{term.events}.xlsx"])
        return [row for row in rows if term.first <= row["Дата"].date() <= term.last]

    def checked_figure(self, term: Term, at_least: int) -> pd.DataFrame:
        times: dict[str, int] = defaultdict(int)
        for row in self.inspections(term):
            times[row["Училище (код)"]] += 1
        rows = [(m, code, int(times[code] >= at_least), 1, True) for code, m in self.of_level("school")]
        return summed(rows)

    def check_figure(self, term: Term, kinds: set[str], only_with_round: bool) -> pd.DataFrame:
        place = dict(self.of_level("school"))
        rows = [(m, code, 0, 0, True) for code, m in place.items()]
        for row in self.inspections(term):
            if row["Вид проверка"] in kinds:
                counted = row["С обход"] == "да" or not only_with_round
                rows.append((place[row["Училище (код)"]], row["Училище (код)"], int(counted), 1, True))
        return summed(rows)

    def round_figure(self, term: Term, addresses: bool) -> pd.DataFrame:
        rows = [(m, "", 0, None, True) for m in MUNICIPALITIES]
        for row in csv_rows(self.files[f"обходи_{term.events}.csv"], "utf-8", "\t"):
            if term.first <= day_of(row["Дата"]) <= term.last:
                rows.append((row["Община"], "", int(row["Посетени адреси"]) if addresses else 1, None, True))
        return summed(rows)

    def threshold_figure(self, term: Term, level: str, limit: float, inclusive: bool) -> pd.DataFrame:
        """Of the term's last month: all of the demonstration's months were sent by somebody."""
        in_class = level == "school"
        sizes = self.list_sizes(term, in_class)
        rows = []
        for code, municipality in self.of_level(level):
            lines = self.pipe_rows(code, *term.months[-1])
            missed: dict[str, float] = defaultdict(float)
            for line in lines or ():
                if line.in_class == in_class:
                    missed[line.pupil] += line.unexcused
            over = sum(hours > limit or (inclusive and hours == limit) for hours in missed.values())
            rows.append((municipality, code, over, sizes[code], lines is not None))
        return summed(rows)

    def amount_figure(self, term: Term, excused: bool, level: str = "school") -> pd.DataFrame:
        in_class = level == "school"
        sizes = self.list_sizes(term, in_class=in_class)
        rows = []
        for code, municipality in self.of_level(level):
            sent = [self.pipe_rows(code, *month) for month in term.months]
            lines = [line for one in sent for line in one or () if line.in_class == in_class]
            hours = sum(line.excused if excused else line.unexcused for line in lines)
            rows.append((municipality, code, hours, sizes[code], any(one is not None for one in sent)))
        return summed(rows)

    def submission_figure(self, term: Term, level: str) -> pd.DataFrame:
        year, month = term.months[-1]
        campaign = csv_rows(self.files[f"подавания_{year}_{month:02}.csv"], "utf-8-sig", ";")
        marked = {row["Код по НЕИСПУО"] for row in campaign if row["Подадени"] == "да"}
        rows = [
            (m, code, int(code in marked or self.pipe_rows(code, year, month) is not None), 1, True)
            for code, m in self.of_level(level)
        ]
        return summed(rows)

    def rejected_figure(self, term: Term) -> pd.DataFrame:
        """Every line of the demonstration's registers is accepted."""
        return self.case_figure(term, set())

    def unsigned_figure(self, term: Term) -> pd.DataFrame:
        """Of schools and kindergartens in the term's last month: submitted, by a file or a mark, and not signed."""
        year, month = term.months[-1]
        campaign = csv_rows(self.files[f"подавания_{year}_{month:02}.csv"], "utf-8-sig", ";")
        signed = {row["Код по НЕИСПУО"] for row in campaign if row["Подписани"] == "да"}
        marked = {row["Код по НЕИСПУО"] for row in campaign if row["Подадени"] == "да"}
        rows = []
        for code, municipality, _ in self.institutions:
            sent = code in marked or self.pipe_rows(code, year, month) is not None
            # Suspicious ones are named for what is suspicious, not for the signature.
            lines = self.pipe_rows(code, year, month)
            zeros = lines is not None and not any(line.unexcused for line in lines)
            rows.append((municipality, code, int(sent and code not in signed and not zeros), 1, True))
        return summed(rows)

    def every_month_figure(self, term: Term) -> pd.DataFrame:
        rows = []
        for code, municipality in self.of_level("school"):
            sent = [self.pipe_rows(code, *month) is not None for month in term.months]
            for n, (year, month) in enumerate(term.months):
                campaign = csv_rows(self.files[f"подавания_{year}_{month:02}.csv"], "utf-8-sig", ";")
                sent[n] |= any(row["Код по НЕИСПУО"] == code and row["Подадени"] == "да" for row in campaign)
            rows.append((municipality, code, int(all(sent)), 1, True))
        return summed(rows)

    def answers(self, term: Term) -> dict[str, pd.DataFrame]:
        """Metric → its rows."""
        director = {"дейности на директора"}
        kinds = director | {"присъствие в час", "вписване в дневника"}
        return {
            **{name: self.case_figure(term, group) for name, group in STATUS_GROUPS.items()},
            "cases_total": self.case_figure(term, None),
            "cases_rejected": self.rejected_figure(term),
            "schools_inspected": self.checked_figure(term, 1),
            "schools_reinspected": self.checked_figure(term, 2),
            "inspections": self.check_figure(term, kinds, only_with_round=False),
            "director_checks_with_round": self.check_figure(term, director, only_with_round=True),
            "pupils_over_threshold": self.threshold_figure(term, "school", 5, inclusive=True),
            "children_over_threshold": self.threshold_figure(term, "kindergarten", 3, inclusive=False),
            "unexcused_days_per_child": self.amount_figure(term, excused=False, level="kindergarten"),
            "unexcused_per_pupil": self.amount_figure(term, excused=False),
            "excused_per_pupil": self.amount_figure(term, excused=True),
            "submissions": self.submission_figure(term, "school"),
            "kindergarten_submissions": self.submission_figure(term, "kindergarten"),
            "submissions_unsigned": self.unsigned_figure(term),
            "submissions_every_month": self.every_month_figure(term),
            "calls": self.action_figure(term, "телефонен разговор", after_study=False),
            "meetings": self.action_figure(term, "среща с родител", after_study=False),
            "visits": self.action_figure(term, "посещение на адрес", after_study=False),
            "visits_after_study": self.action_figure(term, "посещение на адрес", after_study=True),
            "rounds": self.round_figure(term, addresses=False),
            "addresses_visited": self.round_figure(term, addresses=True),
        }


def summed(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """One row a municipality and school."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    grouped = table.groupby(["municipality", "school"], as_index=False)
    return grouped.agg(n=("n", "sum"), d=("d", lambda d: d.sum(min_count=1)), reports=("reports", "any"))


@dataclass(frozen=True)
class Answer:
    """What a figure must say."""

    n: float | None
    d: float | None
    reporting: int
    places: int


def answer(rows: pd.DataFrame, place: str, municipality: str | None = None) -> Answer:
    """The rows of the oblast or of one municipality, added up."""
    if municipality:
        rows = rows[rows["municipality"] == municipality]
    sent = rows[rows["reports"]]
    places = rows[place].nunique()
    if sent.empty:
        return Answer(None, None, 0, places)
    d = float(sent["d"].sum()) if sent["d"].notna().all() else None
    return Answer(float(sent["n"].sum()), d, sent[place].nunique(), places)
