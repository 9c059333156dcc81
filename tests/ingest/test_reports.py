"""Files whose form others fixed: the АСП's, the diary's, the РУО's, with their titles and totals (domain.md §4)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from drops import EGN, put, register, staged, table

from obhvat.ingest import FileAnswers, FileReport, Source, Upload, read_files
from obhvat.metrics.figures import figure
from obhvat.periods import month_period
from obhvat.scope import Scope
from obhvat.store import Store

SUMMER = date(2024, 7, 10)
SECOND_EGN = "7501020010"


def book(sheet: str, rows: Sequence[Sequence[Any]], name: str = "справка.xlsx") -> Source:
    """A workbook as the diary and the РУО reports write them: texts and numbers, a title over the whole width."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as opened:
        page = opened.add_worksheet(sheet)
        for y, row in enumerate(rows):
            if len(row) == 1:
                page.merge_range(y, 0, y, max(map(len, rows)) - 1, row[0])
                continue
            for x, cell in enumerate(row):
                if cell is not None:
                    page.write(y, x, cell)
    return Source(name, out.getvalue())


def read_one(read, *sources: Source, **how: Any) -> tuple[Upload, FileReport]:
    upload = read(register(), *sources, today=SUMMER, **how)
    return upload, upload.files[1]


ASP_HEAD = "intYear|intMonth|SchoolID|IDNumber|intIDType|BasicClass|NotExcused"


def asp(*rows: str, name: str = "asp_export_9000101_2024_02.txt") -> Source:
    return Source(name, ("\r\n".join([ASP_HEAD, *rows]) + "\r\n\x1a").encode())


def test_the_file_for_the_asp_has_the_calendar_year_and_no_excused_absences(read):
    upload, report = read_one(read, asp(f"2024|02|9000101|{EGN}|0|07|007.50", "2024|02|9000101|1499000001|0|04|000.50"))
    assert (report.layout, report.rows_good, report.doubts) == ("asp_absences", 2, [])
    assert staged(upload, "absences", "school, month, grade, excused, unexcused, unit") == [
        ("9000101", date(2024, 2, 1), 7, None, Decimal("7.5"), "hours"),
        ("9000101", date(2024, 2, 1), 4, None, Decimal("0.5"), "hours"),
    ]


def test_october_of_the_asp_s_year_is_of_the_school_year_that_begins(read):
    upload, _ = read_one(read, asp(f"2023|10|9000101|{EGN}|0|07|1.00", name="asp.txt"))
    assert staged(upload, "absences", "month") == [(date(2023, 10, 1),)]


def test_the_name_of_an_asp_file_says_its_month(read):
    _, report = read_one(read, asp(f"2024|03|9000101|{EGN}|0|07|1.00"))
    assert [d.code for d in report.doubts] == ["other_month"]


def test_excused_absences_that_nobody_counted_are_no_data_and_the_others_a_figure(store: Store):
    put(store, register(), asp(f"2024|02|9000101|{EGN}|0|07|007.50"), today=SUMMER)
    scope = Scope()
    excused = figure(store, "excused_per_pupil", month_period(date(2024, 2, 1)), scope)
    over = figure(store, "pupils_over_threshold", month_period(date(2024, 2, 1)), scope)
    assert (excused.value, excused.reporting, over.n) == (None, 0, 1)


CONFIRMED = (
    "Year|Month|SchoolID|IDNumber|intIDType|Name 1|Name 2|Name 3|AbsenceCount|DaysCount|ASPStatus|MONStatus|"
    "AbsenceCorrection|DaysCorrection"
)


def test_the_confirmation_of_the_asp_drops_names_and_its_last_line(read):
    row = f"2024|02|9000101|{EGN}|0|Иван|Иванов|Иванов|7.5||1|0||"
    source = Source("отговор.txt", "\r\n".join([CONFIRMED, row, "1|край"]).encode("windows-1251"))
    upload, report = read_one(read, source)
    assert (report.layout, report.encoding, report.left_out) == (
        "asp_confirmations",
        "windows-1251",
        ((3, "trailer"),),
    )
    assert [c.caption for c in report.columns if c.use == "personal"] == ["Name 1", "Name 2", "Name 3"]
    assert staged(upload, "asp_confirmations", "school, month, hours, days, asp_status") == [
        ("9000101", date(2024, 2, 1), Decimal("7.5"), None, "1")
    ]


