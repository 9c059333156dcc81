"""Returned and stayed: what later lists, absences and registers say of children who were returned."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from accounted import line as line_of
from accounted import put as put_at
from accounted import register, schools
from apart import number, put_apart
from store_files import copy_store
from viewers import expert

from obhvat.cases.entries import change_status
from obhvat.cases.stayed import DAYS, OUTCOMES, repeat_dropouts, returned
from obhvat.demo.files import Demo
from obhvat.demo.writers import DemoFile
from obhvat.ingest import Source
from obhvat.metrics import Figure, figure
from obhvat.periods import term_of
from obhvat.scope import Scope
from obhvat.store import Store

line, put = partial(line_of, day="05.02.2024"), partial(put_at, at=datetime(2024, 2, 5, 10))

FIRST, SECOND, THIRD = "9000101", "9000102", "9000103"
DAY, NOW = date(2024, 2, 5), datetime(2024, 2, 6)
RETURNED = date(2023, 10, 10)
"""Thirty days later is the 9 November, sixty the 9 December, ninety the 8 January."""


def pupil_list(school: str, day: str, *children: str) -> Source:
    """A school's list on a day; a child may be followed by „;“ and the day it left."""
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка;Дата на отписване"
    rows = [f"{school};{day};{child};5;5а;{left}" for child, _, left in (one.partition(";") for one in children)]
    return Source(f"ученици-{school}-{day}.csv", "\n".join([head, *rows]).encode())


def absences(school: str, month: str, *children: str) -> Source:
    head = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
    rows = [f"{school};2023/2024;{month};{child};5;5а;0;1" for child in children]
    return Source(f"отсъствия-{school}-{month}.csv", "\n".join([head, *rows]).encode())


def back(number: str = "К-1", child: str = "дете-1", **how: Any) -> str:
    """A case of the first school whose child was returned."""
    about = {"on": f"{RETURNED:%d.%m.%Y}", "school": FIRST, "opened": "20.09.2023", "sure": "документ"} | how
    return line(number, "реинтегриран", child=child, **about)


@dataclass(frozen=True)
class Followed:
    """A place where the case К-1 ended in a return, and what is known of it after 30, 60 and 90 days."""

    files: tuple[Source, ...]
    outcomes: tuple[str, ...]
    day: date = DAY


def lists_of(*files: Source, outcomes: tuple[str, ...]) -> Followed:
    """A place whose register says no more than that the child was returned."""
    return Followed((register(back()), *files), outcomes)


STAYED, LEFT, UNKNOWN = ("stayed",) * 3, ("left",) * 3, ("unknown",) * 3
THAT_DAY = RETURNED + timedelta(days=60)
FOLLOWED = {
    "a child on a later list stayed": lists_of(
        pupil_list(FIRST, "15.12.2023", "дете-1", "дете-2"), outcomes=("stayed", "stayed", "unknown")
    ),
    "a list of exactly that day counts": lists_of(
        pupil_list(FIRST, f"{THAT_DAY:%d.%m.%Y}", "дете-1"), outcomes=("stayed", "stayed", "unknown")
    ),
    "absences of a month that begins later are of a child that stayed": lists_of(
        absences(FIRST, "12", "дете-1", "дете-2"), outcomes=("stayed", "unknown", "unknown")
    ),
    "absences of another child say nothing": lists_of(absences(FIRST, "01", "дете-2"), outcomes=UNKNOWN),
    "who left before the day left and who left after it had stayed": lists_of(
        pupil_list(FIRST, "15.01.2024", "дете-1;01.12.2023", "дете-2"), outcomes=("stayed", "left", "left")
    ),
    "who left for another school stayed": lists_of(
        pupil_list(FIRST, "15.12.2023", "дете-1;01.11.2023"),
        pupil_list(SECOND, "20.01.2024", "дете-1"),
        outcomes=STAYED,
    ),
    "a later list of the school without the child is of one that left": lists_of(
        pupil_list(FIRST, "15.12.2023", "дете-2"), outcomes=LEFT
    ),
    "a list before the return or of another school says nothing": lists_of(
        pupil_list(FIRST, "15.09.2023", "дете-2"), pupil_list(SECOND, "15.12.2023", "дете-2"), outcomes=UNKNOWN
    ),
    "a child that another school lists later did not leave": lists_of(
        pupil_list(FIRST, "20.11.2023", "дете-2"),
        pupil_list(SECOND, "20.12.2023", "дете-1"),
        outcomes=("stayed", "stayed", "unknown"),
    ),
    "what is not over is too early even for who has left": Followed(
        (register(back(day="20.11.2023")), pupil_list(FIRST, "01.11.2023", "дете-1;20.10.2023")),
        ("left", "too_early", "too_early"),
        date(2023, 11, 20),
    ),
    "what was said after the day does not count": Followed(
        (register(back(day="10.12.2023")), pupil_list(FIRST, "15.01.2024", "дете-1")),
        ("unknown", "unknown", "too_early"),
        date(2023, 12, 14),
    ),
    "a later case of the child is of one that left": Followed(
        (
            register(back(), line("К-2", child="дете-1", opened="20.11.2023")),
            pupil_list(SECOND, "15.11.2023", "дете-1"),
        ),
        ("stayed", "left", "left"),
    ),
    "a child at risk has not left": Followed(
        (
            register(back(), line("К-2", child="дете-1", opened="20.10.2023", category="в риск от отпадане")),
            pupil_list(FIRST, "15.01.2024", "дете-1"),
        ),
        STAYED,
    ),
}


