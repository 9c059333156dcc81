"""Entries carry a person: who may take one back; and results that are kept to one institution."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from uploads import cases, only, put, schools

from obhvat.cases.children import actions_of, entries_of, register_tables
from obhvat.cases.conflicts import conflicts
from obhvat.cases.entries import add_action, change_status, open_case, withdraw
from obhvat.errors import NotAllowed, ObhvatError
from obhvat.ingest import Source
from obhvat.people import ALONE, ROLES, Viewer
from obhvat.reports.tables import write_csv
from obhvat.store import Store

SENT, ENTERED, NOW = datetime(2024, 2, 6, 9), datetime(2024, 3, 4, 10), datetime(2024, 3, 13, 10)
DAY, NOTE = NOW.date(), "семейството е в програма"
SOCIAL, POLICE = (Viewer(name, ROLES["institution"], name) for name in ("ДСП", "ОД на МВР"))
ALONE_AS = replace(ALONE, person="Експерт")
COORDINATOR = Viewer("Координатор", ROLES["coordinator"], "Каменград")


@pytest.fixture
def noted(store: Store) -> Store:
    """A case in which ДСП and МВР take part, with a step that ДСП entered, and its result that is only for ДСП."""
    put(store, schools(), cases("05.02.2024", "К-1;отпаднал;Каменград;12.10.2023;в работа;12.10.2023;"), at=SENT)
    add_action(
        store, "К-1", date(2024, 2, 9), "call", institutions=["social", "police"], viewer=ALONE_AS,
        at=datetime(2024, 2, 9, 12),
    )  # fmt: skip
    add_action(
        store, "К-1", date(2024, 3, 1), "meeting", institutions=["social", "police"], contact="made", result=NOTE,
        is_own_note=True, viewer=SOCIAL, at=ENTERED,
    )  # fmt: skip
    return store


def told(store: Store, viewer: Viewer) -> tuple[object, str]:
    steps = actions_of(store, viewer, DAY, NOW)
    step = only(steps[steps["note_of"].notna()])
    assert step["note_of"] == "institution:ДСП"
    return step["result"], newest(store, viewer)["words"]


def newest(store: Store, viewer: Viewer) -> pd.Series:
    return entries_of(store, viewer, "К-1", NOW, DAY).iloc[-1]


@pytest.mark.parametrize("viewer", [SOCIAL, ALONE], ids=["its author", "an expert"])
def test_its_own_institution_and_an_expert_are_told_a_note(noted: Store, viewer: Viewer) -> None:
    result, words = told(noted, viewer)
    assert result == NOTE
    assert f"резултат: {NOTE}; бележка само за ДСП" in words


@pytest.mark.parametrize("viewer", [POLICE, COORDINATOR], ids=["another institution", "a coordinator"])
def test_others_are_told_that_there_is_one(noted: Store, viewer: Viewer) -> None:
    result, words = told(noted, viewer)
    assert result is None
    assert words.endswith("контакт: да; бележка само за ДСП")


def test_a_note_of_its_own_is_in_no_register_and_stays_when_that_comes_back(noted: Store) -> None:
    tables = register_tables(noted, ALONE, DAY, NOW)
    assert NOTE not in tables["действия"].to_csv()
    back = NOW + timedelta(hours=1)
    put(noted, Source("действия.csv", write_csv(tables["действия"])), at=back)
    assert conflicts(noted, DAY, back).empty
    assert list(actions_of(noted, ALONE, DAY, back)["result"].dropna()) == [NOTE]


def test_only_its_author_or_an_expert_takes_an_entry_back(noted: Store) -> None:
    entry = int(newest(noted, ALONE)["entry_id"])
    for other in (POLICE, COORDINATOR, replace(SOCIAL, person="друг")):
        with pytest.raises(NotAllowed, match="Записът е на ДСП: оттегля го който го е въвел или експерт от РУО"):
            withdraw(noted, entry, other, NOW)
    withdraw(noted, entry, SOCIAL, NOW)
    assert len(actions_of(noted, ALONE, DAY, NOW)) == 1


def test_an_expert_takes_back_what_another_entered(noted: Store) -> None:
    entry = int(newest(noted, ALONE)["entry_id"])
    withdraw(noted, entry, ALONE_AS, NOW)
    assert newest(noted, ALONE)["marked_by"] == "Експерт"


@pytest.mark.parametrize("viewer", [replace(COORDINATOR, given="Ведрово"), Viewer("РЗИ", ROLES["institution"], "РЗИ")])
def test_about_a_case_that_one_is_not_told_nothing_is_entered_or_taken_back(noted: Store, viewer: Viewer) -> None:
    entry = int(newest(noted, ALONE)["entry_id"])
    for write in (
        lambda: add_action(noted, "К-1", DAY, "call", viewer=viewer, at=NOW),
        lambda: change_status(noted, "К-1", "reintegrated", DAY, viewer=viewer, at=NOW),
        lambda: withdraw(noted, entry, viewer, NOW),
    ):
        with pytest.raises(NotAllowed, match="Случай „К-1“ не е сред тези, които виждате"):
            write()
    assert newest(noted, ALONE)["entry_id"] == entry
    assert newest(noted, ALONE)["mark"] == ""


def test_whether_a_neighbour_has_a_number_is_not_told(store: Store) -> None:
    put(store, schools(), cases("05.02.2024", "К-1;отпаднал;Каменград;12.10.2023;в работа;12.10.2023;"), at=SENT)
    put(store, cases("05.02.2024", "К-1;отпаднал;Ведрово;12.10.2023;в работа;12.10.2023;"), at=SENT)
    for viewer, number in ((COORDINATOR, "К-2"), (replace(COORDINATOR, given="Горун"), "К-1")):
        with pytest.raises(NotAllowed, match=f"Случай „{number}“ не е сред тези, които виждате"):
            add_action(store, number, DAY, "call", viewer=viewer, at=NOW)
    add_action(store, "К-1", DAY, "call", viewer=COORDINATOR, at=NOW)
    told_of = [
        len(entries_of(store, replace(COORDINATOR, given=place), "К-1", NOW, DAY)) for place in ("Каменград", "Ведрово")
    ]
    assert told_of == [1, 0]
    with pytest.raises(ObhvatError, match="стои на повече от един случай"):
        add_action(store, "К-1", DAY, "call", viewer=ALONE_AS, at=NOW)


def test_a_case_is_opened_only_where_it_is_then_told(noted: Store) -> None:
    def open_in_kamengrad(viewer: Viewer) -> str:
        return open_case(noted, municipality="Каменград", category="at_risk", opened_on=DAY, viewer=viewer, at=NOW)

    for viewer in (SOCIAL, replace(COORDINATOR, given="Ведрово"), Viewer("У", ROLES["school"], "1400842")):
        with pytest.raises(NotAllowed, match="изберете своята община или училище"):
            open_in_kamengrad(viewer)
    number = open_in_kamengrad(COORDINATOR)
    add_action(noted, number, DAY, "call", viewer=COORDINATOR, at=NOW)


def test_what_was_entered_about_a_number_is_told_to_who_reaches_the_child_that_had_it_then(store: Store) -> None:
    head = "№ на случая;Към дата;Категория;Община по адрес;Община на училището;Дата на сигнала;Статус;Статус от дата"
    before, now = (
        Source(f"случаи-{day}.csv", f"{head}\nК-1;{day};отпаднал;Ведрово;{taught};{row}".encode())
        for day, taught, row in (
            ("05.02.2023", "Каменград", "12.10.2022;в работа;12.10.2022"),
            ("05.02.2024", "Ведрово", "12.10.2023;в работа;12.10.2023"),
        )
    )
    first, second = date(2023, 2, 9), date(2024, 2, 9)
    put(store, schools(), before, at=datetime(2023, 2, 6, 9))
    add_action(store, "К-1", first, "call", viewer=ALONE_AS, at=datetime(2023, 2, 9, 12))
    put(store, now, at=SENT)
    add_action(store, "К-1", second, "meeting", viewer=ALONE_AS, at=datetime(2024, 2, 9, 12))

    def told_to(viewer: Viewer) -> list[str]:
        return [words.split(" на ")[0] for words in entries_of(store, viewer, "К-1", NOW, DAY)["words"]]

    both = told_to(ALONE)
    assert len(both) == 2
    assert told_to(replace(COORDINATOR, given="Ведрово")) == both
    assert told_to(COORDINATOR) == both[:1]
