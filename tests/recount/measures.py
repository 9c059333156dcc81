"""What municipalities and social assistance told of parents: reports, acts, penalties and stopped allowances."""

from __future__ import annotations

import pandas as pd

from recount.known import Known, Rows, Span, added

SANCTIONS = {"sanction_reports": "reports", "sanction_acts": "acts", "sanction_penalties": "penalties"}


class Measures:
    """What was known of measures at a moment. A file replaces the month of a municipality."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def answers(self, period: Span) -> dict[str, Rows]:
        sanctions, benefits = self.known.raw.sanctions, self.known.raw.benefits
        told = {metric: self._added(sanctions, column, period) for metric, column in SANCTIONS.items()}
        return {**told, "allowances_stopped": self._added(benefits, "families", period)}

    def _added(self, table: pd.DataFrame, column: str, period: Span) -> Rows:
        rows = self.known.in_force(table, "municipality", "month")
        rows = rows[rows["month"].isin(list(period.months)) & rows[column].notna()]
        places = dict.fromkeys([(municipality, "") for municipality, _ in self.known.open_in(period)], False)
        places |= dict.fromkeys([(municipality, "") for municipality in rows["municipality"]], True)
        return added(places, (((m, ""), n, 0) for m, n in zip(rows["municipality"], rows[column], strict=True)))
