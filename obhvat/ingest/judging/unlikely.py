"""Rows that may each be read but say what can hardly be: more present than enrolled, a step before its signal."""

from __future__ import annotations

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
select staged_actions.line, staged_actions.date as a, first_signals.opened_on as b
from staged_actions
join first_signals on first_signals.number = staged_actions.case_number
where staged_actions.file_no = $file_no and staged_actions.date < first_signals.opened_on
order by line
"""


def unlikely_rows(table: Checked, staging: Staging, reference: Reference) -> tuple[Doubt, ...]:
    """What is asked about rows of one table."""
    doubts = []
    for asked in table.dataset.asked:
        a, b = asked.shown
        # A plain comparison would be handed to Arrow, which cannot compare what is kept once for equal values.
        rows = staging.read(
            f"""
            select line, {a} as a, {b} as b
            from staged_{table.dataset.name}
            where file_no = $file_no and coalesce({asked.fails}, false)
            order by line
            """,
            {"file_no": table.file_no},
        )
        if len(rows):
            doubts.append(Doubt("unlikely", partial(_sentence, asked.words, rows)))
    if table.dataset.name == "actions":
        signals = reference.first_signals()
        staging.register("first_signals", pa.Table.from_pandas(signals, preserve_index=False))
        rows = staging.read(_BEFORE_SIGNAL, {"file_no": table.file_no})
        if len(rows):
            doubts.append(
                Doubt("unlikely", partial(_sentence, N_("датата на действието е преди сигнала за случая"), rows))
            )
    return tuple(doubts)


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
