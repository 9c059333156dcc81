"""The files of an oblast as a clerk would read them: typed rows, each with the number of the file it came in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

import openpyxl
import pandas as pd

Row = dict[str, Any]


class Source(Protocol):
    """What a file is called and holds."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class Arrived(Protocol):
    """A file and when it reached the program."""

    @property
    def source(self) -> Source: ...
    @property
    def at(self) -> datetime: ...


def text_of(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def day_of(cell: object) -> date | None:
    """A day that was typed or that Excel keeps; None for an empty cell."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return datetime.strptime(text_of(cell), "%d.%m.%Y").date() if text_of(cell) else None


def number_of(cell: object) -> float | None:
    return float(text_of(cell).replace(",", ".")) if text_of(cell) else None


def is_yes(cell: object) -> bool:
    return cell is True or text_of(cell).lower() in ("да", "true", "1")


def names_of(cell: object) -> tuple[str, ...]:
    """What a cell lists, each once."""
    return tuple({name.strip() for name in text_of(cell).split(";") if name.strip()})


def child_of(cell: object) -> str:
    """An identifier with the zeros that Excel took from its front."""
    return text_of(cell).zfill(10) if text_of(cell) else ""


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def year_of(month: date) -> int:
    """The school year of a month."""
    return month.year if month.month >= 9 else month.year - 1


def month_in(start_year: int, number: int) -> date:
    return date(start_year + (number < 9), number, 1)


def month_of_text(cell: object) -> date:
    """„10.2023“."""
    month, year = text_of(cell).split(".")
    return date(int(year), int(month), 1)


# Field → caption and what its cells hold.
Columns = Mapping[str, tuple[str, Callable[[object], Any]]]
INSTITUTIONS: Columns = {
    "code": ("Код по НЕИСПУО", text_of),
    "municipality": ("Община", text_of),
    "kind": ("Вид по чл. 38", text_of),
    "state": ("Статус", text_of),
    "active": ("Действаща", text_of),
    "opened": ("Открита на", day_of),
    "closed": ("Закрита на", day_of),
}
LISTS: Columns = {
    "school": ("Код по НЕИСПУО", text_of),
    "day": ("Към дата", day_of),
    "child": ("ЕГН/ЛНЧ", child_of),
    "grade": ("Випуск", number_of),
    "repeater": ("Второгодник", is_yes),
    "age": ("Навършени години", number_of),
    "enrolled": ("Записан на", day_of),
    "left": ("Отписан на", day_of),
}
MARKS: Columns = {
    "school": ("Код по НЕИСПУО", text_of),
    "year": ("Учебна година", text_of),
    "number": ("Месец", number_of),
    "submitted": ("Подадени", is_yes),
    "submitted_on": ("Подадени на", day_of),
    "signed": ("Подписани", is_yes),
}
CASES: Columns = {
    "case": ("№ на случая", text_of),
    "as_of": ("Към дата", day_of),
    "child": ("ЕГН/ЛНЧ", child_of),
    "category": ("Категория", text_of),
    "municipality": ("Община по адрес", text_of),
    "school": ("Училище (код)", text_of),
    "opened": ("Дата на сигнала", day_of),
    "dropped": ("Дата на отпадане", day_of),
    "reason": ("Причина", text_of),
    "again": ("Повторен", is_yes),
    "status": ("Статус", text_of),
    "since": ("Статус от дата", day_of),
}
STEPS: Columns = {
    "case": ("№ на случая", text_of),
    "as_of": ("Към дата", day_of),
    "municipality": ("Община", text_of),
    "day": ("Дата", day_of),
    "kind": ("Вид действие", text_of),
    "n": ("Пореден №", number_of),
    "institutions": ("Участвали институции", names_of),
    "contact": ("Осъществен контакт", text_of),
    "next_step": ("Следваща стъпка", text_of),
    "due": ("Срок", day_of),
}
ROUNDS: Columns = {
    "number": ("№ на обхода", text_of),
    "day": ("Дата", day_of),
    "municipality": ("Община", text_of),
    "institutions": ("Участвали институции", names_of),
    "addresses": ("Посетени адреси", number_of),
    "found": ("Открити деца", number_of),
    "returned": ("Върнати деца", number_of),
}
SANCTIONS: Columns = {
    "municipality": ("Община", text_of),
    "month": ("Месец", month_of_text),
    "reports": ("Докладни", number_of),
    "acts": ("АУАН", number_of),
    "penalties": ("Наказателни постановления", number_of),
}
BENEFITS: Columns = {
    "municipality": ("Община", text_of),
    "month": ("Месец", month_of_text),
    "families": ("Семейства", number_of),
}
CHECKS: Columns = {
    "number": ("№ на проверката", text_of),
    "day": ("Дата", day_of),
    "school": ("Училище (код)", text_of),
    "kind": ("Вид проверка", text_of),
    "enrolled": ("Списъчен състав", number_of),
    "present": ("Присъстващи", number_of),
    "recorded": ("Отсъстващи по дневник", number_of),
    "finding": ("Констатация", text_of),
    "recommendation": ("Препоръка", text_of),
    "due": ("Срок", day_of),
    "closed": ("Изпълнена на", day_of),
    "repeat_of": ("Повторна на №", text_of),
    "with_round": ("С обход", is_yes),
    "round": ("№ на обхода", text_of),
}
RESULTS: Columns = {
    "school": ("Код по НЕИСПУО", text_of),
    "year": ("Учебна година", text_of),
    "exam": ("Срок или изпит", text_of),
    "child": ("ЕГН/ЛНЧ", child_of),
    "average": ("Среден успех", number_of),
}
QUARTERS: Columns = {
    "school": ("Код по НЕИСПУО", text_of),
    "year": ("Учебна година", text_of),
    "term": ("Срок", text_of),
    "child": ("ЕГН/ЛНЧ", child_of),
    "share": ("Процент отсъствия", number_of),
}


class RawFiles:
    """The files in the order they arrived. Every table has `file`, the number of the file a row came in."""

    def __init__(self, files: Iterable[Arrived]) -> None:
        self.files = sorted(files, key=lambda arrived: arrived.at)
        self.at = [arrived.at for arrived in self.files]

    def _table(self, prefix: str, columns: Columns) -> pd.DataFrame:
        """The rows of all files whose name begins so."""
        rows = [
            (n, *cells)
            for n, arrived in enumerate(self.files)
            if arrived.source.name.startswith(prefix)
            for cells in _cells(arrived.source, columns)
        ]
        return pd.DataFrame(rows, columns=["file", *columns], dtype="object").astype({"file": "int64"})

    @cached_property
    def institutions(self) -> pd.DataFrame:
        rows = self._table("институции", INSTITUTIONS)
        levels = {"детска градина": "kindergarten", "център за подкрепа": "", "": ""}
        rows["level"] = [levels.get(kind, "school") for kind in rows["kind"]]
        return rows[rows["level"] != ""].reset_index(drop=True)

    @cached_property
    def lists(self) -> pd.DataFrame:
        return self._table("ученици", LISTS)

    @cached_property
    def marks(self) -> pd.DataFrame:
        """Who submitted and signed, by the report of РУО."""
        rows = self._table("подавания", MARKS)
        rows["month"] = [month_in(int(y[:4]), int(n)) for y, n in zip(rows["year"], rows["number"], strict=True)]
        return rows

    @cached_property
    def cases(self) -> pd.DataFrame:
        return self._table("случаи", CASES)

    @cached_property
    def steps(self) -> pd.DataFrame:
        return self._table("действия", STEPS)

    @cached_property
    def rounds(self) -> pd.DataFrame:
        return self._table("обходи", ROUNDS)

    @cached_property
    def sanctions(self) -> pd.DataFrame:
        return self._table("санкции", SANCTIONS)

    @cached_property
    def benefits(self) -> pd.DataFrame:
        return self._table("помощи", BENEFITS)

    @cached_property
    def checks(self) -> pd.DataFrame:
        return self._table("проверки", CHECKS)

    @cached_property
    def results(self) -> pd.DataFrame:
        return self._table("успех", RESULTS)

    @cached_property
    def child_no(self) -> dict[tuple[str, str], int]:
        """Every child of the lists and the national files, in hours and in days: its number."""
        of_lists = zip(self.lists["child"], ["hours" if g >= 1 else "days" for g in self.lists["grade"]], strict=True)
        of_lines = zip(self.lines["child"], self.lines["unit"], strict=True)
        return {child: n for n, child in enumerate(dict.fromkeys([*of_lists, *of_lines]))}

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Pupils who missed a quarter of a subject's lessons."""
        return self._table("отсъствия_25", QUARTERS)

    @cached_property
    def sent(self) -> pd.DataFrame:
        """The national files, empty ones too: file, school, month, by their names."""
        rows = []
        for n, arrived in enumerate(self.files):
            if arrived.source.name.endswith("_File.txt"):
                school, year, number, _ = arrived.source.name.split("_")
                rows.append((n, school, month_in(int(year), int(number))))
        return pd.DataFrame(rows, columns=["file", "school", "month"])

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The lines of the national files. A grade below I is of a preschool group, whose absences are days."""
        rows = []
        for n, school, month in self.sent.itertuples(index=False, name=None):
            for line in filter(None, self.files[n].source.data.decode("windows-1251").split("\r\n")):
                cells = line.split("|")
                # The month of a leaving date is printed wrongly; its day is of the file's month.
                left = month.replace(day=int(cells[13][:2])) if cells[13] else None
                excused, unexcused = (float(cell.replace(",", ".")) for cell in cells[14:16])
                unit = "hours" if int(cells[8]) >= 1 else "days"
                about = (cells[4].zfill(10), unit, int(cells[8]), cells[11], left)
                rows.append((n, school, month, *about, excused, unexcused))
        columns = ["file", "school", "month", "child", "unit", "grade", "class_name", "left", "excused", "unexcused"]
        return pd.DataFrame(rows, columns=columns)


def _cells(source: Source, columns: Columns) -> Iterable[tuple[Any, ...]]:
    """The cells of a file's rows in the order of the columns; a column that the file lacks is empty."""
    header, rows = _grid(source)
    places = [(header.index(caption) if caption in header else None, read) for caption, read in columns.values()]
    for row in rows:
        yield tuple(read(row[place] if place is not None else None) for place, read in places)


def _grid(source: Source) -> tuple[list[str], list[Sequence[object]]]:
    """The captions and the rows below them; a title above and a row of column numbers are no rows."""
    rows: list[Sequence[object]]
    if source.name.endswith(".xlsx"):
        rows = list(openpyxl.load_workbook(io.BytesIO(source.data)).active.iter_rows(values_only=True))
    elif source.name.endswith(".parquet"):
        table = pd.read_parquet(io.BytesIO(source.data)).astype("object")
        rows = [table.columns.tolist(), *table.where(table.notna(), None).itertuples(index=False, name=None)]
    else:
        rows = [*_text_rows(source.data)]
    at = next(n for n, row in enumerate(rows) if sum(bool(text_of(cell)) for cell in row) > 2)
    header = [text_of(cell) for cell in rows[at]]
    below = [row for row in rows[at + 1 :] if any(text_of(cell) for cell in row)]
    return header, [row for row in below if not _is_numbering([text_of(cell) for cell in row])]


def _is_numbering(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return not cells[0] and filled == [str(n) for n in range(1, len(filled) + 1)]


def _text_rows(data: bytes) -> Iterable[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("windows-1251")
    lines = text.splitlines()
    captions = next(line for line in lines if any(line.count(sign) > 2 for sign in ";\t,"))
    return csv.reader(io.StringIO(text), delimiter=max(";\t,", key=captions.count))
