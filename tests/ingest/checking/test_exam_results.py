"""Exam results as the ministry publishes them: five real files, counted another way, and invented ones."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pytest
from drops import numbered, put, register, staged, staged_of, table
from places import SHARED, needs_shared
from viewers import expert

from obhvat.ingest import FileAnswers, FileReport, Source, commit, read_files
from obhvat.layouts.exam_results import measures
from obhvat.store import Store

REAL = ("dzi-2020.csv", "dzi-2023.csv", "nvo-4-2019.csv", "nvo-7-2018.csv", "nvo-7-2022.csv")
# Where the first row of data stands, its delimiter, and the columns: code, and (examined, average) of two subjects.
FORMS = {
    "dzi-2020.csv": (2, ",", 3, {"Български език и литература": (5, 6), "Английски език": (21, 22)}),
    "dzi-2023.csv": (3, ",", 4, {"Български език и литература": (5, 6), "Английски език (B2)": (35, 36)}),
    "nvo-4-2019.csv": (1, ",", 3, {"Математика": (5, 9), "Български език и литература": (6, 10)}),
    "nvo-7-2018.csv": (1, ";", 3, {"Български език и литература": (5, 6), "Математика": (7, 8)}),
    "nvo-7-2022.csv": (1, ";", 4, {"Български език и литература": (5, 6), "Математика": (7, 8)}),
}
CODES = {"nvo-7-2018.csv": lambda text: re.sub(r"\D", "", text), "dzi-2020.csv": lambda text: text.replace(" ", "")}


def real(name: str) -> Source:
    return Source.of_path(SHARED / "real" / "mon-results" / name)


def by_csv_module(name: str, subject: str) -> dict[str, tuple[int, float]]:
    """Code → how many sat and their mean in Pernik, read by Python's csv module and by column number."""
    first, delimiter, code, subjects = FORMS[name]
    examined, average = subjects[subject]
    text = (SHARED / "real" / "mon-results" / name).read_bytes().decode("utf-8-sig").lstrip("\ufeff")
    found = {}
    for row in list(csv.reader(io.StringIO(text), delimiter=delimiter))[first:]:
        if row[0].upper() == "ПЕРНИК" and row[examined].strip():
            mean = row[average].replace(",", ".").strip()
            found[CODES.get(name, str)(row[code])] = (int(row[examined]), float(mean or 0))
    return found


class AsRead(NamedTuple):
    """What is said of a real file, and its results: school, exam, school_year, subject, examined, average."""

    report: FileReport
    results: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def pernik(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], AsRead]:
    """The real files as they are read in a store of Pernik."""
    store = Store(tmp_path_factory.mktemp("pernik") / "pernik.duckdb")
    put(store, Source.of_path(SHARED / "real" / "pernik" / "institutions.csv"))

    @cache
    def as_read(name: str) -> AsRead:
        upload = read_files([real(name)], store)
        [report] = upload.files
        rows = staged(upload, "results", "school, exam, school_year, subject, examined, average")
        upload.close()
        return AsRead(report, rows)

    return as_read


@needs_shared
@pytest.mark.parametrize(("name", "subject"), [(name, s) for name in REAL for s in FORMS[name][3]])
def test_a_real_file_says_what_it_says_counted_by_hand(pernik, name, subject):
    rows = pernik(name).results
    found = {school: (examined, average or 0) for school, _, _, s, examined, average in rows if s == subject}
    assert found == by_csv_module(name, subject)
    assert found


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_every_line_of_a_real_file_is_loaded_left_out_or_handed_back(pernik, name):
    report = pernik(name).report
    text = real(name).data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=FORMS[name][1]))[FORMS[name][0] :]
    assert (report.rows_rejected, report.refused) == (0, None)
    assert report.rows_good + len(report.left_out) == len([r for r in rows if any(r)])
    assert report.rows_good == sum(r[0].upper() == "ПЕРНИК" and any(c.strip() for c in r[5:]) for r in rows)


@needs_shared
@pytest.mark.parametrize(
    ("name", "exam", "year"),
    [
        ("dzi-2020.csv", "dzi", 2019),
        ("dzi-2023.csv", "dzi", 2022),
        ("nvo-4-2019.csv", "nvo4", 2018),
        ("nvo-7-2018.csv", "nvo7", 2017),
        ("nvo-7-2022.csv", "nvo7", 2021),
    ],
)
def test_the_name_of_a_real_file_says_exam_and_year(pernik, name, exam, year):
    assert {(of_exam, of_year) for _, of_exam, of_year, *_ in pernik(name).results} == {(exam, year)}


