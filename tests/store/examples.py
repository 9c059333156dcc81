"""Small files of one school, and what a store holds, for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import filling

from obhvat.datasets import NAMES
from obhvat.ingest import Source
from obhvat.marts import MARTS
from obhvat.store import Store

SCHOOL, OTHER_SCHOOL = "9000101", "9000102"
TABLES = (*NAMES, *MARTS)
# How each mart follows from its rows, said again.
MART_QUERIES = {
    "absence_levels": """
        select slice_id, school, month, unit, missed, count(*)
        from (
            select slice_id, school, month, unit, pupil, sum(unexcused) as missed
            from absences group by slice_id, school, month, unit, pupil
        )
        group by slice_id, school, month, unit, missed
    """,
    "absence_classes": """
        select
            slice_id, school, month, unit, ifnull(class_name, ''), count(distinct pupil), sum(excused), sum(unexcused)
        from absences group by slice_id, school, month, unit, class_name
    """,
    "shared_absences": """
        select a.slice_id, a.school, a.month, a.unit, a.pupil, sum(a.unexcused)
        from absences a
        where
            a.pupil in (select o.pupil from absences o where o.month = a.month and o.school <> a.school)
            or a.pupil in (select p.pupil from pupils p where p.school <> a.school and p.as_of <= last_day(a.month))
        group by 1, 2, 3, 4, 5
    """,
    "list_sizes": """
        select slice_id, school, as_of, if(grade >= 1, 'hours', 'days'), count(*)
        from pupils group by 1, 2, 3, 4
    """,
}


def register() -> Source:
    lines = (
        "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38",
        f"{SCHOOL};СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище",
        f"{OTHER_SCHOOL};ОУ „Второ“;Каменград;Ведрово;гр. Ведрово;основно училище",
    )
    return Source("институции.csv", "\n".join(lines).encode())


def absences(
    month: int = 10, unexcused: Sequence[float | str] = (5, 0.5, 7), school: str = SCHOOL, name: str = ""
) -> Source:
    """A month of a school, one child a number."""
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
    rows = [f"{school};2023/2024;{month:02};дете-{n};5;5а;0;{missed}" for n, missed in enumerate(unexcused, start=1)]
    return Source(name or f"отсъствия-{school}-{month:02}.csv", "\n".join([head, *rows]).encode())


def put(store: Store, *sources: Source, at: datetime | None = None) -> list[int]:
    """Commit files, as if at a moment, without asking about doubts."""
    return filling.put(store, sources, at=at, clean=False)


def contents(store: Store, table: str) -> list[tuple[object, ...]]:
    """All rows of a table, in one order."""
    return store.rows(f"select * from {table} order by all")


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    names = [row[0] for row in store.rows("select table_name from duckdb_tables() order by 1")]
    # Sixty tables, most of them empty: to order each in SQL takes three times as long as to read it.
    return {name: sorted(store.rows(f"from {name}"), key=repr) for name in names}


def unfinished_parts(store: Store) -> list[str]:
    """What a store must never show: batches and slices without all their rows, rows of no slice, wrong marts."""
    found = []
    sliced = " union all ".join(f"select '{name}' as dataset, slice_id from {name}" for name in NAMES)
    found += store.rows(
        f"""
        with stored as (select dataset, slice_id, count(*) as n from ({sliced}) group by all)
        select 'slice', slices.slice_id, slices.n_rows, stored.n
        from slices full join stored on stored.slice_id = slices.slice_id and stored.dataset = slices.dataset
        where slices.n_rows is distinct from stored.n and not (slices.n_rows = 0 and stored.n is null)
        """
    )
    found += store.rows(
        """
        select 'batch', batches.batch_id, batches.rows_good, parts.n
        from batches
        full join (select batch_id, sum(n_rows) as n from slices group by batch_id) as parts using (batch_id)
        where batches.rows_good is distinct from parts.n
        """
    )
    found += store.rows(
        """
        select 'rejected', batches.batch_id, batches.rows_rejected, bad.n
        from batches
        full join (select batch_id, count(*) as n from rejected_rows group by batch_id) as bad using (batch_id)
        where batches.rows_rejected is distinct from coalesce(bad.n, 0)
        """
    )
    for mart, query in MART_QUERIES.items():
        [(missing,)] = store.rows(f"select count(*) from (({query}) except all (from {mart}))")
        [(extra,)] = store.rows(f"select count(*) from ((from {mart}) except all ({query}))")
        found += [(mart, missing, extra)] if missing or extra else []
    return [str(one) for one in found]
