"""The awkward sister of the invented oblast: what comes in life and not in a demonstration (DESIGN §2 „Time“).

Registers are dated weeks after the term and in its middle, one municipality sends its own among the oblast's, schools
are late, close, merge and send a past month again. Its files with their moments and what a person answered are all
there is to know about it: every figure can be counted again from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType

from obhvat.demo import awkward_oblast as places
from obhvat.demo.awkward_cases import UNTOLD, make_cases
from obhvat.demo.awkward_checks import make_inspections
from obhvat.demo.awkward_oblast import make_institutions, make_moves, moved
from obhvat.demo.national import absence_line, with_field
from obhvat.demo.oblast import Institution, SchoolClass
from obhvat.demo.writers import DemoFile, OblastFiles
from obhvat.ingest import Source
from obhvat.ingest.answers import FileAnswers
from obhvat.periods import month_of, next_month

FIRST_MONTH, LAST_MONTH = date(2022, 9, 1), date(2024, 2, 1)
DOUBLED = (places.TAKES_OVER, "6а", date(2023, 11, 1))
CORRECTED, CORRECTED_MONTH, CORRECTED_AT = "9102001", date(2023, 10, 1), datetime(2024, 1, 16, 9, 20)
# A drop is what was loaded up to such a day, and is judged by what was there before it.
_DROPS = (date(2023, 9, 30), date(2023, 12, 31), date(2024, 3, 13))
_PROPOSALS = (
    ("Обходи през лятото в селата без училище", "РУО", "екипи за обхват", date(2023, 8, 31), "изпълнено"),
    ("Училищата да подават отсъствията до 4-то число", "Областна администрация", "училища", date(2023, 10, 4), "в изпълнение"),
    ("Общините да изпращат регистрите си към края на срока", "РУО", "общини", date(2024, 2, 1), "предложено"),
)  # fmt: skip

Add = Callable[..., None]


class Awkward(OblastFiles):
    """The awkward oblast and its files. The same every time."""

    name = "Речиград"
    seed = 20240131
    weights = MappingProxyType({"Речиград": 0.5, "Мъхово": 0.3, "Соколец": 0.15, "Перуника": 0.05})
    centre = "9101091"
    doubled = DOUBLED

    def __init__(self) -> None:
        super().__init__()
        self.institutions = make_institutions(self.random)
        self.moves = make_moves(self.institutions)
        self.cases = self._long_cases = make_cases(self.institutions)
        self.inspections, self.rounds = make_inspections()

    def classes(self, institution: Institution, day: date) -> tuple[SchoolClass, ...]:
        return moved(institution, day.year if day.month >= 9 else day.year - 1, day, self.moves)

    def arrives(self, institution: Institution, month: date) -> datetime | None:
        """When its file of a month comes, if it does."""
        due = next_month(month)
        if institution.code == places.LATE and month >= date(2023, 9, 1):
            due = next_month(next_month(due))
        if institution.code == places.SENDS_ONE and month >= date(2023, 9, 1) and month != date(2023, 10, 1):
            return None
        if not self.classes(institution, month):
            return None
        minutes = 7 * self.institutions.index(institution)
        return datetime.combine(due, time(8, 30)) + timedelta(days=1, minutes=minutes)

    def submits(self, institution: Institution, month: date, day: date) -> bool:
        at = self.arrives(institution, month)
        return at is not None and at.date() <= day

    def absence_file(self, institution: Institution, month: date) -> Source:
        """A month with what both schools wrote of a child that moved in it."""
        source = super().absence_file(institution, month)
        lines = source.data.decode("windows-1251").split("\r\n")[:-1]
        for move in self.moves:
            if move.hours and month_of(move.day) == month and institution.code in (move.origin, move.to):
                is_left = institution.code == move.origin
                day = month if is_left else next_month(month) - timedelta(days=1)
                own = next(c for c in self.classes(institution, day) if move.child in c.children)
                gone = (move.day, True) if is_left else None
                lines = [line for line in lines if line.split("|")[4].zfill(10) != move.child.identifier]
                lines.append(absence_line(institution, own, move.child, month, 0, move.hours, gone=gone))
        return Source(source.name, "".join(f"{line}\r\n" for line in lines).encode("windows-1251"))

    def files(self) -> list[DemoFile]:
        """All files with the moments they were loaded, oldest first. The file of a past month comes again."""
        files: list[DemoFile] = []

        def add(source: Source, day: date, hour: int = 10, **given: str) -> None:
            files.append(DemoFile(source, datetime.combine(day, time(hour, 15)), FileAnswers(given)))

        for day in (date(2022, 9, 12), date(2023, 9, 12), date(2023, 12, 4)):
            add(self.register(f"институции_{day}.csv", day.year, known_on=day), day, 9)
        self._add_lists(add)
        month = FIRST_MONTH
        while month <= LAST_MONTH:
            if month.month not in (7, 8):
                files += self._absences(month)
                at = next_month(month) + timedelta(days=4)
                add(self.submission_file(month, at), at)
            add(self.sanction_file(month), next_month(month) + timedelta(days=9))
            add(self.benefit_file(month), next_month(month) + timedelta(days=11))
            month = next_month(month)
        self._add_registers(add)
        self._add_checks(add)
        for year, term, day in ((2022, 1, date(2023, 2, 8)), (2022, 2, date(2023, 7, 3)), (2023, 1, date(2024, 2, 20))):
            add(self.result_file(year, term), day, 11)
        add(self.quarter_file(2023), date(2024, 2, 20), 12)
        add(self.proposal_file(date(2023, 6, 28), _PROPOSALS), date(2023, 6, 28), 17)
        return sorted(files, key=lambda f: f.at)

    def uploads(self) -> list[list[DemoFile]]:
        files = self.files()
        limits = (date.min, *_DROPS, date.max)
        return [[f for f in files if after < f.at.date() <= last] for after, last in pairwise(limits)]

    def _absences(self, month: date) -> list[DemoFile]:
        files = []
        for institution in self.institutions:
            at = self.arrives(institution, month)
            if at is None or at.date() > date(2024, 3, 20):
                continue
            source = self.absence_file(institution, month)
            files.append(DemoFile(source, at))
            if (institution.code, month) == (CORRECTED, CORRECTED_MONTH):
                files.append(DemoFile(_corrected(source), CORRECTED_AT))
        return files

    def _add_lists(self, add: Add) -> None:
        """Every autumn all schools but one; in the winter one at once, and most of the others later."""
        everyone = [i.code for i in self.institutions]
        for day in (date(2022, 9, 15), date(2023, 9, 15)):
            add(self.pupil_list(day, (places.NO_LIST,)), day + timedelta(days=5), 11)
        others = [code for code in everyone if code != places.TAKES_OVER]
        add(self.pupil_list(date(2023, 12, 4), others), date(2023, 12, 5), 11)
        late = (places.NO_LIST, places.LATE, places.SENDS_ONE)
        add(self.pupil_list(date(2024, 1, 31), late), date(2024, 2, 12), 11)

    def _add_registers(self, add: Add) -> None:
        """The oblast's registers, a municipality's of its open cases, a neighbour's, and at last one municipality's."""
        for day, at, of, is_whole in (
            (date(2023, 2, 20), date(2023, 2, 20), "", True),
            (date(2023, 9, 14), date(2023, 9, 20), "", True),
            (date(2023, 11, 20), date(2023, 11, 20), "", True),
            (date(2023, 12, 15), date(2023, 12, 18), "Мъхово", False),
            (date(2024, 1, 19), date(2024, 1, 19), "Соколец", True),
            (date(2024, 3, 13), date(2024, 3, 13), "", True),
            (date(2024, 3, 20), date(2024, 3, 20), "Речиград", True),
        ):
            own = [c for c in self._long_cases if of in ("", c.municipality) and (is_whole or c.is_in_work(day))]
            words = f"{of}_" if of else ""
            # What is asked where registers before had others beside them, and more steps.
            whose = {"register_of": "part"} if day == date(2024, 3, 20) else {}
            add(self.case_register(day, words, own), at, 14, **whose)
            untold = (UNTOLD,) if day > date(2023, 11, 20) else ()
            left_out = {"left_out_steps": "not_repeated"} if untold and UNTOLD[0] in {c.number for c in own} else {}
            add(self.action_register(day, words, own, untold), at, 15, **left_out)

    def _add_checks(self, add: Add) -> None:
        """A later file of a month says again what the earlier one did."""
        for first, last, at in (
            (date(2022, 9, 1), date(2023, 1, 31), date(2023, 2, 8)),
            (date(2023, 2, 1), date(2023, 6, 30), date(2023, 6, 30)),
            (date(2023, 7, 1), date(2023, 9, 10), date(2023, 9, 10)),
            (date(2023, 9, 1), date(2024, 2, 5), date(2024, 2, 6)),
            (date(2024, 2, 1), date(2024, 3, 13), date(2024, 3, 13)),
        ):
            add(self.inspection_file(first, last), at, 16)
            add(self.round_file(first, last), at, 16)


def _corrected(source: Source) -> Source:
    """The same month once more: a child's absences are not in it any more, another's are fewer."""
    lines = source.data.decode("windows-1251").split("\r\n")
    lines[0] = with_field(lines[0], 15, "0.50")
    del lines[-2]
    return Source(source.name, "\r\n".join(lines).encode("windows-1251"))
