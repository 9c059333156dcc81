"""Rows that may each be read but say what can hardly be: more present than enrolled, a step before its signal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import pyarrow as pa

from obhvat.ingest.checking.checked import Checked
from obhvat.ingest.checking.staging import Staging
from obhvat.ingest.judging.doubts import Doubt
from obhvat.ingest.knowing.reference import Reference
from obhvat.language import N_, _, ngettext
from obhvat.texts import counted, trimmed

_LISTED = 5
_BEFORE_SIGNAL = """
select staged_actions.file_no, staged_actions.line, staged_actions.date as a, first_signals.opened_on as b
from staged_actions
join first_signals on first_signals.number = staged_actions.case_number
where staged_actions.date < first_signals.opened_on
order by file_no, line
"""


def unlikely_of(tables: Sequence[Checked], staging: Staging, reference: Reference) -> dict[int, list[Doubt]]:
    """By file: what is asked about its rows. Files of one dataset are looked through together."""
    doubts: dict[int, list[Doubt]] = {table.file_no: [] for table in tables}

    def ask(words: str, unlikely: pd.DataFrame) -> None:
        # What was refused since stays staged.
        for file_no in doubts.keys() & set(unlikely["file_no"].tolist()):
            rows = unlikely.loc[unlikely["file_no"] == file_no, ["line", "a", "b"]]
            doubts[file_no].append(Doubt("unlikely", partial(_sentence, words, rows)))

    datasets = {table.dataset.name: table.dataset for table in tables}
    for name, dataset in datasets.items():
        for asked in dataset.asked:
            a, b = asked.shown
            # A plain comparison would be handed to Arrow, which cannot compare what is kept once for equal values.
            unlikely = f"""
            select file_no, line, {a} as a, {b} as b
            from staged_{name}
            where coalesce({asked.fails}, false)
            order by file_no, line
            """
            ask(asked.words, staging.read(unlikely))
    if "actions" in datasets:
        signals = reference.first_signals()
        staging.register("first_signals", pa.Table.from_pandas(signals, preserve_index=False))
        ask(N_("датата на действието е преди сигнала за случая"), staging.read(_BEFORE_SIGNAL))
    return doubts


def _sentence(words: str, rows: pd.DataFrame) -> str:
    shown = "; ".join(
        _("ред {line}: {a} и {b}").format(line=line, a=_words(a), b=_words(b))
        for line, a, b in rows.head(_LISTED).itertuples(index=False, name=None)
    )
    if len(rows) > _LISTED:
        shown = _("{named} и още {more}").format(named=shown, more=len(rows) - _LISTED)
    return ngettext(
        "{rows}: {what} ({shown}). Проверете го или потвърдете.",
        "{rows}: {what} ({shown}). Проверете ги или потвърдете.",
        len(rows),
    ).format(rows=counted(len(rows), "ред"), what=_(words), shown=shown)


def _words(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%d.%m.%Y}"
    return trimmed(float(str(value)))