def test_the_enrolled_for_the_asp_are_a_list_of_pupils(read):
    head = (
        "InstitutionCode|PersonalID|PersonalIdtype|FirstName|MiddleName|LastName|StudentEduFormId|BasicClassID|Status"
    )
    rows = [f"9000101|{EGN}|0|Иван|Иванов|Иванов|1|7|1", f"9000101|{SECOND_EGN}|0|Ана|Иванова|Иванова|1|-1|1", "2"]
    upload, report = read_one(read, Source("записани_15.09.2023.txt", "\r\n".join([head, *rows]).encode("cp1251")))
    assert (report.layout, report.rows_good, report.left_out) == ("asp_enrolled", 2, ((4, "trailer"),))
    assert staged(upload, "pupils", "school, as_of, grade") == [
        ("9000101", date(2023, 9, 15), 7),
        ("9000101", date(2023, 9, 15), -1),
    ]


BY_CLASS = [
    ["Отсъствия по класове за първи срок към дата  02.02.2024 10:30"],
    ["Клас", "Ученици", "Уважителни", "Ув. (средно на ученик)", "Неуважителни", "Неув. (средно на ученик)"],
    ["5а", 20, 100, 5, 10.5, 0.53],
    ["5б", 22, 88, 4, 3, 0.14],
    ["V клас", 42, 188, 4.48, 13.5, 0.32],
    ["6а", 19, 60, 3.16, 1, 0.05],
    ["Общо", 61, 248, 4.07, 14.5, 0.24],
]


def told(report_title: str, **given: str) -> dict[str, FileAnswers]:
    return {report_title: FileAnswers(given=given)}


def test_the_diary_s_absences_by_class_ask_whose_they_are(read):
    upload, report = read_one(read, book("отсъствия по класове", BY_CLASS))
    assert report.refused == "Файлът не казва „Код по НЕИСПУО“. Изберете го и файлът ще бъде проверен."
    assert [(q.field.name, q.answer, q.said) for q in report.questions] == [
        ("school", None, False),
        ("school_year", "2023", True),
        ("term", "term1", True),
    ]
    assert upload.files[1].rows_read == 3


def test_the_diary_s_absences_by_class_leave_totals_out(read):
    upload, report = read_one(read, book("отсъствия по класове", BY_CLASS), told=told("справка.xlsx", school="9000101"))
    assert (report.layout, report.left_out) == ("diary_by_class", ((1, "title"), (5, "total"), (7, "total")))
    assert staged(
        upload, "term_absences", "school, school_year, term, class_name, grade, pupils, excused, unexcused"
    ) == [
        ("9000101", 2023, "term1", "5а", 5, 20, Decimal(100), Decimal("10.5")),
        ("9000101", 2023, "term1", "5б", 5, 22, Decimal(88), Decimal(3)),
        ("9000101", 2023, "term1", "6а", 6, 19, Decimal(60), Decimal(1)),
    ]


def test_a_class_that_is_the_only_one_of_its_grade_is_no_total(read):
    rows = [*BY_CLASS[:2], ["5", 20, 100, 5, 10.5, 0.53], ["6", 42, 188, 4.48, 13.5, 0.32]]
    upload, _ = read_one(read, book("отсъствия по класове", rows), told=told("справка.xlsx", school="9000101"))
    assert staged(upload, "term_absences", "class_name") == [("5",), ("6",)]


def test_the_school_may_stand_in_the_file_s_name(read):
    _, report = read_one(read, book("отсъствия по класове", BY_CLASS, "отсъствия 9000102 I срок.xlsx"))
    assert (report.refused, report.school_codes) == (None, ["9000102"])


def test_the_diary_s_absences_by_pupil_keep_two_of_one_name_and_no_name(read):
    rows = [
        ["Отсъствия по ученици от 7а за втори срок към дата  01.07.2024 10:30"],
        ["Клас", "Ученик", "Уважителни", "Неуважителни"],
        ["7а", "Иван Иванов Иванов", 12, 3.5],
        ["7а", "Иван Иванов Иванов", 12, 3.5],
        ["Общо", None, 24, 7],
    ]
    upload, report = read_one(read, book("отсъствия по ученици", rows), told=told("справка.xlsx", school="9000101"))
    assert (report.layout, report.rows_good) == ("diary_by_pupil", 2)
    assert staged(upload, "term_absences", "term, counted, class_name, unexcused") == [
        ("term2", "pupil", "7а", Decimal("3.5")),
        ("term2", "pupil", "7а", Decimal("3.5")),
    ]
    assert "Иван" not in upload.preview(1).to_string()


