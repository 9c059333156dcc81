"""Checks and absences of the demonstration once more, from the raw bytes of its files, without the product's code."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

import openpyxl
import pandas as pd
import pyarrow.parquet as pq

_COLUMNS = {
    "№ на проверката": "number",
    "Дата": "day",
    "Училище (код)": "school",
    "Вид проверка": "kind",
    "Списъчен състав": "enrolled",
    "Присъстващи": "present",
    "Отсъстващи по дневник": "recorded",
    "Констатация": "finding",
    "Срок": "due",
    "Изпълнена на": "closed",
    "Повторна на №": "repeat_of",
}


class RawDemo:
    """The files by name, read as a clerk would read them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @cached_property
    def checks(self) -> pd.DataFrame:
        """One row a check of all files, oldest first."""
        tables = []
        for name, data in self.files.items():
            if name.startswith("проверки"):
                head, *lines = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
                tables.append(pd.DataFrame(lines, columns=list(head), dtype=object).rename(columns=_COLUMNS))
        found = pd.concat(tables, ignore_index=True)[[*_COLUMNS.values()]]
        return found.sort_values(["day", "number"], ignore_index=True)

    def between(self, first: date, last: date) -> pd.DataFrame:
        rows = self.checks
        inside = [first <= day.date() <= last for day in rows["day"]]
        return rows[inside].reset_index(drop=True)

    def over_threshold(self, month: date) -> dict[str, tuple[int, int]]:
        """Schools that sent the month: pupils with at least 5 unexcused hours, of how many on the newest list."""
        sizes, found = self._list_sizes(month), {}
        year = month.year if month.month >= 9 else month.year - 1
        for school, size in sizes.items():
            data = self.files.get(f"{school}_{year}_{month.month}_File.txt")
            if data is None:
                continue
            missed: dict[str, float] = defaultdict(float)
            for line in filter(None, data.decode("windows-1251").split("\r\n")):
                cells = line.split("|")
                if int(cells[8]) >= 1:
                    missed[cells[4]] += float(cells[15].replace(",", "."))
            found[school] = (sum(hours >= 5 for hours in missed.values()), size)
        return found

    def _list_sizes(self, month: date) -> dict[str, int]:
        after = (month + timedelta(days=32)).replace(day=1)
        days = [
            date.fromisoformat(name.removeprefix("ученици_").removesuffix(".parquet"))
            for name in self.files
            if name.startswith("ученици_")
        ]
        newest = max(day for day in days if day < after)
        table = pq.read_table(io.BytesIO(self.files[f"ученици_{newest}.parquet"])).to_pandas()
        return table[table["Випуск"] >= 1].groupby("Код по НЕИСПУО").size().to_dict()
