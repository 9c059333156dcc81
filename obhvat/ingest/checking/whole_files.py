"""What only a whole file tells of its rows: rows of another school or month than the others, and repeated keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from obhvat.datasets import Dataset


def strangers(dataset: Dataset, column: str) -> str:
    """Rows whose value in a column is not the file's most frequent one: file_no, line, value, limit."""
    return f"""
    with counted as (
        select file_no, {column} as value, count(*) as n, min(line) as first_line
        from staged_{dataset.name}
        where file_no in (select unnest($file_nos::integer[]))
        group by file_no, {column}
    ),
    most_frequent as (
        select file_no, arg_max(value, (n, -first_line)) as value
        from counted
        group by file_no
        having count(*) > 1
    )
    select staged.file_no, staged.line, staged.{column}::varchar as value, most_frequent.value::varchar as "limit"
    from staged_{dataset.name} as staged
    join most_frequent on most_frequent.file_no = staged.file_no and staged.{column} <> most_frequent.value
    """


def repeated_keys(dataset: Dataset) -> str:
    """Rows whose key stands on an earlier line: file_no, line, value (that line), limit."""
    return f"""
    select file_no, unnest(lines[2:]) as line, lines[1]::varchar as value, null::varchar as "limit"
    from (
        select file_no, list(line order by line) as lines
        from staged_{dataset.name}
        where {dataset.key_where} and file_no in (select unnest($file_nos::integer[]))
        group by file_no, {", ".join(dataset.key)}
        having count(*) > 1
    )
    """


def with_repeated(dataset: Dataset, column: str) -> str:
    """Files in which a value of a column stands more than once: file_no."""
    return f"""
    select file_no
    from staged_{dataset.name}
    where file_no in (select unnest($file_nos::integer[]))
    group by file_no
    having count(distinct {column}) < count({column})
    """


def with_several(tables: Sequence[pa.Table], column: str) -> set[int]:
    """The files that have more than one value in a column."""
    return {file_no for file_no, of_file in different(tables, column).items() if len(of_file) > 1}


def different(tables: Sequence[pa.Table], column: str) -> Mapping[int, Collection[Any]]:
    """By file: the different values of a column."""
    values: dict[int, set[Any]] = defaultdict(set)
    for table in tables:
        for rows in table.select(["file_no", column]).drop_null().combine_chunks().to_batches():
            coded = _dictionary(rows[column])
            pairs = rows["file_no"].to_numpy().astype(np.int64) << 32 | coded.indices.to_numpy()
            for pair in pc.unique(pa.array(pairs)).to_pylist():
                values[pair >> 32].add(coded.dictionary[pair & 0xFFFFFFFF].as_py())
    return values


def may_repeat(tables: Sequence[pa.Table], key: Sequence[str]) -> bool:
    """False when no two rows of a file are alike in the columns of a key; then nothing has to be grouped."""
    # Of a file that was refused since an empty one is left.
    tables = [table for table in tables if len(table)]
    if len(tables) != 1:
        return bool(tables)
    [table] = tables
    numbers = table["file_no"].to_numpy().astype(np.int64)
    for name in key:
        column = table[name].combine_chunks()
        coded = _dictionary(column.chunk(0) if isinstance(column, pa.ChunkedArray) else column)
        # Of two texts that mean the same the value stands there twice.
        values = pc.index_in(coded.dictionary, pc.unique(coded.dictionary))
        own = pc.fill_null(values.take(coded.indices), len(values)).to_numpy()
        if numbers.max() > (1 << 62) // (len(values) + 1):
            return True
        numbers = numbers * (len(values) + 1) + own
    return len(pc.unique(pa.array(numbers))) < len(table)


def _dictionary(column: pa.Array) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def repeats(tables: Sequence[pa.Table], pupil: str, file_no: int) -> bool:
    """Whether a pupil stands in one large file twice: sorting numbers takes a tenth of the memory of grouping rows."""
    of_file = [table[pupil].filter(pc.equal(table["file_no"], file_no)).drop_null().to_numpy() for table in tables]
    pupils = np.concatenate([*of_file, np.zeros(0, np.uint64)]).astype(np.uint64, copy=False)
    pupils.sort()
    return bool((pupils[1:] == pupils[:-1]).any())
