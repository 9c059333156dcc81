"""Small files of each kind, as people would send them, and what staging made of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import filling
import numpy as np
import pandas as pd

from obhvat.ingest import Source, Upload
from obhvat.store import Store

TODAY = date(2024, 3, 13)
EGN = "7501010010"

REGISTER_HEAD = "Област;Код по НЕИСПУО;Наименование;Вид по чл. 38;Община;Населено място"
SCHOOLS = (
    "Примерна;9000101;ОУ „Пример“;основно;Каменград;гр. Каменград",
    "Примерна;9000102;СУ „Образец“;средно;Ведрово;гр. Ведрово",
    "Примерна;9000151;ДГ „Звънче“;детска градина;Ведрово;гр. Ведрово",
)
ABSENCES_HEAD = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
)
CASES_HEAD = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус"
ROUNDS_HEAD = "№ на обхода;Дата;Община;Участвали институции;Посетени адреси"
ACTIONS_HEAD = "№ на случая;Към дата;Община;Дата;Вид действие"


def table(head: str, *rows: str, name: str = "файл.csv", delimiter: str = ";", encoding: str = "utf-8") -> Source:
    """A delimited file; `head` and `rows` are written with semicolons."""
    return Source(name, "\n".join([head, *rows]).replace(";", delimiter).encode(encoding))


def register(*more: str) -> Source:
    return table(REGISTER_HEAD, *SCHOOLS, *more, name="институции.csv")


def absence(
    pupil: str, missed: str = "1", *, school: str = "9000101", month: str = "10", class_name: str = "7а"
) -> str:
    return f"{school};2023/2024;{month};{pupil};7;{class_name};0;{missed}"


def absences(*rows: str, name: str = "отсъствия.csv") -> Source:
    return table(ABSENCES_HEAD, *rows, name=name)


def school_month(n_pupils: int, *, school: str = "9000101", month: str = "10", name: str = "отсъствия.csv") -> Source:
    return absences(*(absence(f"дете-{n}", school=school, month=month) for n in range(n_pupils)), name=name)


def case(number: str, municipality: str = "Каменград", *, as_of: str = "05.02.2024", status: str = "в работа") -> str:
    return f"{number};{as_of};отпаднал;{municipality};12.10.2023;{status}"


def cases(*rows: str, name: str = "случаи.csv") -> Source:
    return table(CASES_HEAD, *rows, name=name)


def put(store: Store, *sources: Source, today: date = TODAY) -> list[int]:
    """Commit files without asking about doubts."""
    return filling.put(store, sources, today=today, clean=False)


def staged(upload: Upload, dataset: str, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the accepted rows, in the order of files and lines."""
    frame = upload.staging.read(f"select {columns} from staged_{dataset} order by file_no, line")
    return [tuple(map(_plain, row)) for row in frame.itertuples(index=False, name=None)]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if value is pd.NaT or value is pd.NA or value != value:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def numbered(sources: Iterable[Source]) -> list[Source]:
    """Files of one drop, each by a name of its own: what is tried of many files costs as much as of one."""
    return [Source(f"{n} {source.name}", source.data) for n, source in enumerate(sources, start=1)]


def staged_of(upload: Upload, dataset: str, columns: str) -> dict[int, list[tuple[Any, ...]]]:
    """Of each file with accepted rows, by its number, what `staged` says."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for file_no, *row in staged(upload, dataset, f"file_no, {columns}"):
        found.setdefault(file_no, []).append(tuple(row))
    return found


def faults(upload: Upload, file_no: int = 0) -> list[tuple[int, str]]:
    """Line and rule of every fault of a file."""
    found = upload.rejected(file_no)
    return list(zip(found["line"], found["rule"], strict=True))


def everything_kept(upload: Upload) -> str:
    """All that staging holds, as one text."""
    names = upload.staging.read("select table_name from duckdb_tables()")["table_name"]
    return "\n".join(upload.staging.read(f"select * from {name}").to_string(max_colwidth=None) for name in names)


def refusals(upload: Upload) -> list[str | None]:
    return [f.refused for f in upload.files]
