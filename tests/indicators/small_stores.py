"""Stores of a few children: a school, another one, a kindergarten, and what they send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import filling
import pandas as pd

from obhvat.indicators import Rule
from obhvat.indicators.flags import is_over
from obhvat.indicators.measures import measures
from obhvat.ingest import Source
from obhvat.store import Store

SCHOOL, OTHER, GARDEN = "9100101", "9100102", "9100103"
REGISTER = f"""Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
{SCHOOL};СУ „Първо“;Тест;Горно;гр. Горно;средно училище
{OTHER};ОУ „Второ“;Тест;Долно;с. Долно;основно училище
{GARDEN};ДГ „Трето“;Тест;Горно;гр. Горно;детска градина"""
MONTH = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Код на групата;Паралелка;Дата на отписване;"
    "По уважителни причини;По неуважителни причини"
)
LIST = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка;Второгодник;Навършени години;Записан на;Отписан на"
OCTOBER, NOVEMBER, DECEMBER, JANUARY = (date(2023, 10, 1), date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1))


def put(store: Store, *sources: Source, at: datetime | None = None) -> list[int]:
    """Commit files whose every row is good, as if at a moment."""
    return filling.put(store, sources, at=at, today=date(2025, 6, 1))


def table(name: str, head: str, *rows: str) -> Source:
    return Source(name, "\n".join([head, *rows]).encode())


def register() -> Source:
    return table("институции.csv", REGISTER)


def pupil(child: str) -> str:
    """The identifier of a child of one letter."""
    return f"дете-{ord(child)}"


def missed(
    child: str,
    unexcused: str,
    month: date = OCTOBER,
    *,
    excused: str = "0",
    school: str = SCHOOL,
    grade: str = "7",
    class_name: str = "",
    group: str = "",
    left: str = "",
) -> str:
    """A line of a month's file. Children are told apart by their class, which is named as they are."""
    year = month.year if month.month >= 9 else month.year - 1
    about = f"{pupil(child)};{grade};{group};{class_name or child};{left}"
    return f"{school};{year}/{year + 1};{month:%m};{about};{excused};{unexcused}"


def sent(*rows: str) -> Source:
    return table(f"отсъствия-{rows[0][:20].replace(';', '-').replace('/', '-')}.csv", MONTH, *rows)


def on_list(
    child: str,
    day: str = "15.09.2023",
    *,
    school: str = SCHOOL,
    grade: str = "7",
    repeater: str = "не",
    age: str = "",
    enrolled: str = "",
    left: str = "",
) -> str:
    return f"{school};{day};{pupil(child)};{grade};{child};{repeater};{age};{enrolled};{left}"


def listing(*rows: str) -> Source:
    return table(f"ученици-{rows[0][:18].replace(';', '-')}.csv", LIST, *rows)


def children(store: Store, month: date = OCTOBER, known_at: datetime | None = None) -> pd.DataFrame:
    """The measures, one row a child by its name and school."""
    found = measures(store, month, known_at or datetime.now())
    return found.set_index(pd.MultiIndex.from_frame(found[["class_name", "school"]], names=["child", "at"]))


def measure(store: Store, name: str, child: str, month: date = OCTOBER, school: str = SCHOOL) -> float | None:
    """A measure of one child; None when it is not known."""
    value = children(store, month).loc[(child, school), name]
    return None if pd.isna(value) else float(value)


def over(store: Store, rule: Rule, month: date = OCTOBER, known_at: datetime | None = None) -> list[str]:
    """The children a rule flags."""
    found = children(store, month, known_at)
    return sorted(found.loc[is_over(found, rule).to_numpy(), "class_name"])


def names(rows: pd.DataFrame) -> Sequence[str]:
    return sorted(rows["class_name"])
