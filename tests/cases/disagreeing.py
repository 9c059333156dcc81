"""Two cases, what is entered about them, and the registers that say otherwise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
from uploads import actions, cases, put, schools, value
from viewers import expert

from obhvat.cases import register
from obhvat.cases.conflicts import conflicts
from obhvat.cases.entries import add_action, change_status
from obhvat.ingest import Source
from obhvat.store import Store

SENT = datetime(2024, 2, 6, 9)
ENTERED = datetime(2024, 3, 4, 10)
SENT_AGAIN = datetime(2024, 3, 6, 9)
NOW = datetime(2024, 3, 13, 10)
DAY = NOW.date()
WHO = "експерт"
IN_WORK = "К-1;отпаднал;Каменград;12.10.2023;в работа;12.10.2023;"
ABROAD = "К-2;отпаднал;Ведрово;03.11.2023;в чужбина;15.01.2024;МВР"


def two_cases(store: Store) -> Store:
    """К-1 in Каменград, in work, with one call of 20.02.2024; К-2 in Ведрово, abroad."""
    put(store, schools(), at=SENT)
    put(store, cases("05.02.2024", IN_WORK, ABROAD), at=SENT)
    return store


def call(store: Store, at: datetime = ENTERED, **said: Any) -> int:
    return add_action(store, "К-1", date(2024, 3, 1), "call", viewer=expert(WHO), at=at, **said)


def again(*rows: str) -> Source:
    """A newer register of steps: n;team;institutions;contact;result of calls in К-1 on 01.03.2024."""
    return actions("05.03.2024", *(f"К-1;Каменград;01.03.2024;;телефонен разговор;{row}" for row in rows))


def found(store: Store, at: datetime = NOW) -> pd.DataFrame:
    return conflicts(store, at.date(), at)


def calls(store: Store, at: datetime = NOW) -> list[tuple[int, str | None]]:
    rows = register.actions(store, at.date(), at)
    assert value(store, "calls", at) == (len(rows) or None)
    return [(n, None if pd.isna(contact) else contact) for n, contact in zip(rows["n"], rows["contact"], strict=True)]


def abroad(store: Store, at: datetime = ENTERED) -> int:
    return change_status(store, "К-1", "abroad", date(2024, 3, 1), confidence="word", viewer=expert(WHO), at=at)
