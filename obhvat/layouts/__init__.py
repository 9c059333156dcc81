"""Files whose form is fixed by others: one TOML a layout, and how each is known without asking."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from obhvat.datasets import dataset
from obhvat.datasets.captions import normal

NAMES = ("neispuo_absences", "register")
# Of the sampled rows, this share must look like the layout: a few may be damaged.
_SHARE = 0.6


@dataclass(frozen=True)
class Column:
    """A column of a headerless layout."""

    caption: str
    field: str | None = None
    personal: bool = False
    pattern: str | None = None


@dataclass(frozen=True)
class Layout:
    """A fixed form. Headerless ones are known by their cells, the others by their captions."""

    name: str
    title: str
    dataset: str
    delimiter: str | None = None
    columns: tuple[Column, ...] = ()
    captions: tuple[tuple[str, ...], ...] = ()
    file_name: str | None = None

    def fits_cells(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether most of the rows have this layout's number of columns and its patterns."""
        if not self.columns or not rows:
            return False
        patterns = [re.compile(c.pattern) if c.pattern else None for c in self.columns]
        fitting = sum(
            len(row) == len(patterns)
            and all(p is None or p.fullmatch(cell.strip()) for p, cell in zip(patterns, row, strict=True))
            for row in rows
        )
        return fitting >= _SHARE * len(rows)

    def fits_captions(self, header: Sequence[str]) -> bool:
        """Whether the header has every caption of one of the lists, or a synonym of it."""
        known = {normal(caption) for caption in header}
        spellings = {f.spellings[0]: set(f.spellings) for f in dataset(self.dataset).fields}
        return any(
            all(known & (spellings.get(normal(c), set()) | {normal(c)}) for c in wanted) for wanted in self.captions
        )

    def from_file_name(self, name: str) -> dict[str, str]:
        """What the file's name says of its content: `school`, `school_year`, `month`; empty when it says nothing."""
        found = re.match(self.file_name, name, re.IGNORECASE) if self.file_name else None
        return {k: v for k, v in found.groupdict().items() if v} if found else {}


@cache
def layout(name: str) -> Layout:
    """The declaration of one layout. Raises KeyError for a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    declared = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))
    return Layout(
        name=name,
        title=declared["title"],
        dataset=declared["dataset"],
        delimiter=declared.get("delimiter"),
        columns=tuple(Column(**c) for c in declared.get("columns", ())),
        captions=tuple(map(tuple, declared.get("captions", ()))),
        file_name=declared.get("file_name"),
    )


def all_layouts() -> tuple[Layout, ...]:
    return tuple(map(layout, NAMES))
