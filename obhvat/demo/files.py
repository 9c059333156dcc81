"""The files the invented oblast sends, in the layouts real ones come in, with the faults real ones have.

The first term of 2023/2024 is the one the centre of a real oblast reported on in March 2024: fourteen cases in
work, 38 of 40 schools checked, some more than once, every check of a director's work together with a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from obhvat.demo.cases import make_cases
from obhvat.demo.formats import captions, csv_bytes, xlsx_bytes
from obhvat.demo.inspections import make_inspections
from obhvat.demo.national import absence_file, with_field
from obhvat.demo.oblast import OBLAST, Child, Institution, make_institutions
from obhvat.ingest import Source
from obhvat.periods import next_month, school_year_of, school_year_of_month

SEED = 20240313
YEARS = (2022, 2023)
FIRST_MONTH, LAST_MONTH = date(2022, 9, 1), date(2024, 1, 1)
PRACTICE_MONTH = date(2024, 2, 1)
REGISTER_DAYS = (date(2023, 2, 5), date(2023, 6, 30), date(2023, 11, 30), date(2024, 2, 5))
LIST_DAYS = (date(2022, 9, 15), date(2023, 9, 15), date(2024, 1, 31))
# What real data contains.
NEVER_SUBMITS = "9004002"
VANISHED = 3
MARKS_BY_PUPIL = ("9001014", "9002001")


@dataclass(frozen=True)
class DemoFile:
    """A file and when it reached the store."""

    source: Source
    at: datetime


def _months() -> list[date]:
    months, month = [], FIRST_MONTH
    while month <= LAST_MONTH:
        if month.month not in (7, 8):
            months.append(month)
        month = next_month(month)
    return months


class Demo:
    """The invented oblast and its files. The same every time."""

    def __init__(self) -> None:
        self.random = Random(SEED)
        self.numbers = np.random.default_rng(SEED)
        self.institutions = make_institutions(YEARS, self.random)
        self.schools = [i for i in self.institutions if i.is_school]
        self.cases = make_cases(self.schools, self.random)
        self.inspections, self.rounds = make_inspections(self.schools, self.random)
        self._leaving = self._who_leaves()

    def _who_leaves(self) -> dict[str, tuple[date, bool]]:
        """Identifier → (when, whether the school wrote it down) for children gone before the January list."""
        places = [
            (i, child)
            for i in self.schools
            for c in i.classes[2023]
            for child in c.children
            if 5 <= c.grade <= 10 and i.code != NEVER_SUBMITS
        ]
        # Who misses most leaves most often: without that no rule could be shown to foretell anything.
        chance = Random(SEED + 1)
        drawn = sorted(places, key=lambda place: chance.random() ** (1 / (0.02 + place[1].leaning ** 2)), reverse=True)
        chosen = drawn[: 24 + VANISHED]
        chance.shuffle(chosen)
        return {
            child.identifier: (date(2023, 10, 2) + timedelta(days=4 * n), n >= VANISHED)
            for n, (_, child) in enumerate(chosen)
        }

    # --- what each institution sends every month

    def absence_files(self, month: date, at: datetime) -> list[DemoFile]:
        """The national file of every institution that submits for the month."""
        return [
            DemoFile(self.absence_file(i, month), at + timedelta(minutes=7 * n))
            for n, i in enumerate(self.institutions)
            if i.code != NEVER_SUBMITS
        ]

    def absence_file(self, institution: Institution, month: date) -> Source:
        """One institution's month."""
        return absence_file(institution, month, self._leaving, self.numbers)

    # --- registers and lists

    def register(self, year: int) -> Source:
        """The register of institutions as the open data portal prints it: a title, captions, a numbering row."""
        title = f"Списък на училищата и детските градини за учебната {year}/{year + 1} г. – област {OBLAST}"
        header = [
            "№",
            "Област",
            "Община",
            "Населено място",
            "Код по НЕИСПУО",
            "Наименование",
            "Вид по чл. 38",
            "Статус",
        ]
        rows: list[Sequence[object]] = [["", *range(1, 8)]]
        for n, i in enumerate(self.institutions, start=1):
            rows.append((n, OBLAST, i.municipality, i.settlement, i.code, i.name, i.kind_caption, "действаща"))
        centre = "Център за подкрепа за личностно развитие – Общински детски комплекс"
        rows.append(
            (
                len(rows),
                OBLAST,
                "Каменград",
                "гр. Каменград",
                "9001091",
                centre,
                "център за подкрепа",
                "действаща",
            )
        )
        body = csv_bytes(rows, header, ",")
        return Source(f"институции_{year}.csv", f"\ufeff{title}\r\n".encode() + body.removeprefix(b"\xef\xbb\xbf"))

    def pupil_list(self, day: date) -> Source:
        """Every institution's list at a day, as Parquet."""
        year = school_year_of(day)
        fields = ("school", "as_of", "pupil", "grade", "class_name", "form", "repeater", "travels", "age")
        rows = [
            (i.code, day, child.identifier, c.grade, c.name, "дневна" if i.is_school else "целодневна", child.repeater, child.travels, _age(child, day))
            for i in self.institutions
            for c in i.classes[year]
            for child in c.children
            if not ((gone := self._leaving.get(child.identifier)) and gone[0] < day)
        ]  # fmt: skip
        columns = [list(column) for column in zip(*rows, strict=True)]
        out = pa.BufferOutputStream()
        pq.write_table(pa.table(dict(zip(captions("pupils", fields), columns, strict=True))), out)
        return Source(f"ученици_{day}.parquet", out.getvalue().to_pybytes())

    def case_register(self, day: date) -> Source:
        fields = ("number", "as_of", "pupil", "category", "municipality", "school", "grade", "opened_on", "dropped_on", "reason", "source", "repeat", "status", "status_on", "confidence")  # fmt: skip
        rows = [case.row(day) for case in self.cases if case.is_on_register(day)]
        return Source(f"случаи_{day}.xlsx", xlsx_bytes(rows, captions("cases", fields), "Случаи"))

    def action_register(self, day: date) -> Source:
        fields = ("case_number", "as_of", "date", "kind", "n", "team", "institutions", "contact", "result", "next_step", "next_due")  # fmt: skip
        rows = [
            (case.number, day, *action.row())
            for case in self.cases
            if case.is_on_register(day)
            for action in case.actions
            if action.day <= day
        ]
        return Source(f"действия_{day}.csv", csv_bytes(rows, captions("actions", fields), ";", "windows-1251"))

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

    def submission_file(self, month: date) -> Source:
        """РУО's report of the campaign: who submitted and who signed."""
        fields = ("school", "school_year", "month", "submitted", "submitted_on", "signed", "signed_on")
        year = school_year_of_month(month)
        rows = []
        for n, i in enumerate(self.institutions):
            day = next_month(month) + timedelta(days=n % 4)
            sent = i.code != NEVER_SUBMITS
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
        for municipality, weight in _WEIGHTS.items():
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
        for municipality, weight in _WEIGHTS.items():
            for kind, share in (("училище", 1.0), ("предучилищна група", 0.15)):
                families = self.random.randint(0, round(26 * weight * share))
                rows.append((municipality, f"{month:%m.%Y}", kind, families, families + families // 7))
        return Source(f"помощи_{month:%Y_%m}.csv", csv_bytes(rows, captions("benefits", fields)))

    def result_file(self, year: int, term: int) -> Source:
        """Marks of every class from IV grade on, by subject."""
        fields = ("school", "school_year", "exam", "class_name", "pupil", "subject", "pupils", "examined", "average", "marks_2", "marks_3", "marks_4", "marks_5", "marks_6")  # fmt: skip
        rows: list[Sequence[object]] = []
        for i in self.schools:
            for c in i.classes[year]:
                if c.grade < 4:
                    continue
                for subject, level in (("Български език и литература", 0.55), ("Математика", 0.5)):
                    n = len(c.children)
                    marks = self.numbers.binomial(4, level / (0.6 + 0.4 * i.diligence), n) + 2
                    counts = [int((marks == m).sum()) for m in range(2, 7)]
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
        chance = np.random.default_rng(SEED + 10 * year + term)
        rows = []
        for i in (s for s in self.schools if s.code in MARKS_BY_PUPIL):
            for c in i.classes[year]:
                for child in c.children if c.grade >= 5 else ():
                    level = np.clip(4.6 - 0.5 * min(child.leaning, 4) - 0.35 * term * (child.leaning > 2.5), 2, 6)
                    for subject in ("Български език и литература", "Математика"):
                        mark = float(np.clip(round(chance.normal(level, 0.7) * 4) / 4, 2, 6))
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
            for c in i.classes[year]:
                for n, child in enumerate(c.children):
                    if c.grade >= 5 and child.leaning > 4 and (n + c.grade) % 4 == 0:
                        taught = 54.0
                        absent = min(taught, round(4 * child.leaning) / 2)
                        if absent >= taught / 4:
                            share = round(100 * absent / taught, 2)
                            about = (child.identifier, c.name, "Физическо възпитание и спорт")
                            rows.append((i.code, f"{year}/{year + 1}", "I срок", *about, absent, taught, share))
        return Source(f"отсъствия_25_процента_{year}.csv", csv_bytes(rows, captions("subject_absences", fields)))

    def proposal_file(self) -> Source:
        fields = ("meeting", "n", "text", "proposed_by", "addressed_to", "due", "state")
        meeting = date(2023, 3, 14)
        rows = [
            (meeting, 1, "Месечни срещи на образователните медиатори с РУО", "РУО", "училища", date(2023, 6, 30), "изпълнено"),
            (meeting, 2, "Общините да представят данни за наложените санкции по чл. 347 от ЗПУО", "Областна администрация", "общини", date(2023, 4, 15), "изпълнено"),
            (meeting, 3, "Обходите да започват в първата седмица на учебната година", "РУО", "екипи за обхват", date(2023, 9, 22), "изпълнено"),
            (meeting, 4, "Проверка на дневниците във всички училища през I срок", "Областна администрация", "РУО", date(2024, 2, 5), "в изпълнение"),
        ]  # fmt: skip
        return Source("предложения_2023-03-14.xlsx", xlsx_bytes(rows, captions("proposals", fields), "Предложения"))

    # --- everything, in the order it arrived

    def files(self) -> list[DemoFile]:
        """All files with the moments they were loaded, oldest first."""
        files: list[DemoFile] = []

        def add(source: Source, day: date, hour: int = 10) -> None:
            files.append(DemoFile(source, datetime.combine(day, time(hour, 15))))

        for year in YEARS:
            add(self.register(year), date(year, 9, 12))
        for day in LIST_DAYS:
            add(self.pupil_list(day), day + timedelta(days=5))
        for month in _months():
            sent = datetime.combine(next_month(month) + timedelta(days=1), time(8, 30))
            files += self.absence_files(month, sent)
            add(self.submission_file(month), next_month(month) + timedelta(days=4))
            add(self.sanction_file(month), next_month(month) + timedelta(days=15))
            add(self.benefit_file(month), next_month(month) + timedelta(days=24))
        for day in REGISTER_DAYS:
            add(self.case_register(day), day, 14)
            add(self.action_register(day), day, 15)
        for first, last, day in (
            (date(2022, 9, 1), date(2023, 1, 31), date(2023, 2, 5)),
            (date(2023, 2, 1), date(2023, 6, 30), date(2023, 6, 30)),
            (date(2023, 9, 1), date(2024, 1, 31), date(2024, 2, 5)),
        ):
            add(self.inspection_file(first, last), day, 16)
            add(self.round_file(first, last), day, 16)
        for year, term, day in (
            (2022, 1, date(2023, 2, 8)),
            (2022, 2, date(2023, 7, 3)),
            (2023, 1, date(2024, 2, 8)),
        ):
            add(self.result_file(year, term), day, 11)
        add(self.quarter_file(2023), date(2024, 2, 8), 12)
        add(self.proposal_file(), date(2023, 3, 14), 17)
        return sorted(files, key=lambda f: f.at)

    def practice_files(self) -> list[Source]:
        """Next month's national files, for trying an upload: one school's has rows to be handed back."""
        sources = [self.absence_file(i, PRACTICE_MONTH) for i in self.schools if i.code not in (NEVER_SUBMITS,)]
        first = sources[0]
        lines = first.data.decode("windows-1251").split("\r\n")
        lines[2] = with_field(lines[2], 15, "-2.00")
        lines[4] = with_field(lines[4], 15, "3.25")
        lines[6] = with_field(lines[6], 8, "11")
        lines[8] = lines[7]
        return [Source(first.name, "\r\n".join(lines).encode("windows-1251")), *sources[1:]]


_WEIGHTS = {
    "Каменград": 1.0,
    "Ведрово": 0.4,
    "Яворец": 0.15,
    "Горун": 0.12,
    "Студеница": 0.06,
    "Самодол": 0.04,
}


def _age(child: Child, day: date) -> int:
    """Whole years, taking every birthday for the first of January; a few are older than their class."""
    older = 2 if child.repeater and int(child.identifier[-2:]) % 5 == 0 else 0
    return day.year - child.born + older
