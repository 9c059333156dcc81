"""All schools in the order they should be checked."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.language import _
from obhvat.texts import day, percent
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.schools import by_row, clicked_row


def whole_ranking(ranked: pd.DataFrame, today: date, view: View) -> None:
    """The table of every ranked school of the scope, with why it stands where it does."""
    rows = ranked
    if view.scope.municipality:
        rows = rows[rows["municipality"] == view.scope.municipality]
    if view.scope.school:
        rows = rows[rows["school"] == view.scope.school]
    if not view.is_inside:
        # Their order would say which of two has the larger share.
        rows = rows.sort_values(["must", "municipality", "name"], ascending=[False, True, True], ignore_index=True)
    order = "" if view.is_inside else _("по име, които най-дълго не са проверявани – отгоре")
    on_day = "; ".join(filter(None, (_("към {today}").format(today=day(today)), order)))
    html.part(_("Цялото подреждане"), by_row(view, on_day))
    table = pd.DataFrame(
        {
            _("Училище"): [view.name_of(code) for code in rows["school"]],
            _("Община"): rows["municipality"],
            _("Защо"): rows["reason"],
        }
    )
    if view.is_inside:
        # The factors are shares of children in another form.
        table.insert(0, _("Ред"), rows["place"])
        inside = {
            _("Оценка"): rows["score"].round(2),
            _("Над прага"): [percent(risk, 1, 1) if pd.notna(risk) else None for risk in rows["risk"]],
            _("× риск"): rows["factor_risk"].round(2),
            _("× време"): rows["factor_time"].round(2),
            _("× констатации"): rows["factor_findings"].round(2),
            _("× дневник"): rows["factor_gap"].round(2),
        }
        for at, (caption, values) in enumerate(inside.items(), start=2):
            table.insert(at, caption, values)
    key = f"ranking-{view.scope.municipality}"
    clicked_row(view, table, rows["school"].tolist(), key, 640 if len(rows) > 10 else None, sentences=True)
