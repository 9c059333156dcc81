"""Rows that were not accepted, as they are shown and sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from obhvat.datasets import Dataset
from obhvat.ingest.checking.messages import month_words, sentence
from obhvat.ingest.knowing.fields import COLUMN
from obhvat.ingest.reading.returned import LINE, REASON
from obhvat.language import _, ngettext
from obhvat.texts import counted, listed

_LINES, _VALUES = 3, 4
# Their value is not what the cell has, and a sentence about one of them names a line or a file.
_OF_FILE = ("key", "columns", "one_school", "one_month")


@dataclass(frozen=True)
class Complaint:
    """Faults of one kind in one column of a file."""

    column: str
    n_rows: int
    reason: str
    """Of the first row, with what other rows have there."""
    lines: tuple[int, ...]

    @property
    def where(self) -> str:
        """„ред 3“, „редове 3, 5, 8 и още 9“."""
        return ngettext("ред {lines}", "редове {lines}", len(self.lines)).format(
            lines=listed(map(str, self.lines), most=_LINES)
        )

    @property
    def words(self) -> str:
        """„12 реда: … (редове 3, 5, 8 и още 9)“."""
        return f"{counted(self.n_rows, 'ред')}: {self.reason} ({self.where})"


def complaints(reasons: pd.DataFrame) -> list[Complaint]:
    """Faults as `fault_reasons` gives them, those of one kind together; the most frequent first."""
    kinds = []
    # Each word is like another.
    word = reasons["value"].where(reasons["rule"] == "likely", "")
    for _unused, of_kind in reasons.groupby(["column", "rule", word], sort=False):
        column, rule = of_kind["column"].iloc[0], of_kind["rule"].iloc[0]
        lines = tuple(dict.fromkeys(of_kind["line"].tolist()))
        values = [] if rule in _OF_FILE else list(dict.fromkeys(of_kind["value"].dropna()))
        reason = str(of_kind["reason"].iloc[0])
        if len(values) > 1:
            reason += _(" Същото е с {values}.").format(
                values=listed((f"„{value}“" for value in values[1:]), most=_VALUES)
            )
        kinds.append(Complaint(str(column), len(lines), reason, lines))
    return sorted(kinds, key=lambda kind: (-kind.n_rows, kind.lines[0]))


def summary(of_file: Sequence[Complaint]) -> str:
    """What is to be corrected in a file, a line a kind."""
    return "\n".join([_("Какво да се поправи, накратко:"), *(f"– {kind.words}" for kind in of_file)])


def fault_reasons(dataset_: Dataset, faults: pd.DataFrame) -> pd.DataFrame:
    """Faults (line, field, rule, value, limit) as captions and sentences: line, column, value, rule, reason."""
    key = ", ".join(dataset_[name].caption for name in dataset_.key if name in dataset_)
    rows = []
    for line, field_, rule, value, limit in faults.itertuples(index=False):
        name, _unused, part = field_.partition("|")
        shown = _("ред {line}").format(line=_text(value)) if rule == "key" else _text(value)
        caption = key if rule == "key" else dataset_[name].caption if name in dataset_ else ""
        rows.append(
            (
                line,
                f"{caption} · {part}" if part else caption,
                month_words(shown) if rule == "one_month" else shown,
                rule,
                sentence(dataset_, rule, name, _text(value), _text(limit)),
            )
        )
    return pd.DataFrame(rows, columns=["line", "column", "value", "rule", "reason"])


def rejected_table(captions: Sequence[str], rows: pd.DataFrame, reasons: Mapping[int, str]) -> pd.DataFrame:
    """Masked cells under unique captions, the file line first and the reasons last."""
    taken, unique = {LINE, REASON}, []
    for n, caption in enumerate(captions, start=1):
        name = caption or f"{COLUMN} {n}"
        while name in taken:
            name = f"{name} ({n})"
        taken.add(name)
        unique.append(name)
    table = pd.DataFrame([list(cells) for cells in rows["cells"]], columns=unique, dtype="str")
    table.insert(0, LINE, rows["line"])
    table[REASON] = [reasons.get(line, "") for line in rows["line"]]
    return table


def _text(value: Any) -> str | None:
    return None if value is None or value is pd.NA or value != value else str(value)
