"""Why children dropped out: in the ministry's list, and what others' words become in it."""

from __future__ import annotations

from functools import cache

import pandas as pd

from obhvat.datasets import dataset
from obhvat.datasets.captions import normal
from obhvat.language import N_, _, declared

REASONS = dataset("cases")["reason"].values
"""The ministry's list, in its order."""
OTHER_SPELLINGS = N_("друго изписване")


def reason_mapping() -> pd.DataFrame:
    """What is understood as what: said (the words), ministry (the reason they are counted as), list (whose words they
    are: МОН, НСИ, медии и отчети, or a spelling that is also understood), note (how that list counts it)."""
    rows = []
    for source in _lists():
        for wording in source["words"]:
            rows.append(
                (wording, _(_meaning()[normal(wording)]), source["name"], source.get("notes", {}).get(wording, ""))
            )
    named = {normal(wording) for wording, *_ in rows}
    for value in REASONS:
        rows += [
            (wording, _(value.caption), _(OTHER_SPELLINGS), "")
            for wording in value.synonyms
            if normal(wording) not in named
        ]
    return pd.DataFrame(rows, columns=["said", "ministry", "list", "note"])


def _lists() -> list[dict]:
    return declared("cases/reasons.toml")["list"]


@cache
def _meaning() -> dict[str, str]:
    """Words, as they are compared → the caption of the reason."""
    return {spelling: value.caption for value in REASONS for spelling in value.spellings}
