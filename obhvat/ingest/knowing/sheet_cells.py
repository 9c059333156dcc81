"""What is said of a sheet's cells once it is known which of them are data: what was read otherwise than by their value,
and formulas that nobody computed."""

from __future__ import annotations

from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.reading.table import Table
from obhvat.language import _
from obhvat.texts import counted, listed, noun, number

_NAMED = 6


def notes_of(table: Table, recognition: Recognition) -> tuple[str, ...]:
    """Hidden rows and columns that were read, cells that took the value of a merged one, cells shown as percents."""
    marks = table.grid.marks
    if marks is None:
        return ()
    fields, rows = _fields(recognition), set(table.rows)
    notes = []
    hidden = len(rows & marks.hidden_rows), len(fields & marks.hidden_columns)
    if any(hidden):
        of_each = [counted(n, word) for n, word in zip(hidden, ("ред", "колона"), strict=True) if n]
        notes.append(_("Скрити на листа, но прочетени: {what}.").format(what=listed(of_each)))
    filled = {column for row, column in marks.filled if row in rows and column in fields}
    if filled:
        n = sum(row in rows and column in fields for row, column in marks.filled)
        captions = listed(f"„{recognition.columns[column].caption}“" for column in sorted(filled))
        notes.append(
            _("Обединени клетки в {captions}: стойността им важи за всеки от редовете ({n}).").format(
                captions=captions, n=counted(n, "клетка")
            )
        )
    percents = sum(row in rows and column in fields for row, column in marks.percents)
    if percents:
        notes.append(
            _("Прочетени са като проценти {cells}, както се виждат в листа.").format(cells=counted(percents, "клетка"))
        )
    return tuple(notes)


def why_uncomputed(table: Table, recognition: Recognition) -> str | None:
    """Names the cells that hold formulas without a result; None when there are none among the data."""
    marks = table.grid.marks
    cells = marks.uncomputed if marks else set()
    fields, rows = _fields(recognition), set(table.rows)
    found = sorted((column, table.grid.lines[row]) for row, column in cells if row in rows and column in fields)
    if not found:
        return None
    named = [f"{_letters(column)}{line}" for column, line in found[:_NAMED]]
    more = [_("още {n}").format(n=number(len(found) - _NAMED))] if len(found) > _NAMED else []
    return _(
        "Програмата, с която е направен файлът, не е пресметнала формулите в {cells} {where}. Отворете файла "
        "в Excel, запишете го и го качете отново."
    ).format(cells=noun(len(found), "клетка"), where=listed([*named, *more]))


def _fields(recognition: Recognition) -> set[int]:
    return {n for n, column in enumerate(recognition.columns) if column.field}


def _letters(column: int) -> str:
    letters = ""
    while column >= 0:
        column, letter = column // 26 - 1, chr(ord("A") + column % 26)
        letters = letter + letters
    return letters
