"""A step that a school owes, when the school is in another municipality than the one whose letters are made."""

from __future__ import annotations

from datetime import datetime

from small_oblast import put, register
from test_letters import about, rows_of

from obhvat.ingest import Source
from obhvat.meeting.letters import letters
from obhvat.people import ALONE
from obhvat.store import Store

HEAD = "№ на случая;Към дата;Категория;Община по адрес;Училище (код);Дата на сигнала;Статус;Статус от дата"


def test_it_is_in_the_letters_of_the_oblast_and_not_told_to_be_without_a_school(store: Store) -> None:
    rows = [
        f"{number};31.01.2024;отпаднал;{home};{school};03.10.2023;в работа;31.01.2024"
        for number, home, school in (
            ("КГ-001", "Каменград", "9000101"),
            ("КГ-002", "Каменград", "9000201"),
            ("КГ-003", "Каменград", ""),
        )
    ]
    put(store, register(), Source("случаи.csv", "\n".join([HEAD, *rows]).encode()), at=datetime(2024, 2, 6))
    here = letters(about(store, municipality="Каменград"), ALONE)
    assert (here.elsewhere, here.unaddressed) == (1, 1)
    whole = letters(about(store), ALONE)
    assert (whole.elsewhere, whole.unaddressed) == (0, 1)
    [told] = [letter for letter in whole.letters if letter.municipality == "Ведрово"]
    assert [row[0] for row in rows_of(told, "Стъпки по случаи с изтекъл срок")] == ["КГ-002"]
