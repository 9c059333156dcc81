"""The lines of the list that are of data: what is missing or old, what is doubtful, who has not confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import pandas as pd

from obhvat.cases.counts import open_questions
from obhvat.cases.register import case_registers
from obhvat.datasets import dataset
from obhvat.indicators.suspicious import WHAT, suspicious
from obhvat.language import _, ngettext
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
        words = ngettext("В регистъра е {registered}.", "В регистъра са {registered}.", len(registered)).format(
            registered=counted(len(registered), "институция")
        )
        yield Item(_("Регистър на институциите"), "done", words)
    else:
        words = _("Няма регистър за периода: без него не се знае кой трябва да подава.")
        yield Item(_("Регистър на институциите"), "left", words, where="upload")


def absences(about: About) -> Iterator[Item]:
    states = submission_months(about.store, about.period, about.scope)
    due = states[states["state"] != "ahead"]
    if due.empty:
        words = _("Още никой не е подал отсъствия за {label}").format(label=about.period.label)
        yield Item(_("Подадени отсъствия"), "left", ended(words), where="upload")
        return
    newest = newest_month(about.store, about.day, about.known_at)
    late = newest is not None and about.is_old(last_of(newest))
    missing = due[due["state"] == "missing"]
    complete = figure(about.store, "submissions_every_month", about.period, about.scope)
    words = (
        ngettext("{n} е подало всеки месец", "{n} са подали всеки месец", complete.n).format(
            n=out_of(complete.n, complete.d, "училище")
        )
        if complete.n is not None
        else _("Тук няма училище, от което се очакват отсъствия")
    )
    kindergartens = missing[missing["level"] == "kindergarten"]["school"].nunique()
    if kindergartens:
        words += _("; месец липсва и на {kindergartens}").format(kindergartens=counted(kindergartens, "детска градина"))
    if late and newest:
        words += _("; последният подаден месец е {month_label}").format(month_label=month_label(newest))
    state: State = "left" if len(missing) or late else "done"
    yield Item(_("Подадени отсъствия"), state, ended(words), _months(about, missing), _if(state, "data_status"))


def cases(about: About) -> Iterator[Item]:
    days = case_register_days(about.store, about.known_at)
    if not days:
        yield Item(_("Регистър на случаите"), "left", _("Няма качен регистър на случаите."), where="upload")
        return
    newest = max(days)
    sent = case_registers(about.store, about.period.first, about.day, about.known_at)
    places = sorted(institutions(about.store, about.period, about.scope)["municipality"].unique())
    lacking = [_("Община {place}").format(place=place) for place in places if place not in sent]
    words = _("Последният регистър на случаите е към {age}").format(age=about.age(newest))
    if lacking:
        words += _("; няма данни от {lacking}").format(lacking=counted(len(lacking), "община"))
    state: State = "left" if lacking or about.is_old(newest) else "done"
    yield Item(_("Регистър на случаите"), state, ended(words), tuple(lacking), _if(state, "upload"))


def lists(about: About) -> Iterator[Item]:
    bound = {"known_at": about.known_at, "first": about.year.months[0], "last": about.day}
    listed_schools = {school for (school,) in about.store.rows(_LISTED, bound)}
    asked = institutions(about.store, about.period, about.scope)
    asked = asked[asked["level"].isin(["school", "kindergarten"])]
    if asked.empty:
        yield Item(_("Списъци на учениците"), "none", _("Няма институция, от която се очаква списък."))
        return
    lacking = [about.name_of(code) for code in asked["code"] if code not in listed_schools]
    sent = len(asked) - len(lacking)
    words = ngettext(
        "{of} има списък на учениците за учебната година.", "{of} имат списък на учениците за учебната година.", sent
    ).format(of=_of(sent, len(asked)))
    state: State = "left" if lacking else "done"
    yield Item(_("Списъци на учениците"), state, words, tuple(lacking), _if(state, "upload"))


def newest(about: About) -> Iterator[Item]:
    rows = about.store.rows(_NEWEST, {"known_at": about.known_at})
    newest = dict(rows)
    fresh, old = [], []
    for name, title in about.declared["newest"].items():
        if name not in newest:
            old.append(_("{title}: няма качени").format(title=capitalized(title)))
            continue
        is_month = not dataset(name).slice.register
        until = last_of(newest[name]) if is_month else newest[name]
        when = month_label(newest[name]) if is_month else _("към {day}").format(day=day(until))
        words = f"{capitalized(title)}: {when}"
        (old if about.is_old(until) else fresh).append(words)
    n = len(old) + len(fresh)
    if old:
        words = ngettext(
            "{old} от {n} вида данни липсва или е по-стар от {old_after} дни.",
            "{old} от {n} вида данни липсват или са по-стари от {old_after} дни.",
            len(old),
        ).format(old=number(len(old)), n=n, old_after=about.declared["old_after"])
        yield Item(_("Действия, проверки, обходи, санкции"), "left", words, tuple(old), "upload")
    else:
        yield Item(
            _("Действия, проверки, обходи, санкции"),
            "done",
            _("Всички {n} вида данни са нови.").format(n=n),
            tuple(fresh),
        )


def doubts(about: About) -> Iterator[Item]:
    states = submission_months(about.store, about.period, about.scope)
    doubled = states[states["state"] == "doubled"]
    month = newest_month(about.store, about.day, about.known_at)
    records = suspicious(about.store, month, about.known_at) if month else pd.DataFrame({"school": [], "what": []})
    here = set(institutions(about.store, about.period, about.scope)["code"])
    records = records[records["school"].isin(here)]
    reasons: dict[str, list[str]] = {code: [_("удвоени часове, потвърдени при записа")] for code in doubled["school"]}
    for code, what in records[["school", "what"]].drop_duplicates().itertuples(index=False, name=None):
        reasons.setdefault(code, []).append(lowered(_(WHAT[what])))
    if not reasons:
        yield Item(_("Съмнителни отсъствия"), "done", _("Няма съмнителни записи."))
        return
    names = tuple(f"{about.name_of(code)}: {'; '.join(whys)}" for code, whys in reasons.items())
    words = _("Записите на {reasons} са повод за проверка.").format(reasons=counted(len(reasons), "институция"))
    yield Item(_("Съмнителни отсъствия"), "left", words, names, "risk")


def returned(about: About) -> Iterator[Item]:
    if not about.disclosure.is_inside:
        return
    rows = returned_files(about.store, about.year, about.known_at)
    rows = rows if not about.scope.municipality else rows[rows["school"].isin(_codes(about))]
    if rows.empty:
        yield Item(_("Редове за поправка"), "none", _("Няма редове за поправка."))
        return
    n = int(rows["rows_rejected"].sum())
    words = ngettext("{n} в {files} чака поправка.", "{n} в {files} чакат поправка.", n).format(
        n=counted(n, "ред"), files=counted(len(rows), "файл")
    )
    names = tuple(
        f"{about.name_of(school) if school else file_name}: {counted(int(n_rows), 'ред')}"
        for school, file_name, n_rows in rows[["school", "file_name", "rows_rejected"]].itertuples(index=False)
    )
    yield Item(_("Редове за поправка"), "left", words, names, "data_status")


def questions(about: About) -> Iterator[Item]:
    """What a person must settle about cases: which of two versions counts, whether two cases are one child's."""
    if not about.disclosure.is_inside:
        return
    asked = open_questions(about.store, about.cases_day, about.known_at, about.scope.municipality)
    told = [
        f"{text}: {number(n)}"
        for text, n in (
            (_("Въведеното и каченото се разминават"), asked.conflicts),
            (_("Дете с повече от един случай"), asked.children),
            (_("Действия, които чакат своя случай"), asked.steps),
        )
        if n
    ]
    if told:
        words = _("Чакат решение {of_kind} за случаите.").format(of_kind=_of_kind(len(told)))
        yield Item(_("Въпроси по случаите"), "left", words, tuple(told), "cases")
    else:
        yield Item(_("Въпроси по случаите"), "done", _("Няма разминавания и неясни случаи."))


