"""The demonstration as rows made beforehand: for the folder for Windows, where to make it takes a first start longest.

No store is carried, and no key: a key that many have is none. The rows have the invented identifiers themselves, and
their files the plain hashes; what a store keeps of either is made with its own key when they are put into it. The
demonstration is about the same days whenever it is made, so that what is carried is what would be made today, as long
as the same program does both.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from obhvat import __version__
from obhvat.datasets import NAMES
from obhvat.demo.files import Demo
from obhvat.folders import packed_demo
from obhvat.ingest import Committed
from obhvat.ingest.checking.identifier import pseudonyms_of
from obhvat.ingest.reading.returned import mark_of
from obhvat.marts import MARTS
from obhvat.store import Store
from obhvat.store.pseudonyms import keyed_hash
from obhvat.store.schema import SCHEMA_VERSION

_TABLES = ("batches", "slices", "rejected_rows", *NAMES, *MARTS)
_PROGRAM = f"{__version__}, {SCHEMA_VERSION}"
_MADE_BY = "program.txt"
_CHILD, _FILE = "pupil", "file_hash"


def is_packed() -> bool:
    """Whether the demonstration lies beside this program as it would make it."""
    told = packed_demo() / _MADE_BY
    return told.exists() and told.read_text("utf-8") == _PROGRAM


def pack(store: Store, folder: Path) -> None:
    """Write what the demonstration put into a store, and nothing else, to a new folder."""
    demo = Demo()
    classes = [c for i in demo.institutions for year in i.classes.values() for c in year]
    identifiers = sorted({child.identifier for c in classes for child in c.children})
    pseudonyms = pseudonyms_of(store.key, pa.array(identifiers)).to_pylist()
    named: dict[int | None, str | None] = {None: None, **dict(zip(pseudonyms, identifiers, strict=True))}
    sources = [file.source for file in demo.files()]
    plain = {source.hash_with(store.key): hashlib.sha256(source.data).hexdigest() for source in sources}
    folder.mkdir()
    for name in _TABLES:
        rows = store.arrow(f"from {name}")
        if not rows.num_rows:
            continue
        for column, said in ((_CHILD, named), (_FILE, plain)):
            if column in rows.column_names:
                rows = _with(rows, column, pa.array([said[value] for value in rows[column].to_pylist()], pa.string()))
        pq.write_table(rows, folder / f"{name}.parquet", compression="zstd")
    (folder / _MADE_BY).write_text(_PROGRAM, "utf-8")


def unpack_into(store: Store) -> Committed:
    """Put the packed rows into an empty store, as if it had read their files: all of them or nothing."""
    batches = pq.read_table(packed_demo() / "batches.parquet")
    with store.transaction() as cursor:
        for name in _TABLES:
            file = packed_demo() / f"{name}.parquet"
            if file.exists():
                cursor.register("packed", _keyed(pq.read_table(file, read_dictionary=[_CHILD]), store.key))
                cursor.execute(f"insert into {name} by name from packed").fetchall()
                cursor.unregister("packed")
        cursor.execute("insert into meta values ('demo', $oblast)", {"oblast": Demo.name}).fetchall()
    ids, good, rejected = (batches[name].to_pylist() for name in ("batch_id", "rows_good", "rows_rejected"))
    return Committed(ids, sum(good), sum(rejected))


def _keyed(rows: pa.Table, key: str) -> pa.Table:
    """Packed rows as the store with this key has them."""
    if _CHILD in rows.column_names:
        children = rows[_CHILD].combine_chunks()
        rows = _with(rows, _CHILD, pseudonyms_of(key, children.dictionary).take(children.indices))
    if _FILE in rows.column_names:
        hashes = [keyed_hash(key, "file", plain) for plain in rows[_FILE].to_pylist()]
        rows = _with(rows, _FILE, pa.array(hashes))
        rows = _with(rows, "mark", pa.array([mark_of(file_hash, "") for file_hash in hashes]))
    return rows


def _with(rows: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)
