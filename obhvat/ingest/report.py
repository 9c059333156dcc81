"""What became of a file: the report of one table, put together from how far it came through the steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from obhvat.datasets import Dataset
from obhvat.ingest.answers import ColumnAnswers, Question
from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.joining import Joined
from obhvat.ingest.checking.named_schools import NamedSchool
from obhvat.ingest.checking.used_words import UsedWord, taken_for
from obhvat.ingest.judging.doubts import Doubt
from obhvat.ingest.judging.judged import Judged
from obhvat.ingest.knowing.fields import EXAM_RESULTS, ColumnUse
from obhvat.ingest.knowing.known import Known, Recognised, answer_words
from obhvat.ingest.reading.opened import Arrived, Opened, Refused, title_of
from obhvat.ingest.reading.returned import mark_of
from obhvat.ingest.reading.table import Table
from obhvat.language import BULGARIAN, _, speaking
from obhvat.layouts import layout_title
from obhvat.store.history import Changes, SlicePart
from obhvat.texts import counted, listed, number, was

Step = Arrived | Opened | Recognised | Known | Checked | Judged


@dataclass(frozen=True)
class FileReport:
    """What became of one table: a file, or a sheet of a workbook."""

    file_no: int
    name: str
    sheet: str
    file_hash: str
    size: int
    dataset: Dataset | None = None
    layout: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_lines: tuple[int, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    columns: tuple[ColumnUse, ...] = ()
    rows_read: int = 0
    rows_elsewhere: int = 0
    """Rows of other oblasts, beside those read."""
    rows_good: int = 0
    rows_rejected: int = 0
    rows_stored: int = 0
    """Rows of the store the good ones become: a line of exam results becomes one a subject."""
    slices: list[SlicePart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was understood or left out; nothing to decide."""
    doubts: list[Doubt] = field(default_factory=list)
    """What must be confirmed before a commit."""
    joined: Joined | None = None
    """What the corrected rows of a returned file are added to."""
    mark: str = ""
    """By what its rows that go back are known when they return."""
    settled: list[Doubt] = field(default_factory=list)
    """What a person answered of what was doubtful; kept with the commit."""
    changes: Changes | None = None
    """Against the file it replaces; None when there is none."""
    refused: str | None = None
    """Why nothing of the file can be committed."""
    choices: tuple[str, ...] = ()
    """Oblasts to choose from when a register holds several."""
    questions: list[Question] = field(default_factory=list)
    """What the file does not say of all its rows itself."""
    unclear_schools: list[NamedSchool] = field(default_factory=list)
    """Institutions that a person must point out."""
    words: list[UsedWord] = field(default_factory=list)
    """Words of lists that are written otherwise than the list has them."""
    form: tuple[str, ColumnAnswers] | None = None
    """The signature of the captions and what a person said of them now; remembered with the commit."""
    table: Table | None = field(default=None, repr=False)
    """The table, while a person may still say what its columns are."""

    @property
    def title(self) -> str:
        """The file's name, with the sheet's when the workbook has several tables."""
        return title_of(self.name, self.sheet)

    @property
    def read_words(self) -> str:
        """Of how many rows of the file which are not for here; empty where all are."""
        if not self.rows_elsewhere:
            return ""
        of_all = was("прочетен", n := self.rows_read + self.rows_elsewhere, "ред").capitalize()
        return _("{of_all} {n}, от тях {rows_elsewhere} за други области.").format(
            of_all=of_all, n=counted(n, "ред"), rows_elsewhere=number(self.rows_elsewhere)
        )

    @property
    def sent_as(self) -> str:
        """The title of the file on whose lines its rows stand."""
        return self.joined.sent_first if self.joined else self.title

    @property
    def stored_as(self) -> str:
        """The name of its batch."""
        return (
            _("{sent_as}, поправен с „{title}“").format(sent_as=self.sent_as, title=self.title)
            if self.joined
            else self.title
        )

    @property
    def given(self) -> dict[str, str]:
        """What all its rows have from outside their cells, by caption, in words: their file is not beside them when
        they are handed back."""
        said = (q for q in self.questions if q.answer and q.field.file_wide)
        return {q.field.caption: answer_words(q.field, q.answer) for q in said}

    @property
    def unclear_words(self) -> list[UsedWord]:
        """Those of which a person may say what is meant."""
        return [w for w in self.words if w.means is None]

    @property
    def kind(self) -> str:
        """What the file is, in words."""
        if self.dataset is None:
            return _("непознат")
        if self.layout == EXAM_RESULTS:
            return _("Резултати от външно оценяване или матури")
        return _(layout_title(self.layout) or self.dataset.title)

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


