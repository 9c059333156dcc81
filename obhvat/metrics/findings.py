"""What checks find again and again, each kind of finding a figure of its own."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.inspections.findings import categories
from obhvat.metrics.figures import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store


def typical_findings(store: Store, period: Period, scope: Scope, day: date | None = None) -> pd.DataFrame:
    """The typical findings of the period's checks, most often first and „друго“ last: category, name, n, open (of them
    undone on the day). Kinds that nobody found are left out."""
    *named, other = [
        (
            category.id,
            category.name,
            int(figure(store, f"findings_of_{category.id}", period, scope, day).n or 0),
            int(figure(store, f"findings_open_of_{category.id}", period, scope, day).n or 0),
        )
        for category in categories()
    ]
    named.sort(key=lambda kind: -kind[2])
    kinds = pd.DataFrame([*named, other], columns=["category", "name", "n", "open"])
    return kinds[kinds["n"] > 0].reset_index(drop=True)
