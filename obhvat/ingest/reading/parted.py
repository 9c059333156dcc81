"""Tables that programs write in many files of one folder: the parts of Spark, the partitions of Hive."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from obhvat.errors import UnreadableFile
from obhvat.ingest.reading.grid import CellGrid, Grid
from obhvat.ingest.reading.parquet import ColumnGrid, read_parquet
from obhvat.ingest.reading.source import Source
from obhvat.ingest.reading.text import read_text
from obhvat.language import _
from obhvat.privacy import scrub
from obhvat.texts import counted, listed

# Spark and Dask, DuckDB, Hive, BigQuery, Iceberg.
_PART = re.compile(
    r"part[-.]?(\d+)|data_(\d{1,3})(?!\d)|(\d{6}_\d+)$|.*-(\d{12})$|(\d{5}-\d+)-[0-9a-f]{8}-", re.IGNORECASE
)
_JOB = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MARKS = re.compile(r"_SUCCESS|_(?:common_)?metadata|_(?:started|committed)_.*|\..*|.*\.crc", re.IGNORECASE)
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def together(sources: Sequence[Source]) -> list[Source]:
    """Sources with those that are parts of one table made one, in the place of its first part; what the programs that
    write them leave beside them is left out."""
    by_table: dict[object, list[int]] = defaultdict(list)
    for n, source in enumerate(sources):
        if table := _table_of(source):
            by_table[table].append(n)
    whole: dict[int, Source | None] = {}
    for places in by_table.values():
        parts = [sources[n] for n in places]
        if _are_parts(parts):
            whole |= dict.fromkeys(places) | {places[0]: _whole(parts)}
    left = [whole.get(n, None if by_table and _is_mark(source) else source) for n, source in enumerate(sources)]
    return [source for source in left if source is not None]


def _is_mark(source: Source) -> bool:
    """Whether it is what programs leave beside the parts: of Spark, of Delta in a folder of its own."""
    path = _path(source)
    return bool(_MARKS.fullmatch(path.name)) or path.parent.name == "_delta_log"


def parts_note(source: Source) -> tuple[str, ...]:
    """What is said of a table that was put together."""
    if not source.parts:
        return ()
    columns = listed(f"„{scrub(name)}“" for name in folder_columns(source.parts[0]))
    return (
        _("Таблицата е на части в {parts}; прочетени са заедно.").format(parts=counted(len(source.parts), "файл")),
        *([_("Колони от имената на папките: {columns}.").format(columns=columns)] if columns else []),
    )


def folder_columns(part: Source) -> dict[str, str]:
    """What the names of the folders say of all rows of a part: `Випуск=6/`."""
    pairs = (segment.split("=", 1) for segment in _path(part).parts[:-1] if "=" in segment)
    return {unquote(name): "" if value == _NO_VALUE else unquote(value) for name, value in pairs}


def read_parts(source: Source) -> Grid:
    """The parts as one table; a row's line is its number in it.

    Raises UnreadableFile for a part that cannot be read, and for parts without the same columns.
    """
    grids = [(part, read_parquet(part) if source.kind == "parquet" else read_text(part)) for part in source.parts]
    if source.kind == "parquet":
        tables = [_with_folders(_in_columns(grid), folder_columns(part)) for part, grid in grids]
        whole = pa.concat_tables(tables, promote_options="default")
        return ColumnGrid(pa.table([pc.fill_null(column, "") for column in whole.columns], names=whole.column_names))
    return _in_rows(source, [(folder_columns(part), list(_filled_rows(grid))) for part, grid in grids], grids[0][1])


def _in_columns(grid: Grid) -> pa.Table:
    """A grid as text columns under the names in its first row."""
    names = grid.row(0)
    pieces = [grid, *(grid.further() if grid.further else ())]
    texts = [piece.columns(range(n == 0, len(piece)), len(names)) for n, piece in enumerate(pieces)]
    return pa.concat_tables(texts).drop_columns(["row", "width"]).rename_columns(names)


def _with_folders(table: pa.Table, folders: Mapping[str, str]) -> pa.Table:
    for name, value in folders.items():
        if name not in table.column_names:
            table = table.append_column(name, pa.array([value] * len(table), pa.string()))
    return table


def _filled_rows(grid: Grid) -> Iterator[list[str]]:
    for piece in (grid, *(grid.further() if grid.further else ())):
        rows = piece.in_rows()
        yield from (rows.row(n) for n in rows.filled())


def _in_rows(source: Source, parts: Sequence[tuple[Mapping[str, str], list[list[str]]]], first: Grid) -> CellGrid:
    heads = [rows[0] for _unused, rows in parts if rows]
    has_captions = all(sorted(head) == sorted(heads[0]) for head in heads)
    if not has_captions and any(len(head) != len(heads[0]) for head in heads):
        raise UnreadableFile(_("Частите на таблицата са с различни колони. Качете ги една по една."))
    more = dict.fromkeys(name for folders, _unused in parts for name in folders if name not in heads[0])
    whole = [[*heads[0], *more]] if has_captions else []
    for folders, rows in parts:
        order = [rows[0].index(caption) for caption in heads[0]] if has_captions and rows else None
        for row in rows[1:] if has_captions else rows:
            cells = row if order is None or len(row) != len(order) else [row[n] for n in order]
            whole.append([*cells, *(folders.get(name, "") for name in more)])
    return CellGrid(whole, range(1, len(whole) + 1), first.encoding, first.delimiter)


def _whole(parts: Sequence[Source]) -> Source:
    folders = [folder for folder in _path(parts[0]).parts[:-1] if "=" not in folder]
    return Source(folders[-1] if folders else parts[0].name, b"", tuple(parts))


def _are_parts(parts: Sequence[Source]) -> bool:
    """Whether files that may be parts of one table are: of folders that name a column, or several, each number once,
    with the same columns."""
    if any(folder_columns(part) for part in parts):
        return True
    names = [_PART.match(_path(part).stem) for part in parts]
    numbers = {next(filter(None, name.groups())) for name in names if name}
    return len(numbers) == len(parts) > 1 and len({_captions(part) for part in parts} - {None}) < 2


def _captions(part: Source) -> frozenset[str] | None:
    """The columns of a part; None where it does not say them."""
    if part.head.startswith(b"PAR1"):
        try:
            with part.open() as opened:
                return frozenset(pq.read_schema(opened).names)
        except (pa.ArrowException, OSError):
            return None
    first = part.head.split(b"\n")[0]
    # Spark writes no captions unless it is told to.
    return None if re.search(rb"[0-9]", first) else frozenset([first.decode("utf-8", "replace").strip()])


def _table_of(source: Source) -> object | None:
    """What the parts of one table have in common; None of a file that is no part."""
    path = _path(source)
    part = _PART.match(path.stem)
    if not (part or folder_columns(source)) or _is_mark(source) or source.is_empty:
        return None
    folders = tuple(segment.split("=")[0] for segment in path.parts[:-1])
    job = _JOB.search(path.name)
    return folders, path.suffix.lower(), job[0] if job and not folders else ""


def _path(source: Source) -> PurePosixPath:
    """Where it stands in the archive or on the disk it comes from."""
    if isinstance(source.content, Path):
        return PurePosixPath(source.content.absolute().as_posix())
    return PurePosixPath(source.name.replace("\\", "/"))
