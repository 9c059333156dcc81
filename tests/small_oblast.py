"""Small files of an oblast with a few municipalities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import filling

from obhvat.ingest import Source
from obhvat.store import Store

SCHOOLS = {"9000101": "Каменград", "9000102": "Каменград", "9000201": "Ведрово", "9000202": "Ведрово"}

HOMES = {"ВД": "Ведрово"}


def _csv(name: str, head: str, rows: Sequence[Sequence[object]]) -> Source:
    return Source(name, "\n".join([head, *(";".join(map(str, row)) for row in rows)]).encode())


def register(schools: Mapping[str, str] = SCHOOLS) -> Source:
    """Schools by code, each with its municipality."""
    head = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38"
    rows = [
        (code, f"СУ „{code}“", "Каменград", place, f"гр. {place}", "средно училище") for code, place in schools.items()
    ]
    return _csv("институции.csv", head, rows)


def absences(school: str, month: int, unexcused: Sequence[float]) -> Source:
    """A month of a school, one child of its own a number."""
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
    rows = [
        (school, "2023/2024", f"{month:02}", f"дете-{school[-3:]}-{n}", 5, "5а", 0, x)
        for n, x in enumerate(unexcused, start=1)
    ]
    return _csv(f"отсъствия-{school}-{month:02}.csv", head, rows)


def listing(school: str, day: date, children: int) -> Source:
    """A school's list at a day: the children of its `absences`."""
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    rows = [(school, f"{day:%d.%m.%Y}", f"дете-{school[-3:]}-{n}", 5, "5а") for n in range(1, children + 1)]
    return _csv(f"ученици-{school}-{day}.csv", head, rows)


def cases(day: date, statuses: Mapping[str, str], homes: Mapping[str, str] = HOMES) -> Source:
    """A register of the oblast: number → status. With what the numbers of a municipality begin is in `homes`; the
    others are of Каменград."""
    head = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Статус от дата"
    rows = [
        (
            number,
            f"{day:%d.%m.%Y}",
            "отпаднал",
            homes.get(number[:2], "Каменград"),
            "03.10.2022",
            status,
            f"{day:%d.%m.%Y}",
        )
        for number, status in statuses.items()
    ]
    return _csv(f"случаи_{day:%Y-%m-%d}.csv", head, rows)


def submissions(month: int, signed: Mapping[str, bool]) -> Source:
    """A month's campaign of those schools that submitted, and whether they signed."""
    head = "Код по НЕИСПУО;Учебна година;Месец;Подадени;Подписани"
    rows = [
        (code, "2023/2024", f"{month:02}", "да" if code in signed else "не", "да" if signed.get(code) else "не")
        for code in SCHOOLS
    ]
    return _csv(f"подавания-{month:02}.csv", head, rows)


def inspections(made: Sequence[tuple[str, date, str, date | None, date | None]]) -> Source:
    """Checks of a term: school, day, finding, deadline, closing."""
    head = "№ на проверката;Дата;Училище (код);Вид проверка;Констатация;Срок;Изпълнена на"
    rows = [
        (n, f"{day:%d.%m.%Y}", school, "дейности на директора", finding, *(f"{d:%d.%m.%Y}" if d else "" for d in days))
        for n, (school, day, finding, *days) in enumerate(made, start=1)
    ]
    return _csv("проверки.csv", head, rows)


def proposals(meeting: date, said: Sequence[tuple[int, str, str, date | None]]) -> Source:
    """What a meeting decided: number, text, state in words, term."""
    head = "Заседание;№;Предложение;Вносител;Отговорник;Срок;Състояние"
    rows = [
        (f"{meeting:%d.%m.%Y}", n, text, "РУО", "общини", f"{due:%d.%m.%Y}" if due else "", state)
        for n, text, state, due in said
    ]
    return _csv(f"предложения_{meeting:%Y-%m-%d}.csv", head, rows)


def put(store: Store, *sources: Source, at: datetime | None = None) -> list[int]:
    """Commit files, as if at a moment, without asking about doubts."""
    return filling.put(store, sources, at=at, clean=False)
