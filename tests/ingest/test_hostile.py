"""Files that are broken, or made to do harm: a sentence in Bulgarian, and nothing runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from drops import ABSENCES_HEAD, CASES_HEAD, absence, absences, case, faults, put, refusals, register, staged, table
from python_calamine import CalamineWorkbook

from obhvat.datasets import dataset
from obhvat.ingest import Source
from obhvat.reports.tables import write_csv, write_workbook
from obhvat.reports.templates import template

SQL = "'; drop table batches; --"
HTML = "<script>alert(1)</script>"
FORMULA = "=cmd|'/c calc'!A1"
HARM = (SQL, HTML, FORMULA, "$secret", "{0}", "%s", "\\", "🙂")


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


@cache
def bomb() -> bytes:
    """300 MB in one, which call themselves a workbook."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(bytes(1 << 20))
    return out.getvalue()


def lying(archive: bytes) -> bytes:
    """The same archive, whose directory says that its member has a hundred bytes."""
    at = archive.rindex(b"PK\x01\x02") + 24
    return archive[:at] + (100).to_bytes(4, "little") + archive[at + 4 :]


WORKBOOK = template(dataset("absences"), "xlsx", filled=True)
PARQUET = template(dataset("absences"), "parquet", filled=True)
BAD_WORKBOOK = (
    "Книгата не може да се отвори: повредена е или е в непознат вид. Отворете я в Excel и я запишете като .xlsx."
)
DAMAGED = "Файлът е повреден при пренасянето. Изпратете го отново."
EMPTY = "Файлът е празен. Изтеглете го отново от системата, от която идва."
WEB_PAGE = (
    "Това е уеб страница, а не таблица: вероятно страница за вход или за грешка на портала. Влезте в портала и вземете "
    "справката оттам."
)
NESTED = "В архива има друг архив. Извадете файловете от него и ги качете."
BOMB = "Файлът се разопакова до повече от 256 MB и не се отваря. Разделете го на части."
NOTHING_INSIDE = "Архивът е празен. Изпратете го отново."
BAD_PARQUET = "Файлът Parquet е повреден или в непознат вид. Създайте го отново."
LOCKED = "Файлът е заключен с парола. Премахнете паролата в Excel и го запишете отново."
NO_HEADER = (
    "Не намерих заглавен ред с познати колони. Сравнете файла с образците в страница „Помощ“ и ги подредете "
    "със същите заглавия."
)

