"""The files an invented oblast sends, in the layouts real ones come in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from obhvat.demo.cases import Case
from obhvat.demo.formats import captions, csv_bytes, xlsx_bytes
from obhvat.demo.inspections import Inspection, Round
from obhvat.demo.national import Doubled, Leaving, absence_file
from obhvat.demo.oblast import Child, Institution, SchoolClass
from obhvat.ingest import Source
from obhvat.ingest.answers import NO_ANSWERS, FileAnswers
from obhvat.periods import month_of, next_month, school_year_of_month


@dataclass(frozen=True)
class DemoFile:
    """A file, when it reached the store, and what a person answered when asked about it."""

    source: Source
    at: datetime
    told: FileAnswers = NO_ANSWERS


class OblastFiles(ABC):
    """An invented oblast: what is in it, and who writes what of that. The same every time."""

    name: str
    seed: int
    weights: Mapping[str, float]
    """Municipality → how much of everything happens there, beside the largest."""
    centre = "9001091"
    """The code of its one centre that has no pupils."""
    doubled: Doubled | None = None
    marks_by_pupil: Collection[str] = ()

    def __init__(self) -> None:
        self.random = Random(self.seed)
        self.numbers = np.random.default_rng(self.seed)
        self.institutions: list[Institution] = []
        self.cases: Sequence[Case] = ()
        self.inspections: Sequence[Inspection] = ()
        self.rounds: Sequence[Round] = ()
        self.leaving: Leaving = {}

    @property
    def schools(self) -> list[Institution]:
        return [i for i in self.institutions if i.is_school]

    def classes(self, institution: Institution, day: date) -> Sequence[SchoolClass]:
        """Its classes with the children that are on its list on a day."""
        return institution.classes.get(school_year_of_month(month_of(day)), ())

    @abstractmethod
    def submits(self, institution: Institution, month: date, day: date) -> bool:
        """Whether its file of a month was there on a day."""

    @abstractmethod
    def files(self) -> list[DemoFile]:
        """All files with the moments they were loaded, oldest first."""

    def uploads(self) -> list[list[DemoFile]]:
        """The same as they are dropped: all at once."""
        return [self.files()]

    def absence_file(self, institution: Institution, month: date) -> Source:
        """One institution's month."""
        classes = self.classes(institution, next_month(month) - timedelta(days=1))
        return absence_file(institution, classes, month, self.leaving, self.numbers, self.doubled)

    def register(self, name: str, year: int, *, known_on: date | None = None) -> Source:
        """The register of institutions as the open data portal prints it: a title, captions, a numbering row.

        With `known_on` it says when an institution was opened and closed, as far as was known on that day.
        """
        title = f"Списък на училищата и детските градини за учебната {year}/{year + 1} г. – област {self.name}"
        header = [
            *("№", "Област", "Община", "Населено място"),
            "Код по НЕИСПУО",
            "Наименование",
            "Вид по чл. 38",
            "Статус",
        ]
        rows: list[Sequence[object]] = [["", *range(1, 8)]]
        for i in self.institutions:
            row = (self.name, i.municipality, i.settlement, i.code, i.name, i.kind_caption)
            if known_on is None:
                rows.append((len(rows), *row, "действаща"))
            elif i.opened is None or i.opened <= known_on + timedelta(days=7):
                is_closed = i.closed is not None and i.closed <= known_on
                dates = (i.opened, i.closed if is_closed else None)
                rows.append((len(rows), *row, "закрита" if is_closed else "действаща", *dates))
        chief = self.institutions[0]
        centre = "Център за подкрепа за личностно развитие – Общински детски комплекс"
        row = (self.name, chief.municipality, chief.settlement, self.centre, centre, "център за подкрепа")
        rows.append((len(rows), *row, "действаща"))
        if known_on is not None:
            header += captions("schools", ("opened_on", "closed_on"))
            rows = [[*row, *[None] * (len(header) - len(row))] for row in rows]
        body = csv_bytes(rows, header, ",")
        return Source(name, f"\ufeff{title}\r\n".encode() + body.removeprefix(b"\xef\xbb\xbf"))

    def pupil_list(self, day: date, without: Collection[str] = ()) -> Source:
        """Every institution's list at a day, as Parquet; those without send none."""
        fields = ("school", "as_of", "pupil", "grade", "class_name", "form", "repeater", "travels", "age")
        rows = [
            (i.code, day, child.identifier, c.grade, c.name, "дневна" if i.is_school else "целодневна", child.repeater, child.travels, _age(child, day))
            for i in self.institutions
            if i.code not in without
            for c in self.classes(i, day)
            for child in c.children
            if not ((gone := self.leaving.get(child.identifier)) and gone[0] < day)
        ]  # fmt: skip
        columns = [list(column) for column in zip(*rows, strict=True)]
        out = pa.BufferOutputStream()
        pq.write_table(pa.table(dict(zip(captions("pupils", fields), columns, strict=True))), out)
        return Source(f"ученици_{day}.parquet", out.getvalue().to_pybytes())

    def case_register(self, day: date, of: str = "", cases: Sequence[Case] | None = None) -> Source:
        """The register as of a day: of the oblast, or what a municipality sends; without `cases` all that are on it."""
        fields = ("number", "as_of", "pupil", "category", "municipality", "school", "grade", "opened_on", "dropped_on", "reason", "source", "repeat", "status", "status_on", "confidence")  # fmt: skip
        rows = [case.row(day) for case in (self.cases if cases is None else cases) if case.is_on_register(day)]
        return Source(f"случаи_{of}{day}.xlsx", xlsx_bytes(rows, captions("cases", fields), "Случаи"))

    def action_register(
        self,
        day: date,
        of: str = "",
        cases: Sequence[Case] | None = None,
        without: Collection[tuple[str, date]] = (),
    ) -> Source:
        """The steps of the same cases; `without` are the steps that are not repeated: case number, day."""
        fields = ("case_number", "as_of", "date", "kind", "n", "team", "institutions", "contact", "result", "next_step", "next_due")  # fmt: skip
        rows = [
            (case.number, day, *action.row())
            for case in (self.cases if cases is None else cases)
            if case.is_on_register(day)
            for action in case.actions
            if action.day <= day and (case.number, action.day) not in without
        ]
        return Source(f"действия_{of}{day}.csv", csv_bytes(rows, captions("actions", fields), ";", "windows-1251"))

    def proposal_file(self, meeting: date, rows: Sequence[tuple[str, str, str, date, str]]) -> Source:
        """What was decided or proposed in a meeting: text, by whom, to whom, due, state."""
        fields = ("meeting", "n", "text", "proposed_by", "addressed_to", "due", "state")
        numbered = [(meeting, n, *row) for n, row in enumerate(rows, start=1)]
        return Source(f"предложения_{meeting}.xlsx", xlsx_bytes(numbered, captions("proposals", fields), "Предложения"))

    def round_file(self, first: date, last: date) -> Source:
        fields = ("number", "date", "municipality", "district", "team", "institutions", "addresses", "found", "returned", "inspection")  # fmt: skip
        rows = [r.row() for r in self.rounds if first <= r.day <= last]
        return Source(
            f"обходи_{first:%m.%Y}–{last:%m.%Y}.csv", csv_bytes(rows, captions("rounds", fields), "\t", "utf-8")
        )

    def inspection_file(self, first: date, last: date) -> Source:
        fields = ("number", "date", "school", "kind", "classes", "enrolled", "present", "absent_recorded", "finding", "recommendation", "due", "closed_on", "repeat_of", "with_round", "round")  # fmt: skip
        rows = [x.row() for x in self.inspections if first <= x.day <= last]
        name = f"проверки_{first:%m.%Y}–{last:%m.%Y}.xlsx"
        return Source(name, xlsx_bytes(rows, captions("inspections", fields), "Проверки"))

    def submission_file(self, month: date, at: date) -> Source:
        """РУО's report of the campaign: who submitted and who signed, as far as was known on a day."""
        fields = ("school", "school_year", "month", "submitted", "submitted_on", "signed", "signed_on")
        year = school_year_of_month(month)
        rows = []
        for n, i in enumerate(self.institutions):
            if not self.classes(i, month):
                continue
            day = next_month(month) + timedelta(days=n % 4)
            sent = self.submits(i, month, at)
            signed = sent and (n + month.month) % 29 != 0
            rows.append(
                (
                    i.code,
                    f"{year}/{year + 1}",
                    f"{month.month:02}",
                    sent,
                    day if sent else None,
                    signed,
                    day if signed else None,
                )
            )
        return Source(f"подавания_{month:%Y_%m}.csv", csv_bytes(rows, captions("submissions", fields)))

    def sanction_file(self, month: date) -> Source:
        fields = (
            "municipality",
            "month",
            "reports",
            "invitations",
            "acts",
            "penalties",
            "amount",
            "not_found",
        )
        rows = []
        for municipality, weight in self.weights.items():
            reports = self.random.randint(0, round(14 * weight))
            acts = self.random.randint(0, reports // 2)
            rows.append(
                (
                    municipality,
                    f"{month:%m.%Y}",
                    reports,
                    max(0, reports - 2),
                    acts,
                    acts // 2,
                    50 * (acts // 2),
                    reports // 6,
                )
            )
        return Source(f"санкции_{month:%Y_%m}.csv", csv_bytes(rows, captions("sanctions", fields), ","))

    def benefit_file(self, month: date) -> Source:
        fields = ("municipality", "month", "kind", "families", "children")
        rows = []
        for municipality, weight in self.weights.items():
            for kind, share in (("училище", 1.0), ("предучилищна група", 0.15)):
                families = self.random.randint(0, round(26 * weight * share))
                rows.append((municipality, f"{month:%m.%Y}", kind, families, families + families // 7))
        return Source(f"помощи_{month:%Y_%m}.csv", csv_bytes(rows, captions("benefits", fields)))

    def result_file(self, year: int, term: int) -> Source:
        """Marks of every class from IV grade on, by subject."""
        fields = ("school", "school_year", "exam", "class_name", "pupil", "subject", "pupils", "examined", "average", "marks_2", "marks_3", "marks_4", "marks_5", "marks_6")  # fmt: skip
        rows: list[Sequence[object]] = []
        for i in self.schools:
            for c in i.classes.get(year, ()):
                if c.grade < 4:
                    continue
                for subject, level in (("Български език и литература", 0.55), ("Математика", 0.5)):
                    n = len(c.children)
                    marks = self.numbers.binomial(4, level / (0.6 + 0.4 * i.diligence), n) + 2
                    counts = np.bincount(marks, minlength=7)[2:].tolist()
                    average = round(float(marks.mean()), 2)
                    rows.append(
                        (
                            i.code,
                            f"{year}/{year + 1}",
                            f"{'I' * term} срок",
                            c.name,
                            None,
                            subject,
                            n,
                            n,
                            average,
                            *counts,
                        )
                    )
        rows += self._marks_by_pupil(year, term, fields)
        return Source(f"успех_{year}_{term}.csv", csv_bytes(rows, captions("results", fields), "\t", "windows-1251"))

    def _marks_by_pupil(self, year: int, term: int, fields: Sequence[str]) -> list[Sequence[object]]:
        """Two schools also send every pupil's own marks."""
        chance = np.random.default_rng(self.seed + 10 * year + term)
        rows = []
        for i in (s for s in self.schools if s.code in self.marks_by_pupil):
            for c in i.classes[year]:
                for child in c.children if c.grade >= 5 else ():
                    level = _mark(4.6 - 0.5 * min(child.leaning, 4) - 0.35 * term * (child.leaning > 2.5))
                    for subject in ("Български език и литература", "Математика"):
                        mark = _mark(round(chance.normal(level, 0.7) * 4) / 4)
                        row = {
                            "school": i.code,
                            "school_year": f"{year}/{year + 1}",
                            "exam": f"{'I' * term} срок",
                            "class_name": c.name,
                            "pupil": child.identifier,
                            "subject": subject,
                            "examined": 1,
                            "average": mark,
                        }
                        rows.append([row.get(name) for name in fields])
        return rows

    def quarter_file(self, year: int) -> Source:
        """РУО's report of pupils who missed a quarter of a subject's lessons in the first term."""
        fields = ("school", "school_year", "term", "pupil", "class_name", "subject", "absent", "taught", "share")
        rows = []
        for i in self.schools:
            for c in i.classes.get(year, ()):
                for n, child in enumerate(c.children):
                    if c.grade >= 5 and child.leaning > 4 and (n + c.grade) % 4 == 0:
                        taught = 54.0
                        absent = min(taught, round(4 * child.leaning) / 2)
                        if absent >= taught / 4:
                            share = round(100 * absent / taught, 2)
                            about = (child.identifier, c.name, "Физическо възпитание и спорт")
                            rows.append((i.code, f"{year}/{year + 1}", "I срок", *about, absent, taught, share))
        return Source(f"отсъствия_25_процента_{year}.csv", csv_bytes(rows, captions("subject_absences", fields)))


def _mark(level: float) -> float:
    return min(6.0, max(2.0, level))


def _age(child: Child, day: date) -> int:
    """Whole years, taking every birthday for the first of January; a few are older than their class."""
    older = 2 if child.repeater and int(child.identifier[-2:]) % 5 == 0 else 0
    return day.year - child.born + older
