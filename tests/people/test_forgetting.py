"""What is beyond its term leaves the store, its file and the figures, and nothing brings it back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from forgotten_oblast import KEPT, OLD, OTHER, SCHOOL, TEXTS, TODAY, fill, in_files, pseudonym
from program import command
from small_oblast import absences
from store_files import copy_store, throw_away
from viewers import expert

from obhvat.errors import NotAllowed
from obhvat.ingest import Upload
from obhvat.metrics import all_metrics, figure
from obhvat.metrics.forgetting import figures_of, forget_due, kept_figures
from obhvat.people import ROLES, Viewer
from obhvat.people.forgetting import due, due_within_a_year, forget
from obhvat.people.keeping import Protocol, forgotten_words, protocols, set_years
from obhvat.people.log import log_of
from obhvat.periods import Period
from obhvat.reports.forgotten import protocol_document, protocol_text
from obhvat.reports.kept_figures import kept_workbook
from obhvat.scope.days import school_years
from obhvat.store import Store, copies
from obhvat.store.history import history, mark
from obhvat.store.store import CONFIG

FIRST = Period(2023, "term", 1)


class After(NamedTuple):
    """A store in which everything due was forgotten."""

    store: Store
    before: dict[str, float | None]
    """The figures of its first term before."""
    copy: copies.Copy
    protocol: Protocol


@pytest.fixture(scope="module")
def after(filled_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[After]:
    """For looking at."""
    store = Store(copy_store(filled_path, tmp_path_factory.mktemp("after")))
    before = {m.id: figure(store, m.id, FIRST).value for m in all_metrics()}
    assert school_years(store) == [2023]
    assert forgotten_words(store, 2023) == ""
    copy = copies.make(store, datetime(2026, 1, 1))
    protocol = forget_due(store, expert("Иванова"), today=TODAY)
    assert protocol is not None
    yield After(store, before, copy, protocol)
    throw_away(store)


def forget_rows(store: Store) -> None:
    """Without keeping the figures, which takes longer."""
    forget(store, due(store, TODAY), figures_of(store, [], datetime.now()), "Иванова", datetime.now(), TODAY)


def due_words(store: Store, today: date) -> list[tuple[str, str]]:
    return [(thing.kind.id, thing.of) for thing in due(store, today)]


def test_a_school_year_is_due_when_its_years_are_over(filled: Store) -> None:
    year = ("children", "учебната 2023/2024 г.")
    assert year not in due_words(filled, date(2029, 9, 14))
    assert year in due_words(filled, date(2029, 9, 15))
    assert year in [(thing.kind.id, thing.of) for thing in due_within_a_year(filled, date(2028, 9, 20))]
    set_years(filled, {"children": 6}, expert("Иванова"))
    assert year not in due_words(filled, date(2029, 9, 15))


def test_no_byte_of_the_file_its_log_or_the_temporary_folder_has_a_trace(
    blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    # Numbers as they are, so that one is found where it stands.
    monkeypatch.setitem(CONFIG, "force_compression", "uncompressed")
    store = Store(copy_store(blank_path, tmp_path / "store"))
    fill(store)
    store.rows("checkpoint")
    child, kept = pseudonym(store, "дете-101-1"), pseudonym(store, "дете-101-2")
    traces = [child, *(text.encode() for text in TEXTS)]
    before = in_files(store.path.parent)
    assert [trace for trace in (kept, *traces) if trace not in before] == []
    copy = copies.make(store, datetime(2026, 1, 1)).path.rename(tmp_path / "copy.duckdb")

    forget_due(store, expert("Иванова"), today=TODAY)

    assert not store.is_unclean
    left = in_files(store.path.parent) + in_files(temporary)
    assert [trace for trace in traces if trace in left] == []
    # The child of the case in work is still there, and the copy has everything.
    assert kept in left
    assert all(text.encode() in copy.read_bytes() for text in TEXTS)
    store.close()
    left = in_files(store.path.parent) + in_files(temporary)
    assert [trace for trace in traces if trace in left] == []


def test_a_store_that_was_stopped_before_it_was_written_anew_is_clean_after_the_next_opening(filled: Store) -> None:
    forget_rows(filled)
    assert filled.is_unclean
    filled.close()
    with Store(filled.path) as again:
        assert not again.is_unclean
        assert [text for text in TEXTS if text.encode() in in_files(filled.path.parent)] == []


def test_what_fails_on_the_way_forgets_nothing(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    tables = ("pupils", "absences", "cases", "actions", "slices", "entries", "forgotten", "kept_figures")
    before = {table: filled.rows(f"from {table}") for table in tables}
    monkeypatch.setattr("obhvat.people.forgetting.mark_unclean", fail)
    with pytest.raises(KeyboardInterrupt):
        forget_rows(filled)
    assert {table: filled.rows(f"from {table}") for table in tables} == before


def test_a_number_that_was_given_again_keeps_its_newer_case(filled: Store) -> None:
    with filled.transaction() as cursor:
        cursor.execute(
            "insert into cases by name select * replace (date '2028-10-01' as opened_on, date '2028-11-01' as as_of, "
            f"date '2028-10-02' as status_on) from cases where number = '{OLD}'"
        )
    forget_rows(filled)
    rows = filled.rows("select opened_on from cases where number = $number", {"number": OLD})
    assert rows == [(date(2028, 10, 1),)]


def test_a_case_in_work_stays_with_its_actions_and_the_child(after: After) -> None:
    assert after.store.rows("select number, pupil is not null from cases order by number") == [
        (KEPT, True),
        (OTHER, True),
    ]
    assert after.store.rows("select case_number from actions") == [(KEPT,)]
    assert after.store.rows("select count(*) from entered_actions") == [(0,)]


def test_no_figure_of_a_forgotten_year_is_another_number_or_zero(after: After) -> None:
    assert after.before["cases_total"] == 3
    now = {m.id: figure(after.store, m.id, FIRST).value for m in all_metrics()}
    assert now == dict.fromkeys(after.before)


def test_the_figures_of_a_forgotten_year_are_kept(after: After) -> None:
    rows = kept_figures(after.store)
    of_oblast = rows[(rows["municipality"] == "") & (rows["period"] == FIRST)]
    told = {m: value for m, value in after.before.items() if value is not None}
    assert dict(zip(of_oblast["metric"], of_oblast["value"], strict=True)) == pytest.approx(told)
    assert kept_workbook(rows)


def test_a_forgotten_year_is_not_offered_and_is_told_of(after: After) -> None:
    assert 2023 not in school_years(after.store)
    assert forgotten_words(after.store, 2023).startswith(
        "За учебната 2023/2024 г. списъците и отсъствията по деца и случаите са заличени на "
    )
    assert forgotten_words(after.store, 2024) == ""


def test_the_command_says_why_there_is_no_figure(after: After) -> None:
    said = command(
        "figure", "cases_total", "--period", "2023-I", "--store", after.store.path, folder=after.store.path.parent
    )
    assert "За учебната 2023/2024 г. списъците и отсъствията по деца и случаите са заличени на " in said.stdout


def test_an_old_file_that_comes_again_asks(after: After, read: Callable[..., Upload]) -> None:
    [again] = read(absences(SCHOOL, 11, [2]), store=after.store).files
    [text] = [doubt.text for doubt in again.doubts if doubt.code == "forgotten"]
    assert text.startswith("Данните за учебната 2023/2024 г. са заличени с изтекъл срок на ")


def test_the_protocol_says_what_why_and_which_copies_hold_it(after: After) -> None:
    assert [after.protocol] == protocols(after.store)
    assert [(of.kind, of.school_year, of.n_rows) for of in after.protocol.forgotten] == [
        ("Случаи, действия и бележки по тях", 2023, 3),
        ("Списъци, отсъствия и оценки по деца", 2023, 6),
        ("Редове за поправка", None, 1),
        ("Имена на служители в историята", None, 7),
    ]
    assert after.protocol.copies == (str(after.copy.path),)
    text = protocol_text(after.protocol)
    assert "чл. 5, пар. 1, б. „д“" in text
    assert after.copy.path.name in text
    assert protocol_document(after.protocol)


def test_names_of_staff_go_and_those_of_protocols_stay(after: After) -> None:
    assert after.store.rows("select distinct committed_by from batches") == [("заличено",)]
    assert after.store.rows("select entered_by from entries") == [("Иванова",)]


def test_undoing_and_taking_back_bring_nothing(filled: Store) -> None:
    batches = history(filled)["batch_id"].tolist()
    forget_rows(filled)
    for word in ("undo", "redo"):
        mark(filled, batches, word, "Иванова")
    tables = ("pupils", "absences", "absence_levels", "absence_classes", "list_sizes", "shared_absences")
    assert [filled.rows(f"select count(*) from {table}") for table in tables] == [[(0,)]] * len(tables)


def test_nothing_due_is_no_protocol(filled: Store) -> None:
    set_years(filled, {"children": 50, "cases": 50, "returned": 50, "staff": 50}, expert("Иванова"))
    assert forget_due(filled, expert("Иванова"), today=TODAY) is None
    assert protocols(filled) == []


def test_who_may_not_forget_cannot(filled: Store) -> None:
    with pytest.raises(NotAllowed):
        forget_due(filled, Viewer("Петров", ROLES["secretary"]), today=TODAY)
    assert protocols(filled) == []


def test_a_forgetting_is_in_the_log(after: After) -> None:
    assert [look.what for look in log_of(after.store).looks() if look.what == "forget"] == ["forget"]