def test_the_diary_s_pupils_at_risk_have_hours_or_days(read):
    rows = [
        ["Ученици с риск от отпадане към дата 31.01.2024"],
        ["ЕГН/ЛНЧ", "Име", "Презиме", "Фамилия", "Паралелка", "Отсъствия - Часове", "Отсъствия - Дни"],
        [EGN, "Иван", "Иванов", "Иванов", "7а", 7.5, None],
        [SECOND_EGN, "Ана", "Иванова", "Иванова", "Слънчо", None, 4],
    ]
    upload, report = read_one(
        read, book("ученици с риск от отпадане", rows), told=told("справка.xlsx", school="9000101")
    )
    assert (report.layout, report.rows_good) == ("diary_at_risk", 2)
    assert staged(upload, "at_risk", "school, as_of, class_name, hours, days") == [
        ("9000101", date(2024, 1, 31), "7а", Decimal("7.5"), None),
        ("9000101", date(2024, 1, 31), "Слънчо", None, Decimal(4)),
    ]


def test_captions_of_the_diary_in_two_rows_are_the_same_captions(read):
    rows = [
        ["ЕГН/ЛНЧ", "Име", "Презиме", "Фамилия", "Паралелка", "Отсъствия", None],
        [None, None, None, None, None, "Часове", "Дни"],
        [EGN, "Иван", "Иванов", "Иванов", "7а", 7.5, None],
    ]
    _, report = read_one(
        read, book("ученици с риск от отпадане", rows), told=told("справка.xlsx", school="9000101", as_of="2024-01-31")
    )
    assert (report.layout, report.header_lines, report.rows_good) == ("diary_at_risk", (1, 2), 1)


