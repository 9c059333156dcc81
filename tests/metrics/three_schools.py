"""Three schools in two municipalities, and files of theirs as short as a test can have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import filling

from obhvat.ingest import Source
from obhvat.store import Store

FIRST, SECOND, THIRD = "9000101", "9000102", "9000201"
GARDEN = "9000301"
PLACES = {FIRST: "Каменград", SECOND: "Каменград", THIRD: "Ведрово"}
NAMES = {FIRST: "СУ „Първо“", SECOND: "ОУ „Второ“", THIRD: "ОУ „Трето“"}
HEAD = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"


def put(store: Store, *sources: Source, at: datetime | None = None) -> list[int]:
    return filling.put(store, sources, at=at)


def register(closed: dict[str, str] | None = None) -> Source:
    """The three schools; `closed` says from which day one is."""
    head = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38;Дата на закриване"
    rows = [
        f"{code};{NAMES[code]};Каменград;{place};гр. {place};основно училище;{(closed or {}).get(code, '')}"
        for code, place in PLACES.items()
    ]
    return Source("институции.csv", "\n".join([head, *rows]).encode())


def listing(school: str, day: str, children: Sequence[str]) -> Source:
    """A school's list at a day."""
    rows = [f"{school};{day};{child};7;7а" for child in children]
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    return Source(f"ученици-{school}-{day}.csv", "\n".join([head, *rows]).encode())


def month(school: str, number: int, hours: dict[str, str]) -> Source:
    """A school's month: child → unexcused hours."""
    rows = [f"{school};2023/2024;{number:02};{child};7;7а;0;{missed}" for child, missed in hours.items()]
    return Source(f"отсъствия-{school}-{number:02}.csv", "\n".join([HEAD, *rows]).encode())


def children(letter: str, n: int) -> list[str]:
    return [f"{letter}-{number}" for number in range(1, n + 1)]
