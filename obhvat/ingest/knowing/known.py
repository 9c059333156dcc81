"""The second step: what a table is, which column is which field, and what the file says of all its rows at once.

What the captions tell is known at once (`recognise_file`); what only the register tells – the oblast, the school in
a title – when the register of the same drop is checked (`know`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from obhvat.datasets import INSTRUCTIONS_SHEET, Dataset, Field, dataset
from obhvat.errors import UnknownTable, UnreadableFile
from obhvat.ingest.answers import NO_ANSWERS, ColumnAnswers, FileAnswers, Question
from obhvat.ingest.knowing.fields import EXAM_RESULTS, Recognition, recognise, signature
from obhvat.ingest.knowing.file_wide import file_wide_values
from obhvat.ingest.knowing.oblasts import Oblasts, oblasts_of
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.sheet_cells import notes_of, why_uncomputed
from obhvat.ingest.reading.opened import Arrived, Opened, Refused, opened_empty
from obhvat.ingest.reading.table import Table, grade_sums
from obhvat.language import _, ngettext
from obhvat.layouts import all_layouts, exam_results, layout, layout_title
from obhvat.store.history import SlicePart
from obhvat.texts import day, listed


@dataclass(frozen=True)
class Recognised:
    """A table whose columns are known."""

    opened: Opened
    recognition: Recognition
    table: Table
    """Without the rows that only the form knows to be no data."""
    form: tuple[str, ColumnAnswers] | None = None
    """The signature of the captions and what a person said of them now; remembered with the commit."""
    is_remembered: bool = False
    """Whether a person said before what such columns are."""
    declared: SlicePart | None = None
    """The part of the store that an empty file declares empty."""
    notes: tuple[str, ...] = ()

    @property
    def dataset(self) -> Dataset:
        return self.recognition.dataset


@dataclass(frozen=True)
class Known:
    """A table of which everything is known that is not in its cells."""

    file_no: int
    recognised: Recognised
    table: Table
    """The rows of our oblast."""
    oblasts: Oblasts | None = None
    """How the rows of other oblasts are known."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Values from outside the cells, for fields that have no column."""
    questions: tuple[Question, ...] = ()
    """What the file does not say of all its rows itself."""
    notes: tuple[str, ...] = ()

    @property
    def recognition(self) -> Recognition:
        return self.recognised.recognition

    @property
    def dataset(self) -> Dataset:
        return self.recognition.dataset

    def data_of(self, piece: Table) -> Table:
        """What of a later piece of the file is data of ours."""
        return _of_ours(_without_sums(piece, self.recognition), self.oblasts)


def recognise_file(
    opened: Sequence[Opened] | Refused[Arrived], profiles: Mapping[str, ColumnAnswers], told: Mapping[str, FileAnswers]
) -> Sequence[Recognised | Refused[Recognised] | Refused[Opened] | Refused[Arrived]]:
    """What the tables of a file are. Sheets that are nothing of ours are passed over when others are."""
    if isinstance(opened, Refused):
        return [_declared_empty(opened.at) or opened]
    recognised: list[Recognised | Refused[Recognised]] = []
    unknown: list[Refused[Opened]] = []
    for table in opened:
        try:
            recognised.append(_recognised(table, profiles, told.get(table.title, NO_ANSWERS)))
        except UnreadableFile as error:
            may_be_explained = isinstance(error, UnknownTable) and bool(table.table.rows)
            unknown.append(Refused(table, str(error), may_be_explained))
    sheets_of_ours = [u for u in unknown if u.at.sheet != INSTRUCTIONS_SHEET]
    if not recognised:
        return sheets_of_ours or unknown
    is_book = len({table.sheet for table in opened}) > 1
    explained = [u for u in sheets_of_ours if u.may_be_explained and not is_book]
    passed_over = [u.at.page for u in sheets_of_ours if u not in explained]
    if passed_over:
        recognised[0] = _with_note(
            recognised[0],
            _("Непознати таблици, които не са четени: {names}.").format(names=listed(passed_over)),
        )
    return [*recognised, *explained]


def _with_note(step: Recognised | Refused[Recognised], note: str) -> Recognised | Refused[Recognised]:
    if isinstance(step, Refused):
        return replace(step, at=replace(step.at, notes=(*step.at.notes, note)))
    return replace(step, notes=(*step.notes, note))


def _recognised(
    opened: Opened, profiles: Mapping[str, ColumnAnswers], told: FileAnswers
) -> Recognised | Refused[Recognised]:
    """Raises UnreadableFile, or UnknownTable when a person may say what it is."""
    table, columns_told = opened.table, told.mapping
    sign = signature(table.header or ())
    remembered = profiles.get(sign) if table.header else None
    if told.dataset and not columns_told:
        raise UnknownTable(_("Посочете колоните за „{title}“.").format(title=_(dataset(told.dataset).title)))
    recognition = recognise(table, opened.file.name, opened.sheet, columns_told or remembered)
    recognised = Recognised(
        opened,
        recognition,
        _without_sums(table, recognition),
        form=(sign, columns_told) if columns_told else None,
        is_remembered=bool(remembered) and not columns_told,
        notes=(
            *((_("Колоните са познати от запомнено съответствие."),) if remembered and not columns_told else ()),
            *notes_of(table, recognition),
        ),
    )
    if why := why_uncomputed(recognised.table, recognition):
        return Refused(recognised, why)
    if not table.rows:
        return Refused(recognised, _("Под заглавието няма нито един ред с данни."))
    return recognised


