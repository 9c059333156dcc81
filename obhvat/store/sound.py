"""Whether a store can be read whole: every table, every column of it, every index, and as many rows as were written.

DuckDB reads a block when it is asked for something in it, and knows by its sum whether it is as it was written: a store
with a damaged block opens, and answers until somebody asks for that block.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from obhvat.errors import StoreUnusable
from obhvat.language import _
from obhvat.store.files import log_of, quoted, shut
from obhvat.store.trouble import damaged, understood
from obhvat.texts import counted

if TYPE_CHECKING:
    from obhvat.store.store import Store

# So many keys at once are still looked up in the index.
_KEYS = 1000
# Less than a month's commit, more than what a full disk gives back by chance.
_ROOM = 1 << 20
# How DuckDB 1 writes a log: a head, and entries of a length, a sum and so many bytes. The entry of a commit has always
# the same sum and bytes.
_LOG_HEAD = bytes.fromhex("640062650002ffff")
_ENTRY = struct.Struct("<Q8x")
_COMMIT = bytes.fromhex("e7fe7d722fed3d5e640064ffff")


def refuse_damaged_log(path: Path) -> None:
    """Raises StoreUnusable when a database's log has committed rows after a place that cannot be read.

    DuckDB takes a log that breaks off for one whose writing was cut short, and forgets the rest: a single wrong bit in
    the length of an entry is all that it takes. When the writing was cut short, no commit stands in the rest.
    """
    log = log_of(path)
    if not duckdb.__version__.startswith("1.") or not log.exists() or log.stat().st_size <= len(_LOG_HEAD):
        # Another DuckDB writes another log, and answers for it itself.
        return
    with log.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        alike = sum(held[n] == byte for n, byte in enumerate(_LOG_HEAD))
        if alike < len(_LOG_HEAD) - 2:
            # The log of another DuckDB.
            return
        place = len(_LOG_HEAD) if alike == len(_LOG_HEAD) else 0
        while place and place + _ENTRY.size <= len(held):
            after = place + _ENTRY.size + _ENTRY.unpack_from(held, place)[0]
            if after > len(held):
                break
            place = after
        if held.find(_COMMIT, place) >= 0:
            raise damaged(path)


def check(store: Store) -> dict[str, int]:
    """Read all of an open store: table → rows. Raises StoreUnusable when some of it cannot be read or is missing."""
    try:
        with store.cursor() as cursor:
            [(database,)] = cursor.execute("select current_database()").fetchall()
            return read_whole(cursor, database, store.path.name)
    except duckdb.Error as error:
        raise understood(error, store.path) or damaged(store.path) from error


def answers(store: Store) -> None:
    """Raises ObhvatError or OSError when an open store does not answer, is not in its place, or could not be written
    to now."""
    if not store.path.exists():
        raise StoreUnusable(_("Базата „{name}“ я няма на мястото ѝ.").format(name=store.path.name))
    store.rows("select count(*) from meta")
    with tempfile.TemporaryFile(dir=store.path.parent) as probe:
        probe.write(bytes(_ROOM))


def read_file(path: Path) -> dict[str, int]:
    """Read a closed store whole, its log, too, and leave it as it is: table → rows.

    Raises duckdb.Error for what cannot be read, StoreUnusable for rows that are missing.
    """
    refuse_damaged_log(path)
    with duckdb.connect() as reader:
        reader.execute(f"attach {quoted(path)} as examined (read_only)").fetchall()
        shut(reader)
        return read_whole(reader, "examined", path.name)


def read_whole(cursor: duckdb.DuckDBPyConnection, database: str, name: str) -> dict[str, int]:
    """Read all of an attached database, whose file has a name: table → rows. Raises as `read_file`."""
    tables = cursor.execute(
        "select table_name from duckdb_tables() where database_name = $database order by all", {"database": database}
    ).fetchall()
    rows = {}
    for (table,) in tables:
        [(rows[table],)] = cursor.execute(f'select count(*) from "{database}"."{table}"').fetchall()
        # Most tables of most stores are empty, and a query over all columns of one is planned longer than it runs.
        if rows[table]:
            cursor.execute(f'select bit_xor(hash(whole)) from "{database}"."{table}" as whole').fetchall()
    _read_indexes(cursor, database, rows)
    _compare_with_batches(cursor, database, rows, name)
    return rows


def _read_indexes(cursor: duckdb.DuckDBPyConnection, database: str, tables: dict[str, int]) -> None:
    """Look up every key: a table is read without its index, but not written to."""
    keyed = cursor.execute(
        """
        select table_name, constraint_column_names[1]
        from duckdb_constraints()
        where database_name = $database and constraint_type = 'PRIMARY KEY'
        """,
        {"database": database},
    ).fetchall()
    for table, column in keyed:
        if not tables[table]:
            continue
        keys = [row[0] for row in cursor.execute(f'select "{column}" from "{database}"."{table}"').fetchall()]
        for start in range(0, len(keys), _KEYS):
            some = keys[start : start + _KEYS]
            places = ", ".join("?" * len(some))
            cursor.execute(
                f'select count(*) from "{database}"."{table}" where "{column}" in ({places})', some
            ).fetchall()


def _compare_with_batches(cursor: duckdb.DuckDBPyConnection, database: str, tables: dict[str, int], name: str) -> None:
    """Every batch wrote down how many rows each of its slices has."""
    if "slices" not in tables:
        return
    sliced = cursor.execute(f'select distinct dataset from "{database}".slices order by all').fetchall()
    for (dataset,) in sliced:
        [(written, read)] = cursor.execute(
            f"""
            with stored as (
                select slice_id, count(*) as n
                from "{database}"."{dataset}"
                group by slice_id
            )
            select coalesce(sum(slices.n_rows), 0), coalesce(sum(stored.n), 0)
            from "{database}".slices
            left join stored using (slice_id)
            where slices.dataset = $dataset and slices.n_rows <> coalesce(stored.n, 0)
            """,
            {"dataset": dataset},
        ).fetchall()
        if written != read:
            raise StoreUnusable(
                _(
                    "„{name}“ не е цяла: от таблицата „{dataset}“ се четат {read} там, където са записани {written}. "
                    "Върнете последното копие: obhvat restore КОПИЕ."
                ).format(
                    name=name, dataset=dataset, read=counted(int(read), "ред"), written=counted(int(written), "ред")
                )
            )
