"""Fields: what a table is about, and which column becomes which field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from obhvat.datasets import Dataset, Field, all_datasets, dataset, latin
from obhvat.datasets.captions import normal
from obhvat.datasets.personal import is_personal
from obhvat.errors import UnknownTable, UnreadableFile
from obhvat.ingest.answers import ColumnAnswers
from obhvat.ingest.reading.table import Table, known_captions
from obhvat.language import B_, _, ngettext
from obhvat.layouts import Layout, all_layouts, exam_results
from obhvat.texts import listed

Use = Literal["field", "personal", "unused"]
_Columns = tuple[Mapping[str, Sequence[int]], Mapping[str, Sequence[int]]]

TEMPLATE = "template"
EXAM_RESULTS = "exam_results"
MAPPED = "mapped"

_ID_SHARE = 0.3
_ID_SAMPLE = 24
_NAME_SAMPLE = 60
_HALF = 0.5
# Fields that an institution is named in, and who may own it (чл. 35–36 ЗПУО).
_NAMES = ("name", "school_name")
# What a table with a pair of columns a subject may say of each row.
_BESIDE_RESULTS = ("school", "school_year", "exam", "maximum")
_OWNERSHIP = re.compile("(?:държавн|общинск|частн|духовн)[оаи]")
COLUMN = "колона"
"""What a column without a caption is called, with its number."""
_ID_LIKE = re.compile(r"\s*\d{9,10}(\.0)?\s*")


@dataclass(frozen=True)
class ColumnUse:
    """What became of a column: a field, dropped as personal, or not used."""

    caption: str
    use: Use
    field: str | None = None
    looks_like_id: bool = False
    part: str = ""
    """What the column is about where a field has several: a subject, a term."""


@dataclass(frozen=True)
class Recognition:
    """What a table is: its dataset, its layout, its columns, and what its form implies."""

    dataset: Dataset
    layout: str
    """A name of obhvat.layouts; `template` for our own, `exam_results`, or `mapped` by a person."""
    columns: tuple[ColumnUse, ...]
    captioned: bool = True
    """Whether the columns are known by captions, not by their number alone."""
    waived: frozenset[str] = frozenset()
    """Required fields the form does not have."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Values the form implies for every row."""
    part_field: str | None = None
    """The field whose value is a column's part; each part of a row becomes a row."""
    of_parts: tuple[tuple[str, str, str], ...] = ()
    """Part, field and value: what the form says of every row of a part, out of how many points a subject's exam is."""

    def index_of(self, field_name: str) -> int | None:
        return next((n for n, c in enumerate(self.columns) if c.field == field_name), None)

    @property
    def mapping(self) -> tuple[tuple[str, int], ...]:
        """Pairs of field and column."""
        return tuple((c.field, n) for n, c in enumerate(self.columns) if c.field)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.part for c in self.columns if c.part))

    @property
    def part_fields(self) -> tuple[str, ...]:
        """The fields that a part has columns for."""
        return tuple(dict.fromkeys(c.field for c in self.columns if c.part and c.field))

    @property
    def said_of_parts(self) -> tuple[str, ...]:
        """The fields of `of_parts`."""
        return tuple(dict.fromkeys(name for _unused, name, _unused in self.of_parts))

    def long(self) -> Recognition:
        """As the table is after each part of a row became a row: behind the columns, the part and its fields."""
        if not self.part_field:
            return self
        kept = tuple(ColumnUse(c.caption, "unused") if c.part else c for c in self.columns)
        own = (self.part_field, *self.part_fields, *self.said_of_parts)
        return replace(self, columns=(*kept, *(ColumnUse("", "field", name) for name in own)), part_field=None)


def signature(header: Sequence[str]) -> str:
    """By what a sender's form is known again: its captions in `normal` form."""
    return "|".join(map(normal, header))


def looks_like_id(sample: list[list[str]], column: int) -> bool:
    """Whether a column of the sampled rows holds numbers as long as an ЕГН."""
    cells = [row[column] for row in sample if column < len(row) and row[column]]
    long = [c for c in cells if len(c) > 8]
    return len([c for c in long if _ID_LIKE.fullmatch(c)]) >= max(1, _ID_SHARE * len(cells))


def _no_names(table: Table) -> frozenset[int]:
    """Columns under the caption of an institution's name that hold something else: who owns it, or its kind beside the
    name under the same caption."""
    sample = table.sample(_NAME_SAMPLE)
    texts = {n: {normal(row[n]) for row in sample if n < len(row)} - {""} for n in range(table.width)}
    owners = {n for n, of_column in texts.items() if of_column and all(map(_OWNERSHIP.fullmatch, of_column))}
    columns: dict[str, list[int]] = defaultdict(list)
    for n, caption in enumerate(table.header or ()):
        if n not in owners:
            columns[normal(caption)].append(n)
    kinds = {n for alike in columns.values() for n in sorted(alike, key=lambda n: -len(texts[n]))[1:]}
    return frozenset(owners | kinds)


