"""A file of an oblast becomes a batch, which replaces the oblast's month; undone, the file before it counts again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from obhvat.country import DATASET
from obhvat.country.oblasts import is_country, key_of
from obhvat.country.signed import Signed, read_signed
from obhvat.country.told import Told
from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.periods import month_label
from obhvat.store import Store
from obhvat.store.history import Batch, SlicePart, add_batches

_CLOCKS = timedelta(days=1)
"""By how much the clocks of two machines may differ."""


@dataclass(frozen=True)
class Imported:
    """What became of a file."""

    name: str
    oblast: str = ""
    month: str = ""
    """„януари 2024 г.“"""
    figures: int = 0
    """How many were stored."""
    is_replaced: bool = False
    """Whether it took the place of an older file."""
    is_known: bool = False
    """Whether it was in the store already."""
    refused: str = ""
    """Why it was not stored, in a sentence; empty where it was."""


def import_figures(store: Store, files: Sequence[tuple[str, bytes]], viewer: Viewer) -> list[Imported]:
    """Store files, given as names and bytes, each by itself, the older before the newer. What is refused leaves no
    trace. Raises ObhvatError in a store that is not of the country."""
    viewer.must("settings")
    if not is_country(store):
        raise ObhvatError(
            _("Тази база не е на страната: посочете я с --store и впишете областите с „obhvat country trust“.")
        )
    done, read = [], []
    for name, data in files:
        try:
            read.append(read_signed(name, data))
        except ObhvatError as refused:
            done.append(Imported(name, refused=str(refused)))
    for signed in sorted(read, key=lambda one: one.about.made_at):
        try:
            done.append(_stored(store, signed, viewer))
        except ObhvatError as refused:
            done.append(Imported(signed.name, refused=str(refused)))
    order = [name for name, _data in files]
    return sorted(done, key=lambda one: order.index(one.name))


def _stored(store: Store, signed: Signed, viewer: Viewer) -> Imported:
    about = signed.about
    rows = signed.rows(key_of(store, about.oblast))
    month = month_label(about.month)
    if about.made_at > datetime.now(UTC) + _CLOCKS:
        raise ObhvatError(
            _("„{name}“ е с дата в бъдещето: часовникът на област {oblast} или на този компютър не е верен.").format(
                name=signed.name, oblast=about.oblast
            )
        )
    made_at = about.made_at.replace(tzinfo=None)
    with store.transaction() as cursor:
        held = _held(cursor, signed)
        if held and held[1] == signed.sha256:
            return Imported(signed.name, about.oblast, month, is_known=True)
        if held and made_at <= held[0]:
            raise ObhvatError(
                _(
                    "„{name}“ е по-стар от записания файл на област {oblast} за {month}; ако трябва да важи той, първо "
                    "отменете записания с „obhvat undo“."
                ).format(name=signed.name, oblast=about.oblast, month=month)
            )
        _ids, slices = add_batches(cursor, [_batch(signed, rows, viewer.person)])
        [slice_id] = slices["slice_id"].tolist()
        cursor.execute(
            "insert into country_files values ($slice_id, $oblast, $month, $made_at, $program, $sha256)",
            {
                "slice_id": slice_id,
                "oblast": about.oblast,
                "month": about.month,
                "made_at": made_at,
                "program": about.program,
                "sha256": signed.sha256,
            },
        )
        _insert(cursor, slice_id, rows)
    return Imported(signed.name, about.oblast, month, len(rows), is_replaced=held is not None)


def _held(cursor: duckdb.DuckDBPyConnection, signed: Signed) -> tuple[datetime, str] | None:
    """When the file that counts for the same month of the same oblast was made, and its hash."""
    return cursor.execute(
        """
        select files.made_at, files.sha256
        from country_files as files
        join live_slices($dataset, $now) as live on live.slice_id = files.slice_id
        where files.oblast = $oblast and files.month = $month
        """,
        {"dataset": DATASET, "now": datetime.max, "oblast": signed.about.oblast, "month": signed.about.month},
    ).fetchone()


def _insert(cursor: duckdb.DuckDBPyConnection, slice_id: int, rows: Sequence[Told]) -> None:
    incoming = [{"slice_id": slice_id, "line": line, **asdict(row)} for line, row in enumerate(rows, start=2)]
    cursor.register("incoming", pa.Table.from_pylist(incoming))
    try:
        cursor.execute("insert into country_figures by name select * from incoming").fetchall()
    finally:
        cursor.unregister("incoming")


def _batch(signed: Signed, rows: Sequence[Told], who: str) -> Batch:
    about = signed.about
    return Batch(
        dataset=DATASET,
        layout="",
        file_name=signed.name,
        file_hash=signed.sha256,
        encoding="utf-8",
        columns=[],
        rows_read=len(rows),
        rows_good=len(rows),
        doubts=[],
        doubt_codes=[],
        # Label, not municipality: what is looked for by municipality is rows of children.
        slices=[SlicePart("", "", about.month, about.oblast, len(rows))],
        mark="",
        at=datetime.now(),
        who=who,
    )
