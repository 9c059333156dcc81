"""A school and a municipality bring only their own rows, replace only their own, and are not told of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from drops import (
    ACTIONS_HEAD,
    CASES_HEAD,
    REGISTER_HEAD,
    TODAY,
    absence,
    absences,
    case,
    cases,
    everything_kept,
    faults,
    put,
    refusals,
    register,
    school_month,
    table,
)
from viewers import expert

from obhvat.errors import NotAllowed
from obhvat.ingest import Source, Upload, commit, read_files
from obhvat.ingest.undoing import mark, may_mark, own
from obhvat.people import ROLES, Viewer
from obhvat.store import Store
from obhvat.store.history import history

SCHOOL = Viewer("Директор", ROLES["school"], "9000101")
COORDINATOR = Viewer("Координатор", ROLES["coordinator"], "Каменград")
OTHERS_CASE = "ВД-007"


def read(store: Store, sender: Viewer, *sources: Source) -> Upload:
    return read_files(sources, store, today=TODAY, sender=sender)


@pytest.fixture
def known(store: Store) -> Store:
    """A register, a register of cases of both municipalities, and October of both schools."""
    put(
        store,
        register(),
        cases(case("КГ-001"), case(OTHERS_CASE, "Ведрово"), case("ВД-008", "Ведрово")),
        school_month(3),
        school_month(4, school="9000102", name="друго.csv"),
    )
    return store


def live(store: Store) -> list[tuple[str, str, int]]:
    return store.rows(
        """
        select slices.school, slices.municipality, slices.n_rows
        from slices
        where slices.slice_id in (
            select slice_id from live_slices('absences', 'infinity'::timestamp)
            union all
            select slice_id from live_slices('cases', 'infinity'::timestamp)
        )
        order by all
        """
    )


def test_a_row_of_another_school_goes_back_with_line_column_and_value(known: Store) -> None:
    upload = read(known, SCHOOL, absences(absence("дете-1"), absence("дете-2"), absence("друго", school="9000102")))
    [row] = [row for row in upload.rejected(0).to_dict("records") if row["rule"] == "other_place"]
    assert (row["line"], row["column"], row["value"], row["rule"]) == (4, "Код по НЕИСПУО", "9000102", "other_place")
    assert row["reason"] == (
        "„9000102“ в „Код по НЕИСПУО“ не е от вашите. Пратете само редовете на своето училище или община."
    )
    assert commit(upload, known, SCHOOL).rows == 2
    assert live(known) == [("", "Ведрово", 2), ("", "Каменград", 1), ("9000101", "", 2), ("9000102", "", 4)]


def test_a_file_of_another_school_is_refused_and_compared_with_nothing(known: Store) -> None:
    upload = read(known, SCHOOL, school_month(1, school="9000102"))
    [report] = upload.files
    assert not report.can_be_committed
    assert (report.changes, report.doubts, report.slices) == (None, [], [])


@pytest.mark.parametrize(
    ("sender", "head", "row", "what"),
    [
        (SCHOOL, REGISTER_HEAD, "Примерна;9000101;ОУ „Пример“;основно;Каменград;гр. Каменград", "Регистър"),
        (COORDINATOR, REGISTER_HEAD, "Примерна;9000101;ОУ „Пример“;основно;Каменград;гр. Каменград", "Регистър"),
        (SCHOOL, CASES_HEAD, case("КГ-001"), "лучаи"),
        (SCHOOL, ACTIONS_HEAD, "КГ-001;05.02.2024;Каменград;13.10.2023;телефонен разговор", "ействия"),
    ],
)
def test_what_is_of_the_whole_oblast_is_refused(known: Store, sender: Viewer, head: str, row: str, what: str) -> None:
    [why] = refusals(read(known, sender, table(head, row)))
    assert why is not None
    assert why.endswith("се качва от експерт от РУО: файлът е за цялата област.")


def test_a_municipality_s_register_takes_the_place_of_its_own_cases_only(known: Store) -> None:
    upload = read(
        known,
        COORDINATOR,
        cases(*(case(n, m, as_of="12.03.2024") for n, m in (("КГ-002", "Каменград"), ("X", "Ведрово")))),
    )
    assert faults(upload) == [(3, "other_place")]
    [report] = upload.files
    assert [(part.municipality, part.n_rows) for part in report.slices] == [("Каменград", 1)]
    # The oblast's own people are asked whose register it is, by the cases in work that others have.
    assert [q.field.name for q in report.questions if q.field.name == "register_of"] == []
    assert not any("Ведрово" in doubt.text for doubt in report.doubts)
    commit(upload, known, COORDINATOR)
    assert [(m, n) for school, m, n in live(known) if not school] == [
        ("Ведрово", 2),
        ("Каменград", 1),
        ("Каменград", 1),
    ]


def test_another_municipality_s_case_of_the_same_child_is_not_told(store: Store) -> None:
    head = f"{CASES_HEAD};ЕГН/ЛНЧ"
    put(store, register(), table(head, f"{case(OTHERS_CASE, 'Ведрово')};дете-1"))
    source = table(head, f"{case('КГ-001')};дете-1")
    assert OTHERS_CASE in " ".join(d.text for d in read(store, expert(), source).files[0].doubts)
    assert OTHERS_CASE not in " ".join(d.text for d in read(store, COORDINATOR, source).files[0].doubts)


def test_a_step_of_another_municipality_s_case_is_of_no_case(known: Store) -> None:
    rows = [f"{number};05.02.2024;;13.10.2023;телефонен разговор" for number in ("КГ-001", OTHERS_CASE, "ВД-999")]
    upload = read(known, COORDINATOR, table(ACTIONS_HEAD, *rows))
    assert faults(upload) == [(3, "case"), (4, "case")]
    told = {row["value"]: row["reason"].replace(row["value"], "") for row in upload.rejected(0).to_dict("records")}
    assert told[OTHERS_CASE] == told["ВД-999"]


def test_steps_that_others_sent_do_not_come_with_a_case(known: Store) -> None:
    waiting = table(
        ACTIONS_HEAD,
        "ОБЩ-1;05.02.2024;Каменград;13.10.2023;телефонен разговор",
        "КГ-001;05.02.2024;Каменград;13.10.2023;телефонен разговор",
    )
    put(known, waiting)
    source = cases(case("ОБЩ-1", as_of="12.03.2024"))
    assert len(read(known, expert(), source).files) == 2
    assert len(read(known, COORDINATOR, source).files) == 1


def test_steps_that_one_sent_for_the_oblast_do_not_come_with_a_municipality_s_case(known: Store) -> None:
    steps = [
        f"{number};05.02.2024;{place};13.10.2023;телефонен разговор"
        for number, place in (("ОБЩ-1", "Каменград"), ("КГ-001", "Каменград"), (OTHERS_CASE, "Ведрово"))
    ]
    upload = read_files([table(ACTIONS_HEAD, *steps)], known, today=TODAY)
    commit(upload, known, expert(COORDINATOR.person))
    assert len(read(known, COORDINATOR, cases(case("ОБЩ-1", as_of="12.03.2024"))).files) == 1


def test_corrected_rows_of_a_file_of_several_places_bring_nothing_of_the_others(known: Store) -> None:
    rows = [case(n, m, as_of="12.03.2024") for n, m in (("КГ-003", "Каменград"), (OTHERS_CASE, "Ведрово"))]
    sent = cases(*rows, case("КГ-004", as_of="12.03.2024").replace("отпаднал", "много"))
    upload = read_files([sent], known, today=TODAY)
    back = upload.rejected_rows(0).to_csv(sep=";", index=False).replace("много", "отпаднал")
    returned = Source("обратно.csv", f"{upload.title_of_rejected(0)}\n{back}".encode())
    commit(upload, known, expert())
    again = read(known, COORDINATOR, returned)
    assert refusals(again) == ["Файлът заменя данни и на други училища или общини. Изпратете го на РУО."]
    assert OTHERS_CASE not in everything_kept(again)
    assert again.preview(0).empty


def test_what_was_read_for_all_is_not_recorded_by_who_sends_for_one_place(known: Store) -> None:
    upload = read_files([school_month(2, school="9000102")], known, today=TODAY)
    for viewer in (SCHOOL, COORDINATOR):
        with pytest.raises(NotAllowed, match="прочетени от друга роля"):
            commit(upload, known, viewer)
    other = read(known, Viewer("Друг", ROLES["school"], "9000102"), school_month(2, school="9000102"))
    with pytest.raises(NotAllowed):
        commit(other, known, SCHOOL)


def test_one_undoes_the_own_upload_and_not_what_others_sent_or_undid(known: Store) -> None:
    [theirs] = put(known, school_month(5, school="9000102", name="чуждо.csv"))
    upload = read(known, SCHOOL, school_month(2))
    [own] = commit(upload, known, SCHOOL).batch_ids
    with pytest.raises(NotAllowed, match="само своите качвания"):
        mark(known, SCHOOL, [own, theirs], "undo")
    assert may_mark(known, SCHOOL, [own])
    mark(known, SCHOOL, [own], "undo")
    mark(known, SCHOOL, [own], "redo")
    mark(known, expert(), [own], "undo")
    with pytest.raises(NotAllowed):
        mark(known, SCHOOL, [own], "redo", datetime.now())
    states = history(known).set_index("batch_id")["state"]
    assert (states[own], states[theirs]) == ("undone", "current")


def test_one_undoes_for_a_place_what_one_brought_for_it(known: Store) -> None:
    """A person with two schools and a municipality, who is an expert as well: each role undoes its own."""
    elsewhere = replace(SCHOOL, given="9000102")
    [here] = commit(read(known, SCHOOL, school_month(2)), known, SCHOOL).batch_ids
    [there] = commit(read(known, elsewhere, school_month(5, school="9000102")), known, elsewhere).batch_ids
    [everywhere] = commit(read_files([school_month(6)], known, today=TODAY), known, expert(SCHOOL.person)).batch_ids
    both = cases(case("КГ-005", as_of="12.03.2024"), case("ВД-009", "Ведрово", as_of="12.03.2024"))
    [of_all] = commit(read_files([both], known, today=TODAY), known, expert(SCHOOL.person)).batch_ids
    municipality = replace(COORDINATOR, person=SCHOOL.person)
    brought = {SCHOOL: [everywhere, here], elsewhere: [there], municipality: [everywhere, here]}
    for viewer, batches in brought.items():
        assert own(known, viewer)["batch_id"].tolist() == batches
        for batch_id in (here, there, everywhere, of_all):
            assert may_mark(known, viewer, [batch_id]) == (batch_id in batches)
        with pytest.raises(NotAllowed, match="само своите качвания"):
            mark(known, viewer, [of_all], "undo")
    assert may_mark(known, expert(SCHOOL.person), [here, there, everywhere, of_all])
