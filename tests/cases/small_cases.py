"""Small registers of cases and of their steps, put in a store as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import filling
import pandas as pd

from obhvat.cases.ladder import ladder
from obhvat.ingest import Source
from obhvat.store import Store

AS_OF = date(2024, 6, 3)
LATER = datetime(2030, 1, 1)
_CASES = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Статус от дата"
_ACTIONS = "№ на случая;Към дата;Община;Дата;Час;Вид действие;№;Екип;Осъществен контакт;Резултат;Следваща стъпка;Срок"
_SCHOOLS = (
    "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38",
    "9000101;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище",
    "9000102;ОУ „Второ“;Каменград;Ведрово;гр. Ведрово;основно училище",
    "9000103;ОУ „Трето“;Каменград;Горун;с. Горун;основно училище",
)


def case(number: str, opened: str, status: str = "в работа", on: str = "", place: str = "Каменград") -> str:
    return f"{number};{AS_OF:%d.%m.%Y};отпаднал;{place};{opened};{status};{on}"


def step(
    number: str,
    on: str,
    kind: str,
    contact: str = "",
    *,
    time: str = "",
    n: int = 1,
    team: str = "",
    result: str = "",
    following: str = "",
    due: str = "",
    place: str = "Каменград",
) -> str:
    return f"{number};{AS_OF:%d.%m.%Y};{place};{on};{time};{kind};{n};{team};{contact};{result};{following};{due}"


def put(store: Store, cases: Iterable[str], steps: Iterable[str] = ()) -> None:
    """The register of institutions, of cases and of steps, as files."""
    parts = (("институции", _SCHOOLS), ("случаи", (_CASES, *cases)), ("действия", (_ACTIONS, *steps)))
    sources = [Source(f"{name}.csv", "\n".join(lines).encode()) for name, lines in parts if len(lines) > 1]
    filling.put_register_first(store, sources, at=datetime(2024, 6, 3, 9), today=AS_OF)


def standing(store: Store, day: date = AS_OF) -> pd.DataFrame:
    """The ladder by number."""
    return ladder(store, day, LATER).set_index("number")


def cases_of(rows: list[tuple[str, str]]) -> pd.DataFrame:
    """Cases in work as the register gives them."""
    columns = ["number", "opened_on"]
    found = pd.DataFrame([(number, day_of(opened)) for number, opened in rows], columns=columns)
    return found.assign(municipality="Каменград", school=None, category="dropped_out", status_group="in_work")


def actions_of(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Steps as the register gives them: case, date, kind, contact, time, next_step, next_due."""
    columns = ["case_number", "date", "kind", "contact", "time", "next_step", "next_due"]
    found = pd.DataFrame(rows, columns=columns)
    days = pd.to_datetime(found["date"])
    return found.assign(
        case_place="Каменград", date=days, turn_on=days, next_due=pd.to_datetime(found["next_due"]), n=1
    )


def day_of(text: str) -> pd.Timestamp:
    return pd.to_datetime(text, format="%d.%m.%Y")
