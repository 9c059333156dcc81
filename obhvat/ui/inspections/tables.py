"""What the pages about checks show in tables: rows in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.disclosure import shown
from obhvat.inspections.checks import KINDS, checks
from obhvat.inspections.coverage import TIMES
from obhvat.inspections.findings import STATES, standing
from obhvat.inspections.repeats import WHY
from obhvat.language import _
from obhvat.metrics import Figure, figure
from obhvat.periods import month_label, month_period
from obhvat.scope.days import checks_day, last_day
from obhvat.store import Store
from obhvat.texts import capitalized, counted, listed, number, out_of
from obhvat.ui.filters import View
from obhvat.ui.widgets.html import Safe, bold, joined, tag


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows one by one, their columns as attributes."""
    return iter(rows.itertuples(index=False))


def as_of(store: Store, view: View) -> date:
    """The day checks of the view's period are looked at: what was sent of them ends there."""
    return view.day or checks_day(store, last_day(view.period, view.scope.moment), view.scope.moment)


def checks_of(store: Store, school: str, day: date, known_at: datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A school's checks up to a day, and its findings as they stand on it."""
    made = checks(store, known_at)
    made = made[made["school"].eq(school) & (made["date"] <= pd.Timestamp(day))]
    return made, standing(made, day)


def timeline(made: pd.DataFrame, findings: pd.DataFrame) -> list[tuple[object, ...]]:
    """A school's checks, the newest first: date, kind, what was found, and what became of it."""
    of_check = {(row.number, row.date): row for row in each(findings)}
    rows = []
    for check in each(made.iloc[::-1]):
        finding = of_check.get((check.number, check.date))
        kind = _(KINDS[check.kind][0].removesuffix(" за задържане"))
        repeat = (
            tag("div", _("повторна на {repeat_of}").format(repeat_of=check.repeat_of), css="quiet")
            if check.repeat_of
            else ""
        )
        rows.append(
            (
                f"{check.date:%d.%m.%Y}",
                joined([kind, _(" с обход") if check.with_round else "", repeat]),
                _("без забележки") if finding is None else _said(finding),
                "" if finding is None else state_words(finding),
            )
        )
    return rows


def _said(finding: Any) -> Safe:
    lines = [finding.finding, finding.recommendation]
    return joined([tag("div", lines[0]), tag("div", lines[1], css="quiet")] if all(lines) else filter(None, lines))


def state_words(finding: Any) -> Safe:
    """„с изтекъл срок, закъснение 12 раб. дни (срок 10.11.2023)“, „изпълнена на 24.10.2023“."""
    state, late = finding.state, finding.late
    due, closed, again = (getattr(finding, name) for name in ("due", "closed_on", "recheck"))
    words = _(STATES[state])
    if state == "overdue":
        return tag(
            "span",
            bold(words),
            _(", закъснение {late} (срок {due:%d.%m.%Y})").format(late=counted(int(late), "раб. ден"), due=due),
            css="late",
        )
    if state == "open":
        return tag("span", words, "" if pd.isna(due) else _(", срок {due:%d.%m.%Y}").format(due=due))
    return tag("span", words, _(" на {part:%d.%m.%Y}").format(part=closed if state == "closed" else again))


def times_rows(store: Store, view: View) -> list[list[str]]:
    """Schools by how often they were checked; the last row is all of them."""
    asked = _asked(store, view)
    rows = [
        [_(name), number(asked(f"schools_inspected_times_{times}").n), number(asked(f"inspections_at_times_{times}").n)]
        for times, name in TIMES.items()
    ]
    return [*rows, [_("Всички"), number(asked("schools_inspected").d), number(asked("inspections").n)]]


def kind_rows(store: Store, view: View) -> list[list[str]]:
    """Checks by kind; the last row is all of them. A school is in as many kinds as it was checked for."""
    asked = _asked(store, view)
    alone = {"director": number(asked("director_checks_without_round").n)}
    rows = [
        [
            _(name),
            number(asked(f"checks_{kind}").n),
            number(asked(f"schools_checked_for_{kind}").n),
            alone.get(kind, ""),
        ]
        for kind, (name, _unused) in KINDS.items()
    ]
    return [*rows, [_("Всички"), number(asked("inspections").n), "", ""]]


def month_rows(store: Store, view: View, until: date) -> list[list[str]]:
    """Checks by month; the last row is all of them. Months that have not come yet are left out."""
    wholes = [_asked(store, view)(of) for of in ("inspections", "schools_first_inspected")]
    rows, left = [], [int(whole.n or 0) for whole in wholes]
    for month in view.period.months:
        parts = [int(figure(store, of.metric.id, month_period(month), view.scope, view.day).n or 0) for of in wholes]
        left = [of_all - n for of_all, n in zip(left, parts, strict=True)]
        if parts[0] or month <= until:
            label = month_label(month)
            rows.append([label[0].upper() + label[1:], *map(number, parts)])
    if any(left):
        # The month of September is told from its 15th day; what is before it is the summer's.
        rows.append([_("До 14 септември"), *map(number, left)])
    return [*rows, [_("Всички"), *(number(whole.n) for whole in wholes)]]


def municipality_rows(rows: pd.DataFrame, store: Store, view: View) -> tuple[list[list[str]], list[str]]:
    """Municipalities with their last check, and the row they add up to. `rows`: a row a school."""
    asked = _asked(store, view)
    schools, made = asked("schools_inspected"), asked("inspections")
    last = rows.groupby("municipality")["last_check"].max()
    n_made = made.by("municipality").set_index("municipality")["n"]
    parts = [
        [r.municipality or _("без община"), out_of(r.n, r.d), number(n_made[r.municipality]), _on(last[r.municipality])]
        for r in each(schools.by("municipality"))
    ]
    return parts, [_("Всички"), out_of(schools.n, schools.d), number(made.n), _on(last.max())]


def _asked(store: Store, view: View) -> Callable[[str], Figure]:
    """The figures of what is looked at, by their id."""
    return lambda metric_id: figure(store, metric_id, view.period, view.scope, view.day)


def _on(last: pd.Timestamp) -> str:
    return "–" if pd.isna(last) else f"{last:%d.%m.%Y}"


def schools_table(rows: pd.DataFrame, until: date, view: View) -> pd.DataFrame:
    """Every school, those without a check first and then by their last one: `school` (its code) and captions."""
    ordered = rows.assign(checked=rows["n_checks"] > 0).sort_values(
        ["checked", "last_ever", "code"], na_position="first", ignore_index=True
    )
    return pd.DataFrame(
        {
            "school": ordered["code"],
            _("Община"): ordered["municipality"],
            _("Училище"): [view.name_of(code) for code in ordered["code"]],
            _("Проверки"): ordered["n_checks"],
            _("Присъствие"): ordered["n_attendance"],
            _("Дневник"): ordered["n_diary"],
            _("Директор"): ordered["n_director"],
            _("Без обход"): ordered["without_round"],
            _("Последна изобщо"): ordered["last_ever"],
            _("Преди дни"): (pd.Timestamp(until) - ordered["last_ever"]).dt.days.astype("Int64"),
        }
    )


def findings_table(findings: pd.DataFrame, view: View) -> pd.DataFrame:
    """Findings one by one, what is overdue first: `school` (its code) and captions."""
    order = {state: n for n, state in enumerate(STATES)}
    ordered = findings.assign(order=findings["state"].map(order)).sort_values(
        ["order", "late", "date"], ascending=[True, False, False], ignore_index=True
    )
    return pd.DataFrame(
        {
            "school": ordered["school"],
            _("Дата"): ordered["date"],
            _("Училище"): [view.name_of(code) for code in ordered["school"]],
            _("Вид проверка"): [_(KINDS[kind][0]) for kind in ordered["kind"]],
            _("Констатация"): ordered["finding"],
            _("Препоръка"): ordered["recommendation"],
            _("Срок"): ordered["due"],
            _("Изпълнение"): ordered["state"].map(STATES).map(_),
            _("Работни дни след срока"): ordered["late"].where(ordered["late"] > 0).astype("Int64"),
            _("Изпълнена"): ordered["closed_on"],
            _("Повторно проверена"): ordered["recheck"],
        }
    )


def repeat_rows(store: Store, view: View) -> list[list[str]]:
    """Repeated checks by reason; the last row is all of them. A school may have repeats of several reasons."""
    asked = _asked(store, view)

    def row(name: str, why: str = "") -> list[str]:
        return [name, *(number(asked(f"{of}{why}").n) for of in ("checks_repeated", "schools_repeated"))]

    return [*(row(capitalized(_(name)), f"_for_{why}") for why, name in WHY.items()), row(_("Всички"))]


def repeats_table(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Repeated checks one by one, those without a reason first: `school` (its code) and captions."""
    order = {why: n for n, why in enumerate(reversed(WHY))}
    ordered = rows.assign(order=rows["why"].map(order)).sort_values(["order", "date"], ignore_index=True)
    return pd.DataFrame(
        {
            "school": ordered["school"],
            _("Дата"): ordered["date"],
            _("Училище"): [view.name_of(code) for code in ordered["school"]],
            _("Вид проверка"): [_(KINDS[kind][0]) for kind in ordered["kind"]],
            _("Основание"): ordered["why"].map(WHY).map(_),
            _("Предишна"): ordered["previous_date"],
            _("Защо"): ordered["words"],
        }
    )


def diary_words(store: Store, view: View) -> str:
    """All counts in a sentence. Small numbers of children, and parts of the oblast, are hidden outside."""
    asked = _asked(store, view)
    made, absent, recorded, gap = map(asked, ("diary_checks", "diary_absent", "diary_recorded", "diary_gap"))
    if absent.n is None or absent.d is None:
        return _("Числата на всички проверки са невъзможни.")
    if any(view.disclosure.figure(of).is_hidden for of in (absent, recorded, gap)):
        return _("Броят на децата се показва само за цялата област.")
    if view.disclosure.hides(absent.d - absent.n, absent.n, recorded.n, gap.n):
        return _("Броят на децата е скрит: {WHY}.").format(WHY=_(shown.WHY))
    left = gap.n or 0
    of_left = _("всички са вписани")
    if left > 0:
        of_left = _("1 не е вписан") if left == 1 else _("{left} не са вписани").format(left=number(left))
    if left < 0:
        of_left = _("с {left} повече").format(left=number(-left))
    return _("При {n} {were} {n2} от {d} по списък, а в дневниците {written} {n3}: {of_left}.").format(
        were=_("отсъства") if absent.n == 1 else _("отсъстваха"),
        written=_("е вписан") if recorded.n == 1 else _("са вписани"),
        n=counted(int(made.n or 0), "проверка"),
        n2=number(absent.n),
        d=counted(int(absent.d), "ученик"),
        n3=number(recorded.n),
        of_left=of_left,
    )


def diary_table(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Schools whose pupils were counted: `school` (its code) and captions. Outside without numbers of pupils."""
    if not view.is_inside:
        # Their order by the gap would say how large it is.
        rows = rows.sort_values(["flagged", "name"], ascending=[False, True], ignore_index=True)
    table = pd.DataFrame(
        {
            "school": rows["school"],
            _("Училище"): [view.name_of(code) for code in rows["school"]],
            _("Дневникът"): [_diary_said(r, view.is_inside) for r in each(rows)],
            _("И още"): [_also(r) for r in each(rows)],
            _("Проверки"): rows["n_checks"],
        }
    )
    if view.is_inside:
        absent = rows["enrolled"] - rows["present"]
        counts = {_("Списък"): rows["enrolled"], _("Отсъстват"): absent, _("Вписани"): rows["absent_recorded"]}
        for at, (caption, values) in enumerate([*counts.items(), (_("Разлика"), rows["gap"])], start=5):
            table.insert(at, caption, values.astype("Int64"))
    return table


def _diary_said(row: Any, is_inside: bool) -> str:
    if pd.isna(row.gap):
        return _("невъзможни числа")
    if row.flagged:
        return _("не вписва всички")
    if not is_inside:
        return _("без съществена разлика")
    return _("може да е от броенето") if row.gap else _("без разлика")


def _also(row: Any) -> str:
    doubts = [_("нито един неизвинен час от септември")] if row.zero_suspicious else []
    return listed([*doubts, *([_("не е подало отсъствията")] if row.not_submitted else [])])
