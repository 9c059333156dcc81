"""What the pages about checks show in tables: rows in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.disclosure import shown
from obhvat.inspections.checks import KINDS, checks
from obhvat.inspections.findings import STATES, standing
from obhvat.inspections.repeats import WHY
from obhvat.periods import Period
from obhvat.scope.days import checks_day, last_day
from obhvat.store import Store
from obhvat.texts import counted, listed, number, out_of
from obhvat.ui.filters import View
from obhvat.ui.widgets.html import Safe, bold, joined, tag


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows one by one, their columns as attributes."""
    return iter(rows.itertuples(index=False))


def as_of(store: Store, view: View) -> date:
    """The day checks of the view's period are looked at: what was sent of them ends there."""
    return checks_day(store, last_day(view.period, view.scope.moment), view.scope.moment)


def within(made: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The checks of a period."""
    return made[made["date"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]


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
        kind = KINDS[check.kind][0].removesuffix(" за задържане")
        repeat = tag("div", f"повторна на {check.repeat_of}", css="quiet") if check.repeat_of else ""
        rows.append(
            (
                f"{check.date:%d.%m.%Y}",
                joined([kind, " с обход" if check.with_round else "", repeat]),
                "без забележки" if finding is None else _said(finding),
                "" if finding is None else state_words(finding),
            )
        )
    return rows


def _said(finding: Any) -> Safe:
    lines = [finding.finding, finding.recommendation]
    return joined([tag("div", lines[0]), tag("div", lines[1], css="quiet")] if all(lines) else filter(None, lines))


def state_words(finding: Any) -> Safe:
    """„просрочена с 12 работни дни“, „изпълнена на 24.10.2023“."""
    state, late = finding.state, finding.late
    due, closed, again = (getattr(finding, name) for name in ("due", "closed_on", "recheck"))
    words = STATES[state]
    if state == "overdue":
        return tag("span", bold(words), f" с {late} раб. дни (срок {due:%d.%m.%Y})", css="late")
    if state == "open":
        return tag("span", words, "" if pd.isna(due) else f", срок {due:%d.%m.%Y}")
    return tag("span", words, f" на {closed if state == 'closed' else again:%d.%m.%Y}")


_TIMES = {"0": "нито веднъж", "1": "веднъж", "2": "два пъти", "3": "три пъти", "4+": "четири пъти и повече"}


def band_rows(parts: pd.DataFrame) -> list[list[str]]:
    """Schools by how often they were checked; the last row is all of them."""
    rows = [[_TIMES[r.checks], number(r.schools), number(r.n)] for r in each(parts)]
    return [*rows, ["Всички", number(parts["schools"].sum()), number(parts["n"].sum())]]


def kind_rows(parts: pd.DataFrame) -> list[list[str]]:
    """Checks by kind; the last row is all of them. A school is in as many kinds as it was checked for."""
    rows = [
        [r.name, number(r.n), number(r.schools), "" if pd.isna(r.without_round) else number(r.without_round)]
        for r in each(parts)
    ]
    return [*rows, ["Всички", number(parts["n"].sum()), "", ""]]


def month_rows(parts: pd.DataFrame, until: date) -> list[list[str]]:
    """Checks by month; the last row is all of them. Months that have not come yet are left out."""
    rows = [
        [r.label[0].upper() + r.label[1:], number(r.n), number(r.new)] for r in each(parts) if r.n or r.month <= until
    ]
    return [*rows, ["Всички", number(parts["n"].sum()), number(parts["new"].sum())]]


def municipality_rows(parts: pd.DataFrame) -> tuple[list[list[str]], list[str]]:
    """Municipalities, and the row they add up to."""
    rows = [
        [
            r.municipality or "без община",
            out_of(r.checked, r.schools),
            number(r.n),
            "–" if pd.isna(r.last_check) else f"{r.last_check:%d.%m.%Y}",
        ]
        for r in each(parts)
    ]
    whole = out_of(parts["checked"].sum(), parts["schools"].sum())
    last = parts["last_check"].max()
    return rows, ["Всички", whole, number(parts["n"].sum()), "–" if pd.isna(last) else f"{last:%d.%m.%Y}"]


def schools_table(rows: pd.DataFrame, until: date, view: View) -> pd.DataFrame:
    """Every school, those without a check first and then by their last one: `school` (its code) and captions."""
    ordered = rows.assign(checked=rows["n_checks"] > 0).sort_values(
        ["checked", "last_ever", "code"], na_position="first", ignore_index=True
    )
    return pd.DataFrame(
        {
            "school": ordered["code"],
            "Община": ordered["municipality"],
            "Училище": [view.name_of(code) for code in ordered["code"]],
            "Проверки": ordered["n_checks"],
            "Присъствие": ordered["n_attendance"],
            "Дневник": ordered["n_diary"],
            "Директор": ordered["n_director"],
            "Без обход": ordered["without_round"],
            "Последна изобщо": ordered["last_ever"],
            "Преди дни": (pd.Timestamp(until) - ordered["last_ever"]).dt.days.astype("Int64"),
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
            "Дата": ordered["date"],
            "Училище": [view.name_of(code) for code in ordered["school"]],
            "Вид проверка": [KINDS[kind][0] for kind in ordered["kind"]],
            "Констатация": ordered["finding"],
            "Препоръка": ordered["recommendation"],
            "Срок": ordered["due"],
            "Докъде е": ordered["state"].map(STATES),
            "Работни дни след срока": ordered["late"].where(ordered["late"] > 0).astype("Int64"),
            "Изпълнена": ordered["closed_on"],
            "Повторно проверена": ordered["recheck"],
        }
    )


def repeat_rows(reasons: pd.DataFrame, rows: pd.DataFrame) -> list[list[str]]:
    """Repeated checks by reason; the last row is all of them. A school may have repeats of several reasons."""
    parts = [[r.name[0].upper() + r.name[1:], number(r.n), number(r.schools)] for r in each(reasons)]
    return [*parts, ["Всички", number(len(rows)), number(rows["school"].nunique())]]


def repeats_table(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Repeated checks one by one, those without a reason first: `school` (its code) and captions."""
    order = {why: n for n, why in enumerate(reversed(WHY))}
    ordered = rows.assign(order=rows["why"].map(order)).sort_values(["order", "date"], ignore_index=True)
    return pd.DataFrame(
        {
            "school": ordered["school"],
            "Дата": ordered["date"],
            "Училище": [view.name_of(code) for code in ordered["school"]],
            "Вид проверка": [KINDS[kind][0] for kind in ordered["kind"]],
            "Основание": ordered["why"].map(WHY),
            "Предишна": ordered["previous_date"],
            "Защо": ordered["words"],
        }
    )


def diary_words(rows: pd.DataFrame, view: View) -> str:
    """All counts in a sentence. Small numbers of children, and parts of the oblast, are hidden outside."""
    possible = rows.dropna(subset="gap")
    if possible.empty:
        return "Числата на всички проверки са невъзможни."
    enrolled, present, recorded = (int(possible[c].sum()) for c in ("enrolled", "present", "absent_recorded"))
    absent = enrolled - present
    gap = absent - recorded
    if not view.is_inside:
        if view.is_narrow:
            return "Броят на децата се показва само за цялата област."
        if view.disclosure.hides(present, absent, recorded, gap):
            return f"Броят на децата е скрит: {shown.WHY}."
    left = (
        f"{number(gap)} не са вписани" if gap > 0 else "всички са вписани" if gap == 0 else f"с {number(-gap)} повече"
    )
    return (
        f"При {counted(int(possible['n_checks'].sum()), 'проверка')} отсъстваха {number(absent)} от "
        f"{counted(enrolled, 'ученик')} по списък, а в дневниците са вписани {number(recorded)}: {left}."
    )


def diary_table(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Schools whose pupils were counted: `school` (its code) and captions. Outside without numbers of pupils."""
    if not view.is_inside:
        # Their order by the gap would say how large it is.
        rows = rows.sort_values(["flagged", "name"], ascending=[False, True], ignore_index=True)
    table = pd.DataFrame(
        {
            "school": rows["school"],
            "Училище": [view.name_of(code) for code in rows["school"]],
            "Дневникът": [_diary_said(r, view.is_inside) for r in each(rows)],
            "И още": [_also(r) for r in each(rows)],
            "Проверки": rows["n_checks"],
        }
    )
    if view.is_inside:
        absent = rows["enrolled"] - rows["present"]
        counts = {"Списък": rows["enrolled"], "Отсъстват": absent, "Вписани": rows["absent_recorded"]}
        for at, (caption, values) in enumerate([*counts.items(), ("Разлика", rows["gap"])], start=5):
            table.insert(at, caption, values.astype("Int64"))
    return table


def _diary_said(row: Any, is_inside: bool) -> str:
    if pd.isna(row.gap):
        return "невъзможни числа"
    if row.flagged:
        return "не вписва всички"
    if not is_inside:
        return "без съществена разлика"
    return "може да е от броенето" if row.gap else "без разлика"


def _also(row: Any) -> str:
    doubts = ["нито един неизвинен час от септември"] if row.zero_suspicious else []
    return listed([*doubts, *(["не е подало отсъствията"] if row.not_submitted else [])])
