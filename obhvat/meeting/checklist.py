"""What is ready for a meeting and what is left: data, doubts, confirmations, decisions and documents, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from obhvat.cases.ladder import owed
from obhvat.inspections.findings import by_school, findings
from obhvat.language import BULGARIAN, speaking
from obhvat.meeting import data_lines
from obhvat.meeting.clock import duties
from obhvat.meeting.decisions import TO_DO, decisions, standing, to_follow
from obhvat.meeting.meetings import Meeting, attendance, meetings, previous_meeting_day
from obhvat.meeting.prepared import STATES, About, Item, State
from obhvat.metrics import figure
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import capitalized, counted, day, listed, number, out_of, with_word


@speaking(BULGARIAN)
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
        yield Item("Откриване на заседанието", "left", "Още не е открито: открийте го в началото на страницата.")


def _decisions(about: About) -> Iterator[Item]:
    followed = to_follow(about.store, about.today, about.known_at)
    waiting = followed[followed["state"].isin(TO_DO)].sort_values("late", ascending=False, kind="stable")
    late = waiting[waiting["late"] > 0]
    if waiting.empty:
        state: State = "none" if followed.empty else "done"
        words = "Няма предходни решения." if followed.empty else "Всички предходни решения са изпълнени или отпаднали."
        yield Item("Решения от предходни заседания", state, words)
        return
    words = f"Неизпълнени са {counted(len(waiting), 'решение')}"
    if len(waiting) == 1:
        words = "Неизпълнено е 1 решение"
    words += f", с изтекъл срок – {number(len(late))}." if len(late) else "; няма с изтекъл срок."
    names = tuple(_waits(row, about.today) for _, row in waiting.iterrows())
    yield Item("Решения от предходни заседания", "left", words, names, "Решения" if about.meeting else "")


def _waits(row: pd.Series, today: date) -> str:
    """„РУО: Проверка на дневниците (№ 4 от 14.03.2023, отпреди 365 дни); закъснява с 26 работни дни“"""
    age = f"№ {row['n']} от {row['meeting']:%d.%m.%Y}, отпреди {counted((today - row['meeting'].date()).days, 'ден')}"
    told = f"{capitalized(row['addressed_to'] or 'без отговорник')}: {row['text']} ({age})"
    if row["late"]:
        return f"{told}; закъснява {with_word(row['late'])} {counted(int(row['late']), 'работен ден')}"
    return told if pd.isna(row["due"]) else f"{told}; срок {day(row['due'])}"


def _steps(about: About) -> Iterator[Item]:
    looked = about.cases_day
    of = figure(about.store, "cases_overdue", about.period, about.scope, looked if about.meeting else None)
    shown = about.disclosure.figure(of)
    if of.n is None:
        yield Item("Стъпки по случаите", "none", "Няма регистър на случаите за периода.")
    elif shown.is_hidden:
        # Also where it is none: that would be told by the others' being hidden.
        yield Item("Стъпки по случаите", "left", "Броят на стъпките с изтекъл срок не се показва тук.", where="cases")
    elif not of.n:
        yield Item("Стъпки по случаите", "done", f"Няма стъпка с изтекъл срок към {day(looked)}")
    else:
        words = f"По {out_of(of.n, of.d, 'случай')} срокът на следващата стъпка е изтекъл към {day(looked)}"
        names: tuple[str, ...] = ()
        if about.disclosure.is_inside:
            owners = owed(about.store, looked, about.known_at, Scope(about.scope.municipality))
            names = tuple(owners.loc[owners["overdue"] > 0, "sentence"])
        yield Item("Стъпки по случаите", "left", words, names, "cases")


def _findings(about: About) -> Iterator[Item]:
    looked = about.checks_day
    rows = findings(about.store, about.year, about.scope, looked)
    late = by_school(rows)
    late = late[late["overdue"] > 0]
    if rows.empty:
        yield Item("Препоръки от проверки", "none", "При проверките няма направени констатации.")
    elif late.empty:
        yield Item("Препоръки от проверки", "done", f"Няма препоръка с изтекъл срок към {day(looked)}")
    else:
        n = int(late["overdue"].sum())
        terms = "Изтекъл е срокът" if n == 1 else "Изтекли са сроковете"
        words = f"{terms} на {counted(n, 'препоръка')} към {day(looked)}"
        names = tuple(
            f"{about.name_of(school)}: {number(overdue)}, най-много {counted(days, 'работен ден')} след срока"
            for school, overdue, days in late[["school", "overdue", "late"]].itertuples(index=False)
        )
        yield Item("Препоръки от проверки", "left", words, names, "inspections")


def _documents(about: About) -> Iterator[Item]:
    before = previous_meeting_day(about.store, about.today, about.known_at)
    closed = {held.held_on for held in meetings(about.store, about.known_at) if held.is_closed}
    if before is None:
        yield Item("Протокол от предходното заседание", "none", "Няма предходно заседание.")
    elif before in closed:
        words = f"Протоколът от {day(before)} е готов за подпис: изберете заседанието и отворете „Документи“."
        yield Item("Протокол от предходното заседание", "done", words)
    else:
        words = f"Решенията от {day(before)} са качени с файл; протоколът от него не е правен тук."
        yield Item("Протокол от предходното заседание", "none", words)
    due = duties(about.store, about.today, about.known_at, about.period)
    reports = due[due["title"].str.startswith("Отчет")]
    if reports.empty:
        yield Item("Отчет до МОН", "none", "През следващите 60 дни не се подава отчет.")
    else:
        first = reports.iloc[0]
        left = int(first["days_left"])
        when = f"остават {counted(left, 'ден')}" if left > 1 else "остава 1 ден" if left == 1 else "срокът е днес"
        if left < 0:
            when = f"изтекъл преди {counted(-left, 'ден')}"
        words = f"Подава се до {day(first['due'])} – {when}."
        is_near = first["state"] != "later"
        where = "Документи" if about.meeting and is_near else ""
        yield Item("Отчет до МОН", "left" if is_near else "none", words, where=where)
    if about.meeting:
        words = "Прочетете съобщението и го изтеглете, преди да закриете заседанието."
        yield Item("Съобщение за пресата", "left", words, where="Документи")


def _own(about: About) -> Iterator[Item]:
    """What the protocol of the open meeting would lack."""
    if about.meeting is None:
        return
    came = attendance(about.store, about.meeting.meeting_id)
    n = int(came["present"].sum())
    words = (
        f"{'Отбелязана като присъстваща е' if n == 1 else 'Отбелязани като присъстващи са'} "
        f"{number(n)} от {counted(len(came), 'институция')}."
        if n
        else "Още не е отбелязано."
    )
    yield Item("Присъствие", "done" if n else "left", words, where="" if n else "Присъствие")
    if lacks := decision_lacks(about.store, about.meeting):
        yield Item("Решения на това заседание", "left", "Има решения без отговорник или срок.", lacks, "Решения")


def decision_lacks(store: Store, meeting: Meeting) -> tuple[str, ...]:
    """Which decisions of a meeting say not who or not by when."""
    own = decisions(store, meeting.held_on)
    own = standing(own[(own["meeting"].dt.date == meeting.held_on) & (own["kind"] == "decision")])
    told = []
    for what, is_missing in (("отговорник", own["addressed_to"].fillna("") == ""), ("срок", own["due"].isna())):
        if lacking := own.loc[is_missing, "n"].tolist():
            which = listed(f"№ {n}" for n in lacking)
            told.append(f"Без {what} {'е решение' if len(lacking) == 1 else 'са решения'} {which}.")
    return tuple(told)


_LINES = (
    *(data_lines.register, _opened, data_lines.absences, data_lines.cases, data_lines.lists, data_lines.newest),
    *(data_lines.doubts, data_lines.returned, data_lines.questions, data_lines.unsigned),
    *(_decisions, _steps, _findings, _documents, _own),
)
