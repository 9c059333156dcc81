"""What only a whole file tells of its rows: rows of another school or month than the others, and repeated keys."""

from __future__ import annotations

from collections.abc import Sequence

from obhvat.datasets import Dataset


def mixed(dataset: Dataset, columns: Sequence[str]) -> str:
    """Of each file: file_no, and of each column whether it has more than one value."""
    return f"""
    select file_no, {", ".join(f"coalesce(min({c}) <> max({c}), false) as {c}" for c in columns)}
    from staged_{dataset.name}
    where file_no in (select unnest($file_nos::integer[]))
    group by file_no
    """


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
