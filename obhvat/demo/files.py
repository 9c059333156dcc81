"""The invented oblast and when its files arrive: everything in time, with the faults real files have.

The first term of 2023/2024 is the one the centre of a real oblast reported on in March 2024: fourteen cases in
work, 38 of 40 schools checked, some more than once, every check of a director's work together with a round.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from types import MappingProxyType

from obhvat.demo.cases import Case, make_cases
from obhvat.demo.inspections import make_inspections
from obhvat.demo.national import with_field
from obhvat.demo.oblast import Children, Institution, make_institutions
from obhvat.demo.places import PLACES, Place
from obhvat.demo.writers import DemoFile, OblastFiles
from obhvat.ingest import Source
from obhvat.periods import next_month

YEARS = (2022, 2023)
FIRST_MONTH, LAST_MONTH = date(2022, 9, 1), date(2024, 1, 1)
PRACTICE_MONTH = date(2024, 2, 1)
REGISTER_DAYS = (date(2023, 2, 5), date(2023, 6, 30), date(2023, 11, 30), date(2024, 2, 5))
LIST_DAYS = (date(2022, 9, 15), date(2023, 9, 15), date(2024, 1, 31))
# What real data contains.
NEVER_SUBMITS, SUSPICIOUS_ZEROS = "9004002", "9002005"
VANISHED = 3
DOUBLED = ("9002001", "9б", date(2023, 11, 1))
_PROPOSALS = (
    ("Месечни срещи на образователните медиатори с РУО", "РУО", "училища", date(2023, 6, 30), "изпълнено"),
    ("Общините да представят данни за наложените санкции по чл. 347 от ЗПУО", "Областна администрация", "общини", date(2023, 4, 15), "изпълнено"),
    ("Обходите да започват в първата седмица на учебната година", "РУО", "екипи за обхват", date(2023, 9, 22), "изпълнено"),
    ("Проверка на дневниците във всички училища през I срок", "Областна администрация", "РУО", date(2024, 2, 5), "в изпълнение"),
)  # fmt: skip


def _months(first: date) -> list[date]:
    months, month = [], first
    while month <= LAST_MONTH:
        if month.month not in (7, 8):
            months.append(month)
        month = next_month(month)
    return months


class Demo(OblastFiles):
    """The invented oblast and its files. The same every time."""

    name = "Каменград"
    seed = 20240313
    places: Sequence[Place] = PLACES
    weights: Mapping[str, float] = MappingProxyType(
        {"Каменград": 1.0, "Ведрово": 0.4, "Яворец": 0.15, "Горун": 0.12, "Студеница": 0.06, "Самодол": 0.04}
    )
    first_month = FIRST_MONTH
    times: float = 1
    """How many times as many schools it has as the oblast of the report."""
    children_before = 0
    """How many children of other oblasts have an identifier already."""
    never_submit: Collection[str] = (NEVER_SUBMITS,)
    writing_nobody: Collection[str] = (SUSPICIOUS_ZEROS,)
    doubled = DOUBLED
    marks_by_pupil = ("9001014", "9002001")

    def __init__(self) -> None:
        super().__init__()
        children = Children(self.random, self.children_before)
        self.institutions = make_institutions(self.places, YEARS, children, self.random, self.writing_nobody)
        self.cases = self.make_cases()
        unchecked = {*self.never_submit, *self.writing_nobody}
        self.inspections, self.rounds = make_inspections(self.schools, self.random, unchecked, self.times)
        self.leaving = self._who_leaves()

    def make_cases(self) -> list[Case]:
        """The cases of both school years."""
        return make_cases(self.schools, self.random)

    def _who_leaves(self) -> dict[str, tuple[date, bool]]:
        """Identifier → (when, whether the school wrote it down) for children gone before the January list."""
        places = [
            (i, child)
            for i in self.schools
            for c in i.classes[2023]
            for child in c.children
            if 5 <= c.grade <= 10 and i.code not in self.never_submit
        ]
        # Who misses most leaves most often: without that no rule could be shown to foretell anything.
        chance = Random(self.seed + 1)
        drawn = sorted(places, key=lambda place: chance.random() ** (1 / (0.02 + place[1].leaning ** 2)), reverse=True)
        chosen = drawn[: round(self.times * (24 + VANISHED))]
        chance.shuffle(chosen)
        return {
            child.identifier: (date(2023, 10, 2) + timedelta(days=4 * (n % 27)), n % 27 >= VANISHED)
            for n, (_, child) in enumerate(chosen)
        }

    def absence_files(self, month: date, at: datetime) -> list[DemoFile]:
        """The national file of every institution that submits for the month."""
        return [
            DemoFile(self.absence_file(i, month), at + timedelta(minutes=7 * n))
            for n, i in enumerate(self.institutions)
            if i.code not in self.never_submit
        ]

    def submits(self, institution: Institution, month: date, day: date) -> bool:
        """All but one, or few, do."""
        return institution.code not in self.never_submit

    def files(self) -> list[DemoFile]:
        """All files with the moments they were loaded, oldest first."""
        files: list[DemoFile] = []

        def add(source: Source, day: date, hour: int = 10) -> None:
            files.append(DemoFile(source, datetime.combine(day, time(hour, 15))))

        for year in YEARS:
            add(self.register(f"институции_{year}.csv", year), date(year, 9, 12))
        for day in LIST_DAYS:
            add(self.pupil_list(day), day + timedelta(days=5))
        for month in _months(self.first_month):
            sent = datetime.combine(next_month(month) + timedelta(days=1), time(8, 30))
            files += self.absence_files(month, sent)
            at = next_month(month) + timedelta(days=4)
            add(self.submission_file(month, at), at)
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
        add(self.proposal_file(date(2023, 3, 14), _PROPOSALS), date(2023, 3, 14), 17)
        return sorted(files, key=lambda f: f.at)

    def practice_files(self) -> list[Source]:
        """Next month's national files, for trying an upload: one school's has rows to be handed back."""
        sources = [self.absence_file(i, PRACTICE_MONTH) for i in self.schools if i.code not in self.never_submit]
        first = sources[0]
        lines = first.data.decode("windows-1251").split("\r\n")
        lines[2] = with_field(lines[2], 15, "-2.00")
        lines[4] = with_field(lines[4], 15, "3.25")
        lines[6] = with_field(lines[6], 8, "11")
        lines[8] = lines[7]
        return [Source(first.name, "\r\n".join(lines).encode("windows-1251")), *sources[1:]]
