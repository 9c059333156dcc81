"""The lines of the list that are of data: what is missing or old, what is doubtful, who has not confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import pandas as pd

from obhvat.cases.counts import open_questions
from obhvat.cases.register import case_registers
from obhvat.datasets import dataset
from obhvat.indicators.suspicious import WHAT, suspicious
from obhvat.meeting.prepared import About, Item, State
from obhvat.metrics import figure, submission_months
from obhvat.periods import Period, last_of, month_label, next_month
from obhvat.resources import read_sql
from obhvat.scope import institutions
from obhvat.scope.days import case_register_days, newest_month
from obhvat.store import Store
from obhvat.texts import capitalized, counted, day, ended, listed, lowered, number, out_of

_RETURNED = read_sql("meeting/sql/returned.sql")
_LISTED = read_sql("meeting/sql/listed.sql")
_NEWEST = read_sql("meeting/sql/newest.sql")


def register(about: About) -> Iterator[Item]:
    registered = institutions(about.store, about.period, about.scope)
    if len(registered):
        words = f"В регистъра {'е' if len(registered) == 1 else 'са'} {counted(len(registered), 'институция')}."
        yield Item("Регистър на институциите", "done", words)
    else:
        words = "Няма регистър за периода: без него не се знае кой трябва да подава."
        yield Item("Регистър на институциите", "left", words, where="upload")


def absences(about: About) -> Iterator[Item]:
    states = submission_months(about.store, about.period, about.scope)
    due = states[states["state"] != "ahead"]
    if due.empty:
        words = f"Още никой не е подал отсъствия за {about.period.label}"
        yield Item("Подадени отсъствия", "left", ended(words), where="upload")
        return
    newest = newest_month(about.store, about.day, about.known_at)
    late = newest is not None and about.is_old(last_of(newest))
    missing = due[due["state"] == "missing"]
    complete = figure(about.store, "submissions_every_month", about.period, about.scope)
    words = (
        f"{out_of(complete.n, complete.d, 'училище')} {'е подало' if complete.n == 1 else 'са подали'} всеки месец"
        if complete.n is not None
        else "Тук няма училище, от което се очакват отсъствия"
    )
    kindergartens = missing[missing["level"] == "kindergarten"]["school"].nunique()
    if kindergartens:
        words += f"; месец липсва и на {counted(kindergartens, 'детска градина')}"
    if late and newest:
        words += f"; последният подаден месец е {month_label(newest)}"
    state: State = "left" if len(missing) or late else "done"
    yield Item("Подадени отсъствия", state, ended(words), _months(about, missing), _if(state, "data_status"))


def cases(about: About) -> Iterator[Item]:
    days = case_register_days(about.store, about.known_at)
    if not days:
        yield Item("Регистър на случаите", "left", "Няма качен регистър на случаите.", where="upload")
        return
    newest = max(days)
    sent = case_registers(about.store, about.period.first, about.day, about.known_at)
    places = sorted(institutions(about.store, about.period, about.scope)["municipality"].unique())
    lacking = [f"Община {place}" for place in places if place not in sent]
    words = f"Последният регистър на случаите е към {about.age(newest)}"
    if lacking:
        words += f"; няма данни от {counted(len(lacking), 'община')}"
    state: State = "left" if lacking or about.is_old(newest) else "done"
    yield Item("Регистър на случаите", state, ended(words), tuple(lacking), _if(state, "upload"))


def lists(about: About) -> Iterator[Item]:
    bound = {"known_at": about.known_at, "first": about.year.months[0], "last": about.day}
    listed_schools = {school for (school,) in about.store.rows(_LISTED, bound)}
    asked = institutions(about.store, about.period, about.scope)
    asked = asked[asked["level"].isin(["school", "kindergarten"])]
    if asked.empty:
        yield Item("Списъци на учениците", "none", "Няма институция, от която се очаква списък.")
        return
    lacking = [about.name_of(code) for code in asked["code"] if code not in listed_schools]
    sent = len(asked) - len(lacking)
    have = "има списък" if sent == 1 else "имат списък"
    words = f"{_of(sent, len(asked))} {have} на учениците за учебната година."
    state: State = "left" if lacking else "done"
    yield Item("Списъци на учениците", state, words, tuple(lacking), _if(state, "upload"))


def newest(about: About) -> Iterator[Item]:
    rows = about.store.rows(_NEWEST, {"known_at": about.known_at})
    newest = dict(rows)
    fresh, old = [], []
    for name, title in about.declared["newest"].items():
        if name not in newest:
            old.append(f"{capitalized(title)}: няма качени")
            continue
        is_month = not dataset(name).slice.register
        until = last_of(newest[name]) if is_month else newest[name]
        words = f"{capitalized(title)}: {month_label(newest[name]) if is_month else f'към {day(until)}'}"
        (old if about.is_old(until) else fresh).append(words)
    n = len(old) + len(fresh)
    if old:
        are = "липсва или е по-стар" if len(old) == 1 else "липсват или са по-стари"
        words = f"{number(len(old))} от {n} вида данни {are} от {about.declared['old_after']} дни."
        yield Item("Действия, проверки, обходи, санкции", "left", words, tuple(old), "upload")
    else:
        yield Item("Действия, проверки, обходи, санкции", "done", f"Всички {n} вида данни са нови.", tuple(fresh))


def doubts(about: About) -> Iterator[Item]:
    states = submission_months(about.store, about.period, about.scope)
    doubled = states[states["state"] == "doubled"]
    month = newest_month(about.store, about.day, about.known_at)
    records = suspicious(about.store, month, about.known_at) if month else pd.DataFrame({"school": [], "what": []})
    here = set(institutions(about.store, about.period, about.scope)["code"])
    records = records[records["school"].isin(here)]
    reasons: dict[str, list[str]] = {code: ["удвоени часове, потвърдени при записа"] for code in doubled["school"]}
    for code, what in records[["school", "what"]].drop_duplicates().itertuples(index=False, name=None):
        reasons.setdefault(code, []).append(lowered(WHAT[what]))
    if not reasons:
        yield Item("Съмнителни отсъствия", "done", "Няма съмнителни записи.")
        return
    names = tuple(f"{about.name_of(code)}: {'; '.join(whys)}" for code, whys in reasons.items())
    words = f"Записите на {counted(len(reasons), 'институция')} са повод за проверка."
    yield Item("Съмнителни отсъствия", "left", words, names, "risk")


def returned(about: About) -> Iterator[Item]:
    if not about.disclosure.is_inside:
        return
    rows = returned_files(about.store, about.year, about.known_at)
    rows = rows if not about.scope.municipality else rows[rows["school"].isin(_codes(about))]
    if rows.empty:
        yield Item("Редове за поправка", "none", "Няма редове за поправка.")
        return
    n = int(rows["rows_rejected"].sum())
    words = f"{counted(n, 'ред')} в {counted(len(rows), 'файл')} {'чака' if n == 1 else 'чакат'} поправка."
    names = tuple(
        f"{about.name_of(school) if school else file_name}: {counted(int(n_rows), 'ред')}"
        for school, file_name, n_rows in rows[["school", "file_name", "rows_rejected"]].itertuples(index=False)
    )
    yield Item("Редове за поправка", "left", words, names, "data_status")


def questions(about: About) -> Iterator[Item]:
    """What a person must settle about cases: which of two versions counts, whether two cases are one child's."""
    if not about.disclosure.is_inside:
        return
    asked = open_questions(about.store, about.cases_day, about.known_at, about.scope.municipality)
    told = [
        f"{text}: {number(n)}"
        for text, n in (
            ("Въведеното и каченото се разминават", asked.conflicts),
            ("Дете с повече от един случай", asked.children),
            ("Действия, които чакат своя случай", asked.steps),
        )
        if n
    ]
    if told:
        words = f"Чакат решение {_of_kind(len(told))} за случаите."
        yield Item("Въпроси по случаите", "left", words, tuple(told), "cases")
    else:
        yield Item("Въпроси по случаите", "done", "Няма разминавания и неясни случаи.")