HEAD = "Област;Община;Населено място;Код;Училище;БЕЛ-уч;бел;МАТ-уч;мат"
PLACE = "Примерна;Каменград;гр. Каменград"


def results(read, *rows: str, head: str = HEAD, name: str = "НВО 7 клас 2023.csv"):
    upload = read(register(), table(head, *rows, name=name))
    return upload, upload.files[1]


def test_a_hidden_mark_is_missing_and_no_zero(read):
    marks = ("–", "-", "c", "s", "с", "*", "..")
    files = (table(HEAD, f"{PLACE};9000101;ОУ;{m};{m};20;61,5", name="НВО 7 клас 2023.csv") for m in marks)
    upload = read(register(), *numbered(files))
    found = staged_of(upload, "results", "subject, examined, average")
    for n, mark in enumerate(marks, 1):
        assert (upload.files[n].rows_good, upload.files[n].rows_rejected) == (1, 0), mark
        assert found[n] == [("Български език и литература", None, None), ("Математика", 20, 61.5)], mark


def test_an_empty_pair_is_an_exam_that_was_not_held(read):
    upload, report = results(read, f"{PLACE};9000101;ОУ;;;20;61,5", f"{PLACE};9000102;СУ;;;;")
    assert staged(upload, "results", "school, subject") == [("9000101", "Математика")]
    assert (report.rows_read, report.left_out) == (1, ((3, "no_results"),))


def test_the_mean_of_nobody_is_no_zero(read):
    upload, _ = results(read, f"{PLACE};9000101;ОУ;0;0,00;20;61,5")
    assert staged(upload, "results", "examined, average") == [(0, None), (20, 61.5)]


def test_a_line_with_one_bad_result_goes_back_whole_with_the_subject_named(read):
    upload, report = results(read, f"{PLACE};9000101;ОУ;двама;50;20;161,5", f"{PLACE};9000102;СУ;3;50;4;60")
    assert (report.rows_read, report.rows_good, report.rows_rejected) == (2, 1, 1)
    assert staged(upload, "results", "distinct school") == [("9000102",)]
    faults = upload.rejected(1)
    assert sorted(zip(faults["line"], faults["column"], faults["value"], strict=True)) == [
        (2, "Изпитани · Български език и литература", "двама"),
        (2, "Среден успех · Математика", "161,5"),
    ]
    [row] = upload.rejected_rows(1).to_dict("records")
    assert (row["БЕЛ-уч"], row["мат"]) == ("двама", "161,5")


def test_a_line_with_cells_missing_or_too_many_goes_back_once(read):
    _, report = results(read, f"{PLACE};9000101", f"{PLACE};9000102;СУ;3;50;4;60;7;8", f"{PLACE};9000102;СУ;3;50;4;60")
    # Excel leaves out the empty cells at the end of a row: the first school has no results.
    assert (report.rows_read, report.rows_rejected, report.left_out) == (2, 1, ((2, "no_results"),))


def test_rows_of_other_oblasts_are_left_out(read):
    other = "Друга;Чужда;гр. Чужд;1000101;ОУ „Пример“;3;50;4;60"
    upload, report = results(read, other, f"{PLACE.upper()};9000101;ОУ;3;50;4;60")
    assert (report.rows_read, report.rows_elsewhere, report.left_out) == (1, 1, ((2, "other_oblast"),))
    assert report.read_words == "Прочетени са 2 реда, от тях 1 за други области."
    assert staged(upload, "results", "distinct school") == [("9000101",)]


def test_a_file_of_other_oblasts_only_is_refused(read):
    _, report = results(read, "Друга;Чужда;гр. Чужд;1000101;ОУ „Пример“;3;50;4;60")
    assert report.refused == "Файлът е за други области: в него няма нито един ред за областта на регистъра."


def test_a_school_without_a_code_is_known_by_name_and_place_and_must_be_confirmed(read):
    upload, report = results(read, f"{PLACE};;Основно училище «Пример»;3;50;4;60")
    assert staged(upload, "results", "distinct school") == [("9000101",)]
    assert [d.code for d in report.doubts] == ["schools_by_name"]
    assert "„Основно училище «Пример», гр. Каменград, Каменград“ е ОУ „Пример“ (9000101)" in report.doubts[0].text


