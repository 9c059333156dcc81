"""The school's children: by grade, their marks, and the cases of those who left."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from obhvat.cases.children import cases_of
from obhvat.cases.register import of_period
from obhvat.datasets import dataset
from obhvat.disclosure import SHORT_HIDDEN, WHY, Disclosure
from obhvat.indicators.tables import Listed
from obhvat.language import _
from obhvat.metrics import figure, why_no_cases
from obhvat.metrics.school_results import on_one_scale, school_results
from obhvat.scope.days import cases_day
from obhvat.store import Store
from obhvat.texts import capitalized, counted, number
from obhvat.ui.filters import View
from obhvat.ui.looks import saw
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_GRADES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def grades(listed: Listed | None, view: View) -> None:
    """How many are in each grade."""
    html.part(_("Ученици по класове"), _("по списъка на училището"))
    if listed is None or not listed.n:
        html.quiet(_("Няма качен списък на училището."))
        return
    of_grades = view.disclosure.kinds(_of_grades(listed))
    if all(shown.is_hidden for shown in of_grades.values()):
        html.quiet(_("Числата са скрити: {WHY}.").format(WHY=_(WHY)))
        return
    row = [_(SHORT_HIDDEN) if shown.is_hidden else shown.text for shown in of_grades.values()]
    html.show(html.table([*of_grades], [row], numbers=range(len(row))))


def results(store: Store, code: str, view: View) -> None:
    """The marks of the newest terms and exams."""
    html.part(_("Успех"), _("среден за училището / за областта"))
    marks = school_results(store, code, view.period, view.scope)
    if marks.empty:
        html.quiet(_("Няма качени оценки или изпити."))
        return
    captions, rows = _marks(marks, view.disclosure)
    html.show(html.table(captions, rows, numbers=range(1, len(captions))))


def left(store: Store, code: str, view: View) -> None:
    """The cases of children who were last taught here."""
    html.part(_("Случаи"), _("на деца, учили последно тук"))
    total = figure(store, "cases_total", view.period, view.scope, view.day)
    if total.n is None:
        html.quiet(f"{capitalized(why_no_cases(total))}.")
        return
    if view.disclosure.figure(total).is_hidden:
        html.quiet(_("Броят е скрит: {WHY}.").format(WHY=_(WHY)))
        return
    if not total.n:
        html.quiet(_("Няма случаи през периода."))
        return
    words = [bold(counted(int(total.n), "случай"))]
    if view.is_inside:
        words.append(
            _(", {n} в работа").format(n=number(figure(store, "cases_in_work", view.period, view.scope, view.day).n))
        )
    html.show(tag("p", *words))
    if view.is_inside:
        day = cases_day(store, view.period, view.scope.moment, view.day)
        rows = of_period(cases_of(store, view.viewer, day, view.scope.moment), view.period)
        rows = rows[rows["school"] == code]
        saw(store, view, "cases", cases=rows["number"])
        status = dataset("cases")["status"]
        html.show(
            html.table(
                [_("Случай"), _("Сигнал"), _("Статус")],
                [(r.number, f"{r.opened_on:%d.%m.%Y}", _(status.caption_of(r.status))) for r in rows.itertuples()],
            )
        )


def _of_grades(listed: Listed) -> dict[str, int]:
    # Groups of the preschool have several codes below 1.
    counts = Counter[str]()
    for grade, n in listed.grades.items():
        counts[_("ПГ") if grade < 1 else _GRADES[grade - 1]] += n
    return counts


def _marks(marks: pd.DataFrame, disclosure: Disclosure, most: int = 3) -> tuple[list[str], list[list[str]]]:
    """The newest terms and exams as captions and rows: a row a subject, „here / in the oblast“ in each term's cell."""
    exams = dataset("results")["exam"]
    when = marks[["school_year", "exam"]].drop_duplicates().head(most)[::-1]
    marks = on_one_scale(marks.merge(when))
    captions, cells = [_("Предмет")], {}
    for n, (year, exam) in enumerate(when.itertuples(index=False, name=None)):
        inside = marks[(marks["school_year"] == year) & (marks["exam"] == exam)]
        scale = ", ".join(filter(None, inside["scale"].unique()))
        captions.append(f"{_(exams.caption_of(exam))} {year}/{(year + 1) % 100:02}{scale and f', {scale}'}")
        for row in inside.itertuples(index=False):
            here = disclosure.average(row.average, row.examined)
            cells[row.subject, n] = f"{here.text} / {number(row.oblast, 2)}"
    subjects = sorted({subject for subject, _unused in cells})
    return captions, [[s, *(cells.get((s, n), "–") for n in range(len(when)))] for s in subjects]
