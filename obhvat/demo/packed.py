"""The demonstration as rows made beforehand: for the folder for Windows, where to make it takes a first start longest.

No store is carried, and no key: a key that many have is none. The invented identifiers are carried themselves, in one
list that the rows of children point into, and of their files the plain hashes; what a store keeps of either is made
with its own key when they are put into it. The
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
_CHILDREN = "children"
"""The list of identifiers; no table of a store has this name."""


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
    places = {pseudonym: place for place, pseudonym in enumerate(pseudonyms)} | {None: None}
    sources = [file.source for file in demo.files()]
    plain = {source.hash_with(store.key): hashlib.sha256(source.data).hexdigest() for source in sources}
    folder.mkdir()
    _write(pa.table({_CHILD: identifiers}), folder, _CHILDREN)
    for name in _TABLES:
        rows = store.arrow(f"from {name}")
        if not rows.num_rows:
            continue
        if _CHILD in rows.column_names:
            rows = _with(rows, _CHILD, pa.array([places[value] for value in rows[_CHILD].to_pylist()], pa.int32()))
        if _FILE in rows.column_names:
            rows = _with(rows, _FILE, pa.array([plain[value] for value in rows[_FILE].to_pylist()]))
        _write(rows, folder, name)
    (folder / _MADE_BY).write_text(_PROGRAM, "utf-8")


def unpack_into(store: Store) -> Committed:
    """Put the packed rows into an empty store, as if it had read their files: all of them or nothing."""
    batches = _read("batches")
    children = pseudonyms_of(store.key, _read(_CHILDREN)[_CHILD].combine_chunks())
    with store.transaction() as cursor:
        for name in _TABLES:
            if _file(packed_demo(), name).exists():
                cursor.register("packed", _keyed(_read(name), store.key, children))
                cursor.execute(f"insert into {name} by name from packed").fetchall()
                cursor.unregister("packed")
        cursor.execute("insert into meta values ('demo', $oblast)", {"oblast": Demo.name}).fetchall()
    ids, good, rejected = (batches[name].to_pylist() for name in ("batch_id", "rows_good", "rows_rejected"))
    return Committed(ids, sum(good), sum(rejected))


def _keyed(rows: pa.Table, key: str, children: pa.Array) -> pa.Table:
    """Packed rows as the store with this key has them, who has these pseudonyms of the children."""
    if _CHILD in rows.column_names:
        rows = _with(rows, _CHILD, children.take(rows[_CHILD].combine_chunks()))
    if _FILE in rows.column_names:
        hashes = [keyed_hash(key, "file", plain) for plain in rows[_FILE].to_pylist()]
        rows = _with(rows, _FILE, pa.array(hashes))
        rows = _with(rows, "mark", pa.array([mark_of(file_hash, "") for file_hash in hashes]))
    return rows


def _with(rows: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def _write(rows: pa.Table, folder: Path, name: str) -> None:
    pq.write_table(rows, _file(folder, name), compression="zstd")


def _read(name: str) -> pa.Table:
    # What reads datasets of many files, and is another library, is not loaded for it.
    return pq.ParquetFile(_file(packed_demo(), name)).read()
