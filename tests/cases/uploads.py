"""Registers of cases and of steps as files of a day, put in a store as if at a moment."""

from __future__ import annotations

from datetime import date, datetime

import filling
import pandas as pd

from obhvat.ingest import Source
from obhvat.metrics import CASE_PARTS, figure
from obhvat.periods import term_of
from obhvat.scope import Scope
from obhvat.store import Store

SCHOOL = "9000101"
TERM_1, TERM_2 = term_of(date(2023, 10, 1)), term_of(date(2024, 3, 1))
_SCHOOLS = (
    "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38",
    f"{SCHOOL};СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище",
    "9000102;ОУ „Второ“;Каменград;Ведрово;гр. Ведрово;основно училище",
)
_CASES = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Статус от дата;Потвърждение"
_ACTIONS = (
    "№ на случая;Към дата;Община;Дата;Час;Вид действие;Пореден №;Екип;Участвали институции;Осъществен контакт;Резултат"
)


def put(store: Store, *sources: Source, at: datetime) -> list[int]:
    """Commit files whose every row is good, as if at a moment."""
    return filling.put_register_first(store, sources, at=at, today=at.date())


def schools() -> Source:
    return Source("институции.csv", "\n".join(_SCHOOLS).encode())


def cases(day: str, *rows: str) -> Source:
    """A register of cases as of a day: number;category;municipality;signal;status;status since;confidence."""
    lines = (";".join([number, day, *rest]) for number, *rest in (row.split(";") for row in rows))
    return Source(f"случаи-{day}.csv", "\n".join([_CASES, *lines]).encode())


def actions(day: str, *rows: str) -> Source:
    """A register of steps: case;municipality;date;hour;kind;n;team;institutions;contact;result."""
    lines = (";".join([number, day, *rest]) for number, *rest in (row.split(";") for row in rows))
    return Source(f"действия-{day}.csv", "\n".join([_ACTIONS, *lines]).encode())


def value(store: Store, metric: str, known_at: datetime, municipality: str | None = None) -> float | None:
    """A figure of the second term."""
    return figure(store, metric, TERM_2, Scope(municipality=municipality, known_at=known_at)).value


def parts(store: Store, known_at: datetime) -> dict[str, float]:
    """The parts of the reconciliation that are not zero, and their total."""
    found = {name: value(store, name, known_at) for name in (*CASE_PARTS, "cases_total")}
    return {name: n for name, n in found.items() if n}


def only(rows: pd.DataFrame) -> pd.Series:
    """The one row there is."""
    assert len(rows) == 1
    return rows.iloc[0]
