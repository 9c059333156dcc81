"""Rows that were not accepted, as they are shown and sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from obhvat.datasets import Dataset
from obhvat.ingest.checking.messages import sentence
from obhvat.ingest.reading.returned import LINE, REASON


def fault_reasons(dataset_: Dataset, faults: pd.DataFrame) -> pd.DataFrame:
    """Faults (line, field, rule, value, limit) as captions and sentences: line, column, value, rule, reason."""
    key = ", ".join(dataset_[name].caption for name in dataset_.key if name in dataset_)
    rows = []
    for line, field_, rule, value, limit in faults.itertuples(index=False):
        name, _, part = field_.partition("|")
        caption = key if rule == "key" else dataset_[name].caption if name in dataset_ else ""
        rows.append(
            (
                line,
                f"{caption} · {part}" if part else caption,
                f"ред {_text(value)}" if rule == "key" else _text(value),
                rule,
                sentence(dataset_, rule, name, _text(value), _text(limit)),
            )
        )
    return pd.DataFrame(rows, columns=["line", "column", "value", "rule", "reason"])


def rejected_table(captions: Sequence[str], rows: pd.DataFrame, reasons: Mapping[int, str]) -> pd.DataFrame:
    """Masked cells under unique captions, the file line first and the reasons last."""
    taken, unique = {LINE, REASON}, []
    for n, caption in enumerate(captions, start=1):
        name = caption or f"колона {n}"
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
