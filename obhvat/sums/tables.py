"""A pasted table: whether its rows and columns are their totals, and its percents the shares they can be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from obhvat.language import _
from obhvat.sums.claims import Addend, Claim, Ratio, Sum
from obhvat.sums.numbers import numbers
from obhvat.texts import number

_TOTAL = re.compile(r"^\W*(?:общо|всичко|всички|сбор|сума|итого|цялата област|за областта|област\b)", re.IGNORECASE)
_PERCENT = re.compile(r"%|процент|дял|на сто", re.IGNORECASE)
_LINE = re.compile(r"^\s*[-–•*]?\s*(?P<label>[^\d:–-]*[^\d\s:–-])\s*[:–-]\s*(?P<n>\d[\d  \u202f.,]*%?)\s*[;,.]?\s*$")


def checked_table(text: str) -> list[tuple[str, Claim]] | None:
    """What a table claims, each with the words where it stands; None when the text is no table."""
    rows = _rows(text)
    if rows is None:
        return None
    head, body = _head(rows)
    width = max(map(len, rows))
    cells = [[_number(row[c]) if c < len(row) else None for c in range(width)] for row in body]
    labels = [row[0].strip() for row in body]
    counted = [c for c in range(1, width) if any(row[c] is not None for row in cells)]
    shares = [c for c in counted if _is_percent(head, body, c)]
    sums = [c for c in counted if c not in shares]
    total_row = _total_row(labels, cells, sums)
    total_column = next((c for c in reversed(sums) if c < len(head) and _TOTAL.match(head[c]) and len(sums) > 2), None)
    decimals = {
        c: max((one.decimals for row in body if c < len(row) for one in numbers(row[c])), default=0) for c in shares
    }
    found: list[tuple[str, Claim]] = []
    parts = [r for r in range(len(body)) if r != total_row]
    if total_row is not None:
        for c in sums:
            found += _added(_caption(head, c), cells[total_row][c], [cells[r][c] for r in parts])
    if total_column is not None:
        for label, row in zip(labels, cells, strict=True):
            found += _added(
                _("ред „{label}“").format(label=label), row[total_column], [row[c] for c in sums if c != total_column]
            )
    for c in shares:
        found += _shares(head, labels, cells, c, [s for s in sums if s < c], total_row, decimals[c])
    return found


def _rows(text: str) -> list[list[str]] | None:
    """The cells of the lines, or None: two lines with a tab or a semicolon at least, or three of a label and a
    number."""
    lines = [line for line in text.splitlines() if line.strip()]
    for sign in ("\t", ";"):
        cut = [line.split(sign) for line in lines]
        with_numbers = [row for row in cut if len(row) > 1 and any(_number(cell) is not None for cell in row[1:])]
        if len(with_numbers) >= 2 and len(with_numbers) >= len(lines) - 2:
            return _without_numbering([row for row in cut if len(row) > 1])
    listed = [_LINE.match(line) for line in lines]
    if len(lines) >= 3 and all(listed[1:]) and (listed[0] or re.search(r"\d", lines[0]) is None):
        return [["", ""], *([match["label"], match["n"]] for match in listed if match)]
    return None


_NUMBERING = re.compile("(?:№(?: по ред)?)?")


def _without_numbering(rows: list[list[str]]) -> list[list[str]]:
    """The rows without a first column of line numbers."""
    is_numbered = all(_number(row[0]) is not None or _NUMBERING.fullmatch(row[0].strip()) for row in rows)
    has_names = any(_number(row[1]) is None and row[1].strip() for row in rows[1:])
    return [row[1:] for row in rows] if is_numbered and has_names else rows


def _head(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The captions and the rows under them; without captions the first list is empty."""
    first = rows[0]
    has_captions = all(_number(cell) is None or _is_year(cell) for cell in first[1:])
    return (first, rows[1:]) if has_captions and len(rows) > 2 else ([], rows)


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:19|20)\d\d(?:\s*[/–-]\s*\d{2,4})?\s*(?:г\.?)?\s*", cell))


def _number(cell: str) -> float | None:
    """The number a cell is, with or without %; None when it is none."""
    clean = cell.strip().strip("*_ ")
    read = numbers(clean)
    if len(read) != 1 or not re.fullmatch(r"[\s%~≈]*", clean[: read[0].start] + clean[read[0].end :]):
        return None
    return read[0].value


def _caption(head: Sequence[str], c: int) -> str:
    return (
        _("колона „{name}“").format(name=head[c].strip())
        if c < len(head) and head[c].strip()
        else _("колона {n}").format(n=number(c + 1))
    )


def _is_percent(head: Sequence[str], body: Sequence[Sequence[str]], c: int) -> bool:
    in_cells = [row[c] for row in body if c < len(row) and _number(row[c]) is not None]
    return bool(c < len(head) and _PERCENT.search(head[c])) or all("%" in cell for cell in in_cells)


def _total_row(labels: Sequence[str], cells: Sequence[Sequence[float | None]], sums: Sequence[int]) -> int | None:
    """The row that is called a total; without one the last, when it is the sum of the others."""
    named = [r for r, label in enumerate(labels) if _TOTAL.match(label)]
    if named:
        return named[-1]
    last = len(cells) - 1
    if last < 2 or not sums:
        return None
    is_sum = all(cells[last][c] == sum(row[c] or 0 for row in cells[:last]) for c in sums)
    return last if is_sum and any(cells[last][c] for c in sums) else None


def _added(where: str, total: float | None, parts: Sequence[float | None]) -> list[tuple[str, Claim]]:
    given = [part for part in parts if part is not None]
    if total is None or not given:
        return []
    return [(where, Sum(total, tuple(map(Addend, given))))]


def _shares(
    head: Sequence[str],
    labels: Sequence[str],
    cells: Sequence[Sequence[float | None]],
    column: int,
    counts: Sequence[int],
    total_row: int | None,
    decimals: int,
) -> list[tuple[str, Claim]]:
    """The percents of a column as what most of them are: of two columns before it, or of a column's total."""
    ways: list[list[tuple[int, Ratio]]] = []
    given = [(r, row) for r, row in enumerate(cells) if row[column] is not None]

    def ratio(n: float | None, d: float | None, stated: float | None) -> Ratio | None:
        return Ratio("percent", n, d, stated, decimals=decimals) if n is not None and d and stated is not None else None

    for n in counts:
        for d in counts:
            if n != d:
                ways.append([(r, of) for r, row in given if (of := ratio(row[n], row[d], row[column]))])
        if total_row is not None:
            whole = cells[total_row][n]
            ways.append([(r, of) for r, row in given if (of := ratio(row[n], whole, row[column]))])
    best = max(ways, key=lambda way: sum(of.adds_up for _unused, of in way), default=[])
    if 2 * sum(of.adds_up for _unused, of in best) < len(best) or not best:
        return []
    return [
        (_("{caption}, ред „{label}“").format(caption=_caption(head, column), label=labels[r]), of) for r, of in best
    ]