def _match(columns: _Columns, wanted: Dataset, no_names: frozenset[int] = frozenset()) -> dict[int, Field]:
    """Column → field. The printed caption takes a field before a synonym of it in another column.

    `columns` are those of a header; `no_names` are columns that are no institution's name, whatever their captions.
    """
    by_caption, by_key = columns
    taken: dict[int, Field] = {}
    matched: set[str] = set()
    ranks: list[Callable[[Field], Iterable[int]]] = [
        lambda f: by_caption.get(f.spellings[0], ()),
        lambda f: (n for caption in by_caption.keys() & f.known_as for n in by_caption[caption]),
    ]
    if by_key:
        ranks.append(lambda f: (n for key in by_key.keys() & f.keys for n in by_key[key]))
    for rank in ranks:
        for f in wanted.fields:
            if f.name in matched:
                continue
            barred = no_names if f.name in _NAMES else ()
            column = min((n for n in rank(f) if n not in taken and n not in barred), default=None)
            if column is not None:
                taken[column] = f
                matched.add(f.name)
    return taken


def _columns_of(header: Sequence[str]) -> _Columns:
    """The columns of a header by their captions, and of those in other letters by what these are known by."""
    return _places(map(normal, header)), _places(map(_other_letters, header))


def _places(captions: Iterable[str]) -> dict[str, list[int]]:
    """The columns of each caption that says something."""
    places: dict[str, list[int]] = defaultdict(list)
    for n, caption in enumerate(captions):
        if caption:
            places[caption].append(n)
    return dict(places)


def _other_letters(caption: str) -> str:
    """By what a caption in other letters is known; empty of any other."""
    return latin.key(caption) if latin.is_unusual(caption) else ""


def can_be_absent(f: Field, waived: frozenset[str] = frozenset()) -> bool:
    """Whether a table without the field's column can be read."""
    return not f.required or f.default is not None or f.file_wide or f.name in waived


def _names_dataset(name: str, sheet: str, wanted: Dataset) -> bool:
    words = normal(f"{Path(name).stem} {sheet}")
    return any(normal(w) in words for w in (wanted.title, wanted.file_stem, wanted.name))


def recognise(table: Table, name: str, sheet: str = "", told: ColumnAnswers | None = None) -> Recognition:
    """What the table is and what its columns become. `told` is what a person said of such a table.

    Raises UnknownTable when it is none of our datasets or required columns are missing: a person may say what
    the columns are. Raises UnreadableFile when a column that is kept holds what looks like ЕГН.
    """
    if table.layout:
        columns = tuple(
            ColumnUse(c.caption, "field", c.field)
            if c.field
            else ColumnUse(c.caption, "personal" if c.personal else "unused")
            for c in table.layout.columns
        )
        recognition = Recognition(dataset(table.layout.dataset), table.layout.name, columns, captioned=False)
    elif told:
        recognition = _as_told(table, told)
    elif table.header is None:
        raise UnknownTable(
            _(
                "Не намерих заглавен ред с познати колони. Сравнете файла с образците в страница „Помощ“ и ги "
                "подредете със същите заглавия."
            )
        )
    else:
        recognition = _by_layout(table.header) or _as_exam_results(table) or _by_captions(table, name, sheet)
    return _without_hidden_ids(recognition, table)


def _use(caption: str, field: Field | None) -> ColumnUse:
    if field:
        return ColumnUse(caption, "field", field.name)
    return ColumnUse(caption, "personal" if is_personal(caption) else "unused")


def _as_told(table: Table, told: ColumnAnswers) -> Recognition:
    wanted = dataset(told.dataset)
    captions = table.header or tuple(f"{COLUMN} {n}" for n in range(1, table.width + 1))
    fields = [wanted[name] if name else None for name in told.fields]
    columns = tuple(_use(c, f) for c, f in zip(captions, fields, strict=True))
    missing = _missing(wanted, {f.name for f in fields if f}, frozenset())
    if missing:
        raise UnknownTable(
            _("За „{title}“ още не е посочено коя колона е {captions}.").format(
                title=_(wanted.title), captions=listed(f"„{c}“" for c in missing)
            )
        )
    return Recognition(wanted, MAPPED, columns)


def _missing(wanted: Dataset, have: set[str], waived: frozenset[str]) -> list[str]:
    return [f.caption for f in wanted.fields if f.name not in have and not can_be_absent(f, waived)]


def _by_layout(header: Sequence[str]) -> Recognition | None:
    """A form fixed by others, known by its captions; of several that fit, the one that asks for most."""
    form: Layout | None = max(
        (x for x in all_layouts() if x.columns and x.fits_captions(header)),
        key=lambda x: x.fits_captions(header),
        default=None,
    )
    if form is None:
        return None
    wanted = dataset(form.dataset)
    declared = {normal(c.caption): c for c in form.columns}
    of_layout = {n: declared[normal(c)] for n, c in enumerate(header) if normal(c) in declared}
    taken = {c.field for c in of_layout.values() if c.field}
    rest = {
        n: f
        for n, f in _match(_columns_of(header), wanted).items()
        if n not in of_layout and f.name not in (taken | {form.parts})
    }
    columns = []
    for n, caption in enumerate(header):
        column = of_layout.get(n)
        if column is None:
            columns.append(_use(caption, rest.get(n)))
        elif column.field:
            columns.append(ColumnUse(caption, "field", column.field, part=column.part))
        else:
            columns.append(ColumnUse(caption, "personal" if column.personal else "unused"))
    return Recognition(
        wanted, form.name, tuple(columns), waived=form.waives, given=dict(form.given), part_field=form.parts
    )


