"""What became of a file: the report of one table, and what a person may say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from obhvat.datasets import Dataset, Field
from obhvat.ingest.doubts import Doubt
from obhvat.ingest.fields import EXAM_RESULTS, ColumnUse, Said
from obhvat.ingest.part_reader import FoundSchool
from obhvat.ingest.table import Table
from obhvat.layouts import layout_title
from obhvat.store.history import Changes, SlicePart
from obhvat.texts import listed, number

_NOT_DATA = {
    "title": "заглавие",
    "numbering": "номерация",
    "repeated": "повторено заглавие",
    "total": "сбор",
    "footnote": "бележка",
    "trailer": "последен ред на формата",
    "no_results": "без нито един резултат",
}
_LINES_NAMED = 12


@dataclass
class FileReport:
    """What became of one table: a file, or a sheet of a workbook."""

    file_no: int
    name: str
    sheet: str
    sha256: str
    size: int
    dataset: Dataset | None = None
    layout: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_lines: tuple[int, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    columns: tuple[ColumnUse, ...] = ()
    rows_read: int = 0
    rows_good: int = 0
    rows_rejected: int = 0
    rows_stored: int = 0
    """Rows of the store the good ones become: a line of exam results becomes one a subject."""
    slices: list[SlicePart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was understood or left out; nothing to decide."""
    doubts: list[Doubt] = field(default_factory=list)
    """What must be confirmed before a commit."""
    changes: Changes | None = None
    """Against the file it replaces; None when there is none."""
    refused: str | None = None
    """Why nothing of the file can be committed."""
    choices: tuple[str, ...] = ()
    """Oblasts to choose from when a register holds several."""
    questions: list[Question] = field(default_factory=list)
    """What the file does not say of all its rows itself."""
    unclear_schools: list[FoundSchool] = field(default_factory=list)
    """Institutions that a person must point out."""
    matched_schools: list[str] = field(default_factory=list)
    """Institutions known by name and place, in words."""
    form: tuple[str, Said] | None = None
    """The signature of the captions and what a person said of them now; remembered with the commit."""
    table: Table | None = field(default=None, repr=False)
    """The table, while a person may still say what its columns are."""

    @property
    def title(self) -> str:
        """The file's name, with the sheet's when the workbook has several tables."""
        return f"{self.name} · {self.sheet}" if self.sheet else self.name

    @property
    def kind(self) -> str:
        """What the file is, in words."""
        if self.dataset is None:
            return "непознат"
        if self.layout == EXAM_RESULTS:
            return "Резултати от външно оценяване или матури"
        return layout_title(self.layout) or self.dataset.title

    @property
    def months(self) -> list[date]:
        """The months or dates of its slices, in order."""
        return sorted({part.period for part in self.slices})

    @property
    def school_codes(self) -> list[str]:
        return sorted({part.school for part in self.slices if part.school})

    @property
    def can_be_committed(self) -> bool:
        return self.refused is None


@dataclass(frozen=True)
class Question:
    """A value for every row of a file: the field, what is assumed or was answered, and whether anybody said it."""

    field: Field
    answer: str | None
    said: bool


@dataclass(frozen=True)
class Told:
    """What a person said of a file: how to read it, what it is, and what it does not say of its rows."""

    given: Mapping[str, str] = field(default_factory=dict)
    dataset: str | None = None
    """What the file is, when a person wants to say its columns too."""
    mapping: Said | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None


NOTHING_TOLD = Told()


def note_columns(report: FileReport) -> None:
    """Say which columns and lines were left out, and why."""
    personal = [c.caption for c in report.columns if c.use == "personal" and c.caption]
    hidden_ids = [c.caption for c in report.columns if c.looks_like_id]
    unused = [c.caption for c in report.columns if c.use == "unused" and c.caption]
    if personal:
        report.notes.append(f"Лични данни, които не се записват: {listed(f'„{c}“' for c in personal)}.")
    if hidden_ids:
        report.notes.append(f"Прилича на ЕГН и не се записва: {listed(f'„{c}“' for c in hidden_ids)}.")
    if unused:
        report.notes.append(f"Колони, които не се ползват: {listed(f'„{c}“' for c in unused)}.")
    for what, word in _NOT_DATA.items():
        lines = [str(line) for line, found in report.left_out if found == what]
        if lines:
            more = f" и още {number(len(lines) - _LINES_NAMED)}" if len(lines) > _LINES_NAMED else ""
            named = f"{', '.join(lines[:_LINES_NAMED])}{more}" if more else listed(lines)
            report.notes.append(f"Не е данни ({word}): ред {named}.")
