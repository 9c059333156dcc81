"""What a file would change, told before it is committed; and files of another year, school or none that is new."""

from __future__ import annotations

import pytest
from drops import absence, absences, case, cases, put, register, school_month
from viewers import expert

from obhvat.ingest import commit, read_files
from obhvat.store import Store
from obhvat.store.history import changes, mark


def rows(*missed: str) -> list[str]:
    return [absence(f"дете-{n}", m) for n, m in enumerate(missed)]


@pytest.mark.parametrize(
    ("before", "after", "counts", "words"),
    [
        (("1", "2", "3"), ("1", "2", "4", "5"), (1, 0, 1, 2), "1 нов, 1 променен и 2 без промяна"),
        (("1", "2", "3"), ("1", "2"), (0, 1, 0, 2), "1 изчезнал и 2 без промяна"),
        (("1",), ("2", "3", "4"), (2, 0, 1, 0), "2 нови и 1 променен"),
    ],
)
def test_rows_added_gone_and_changed_are_counted_before_and_after_the_commit(
    store: Store, before, after, counts, words
):
    put(store, register(), absences(*rows(*before)))
    upload = read_files([absences(*rows(*after))], store)
    found = upload.files[0].changes
    assert found is not None
    assert (found.added, found.gone, found.changed, found.same) == counts
    assert found.words == f"Редове спрямо предишния файл за същото: {words}."
    [batch_id] = commit(upload, store, expert()).batch_ids
    upload.close()
    assert changes(store, batch_id) == found


def test_a_file_that_changes_nothing_says_so(store: Store):
    put(store, register(), absences(*rows("1", "2")))
    upload = read_files([absences(*rows("1", "2"), "")], store)
    assert upload.files[0].changes.words == "Нищо не се променя: 2 реда като в предишния файл."  # ty: ignore
    upload.close()


def test_a_first_file_changes_nothing_there_was(store: Store):
    put(store, register())
    upload = read_files([absences(*rows("1", "2"))], store)
    assert upload.files[0].changes is None
    upload.close()


def test_another_month_is_not_compared(store: Store):
    put(store, register(), school_month(3, month="10"))
    upload = read_files([school_month(3, month="11")], store)
    assert upload.files[0].changes is None
    upload.close()


def test_an_undone_file_is_not_compared_with(store: Store):
    ids = put(store, register(), school_month(3))
    mark(store, ids[1:], "undo", "тест")
    upload = read_files([school_month(2)], store)
    assert upload.files[0].changes is None
    upload.close()


def test_a_register_is_compared_with_the_newest_before_it(store: Store):
    put(store, register(), cases(case("КГ-1", as_of="05.02.2024"), case("КГ-2", as_of="05.02.2024")))
    upload = read_files([cases(case("КГ-1", as_of="01.03.2024", status="реинтегриран"))], store)
    found = upload.files[0].changes
    assert found is not None
    assert (found.added, found.gone, found.changed) == (0, 1, 1)
    upload.close()


def test_an_old_year_among_the_files_of_a_month_is_noticed(read):
    old = absences(absence("дете-1", school="9000102").replace("2023/2024", "2022/2023"), name="стар.csv")
    codes = [f"90002{n:02}" for n in range(6)]
    schools = register(*(f"Примерна;{c};ОУ „{c}“;основно;Каменград;гр. Каменград" for c in codes))
    drop = [school_month(2, school=c, name=f"{c}.csv") for c in codes]
    upload = read(schools, *drop, old)
    assert [(f.name, d.code) for f in upload.files for d in f.doubts] == [("стар.csv", "other_year")]
    assert upload.files[-1].doubts[0].text == "Останалите файлове са за октомври 2023 г., а този е за октомври 2022 г."


def test_a_case_that_only_stands_on_a_later_register_is_unchanged(store):
    put(store, register(), cases(case("КГ-1", as_of="05.02.2024"), case("КГ-2", as_of="05.02.2024")))
    later = [cases(case("КГ-1", as_of="01.03.2024"), case("КГ-2", as_of="01.03.2024", status="реинтегриран"))]
    upload = read_files(later, store)
    [found] = [f.changes for f in upload.files]
    upload.close()
    assert found is not None
    assert (found.added, found.gone, found.changed, found.same) == (0, 0, 1, 1)
