"""The school's absences: by month beside the others, what was sent, what is suspicious."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.charts.ranges import against_range
from obhvat.indicators.suspicious import WHAT, reason, suspicious
from obhvat.language import N_, _
from obhvat.metrics import Figure, submission_months
from obhvat.periods import short_month_name
from obhvat.store import Store
from obhvat.texts import NO_DATA, number
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.picture import drawing, picture

_SENT = {
    "submitted": ("✓", "submitted", N_("подадени")),
    "elsewhere": (N_("НЕИСПУО"), "declared", N_("подадени в НЕИСПУО, файлът не е тук")),
    "declared": (N_("без"), "declared", N_("заявено „без отсъствия“")),
    "unsigned": (N_("неподп."), "declared", N_("подадени, без подпис")),
    "zeros": ("0 ?", "suspicious", N_("подадени без нито един неизвинен час")),
    "doubled": ("×2 ?", "suspicious", N_("изглеждат удвоени")),
    "missing": (N_("липсва"), "missing", N_("не са подадени")),
    "ahead": ("·", "ahead", N_("още никой не е подал")),
}
_USUAL = (0.1, 0.9)
"""Between these shares of the schools is what is usual: eight schools of ten."""


def by_month(of_oblast: Figure, code: str, is_preschool: bool) -> None:
    """Unexcused absences a child, beside what is usual in the oblast."""
    unit = _("дни на дете") if is_preschool else _("часове на ученик")
    html.part(
        _("Неизвинени отсъствия по месеци"),
        _("{unit}; в ивицата са 8 от 10 училища, с точки – средното за областта").format(unit=unit),
    )
    months = against_others(of_oblast, code)
    if months["value"].isna().all():
        html.quiet(_("Няма качени отсъствия или списък за това училище."))
        return
    table = months.assign(month=months["month"].dt.strftime("%m.%Y"))
    table.columns = [_("Месец"), _("Тук"), _("Обичайно от"), _("Обичайно до"), _("В областта")]
    months_aloud = (
        _("{month} – {part} (обичайно {low} до {high})").format(
            month=month, part=_(NO_DATA) if pd.isna(here) else number(here, 2), low=number(low, 2), high=number(high, 2)
        )
        for month, here, low, high, _unused in table.itertuples(index=False, name=None)
    )
    says = _("Неизвинени {unit} по месеци: {join}").format(unit=unit, join=", ".join(months_aloud))
    picture(drawing(against_range, months), f"range-{code}", says, table.round(2))


def submissions(store: Store, view: View) -> None:
    """Who sent what, month by month, as on the page „Данни“."""
    html.part(_("Подаване по месеци"))
    states = submission_months(store, view.period, view.scope)
    if states.empty:
        html.quiet(_("Тази институция не подава отсъствия."))
        return
    head = tag("tr", *(tag("th", short_month_name(m.month), scope="col") for m in states["month"]))
    cells = [[*map(_, _SENT[state])] for state in states["state"]]
    body = tag("tr", *(tag("td", tag("span", shown, css=css, title=means)) for shown, css, means in cells))
    html.show(tag("div", tag("table", tag("thead", head), tag("tbody", body)), css="matrix strip"))


def doubtful(store: Store, month: date | None, code: str, view: View) -> None:
    """Records that are a reason for an inspection."""
    records = suspicious(store, month, view.scope.moment) if month else pd.DataFrame(columns=["school"])
    records = records[records["school"] == code]
    if records.empty:
        html.part(_("Няма съмнителни записи"))
        return
    html.part(_("Съмнителни записи"), _("повод за проверка, не присъда"))
    html.show(
        html.bullets(
            tag("span", bold(_(WHAT[row.what])), f": {reason(row.what, row.amount, row.usual, row.about)}")
            for row in records.itertuples(index=False)
        )
    )


def against_others(of_oblast: Figure, school: str) -> pd.DataFrame:
    """A school's value a pupil by month beside the others': columns month, value, low, high, usual.

    `of_oblast` is a monthly ratio of the whole oblast. low and high hold eight schools of ten; usual is the oblast's
    own ratio. Null where nobody has sent; value also where the school has not. Months nobody sent are left out.
    """
    rows = of_oblast.rows[of_oblast.rows["reports"] & (of_oblast.rows["d"] > 0)]
    rows = rows.assign(value=rows["n"].astype(float) / rows["d"].astype(float))
    by_month = rows.groupby("month")
    months = pd.DataFrame(
        {
            "low": by_month["value"].quantile(_USUAL[0]),
            "high": by_month["value"].quantile(_USUAL[1]),
            "usual": by_month["n"].sum().astype(float) / by_month["d"].sum().astype(float),
        }
    )
    months["value"] = rows[rows["school"] == school].set_index("month")["value"]
    return months.reset_index()[["month", "value", "low", "high", "usual"]]
