"""Registers of cases with good and bad lines, put in a store of their own or in a given one."""

from __future__ import annotations

from datetime import date, datetime

import filling

from obhvat.ingest import Source
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = Period(2023, "term", 1)
AT = datetime(2024, 1, 31, 12)
SENT = datetime(2024, 1, 31, 10)
OBLAST = Scope(known_at=AT)
PLACES = ("Ведрово", "Горун", "Каменград")
_SCHOOLS = "\n".join(
    [
        "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38",
        *(f"900010{n};СУ „{n}“;Каменград;{place};гр. {place};средно училище" for n, place in enumerate(PLACES, 1)),
    ]
)
_HEAD = (
    "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Училище (код);Дата на сигнала;Статус;Статус от дата;"
    "Потвърждение;Повторен"
)


def line(
    number: str,
    status: str = "в работа",
    *,
    place: str = "Каменград",
    on: str = "",
    sure: str = "",
    opened: str = "10.10.2023",
    child: str = "",
    school: str = "",
    category: str = "отпаднал",
    day: str = "31.01.2024",
    again: str = "",
) -> str:
    """A line of a register; with status „глупост“ it is not accepted."""
    return ";".join([number, day, child, category, place, school, opened, status, on, sure, again])


def register(*lines: str, name: str = "случаи.csv") -> Source:
    return Source(name, "\n".join([_HEAD, *lines]).encode())


def schools() -> Source:
    return Source("институции.csv", _SCHOOLS.encode())


def put(store: Store, *sources: Source, at: datetime = SENT) -> list[int]:
    """Commit the good lines of files as if at a moment."""
    return filling.put(store, sources, at=at, today=at.date(), clean=False)


def day_of(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()
