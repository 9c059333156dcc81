"""One child's rights: all that is held about it is shown, and erased in every byte; others stay as they were."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from forgotten_oblast import KEPT, OLD, OTHER, SCHOOL, TEXTS, fill, in_files, pseudonym
from python_calamine import CalamineWorkbook
from small_oblast import listing, put
from store_files import copy_store

from obhvat.cases.child_answers import correct_child, erase_child
from obhvat.cases.children import actions_of, cases_of, entries_of, ladder_of, register_tables
from obhvat.cases.entries import add_action
from obhvat.cases.one_child import Held, entries_of_child, find_child, held_of, looks_at
from obhvat.errors import NotAllowed, ObhvatError
from obhvat.indicators.children import measures_of
from obhvat.ingest import Upload
from obhvat.metrics import figure
from obhvat.people import ROLES, Viewer
from obhvat.people.child_requests import GROUNDS, Request, answer, requests
from obhvat.people.keeping import kinds_of
from obhvat.people.log import log_of
from obhvat.periods import Period
from obhvat.reports.child import child_document, child_workbook, request_document
from obhvat.scope import Scope
from obhvat.store import Store, copies
from obhvat.store.sound import check
from obhvat.store.store import CONFIG

EXPERT = Viewer("Иванова", ROLES["expert"])
MINE, IN_WORK = "дете-101-1", "дете-101-2"
GROUND = GROUNDS["erased"][0]
REASON = "Родителят поиска и детето вече не живее в областта"


def erase(store: Store, who: str = MINE) -> Request:
    return erase_child(store, EXPERT, find_child(store, EXPERT, who), GROUND, REASON)


def held(store: Store, who: str) -> dict[str, Held]:
    return {each.name: each for each in held_of(store, EXPERT, find_child(store, EXPERT, who))}


def test_everything_about_a_child_is_shown_whoever_sent_it(filled: Store) -> None:
    shown = held(filled, MINE)
    assert {name: len(each.rows) for name, each in shown.items()} == {
        "pupils": 1,
        "absences": 2,
        "cases": 1,
        "actions": 1,
        "entries": 1,
    }
    words = " ".join(str(cell) for each in shown.values() for cell in each.rows.to_numpy().ravel())
    assert all(text in words for text in TEXTS[:4])
    assert "октомври 2023 г." in words
    assert entries_of_child(filled, EXPERT, find_child(filled, EXPERT, MINE))["what"].tolist() == ["действие"]


def test_nobody_else_is_in_it(filled: Store) -> None:
    words = " ".join(str(cell) for each in held(filled, IN_WORK).values() for cell in each.rows.to_numpy().ravel())
    assert KEPT in words
    assert not [text for text in (OLD, *TEXTS[:3]) if text in words]
    assert held(filled, "дете-999-1") == {}


def test_every_table_that_names_a_child_is_asked(filled: Store) -> None:
    """What is added later and not erased fails here."""
    child = find_child(filled, EXPERT, MINE)
    tables = filled.rows(
        "select table_name from duckdb_columns() where column_name = 'pupil' and table_name in "
        "(select table_name from duckdb_tables() where not temporary)"
    )
    for (table,) in tables:
        if filled.rows(f"select 1 from {table} where pupil = $child", {"child": child}):
            continue
        columns = filled.rows(
            "select column_name, data_type from duckdb_columns() where table_name = $t and not is_nullable",
            {"t": table},
        )
        usual = {"INTEGER": 1, "DATE": date(2023, 10, 1), "DECIMAL(9,1)": 0}
        row = {name: usual.get(kind, SCHOOL) for name, kind in columns} | {"pupil": child}
        if table == "entered_cases":
            row |= {"entry_id": 900, "opened_on": date(2023, 10, 1)}
        if "entry_id" in row:
            row["entry_id"] = 900 + len(table)
        with filled.transaction() as cursor:
            if "entry_id" in row and table != "restricted_children":
                cursor.execute(
                    "insert into entries values ($id, 'child', $at, 'Иванова')",
                    {"id": row["entry_id"], "at": datetime(2024, 3, 1)},
                ).fetchall()
            names = ", ".join(row)
            cursor.execute(
                f"insert into {table} ({names}) values ({', '.join(f'${name}' for name in row)})", row
            ).fetchall()
    with filled.transaction() as cursor:
        cursor.execute("delete from entered_cases where pupil = $child", {"child": child}).fetchall()

    erase(filled)

    left = [table for (table,) in tables if filled.rows(f"select 1 from {table} where pupil = $c", {"c": child})]
    assert left == []


def test_no_byte_of_an_erased_child_is_left(blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    # Numbers as they are, so that one is found where it stands.
    monkeypatch.setitem(CONFIG, "force_compression", "uncompressed")
    store = Store(copy_store(blank_path, tmp_path / "store"))
    fill(store)
    store.rows("checkpoint")
    child, kept = pseudonym(store, MINE), pseudonym(store, IN_WORK)
    traces = [child, MINE.encode(), MINE.upper().encode(), OLD.encode(), *(text.encode() for text in TEXTS[:3])]
    before = in_files(store.path.parent)
    assert [trace for trace in traces if trace not in before] == [MINE.encode(), MINE.upper().encode()]
    copy = copies.make(store, datetime(2026, 1, 1))
    copy.path.rename(tmp_path / copy.path.name)
    looks = tmp_path / "store" / copy.path.parent.name / copy.path.with_suffix(".looks").name
    looks.unlink(missing_ok=True)

    erase(store)

    assert not store.is_unclean
    left = in_files(store.path.parent) + in_files(temporary)
    assert [trace for trace in traces if trace in left] == []
    assert kept in left
    store.close()
    left = in_files(store.path.parent) + in_files(temporary)
    assert [trace for trace in traces if trace in left] == []


def test_figures_count_the_others_and_the_marts_agree(filled: Store) -> None:
    term, now = Period(2023, "term", 1), Scope(known_at=datetime(2030, 1, 1))
    assert figure(filled, "cases_total", term, now).value == 3
    erase(filled)
    assert figure(filled, "cases_total", term, now).value == 2
    sizes = filled.rows("select slice_id, n_rows from slices where dataset in ('pupils', 'absences') order by slice_id")
    counted = filled.rows(
        """
        select slice_id, count(rows.slice_id)
        from slices
        left join (select slice_id from pupils union all select slice_id from absences) as rows using (slice_id)
        where dataset in ('pupils', 'absences')
        group by slice_id
        order by slice_id
        """
    )
    assert sizes == counted
    assert filled.rows("select sum(pupils)::integer from list_sizes") == [(2,)]
    assert filled.rows("select sum(pupils)::integer from absence_levels") == [(1,)]
    check(filled)


def test_a_case_in_work_is_not_erased(filled: Store) -> None:
    with pytest.raises(ObhvatError, match=f"Случай {KEPT} е в работа"):
        erase(filled, IN_WORK)
    assert requests(filled) == []
    assert held(filled, IN_WORK)


def test_the_protocol_and_the_log_do_not_tell_of_whom(filled: Store) -> None:
    child = find_child(filled, EXPERT, MINE)
    request = erase(filled)
    assert [request] == requests(filled)
    assert (request.what, request.ground, request.reason, request.n_rows) == ("erased", GROUND, REASON, 6)
    log = log_of(filled)
    assert [look.what for look in log.looks(children=[child])] == ["request"]
    assert [look.what for look in log.looks(what="search")] == ["search", "search"]
    written = log.path.read_bytes() + str(filled.rows("from child_requests")).encode()
    assert not [trace for trace in (MINE, MINE.upper(), OLD, str(child)) if trace.encode() in written]


def test_a_reason_holds_no_identifier_and_is_never_empty(filled: Store) -> None:
    child = find_child(filled, EXPERT, MINE)
    for reason in ("", "  ", "Детето с ЕГН 0441010000"):
        with pytest.raises(ObhvatError):
            erase_child(filled, EXPERT, child, GROUND, reason)
    assert held_of(filled, EXPERT, child)


def test_a_restricted_child_is_shown_to_nobody_and_counted(filled: Store) -> None:
    day, now = date(2024, 3, 31), datetime(2030, 1, 1)
    child = find_child(filled, EXPERT, IN_WORK)

    def numbers() -> set[str]:
        told = register_tables(filled, EXPERT, day, now)
        return {
            *cases_of(filled, EXPERT, day, now)["number"],
            *actions_of(filled, EXPERT, day, now)["case_number"],
            *ladder_of(filled, EXPERT, day, now)["number"],
            *(str(cell) for table in told.values() for cell in table.iloc[:, 0]),
        }

    def pupils() -> set[int]:
        return set(measures_of(filled, EXPERT, date(2023, 10, 1), now)["pupil"])

    assert KEPT in numbers()
    assert child in pupils()
    before = figure(filled, "cases_in_work", Period(2023, "term", 1), Scope(known_at=now)).value
    answer(filled, EXPERT, child, "restricted", GROUNDS["restricted"][0], REASON, 3)
    assert KEPT not in numbers()
    assert OTHER in numbers()
    assert pupils()
    assert child not in pupils()
    assert entries_of(filled, EXPERT, KEPT, now).empty
    with pytest.raises(NotAllowed):
        add_action(filled, KEPT, date(2024, 3, 20), "call", viewer=EXPERT)
    assert figure(filled, "cases_in_work", Period(2023, "term", 1), Scope(known_at=now)).value == before
    assert held_of(filled, EXPERT, child)
    answer(filled, EXPERT, child, "lifted", GROUNDS["lifted"][0], REASON, 3)
    assert KEPT in numbers()


def test_an_entry_is_taken_back_with_a_protocol(filled: Store) -> None:
    child = find_child(filled, EXPERT, MINE)
    [entry_id] = entries_of_child(filled, EXPERT, child)["entry_id"]
    with pytest.raises(ObhvatError):
        correct_child(filled, EXPERT, child, entry_id + 1, GROUNDS["corrected"][0], REASON)
    correct_child(filled, EXPERT, child, entry_id, GROUNDS["corrected"][0], REASON)
    assert entries_of_child(filled, EXPERT, child)["mark"].tolist() == ["withdrawn"]
    assert [(request.what, request.n_rows) for request in requests(filled)] == [("corrected", 1)]


def test_what_is_given_to_a_parent_says_everything_and_names_nobody(filled: Store) -> None:
    child = find_child(filled, EXPERT, MINE)
    held, now = held_of(filled, EXPERT, child), datetime(2026, 11, 26, 10)
    years = {kind.id: kind.years for kind in kinds_of(filled)}
    made = child_document(held, years, looks_at(filled, EXPERT, child), now, "Иванова")
    words = " ".join(cell.text for cell in Document(io.BytesIO(made)).paragraphs)
    assert all(text in words for text in TEXTS[:4])
    assert "експерт от РУО – 1" in words
    assert "5 години от края на учебната година" in words
    book = child_workbook(held, now, "Иванова")
    assert [*CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names][1:] == [each.title for each in held]
    assert request_document(erase(filled))


def test_who_may_not_answer_is_told_nothing(filled: Store) -> None:
    coordinator = Viewer("Петров", ROLES["coordinator"], "Каменград")
    child = find_child(filled, EXPERT, MINE)
    for asked in (
        lambda: find_child(filled, coordinator, MINE),
        lambda: held_of(filled, coordinator, child),
        lambda: entries_of_child(filled, coordinator, child),
        lambda: erase_child(filled, coordinator, child, GROUND, REASON),
    ):
        with pytest.raises(NotAllowed):
            asked()


@pytest.mark.parametrize("typed", ["", "Иван Иванов", "12"])
def test_what_is_no_identifier_finds_nobody(filled: Store, typed: str) -> None:
    if typed == "12":
        # As Excel writes one that lost its zeros.
        assert held(filled, typed) == {}
        return
    with pytest.raises(ObhvatError, match="Това не е идентификатор"):
        find_child(filled, EXPERT, typed)


def test_the_file_that_comes_again_asks_before_it_brings_the_child_back(
    filled: Store, read: Callable[..., Upload]
) -> None:
    erase(filled)
    lists = listing(SCHOOL, date(2023, 9, 15), 3)
    [again] = read(lists, store=filled).files
    [text] = [d.text for d in again.doubts if d.code == "erased"]
    assert text.startswith("Във файла има 1 дете, чиито данни са изтрити по искане")
    [other] = read(listing("9000201", date(2023, 9, 15), 3), store=filled).files
    assert "erased" not in [d.code for d in other.doubts]
    put(filled, lists, at=datetime(2024, 4, 1))
    assert {name: len(each.rows) for name, each in held(filled, MINE).items()} == {"pupils": 1}