def _without_sums(table: Table, recognition: Recognition) -> Table:
    """Without the rows that only the form itself knows to be no data."""
    form = layout(recognition.layout) if layout_title(recognition.layout) else None
    if form and form.trailer and len(table.rows) > 1 and table.grid.is_last:
        last = table.rows[-1]
        if len([cell for cell in table.grid.row(last) if cell.strip()]) <= 2:
            table = table.without({last}, "trailer")
    if recognition.layout == EXAM_RESULTS:
        name = recognition.index_of("school_name")
        names = {n: row[name] for n in table.rows if name is not None and name < len(row := table.grid.row(n))}
        table = table.without({n for n, words in names.items() if exam_results.is_office(words)}, "office")
    if form and form.grade_totals:
        classes, pupils = recognition.index_of("class_name"), recognition.index_of("pupils")
        table = table.without(grade_sums(table, classes, pupils), "total")
    return table


def _declared_empty(file: Arrived) -> Recognised | None:
    """An empty national file still says by its name which school declared that it has no absences."""
    for form in all_layouts():
        in_name = form.from_file_name(file.name)
        if in_name and file.is_empty:
            month = int(in_name["month"])
            period = date(int(in_name["school_year"]) + (month < 9), month, 1)
            opened = opened_empty(file)
            return Recognised(
                opened,
                Recognition(dataset(form.dataset), form.name, ()),
                opened.table,
                declared=SlicePart(in_name["school"].lstrip("0"), "", period, "", 0),
            )
    return None


def know(
    file_no: int,
    recognised: Recognised,
    told: Mapping[str, FileAnswers],
    reference: Reference,
    today: date,
    oblast: str | None = None,
) -> Known | Refused[Known]:
    """What the file says of all its rows, by its title, its name or a person, and which rows are of our oblast.

    `oblast` is the one a person chose.
    """
    given, questions, notes, missing = _given(recognised, told, reference, today)
    known = Known(file_no, recognised, recognised.table, None, given, questions, notes)
    if missing:
        why = ngettext(
            "Файлът не казва {missing}. Изберете го и файлът ще бъде проверен.",
            "Файлът не казва {missing}. Изберете ги и файлът ще бъде проверен.",
            len(missing),
        ).format(missing=listed(missing))
        return Refused(known, why)
    oblasts = oblasts_of(recognised.table, recognised.recognition, reference, oblast)
    if oblasts and oblasts.in_file and not oblasts.ours:
        why = _("Файлът няма нито кодове, нито общини, по които да се познае областта на регистъра. Изберете я.")
        return Refused(replace(known, oblasts=oblasts), why)
    known = replace(known, table=_of_ours(recognised.table, oblasts), oblasts=oblasts)
    if not known.table.rows and not known.table.further and not recognised.declared:
        why = _("Файлът е за други области: в него няма нито един ред за областта на регистъра.")
        return Refused(replace(known, table=recognised.table), why)
    return known


def _of_ours(table: Table, oblasts: Oblasts | None) -> Table:
    return oblasts.without_others(table) if oblasts else table


def _given(
    recognised: Recognised, told: Mapping[str, FileAnswers], reference: Reference, today: date
) -> tuple[dict[str, str], tuple[Question, ...], tuple[str, ...], list[str]]:
    """Values for fields that have no column, what is asked about them, what is noted, and which are missing."""
    recognition, opened = recognised.recognition, recognised.opened
    given = dict(recognition.given)
    if recognised.declared:
        return given, (), (), []
    answers = {**told.get("", NO_ANSWERS).given, **told.get(opened.title, NO_ANSWERS).given}
    in_file, concluded = file_wide_values(
        recognition.dataset, recognised.table.titles, opened.file.name, opened.page, reference
    )
    questions, notes, missing = [], [], []
    for f in recognition.dataset.fields:
        if not f.file_wide or f.name in given or recognition.index_of(f.name) is not None:
            continue
        if f.type == "school" and recognition.index_of("school_name") is not None:
            continue
        if f.name == "maximum" and (of_year := _maximum_of_year(recognition, given)) is not None:
            notes += of_year
            continue
        answer = answers.get(f.name) or in_file.get(f.name)
        by_person = f.name in answers
        if answer is None and f.type == "date":
            answer = today.isoformat()
            notes.append(
                _("Файлът не казва към коя дата е; приета е днешната ({today}). Може да я смените.").format(
                    today=day(today)
                )
            )
        elif f.name in concluded and not by_person:
            notes.append(
                _("{caption} е приета по датата на справката: {answer}.").format(
                    caption=_(f.caption), answer=answer_words(f, answer)
                )
            )
        questions.append(Question(f, answer, by_person or f.name in in_file))
        if answer is None and (f.required or f.name == "maximum"):
            missing.append(f"„{_(f.caption)}“")
        elif answer is not None:
            given[f.name] = answer
    return given, tuple(questions), tuple(notes), missing


def _maximum_of_year(recognition: Recognition, given: Mapping[str, str]) -> list[str] | None:
    """What is noted where the file does not say out of how many points its exam is and the ministry's layout of the
    year does; None where nobody does, and a person must."""
    said = {part for part, name, _unused in recognition.of_parts if name == "maximum"}
    exam, year = given.get("exam"), given.get("school_year")
    if exam is None or year is None or not exam_results.is_of_points(exam) or said.issuperset(recognition.parts or "-"):
        return []
    most = exam_results.points(exam, int(year))
    if most is None:
        return None
    return [
        _("Файлът не казва от колко точки е изпитът; за тази година е от {most}, както го обявява МОН.").format(
            most=most
        )
    ]


def answer_words(f: Field, answer: str | None) -> str:
    """A value for every row of a file as it is written: 2023/2024, 05.02.2024, първи срок."""
    if f.type == "school_year" and answer:
        return f"{answer}/{int(answer) + 1}"
    if f.type == "date" and answer:
        return f"{date.fromisoformat(answer):%d.%m.%Y}"
    return f.caption_of(answer)