def test_a_school_that_is_not_sure_is_asked_for_and_never_guessed(read):
    row = f"{PLACE};900-01;ОУ „Примерно“;3;50;4;60"
    upload, report = results(read, row)
    assert staged(upload, "results", "school") == []
    [asked] = report.unclear_schools
    assert (asked.match.code, asked.match.candidates) == (None, ("9000101",))
    upload = read(register(), table(HEAD, row, name="НВО 7 клас 2023.csv"), aliases={asked.said: "9000101"})
    assert (upload.files[1].unclear_schools, upload.files[1].rows_good) == ([], 1)
    assert staged(upload, "results", "distinct school") == [("9000101",)]


def test_what_was_said_of_a_school_is_remembered(store: Store):
    put(store, register())
    source = table(HEAD, f"{PLACE};900-01;ОУ „Примерно“;3;50;4;60", name="НВО 7 клас 2023.csv")
    upload = read_files([source], store)
    said = {upload.files[0].unclear_schools[0].said: "9000101"}
    upload.close()
    again = read_files([source], store, aliases=said)
    commit(again, store, expert())
    again.close()
    other_year = read_files([Source("НВО 7 клас 2024.csv", source.data.replace(b"60", b"61"))], store)
    assert (other_year.files[0].unclear_schools, other_year.files[0].rows_good) == ([], 1)
    other_year.close()


def test_the_year_and_exam_are_asked_when_nothing_says_them(read):
    row = f"{PLACE};9000101;ОУ;3;50;4;60"
    _, report = results(read, row, name="резултати.csv")
    assert report.refused == (
        "Файлът не казва „Учебна година“ и „Срок или изпит“. Изберете ги и файлът ще бъде проверен."
    )
    given = {"резултати.csv": FileAnswers(given={"exam": "nvo10", "school_year": "2022"})}
    upload = read(register(), table(HEAD, row, name="резултати.csv"), told=given)
    assert staged(upload, "results", "distinct exam, school_year") == [("nvo10", 2022)]


BEL, MAT, ENGLISH = "Български език и литература", "Математика", "Английски език"