def _as_exam_results(table: Table) -> Recognition | None:
    """Results by school with a pair of columns a subject."""
    header = table.header or ()
    wanted = dataset("results")
    matched = _match(_columns_of(header), wanted, _no_names(table))
    about_school = {n: f for n, f in matched.items() if f.helper or f.name in _BESIDE_RESULTS}
    if not {"school", "school_name"} & {f.name for f in about_school.values()}:
        return None
    measured = exam_results.measures(header, tuple(about_school))
    if not measured:
        return None
    columns = []
    for n, caption in enumerate(header):
        subject, measure = measured.get(n, ("", ""))
        columns.append(
            ColumnUse(caption, "field", measure, part=subject) if subject else _use(caption, about_school.get(n))
        )
    maxima = exam_results.maxima(header, table.titles, measured)
    of_parts = tuple((subject, "maximum", points) for subject, points in maxima.items())
    given = {"exam": "dzi_choice"} if exam_results.is_by_choice(measured) else {}
    return Recognition(wanted, EXAM_RESULTS, tuple(columns), given=given, part_field="subject", of_parts=of_parts)


def _by_captions(table: Table, name: str, sheet: str) -> Recognition:
    """One of our own templates, or a table whose captions say the same."""
    header = table.header or ()
    best: tuple[tuple[bool, bool, float, int], Dataset, dict[int, Field]] | None = None
    captions = [normal(c) for c in header]
    no_names = _no_names(table)
    columns = _columns_of(header)
    candidates = [(d, _match(columns, d, no_names)) for d in all_datasets() if not d.is_barred(header)]
    understood = {n for _unused, matched in candidates for n in matched}
    for candidate, matched in candidates:
        if candidate.needs_any and not {f.name for f in matched.values()} & set(candidate.needs_any):
            continue
        # „Община“ and „Месец“ are enough for fines, but a table of pupils that has them is not one of fines.
        if len(matched) < _HALF * len(understood):
            continue
        needed = [f for f in candidate.fields if not can_be_absent(f)]
        have = [f for f in matched.values() if not f.helper]
        share = sum(f in have for f in needed) / len(needed)
        score = (share == 1.0, _names_dataset(name, sheet, candidate), share, len(have))
        if len(have) > 1 and share >= 0.5 and (best is None or score > best[0]):
            best = (score, candidate, matched)
    if best is None:
        # Without captions we know the row may be data with names in it, so it is not repeated.
        named = any(B_("[име]") in c for c in header)
        are_captions = not named and max(len(understood), sum(c in known_captions() for c in captions)) > 1
        quoted = listed(f"„{c}“" for c in header[:8] if c)
        shown = f": {quoted}" if are_captions else _(" на ред {line}").format(line=table.header_lines[0])
        raise UnknownTable(
            _(
                "Не познах какво съдържа файлът по заглавията на колоните{shown}. Посочете какво е всяка колона или "
                "ги сравнете с образците в страница „Помощ“."
            ).format(shown=shown)
        )
    (complete, *_unused), nearest, matched = best
    if not complete:
        missing = _missing(nearest, {f.name for f in matched.values()}, frozenset())
        raise UnknownTable(
            ngettext(
                "Прилича на „{title}“, но липсва колоната {captions}. Добавете я и качете файла отново.",
                "Прилича на „{title}“, но липсват колоните {captions}. Добавете ги и качете файла отново.",
                len(missing),
            ).format(title=_(nearest.title), captions=listed(f"„{c}“" for c in missing))
        )
    uses = tuple(_use(caption, matched.get(n)) for n, caption in enumerate(header))
    layout = next(
        (x.name for x in all_layouts() if not x.columns and x.dataset == nearest.name and x.fits_captions(header)),
        TEMPLATE,
    )
    return Recognition(nearest, layout, uses)


def _without_hidden_ids(recognition: Recognition, table: Table) -> Recognition:
    columns = []
    sample = table.sample(_ID_SAMPLE)
    for n, column in enumerate(recognition.columns):
        is_id = recognition.dataset[column.field].type == "pupil" if column.field else column.use == "personal"
        if is_id or not looks_like_id(sample, n):
            columns.append(column)
        elif column.use == "field":
            raise UnreadableFile(
                _(
                    "Колоната „{caption}“ съдържа числа, които приличат на ЕГН. Файлът не е прочетен. Премахнете ги "
                    "или ги сложете в колона „ЕГН/ЛНЧ“, където се превръщат в псевдоним."
                ).format(caption=column.caption)
            )
        else:
            columns.append(ColumnUse(column.caption, "personal", looks_like_id=True))
    return replace(recognition, columns=tuple(columns))
