"""Cells of a sheet that are not what their value says: formulas nobody computed, percents, errors, merged and hidden
ones."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from drops import ABSENCES_HEAD, CASES_HEAD, absence, case, faults, staged

from obhvat.ingest import Source

INSPECTIONS_HEAD = (
    "№ на проверката;Дата;Училище (код);Вид проверка;Паралелки;Списъчен състав;Присъстващи;Отсъстващи по дневник;"
    "Констатация"
)
SHARES_HEAD = "Код по НЕИСПУО;Учебна година;Срок;ЕГН/ЛНЧ;Предмет;Процент отсъствия"
IN_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="Лист1">{}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def sheet(head: str, *rows: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append([cell or None for cell in row.split(";")])
    return book


def saved(book: openpyxl.Workbook, name: str = "файл.xlsx") -> Source:
    out = io.BytesIO()
    book.save(out)
    return Source(name, out.getvalue())


def changed(source: Source, part: str, old: str, new: str) -> Source:
    """The workbook with a text of one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source.data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                text = re.sub(old, new, text.decode()).encode()
            after.writestr(name, text)
    return Source(source.name, out.getvalue())


def inspections(formula: str, stored: object) -> Source:
    """Three checks whose last number is a formula, as a library writes them that computes nothing."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, INSPECTIONS_HEAD.split(";"))
        for n in (1, 2, 3):
            page.write_row(n, 0, [f"П-{n}", "10.10.2023", "9000101", "присъствие в час", "7а", 20, 20 - n])
            page.write_formula(n, 7, formula.format(n + 1), None, stored)
    return Source("проверки.xlsx", out.getvalue())


ASKED = (
    "Програмата, с която е направен файлът, не е пресметнала формулите в клетки H2, H3 и H4. Отворете файла в Excel, "
    "запишете го и го качете отново."
)


@pytest.mark.parametrize("stored", [0, ""])
def test_a_formula_whose_result_the_library_made_up_is_asked_about(read, stored):
    (report,) = read(inspections("=F{0}-G{0}", stored)).files
    assert report.refused == ASKED


def test_a_formula_without_a_result_is_asked_about(read):
    book = sheet(ABSENCES_HEAD, *(absence(f"дете-{n}", "=3+1") for n in (1, 2, 3)))
    (report,) = read(saved(book)).files
    assert report.refused == ASKED


def test_many_formulas_are_named_by_the_first_and_how_many_more(read):
    book = sheet(ABSENCES_HEAD, *(absence(f"дете-{n}", "=3+1") for n in range(10)))
    (report,) = read(saved(book)).files
    assert "в клетки H2, H3, H4, H5, H6, H7 и още 4." in report.refused


def test_a_zero_that_excel_computed_is_a_zero(read):
    computed = changed(inspections("=F{0}-F{0}", 0), "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    assert staged(read(computed), "inspections", "absent_recorded") == [(0,)] * 3


def test_a_zero_that_the_cells_beside_it_give_is_a_zero(read):
    assert staged(read(inspections("=F{0}-SUM(F{0})", 0)), "inspections", "absent_recorded") == [(0,)] * 3


def test_one_zero_that_the_cells_do_not_give_is_asked_about(read):
    book = inspections("=F{0}-F{0}", 0)
    book = changed(book, "xl/worksheets/sheet1.xml", "<f>F3-F3</f>", "<f>F3-G3</f>")
    (report,) = read(book).files
    assert "формулите в клетка H3." in report.refused


def test_a_zero_among_results_is_a_zero_though_the_program_left_no_mark(read):
    book = changed(inspections("=F{0}-F{0}", 0), "xl/workbook.xml", "<calcPr[^>]*>", "")
    book = changed(book, "xl/worksheets/sheet1.xml", "<f>F2-F2</f><v>0</v>", "<f>F2-G2</f><v>1</v>")
    assert staged(read(book), "inspections", "absent_recorded") == [(1,), (0,), (0,)]


def test_a_result_that_the_library_was_told_is_read(read):
    assert staged(read(inspections("=F{0}-G{0}", 4)), "inspections", "absent_recorded") == [(4,)] * 3


def test_formulas_outside_the_table_and_in_columns_not_used_do_not_matter(read):
    book = sheet(ABSENCES_HEAD + ";Проверка", *(absence(f"дете-{n}") + ";=A2" for n in (1, 2)), "Общо;;;;;;=SUM(G2:G3)")
    assert len(staged(read(saved(book)), "absences", "line")) == 2


@pytest.mark.parametrize("shown", ["0.00%", "0%", "0.0 %", '[Red]0.00%;"минус" 0%'])
def test_a_cell_shown_as_a_percent_is_read_as_it_is_seen(read, shown):
    book = sheet(SHARES_HEAD, *(f"9000101;2023/2024;I срок;дете-{n};Математика" for n in (1, 2, 3)))
    for n, share in enumerate((0.28125, 0.3333, 1), start=2):
        book.active.cell(n, 6, share).number_format = shown
    upload = read(saved(book))
    assert [float(share) for (share,) in staged(upload, "subject_absences", "share")] == [28.125, 33.33, 100]
    assert "Прочетени са като проценти 3 клетки, както се виждат в листа." in upload.files[0].notes


def test_a_percent_sign_that_is_only_a_word_of_the_format_makes_no_percent(read):
    book = sheet(SHARES_HEAD, "9000101;2023/2024;I срок;дете-1;Математика")
    book.active.cell(2, 6, 28.5).number_format = '0.0" %"'
    assert [float(share) for (share,) in staged(read(saved(book)), "subject_absences", "share")] == [28.5]


def test_error_cells_are_named_where_they_stand_though_they_might_be_empty(read):
    rows = [f"П-{n};10.10.2023;9000101;присъствие в час;7а;20;18;2;бележка" for n in (1, 2, 3)]
    book = sheet(INSPECTIONS_HEAD, *rows)
    book.active["H2"], book.active["I3"] = "#DIV/0!", "#N/A"
    upload = read(saved(book))
    assert faults(upload) == [(2, "error_cell"), (3, "error_cell")]
    assert upload.rejected(0)["column"].tolist() == ["Отсъстващи по дневник", "Констатация"]


def test_an_error_in_place_of_a_child_is_no_identifier(read):
    book = sheet(ABSENCES_HEAD, absence("дете-1"), absence("#REF!"))
    assert faults(read(saved(book))) == [(3, "type")]


def test_a_merged_cell_is_of_each_of_its_rows_and_that_is_said(read):
    rows = [f"П-{n};10.10.2023;9000101;присъствие в час;7а;20;18;2;" for n in (1, 2, 3, 4)]
    book = sheet(INSPECTIONS_HEAD, *rows)
    book.active["I2"], book.active["I5"] = "не са вписани", "няма"
    book.active.merge_cells("I2:I4")
    upload = read(saved(book))
    assert [text for (text,) in staged(upload, "inspections", "finding")] == ["не са вписани"] * 3 + ["няма"]
    note = "Обединени клетки в „Констатация“: стойността им важи за всеки от редовете (2 клетки)."
    assert note in upload.files[0].notes


def test_a_code_merged_over_the_rows_of_its_school_is_of_each(read):
    book = sheet(ABSENCES_HEAD, *(absence(f"дете-{n}", school="9000101" if n == 1 else "") for n in (1, 2, 3)))
    book.active.merge_cells("A2:A4")
    assert staged(read(saved(book)), "absences", "school") == [("9000101",)] * 3


def test_a_merged_title_and_merged_captions_are_no_data(read):
    head = ABSENCES_HEAD.split(";")
    book = openpyxl.Workbook()
    two_rows = [*head[:6], "Отсъствия"], [*[""] * 6, *head[6:]]
    for row in (["Справка за месеца"], *two_rows, absence("дете-1").split(";")):
        book.active.append([cell or None for cell in row])
    for cells in ("A1:H1", "G2:H2", *(f"{letter}2:{letter}3" for letter in "ABCDEF")):
        book.active.merge_cells(cells)
    upload = read(saved(book))
    assert upload.files[0].header_lines == (2, 3)
    assert [line for (line,) in staged(upload, "absences", "line")] == [4]


def test_hidden_rows_and_columns_are_read_and_said(read):
    book = sheet(ABSENCES_HEAD, *(absence(f"дете-{n}") for n in (1, 2, 3)))
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["E"].hidden = True
    upload = read(saved(book))
    assert upload.files[0].rows_good == 3
    assert "Скрити на листа, но прочетени: 1 ред и 1 колона." in upload.files[0].notes


def test_what_excel_made_of_numbers_of_cases_goes_back(read):
    book = sheet(CASES_HEAD, *(case(f"КГ-{n}") for n in (1, 2, 3)))
    book.active["A2"], book.active["A3"] = date(2023, 12, 1), 12.2
    assert faults(read(saved(book))) == [(2, "became_date"), (3, "became_date")]


def test_a_zero_shown_as_a_date_goes_back(read):
    book = sheet(CASES_HEAD, case("КГ-1"), case("КГ-2"))
    cell = book.active["E3"]
    cell.value, cell.number_format = 0, "dd.mm.yyyy"
    assert [line for line, _ in faults(read(saved(book)))] == [3]


def ods(*rows: str) -> Source:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr("content.xml", IN_ODS.format("".join(rows)))
    return Source("файл.ods", out.getvalue())


def ods_row(*cells: str, more: str = "") -> str:
    written = (
        cell
        if cell.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {more}>{''.join(written)}</table:table-row>"


def ods_cell(attributes: str, text: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def test_an_opendocument_sheet_is_read_as_it_is_seen(read):
    percent = ods_cell('office:value-type="percentage" office:value="0.28125"', "28,13%")
    rows = [ods_row("9000101", "2023/2024", "I срок", f"дете-{n}", "Математика", percent) for n in (1, 2)]
    hidden = rows[1].replace("<table:table-row ", '<table:table-row table:visibility="collapse" ')
    upload = read(ods(ods_row(*SHARES_HEAD.split(";")), rows[0], hidden))
    assert [float(share) for (share,) in staged(upload, "subject_absences", "share")] == [28.125, 28.125]
    assert "Скрити на листа, но прочетени: 1 ред." in upload.files[0].notes


def test_errors_and_formulas_of_an_opendocument_sheet(read):
    head = ods_row(*ABSENCES_HEAD.split(";"))
    broken = ods_cell('table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', "#DIV/0!")
    upload = read(
        ods(head, ods_row(*absence("дете-1").split(";")), ods_row(*absence("дете-2").split(";")[:-1], broken))
    )
    assert faults(upload) == [(3, "error_cell")]
    unknown = ods_cell('table:formula="of:=1+1"')
    (report,) = read(ods(head, ods_row(*absence("дете-2").split(";")[:-1], unknown))).files
    assert "формулите в клетка H2." in report.refused


@pytest.mark.parametrize(
    ("formula", "stored", "is_taken"),
    [
        ("of:=[.G2]-[.F2]", "0", False),
        ("of:=SUM([.F2:.G2];3)", "0", False),
        ("of:=[.F2]-[.F2]", "0", True),
        ("of:=[.G2]-[.F2]", "2", True),
        ("of:=COUNTIF([.A1:.A9];3)", "0", False),
    ],
)
def test_a_zero_that_a_library_stores_for_a_formula_of_an_opendocument_sheet(read, formula, stored, is_taken):
    numbers = [ods_cell(f'office:value-type="float" office:value="{n}"', str(n)) for n in (2, 4)]
    result = ods_cell(f'table:formula="{formula}" office:value-type="float" office:value="{stored}"', stored)
    row = absence("дете-1").split(";")
    head = ods_row(*ABSENCES_HEAD.split(";")[:-2], "x", "y", *ABSENCES_HEAD.split(";")[-2:])
    place = len(row) - 2
    letters = {"F": chr(ord("A") + place), "G": chr(ord("A") + place + 1)}
    result = re.sub(r"\.([FG])(?=\d)", lambda m: "." + letters[m[1]], result)
    (report,) = read(ods(head, ods_row(*row[:-2], *numbers, "0", result))).files
    assert (report.refused is None, report.rows_good) == (is_taken, int(is_taken))


def test_remarks_in_the_xml_of_a_sheet_are_passed_over(read):
    book = changed(inspections("=F{0}-G{0}", 0), "xl/worksheets/sheet1.xml", "<f>", "<!-- от програмата --><f>")
    (report,) = read(book).files
    assert report.refused == ASKED
