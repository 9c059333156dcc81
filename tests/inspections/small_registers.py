"""Registers and checks of a few schools, as files a РУО would send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import filling

from obhvat.ingest import Source
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = Period(2023, "term", 1)
FIRST, SECOND, THIRD, GARDEN = "9200101", "9200102", "9200103", "9200104"
# When the checks of the first term are known.
MEETING = datetime(2024, 2, 5, 18)
AT = Scope(known_at=MEETING)
_HEAD = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38;Статус;Открита на;Закрита на"
_CHECK = (
    "№ на проверката;Дата;Училище (код);Вид проверка;Паралелки;Списъчен състав;Присъстващи;Отсъстващи по дневник;"
    "Констатация;Препоръка;Срок;Изпълнена на;Повторна на №;С обход"
)
_KINDS = {
    "attendance": "присъствие в час",
    "diary": "вписване в дневника",
    "director": "дейности на директора за задържане",
}


def put(store: Store, *sources: Source, at: datetime = MEETING) -> None:
    """Commit files whose every row is good, as if at a moment."""
    filling.put_register_first(store, sources, at=at, today=at.date())


def school(
    code: str, name: str, municipality: str = "Горно", *, status: str = "действаща", opened: str = "", closed: str = ""
) -> str:
    return f"{code};{name};Тест;{municipality};гр. {municipality};основно училище;{status};{opened};{closed}"


THREE = (school(FIRST, "ОУ „Първо“"), school(SECOND, "ОУ „Второ“"), school(THIRD, "ОУ „Трето“", "Долно"))


def register(*schools: str) -> Source:
    """A register of these schools, and of a kindergarten, which nobody checks."""
    garden = f"{GARDEN};ДГ „Четвърто“;Тест;Горно;гр. Горно;детска градина;действаща;;"
    return Source("институции.csv", "\n".join([_HEAD, *(schools or THREE), garden]).encode())


def check(
    number: int,
    day: str,
    code: str = FIRST,
    kind: str = "attendance",
    *,
    counted: tuple[int, int, int] | None = None,
    finding: str = "",
    recommendation: str = "",
    due: str = "",
    closed: str = "",
    repeat_of: str = "",
    with_round: str = "",
) -> str:
    """A check; `counted` are the pupils enrolled, present, and absent by the diary."""
    pupils = ";".join(map(str, counted)) if counted else ";;"
    said = f"{finding};{recommendation};{due};{closed};{repeat_of};{with_round}"
    return f"П-{number};{day};{code};{_KINDS[kind]};;{pupils};{said}"


def checks(*rows: str, name: str = "проверки.csv") -> Source:
    """A file of checks: all of one school year, as the door wants it."""
    return Source(name, "\n".join([_CHECK, *rows]).encode())


def listing(code: str, n: int, day: str = "15.09.2023") -> Source:
    """A list of n pupils of a school."""
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    rows = [f"{code};{day};дете-{code}-{child};7;7а" for child in range(n)]
    return Source(f"ученици-{code}.csv", "\n".join([head, *rows]).encode())


def absences(code: str, month: date, unexcused: Iterable[float]) -> Source:
    """A month of a school, one pupil a number of unexcused hours."""
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
    year = month.year if month.month >= 9 else month.year - 1
    rows = [
        f"{code};{year}/{year + 1};{month:%m};дете-{code}-{child};7;7а;1;{hours}"
        for child, hours in enumerate(unexcused)
    ]
    return Source(f"отсъствия-{code}-{month:%m}.csv", "\n".join([head, *rows]).encode())
