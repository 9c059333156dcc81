"""Files whose form is fixed by others: one TOML a layout, and how each is known without asking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from obhvat.datasets import dataset, latin
from obhvat.datasets.captions import normal
from obhvat.resources import read_toml

NAMES = (
    "neispuo_absences",
    "register",
    "asp_absences",
    "asp_confirmations",
    "asp_enrolled",
    "diary_at_risk",
    "diary_by_class",
    "diary_by_pupil",
    "diary_marks",
    "diary_missing_topics",
    "ruo_months",
    "ruo_year",
    "ruo_year_by_pupil",
    "ruo_quarter",
)
# Of the sampled rows, this share must look like the layout: a few may be damaged.
_SHARE = 0.6


@dataclass(frozen=True)
class Column:
    """A column of a layout: of a headerless one by its place, of the others by its caption."""

    caption: str
    field: str | None = None
    personal: bool = False
    pattern: str | None = None
    part: str = ""
    """What the column is about where a field has several: a term."""


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
    waives: frozenset[str] = frozenset()
    """Required fields this form does not have: unknown, not empty."""
    given: tuple[tuple[str, str], ...] = ()
    """Values the form itself implies."""
    parts: str | None = None
    """The field that the parts of columns say; each part of a row becomes a row."""
    trailer: bool = False
    """Whether the last line is none of the rows."""
    grade_totals: bool = False
    """Whether sums of a grade's classes stand between the classes under the grade's name alone."""

    def fits_cells(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether most of the rows have this layout's number of columns and its patterns."""
        if self.captions or not self.columns or not rows:
            return False
        patterns = [(n, re.compile(c.pattern)) for n, c in enumerate(self.columns) if c.pattern]
        fitting = sum(
            len(row) == len(self.columns) and all(pattern.fullmatch(row[n].strip()) for n, pattern in patterns)
            for row in rows
        )
        return fitting >= _SHARE * len(rows)

    def fits_captions(self, header: Sequence[str]) -> int:
        """How many captions of one of the lists the header has, when it has all of them; a synonym will do where
        the layout leaves its columns to the dataset. Else 0."""
        captions = {normal(caption) for caption in header}
        otherwise = {latin.key(caption) for caption in header if not self.columns and latin.is_unusual(caption)}
        fields = {f.spellings[0]: f for f in dataset(self.dataset).fields if not self.columns}

        def stands(caption: str) -> bool:
            form = normal(caption)
            field = fields.get(form)
            if captions & {form, *(field.spellings if field else ())}:
                return True
            return bool(otherwise) and bool(otherwise & (field.keys if field else latin.keys(form)))

        return max((len(wanted) for wanted in self.captions if all(map(stands, wanted))), default=0)

    def from_file_name(self, name: str) -> dict[str, str]:
        """What the file's name says of its content: `school`, `school_year`, `month`; empty when it says nothing."""
        match = re.match(self.file_name, name, re.IGNORECASE) if self.file_name else None
        values = {field: text for field, text in match.groupdict().items() if text} if match else {}
        if "year" in values:
            # A calendar year: its first months are of the school year that began in the one before.
            values["school_year"] = str(int(values.pop("year")) - (int(values["month"]) < 9))
        return values


@cache
def layout(name: str) -> Layout:
    """The declaration of one layout. Raises KeyError for a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    declared = read_toml(f"layouts/{name}.toml")
    return Layout(
        name=name,
        title=declared["title"],
        dataset=declared["dataset"],
        delimiter=declared.get("delimiter"),
        columns=tuple(Column(**c) for c in declared.get("columns", ())),
        captions=tuple(map(tuple, declared.get("captions", ()))),
        file_name=declared.get("file_name"),
        waives=frozenset(declared.get("waives", ())),
        given=tuple(declared.get("given", {}).items()),
        parts=declared.get("parts"),
        trailer=declared.get("trailer", False),
        grade_totals=declared.get("grade_totals", False),
    )


def layout_title(name: str) -> str | None:
    """The title of a layout; None for a form that is not one of NAMES."""
    return layout(name).title if name in NAMES else None


def all_layouts() -> tuple[Layout, ...]:
    return tuple(map(layout, NAMES))
