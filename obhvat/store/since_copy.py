"""What was recorded after a copy was made: what goes out of view when the copy is put back."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from obhvat.language import _, ngettext
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
select if(what in ('decision', 'meeting', 'person'), what, if(what in ('attendance', 'closing'), 'paper', 'work')),
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
    return _(
        "В сегашната база има записано, което го няма в „{name}“: {words}. С копието то излиза от изглед и "
        "спира да се брои; сегашната база остава до върнатата и може да се върне по същия начин."
    ).format(name=copy.name, words=_words(gone))


def _words(gone: pd.DataFrame) -> str:
    """„3 файла (последният е „а.csv“ от 12.03.2024 г. в 14:05), 2 решения и 5 записа по случаи и проверки“"""
    n = gone["kind"].value_counts()
    parts = []
    if "file" in n:
        last = gone[gone["kind"] == "file"].sort_values(["moment", "n"]).iloc[-1]
        told = ngettext("{files} („{name}“ от {at})", "{files} (последният е „{name}“ от {at})", n["file"])
        parts.append(told.format(files=counted(n["file"], "файл"), name=last["name"], at=moment(last["moment"])))
    if "mark" in n:
        parts.append(_("{n} на файлове или връщане в сила").format(n=counted(n["mark"], "отмяна")))
    for kind, name in (("meeting", "заседание"), ("decision", "решение")):
        if kind in n:
            parts.append(counted(n[kind], name))
    if "paper" in n:
        parts.append(_("{n} за присъствие и закриване на заседания").format(n=counted(n["paper"], "запис")))
    if "work" in n:
        parts.append(_("{n} по случаи и проверки").format(n=counted(n["work"], "запис")))
    if "person" in n:
        parts.append(_("{n} на хората и правата им").format(n=counted(n["person"], "промяна")))
    if "thresholds" in n:
        parts.append(_("{n} на праговете").format(n=counted(n["thresholds"], "промяна")))
    return listed(parts)
