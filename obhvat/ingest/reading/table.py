"""A table: which rows are the header, which rows are data, and which are titles, numbering, totals and footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from obhvat.datasets import all_datasets, latin
from obhvat.datasets.captions import normal
from obhvat.datasets.personal import PERSONAL_CAPTIONS
from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.grid import Grid
from obhvat.language import B_, _
from obhvat.layouts import Layout, all_layouts
from obhvat.privacy import scrub

_HEADER_SEARCH = 30
_HEADER_ROWS = 3
_AFTER_GAP = 4
_SAMPLE = 12
_TOTAL = re.compile(r"(?:общо|всичко|сума|сбор|итого|total)(?:\s|$)")
TOTAL_WORDS = (B_("общо"), B_("всичко"), B_("сума"), B_("сбор"), B_("итого"), "total")
_GRADE_ALONE = re.compile(r"(?:клас )?(?:\d{1,2}|[ivxіхv]{1,4})(?: ?клас| кл)?")
_NOTE = re.compile(
    r"\s*(?:\*|забележк|бележк|източник|легенда|изготвил|съставил|проверил|директор|подпис|справката|"
    r"дата на (?:справката|изготвяне))",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Table:
    """A table found in a file or a sheet."""

    grid: Grid
    header: tuple[str, ...] | None
    """Captions, those of several header rows joined, or None when the file has none."""
    rows: list[int]
    """The grid's rows that are data."""
    header_lines: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...]
    """Lines that are not data, with what they are: `title`, `numbering`, `repeated`, `total`, `footnote`."""
    width: int
    layout: Layout | None = None
    """The headerless layout whose form the rows have."""
    titles: tuple[str, ...] = ()
    """What stands above the header. May hold names: never shown, only searched for dates, terms and codes."""
    caption_row: tuple[str, ...] = ()
    """The header's row as it stands: printed reports repeat it."""
    further: Callable[[], Iterator[Grid]] | None = None
    """The later pieces of the file, when the table goes on in them."""

    def sample(self, size: int) -> list[list[str]]:
        """About `size` rows from all over the table."""
        return [self.grid.row(n) for n in self.rows[:: max(1, len(self.rows) // size)]]

    def without(self, dropped: set[int], what: str) -> Table:
        """The table with some of the grid's rows left out as `what`."""
        gone = tuple((self.grid.lines[n], what) for n in self.rows if n in dropped)
        return replace(
            self,
            rows=[n for n in self.rows if n not in dropped],
            left_out=tuple(sorted((*self.left_out, *gone))),
        )


@cache
def known_captions() -> frozenset[str]:
    """Every caption of ours, of the layouts and of personal data, in `normal` form."""
    fields = {s for d in all_datasets() for f in d.fields for s in f.spellings}
    listed = {normal(c) for form in all_layouts() for wanted in form.captions for c in wanted}
    return frozenset(fields | listed | PERSONAL_CAPTIONS)


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


@cache
def _known_keys() -> frozenset[str]:
    return frozenset(key for caption in known_captions() for key in latin.keys(caption))


def _hits(row: Sequence[str]) -> int:
    return sum(normal(cell) in known_captions() for cell in row if cell.strip())


def _hits_in_other_letters(row: Sequence[str]) -> int:
    """Of captions in Latin letters or CamelCase; a cell with digits is none."""
    cells = (cell for cell in row if latin.is_unusual(cell) and not _DIGIT.search(cell))
    return sum(latin.key(cell) in _known_keys() for cell in cells)


def _are_words(cells: Sequence[str]) -> bool:
    """Whether the cells can be captions: none is a number, a code or a date."""
    return all(len(_DIGIT.findall(c)) * 2 <= len(c) and any(ch.isalpha() for ch in c) for c in cells)


def _is_numbering(row: list[str]) -> bool:
    """1, 2, 3 … under the captions; the first cell may be empty or „№“."""
    filled = [cell.strip("(). ") for cell in row if cell.strip()]
    numbers = filled[1:] if filled and normal(filled[0]) == B_("номер") else filled
    return (
        len(numbers) > 1
        and all(n.isdigit() for n in numbers)
        and [int(n) for n in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))
        and int(numbers[0]) in (0, 1, 2)
    )


def _is_total(row: list[str]) -> bool:
    """A sum of other rows: the word stands in the first cell, or alone in a cell before the first number."""
    filled = [(cell, normal(cell)) for cell in row if cell.strip()]
    if not filled or not _TOTAL.match(filled[0][1]):
        words = (form for cell, form in filled if not cell.strip().replace(",", "").replace(".", "").isdigit())
        return any(_TOTAL.fullmatch(form) for form in words)
    return True


def _find_header(rows: list[list[str]]) -> int | None:
    """The row with the most captions we know, or the first row of words as wide as the table."""
    hits = [_hits(row) for row in rows[:_HEADER_SEARCH]]
    best = max(range(len(hits)), key=hits.__getitem__, default=None)
    if best is not None and hits[best] >= 2:
        return best
    hits = [n + _hits_in_other_letters(row) for n, row in zip(hits, rows, strict=False)]
    best = max(range(len(hits)), key=hits.__getitem__, default=None)
    if best is not None and hits[best] >= 2:
        return best
    width = max(map(len, rows[:_HEADER_SEARCH]), default=0)
    for n, row in enumerate(rows[:_HEADER_SEARCH]):
        filled = _filled(row)
        if len(filled) > 0.6 * width and not any(c.replace(",", "").replace(".", "").isdigit() for c in filled):
            return n
        if len(filled) > 1:
            return None
    return None


def _adds_words_below(head: list[str], below: list[str]) -> bool:
    """Whether a row under the captions continues them: words only, and nothing under the first caption."""
    first = next((n for n, cell in enumerate(head) if cell.strip()), 0)
    filled = _filled(below)
    return bool(filled) and not (first < len(below) and below[first].strip()) and _are_words(filled)


def _adds_words_above(head: list[str], above: list[str]) -> bool:
    """Whether a row above the captions tells apart equal ones, or fills those that are empty."""
    filled = _filled(above)
    if len(filled) < 2 or len(set(filled)) < 2 or not _are_words(filled):
        return False
    captions = [normal(c) for c in head if c.strip()]
    stands = {n for n, cell in enumerate(above) if cell.strip()}
    empty = {n for n in range(len(above)) if n >= len(head) or not head[n].strip()}
    return len(set(captions)) < len(captions) or bool(stands & empty)


def _joined_captions(rows: Sequence[list[str]]) -> tuple[str, ...]:
    """One caption a column from several header rows; a caption above several columns stands over each of them."""
    width = max(map(len, rows))
    cells = [[*map(str.strip, row), *[""] * (width - len(row))] for row in rows]
    for n, row in enumerate(cells[:-1]):
        below = [any(lower[i] for lower in cells[n + 1 :]) for i in range(width)]
        for i in range(1, width):
            if not row[i] and below[i] and below[i - 1]:
                row[i] = row[i - 1]
    captions = [" ".join(dict.fromkeys(filter(None, (row[i] for row in cells)))) for i in range(width)]
    while captions and not captions[-1]:
        captions.pop()
    return tuple(scrub(" ".join(c.split())) for c in captions)


def _header_rows(grid: Grid, head: int, first: int) -> tuple[int, int]:
    """The first and the last row of the header whose captions are mostly in row `head`."""
    top = last = head
    if head > first and not grid.is_blank(head - 1) and _adds_words_above(grid.row(head), grid.row(head - 1)):
        top = head - 1
    while (
        last - top + 1 < _HEADER_ROWS and last + 1 < len(grid) and _adds_words_below(grid.row(head), grid.row(last + 1))
    ):
        last += 1
    return top, last


def _next_heads(grid: Grid, filled: Sequence[int], after: int) -> Iterator[int]:
    """Rows of captions further down: of another table, which stands under an empty row."""
    before = after
    gap_end = -1
    for n in filled:
        if n <= after:
            continue
        if n > before + 1:
            gap_end = n + _AFTER_GAP
        before = n
        if n < gap_end and _is_head(grid.row(n)):
            gap_end = -1
            yield n


def find_tables(grid: Grid, header_line: int | None = None) -> list[Table]:
    """The tables in a grid, one under another. `header_line`: where a person says the captions are.

    Rows without known captions are one table; its header is None when there is no row of words above it.
    """
    return _with_further(_tables_in(grid, header_line), grid)


def _with_further(tables: list[Table], grid: Grid) -> list[Table]:
    return [*tables[:-1], replace(tables[-1], further=grid.further)]


def _tables_in(grid: Grid, header_line: int | None) -> list[Table]:
    filled = grid.filled()
    if header_line is not None:
        told = next((n for n in filled if grid.lines[n] >= header_line), None)
        return [_table_under(grid, filled, told, 0, len(grid))]
    sample = [grid.row(n) for n in filled[:: max(1, len(filled) // _SAMPLE)]]
    layout = next((x for x in all_layouts() if x.delimiter == grid.delimiter and x.fits_cells(sample)), None)
    if layout:
        return [Table(grid, None, filled, (), (), len(layout.columns), layout)]
    top = [grid.row(n) for n in range(min(len(grid), _HEADER_SEARCH))]
    head = _find_header(top)
    if head is None:
        width = max((len(grid.row(n)) for n in filled), default=0)
        return [Table(grid, None, filled, (), (), width)]
    heads, starts = [head], [0]
    last_of_header = _header_rows(grid, head, 0)[1]
    under_gap = set(_next_heads(grid, filled, head))
    without_gap = {n for n in grid.without_digits(filled) if n > last_of_header and _is_another_head(grid, n)}
    for n in sorted(under_gap | without_gap):
        # Printed reports repeat the captions on every page: that is one table.
        if normal(" ".join(grid.row(n))) != normal(" ".join(grid.row(head))):
            starts.append(_start_of(grid, n, heads[-1]) if n in under_gap else n)
            heads.append(n)
    ends = [*starts[1:], len(grid)]
    return [_table_under(grid, filled, h, a, b) for h, a, b in zip(heads, starts, ends, strict=True)]


def continued(table: Table, grid: Grid, rows: Sequence[int]) -> Table:
    """What of the table is in chosen rows of a later piece of the file.

    Raises UnreadableFile when another table begins among them.
    """
    if table.header is None:
        return replace(table, grid=grid, rows=list(rows), header_lines=(), left_out=(), titles=(), further=None)
    for n in _next_heads(grid, rows, -1):
        if normal(" ".join(grid.row(n))) != normal(" ".join(table.caption_row)):
            raise UnreadableFile(
                _(
                    "На ред {line} започва друга таблица, а файлът е голям. Разделете таблиците в отделни файлове "
                    "и ги качете заедно."
                ).format(line=grid.lines[n])
            )
    kept, left_out = _data_rows(grid, list(rows), len(table.header), table.caption_row)
    return replace(table, grid=grid, rows=kept, left_out=tuple(sorted(left_out)), further=None)


def _is_head(row: Sequence[str]) -> bool:
    hits = _hits(row)
    return hits >= 2 and hits * 2 >= len(_filled(row)) and _are_words(_filled(row))


def _is_another_head(grid: Grid, n: int) -> bool:
    """Whether a row among data is the captions of another table, not words that happen to be captions: nearly all of
    its words are, and there are as many as a table has."""
    row = grid.row(n)
    return _is_head(row) and _hits(row) >= max(3, 0.8 * len(_filled(row)))


def _start_of(grid: Grid, head: int, previous: int) -> int:
    """The first row after the gap above a further table: its title."""
    n = head
    while n - 1 > previous and not grid.is_blank(n - 1):
        n -= 1
    return n


def _table_under(grid: Grid, filled: Sequence[int], head: int | None, start: int, end: int) -> Table:
    """The table whose captions are in row `head`, between two rows of the grid."""
    inside = [n for n in filled if start <= n < end]
    if head is None:
        return Table(grid, None, inside, (), (), max((len(grid.row(n)) for n in inside), default=0))
    top, last = _header_rows(grid, head, start)
    header = _joined_captions([grid.row(n) for n in range(top, last + 1)])
    left_out = [(grid.lines[n], "title") for n in inside if n < top]
    titles = [" ".join(_filled(grid.row(n))) for n in inside if n < top]
    data = [n for n in inside if n > last]
    if data and _is_numbering(grid.row(data[0])):
        left_out.append((grid.lines[data.pop(0)], "numbering"))
    caption_row = grid.row(head)
    kept, not_data = _data_rows(grid, data, len(header), caption_row)
    left_out += not_data
    return Table(
        grid=grid,
        header=header,
        rows=kept,
        header_lines=tuple(grid.lines[n] for n in range(top, last + 1) if not grid.is_blank(n)),
        left_out=tuple(sorted(left_out)),
        width=len(header),
        titles=tuple(titles),
        caption_row=tuple(caption_row),
    )


def _data_rows(
    grid: Grid, rows: list[int], n_captions: int, caption_row: Sequence[str]
) -> tuple[list[int], list[tuple[int, str]]]:
    """Rows under the captions that are data, and the lines of those that are not, with what they are."""
    left_out = []
    # Remarks stand at the end of a file, not of each of its pieces.
    while grid.is_last and len(rows) > 1 and n_captions > 2 and _is_footnote(grid, rows[-1], rows[-2]):
        left_out.append((grid.lines[rows.pop()], "footnote"))
    kept = []
    may_be_sums = grid.rows_with(TOTAL_WORDS, rows)
    for n in rows:
        if grid.row_is(n, caption_row):
            left_out.append((grid.lines[n], "repeated"))
        elif n in may_be_sums and _is_total(grid.row(n)):
            left_out.append((grid.lines[n], "total"))
        else:
            kept.append(n)
    return kept, left_out


def _is_footnote(grid: Grid, n: int, before: int) -> bool:
    """A remark under the table: one or two cells of words, apart from the rows or beginning as remarks do."""
    cells = _filled(grid.row(n))
    if len(cells) > 2 or not any(ch.isalpha() for ch in cells[0]):
        return False
    return bool(_NOTE.match(cells[0])) or (len(cells) == 1 and n > before + 1 and " " in cells[0])


def grade_sums(table: Table, class_column: int | None, pupils_column: int | None) -> set[int]:
    """Rows that are sums of a grade's classes: the grade alone („V клас“) under or above its classes („5а“, „5б“),
    with as many pupils as they have together."""
    if class_column is None or pupils_column is None:
        return set()
    pupils: dict[int, dict[int, int]] = {}
    alone: dict[int, int] = {}
    for n in table.rows:
        row = table.grid.row(n)
        if max(class_column, pupils_column) >= len(row) or not row[pupils_column].strip().isdigit():
            continue
        form = normal(row[class_column])
        grade = _grade_of(form)
        if grade and _GRADE_ALONE.fullmatch(form):
            alone[n] = grade
        elif grade:
            pupils.setdefault(grade, {})[n] = int(row[pupils_column])
    return {
        n
        for n, grade in alone.items()
        if len(pupils.get(grade, {})) > 1 and sum(pupils[grade].values()) == int(table.grid.row(n)[pupils_column])
    }


def _grade_of(form: str) -> int | None:
    digits = re.match(r"(?:клас )?(\d{1,2})", form)
    if digits:
        return int(digits[1])
    roman = re.match(r"(?:клас )?([ivxіхv]+)", form.translate(str.maketrans("іх", "ix")))
    names = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    return names.index(roman[1]) + 1 if roman and roman[1] in names else None
