"""The registers with what was entered here, as files: uploaded back, they say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from uploads import SCHOOL, cases, only, parts, put, schools, value
from viewers import expert

from obhvat.cases import register
from obhvat.cases.conflicts import conflicts
from obhvat.cases.entries import add_action, change_status, open_case
from obhvat.cases.register_files import register_tables
from obhvat.ingest import Source, commit, read_files
from obhvat.reports.tables import write_csv, write_workbook
from obhvat.store import Store

SENT, ENTERED, NOW = datetime(2024, 2, 6, 9), datetime(2024, 3, 4, 10), datetime(2024, 3, 13, 10)
BACK = NOW + timedelta(hours=1)
DAY = NOW.date()
WHO = "експерт"
# Where a row comes from is another after an upload; the rest is not.
ORIGIN = ["as_of", "slice_id", "line", "opened_entry", "status_entry", "entry_id"]
Files = Callable[[dict[str, pd.DataFrame]], list[Source]]


def workbook(tables: dict[str, pd.DataFrame]) -> list[Source]:
    return [Source("регистър.xlsx", write_workbook(tables))]


def csv(tables: dict[str, pd.DataFrame]) -> list[Source]:
    return [Source(f"{name}.csv", write_csv(table)) for name, table in tables.items()]


def said(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.drop(columns=[c for c in ORIGIN if c in rows])
    if "institutions" in rows:
        rows["institutions"] = [None if pd.api.types.is_scalar(i) else tuple(sorted(i)) for i in rows["institutions"]]
    return rows.reset_index(drop=True)


@pytest.fixture
def worked(store: Store) -> Store:
    """Two cases on a register, one opened here, and steps and statuses entered here, with odd texts."""
    put(store, schools(), at=SENT)
    put(
        store,
        cases(
            "05.02.2024",
            "К-1;отпаднал;Каменград;12.10.2023;в работа;12.10.2023;",
            "К-2;отпаднал;Ведрово;03.11.2023;в чужбина;15.01.2024;МВР",
        ),
        at=SENT,
    )
    new = open_case(
        store, municipality="Каменград", category="at_risk", opened_on=date(2024, 3, 1), school=SCHOOL, grade=9,
        dropped_on=date(2024, 2, 20), reason="absences", source="school", repeat=True, viewer=expert(WHO), at=ENTERED,
    )  # fmt: skip
    add_action(
        store, "К-1", date(2024, 3, 1), "visit", institutions=["school", "ruo", "police"], contact="not_found",
        time="10:30", team="Екип 3", result='съсед каза: „заминаха“; да се провери\nпак - "скоро"',
        next_step="- справка МВР", next_due=date(2024, 3, 8), viewer=expert(WHO), at=ENTERED,
    )  # fmt: skip
    add_action(store, "К-1", date(2024, 3, 1), "visit", result="05.03", viewer=expert(WHO), at=ENTERED)
    add_action(store, new, date(2024, 3, 2), "study", result="7", viewer=expert(WHO), at=ENTERED)
    add_action(store, "К-2", date(2024, 3, 3), "police_check", institutions=["police"], viewer=expert(WHO), at=ENTERED)
    change_status(store, "К-1", "not_found", date(2024, 3, 2), confidence="word", viewer=expert(WHO), at=ENTERED)
    return store


def test_the_tables_have_our_captions_and_no_identifier(worked: Store) -> None:
    tables = register_tables(worked, DAY, NOW)
    assert list(tables) == ["случаи", "действия"]
    assert "ЕГН/ЛНЧ" not in tables["случаи"]
    first = tables["случаи"].set_index("№ на случая").loc["К-1"]
    assert (first["Статус"], first["Статус от дата"], first["Потвърждение"]) == (
        "неоткрит на адреса", date(2024, 3, 2), "по сведения",
    )  # fmt: skip
    assert set(tables["случаи"]["Към дата"]) == {DAY}
    step = tables["действия"].iloc[0]
    assert (step["Вид действие"], step["Участвали институции"], step["Пореден №"]) == (
        "физическо посещение на адрес", "РУО; ОД на МВР; училище", 1,
    )  # fmt: skip


@pytest.mark.parametrize("files", [workbook, csv])
def test_uploaded_back_they_say_the_same_and_nothing_disagrees(worked: Store, files: Files) -> None:
    metrics = ("cases_in_work", "cases_not_found", "visits", "calls")
    before = said(register.cases(worked, DAY, NOW)), said(register.actions(worked, DAY, NOW))
    figures = parts(worked, NOW) | {name: value(worked, name, NOW) for name in metrics}
    put(worked, *files(register_tables(worked, DAY, NOW)), at=BACK)
    of_cases, of_actions = register.cases(worked, DAY, BACK), register.actions(worked, DAY, BACK)
    pd.testing.assert_frame_equal(said(of_cases), before[0])
    pd.testing.assert_frame_equal(said(of_actions), before[1])
    assert of_cases["slice_id"].notna().all()
    assert of_actions["slice_id"].notna().all()
    assert conflicts(worked, DAY, BACK).empty
    assert parts(worked, BACK) | {name: value(worked, name, BACK) for name in metrics} == figures


def test_one_municipality_s_registers_leave_the_others_as_they_are(worked: Store) -> None:
    tables = register_tables(worked, DAY, NOW, "Каменград")
    assert list(tables["случаи"]["№ на случая"]) == ["К-1", "ОКЦ-2024-001"]
    assert set(tables["действия"]["№ на случая"]) == {"К-1", "ОКЦ-2024-001"}
    before = said(register.cases(worked, DAY, NOW)), said(register.actions(worked, DAY, NOW))
    put(worked, *workbook(tables), at=BACK)
    pd.testing.assert_frame_equal(said(register.cases(worked, DAY, BACK)), before[0])
    pd.testing.assert_frame_equal(said(register.actions(worked, DAY, BACK)), before[1])
    assert conflicts(worked, DAY, BACK).empty


def test_as_of_an_earlier_day_they_are_what_was_known_of_it(worked: Store) -> None:
    tables = register_tables(worked, date(2024, 2, 10), NOW)
    assert list(tables["случаи"]["Статус"]) == ["подлежи на обхват (в работа)", "в чужбина"]
    assert tables["действия"].empty


def test_steps_of_a_case_opened_here_can_be_uploaded_before_its_register(worked: Store) -> None:
    steps = register_tables(worked, DAY, NOW)["действия"]
    put(worked, Source("действия.csv", write_csv(steps)), at=BACK)
    assert list(register.cases(worked, DAY, BACK)["number"]) == ["К-1", "К-2", "ОКЦ-2024-001"]


def test_steps_of_a_case_on_no_register_are_not_written(worked: Store) -> None:
    put(worked, cases("12.03.2024", "К-3;отпаднал;Каменград;01.02.2024;в работа;;"), at=NOW)
    tables = register_tables(worked, DAY, NOW)
    assert "К-1" not in set(tables["действия"]["№ на случая"])
    lost = conflicts(worked, DAY, NOW)
    assert set(lost["case_number"]) == {"К-1", "ОКЦ-2024-001"}


def test_the_whole_invented_register_comes_back_the_same(own_demo: Store) -> None:
    day, known_at = date(2024, 2, 5), datetime.now()
    before = said(register.cases(own_demo, day, known_at)), said(_steps_on_register(own_demo, day, known_at))
    assert before[0]["has_pupil"].all()
    tables = register_tables(own_demo, day, known_at)
    upload = read_files([Source("регистър.xlsx", write_workbook(tables, "Свален днес"))], own_demo)
    try:
        assert [f.rows_rejected for f in upload.files if f.can_be_committed] == [0, 0]
        assert commit(upload, own_demo, expert()).rows == len(before[0]) + len(before[1])
    finally:
        upload.close()
    now = datetime.now()
    pd.testing.assert_frame_equal(said(register.cases(own_demo, day, now)), before[0])
    pd.testing.assert_frame_equal(said(_steps_on_register(own_demo, day, now)), before[1])
    assert conflicts(own_demo, day, now).empty


def _steps_on_register(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """The steps in the cases that are on a register; those of cases that have left it are still known."""
    steps, on_register = register.actions(store, day, known_at), register.cases(store, day, known_at)["number"]
    return steps[steps["case_number"].isin(on_register)].reset_index(drop=True)


def test_a_register_without_identifiers_does_not_forget_whose_a_case_is(store: Store) -> None:
    head = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Дата на сигнала;Статус"
    put(store, schools(), at=SENT)
    row = "К-1;05.02.2024;дете-1;отпаднал;Каменград;12.10.2023;в работа"
    put(store, Source("случаи.csv", f"{head}\n{row}".encode()), at=SENT)
    put(store, *csv({"случаи": register_tables(store, DAY, NOW)["случаи"]}), at=BACK)
    assert only(register.cases(store, DAY, BACK))["has_pupil"]
    [(same,)] = store.rows(
        """
        select count(*)
        from case_rows($known_at, $day) as now
        join cases on cases.number = now.number and cases.pupil = now.pupil
        """,
        {"known_at": BACK, "day": DAY},
    )
    assert same == 1


def test_a_number_given_again_to_another_child_is_not_the_first_one_s(store: Store) -> None:
    put(store, schools(), at=SENT)
    head = "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Дата на сигнала;Статус"
    first = "1;05.02.2023;дете-1;отпаднал;Каменград;12.10.2022;в работа"
    put(store, Source("случаи.csv", f"{head}\n{first}".encode()), at=SENT)
    put(store, cases("05.02.2024", "1;отпаднал;Каменград;12.10.2023;в работа;;"), at=SENT + timedelta(hours=1))
    assert not only(register.cases(store, DAY, NOW))["has_pupil"]
