"""The workbook of rows that go back to their sender."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from obhvat.datasets import INSTRUCTIONS_SHEET
from obhvat.ingest.checking.rejected import Complaint, summary
from obhvat.language import BULGARIAN, speaking
from obhvat.reports.tables import write_workbook


@speaking(BULGARIAN)
def returned_workbook(rows: pd.DataFrame, title: str, why: Sequence[Complaint]) -> bytes:
    """The rows below the line by which they are known, and a sheet that says each kind of fault once."""
    return write_workbook({"За поправка": rows}, summary(why), notes_name=INSTRUCTIONS_SHEET, title=title)
