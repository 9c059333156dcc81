"""What stops for confirmation before a commit."""

from __future__ import annotations

from datetime import date

import pytest
from drops import absence, absences, case, cases, put, register, school_month

from obhvat.ingest import Source, Upload
from obhvat.store.history import mark


def doubts(upload: Upload, file_no: int = 0) -> dict[str, str]:
    """Code → sentence of a file's doubts."""
    return {d.code: d.text for d in upload.files[file_no].doubts}


def test_a_file_of_a_known_school_raises_no_doubt(read, store):
    put(store, register())
    assert doubts(read(school_month(3), store=store)) == {}


def test_the_same_bytes_under_another_name_are_the_same_file(read, store):
    put(store, register(), school_month(3))
    again = read(school_month(3, name="копие.csv"), store=store)
    assert doubts(again)["same_file"].startswith("Същият файл вече е качен на ")


def test_a_file_that_was_undone_may_come_again(read, store):
    put(store, register())
    mark(store, put(store, school_month(3)), "undo", "проба")
    assert doubts(read(school_month(3), store=store)) == {}


def test_two_files_of_one_drop_for_the_same_month_of_a_school(read, store):
    put(store, register())
    upload = read(school_month(3, name="първи.csv"), school_month(4, name="втори.csv"), store=store)
    assert (doubts(upload, 0), doubts(upload, 1)) == (
        {},
        {"same_slice": "За същото има и друг файл: „първи.csv“. Ще остане последният."},
    )


@pytest.mark.parametrize(("n", "doubted"), [(18, False), (17, True)])
def test_a_month_that_loses_more_than_a_tenth_of_its_rows(read, store, n, doubted):
    put(store, register(), school_month(20))
    found = doubts(read(school_month(n), store=store))
    assert ("shrinks" in found) is doubted


def test_the_sentence_of_a_month_that_shrinks_says_by_how_much(read, store):
    put(store, register(), school_month(20))
    assert doubts(read(school_month(10), store=store))["shrinks"] == (
        "Редовете намаляват с повече от една десета спрямо качените (институция 9000101: 20 → 10). "
        "Проверете дали файлът е пълен."
    )


def test_a_handful_of_rows_may_become_fewer(read, store):
    put(store, register(), school_month(4))
    assert "shrinks" not in doubts(read(school_month(1), store=store))


def test_a_register_is_compared_with_the_one_before_it(read, store):
    put(store, register(), cases(*(case(f"КГ-{n}", as_of="30.11.2023") for n in range(10))))
    newer = cases(*(case(f"КГ-{n}") for n in range(5)))
    assert "Каменград: 10 → 5" in doubts(read(newer, store=store))["shrinks"]


def test_the_month_after_the_newest_one_is_expected(read, store):
    put(store, register(), school_month(3))
    assert doubts(read(school_month(3, month="11"), store=store)) == {}


def test_a_month_that_leaves_a_gap_is_unexpected(read, store):
    put(store, register(), school_month(3))
    assert doubts(read(school_month(3, month="12"), store=store)) == {
        "unexpected_month": "Файлът е за декември 2023 г., а от институция 9000101 се очаква ноември 2023 г."
    }


def test_two_months_of_a_drop_follow_each_other(read, store):
    put(store, register(), school_month(3))
    drop = [school_month(3, month=month, name=f"{month}.csv") for month in ("12", "11", "02")]
    upload = read(*drop, store=store)
    assert [list(doubts(upload, n)) for n in range(3)] == [[], [], ["unexpected_month"]]
    assert doubts(upload, 2)["unexpected_month"].endswith("се очаква януари 2024 г.")


def test_september_is_expected_after_june(read, store):
    june = absences(*(absence(f"дете-{n}", month="06").replace("2023/2024", "2022/2023") for n in range(3)))
    put(store, register(), june)
    assert doubts(read(school_month(3, month="09"), store=store)) == {}


def test_a_month_is_compared_with_those_of_the_other_schools_of_the_drop(read, store):
    put(store, register("Примерна;9000103;ОУ „Трето“;основно;Ведрово;гр. Ведрово"))
    others = [school_month(3, school=f"900010{n}", name=f"{n}.csv") for n in (1, 2)]
    upload = read(*others, school_month(3, school="9000103", month="11", name="3.csv"), store=store)
    assert [list(doubts(upload, n)) for n in range(3)] == [[], [], ["unexpected_month"]]