def report_of(file_no: int, outcome: Step | Refused[Step]) -> FileReport:
    """The report of a table from the last step it reached."""
    if not isinstance(outcome, Refused):
        return FileReport(file_no, **_told_by(outcome))
    told = _told_by(outcome.at)
    if outcome.may_be_explained and isinstance(outcome.at, Opened):
        told["table"] = outcome.at.table
    return FileReport(file_no, **told, refused=outcome.why)


def _told_by(step: Step) -> dict[str, Any]:
    """What a step adds to what the steps before it say, by the fields of a report."""
    match step:
        case Arrived():
            return {"name": step.name, "sheet": "", "file_hash": step.file_hash, "size": step.size}
        case Opened(table=table):
            of_grid = {"encoding": table.grid.encoding, "delimiter": table.grid.delimiter}
            of_table = {"header_lines": table.header_lines, "left_out": table.left_out}
            mark = (step.returned and step.returned.mark) or mark_of(step.file.file_hash, step.page)
            return _told_by(step.file) | {"sheet": step.page, "mark": mark, "notes": step.notes} | of_grid | of_table
        case Recognised(recognition=recognition):
            earlier = _told_by(step.opened)
            return earlier | {
                "dataset": recognition.dataset,
                "layout": recognition.layout,
                "columns": recognition.columns,
                "left_out": step.table.left_out,
                "notes": [*earlier["notes"], *step.notes],
                "form": step.form,
                "table": step.opened.table if step.form or step.is_remembered else None,
            }
        case Known():
            earlier = _told_by(step.recognised)
            return earlier | {
                "rows_read": len(step.table.rows),
                "left_out": step.table.left_out,
                "notes": [*earlier["notes"], *step.notes],
                "questions": list(step.questions),
                "choices": step.oblasts.in_file if step.oblasts else (),
            }
        case Checked():
            earlier = _told_by(step.known)
            return earlier | {
                "rows_read": step.rows_read,
                "rows_good": step.rows_good,
                "rows_rejected": step.rows_read - step.rows_good,
                "rows_stored": step.rows_stored,
                "slices": list(step.slices),
                "left_out": step.left_out,
                "notes": [*earlier["notes"], *step.notes],
                "choices": step.oblasts or earlier["choices"],
                "rows_elsewhere": step.rows_elsewhere,
                "unclear_schools": list(step.unclear_schools),
                "words": list(step.words),
                "joined": step.joined,
            }
        case Judged():
            earlier, asked, joined = _told_by(step.checked), step.left_out, step.checked.joined
            of_joined = [Doubt("joined", lambda: joined.words)] if joined else []
            told = [w for w in step.checked.words if w.means and w.is_told]
            of_words = (
                [Doubt("words", lambda: _("Приети по отговор: {words}.").format(words=taken_for(told)))] if told else []
            )
            return earlier | {
                "slices": [*earlier["slices"], *asked.slices],
                "questions": [*earlier["questions"], *asked.questions],
                "notes": [*earlier["notes"], *(answered.text for answered in asked.settled)],
                "doubts": list(step.doubts),
                "settled": [*of_joined, *of_words, *asked.settled],
                "changes": step.changes,
            }


@speaking(BULGARIAN)
def what_is_in(reports: Iterable[FileReport]) -> str:
    """Of what kind the rows of files are, in words: „Отсъствия и Ученици“. Their names may tell of a person. In
    Bulgarian, as it is kept."""
    return listed(sorted({report.dataset.title for report in reports if report.dataset}))
