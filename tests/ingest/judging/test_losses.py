"""What would be lost from the store is told by key, and asked about."""

from __future__ import annotations

import pytest
from drops import ACTIONS_HEAD, absence, absences, case, cases, put, register, school_month, table
from viewers import expert

from obhvat.ingest import Source, commit
from obhvat.store.history import mark


def national(excused: str = "{n}") -> Source:
    """Five children with six hours each; the nth has n excused ones unless all have the same."""
    rows = (f"9000101|2023|10|0|700101000{n}|А|Б|В|7|1||7а|1||{excused.format(n=n)}|6" for n in range(1, 6))
    return Source("9000101_2023_10_File.txt", "\n".join(rows).encode("cp1251"))


NATIONAL = national()


def asp(*missed: tuple[int, int], name: str = "asp_export_9000101_2023_10.txt") -> Source:
    rows = [f"2023|10|9000101|700101000{n}|0|7|{hours}" for n, hours in missed]
    return Source(
        name, "\r\n".join(["intYear|intMonth|SchoolID|IDNumber|intIDType|BasicClass|NotExcused", *rows]).encode()
    )


def doubts(upload, file_no: int = 0) -> dict[str, str]:
    return {d.code: d.text for d in upload.files[file_no].doubts}


def test_a_child_that_goes_missing_is_asked_about_however_many_come(read, store):
    put(store, register(), absences(*(absence(f"дете-{n}") for n in range(5))))
    more = read(absences(*(absence(f"дете-{n}") for n in range(2, 12)), name="нов.csv"), store=store)
    assert doubts(more)["loses"].startswith("Ще отпаднат 2 деца от записаните за същото.")


def test_a_child_that_changed_its_class_is_not_lost(read, store):
    put(store, register(), absences(absence("дете-1"), absence("дете-2")))
    again = read(absences(absence("дете-1", class_name="7б"), absence("дете-2"), name="нов.csv"), store=store)
    assert "loses" not in doubts(again)


def test_cases_in_work_that_a_register_of_the_same_day_leaves_out_are_named(read, store):
    ended = case("КГ-9", status="върнат")
    put(store, register(), cases(*(case(f"КГ-{n}") for n in range(1, 4)), ended))
    same_day = cases(*(case(f"КГ-{n}") for n in (1, 4, 5, 6)), name="нов.csv")
    text = doubts(read(same_day, store=store))["loses"]
    assert text.startswith("Ще отпаднат 2 случая в работа от записания регистър: КГ-2, КГ-3.")
    later = cases(*(case(f"КГ-{n}", as_of="05.03.2024") for n in (1, 4, 5, 6)), name="нов.csv")
    assert "loses" not in doubts(read(later, store=store))


def test_steps_that_go_missing_are_named_as_people_write_them(read, store):
    steps = [f"КГ-1;05.02.2024;Каменград;{n}.10.2023;телефонен разговор" for n in (20, 21)]
    put(store, register(), cases(case("КГ-1")), table(ACTIONS_HEAD, *steps, name="действия.csv"))
    text = doubts(read(table(ACTIONS_HEAD, steps[0], name="нов.csv"), store=store))["loses"]
    assert text.startswith("Ще отпадне 1 ред от записаните за същото: КГ-1 · 21.10.2023 · телефонен разговор · 1.")


def test_schools_that_leave_the_register_are_named(read, store):
    put(store, register())
    head = "Област;Код по НЕИСПУО;Наименование;Вид по чл. 38;Община;Населено място"
    rows = [f"Примерна;90002{n:02};ОУ „Ново {n}“;основно;Ведрово;гр. Ведрово" for n in range(10)]
    assert "9000101, 9000102, 9000151" in doubts(read(table(head, *rows), store=store))["loses"]


def test_a_file_without_what_stands_there_loses_nothing_elsewhere(read, store):
    put(store, register(), school_month(5))
    assert "loses" not in doubts(read(school_month(2, month="11", name="11.csv"), store=store))


def test_the_fuller_file_of_a_month_stays(read, store):
    put(store, register(), NATIONAL)
    upload = read(asp((1, 6), (2, 6)), store=store)
    [report] = upload.files
    assert report.refused == (
        "Във файла няма извинени отсъствия, а в „9000101_2023_10_File.txt“ за същия месец са 15,0 извинени на 5 деца. "
        "Неизвинените на децата в него са същите: файлът ги потвърждава и не го заменя."
    )
    assert not report.can_be_committed
    assert store.rows("select count(*), sum(excused) from absences") == [(5, 15)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_fuller_file_of_a_drop_stays(read, store, order):
    put(store, register())
    upload = read(*[NATIONAL, asp((1, 6), (2, 9))][::order], store=store)
    poor = next(f for f in upload.files if f.name.startswith("asp"))
    assert "При 1 дете неизвинените са различни: 9,0 в „asp_export" in poor.refused
    commit(upload, store, expert())
    assert store.rows("select count(*), count(excused) from absences") == [(5, 5)]


def test_whoever_holds_the_poorer_file_for_right_undoes_the_fuller_first(read, store):
    put(store, register())
    [fuller] = put(store, NATIONAL)
    [report] = read(asp((1, 6), (2, 9)), store=store).files
    assert report.refused.endswith("поискайте поправен или първо го отменете на страница „Данни“.")
    mark(store, [fuller], "undo", "проба")
    [report] = read(asp((1, 6), (2, 9)), store=store).files
    assert report.refused is None


def test_a_month_known_to_have_no_excused_absences_is_not_made_one_of_which_nothing_is_known(read, store):
    put(store, register(), national(excused="0"))
    [report] = read(asp((1, 6), (2, 6)), store=store).files
    assert "за същия месец е казано, че няма." in report.refused


def test_excused_absences_that_became_nought_are_asked_about(read, store):
    put(store, register(), NATIONAL)
    found = doubts(read(national(excused="0"), store=store))
    assert found["excused_gone"] == (
        "Всички извинени във файла са нула, а в „9000101_2023_10_File.txt“ за същия месец са 15,0 извинени на 5 деца. "
        "Потвърдете само ако наистина няма."
    )
    assert "excused_gone" not in doubts(read(national(excused="1"), store=store))


def test_the_fuller_file_that_says_otherwise_is_asked_about(read, store):
    put(store, register(), asp((1, 6), (2, 9)))
    found = doubts(read(NATIONAL, store=store))
    assert found["against_poorer"].startswith("При 1 дете неизвинените са различни: 9,0 в „asp_export")


def test_the_file_of_the_asp_alone_is_taken_as_it_is(read, store):
    put(store, register())
    [report] = read(asp((1, 6)), store=store).files
    assert (report.refused, report.doubts) == (None, [])