# What takes long to make is made by the test that needs it: every worker collects every test.
REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "no bytes": (b"", EMPTY),
    "blanks": (b" \r\n\t\r\n", EMPTY),
    "only a byte order mark": (b"\xef\xbb\xbf", EMPTY),
    "zeros after a power cut": (bytes(4096), EMPTY),
    "an error page": (b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>", WEB_PAGE),
    "an error page with a byte order mark": (b"\xef\xbb\xbf\r\n<html><body>502</body></html>", WEB_PAGE),
    "an error page after comments": (b"<!-- a --> <!-- b -->\n<head>", WEB_PAGE),
    "an error page in XHTML": (b'<?xml version="1.0" encoding="utf-8"?>\n<html>', WEB_PAGE),
    "a table of one cell in HTML called xls": (b"<table border='1'><tr><td>1</td></tr></table>", WEB_PAGE),
    "an archive in an archive": (zipped("а.zip", zipped("отсъствия.csv", b"a;b")), NESTED),
    "an archive of folders": (zipped("папка/", b""), NOTHING_INSIDE),
    "a bomb": (lambda: bomb().replace(b"xl/workbook.xml", b"absences_01.csv"), BOMB),
    "a bomb that calls itself a workbook": (bomb, BOMB),
    "a bomb that says it is small": (lambda: lying(bomb()), BAD_WORKBOOK),
    "an archive cut short": (zipped("отсъствия.csv", b"a;b")[:60], DAMAGED),
    "an archive with a damaged name": (zipped("яяя.csv", b"a").replace("яяя".encode(), b"\xff" * 6), DAMAGED),
    "a workbook cut short": (WORKBOOK[: len(WORKBOOK) // 2], DAMAGED),
    "a workbook in name only": (zipped("xl/workbook.xml", b"nothing"), BAD_WORKBOOK),
    "an old workbook cut short": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), BAD_WORKBOOK),
    "a workbook with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
        LOCKED,
    ),
    "a parquet cut short": (PARQUET[: len(PARQUET) // 2], BAD_PARQUET),
    "four letters of a parquet": (b"PAR1", BAD_PARQUET),
    "figures without captions": (b"1;2;3\n4;5;6\n", NO_HEADER),
    "a sound utf-8 file with one broken letter": (
        "Код;Име\n".encode() + "Наименование на училището".encode() + b"\xff\n",
        "Ред 2 съдържа знаци, които не са в кодировката на останалата част от файла (utf-8). "
        "Запишете файла наново от Excel като „CSV UTF-8“ и го качете отново.",
    ),
    "windows-1251 with a letter that is not in it": (
        "Код;Община\nКаменград".encode("windows-1251") + b"\x98\n",
        "Ред 2 съдържа знаци, които не са в кодировката на останалата част от файла (windows-1251). "
        "Запишете файла наново от Excel като „CSV UTF-8“ и го качете отново.",
    ),
    "half a letter of utf-16": (
        "Код\n".encode("utf-16") + b"\x00",
        "Ред 2 съдържа знаци, които не са в кодировката на останалата част от файла (utf-16-le). "
        "Запишете файла наново от Excel като „CSV UTF-8“ и го качете отново.",
    ),
    "a header without rows": (f"{ABSENCES_HEAD}\n".encode(), "Под заглавието няма нито един ред с данни."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_in_a_sentence(read, what):
    data, said = REFUSED[what]
    assert refusals(read(Source("файл.csv", data if isinstance(data, bytes) else data()))) == [said]


def test_a_broken_file_does_not_stop_the_others(read):
    upload = read(Source("а.xlsx", WORKBOOK[:500]), absences(absence("дете-1")), Source("б.csv", b""))
    assert [f.rows_good for f in upload.files] == [0, 1, 0]


def test_a_quotation_mark_that_is_never_closed_hands_back_its_line_only(read):
    lines = f"{ABSENCES_HEAD}\n{absence('дете-1', class_name=chr(34))}\n" + f"{absence('дете-2')}\n" * 20_000
    (report,) = read(Source("файл.csv", lines.encode())).files
    assert (report.rows_read, report.rows_good, report.rows_rejected) == (20_001, 1, 20_000)


def test_a_cell_of_many_megabytes_is_a_cell(read):
    upload = read(absences(absence("дете-1"), absence("дете-2", class_name="x" * 17_000_000)))
    assert staged(upload, "absences", "length(class_name)") == [(2,), (17_000_000,)]
    # What is said of it is for people to read.
    assert "x…“" in " ".join(upload.files[0].notes)
    assert all(len(note) < 500 for note in upload.files[0].notes)


def far_cell() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write(0, 0, "Община")
        page.write(1_048_575, 16_383, "x")
    return out.getvalue()


def repeated_cell() -> bytes:
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
    row += 'office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
    return zipped("content.xml", f'<office:spreadsheet><table:table table:name="a">{row}</table:table>'.encode())


TOO_FAR = "В листа има клетка много далеч от таблицата и той не се побира в паметта."


@pytest.mark.parametrize(("name", "made"), [("a.xlsx", far_cell), ("a.ods", repeated_cell)])
def test_a_sheet_that_would_not_fit_in_memory_is_refused(read, name, made):
    assert str(refusals(read(Source(name, made())))[0]).startswith(TOO_FAR)


def test_a_line_that_no_table_has_is_refused(read):
    refused = refusals(read(Source("a.csv", b"a;b\n" + b"9" * (70 << 20))))
    assert refused == [
        "Ред 2 е по-дълъг от 32 MB: това не е таблица, или краищата на редовете са изгубени. Изтеглете файла отново."
    ]


def test_ten_thousand_columns_are_a_table_like_any(read):
    head = ";".join([ABSENCES_HEAD, *(f"к{n}" for n in range(10_000))])
    row = ";".join([absence("дете-1"), *["1"] * 10_000])
    assert read(table(head, row)).files[0].rows_good == 1


@pytest.mark.parametrize("filler", [b"\n", b"\0", b"\r\n"])
def test_a_long_run_of_nothing_inside_a_file_takes_no_time(read, filler):
    data = absences(absence("дете-1")).data + filler * 200_000 + f"\n{absence('дете-2')}\n".encode()
    assert read(Source("файл.csv", data)).files[0].rows_good >= 1


def test_hundreds_of_comments_take_no_time(read):
    assert refusals(read(Source("файл.csv", b"<!-- a -->" * 200 + b"x")))[0] is not None


def test_nul_bytes_in_a_cell_hurt_nothing(read):
    upload = read(absences(absence("дете-1", class_name="7\0а")))
    assert upload.files[0].rows_good == 1


@pytest.mark.parametrize("delimiter", ["я", '"', "a", "\\", " "])
def test_a_told_delimiter_that_cannot_be_one_is_not_believed(read, delimiter):
    data = f"sep={delimiter}\n".encode() + absences(absence("дете-1")).data
    assert read(Source("файл.csv", data)).files[0].rows_good == 1


@pytest.mark.parametrize("harm", HARM)
def test_harmful_cells_are_stored_as_the_text_they_are(read, store, harm):
    put(store, register(), absences(absence("дете-1", class_name=f'"{harm}"')))
    assert store.rows("select class_name from absences") == [(harm,)]
    assert store.rows("select count(*) from batches") == [(2,)]


@pytest.mark.parametrize("harm", HARM)
def test_harmful_captions_are_columns_that_are_not_used(read, harm):
    report = read(table(f'{ABSENCES_HEAD};"{harm}"', absence("дете-1") + ";x")).files[0]
    assert (report.columns[-1].caption, report.columns[-1].use, report.rows_good) == (harm, "unused", 1)


def test_harmful_file_names_are_stored_as_text(store):
    put(store, register(), absences(absence("дете-1"), name=SQL))
    assert store.rows("select file_name from batches order by batch_id") == [("институции.csv",), (SQL,)]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Windows\\файл.csv", "/корен/файл.csv"])
def test_a_file_name_keeps_no_folders(read, name):
    report = read(absences(absence("дете-1"), name=name)).files[0]
    assert report.name == name.replace("\\", "/").rsplit("/", 1)[-1]


def returned(read) -> pd.DataFrame:
    """A rejected row full of formulas, under a caption that is one."""
    head = f"{CASES_HEAD};Паралелка;Уточнение"
    upload = read(
        table(head, f"{case('КГ-1')};;", f"{FORMULA};05.02.2024;@SUM(A1);+1+1;-2+3;{FORMULA};{FORMULA};{FORMULA}")
    )
    return upload.rejected_rows(0).rename(columns={"Статус": FORMULA})


def test_nothing_runs_in_the_workbook_that_goes_back(read):
    cells = CalamineWorkbook.from_filelike(
        io.BytesIO(write_workbook({"За поправка": returned(read)}))
    ).get_sheet_by_index(0)
    written = [str(c) for row in cells.to_python() for c in row]
    assert f"'{FORMULA}" in written
    assert [c for c in written if c.startswith(("=", "+", "@"))] == []
    with zipfile.ZipFile(io.BytesIO(write_workbook({"За поправка": returned(read)}))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_nothing_runs_in_the_csv_that_goes_back(read):
    text = write_csv(returned(read)).decode("utf-8-sig")
    cells = [c.strip('"') for line in text.splitlines() for c in line.split(";")]
    assert f"'{FORMULA}" in cells
    assert [c for c in cells if c.startswith(("=", "+", "@", "-2"))] == []


def test_a_formula_in_a_workbook_is_read_as_its_last_result(read):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Отсъствия")
        page.write_row(0, 0, ABSENCES_HEAD.split(";"))
        page.write_row(1, 0, absence("дете-1").split(";")[:-1])
        page.write_formula(1, 7, "=1+1.5", value=2.5)
    upload = read(Source("файл.xlsx", out.getvalue()))
    assert staged(upload, "absences", "unexcused") == [(2.5,)]


def test_a_hidden_sheet_is_not_read(read):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name in ("Отсъствия", "Скрит"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ABSENCES_HEAD.split(";"))
            page.write_row(1, 0, absence(name[:2] + "-1").split(";"))
        page.hide()
    assert [f.rows_good for f in read(Source("файл.xlsx", out.getvalue())).files] == [1]


@pytest.mark.parametrize("column", [pa.array([{"a": 1}]), pa.array([b"\xff"]), pa.array([[[1]]])], ids=str)
def test_things_of_a_parquet_that_are_no_cells_are_empty(read, column):
    row = dict(zip(ABSENCES_HEAD.split(";"), absence("дете-1").split(";"), strict=True))
    for caption, is_asked in (("Снимка", False), ("Код по НЕИСПУО", True)):
        out = pa.BufferOutputStream()
        pq.write_table(pa.table({**{name: [cell] for name, cell in row.items()}, caption: column}), out)
        upload = read(Source("файл.parquet", out.getvalue().to_pybytes()))
        (report,) = upload.files
        if is_asked and pa.types.is_nested(column.type):
            assert "липсва колоната „Код по НЕИСПУО“" in report.refused
        else:
            assert faults(upload) == ([(2, "required")] if is_asked else [])
            assert report.rows_read == 1


def test_a_parquet_whose_text_is_damaged_is_refused(read):
    out = pa.BufferOutputStream()
    broken = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xd0\xff"))
    pq.write_table(pa.table({"Код по НЕИСПУО": broken, "Месец": ["10"]}), out)
    assert refusals(read(Source("файл.parquet", out.getvalue().to_pybytes()))) == [BAD_PARQUET]


CLASS_HEAD = "Код по НЕИСПУО;Месец;Паралелка;Брой ученици;По уважителни причини;По неуважителни причини\n"


def test_a_long_file_of_rows_that_nobody_would_correct_is_refused_whole(read):
    [refused] = refusals(read(Source("класове.csv", CLASS_HEAD.encode() + b"1;2\n" * 2_200_000)))
    assert str(refused).startswith("Повече от 100\u202f000 реда на файла са с грешки, първият е ред ")


def test_millions_of_empty_lines_under_a_header_are_refused(read):
    assert refusals(read(Source("класове.csv", CLASS_HEAD.encode() + b";\n" * 6_000_000))) == [
        "Под заглавието няма нито един ред с данни."
    ]


def test_millions_of_short_lines_behind_an_unclosed_mark_are_refused_by_their_beginning(read):
    [refused] = refusals(read(Source("файл.csv", b'"a\n' + b"1\n" * 8_000_000)))
    assert str(refused).startswith("Не познах какво съдържа файлът")


@pytest.mark.parametrize("code", ["#REF!", "abc", "-", "7.5E", "E5"])
def test_a_school_code_without_a_number_goes_back(read, code: str):
    """When it is all that there is: what is asked of a number may be asked of any text."""
    [report] = read(absences(absence("дете-1", school=code))).files
    assert (report.rows_good, report.rows_rejected) == (0, 1)
