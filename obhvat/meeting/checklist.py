"""What is ready for a meeting and what is left: data, doubts, confirmations, decisions and documents, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from obhvat.cases.ladder import owed
from obhvat.inspections.findings import by_school, findings
from obhvat.language import _, ngettext
from obhvat.meeting import data_lines
from obhvat.meeting.clock import duties, report_titles
from obhvat.meeting.decisions import TO_DO, decisions, standing, to_follow
from obhvat.meeting.meetings import Meeting, attendance, meetings, previous_meeting_day
from obhvat.meeting.prepared import DECISIONS, PAPERS, PRESENT, STATES, About, Item, State
from obhvat.metrics import figure
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import capitalized, counted, day, listed, number, out_of, with_word


def checklist(about: About) -> tuple[Item, ...]:
    """What is left first, each kind in the order in which it blocks the meeting. Schools are named as the audience may
    see them; the press sees nothing. No child and no case is named."""
    if about.disclosure.is_press:
        return ()

    def answer() -> tuple[Item, ...]:
        items = [item for make in _LINES for item in make(about)]
        return tuple(sorted(items, key=lambda item: [*STATES].index(item.state)))

    return about.store.kept(("checklist", about.question), about.known_at, answer)


def _opened(about: About) -> Iterator[Item]:
    if about.meeting is None:
        yield Item(_("Откриване на заседанието"), "left", _("Още не е открито: открийте го в началото на страницата."))


def _decisions(about: About) -> Iterator[Item]:
    followed = to_follow(about.store, about.today, about.known_at)
    waiting = followed[followed["state"].isin(TO_DO)].sort_values("late", ascending=False, kind="stable")
    late = waiting[waiting["late"] > 0]
    if waiting.empty:
        state: State = "none" if followed.empty else "done"
        words = (
            _("Няма предходни решения.")
            if followed.empty
            else _("Всички предходни решения са изпълнени или отпаднали.")
        )
        yield Item(_("Решения от предходни заседания"), state, words)
        return
    words = ngettext("Неизпълнено е {waiting}", "Неизпълнени са {waiting}", len(waiting)).format(
        waiting=counted(len(waiting), "решение")
    )
    words += (
        _(", с изтекъл срок – {late}.").format(late=number(len(late))) if len(late) else _("; няма с изтекъл срок.")
    )
    names = tuple(_waits(row, about.today) for _unused, row in waiting.iterrows())
    yield Item(_("Решения от предходни заседания"), "left", words, names, DECISIONS if about.meeting else "")


def _waits(row: pd.Series, today: date) -> str:
    """„РУО: Проверка на дневниците (№ 4 от 14.03.2023, отпреди 365 дни); закъснява с 26 работни дни“"""
    age = _("№ {n} от {meeting:%d.%m.%Y}, отпреди {days}").format(
        n=row["n"], meeting=row["meeting"], days=counted((today - row["meeting"].date()).days, "ден")
    )
    told = f"{capitalized(_(row['addressed_to'] or '') or _('без отговорник'))}: {row['text']} ({age})"
    if row["late"]:
        return _("{told}; закъснява {by} {late}").format(
            told=told, by=with_word(row["late"]), late=counted(int(row["late"]), "работен ден")
        )
    return told if pd.isna(row["due"]) else _("{told}; срок {due}").format(told=told, due=day(row["due"]))


def _steps(about: About) -> Iterator[Item]:
    looked = about.cases_day
    of = figure(about.store, "cases_overdue", about.period, about.scope, looked if about.meeting else None)
    shown = about.disclosure.figure(of)
    if of.n is None:
        yield Item(_("Стъпки по случаите"), "none", _("Няма регистър на случаите за периода."))
    elif shown.is_hidden:
        # Also where it is none: that would be told by the others' being hidden.
        yield Item(
            _("Стъпки по случаите"), "left", _("Броят на стъпките с изтекъл срок не се показва тук."), where="cases"
        )
    elif not of.n:
        yield Item(
            _("Стъпки по случаите"), "done", _("Няма стъпка с изтекъл срок към {looked}").format(looked=day(looked))
        )
    else:
        words = _("По {n} срокът на следващата стъпка е изтекъл към {looked}").format(
            n=out_of(of.n, of.d, "случай"), looked=day(looked)
        )
        names: tuple[str, ...] = ()
        if about.disclosure.is_inside:
            owners = owed(about.store, looked, about.known_at, Scope(about.scope.municipality))
            names = tuple(owners.loc[owners["overdue"] > 0, "sentence"])
        yield Item(_("Стъпки по случаите"), "left", words, names, "cases")


def _findings(about: About) -> Iterator[Item]:
    looked = about.checks_day
    rows = findings(about.store, about.year, about.scope, looked)
    late = by_school(rows)
    late = late[late["overdue"] > 0]
    if rows.empty:
        yield Item(_("Препоръки от проверки"), "none", _("При проверките няма направени констатации."))
    elif late.empty:
        yield Item(
            _("Препоръки от проверки"),
            "done",
            _("Няма препоръка с изтекъл срок към {looked}").format(looked=day(looked)),
        )
    else:
        n = int(late["overdue"].sum())
        words = ngettext("Изтекъл е срокът на {n} към {looked}", "Изтекли са сроковете на {n} към {looked}", n).format(
            n=counted(n, "препоръка"), looked=day(looked)
        )
        names = tuple(
            _("{name_of}: {overdue}, най-много {days} след срока").format(
                name_of=about.name_of(school), overdue=number(overdue), days=counted(days, "работен ден")
            )
            for school, overdue, days in late[["school", "overdue", "late"]].itertuples(index=False)
        )
        yield Item(_("Препоръки от проверки"), "left", words, names, "inspections")


def _documents(about: About) -> Iterator[Item]:
    before = previous_meeting_day(about.store, about.today, about.known_at)
    closed = {held.held_on for held in meetings(about.store, about.known_at) if held.is_closed}
    if before is None:
        yield Item(_("Протокол от предходното заседание"), "none", _("Няма предходно заседание."))
    elif before in closed:
        words = _("Протоколът от {before} е готов за подпис: изберете заседанието и отворете „Документи“.").format(
            before=day(before)
        )
        yield Item(_("Протокол от предходното заседание"), "done", words)
    else:
        words = _("Решенията от {before} са качени с файл; протоколът от него не е правен тук.").format(
            before=day(before)
        )
        yield Item(_("Протокол от предходното заседание"), "none", words)
    due = duties(about.store, about.today, about.known_at, about.period)
    reports = due[due["title"].isin(report_titles())]
    if reports.empty:
        yield Item(_("Отчет до МОН"), "none", _("През следващите 60 дни не се подава отчет."))
    else:
        first = reports.iloc[0]
        left = int(first["days_left"])
        when = ngettext("остава {left}", "остават {left}", left).format(left=counted(left, "ден"))
        if left == 0:
            when = _("срокът е днес")
        if left < 0:
            when = _("изтекъл преди {left}").format(left=counted(-left, "ден"))
        words = _("Подава се до {due} – {when}.").format(due=day(first["due"]), when=when)
        is_near = first["state"] != "later"
        where = PAPERS if about.meeting and is_near else ""
        yield Item(_("Отчет до МОН"), "left" if is_near else "none", words, where=where)
    if about.meeting:
        words = _("Прочетете съобщението и го изтеглете, преди да закриете заседанието.")
        yield Item(_("Съобщение за пресата"), "left", words, where=PAPERS)


def _own(about: About) -> Iterator[Item]:
    """What the protocol of the open meeting would lack."""
    if about.meeting is None:
        return
    came = attendance(about.store, about.meeting.meeting_id)
    n = int(came["present"].sum())
    words = (
        ngettext(
            "Отбелязана като присъстваща е {n} от {came}.", "Отбелязани като присъстващи са {n} от {came}.", n
        ).format(
            n=number(n),
            came=counted(len(came), "институция"),
        )
        if n
        else _("Още не е отбелязано.")
    )
    yield Item(_("Присъствие"), "done" if n else "left", words, where="" if n else PRESENT)
    if lacks := decision_lacks(about.store, about.meeting):
        yield Item(_("Решения на това заседание"), "left", _("Има решения без отговорник или срок."), lacks, DECISIONS)


def decision_lacks(store: Store, meeting: Meeting) -> tuple[str, ...]:
    """Which decisions of a meeting say not who or not by when."""
    own = decisions(store, meeting.held_on)
    own = standing(own[(own["meeting"].dt.date == meeting.held_on) & (own["kind"] == "decision")])
    nobody = own.loc[own["addressed_to"].fillna("") == "", "n"].tolist()
    no_term = own.loc[own["due"].isna(), "n"].tolist()
    told = []
    if nobody:
        told.append(
            ngettext("Без отговорник е решение {which}.", "Без отговорник са решения {which}.", len(nobody)).format(
                which=_numbers(nobody)
            )
        )
    if no_term:
        told.append(
            ngettext("Без срок е решение {which}.", "Без срок са решения {which}.", len(no_term)).format(
                which=_numbers(no_term)
            )
        )
    return tuple(told)


def _numbers(ns: list[int]) -> str:
    return listed(f"№ {n}" for n in ns)


_LINES = (
    *(data_lines.register, _opened, data_lines.absences, data_lines.cases, data_lines.lists, data_lines.newest),
    *(data_lines.doubts, data_lines.returned, data_lines.questions, data_lines.unsigned),
    *(_decisions, _steps, _findings, _documents, _own),
)
