"""Why children dropped out: in the ministry's list, and what others' words become in it."""

from __future__ import annotations

from functools import cache

import pandas as pd

from obhvat.datasets import dataset
from obhvat.datasets.captions import normal
from obhvat.resources import read_toml

UNKNOWN = "unknown"
OTHER_SPELLINGS = "друго изписване"


def reasons(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a reason of the ministry's list, in its order, and last the cases that say none: reason (a code, or
    `unknown`), name, n. The numbers add up to the rows: cases of `register.cases`."""
    values = dataset("cases")["reason"].values
    counts = rows["reason"].value_counts()
    known = [(value.code, value.caption, int(counts.get(value.code, 0))) for value in values]
    unsaid = len(rows) - sum(n for _, _, n in known)
    return pd.DataFrame([*known, (UNKNOWN, "не е посочена", unsaid)], columns=["reason", "name", "n"])


def reason_mapping() -> pd.DataFrame:
    """What is understood as what: said (the words), ministry (the reason they are counted as), list (whose words they
    are: МОН, НСИ, медии и отчети, or a spelling that is also understood), note (how that list counts it)."""
    rows = []
    for one in _lists():
        for said in one["words"]:
            rows.append((said, _meaning()[normal(said)], one["name"], one.get("notes", {}).get(said, "")))
    named = {normal(said) for said, *_ in rows}
    for value in dataset("cases")["reason"].values:
        rows += [(said, value.caption, OTHER_SPELLINGS, "") for said in value.synonyms if normal(said) not in named]
    return pd.DataFrame(rows, columns=["said", "ministry", "list", "note"])


def _lists() -> list[dict]:
    return read_toml("cases/reasons.toml")["list"]


@cache
def _meaning() -> dict[str, str]:
    """Words, as they are compared → the caption of the reason."""
    return {said: value.caption for value in dataset("cases")["reason"].values for said in value.spellings}