def unsigned(about: About) -> Iterator[Item]:
    states = submission_months(about.store, about.period, about.scope)
    rows = states[states["state"] == "unsigned"]
    last = figure(about.store, "submissions_unsigned", about.period, about.scope)
    if last.n is None:
        yield Item("Непотвърдени отсъствия", "none", "Не се знае кой какво е потвърдил: няма данни за подаването.")
    elif rows.empty:
        yield Item("Непотвърдени отсъствия", "done", "Всичко подадено е и подписано.")
    else:
        n = rows["school"].nunique()
        words = f"{counted(n, 'институция')} {'има' if n == 1 else 'имат'} неподписани месеци"
        if last.month:
            words += f"; за {month_label(last.month)} – {number(last.n)}"
        yield Item("Непотвърдени отсъствия", "left", ended(words), _months(about, rows), "data_status")


def returned_files(store: Store, year: Period, known_at: datetime) -> pd.DataFrame:
    """Files in force of a school year, some of whose rows were handed back: batch_id, dataset, file_name, rows_read,
    rows_rejected, school ('' where it is of none or of several). The frame is shared: do not change it."""
    bound = {"known_at": known_at, "first": year.months[0]}
    return store.kept_of_data(("returned", year), known_at, lambda: store.read(_RETURNED, bound))


def _months(about: About, rows: pd.DataFrame) -> tuple[str, ...]:
    """„ОУ „Росица“, с. Извор: септември и октомври 2023 г.“"""
    return tuple(
        f"{about.name_of(str(code))}: {months_words(months)}"
        for code, months in rows.groupby("school", sort=False)["month"]
    )


def months_words(months: Iterable[pd.Timestamp]) -> str:
    """„октомври 2023 г. и януари 2024 г.“, „от септември 2023 г. до януари 2024 г.“"""
    days = sorted(month.date() for month in months)
    if len(days) > 2 and days == [*_from(days[0], len(days))]:
        return f"от {month_label(days[0])} до {month_label(days[-1])}"
    return listed(map(month_label, days))


def _from(month: date, n: int) -> Iterator[date]:
    for _ in range(n):
        yield month
        month = next_month(month)


def _codes(about: About) -> set[str]:
    return set(institutions(about.store, about.period, about.scope)["code"])


def _of(n: int, whole: int) -> str:
    return f"{number(n)} от {counted(whole, 'институция')}"


def _of_kind(n: int) -> str:
    return "1 въпрос" if n == 1 else f"{n} въпроса"


def _if(state: State, where: str) -> str:
    return where if state == "left" else ""