def test_the_month_that_has_not_ended(read, store):
    put(store, register())
    assert doubts(read(school_month(3, month="03"), store=store)) == {
        "unfinished_month": "Март 2024 г. още не е приключил."
    }


def test_the_month_that_has_ended_is_in_no_doubt(read, store):
    put(store, register())
    assert doubts(read(school_month(3, month="03"), store=store, today=date(2024, 4, 1))) == {}


def national(name: str) -> Source:
    return Source(name, "9000101|2023|10||0849000001|Диана|Лазарова|Митева|07|2|1|7б|||0|1".encode("windows-1251"))


def test_the_rows_are_of_another_school_than_the_file_name_says(read, store):
    put(store, register())
    assert doubts(read(national("9000102_2023_10_File.txt"), store=store)) == {
        "other_school": "Името на файла е за институция 9000102, а редовете са за 9000101."
    }


def test_the_rows_are_of_another_month_than_the_file_name_says(read, store):
    put(store, register())
    assert doubts(read(national("9000101_2023_11_File.txt"), store=store)) == {
        "other_month": "Името на файла е за ноември 2023 г., а редовете са за октомври 2023 г."
    }


def test_a_file_whose_name_and_rows_agree_is_in_no_doubt(read, store):
    put(store, register())
    assert doubts(read(national("9000101_2023_10_File.txt"), store=store)) == {}


def in_subgroups(n_twice: int, n_once: int, class_name: str = "7а") -> Source:
    head = (
        "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Код на групата;Паралелка;"
        "По уважителни причини;По неуважителни причини"
    )
    row = "9000101;2023/2024;10;дете-{};7;{};{};0;{}"
    twice = [row.format(n, group, class_name, n + 1) for n in range(n_twice) for group in (1, 2)]
    once = [row.format(n, 1, class_name, 1) for n in range(n_twice, n_twice + n_once)]
    return Source("отсъствия.csv", "\n".join([head, *twice, *once]).encode())


def test_a_class_whose_children_stand_twice_with_the_same_hours(read, store):
    put(store, register())
    assert doubts(read(in_subgroups(6, 3), store=store)) == {
        "doubled": "Отсъствията на паралелка 7а изглеждат удвоени (подгрупи). "
        "Поискайте нов файл от училището или потвърдете."
    }


def test_a_few_children_that_stand_twice_are_in_no_doubt(read, store):
    put(store, register())
    assert doubts(read(in_subgroups(5, 6), store=store)) == {}


def test_a_doubled_class_without_a_name_is_called_so(read, store):
    put(store, register())
    assert "паралелка без наименование" in doubts(read(in_subgroups(6, 0, class_name=""), store=store))["doubled"]


def month_of_hours(month: str, hours: list[int]) -> Source:
    rows = [absence(f"дете-{n}", str(h), month=month) for n, h in enumerate(hours)]
    return absences(*rows, name=f"{month}.csv")


def test_a_class_with_even_figures_only_and_twice_its_usual_total(read, store):
    put(store, register(), month_of_hours("09", [3, 4, 5, 6, 7]), month_of_hours("10", [4, 4, 5, 6, 7]))
    assert list(doubts(read(month_of_hours("11", [6, 8, 10, 12, 14]), store=store))) == ["doubled"]


def test_a_class_with_even_figures_and_its_usual_total_is_in_no_doubt(read, store):
    put(store, register(), month_of_hours("09", [3, 4, 5, 6, 7]), month_of_hours("10", [4, 4, 5, 6, 7]))
    assert doubts(read(month_of_hours("11", [2, 4, 6, 6, 8]), store=store)) == {}


def test_without_a_register_the_codes_are_not_checked(read, store):
    assert doubts(read(school_month(3), store=store)) == {
        "no_register": "Няма качен регистър на институциите и кодовете не са проверени. Качете първо регистъра."
    }


def test_a_register_in_the_same_drop_is_enough(read, store):
    assert doubts(read(school_month(3), register(), store=store)) == {}


def test_an_empty_month_of_a_school(read, store):
    put(store, register())
    assert doubts(read(Source("9000101_2023_10_File.txt", b""), store=store)) == {
        "empty": "Файлът е празен. Ако училището е подписало декларация „Липсват отсъствия“, потвърдете го."
    }


def test_a_refused_file_has_nothing_to_confirm(read, store):
    upload = read(absences(absence("дете-1", "много")), store=store)
    assert (upload.files[0].refused, doubts(upload)) == (
        "Няма нито един годен ред. Вижте причините и върнете файла на подателя.",
        {},
    )
