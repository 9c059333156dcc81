"""What was recorded after a copy was made: what goes out of view when the copy is put back."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from obhvat.store.backup import not_whole, refuse_no_copy
from obhvat.store.files import quoted, shut
from obhvat.store.sound import refuse_damaged_log
from obhvat.store.store import Store
from obhvat.texts import counted, listed, moment

# As rows are only ever added, a row is another's when its number was given at another moment.
_RECORDED = """
select 'file' as kind, batch_id as n, committed_at as moment, file_name as name
from {0}batches
union all
select 'mark', mark_id, marked_at, mark
from {0}batch_marks
union all
select if(what in ('decision', 'meeting'), what, if(what in ('attendance', 'closing'), 'paper', 'work')),
    entry_id,
    entered_at,
    null
from {0}entries
union all
select distinct 'thresholds', version, set_at, null
from {0}thresholds
"""


def since_copy(store: Store, copy: Path) -> str:
    """In words, with where it stays; empty when the copy has all that the store has.

    Raises StoreUnusable for a file that is not a copy.
    """
    refuse_no_copy(store.path, copy)
    try:
        refuse_damaged_log(copy)
        with duckdb.connect() as reader:
            reader.execute(f"attach {quoted(copy)} as backup (read_only)").fetchall()
            shut(reader)
            there = reader.execute(_RECORDED.format("backup.")).df()
    except duckdb.Error as error:
        raise not_whole(copy) from error
    here = store.read(_RECORDED.format(""))
    gone = here.merge(there[["kind", "n", "moment"]], how="left", indicator=True)
    gone = gone[gone["_merge"] == "left_only"]
    if gone.empty:
        return ""
    return (
        f"В сегашната база има записано, което го няма в „{copy.name}“: {_words(gone)}. С копието то излиза от изглед "
        "и спира да се брои; сегашната база остава до върнатата и може да се върне по същия начин."
    )


def _words(gone: pd.DataFrame) -> str:
    """„3 файла (последният е „а.csv“ от 12.03.2024 г. в 14:05), 2 решения и 5 записа по случаи и проверки“"""
    n = gone["kind"].value_counts()
    parts = []
    if "file" in n:
        last = gone[gone["kind"] == "file"].sort_values(["moment", "n"]).iloc[-1]
        which = "" if n["file"] == 1 else "последният е "
        parts.append(f"{counted(n['file'], 'файл')} ({which}„{last['name']}“ от {moment(last['moment'])})")
    if "mark" in n:
        parts.append(f"{counted(n['mark'], 'отмяна')} на файлове или връщане в сила")
    for kind, name in (("meeting", "заседание"), ("decision", "решение")):
        if kind in n:
            parts.append(counted(n[kind], name))
    if "paper" in n:
        parts.append(f"{counted(n['paper'], 'запис')} за присъствие и закриване на заседания")
    if "work" in n:
        parts.append(f"{counted(n['work'], 'запис')} по случаи и проверки")
    if "thresholds" in n:
        parts.append(f"{counted(n['thresholds'], 'промяна')} на праговете")
    return listed(parts)