def test_the_diary_s_marks_are_results_of_a_term(read):
    rows = [
        ["Среден успех от срочни оценки за първи срок към 02.02.2024"],
        [
            *("Клас", "Предмет", "Ученици", "Изпитани ученици", "% изпитани", "Успех", "Оценки"),
            *("Слаб 2", "Среден 3", "Добър 4", "Мн. Добър 5", "Отличен 6"),
        ],
        ["7а", "Математика", 22, 20, 90.91, 4.2, 40, 2, 5, 6, 5, 4],
        ["7а", "Музика", 22, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    upload, report = read_one(
        read, book("среден успех от срочни оценки", rows), told=told("справка.xlsx", school="9000101")
    )
    assert (report.layout, report.rows_good) == ("diary_marks", 2)
    assert staged(upload, "results", "school_year, exam, class_name, subject, pupils, examined, average, marks_5") == [
        (2023, "term1", "7а", "Математика", 22, 20, 4.2, 5),
        (2023, "term1", "7а", "Музика", 22, 0, None, 0),
    ]


def test_the_diary_s_missing_topics_keep_no_teacher(read):
    rows = [
        ["Невписани теми на Петя Петрова първи срок към 02.02.2024"],
        ["Дата", "Клас/Паралелка/Група", "Предмет", "Учители"],
        ["12.10.2023", "7а", "Математика", "Петя Петрова"],
        ["12.10.2023", "7а", "Математика", "Петя Петрова"],
    ]
    upload, report = read_one(read, book("невписани теми", rows), told=told("справка.xlsx", school="9000101"))
    assert (report.layout, report.rows_good) == ("diary_missing_topics", 2)
    assert (
        staged(upload, "missing_topics", "school, date, class_name, subject")
        == [("9000101", date(2023, 10, 12), "7а", "Математика")] * 2
    )
    assert not any("Петрова" in note for note in report.notes)


RUO = ["Област", "Община", "Населено място", "Код по НЕИСПУО", "Име на институция", "Учебна година", "Клас/група"]
PLACE = ["Примерна", "Каменград", "гр. Каменград", "9000101", "ОУ „Пример“", "2023", "7а"]


def test_the_ruo_s_months_are_classes_without_excused_absences(read):
    more = ["Месец", "Срок", "Отсъствия за месеца", "Отсъствия - I срок", "Отсъствия - II срок"]
    rows = [[*RUO, *more], [*PLACE, 10, 1, 36.5, 120, None], [*PLACE, 3, 2, 12, 120, 40]]
    upload, report = read_one(read, book("data", rows))
    assert (report.layout, report.rows_good, report.refused) == ("ruo_months", 2, None)
    assert staged(upload, "class_absences", "school, month, class_name, pupils, excused, unexcused") == [
        ("9000101", date(2023, 10, 1), "7а", None, None, Decimal("36.5")),
        ("9000101", date(2024, 3, 1), "7а", None, None, Decimal(12)),
    ]


@pytest.mark.parametrize("word", ["", " отсъствия"])
def test_the_ruo_s_sums_by_class_are_of_the_year(read, word):
    more = [f"Общо неизвинени{word}", "Извинени отсъствия - мед. удостоверение", f"Общо извинени{word}"]
    upload, report = read_one(read, book("data", [[*RUO, *more], [*PLACE, 40, 100, 120]]))
    assert (report.layout, report.rows_good) == ("ruo_year", 1)
    assert staged(upload, "term_absences", "school_year, term, counted, excused, unexcused") == [
        (2023, "year", "class", Decimal(120), Decimal(40))
    ]


def test_the_ruo_s_sums_by_pupil_keep_nobody(read):
    head = [*RUO, "Име", "Презиме", "Фамилия", "Общо неизвинени отсъствия", "Общо извинени отсъствия"]
    upload, report = read_one(read, book("data", [head, [*PLACE, "Ана", "Иванова", "Иванова", 40, 120]]))
    assert (report.layout, report.rows_good) == ("ruo_year_by_pupil", 1)
    assert staged(upload, "term_absences", "counted, unexcused") == [("pupil", Decimal(40))]


def test_the_25_percent_report_is_a_row_a_term(read):
    head = [
        *(*RUO, "Име", "Презиме", "Фамилия", "ЛОН (личен образователен номер)", "Дата на раждане", "Предмет"),
        *(
            f"{what} - {term} срок"
            for term in ("I", "II")
            for what in ("Отсъствия", "Общо часове", "Процент отсъствия")
        ),
        *("Общо отсъствия за учебната година", "Общо часове за учебната година"),
        "Общ процент отсъствия за учебната година",
    ]
    row = [*PLACE, "Ана", "Иванова", "Иванова", "12345678", "01.02.2010", "Математика", 18, 64, 28.13]
    upload, report = read_one(read, book("data", [head, [*row, None, None, None, 18, 64, 28.13]]))
    assert (report.layout, report.rows_read, report.rows_good) == ("ruo_quarter", 1, 1)
    assert staged(upload, "subject_absences", "term, subject, absent, taught, share") == [
        ("term1", "Математика", Decimal(18), Decimal(64), 28.13),
        ("year", "Математика", Decimal(18), Decimal(64), 28.13),
    ]


def test_the_ruo_s_list_of_institutions_is_the_register(read):
    head = [*RUO[:4], "Пълно наименование", "Булстат/ЕИК", "Средищно/а", "Защитено/а", "Иновативно", "Директор"]
    row = [*PLACE[:4], "ОУ „Пример“", "000123456", "не", "не", "да", "Петя Петрова"]
    upload = read(book("data", [head, row], "Институции.xlsx"))
    assert (upload.files[0].layout, upload.files[0].rows_good) == ("register", 1)
    assert staged(upload, "schools", "code, name, municipality") == [("9000101", "ОУ „Пример“", "Каменград")]
    assert "Директор" in " ".join(upload.files[0].notes)


def test_every_report_can_be_committed_and_undone_by_its_slice(store: Store):
    put(store, register(), today=SUMMER)
    upload = read_files(
        [book("отсъствия по класове", BY_CLASS)], store, today=SUMMER, told=told("справка.xlsx", school="9000101")
    )
    assert [(p.school, p.period, p.label, p.n_rows) for p in upload.files[0].slices] == [
        ("9000101", date(2023, 9, 1), "term1", 3)
    ]
    upload.close()


def test_a_table_of_our_own_with_a_code_in_excel_s_form_is_joined_only_when_no_digit_is_lost(read):
    head = "Код по НЕИСПУО;Учебна година;Месец;Паралелка;Брой ученици;По уважителни причини;По неуважителни причини"
    rows = [
        f"{code};2023/2024;10;{n}а;20;1;1"
        for n, code in enumerate(("9.000101E+06", "9,0001E+06", "900 0101", "9000-102"), 1)
    ]
    upload, report = read_one(read, table(head, *rows))
    assert staged(upload, "class_absences", "school, class_name") == [
        ("9000101", "1а"),
        ("9000101", "3а"),
        ("9000102", "4а"),
    ]
    [asked] = report.unclear_schools
    assert (asked.words, asked.match.candidates) == ("код 9,0001E+06", ("9000101", "9000102", "9000151"))
