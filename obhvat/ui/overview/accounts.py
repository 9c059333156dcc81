"""How the cases of the period add up."""

from __future__ import annotations

import pandas as pd

from obhvat.charts import waterfall
from obhvat.disclosure import SMALL_ARE_HIDDEN
from obhvat.language import _
from obhvat.metrics import Reconciliation, why_no_cases
from obhvat.metrics.accounts import part_words
from obhvat.texts import capitalized, counted, listed
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.picture import drawing, picture


def show(adds_up: Reconciliation, in_work_hidden: bool, view: View) -> None:
    """The waterfall from all cases to those in work."""
    if not adds_up.total.has_data:
        _without(f"{capitalized(why_no_cases(adds_up.total))}.", view)
        return
    whole = int(adds_up.total.n or 0)
    # The press is told of the small ones together.
    together = view.disclosure.outcomes_together(adds_up.total)
    if in_work_hidden or together is None or view.disclosure.is_closed_below(view.scope):
        _without(_(SMALL_ARE_HIDDEN), view)
        return
    if not whole:
        _without(_("Няма нито един случай в регистъра за този период."), view)
        return
    numbers = {part.metric.id: int(part.n or 0) for part in adds_up.parts}
    names = {part.metric.id: part.metric.name for part in adds_up.parts}
    shown = [(key, names[key], n) for key, n in numbers.items() if n and key not in together]
    if together:
        shown.append(("cases_other", _("Други изходи"), sum(numbers[key] for key in together)))
    words = listed(part_words(key.removeprefix("cases_"), n) for key, _unused, n in shown)
    html.part(_("Разпределение на {whole}").format(whole=counted(whole, "случай")), words)
    if adds_up.difference:
        html.notice(
            "act", _("Сборът не съвпада: без статус – {abs}.").format(abs=counted(abs(adds_up.difference), "случай"))
        )
    rows = [*((name, n) for _unused, name, n in shown), (_("Всички"), whole)]
    table = pd.DataFrame(rows, columns=[_("Част"), _("Случаи")])
    drawn = drawing(waterfall, (_("Всички"), whole), shown)
    picture(drawn, "cases", f"{counted(whole, 'случай')}: {words}.", table)


def _without(why: str, view: View) -> None:
    html.part(_("Случаите"), f"{view.place}, {view.period.label}")
    html.quiet(why)
