"""Batches: what became of them, undoing, and what each changed."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from children import told_by
from crasher import undo_in_zone
from examples import OTHER_SCHOOL, SCHOOL, absences, contents, everything, put, register

from obhvat.errors import UnknownName
from obhvat.ingest import Source
from obhvat.store import Store
from obhvat.store.history import Changes, changes, history, mark, rejected_of


@pytest.fixture
def known(store: Store) -> Store:
    """A store with a register."""
    put(store, register())
    return store


def states(store: Store) -> dict[int, str]:
    found = history(store)
    return dict(zip(found["batch_id"], found["state"], strict=True))


def current(store: Store) -> list[float]:
    """Unexcused hours of the rows that are current."""
    return [
        row[0]
        for row in store.rows(
            """
            select unexcused::double
            from absences
            join live_slices('absences', $now) as live on live.slice_id = absences.slice_id
            order by 1
            """,
            {"now": datetime.now()},
        )
    ]


def test_history_has_the_newest_first(known: Store) -> None:
    put(known, absences(10))
    put(known, absences(11))
    assert history(known)["batch_id"].tolist() == [3, 2, 1]


def test_files_of_one_drop_share_an_upload(known: Store) -> None:
    put(known, absences(10), absences(11))
    put(known, absences(12))
    assert history(known)["upload_id"].tolist() == [3, 2, 2, 1]


def test_a_new_file_for_the_same_slice_replaces_the_old(known: Store) -> None:
    [first] = put(known, absences(10, (1, 2)))
    [second] = put(known, absences(10, (3,)))
    assert (states(known)[first], states(known)[second], current(known)) == ("replaced", "current", [3.0])


def test_nothing_is_overwritten_by_a_replacement(known: Store) -> None:
    put(known, absences(10, (1, 2)))
    before = contents(known, "absences")
    put(known, absences(10, (3,)))
    assert set(before) < set(contents(known, "absences"))


def test_another_month_replaces_nothing(known: Store) -> None:
    [first] = put(known, absences(10, (1, 2)))
    put(known, absences(11, (3,)))
    assert (states(known)[first], current(known)) == ("current", [1.0, 2.0, 3.0])


def test_another_school_replaces_nothing(known: Store) -> None:
    [first] = put(known, absences(10, (1, 2)))
    put(known, absences(10, (3,), school=OTHER_SCHOOL))
    assert states(known)[first] == "current"


def test_a_file_some_of_whose_slices_were_replaced_is_partly_current(known: Store) -> None:
    head = "Община;Месец;Докладни;Покани;АУАН;Наказателни постановления;Сума;Неоткрити"
    both = "Каменград;10.2023;4;2;1;0;0;0\nВедрово;10.2023;3;1;0;0;0;0"
    [first] = put(known, Source("санкции.csv", f"{head}\n{both}".encode()))
    put(known, Source("санкции-2.csv", f"{head}\nВедрово;10.2023;5;1;0;0;0;0".encode()))
    assert states(known)[first] == "partly"


def test_undoing_brings_back_what_was_replaced(known: Store) -> None:
    [first] = put(known, absences(10, (1, 2)))
    [second] = put(known, absences(10, (3,)))
    mark(known, [second], "undo", "проба")
    assert (states(known)[first], states(known)[second], current(known)) == ("current", "undone", [1.0, 2.0])


def test_undoing_the_older_of_two_changes_nothing(known: Store) -> None:
    [first] = put(known, absences(10, (1, 2)))
    put(known, absences(10, (3,)))
    mark(known, [first], "undo", "проба")
    assert current(known) == [3.0]


def test_undoing_both_leaves_nothing(known: Store) -> None:
    first, second = put(known, absences(10, (1, 2))) + put(known, absences(10, (3,)))
    mark(known, [first, second], "undo", "проба")
    assert current(known) == []


def test_redo_takes_the_undoing_back(known: Store) -> None:
    [only] = put(known, absences(10, (1, 2)))
    mark(known, [only], "undo", "проба")
    mark(known, [only], "redo", "проба")
    assert (states(known)[only], current(known)) == ("current", [1.0, 2.0])


def test_undoing_deletes_no_row(known: Store) -> None:
    [only] = put(known, absences(10, (1, 2)))
    before = everything(known)
    mark(known, [only], "undo", "проба")
    after = everything(known)
    assert {t: rows for t, rows in after.items() if rows != before[t]}.keys() == {"batch_marks"}


def test_undoing_says_who_and_when(known: Store) -> None:
    [only] = put(known, absences(10))
    at = datetime(2024, 3, 13, 10, 5)
    mark(known, [only], "undo", "Иванова", at)
    row = history(known).set_index("batch_id").loc[only]
    assert (row["marked_by"], row["marked_at"]) == ("Иванова", at)


def test_an_unknown_batch_cannot_be_undone(known: Store) -> None:
    [only] = put(known, absences(10))
    with pytest.raises(UnknownName, match="Няма качване с номер 99"):
        mark(known, [only, 99], "undo", "проба")
    assert states(known)[only] == "current"


@pytest.mark.skipif(sys.platform == "win32", reason="няма forkserver")
@pytest.mark.parametrize("zone", ["UTC", "Europe/Sofia", "America/New_York", "Pacific/Kiritimati"])
def test_an_undoing_counts_at_once_in_every_time_zone(nursery: Any, known: Store, zone: str) -> None:
    [only] = put(known, absences(10))
    with known.closed():
        offset, state = told_by(nursery, undo_in_zone, known.path, zone, only)
    assert offset == datetime.now(ZoneInfo(zone)).utcoffset()
    assert state == "undone"


def test_changes_of_the_first_file_are_all_added(known: Store) -> None:
    [only] = put(known, absences(10, (1, 2, 3)))
    assert changes(known, only) == Changes(added=3, gone=0, changed=0, same=0, first=True)


def test_changes_against_the_file_before(known: Store) -> None:
    put(known, absences(10, (1, 2, 3)))
    [second] = put(known, absences(10, (1, 5, 3, 4)))
    assert changes(known, second) == Changes(added=1, gone=0, changed=1, same=2, first=False)


def test_rows_that_are_gone_are_counted(known: Store) -> None:
    put(known, absences(10, (1, 2, 3)))
    [second] = put(known, absences(10, (1,)))
    assert changes(known, second) == Changes(added=0, gone=2, changed=0, same=1, first=False)


def test_changes_do_not_look_at_an_undone_file(known: Store) -> None:
    put(known, absences(10, (1, 2)))
    [wrong] = put(known, absences(10, (9, 9)))
    mark(known, [wrong], "undo", "проба")
    [third] = put(known, absences(10, (1, 3)))
    assert changes(known, third) == Changes(added=0, gone=0, changed=1, same=1, first=False)


def test_a_list_is_compared_with_the_one_before_it(known: Store) -> None:
    head = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"
    for day, children in (("15.09.2023", (1, 2, 3)), ("31.01.2024", (1, 3, 4))):
        rows = [f"{SCHOOL};{day};дете-{n};5;5а" for n in children]
        [batch] = put(known, Source(f"ученици-{day}.csv", "\n".join([head, *rows]).encode()))
    found = changes(known, batch)
    assert (found.added, found.gone, found.first) == (1, 1, False)


def test_changes_of_an_unknown_batch_are_refused(known: Store) -> None:
    with pytest.raises(UnknownName, match="99"):
        changes(known, 99)


def test_rejected_rows_keep_their_line_and_reason(known: Store) -> None:
    [only] = put(known, absences(10, (1, "лошо", -2, 0.25)))
    captions, rows, faults = rejected_of(known, only)
    assert captions[3] == "ЕГН/ЛНЧ"
    assert rows["line"].tolist() == [3, 4, 5]
    assert faults[["line", "rule"]].values.tolist() == [[3, "type"], [4, "negative"], [5, "halves"]]


def test_rejected_identifiers_are_masked(known: Store) -> None:
    [only] = put(known, absences(10, (1, "лошо")))
    _, rows, _ = rejected_of(known, only)
    assert rows["cells"].iloc[0][3] == "де••••••••"


def test_a_slice_nobody_has_rows_for_is_emptied_by_a_longer_file(known: Store) -> None:
    head = "№ на обхода;Дата;Община;Посетени адреси"
    put(known, Source("обходи-1.csv", f"{head}\nО-1;10.10.2023;Каменград;4\nО-2;10.11.2023;Каменград;4".encode()))
    put(known, Source("обходи-2.csv", f"{head}\nО-1;10.10.2023;Каменград;4\nО-3;10.12.2023;Каменград;4".encode()))
    numbers = known.rows(
        """
        select rounds.number from rounds
        join live_slices('rounds', $now) as live on live.slice_id = rounds.slice_id order by 1
        """,
        {"now": datetime.now()},
    )
    assert numbers == [("О-1",), ("О-3",)]
