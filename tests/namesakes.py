"""Three schools „Христо Ботев“ in three villages of one municipality: each lacks a month of its own, owes a
finding, and was not checked in the second term."""

from __future__ import annotations

from datetime import datetime

import filling

from obhvat.ingest import Source
from obhvat.store import Store

AT = datetime(2024, 2, 12, 18)
NAMESAKES = {
    code: f"ОУ „Христо Ботев“, с. {village}"
    for code, village in (("9300101", "Бистрата"), ("9300102", "Долна Секирна"), ("9300103", "Ярлово"))
}
_ANOTHER = "9300104"
_LACKS = {"9300101": 9, "9300102": 10, "9300103": 11}
"""The month each has not sent; the other school sent all of them."""
_SCHOOL = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38"
_MONTH = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
_CHECK = "№ на проверката;Дата;Училище (код);Вид проверка;Констатация;Срок"


def put_namesakes(store: Store) -> None:
    """Everything of them, as known on 12 February 2024."""
    named = [(code, *label.split(", ")) for code, label in NAMESAKES.items()]
    schools = [
        f"{code};{name};Тест;Горно;{village};основно училище"
        for code, name, village in [*named, (_ANOTHER, "СУ „Васил Левски“", "гр. Горно")]
    ]
    found = [
        f"П-{n};10.01.2024;{code};вписване в дневника;Отсъствия не са вписани.;15.02.2024"
        for n, code in enumerate(NAMESAKES, start=1)
    ]
    found.append(f"П-9;08.02.2024;{_ANOTHER};вписване в дневника;;")
    months = [
        _file(f"отсъствия-{code}-{month:02}.csv", _MONTH, f"{code};2023/2024;{month:02};дете-{code};5;5а;0;6")
        for code in (*NAMESAKES, _ANOTHER)
        for month in (9, 10, 11)
        if _LACKS.get(code) != month
    ]
    files = [_file("институции.csv", _SCHOOL, *schools), _file("проверки.csv", _CHECK, *found), *months]
    filling.put(store, files, at=AT, today=AT.date())


def _file(name: str, head: str, *rows: str) -> Source:
    return Source(name, "\n".join([head, *rows]).encode())