@pytest.mark.parametrize(
    ("captions", "subjects"),
    [
        ("Явили се БЕЛ|Ср. успех в точки БЕЛ (мах 65 т.)|Явили се MAT|Ср. успех в точки MAT", {BEL, MAT}),
        ("Брой явили се БЕЛ|Среден резултат БЕЛ|Брой явили се АЕ|Среден резултат АЕ", {BEL, ENGLISH}),
        ("БЕЛ брой ученици|БЕЛ среден брой точки", {BEL}),
        (
            "АЕ(ПП) B1-З Бр.|АЕ(ПП) B1-З Ср.усп.|АЕ(ПП) B1.1-З Бр.|АЕ(ПП) B1.1-З Ср.усп.",
            {f"{ENGLISH} (B1)", f"{ENGLISH} (B1.1)"},
        ),
        ("Роден край бр.|Роден край ср. успех", {"Роден край"}),
        ("РЕ Брой|РЕСр.успех|ХООСброй|ХООС ср.успех", {"Руски език", "Химия и опазване на околната среда"}),
        ("АЕБр.|АЕСр. успех|НЕ брой|неср.успех|ФЕСр.усп.|ФЕБр.", {ENGLISH, "Немски език", "Френски език"}),
        ("AE Брой|AE Ср.успех|PE Бр.|РЕ Ср.усп.|HE Бр.|НЕ Ср.усп.", {ENGLISH, "Руски език", "Немски език"}),
        ("Явили се БЕЛ|Неявили се БЕЛ|Не се явили МАТ|Ср. успех БЕЛ", {BEL}),
        ("Явили се БЕЛ|Ср. успех БЕЛ (макс. 100 точки)|Явили се МАТ|Ср. успех МАТ от 65 т.", {BEL, MAT}),
        ("ИЦ Брой|ИЦ Ср.успех|ИЕ Брой|ИЕ Ср.успех", {"История и цивилизации", "Испански език"}),
        (
            "Бр. ИсЕ(ПП) В1-З|Ср.усп. ИсЕ(ПП) B1-З|Бр. ФЕ(ПП) B2-З|Ср.усп. ФЕ(ПП) B2-З",
            {"Испански език (B1)", "Френски език (B2)"},
        ),
        (
            "Бр. ДИППК-п.р З|Ср.усп. ДИППК-п.р З|Бр. ДИППК-пр. З|Ср.усп. ДИППК-пр. З",
            {"ДИППК (писмена работа)", "ДИППК (практика)"},
        ),
        (
            "Бр. Мат(ООП) И|Ср.усп. Мат(ООП) И|Бр. Мат(ПП) И|Ср.усп. Мат(ПП) И|Бр. Пр(ПП)-В И|Ср.усп. Пр(ПП)-В И",
            {f"{MAT} (по избор, ООП)", f"{MAT} (по избор, ПП)", "Предприемачество (по избор, ПП-В)"},
        ),
        ("Брой общо|Ср.успех общо|Брой БЕЛ|Ср.успех БЕЛ", {"", BEL}),
    ],
)
def test_subjects_and_measures_are_known_by_what_captions_are_made_of(captions, subjects):
    found = measures(captions.split("|"), ())
    assert found is not None
    assert {s for s, _ in found.values()} == subjects
    assert sorted(k for _, k in found.values()) == ["average"] * (len(found) // 2) + ["examined"] * (len(found) // 2)


@pytest.mark.parametrize(
    "captions", ["Брой БЕЛ|Брой БЕЛ|Ср.успех БЕЛ", "Брой|Успех", "Уважителни|Неуважителни", "Клас|Ученици|Успех"]
)
def test_other_tables_and_ambiguous_ones_are_no_results(captions):
    assert measures(captions.split("|"), ()) is None


def test_a_subject_in_decimal(read):
    upload, _ = results(read, f"{PLACE};9000101;ОУ;3;50.25;4;10,5")
    assert [Decimal(str(a)) for (a,) in staged(upload, "results", "average")] == [Decimal("50.25"), Decimal("10.5")]


def test_a_mean_keeps_every_digit_it_has(read):
    upload, _ = results(read, f"{PLACE};9000101;ОУ;3;44.764957;4;41,89855072463768")
    assert staged(upload, "results", "average") == [(44.764957,), (41.89855072463768,)]


@pytest.mark.parametrize("name", ["ДЗИ 2023.csv", "НВО 7 клас 2023.csv"])
def test_a_subject_that_nobody_sat_takes_no_other_result_with_it(read, name):
    nobody = ("0;0,00", ";0,00", "–;0", "не се явил;0", "не се явили;не се явили", "0;не се явил")
    files = (table(HEAD, f"{PLACE};9000101;ОУ;{said};20;5,50", name=name) for said in nobody)
    upload = read(register(), *numbered(files))
    found = staged_of(upload, "results", "average")
    for n, said in enumerate(nobody, 1):
        assert (upload.files[n].rows_good, upload.files[n].rows_rejected) == (1, 0), said
        assert found[n] == [(None,), (5.5,)], said


def test_a_zero_in_a_scale_from_2_is_no_mark_and_that_is_said_and_in_points_it_is_a_result(read):
    upload, report = results(read, f"{PLACE};9000101;ОУ;3;0,00;20;5,50", name="ДЗИ 2023.csv")
    assert staged(upload, "results", "examined, average") == [(3, None), (20, 5.5)]
    assert "Без среден успех, макар че има явили се: 1 резултат (нула, тире или думи)." in report.notes
    upload, report = results(read, f"{PLACE};9000101;ОУ;3;0,00;20;5,50")
    assert staged(upload, "results", "examined, average") == [(3, 0), (20, 5.5)]
    assert not any(note.startswith("Без среден успех") for note in report.notes)


OF_POINTS = (
    "Област;Община;Населено място;Код;Училище;Явили се БЕЛ;Ср. успех в точки БЕЛ;Явили се MAT;Ср. успех в точки MAT"
)
ROW = f"{PLACE};9000101;ОУ;20;38.5;20;41.2"


@pytest.mark.parametrize(
    ("name", "maximum"),
    [
        ("НВО 7 клас 2018.csv", 65),
        ("НВО 7 клас 2019.csv", 100),
        ("НВО 4 клас 2018.csv", 100),
        ("НВО 10 клас 2021.csv", 100),
    ],
)
def test_the_maximum_of_a_published_year_is_known_and_said(read, name, maximum):
    upload, report = results(read, ROW, head=OF_POINTS, name=name)
    assert staged(upload, "results", "subject, maximum") == [(BEL, maximum), (MAT, maximum)]
    said = f"Файлът не казва от колко точки е изпитът; за тази година е от {maximum}, както го обявява МОН."
    assert said in report.notes


@pytest.mark.parametrize(
    ("bel", "mat"),
    [
        ("(мах 65 т.)", "(макс. 40 т.)"),
        ("мах65т", "max 40"),
        ("от 65 т.", "(до 40 точки)"),
        ("(макс. бал 65)", "/мах 40/"),
    ],
)
def test_the_maximum_stands_in_the_captions_of_each_subject(read, bel, mat):
    head = OF_POINTS.replace("точки БЕЛ", f"точки БЕЛ {bel}").replace("точки MAT", f"точки MAT {mat}")
    upload, report = results(read, ROW.replace("41.2", "39,9"), head=head, name="НВО 7 клас 2024.csv")
    assert staged(upload, "results", "subject, maximum") == [(BEL, 65), (MAT, 40)]
    assert not any("от колко точки" in note for note in report.notes)


def test_the_maximum_stands_above_the_table(read):
    above = ("Максимален бал;;;;;;;;", "Български език и литература (БЕЛ);;65;;;;;;", "Mатематика (МАТ);;60;;;;;;")
    source = table(above[0], *above[1:], OF_POINTS.replace("Област", "Регион"), ROW, name="НВО 7 клас 2016.csv")
    upload = read(register(), source)
    assert upload.files[1].refused is None
    assert staged(upload, "results", "subject, maximum") == [(BEL, 65), (MAT, 60)]


def test_the_maximum_of_an_unpublished_year_is_asked_for(read):
    name = "НВО 7 клас 2016.csv"
    _, report = results(read, ROW, head=OF_POINTS, name=name)
    assert report.refused == "Файлът не казва „Максимален брой точки“. Изберете го и файлът ще бъде проверен."
    told = {name: FileAnswers(given={"maximum": "65"})}
    upload = read(register(), table(OF_POINTS, ROW, name=name), told=told)
    assert staged(upload, "results", "subject, maximum") == [(BEL, 65), (MAT, 65)]


def test_more_points_than_the_maximum_go_back(read):
    upload, report = results(read, ROW.replace("38.5", "87.5"), head=OF_POINTS, name="НВО 7 клас 2018.csv")
    assert report.rows_rejected == 1
    assert upload.rejected(1)["reason"].tolist() == [
        "Средният резултат „87,5“ е над възможните 65 точки. Проверете числото и от колко е изпитът."
    ]


def test_marks_have_no_maximum_and_none_is_asked_for(read):
    upload, report = results(read, f"{PLACE};9000101;ОУ;3;5,25;20;5,50", name="ДЗИ 2016.csv")
    assert report.refused is None
    assert staged(upload, "results", "maximum") == [(None,), (None,)]


def test_sessions_of_one_year_and_exams_of_free_choice_stand_beside_one_another(store: Store):
    put(store, register())
    head = "Код;Бр. Мат(ПП) З;Ср.усп. Мат(ПП) З"
    for name, form, mark in (
        ("ДЗИ 2024.csv", head, "5,10"),
        ("ДЗИ август 2024.csv", head, "3,20"),
        ("dzi-2024-izbiraemi.csv", head.replace("З", "И"), "4,30"),
    ):
        upload = read_files([table(form, f"9000101;7;{mark}", name=name)], store)
        assert upload.files[0].doubts == []
        commit(upload, store, expert())
        upload.close()
    assert store.rows("select exam, subject, average from results order by average") == [
        ("dzi_august", MAT, 3.2),
        ("dzi_choice", f"{MAT} (по избор, ПП)", 4.3),
        ("dzi", MAT, 5.1),
    ]


@pytest.mark.parametrize("office", ["РУО ПРИМЕРНА", "РИО – Примерна", "Регионално управление на образованието"])
def test_who_sat_at_a_regional_office_is_of_no_school(read, office):
    _, report = results(read, f"{PLACE};3 800;{office};1;50;1;60", f"{PLACE};9000101;ОУ;3;50;4;60")
    assert (report.rows_read, report.rows_rejected, report.left_out) == (1, 0, ((2, "office"),))
    assert "Не е данни (РУО, не училище): ред 2." in report.notes


def test_the_maximum_may_have_a_column(read):
    head, row = f"{OF_POINTS};Максимален брой точки", f"{ROW};60"
    upload, _ = results(read, row, head=head, name="НВО 7 клас 2015.csv")
    assert staged(upload, "results", "subject, maximum") == [(BEL, 60), (MAT, 60)]