@pytest.fixture(scope="module")
def followed(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """All these places in one store."""
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("followed"))) as store:
        places = FOLLOWED.values()
        put(store, *put_apart([[schools()] for _ in places]), at=datetime(2023, 9, 1))
        put(store, *put_apart([place.files for place in places]))
        yield store


def answer(store: Store, metric_id: str, place: str | None = None) -> Figure:
    return figure(store, metric_id, term_of(DAY), Scope(municipality=place, known_at=NOW), DAY)


@pytest.mark.parametrize(("n", "name"), list(enumerate(FOLLOWED, start=1)), ids=list(FOLLOWED))
def test_what_is_known_of_who_was_returned(followed: Store, n: int, name: str):
    rows = returned(followed, FOLLOWED[name].day, NOW)
    rows = rows[rows["number"] == number(n, "К-1")]
    assert list(rows["days"]) == list(DAYS)
    assert tuple(rows["outcome"]) == FOLLOWED[name].outcomes


def told(store: Store, *sources: Source) -> list[str]:
    """What is known of the case К-1 after 30, 60 and 90 days."""
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, *sources)
    return list(returned(store, DAY, NOW)["outcome"])


def test_a_case_in_work_again_is_of_a_child_that_left_then(store: Store):
    before = register(back(day="15.10.2023"), name="октомври.csv")
    again = register(line("К-1", on="20.11.2023", child="дете-1", school=FIRST, opened="20.09.2023"))
    seen = pupil_list(FIRST, "15.01.2024", "дете-1")
    # Back on a list in January: it was out in between.
    assert told(store, before, again, seen) == ["stayed", "left", "left"]


def test_a_register_that_only_says_in_work_again_is_dated_by_its_own_day(store: Store):
    before = register(back(day="15.10.2023"), name="октомври.csv")
    again = register(line("К-1", child="дете-1", school=FIRST, opened="20.09.2023", day="15.12.2023"))
    assert told(store, before, again) == ["unknown", "unknown", "left"]


def test_a_return_entered_here_is_followed_too(store: Store):
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, register(line("К-1", on="20.09.2023", child="дете-1", school=FIRST, opened="20.09.2023")))
    change_status(store, "К-1", "reintegrated", RETURNED, viewer=expert("тест"), at=NOW)
    put(store, pupil_list(FIRST, "15.01.2024", "дете-1"))
    assert list(returned(store, DAY, NOW)["outcome"]) == ["stayed"] * 3


def test_who_cannot_be_followed_is_counted_apart(store: Store):
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, register(back(), back("К-2", child=""), back("К-3", child="дете-3", on="")))
    assert [answer(store, f"returns_stayed_{days}").d for days in DAYS] == [1, 1, 1]
    assert answer(store, "returns_unlinked").n == 2


def test_returns_are_of_a_scope(store: Store):
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, register(back(), back("В-1", "дете-2", place="Ведрово", on="20.11.2023")))
    places = (None, "Ведрово", "Горун")
    assert [answer(store, "returns_stayed_30", place).d for place in places] == [2, 1, 0]


def test_repeated_cases_are_as_many_as_are_listed(store: Store):
    put(store, schools(), at=datetime(2023, 9, 1))
    new = line("К-2", child="дете-1", opened="20.11.2023")
    put(store, register(back(), new, line("К-3", child="дете-3"), line("К-4", again="да")))
    assert [answer(store, "cases_repeated", place).n for place in (None, "Каменград", "Ведрово")] == [2, 2, None]
    assert len(repeat_dropouts(store, DAY, NOW, Scope())) == 2


def test_no_pseudonym_leaves_the_store(store: Store):
    told(store, register(back()), pupil_list(FIRST, "15.12.2023", "дете-1"))
    [(pupil,)] = store.rows("select distinct pupil from cases")
    assert "pupil" not in returned(store, DAY, NOW)
    assert str(pupil) not in returned(store, DAY, NOW).to_csv() + repeat_dropouts(store, DAY, NOW, Scope()).to_csv()


