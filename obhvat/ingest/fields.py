"""Fields: what a table is about, and which column becomes which field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from obhvat.datasets import PERSONAL_CAPTIONS, Dataset, Field, all_datasets, dataset
from obhvat.datasets.captions import normal
from obhvat.errors import UnreadableFile
from obhvat.ingest.table import Table, known_captions
from obhvat.layouts import all_layouts
from obhvat.texts import listed

Use = Literal["field", "personal", "unused"]

_ID_SHARE = 0.3
_ID_SAMPLE = 24
_ID_LIKE = re.compile(r"\s*\d{9,10}(\.0)?\s*")
_FILE_DATE = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)[-_.](?P<m>\d\d)[-_.](?P<d>\d\d)|(?P<d2>\d\d)[-_.](?P<m2>\d\d)[-_.](?P<y2>20\d\d))(?!\d)"
)


@dataclass(frozen=True)
class ColumnUse:
    """What became of a column: a field, dropped as personal, or not used."""

    caption: str
    use: Use
    field: str | None = None
    looks_like_id: bool = False


@dataclass(frozen=True)
class Recognition:
    """What a table is: its dataset, its layout, its columns, and what only the file's name says."""

    dataset: Dataset
    layout: str
    """A name of obhvat.layouts, or `template` for our own."""
    columns: tuple[ColumnUse, ...]
    from_name: dict[str, str] = field(default_factory=dict)
    captioned: bool = True
    """Whether the columns are known by captions, not by their number alone."""

    def index_of(self, field_name: str) -> int | None:
        return next((n for n, c in enumerate(self.columns) if c.field == field_name), None)

    @property
    def mapping(self) -> tuple[tuple[str, int], ...]:
        """Pairs of field and column: two tables with the same mapping are staged together."""
        return tuple((c.field, n) for n, c in enumerate(self.columns) if c.field)


def looks_like_id(sample: list[list[str]], column: int) -> bool:
    """Whether a column of the sampled rows holds numbers as long as an ЕГН."""
    cells = [row[column] for row in sample if column < len(row) and row[column]]
    return sum(len(c) > 8 and bool(_ID_LIKE.fullmatch(c)) for c in cells) >= max(1, _ID_SHARE * len(cells))


def _match(header: tuple[str, ...], wanted: Dataset) -> dict[int, Field]:
    """Column → field. The printed caption takes a field before a synonym of it in another column."""
    normals = [normal(c) for c in header]
    taken: dict[int, Field] = {}
    for rank in (lambda f, c: c == f.spellings[0], lambda f, c: c in f.spellings):
        for f in wanted.fields:
            if f in taken.values():
                continue
            column = next((n for n, c in enumerate(normals) if c and n not in taken and rank(f, c)), None)
            if column is not None:
                taken[column] = f
    return taken


def _can_be_absent(f: Field) -> bool:
    return not f.required or f.default is not None or f.file_date


def _names_dataset(name: str, sheet: str, wanted: Dataset) -> bool:
    words = normal(f"{Path(name).stem} {sheet}")
    return any(normal(w) in words for w in (wanted.title, wanted.file_stem, wanted.name))


def _given_by_name(name: str, wanted: Dataset) -> dict[str, str]:
    """The date in a file's name, for a register without a date column."""
    wants = [f.name for f in wanted.fields if f.file_date]
    found = _FILE_DATE.search(name)
    if not wants or not found:
        return {}
    year, month, day = (found[a] or found[b] for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
    try:
        return {wants[0]: date(int(year), int(month), int(day)).isoformat()}
    except ValueError:
        return {}


def recognise(table: Table, name: str, sheet: str = "") -> Recognition:
    """What the table is and what its columns become.

    Raises UnreadableFile when it is none of our datasets, when required columns are missing, or when a column
    that is kept holds what looks like ЕГН.
    """
    if table.layout:
        columns = tuple(
            ColumnUse(c.caption, "field", c.field)
            if c.field
            else ColumnUse(c.caption, "personal" if c.personal else "unused")
            for c in table.layout.columns
        )
        known = Recognition(
            dataset(table.layout.dataset),
            table.layout.name,
            columns,
            table.layout.from_file_name(name),
            captioned=False,
        )
        return _without_hidden_ids(known, table)
    if table.header is None:
        raise UnreadableFile(
            "Не намерих заглавен ред с познати колони. Сравнете файла с образците в страница „Помощ“ и ги подредете "
            "със същите заглавия."
        )
    best: tuple[tuple[bool, bool, float, int], Dataset, dict[int, Field]] | None = None
    captions = [normal(c) for c in table.header]
    for candidate in all_datasets():
        if candidate.not_with and any(c.startswith(candidate.not_with) for c in captions):
            continue
        matched = _match(table.header, candidate)
        needed = [f for f in candidate.fields if not _can_be_absent(f)]
        share = sum(f in matched.values() for f in needed) / len(needed)
        score = (share == 1.0, _names_dataset(name, sheet, candidate), share, len(matched))
        if len(matched) > 1 and share >= 0.5 and (best is None or score > best[0]):
            best = (score, candidate, matched)
    if best is None:
        # Without captions we know the row may be data with names in it, so it is not repeated.
        are_captions = sum(c in known_captions() for c in captions) > 1
        quoted = listed(f"„{c}“" for c in table.header[:8] if c)
        shown = f": {quoted}" if are_captions else f" на ред {table.header_lines[0]}"
        raise UnreadableFile(
            f"Не познах какво съдържа файлът по заглавията на колоните{shown}. "
            "Сравнете ги с образците в страница „Помощ“."
        )
    (complete, *_), found, matched = best
    if not complete:
        missing = [f.caption for f in found.fields if f not in matched.values() and not _can_be_absent(f)]
        lacking, them = ("липсва колоната", "я") if len(missing) == 1 else ("липсват колоните", "ги")
        raise UnreadableFile(
            f"Прилича на „{found.title}“, но {lacking} {listed(f'„{c}“' for c in missing)}. "
            f"Добавете {them} и качете файла отново."
        )
    columns = tuple(
        ColumnUse(caption, "field", matched[n].name)
        if n in matched
        else ColumnUse(caption, "personal" if normal(caption) in PERSONAL_CAPTIONS else "unused")
        for n, caption in enumerate(table.header)
    )
    layout = next(
        (x.name for x in all_layouts() if x.dataset == found.name and x.fits_captions(table.header)),
        "template",
    )
    return _without_hidden_ids(Recognition(found, layout, columns, _given_by_name(name, found)), table)


def _without_hidden_ids(known: Recognition, table: Table) -> Recognition:
    columns = []
    sample = table.sample(_ID_SAMPLE)
    for n, column in enumerate(known.columns):
        is_id = known.dataset[column.field].type == "pupil" if column.field else column.use == "personal"
        if is_id or not looks_like_id(sample, n):
            columns.append(column)
        elif column.use == "field":
            raise UnreadableFile(
                f"Колоната „{column.caption}“ съдържа числа, които приличат на ЕГН. Файлът не е прочетен. Махнете ги "
                "или ги сложете в колона „ЕГН/ЛНЧ“, където се превръщат в псевдоним."
            )
        else:
            columns.append(ColumnUse(column.caption, "personal", looks_like_id=True))
    return replace(known, columns=tuple(columns))
