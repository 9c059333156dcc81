"""The school's absences: by month beside the others, what was sent, what is suspicious."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.charts.ranges import against_range
from obhvat.indicators.suspicious import WHAT, reason, suspicious
from obhvat.metrics import Figure, submission_months
from obhvat.periods import short_month_name
from obhvat.store import Store
from obhvat.texts import NO_DATA, number
from obhvat.ui.filters import View
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag
from obhvat.ui.widgets.picture import drawing, picture

_SENT = {
    "submitted": ("✓", "submitted", "подадени"),
    "elsewhere": ("НЕИСПУО", "declared", "подадени в НЕИСПУО, файлът не е тук"),
    "declared": ("без", "declared", "заявено „без отсъствия“"),
    "unsigned": ("неподп.", "declared", "подадени, без подпис"),
    "zeros": ("0 ?", "suspicious", "подадени без нито един неизвинен час"),
    "doubled": ("×2 ?", "suspicious", "изглеждат удвоени"),
    "missing": ("липсва", "missing", "не са подадени"),
    "ahead": ("·", "ahead", "още никой не е подал"),
}
_USUAL = (0.1, 0.9)
"""Between these shares of the schools is what is usual: eight schools of ten."""


def by_month(of_oblast: Figure, code: str, is_preschool: bool) -> None:
    """Unexcused absences a child, beside what is usual in the oblast."""
    unit = "дни на дете" if is_preschool else "часове на ученик"
    html.part("Неизвинени отсъствия по месеци", f"{unit}; в ивицата са 8 от 10 училища, с точки – средното за областта")
    months = against_others(of_oblast, code)
    if months["value"].isna().all():
        html.quiet("Няма качени отсъствия или списък за това училище.")
        return
    table = months.assign(month=months["month"].dt.strftime("%m.%Y"))
    table.columns = ["Месец", "Тук", "Обичайно от", "Обичайно до", "В областта"]
    months_aloud = (
        f"{month} – {NO_DATA if pd.isna(here) else number(here, 2)} (обичайно {number(low, 2)} до {number(high, 2)})"
        for month, here, low, high, _ in table.itertuples(index=False, name=None)
    )
    says = f"Неизвинени {unit} по месеци: {', '.join(months_aloud)}"
    picture(drawing(against_range, months), f"range-{code}", says, table.round(2))


def submissions(store: Store, view: View) -> None:
    """Who sent what, month by month, as on the page „Данни“."""
    html.part("Подаване по месеци")
    states = submission_months(store, view.period, view.scope)
    if states.empty:
        html.quiet("Тази институция не подава отсъствия.")
        return
    head = tag("tr", *(tag("th", short_month_name(m.month), scope="col") for m in states["month"]))
    cells = [_SENT[state] for state in states["state"]]
    body = tag("tr", *(tag("td", tag("span", shown, css=css, title=means)) for shown, css, means in cells))
    html.show(tag("div", tag("table", tag("thead", head), tag("tbody", body)), css="matrix strip"))


def doubtful(store: Store, month: date | None, code: str, view: View) -> None:
    """Records that are a reason for an inspection."""
    records = suspicious(store, month, view.scope.moment) if month else pd.DataFrame(columns=["school"])
    records = records[records["school"] == code]
    if records.empty:
        html.part("Няма съмнителни записи")
        return
    html.part("Съмнителни записи", "повод за проверка, не присъда")
    html.show(
        html.bullets(
            tag("span", bold(WHAT[row.what]), f": {reason(row.what, row.amount, row.usual, row.about)}")
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
