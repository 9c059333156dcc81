"""Which rows of a file of the whole country are ours: by the register, not by a guess."""

from __future__ import annotations

import pytest
from drops import SCHOOLS, register, staged, table

# A register as an oblast keeps it for itself: without the oblast.
OF_ITSELF = table(
    "Код по НЕИСПУО;Наименование;Община;Населено място",
    *(";".join((code, name, *place)) for _, code, name, _, *place in (school.split(";") for school in SCHOOLS)),
    name="институции.csv",
)
HEAD = "Област;Община;Населено място;Код;Училище;БЕЛ-уч;бел"
HERE = ("ПРИМЕРНА;КАМЕНГРАД;ГР.КАМЕНГРАД;9000101;ОУ;3;50", "ПРИМЕРНА;ВЕДРОВО;ГР.ВЕДРОВО;9000102;СУ;4;60")
THERE = ("ДРУГА;ЧУЖДА;ГР.ЧУЖД;1000101;ОУ;5;70", "ДРУГА;ЧУЖДА;ГР.ЧУЖД;1000102;ОУ;6;80")
NAME = "НВО 7 клас 2023.csv"


def without(columns: set[int], rows: tuple[str, ...]) -> list[str]:
    return [";".join(cell for n, cell in enumerate(row.split(";")) if n not in columns) for row in rows]


def results(read, *rows: str, oblast: str | None = None, head: str = HEAD, schools=OF_ITSELF, name: str = NAME):
    upload = read(schools, table(head, *rows, name=name), oblast=oblast)
    return upload, upload.files[1]


def found(upload) -> list[str]:
    return sorted(school for (school,) in staged(upload, "results", "distinct school"))


def test_codes_of_the_register_say_which_oblast_is_ours_without_a_column_of_the_municipality(read):
    head, *rows = without({1}, (HEAD, *THERE, *HERE))
    upload, report = results(read, *rows, head=head)
    assert (report.refused, report.rows_read, report.rows_elsewhere) == (None, 2, 2)
    assert found(upload) == ["9000101", "9000102"]


def test_a_register_of_several_oblasts_leaves_none_of_them_out(read):
    several = table(
        "Код по НЕИСПУО;Наименование;Община;Населено място",
        *("9000101;ОУ;Каменград;Каменград", "9000102;СУ;Ведрово;Ведрово", "1000101;ОУ;Чужда;Чужд"),
        name="институции.csv",
    )
    upload, report = results(read, *HERE, *THERE, schools=several)
    # Of the second oblast half the institutions are of the register: the other one goes back, it is not passed over.
    assert found(upload) == ["1000101", "9000101", "9000102"]
    assert (report.rows_read, report.rows_rejected, report.rows_elsewhere) == (4, 1, 0)


def test_one_institution_of_ours_that_stands_elsewhere_is_kept_and_its_neighbours_are_not_ours(read):
    moved = HERE[0].replace("ПРИМЕРНА", "ДРУГА")
    upload, report = results(read, *HERE[1:], moved, *THERE, *(row.replace("10001", "10002") for row in THERE))
    assert found(upload) == ["9000101", "9000102"]
    assert report.rows_elsewhere == 4


def test_an_institution_of_our_oblast_that_the_register_does_not_know_goes_back(read):
    _, report = results(read, *HERE, HERE[0].replace("9000101", "9000109"), *THERE)
    assert (report.rows_read, report.rows_rejected, report.rows_elsewhere) == (3, 1, 2)


def test_the_oblast_of_the_register_comes_before_codes_and_may_be_called_a_region(read):
    head, *rows = without({1, 3}, (HEAD, *THERE, *HERE))
    _, report = results(read, *rows, head=head.replace("Област", "Регион"), schools=register())
    assert (report.rows_read, report.rows_elsewhere) == (2, 2)


def test_a_file_with_neither_codes_nor_municipalities_asks_for_the_oblast(read):
    head, *rows = without({1, 3}, (HEAD, *THERE, *HERE))
    rows = [row.replace("ГР.КАМЕНГРАД;ОУ", "Каменград;ОУ „Пример“") for row in rows]
    _, report = results(read, *rows, head=head)
    assert report.refused == (
        "Файлът няма нито кодове, нито общини, по които да се познае областта на регистъра. Изберете я."
    )
    assert report.choices == ("ДРУГА", "ПРИМЕРНА")
    upload, report = results(read, *rows, head=head, oblast="ПРИМЕРНА")
    assert (report.refused, report.rows_read, report.rows_elsewhere) == (None, 2, 2)
    assert found(upload) == ["9000101"]
    assert [school.words for school in report.unclear_schools] == ["СУ, ГР.ВЕДРОВО"]


def test_a_file_with_codes_of_others_only_is_of_others(read):
    _, report = results(read, *THERE)
    assert report.refused == "Файлът е за други области: в него няма нито един ред за областта на регистъра."
    assert report.choices == ()


@pytest.mark.parametrize("owners", [("Общинско", "Общинско"), ("Държавно", "Частно"), ("общинска", "държавна")])
@pytest.mark.parametrize("first", [True, False])
def test_who_owns_a_school_and_its_kind_are_no_names(read, owners, first):
    """As ДЗИ of 2015/16 has them: three columns „училище“, the last is the name."""
    named = [("ОУ „Пример“", "Каменград"), ("СУ „Образец“", "Ведрово")]
    head = "Област;Населено място;училище;училище;Училище;БЕЛ Ср.усп.;БЕЛ Бр."
    rows = []
    for owner, (name, town) in zip(owners, named, strict=True):
        words = [owner, "училище (І - ХІІ клас)", name] if first else [name, owner, "училище (І - ХІІ клас)"]
        rows.append(";".join(("Примерна", town, *words, "4,08", "41")))
    upload, report = results(read, *rows, head=head, schools=register(), name="ДЗИ 2016.csv")
    assert found(upload) == ["9000101", "9000102"]
    assert [doubt.code for doubt in report.doubts] == ["schools_by_name"]


def test_a_column_of_owners_alone_is_no_name_either(read):
    rows = ("Примерна;9000101;Общинско;3;50", "Примерна;9000102;Държавно;4;60")
    upload, report = results(read, *rows, head="Област;Код;Училище;БЕЛ-уч;бел", schools=register())
    assert found(upload) == ["9000101", "9000102"]
    assert [column.use for column in report.columns if column.caption == "Училище"] == ["unused"]
