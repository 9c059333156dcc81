"""Rows that may each be read but say what can hardly be: more present than enrolled, a step before its signal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

from obhvat.datasets import Dataset
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

    def ask(words: str, unlikely: Iterable[tuple[Any, ...]]) -> None:
        by_file: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for file_no, *row in unlikely:
            by_file[file_no].append(tuple(row))
        # What was refused since stays staged.
        for file_no in doubts.keys() & by_file.keys():
            doubts[file_no].append(Doubt("unlikely", partial(_sentence, words, by_file[file_no])))

    datasets = {table.dataset.name: table.dataset for table in tables}
    for dataset in datasets.values():
        rows = staging.rows(_unlikely(dataset)) if dataset.asked else []
        for n, asked in enumerate(dataset.asked):
            ask(asked.words, [(file_no, line, *of[n][1:]) for file_no, line, *of in rows if of[n][0]])
    if "actions" in datasets:
        signals = reference.first_signals()
        staging.register("first_signals", pa.Table.from_pandas(signals, preserve_index=False))
        ask(N_("датата на действието е преди сигнала за случая"), staging.rows(_BEFORE_SIGNAL))
    return doubts


def _unlikely(dataset: Dataset) -> str:
    """Rows of which something is asked: file_no, line, and of each thing that may be whether it is and two values."""
    # A plain comparison would be handed to Arrow, which cannot compare what is kept once for equal values.
    told = [f"row(coalesce({of.fails}, false), {', '.join(of.shown)}) as of_{n}" for n, of in enumerate(dataset.asked)]
    return f"""
    select file_no, line, {", ".join(told)}
    from staged_{dataset.name}
    where {" or ".join(f"coalesce({of.fails}, false)" for of in dataset.asked)}
    order by file_no, line
    """


def _sentence(words: str, rows: Sequence[tuple[Any, ...]]) -> str:
    shown = "; ".join(
        _("ред {line}: {a} и {b}").format(line=line, a=_words(a), b=_words(b)) for line, a, b in rows[:_LISTED]
    )
    if len(rows) > _LISTED:
        shown = _("{named} и още {more}").format(named=shown, more=len(rows) - _LISTED)
    return ngettext(
        "{rows}: {what} ({shown}). Проверете го или потвърдете.",
        "{rows}: {what} ({shown}). Проверете ги или потвърдете.",
        len(rows),
    ).format(rows=counted(len(rows), "ред"), what=_(words), shown=shown)


def _words(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return trimmed(float(str(value)))
