"""A store of the school years 2022/2023 and 2023/2024, in which a child, a case and texts stand wherever they can."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

from small_oblast import absences, listing, put, register
from viewers import expert

from obhvat.cases.entries import add_action
from obhvat.ingest import Source
from obhvat.store import Store

SCHOOL = "9000101"
TODAY = date(2029, 10, 1)
"""The school year 2023/2024 is over for five years."""
OLD, KEPT, OTHER = "КГ-1", "КГ-2", "КГ-3"
"""Numbers of a case that ended and of two that are in work."""
TEXTS = ("Ксенотекст", "Пантотекст", "Скиптотекст", "Файлотекст", "Обиждотекст")
"""What only a note, a result, an entry, the name of a file and a row that was handed back say."""


def fill(store: Store) -> None:
    """Two lists, two months with a row that is bad, a register twice, actions, and an entry."""
    put(store, register(), at=datetime(2023, 9, 1))
    bad = absences(SCHOOL, 10, [3, 5]).data + f"\n{SCHOOL};2023/2024;10;дете-101-3;5;{TEXTS[4]};0;лошо".encode()
    put(store, listing(SCHOOL, date(2023, 9, 15), 3), at=datetime(2023, 9, 20))
    put(store, Source(f"отсъствия-{TEXTS[3]}.csv", bad), at=datetime(2023, 11, 5))
    put(store, absences(SCHOOL, 11, [2]), at=datetime(2023, 12, 5))
    head = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Дата на сигнала;Бележка;Статус;Статус от дата"
    rows = [
        f"{OLD};13.03.2024;дете-101-1;отпаднал;Каменград;03.10.2022;{TEXTS[0]};реинтегриран;10.03.2024",
        f"{KEPT};13.03.2024;дете-101-2;отпаднал;Каменград;03.10.2022;;в работа;10.03.2024",
        f"{OTHER};13.03.2024;дете-101-3;отпаднал;Каменград;03.10.2022;;в работа;11.03.2024",
    ]
    put(store, Source("случаи_2024-03-13.csv", "\n".join([head, *rows]).encode()), at=datetime(2024, 3, 13))
    head = "№ на случая;Към дата;Дата;Вид действие;Резултат"
    rows = [
        f"{number};13.03.2024;01.02.2024;телефонен разговор;{text}" for number, text in ((OLD, TEXTS[1]), (KEPT, ""))
    ]
    put(store, Source("действия_2024-03-13.csv", "\n".join([head, *rows]).encode()), at=datetime(2024, 3, 13, 1))
    add_action(
        store, OLD, date(2024, 3, 20), "call", result=TEXTS[2], viewer=expert("Иванова"), at=datetime(2024, 3, 21)
    )


def pseudonym(store: Store, identifier: str) -> bytes:
    """As a file holds it."""
    hashed = hashlib.sha256(f"{store.key}:{identifier.upper()}".encode()).digest()[:8]
    return hashed[::-1]


def in_files(folder: Path) -> bytes:
    """Every byte of every file in a folder."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
