"""Two oblasts that differ only in what is hidden look the same to the members and to the press, letter by letter."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import product, zip_longest
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest_pages import Open
from small_oblast import absences, cases, listing, put, register
from store_files import copy_store
from streamlit.testing.v1 import AppTest
from viewers import expert

from obhvat.meeting.decisions import decisions
from obhvat.meeting.freeze import close_meeting, frozen_slides
from obhvat.meeting.meetings import Meeting, attendance, meeting, open_meeting
from obhvat.periods import Period
from obhvat.reports.figures import figures_of, municipalities_of, table_of
from obhvat.reports.press import press_text
from obhvat.store import Store
from obhvat.ui.session import close_store, open_store

SCHOOLS = {"9000101": "Каменград", "9000201": "Ведрово", "9000301": "Самодол", "9000401": "Горун"}
HOMES = {"ВД": "Ведрово", "СД": "Самодол", "ГР": "Горун"}
HOURS = {"9000301": [6.0] * 15, "9000401": [6.0] * 30}
# One child more in Ведрово and one less in Каменград, with as many hours in each: 18 and 20.
BASE = HOURS | {"9000101": [6.0, 6, 6], "9000201": [6.0, 6, 6, 2]}
TWIN = HOURS | {"9000101": [7.0, 7, 4], "9000201": [5.0, 5, 5, 5]}
OPEN = {"КГ": 3, "ВД": 3, "СД": 15, "ГР": 30}
MET = datetime(2023, 11, 20, 12)


def fill(store: Store, hours: Mapping[str, list[float]], in_work: Mapping[str, int]) -> Meeting:
    """A month of four schools with their lists, a register of cases, and a meeting that was closed."""
    sent = MET - timedelta(days=5)
    put(store, register(SCHOOLS), at=sent)
    put(store, *(listing(code, date(2023, 9, 15), 100) for code in SCHOOLS), at=sent)
    put(store, *(absences(code, 10, [*hours[code], *[0.5] * 40]) for code in SCHOOLS), at=sent)
    statuses = {f"{place}-{n:03}": "в работа" for place, many in in_work.items() for n in range(many)}
    put(store, cases(date(2023, 11, 10), dict(sorted(statuses.items())), HOMES), at=sent)
    made = open_meeting(
        store, MET.date(), Period(2023, "term", 1), "областен управител", viewer=expert("Мария"), at=MET
    )
    close_meeting(store, made.meeting_id, expert("Мария"), at=MET + timedelta(hours=1))
    return meeting(store, made.meeting_id)


def messages(app: AppTest) -> list[str]:
    """All that the page sends to the browser, but what names the moment."""
    sent = [str(element.proto) for element in _elements(app._tree)]
    return [re.sub(r"\d\d:\d\d", "", words) for words in sent]


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        else:
            yield child


def looked(open_page: Open) -> dict[str, list[str]]:
    """Page and address → what it sends."""
    pages = {}
    narrow = {"municipality": "Каменград"}
    for page, audience, place in (
        *product(("overview", "risk"), ("За членовете",), ({}, narrow)),
        *product(("cases", "data_status", "meeting"), ("За членовете",), ({},)),
        *product(("overview", "risk", "cases"), ("За пресата",), ({},)),
    ):
        app = open_page(page, audience=audience, year="2023/2024", period="I срок", **place)
        assert not app.exception
        pages[f"{page} {audience} {place}"] = messages(app)
    for code in ("9000101", "9000301"):
        place = SCHOOLS[code]
        label = f"СУ „{code}“, гр. {place} · {code}"
        app = open_page("school", year="2023/2024", period="I срок", school=label)
        assert not app.exception
        pages[f"school {code}"] = messages(app)
    return pages


def written(store: Store, held: Meeting) -> dict[str, object]:
    """The slides, and what the workbook, the report and the text for the press are made of."""
    groups = figures_of(store, held, MET + timedelta(hours=1))
    every = [answer for answers in groups.values() for answer in answers]
    tables: dict[str, pd.DataFrame] = {title: table_of(store, answers) for title, answers in groups.items()}
    tables["По общини"] = municipalities_of(store, every)
    return {
        **{title: table.to_csv() for title, table in tables.items()},
        "members": frozen_slides(store, held.meeting_id, "members"),
        "press": frozen_slides(store, held.meeting_id, "press"),
        "text": press_text(
            store, held, attendance(store, held.meeting_id), decisions(store, held.held_on, held.closed_at)
        ),
    }


def test_twins_look_the_same(
    empty_app: Open, blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, papers = [], []
    # Of one child with hours, then of one case.
    for hours, in_work in ((BASE, OPEN), (TWIN, OPEN | {"КГ": 2, "ВД": 4})):
        close_store()
        # A page says where the store is.
        shutil.rmtree(tmp_path / "store", ignore_errors=True)
        monkeypatch.setenv("OBHVAT_STORE", str(copy_store(blank_path, tmp_path / "store")))
        store = open_store()
        papers.append(written(store, fill(store, hours, in_work)))
        seen.append(looked(empty_app))
    assert papers[0] == papers[1]
    base, twin = seen
    differ = {
        page: [(one, other) for one, other in zip_longest(sent, twin[page]) if one != other]
        for page, sent in base.items()
        if sent != twin[page]
    }
    assert differ == {}