# --- repeated


def repeated(store: Store, *lines: str, day: date = DAY) -> dict[str, tuple[bool, date | None]]:
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, register(*lines))
    rows = repeat_dropouts(store, day, NOW, Scope())
    return {
        number: (bool(flagged), None if pd.isna(at) else at.date())
        for number, flagged, at in zip(rows["number"], rows["flagged"], rows["returned_before"], strict=True)
    }


def test_a_case_that_says_so_is_a_repeated_one(store: Store):
    lines = (line("К-1", again="да"), line("К-2", category="повторно отпаднал"), line("К-3", again="не"), line("К-4"))
    assert repeated(store, *lines) == {"К-1": (True, None), "К-2": (True, None)}


def test_an_open_case_of_a_child_returned_before_is_a_repeated_one(store: Store):
    new = line("К-2", child="дете-1", opened="20.11.2023")
    assert repeated(store, back(), new, line("К-3", child="дете-3")) == {"К-2": (False, RETURNED)}


def test_an_older_open_case_of_a_child_returned_since_is_not(store: Store):
    assert repeated(store, back(), line("К-2", child="дете-1", opened="21.09.2023")) == {}


# --- the invented oblast once more, from its files


def weeks(text: str, month: date) -> date | None:
    """The day a child left; the national writer prints minutes where the month belongs."""
    return month.replace(day=int(text[:2])) if text else None


@pytest.mark.parametrize("day", [date(2023, 6, 30), date(2023, 11, 30), date(2024, 2, 5)])
def test_the_invented_oblast_is_followed_as_its_files_say(
    demo_store: Store, demo_files: list[DemoFile], day: date
) -> None:
    demo = Demo()
    registers = [r for r in (date(2023, 2, 5), date(2023, 6, 30), date(2023, 11, 30), date(2024, 2, 5)) if r <= day]
    ends = {"reintegrated", "after_dropout", "first_time", "from_abroad"}
    cases = {
        c.number: c
        for c in demo.cases
        if c.outcome in ends and c.closed and any(c.closed <= r and c.is_on_register(r) for r in registers)
    }
    children = {c.child.zfill(10) for c in cases.values()}
    lists: dict[str, dict[date, set[str]]] = defaultdict(dict)
    seen: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for file in demo_files:
        name, data = file.source.safe_name, file.source.data
        if name.startswith("ученици_") and (on := date.fromisoformat(name[8:18])) <= day:
            table = pq.read_table(io.BytesIO(data)).to_pandas()
            for school, rows in table.groupby("Код по НЕИСПУО"):
                lists[str(school)][on] = {str(child).zfill(10) for child in rows["ЕГН/ЛНЧ"]} & children
            for child in {str(child).zfill(10) for child in table["ЕГН/ЛНЧ"]} & children:
                seen[child].append((on, None))
        elif name.endswith("_File.txt"):
            for cells in (row.split("|") for row in data.decode("windows-1251").split("\r\n") if row):
                start, number, child = int(cells[1]), int(cells[2]), cells[4].zfill(10)
                month = date(start if number >= 9 else start + 1, number, 1)
                if child in children and month <= day:
                    seen[child].append((month, weeks(cells[13], month)))
    outcomes = returned(demo_store, day, datetime.now()).set_index(["number", "days"])["outcome"]
    expected = {}
    for number, case in cases.items():
        assert case.closed
        child = case.child.zfill(10)
        later = [c.opened for c in demo.cases if c.child == case.child and case.closed < c.opened <= day]
        later = [on for on in later if any(on <= r for r in registers)]
        on_lists = [on for of in lists.values() for on, there in of.items() if child in there and on > case.closed]
        off = [on for on in lists[case.school] if on > max([case.closed, *on_lists])]
        for days in DAYS:
            until = case.closed + timedelta(days=days)
            if until > day:
                outcome = "too_early"
            elif any(on < until for on in later):
                outcome = "left"
            elif any(on >= until and (left is None or left >= until) for on, left in seen[child]):
                outcome = "stayed"
            elif off or any(left and case.closed < left < until for _, left in seen[child]):
                outcome = "left"
            else:
                outcome = "unknown"
            expected[number, days] = outcome
    assert outcomes.to_dict() == expected
    for outcome in OUTCOMES:
        for days in DAYS:
            told = figure(demo_store, f"returns_{outcome}_{days}", term_of(day), Scope(), day)
            assert told.n == sum(one == outcome for (_, d), one in expected.items() if d == days)
            assert told.d == len(cases)
