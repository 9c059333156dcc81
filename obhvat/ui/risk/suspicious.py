"""Records that are a reason for an inspection."""

from __future__ import annotations

from datetime import date

from obhvat.indicators.suspicious import WHAT, reason, suspicious
from obhvat.language import _
from obhvat.store import Store
from obhvat.ui.filters import View
from obhvat.ui.widgets import html


def show(store: Store, month: date, view: View) -> None:
    """Records that are a reason for an inspection."""
    records = suspicious(store, month, view.scope.moment)
    inside = view.institutions
    if view.scope.municipality:
        inside = inside[inside["municipality"] == view.scope.municipality]
    if view.scope.school:
        inside = inside[inside["code"] == view.scope.school]
    records = records[records["school"].isin(inside["code"])]
    html.part(_("Съмнителни записи"), _("повод за проверка, не присъда: училище без отсъствия може да не ги нанася"))
    if not len(records):
        html.notice("good", _("Нищо съмнително в изпратените отсъствия."))
        return
    rows = [
        (view.name_of(row.school), _(WHAT[row.what]), reason(row.what, row.amount, row.usual, row.about))
        for row in records.itertuples(index=False)
    ]
    html.show(html.table([_("Училище"), _("Какво"), _("Защо")], rows))
