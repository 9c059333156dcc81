"""Pupils over the monthly threshold, month by month, beside the year before."""

from __future__ import annotations

import pandas as pd

from obhvat.charts import two_years
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.language import _
from obhvat.metrics import figure
from obhvat.store import Store
from obhvat.texts import NO_DATA, number
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.picture import drawing, picture


def show(store: Store, metric_id: str, view: View) -> None:
    """Two lines: this year's months and last year's."""
    year_ago = view.period.year_before
    over, before = (figure(store, metric_id, period, view.scope) for period in (view.period, year_ago))
    html.part(
        _("Ученици, достигнали месечния праг"),
        _("с {unexcused_words}, по месеци").format(unexcused_words=over.metric.unexcused_words),
    )
    if not over.has_data:
        html.quiet(_("Няма качени отсъствия за този период."))
        return
    now, then = (_school_months(view.disclosure.months(of)) for of in (over, before))
    if now.empty:
        html.quiet(_(SMALL_ARE_HIDDEN))
        return
    months = [f"{month:%m.%Y}" for month in now["month"]]
    table = now[["n", "d", "reporting", "places"]].set_axis(
        [_("Ученици над прага"), _("От ученици"), _("Подали училища"), _("От училища")], axis=1
    )
    table.insert(0, _("Месец"), months)
    says = _("Ученици над прага по месеци: ") + ", ".join(
        f"{month} – {_(NO_DATA) if pd.isna(n) else number(n)}" for month, n in zip(months, now["n"], strict=True)
    )
    picture(drawing(two_years, now, then, view.period.short, year_ago.short), "trend", says, table)


def _school_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the months of the summer nobody sent anything for."""
    summer = rows["month"].dt.month.isin((7, 8))
    return rows[~summer | (rows["reporting"] > 0)]
