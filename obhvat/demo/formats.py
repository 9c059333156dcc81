"""How the invented files are written: delimited text and workbooks, with our captions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from obhvat.datasets import dataset


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "да" if value else "не"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return "" if value is None else str(value)


def csv_bytes(
    rows: Iterable[Sequence[object]], header: Sequence[str], delimiter: str = ";", encoding: str = "utf-8-sig"
) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(v) for v in row] for row in rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[object]], header: Sequence[str], sheet: str) -> bytes:
    # Forty modules; a demonstration that is carried made has no use for them.
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        # The same every time: by default it tells when it was made.
        book.set_properties({"created": datetime(2024, 1, 1)})
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, header)
        for n, row in enumerate(rows, start=1):
            page.write_row(n, 0, [_cell(v) if isinstance(v, bool) else v for v in row])
    return out.getvalue()


def captions(name: str, fields: Sequence[str]) -> list[str]:
    return [dataset(name)[f].caption for f in fields]
