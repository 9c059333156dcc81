"""Entries that look as if they were written for the report: questions to whoever wrote them, never accusations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.cases.ladder import minute_of_day
from obhvat.cases.register import actions, cases, of_period
from obhvat.cases.same_child import same_child
from obhvat.datasets import dataset
from obhvat.language import _, ngettext
from obhvat.people import EVERY, Reach
from obhvat.periods import Period
from obhvat.resources import read_toml
from obhvat.store import Store
from obhvat.texts import counted, listed, within
from obhvat.texts import day as day_words
from obhvat.workdays import workdays_between

COLUMNS = ("kind", "words", "municipality", "numbers", "date")
ATTEMPTS = ("call", "meeting", "visit")


def _limits() -> dict[str, Any]:
    return read_toml("cases/gaming.toml")


def statutory_days(period: Period) -> tuple[date, ...]:
    """The days of the period's school year on which reports are due to the ministry: 30 November and 30 April."""
    days = (tuple(map(int, text.split("-"))) for text in _limits()["report_days"])
    return tuple(date(period.start_year if month >= 9 else period.start_year + 1, month, day) for month, day in days)


def signals(
    store: Store,
    period: Period,
    day: date,
    known_at: datetime,
    report_days: Sequence[date] | None = None,
    reach: Reach = EVERY,
) -> pd.DataFrame:
    """What in the entries of a period up to a day, of the cases of a reach, is worth a question. One row a signal, the
    newest first.

    kind: before_report (identical entries in the last working days before a report), same_entry (identical entries of
    one day), no_attempt (an outcome without a call, meeting or visit), same_minute and many_visits (of one team),
    same_child (cases of one child at the same time);
    words: a Bulgarian sentence that names no case; municipality, None when it is of several; numbers: a list of the
    cases, for inside only; date: the newest day, NaT when it is not known.

    `report_days` are those of `statutory_days` unless given; who knows the days of meetings adds them.
    """
    rows, of_cases = (ask(store, day, known_at, reach) for ask in (actions, cases))
    of_cases = of_period(of_cases, period)
    at_once = same_child(store, day, known_at)
    if not reach.is_all:
        mine = pd.MultiIndex.from_frame(of_cases[["number", "municipality"]])
        at_once = at_once[pd.MultiIndex.from_frame(at_once[["number", "municipality"]]).isin(mine)]
    inside = rows[(rows["date"] >= pd.Timestamp(period.first)) & (rows["date"] <= pd.Timestamp(period.last))]
    reports = statutory_days(period) if report_days is None else report_days
    questions = [
        *_same_entries(inside, reports),
        *_without_attempt(of_cases, rows),
        *_same_minute(inside),
        *_many_visits(inside),
        *_same_child(of_cases, at_once),
    ]
    frame = pd.DataFrame(questions, columns=list(COLUMNS)).astype({"date": "datetime64[us]"})
    return frame.sort_values(["date", "kind", "words"], ascending=[False, True, True], ignore_index=True)


def signal_counts(
    store: Store,
    period: Period,
    day: date,
    known_at: datetime,
    report_days: Sequence[date],
    municipality: str | None = None,
) -> dict[str, int]:
    """How many questions of each kind there are, in the oblast or of a municipality alone: no row of a case."""

    def answer() -> dict[str, int]:
        rows = signals(store, period, day, known_at, report_days)
        rows = rows[rows["municipality"] == municipality] if municipality else rows
        return {str(kind): int(n) for kind, n in rows["kind"].value_counts().items()}

    question = ("signal counts", period, day, tuple(report_days), municipality)
    return store.kept_of_data(question, known_at, answer)


def _same_entries(rows: pd.DataFrame, reports: Sequence[date]) -> Iterator[tuple[Any, ...]]:
    """Entries with the same words of different cases: of one day, or of the last days before a report."""
    limits = _limits()
    rows = rows.copy()
    rows["result"] = rows["result"].str.strip().str.lower().replace("", None)
    rows["report"] = rows["date"].map(lambda at: _report_after(at.date(), reports)).astype("datetime64[us]")
    # Entries without words are alike by nature: only those of one day are the same.
    is_copied = rows["report"].notna() & rows["result"].notna()
    rows["bunch"] = rows["report"].where(is_copied, rows["date"])
    entry = ["bunch", "report", "municipality", "kind", "team", "contact", "result"]
    for _unused, same in rows.groupby(entry, dropna=False):
        numbers, first = sorted(set(same["case_number"])), same.iloc[0]
        is_before = not pd.isna(first["report"])
        if len(numbers) < limits["same_entries_before_report" if is_before else "same_entries"]:
            continue
        when = _span(same["date"])
        if is_before:
            when += _(", в последните работни дни преди отчета на {day}").format(day=day_words(first["report"]))
        team = "" if pd.isna(first["team"]) else f" ({first['team']})"
        words = _(
            "{cases} {where} имат еднакъв запис „{kind}“{team} {when}: отделни действия ли са, или един "
            "запис, повторен?"
        ).format(
            cases=counted(len(numbers), "случай"),
            where=_in(first["municipality"]),
            kind=_(dataset("actions")["kind"].caption_of(first["kind"])),
            team=team,
            when=when,
        )
        kind = "before_report" if is_before else "same_entry"
        yield kind, words, _place(first["municipality"]), numbers, same["date"].max()