def unsigned(about: About) -> Iterator[Item]:
    states = submission_months(about.store, about.period, about.scope)
    rows = states[states["state"] == "unsigned"]
    last = figure(about.store, "submissions_unsigned", about.period, about.scope)
    if last.n is None:
        yield Item(
            _("Непотвърдени отсъствия"), "none", _("Не се знае кой какво е потвърдил: няма данни за подаването.")
        )
    elif rows.empty:
        yield Item(_("Непотвърдени отсъствия"), "done", _("Всичко подадено е и подписано."))
    else:
        n = rows["school"].nunique()
        words = ngettext("{n} има неподписани месеци", "{n} имат неподписани месеци", n).format(
            n=counted(n, "институция")
        )
        if last.month:
            words += _("; за {month_label} – {n}").format(month_label=month_label(last.month), n=number(last.n))
        yield Item(_("Непотвърдени отсъствия"), "left", ended(words), _months(about, rows), "data_status")


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
        return _("от {first} до {last}").format(first=month_label(days[0]), last=month_label(days[-1]))
    return listed(map(month_label, days))


def _from(month: date, n: int) -> Iterator[date]:
    for _unused in range(n):
        yield month
        month = next_month(month)


def _codes(about: About) -> set[str]:
    return set(institutions(about.store, about.period, about.scope)["code"])


def _of(n: int, whole: int) -> str:
    return _("{n} от {whole}").format(n=number(n), whole=counted(whole, "институция"))


def _of_kind(n: int) -> str:
    return ngettext("{n} въпрос", "{n} въпроса", n).format(n=n)


def _if(state: State, where: str) -> str:
    return where if state == "left" else ""
