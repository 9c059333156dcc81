"""Who sent what, institutions by months."""

from __future__ import annotations

import pandas as pd

from obhvat.language import N_, _
from obhvat.periods import month_name
from obhvat.texts import counted
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, tag

# State → what stands in the cell, what it means.
CELLS = {
    "submitted": ("✓", N_("файлът е качен")),
    "elsewhere": (N_("НЕИСПУО"), N_("подадено в НЕИСПУО, файлът не е качен тук")),
    "declared": ("✓ 0", N_("подадено, че няма отсъствия")),
    "unsigned": ("✎ ?", N_("подадено, но неподписано")),
    "zeros": ("0 ?", N_("нито един неизвинен час в цялото училище")),
    "doubled": ("×2 ?", N_("часове, които изглеждат удвоени, записани по потвърждение")),
    "missing": (N_("липсва"), N_("нищо не е подадено")),
    "ahead": ("·", N_("още никой не е подал")),
    "closed": ("–", N_("не е действала през месеца")),
}
_CSS = {"closed": "ahead", "elsewhere": "declared", "zeros": "suspicious", "doubled": "suspicious"}


def legend(states: pd.DataFrame) -> None:
    """What the cells of the matrix mean, of those there are."""
    is_whole = len(states) == states["school"].nunique() * states["month"].nunique()
    present = [s for s in CELLS if s in {*states["state"], *([] if is_whole else ["closed"])}]
    html.show(
        tag(
            "div",
            *(
                tag("span", tag("span", _(CELLS[s][0]), css=f"matrix-key {_CSS.get(s, s)}"), _(CELLS[s][1]))
                for s in present
            ),
            css="legend matrix-legend",
        )
    )


def matrix(states: pd.DataFrame) -> Safe:
    """Institutions by months, under their municipalities."""
    months = sorted(states["month"].unique())
    head = tag("tr", tag("th", _("Институция"), scope="col"), *(tag("th", _month(m), scope="col") for m in months))
    body: list[Safe] = []
    for municipality, inside in states.groupby("municipality", sort=False):
        n = inside["school"].nunique()
        title = f"{municipality} · {counted(n, 'институция')}"
        body.append(tag("tr", tag("th", title, scope="rowgroup", colspan=str(len(months) + 1)), css="place"))
        for code, rows in inside.groupby("school", sort=False):
            by_month = dict(zip(rows["month"], rows["state"], strict=True))
            first = rows.iloc[0]
            name = tag("th", f"{first['name']}, {first['settlement']}", tag("small", f" {code}"), scope="row")
            body.append(tag("tr", name, *(_cell(by_month.get(m, "closed")) for m in months)))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), css="matrix", tabindex="0")


def _month(month: pd.Timestamp) -> str:
    return f"{month_name(month.month)} {month.year}"


def _cell(state: str) -> Safe:
    shown, means = map(_, CELLS[state])
    return tag("td", tag("span", shown, css=_CSS.get(state, state), title=means))