def _report_after(day: date, reports: Sequence[date]) -> date | None:
    """The report that a day is one of the last working days before."""
    most = _limits()["working_days_before_report"]
    return min((report for report in reports if day <= report and workdays_between(day, report) <= most), default=None)


def _without_attempt(rows: pd.DataFrame, all_actions: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Outcomes of cases in which nobody is known to have tried to reach the family.

    A municipality without a register of actions says nothing of attempts: none is missing there.
    """
    tried = all_actions.loc[all_actions["kind"].isin(ATTEMPTS), "case_number"]
    covered = all_actions["municipality"].dropna().unique()
    untried = rows[
        rows["status_group"].isin(_limits()["outcomes"])
        & ~rows["number"].isin(tried)
        & rows["municipality"].isin(covered)
    ]
    for (municipality, status), same in untried.groupby(["municipality", "status"]):
        words = ngettext(
            "{cases} {where} е с изход „{status}“ без нито един разговор, среща или посещение: откъде се знае изходът?",
            "{cases} {where} са с изход „{status}“ без нито един разговор, среща или посещение: откъде се знае "
            "изходът?",
            len(same),
        ).format(
            cases=counted(len(same), "случай"),
            where=_in(municipality),
            status=_(dataset("cases")["status"].caption_of(str(status))),
        )
        yield "no_attempt", words, municipality, sorted(same["number"]), same["status_on"].max()


def _same_minute(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Visits of one team in different cases at the same minute."""
    visits = rows[(rows["kind"] == "visit") & rows["team"].notna()]
    visits = visits.assign(minute=[minute_of_day(None if pd.isna(t) else t) for t in visits["time"]])
    for (team, on, minute), same in visits.dropna(subset="minute").groupby(["team", "date", "minute"]):
        numbers = sorted(set(same["case_number"]))
        if len(numbers) > 1:
            hour, minutes = divmod(int(minute), 60)
            when = _("{day} в {hour}").format(day=day_words(on), hour=f"{hour:02}:{minutes:02}")
            words = _("{team} има на {when} посещения по {cases} {where}: на един адрес ли са децата?").format(
                team=team, when=when, cases=counted(len(numbers), "случай"), where=_in(*same["municipality"])
            )
            yield "same_minute", words, _place(*same["municipality"]), numbers, on


def _many_visits(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """More visits of one team in a day than there is time for."""
    for (team, on), same in rows[rows["kind"] == "visit"].groupby(["team", "date"]):
        if len(same) > _limits()["visits_in_a_day"]:
            words = _("{team} има {visits} на {day} {where}: един екип ли ги е направил, или няколко?").format(
                team=team, visits=counted(len(same), "посещение"), day=day_words(on), where=_in(*same["municipality"])
            )
            yield "many_visits", words, _place(*same["municipality"]), sorted(set(same["case_number"])), on


def _same_child(rows: pd.DataFrame, at_once: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Cases of one child that are open at the same time, any of them of the period."""
    of_period = set(zip(rows["number"], rows["municipality"], strict=True))
    for _unused, same in at_once.groupby("child"):
        if of_period.isdisjoint(zip(same["number"], same["municipality"], strict=True)):
            continue
        words = _(
            "Едно дете е в {cases} по едно и също време {where}: отделни случаи ли са, или един, казан повторно?"
        ).format(cases=counted(len(same), "случай"), where=_in(*same["municipality"]))
        yield "same_child", words, _place(*same["municipality"]), list(same["number"]), same["opened_on"].max()


def _place(*municipalities: Any) -> str | None:
    """The one municipality, or None."""
    names = {None if pd.isna(municipality) else str(municipality) for municipality in municipalities}
    return names.pop() if len(names) == 1 else None


def _in(*municipalities: Any) -> str:
    """„в Каменград“, „във Ведрово“, „в Горун и Каменград“."""
    names = sorted({str(municipality) for municipality in municipalities if not pd.isna(municipality)})
    if not names:
        return _("без община")
    return within(listed(names))


def _span(dates: pd.Series) -> str:
    """„на 29.11.2023 г.“, „от 27.11.2023 г. до 29.11.2023 г.“"""
    first, last = dates.min(), dates.max()
    return (
        _("на {day}").format(day=day_words(first))
        if first == last
        else _("от {first} до {last}").format(first=day_words(first), last=day_words(last))
    )
