"""Tables that web systems save as .xls."""

from __future__ import annotations

import base64

import pytest
from drops import ABSENCES_HEAD, EGN, absence, faults, numbered, staged, staged_of
from program import command

from obhvat.ingest import Source

ROWS = [ABSENCES_HEAD, absence("дете-1", "7,5"), absence("дете-2", class_name="7б")]
CLASSES = [("7а",), ("7б",)]
NO_TABLE = (
    "Това е уеб страница, а не таблица: вероятно страница за вход или за грешка на портала. Влезте в портала и вземете "
    "справката оттам."
)
OTHER_XML = (
    "Това е XML, но не таблица на Excel. Изнесете справката като Excel или CSV от програмата, в която е направена."
)


def page(*rows: str, before: str = "", charset: str = "utf-8", cell: str = "<td>{}</td>") -> str:
    body = "".join(f"<tr>{''.join(cell.format(text) for text in row.split(';'))}</tr>" for row in rows)
    return f'<html><head><meta charset="{charset}"></head><body>{before}<table border=1>{body}</table></body></html>'


def nested(text: str) -> str:
    return text.replace("<table", "<table><tr><td><table").replace("</table>", "</table></td></tr></table>")


def xml_2003(*rows: str, styles: str = "") -> str:
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    body = "".join(
        row if row.startswith("<") else f"<Row>{''.join(cell.format(text) for text in row.split(';'))}</Row>"
        for row in rows
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'{styles}<Worksheet ss:Name="Справка"><Table>{body}</Table></Worksheet></Workbook>'
    )


def mhtml(text: str) -> bytes:
    coded = base64.encodebytes(text.encode()).decode()
    return (
        "From: <Saved by Blink>\nSubject: справка\nDate: Mon, 5 Feb 2024 10:00:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----end"\n\n'
        "------end\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n"
        f"Content-Location: https://example.org/spravka\n\n{coded}\n------end\nContent-Type: image/png\n"
        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n------end--\n"
    ).encode()


SAVED = {
    "html": page(*ROWS).encode(),
    "windows-1251": page(*ROWS, charset="windows-1251").encode("windows-1251"),
    "mark": page(*ROWS).encode("utf-8-sig"),
    "utf-16": page(*ROWS).replace('<meta charset="utf-8">', "").encode("utf-16"),
    "paragraphs": page(*ROWS, cell="<td><p>{}</p></td>").encode(),
    "fonts": page(*ROWS, cell="<td><font face=Arial>{}&nbsp;</font></td>").encode(),
    "unclosed": page(*ROWS, cell="<td>{}").encode(),
    "menu": page(*ROWS, before="<table><tr><td>Меню<td>Изход</table><h1>Справка</h1>").encode(),
    "nested": nested(page(*ROWS)).encode(),
    "no head": page(*ROWS).removeprefix("<html><head>").encode(),
    "xhtml": f"<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html>\n{page(*ROWS)}".encode(),
    "xml": xml_2003(*ROWS).encode(),
    "xml windows-1251": xml_2003(*ROWS).replace('"1.0"', '"1.0" encoding="windows-1251"').encode("windows-1251"),
    "mhtml": mhtml(page(*ROWS)),
}


@pytest.mark.parametrize("name", ["справка.xls", "справка.html", "справка.csv"])
def test_a_table_is_read_whatever_it_was_saved_as(read, name):
    upload = read(*numbered(Source(name, data) for data in SAVED.values()))
    found = staged_of(upload, "absences", "class_name, unexcused")
    assert {form: found.get(no) for no, form in enumerate(SAVED)} == {form: [("7а", 7.5), ("7б", 1)] for form in SAVED}


def test_cells_spanned_in_a_page_are_of_each_of_their_rows(read):
    rows = [page(*ROWS, "Общо;;;;;;0;8,5")][0]
    rows = rows.replace("<td>9000101</td>", "<td rowspan=2>9000101</td>", 1).replace("<td>9000101</td>", "", 1)
    upload = read(Source("справка.xls", rows.encode()))
    assert staged(upload, "absences", "school, line") == [("9000101", 2), ("9000101", 3)]


def test_a_title_over_all_columns_and_hidden_rows_of_a_page(read):
    text = page("Справка за месец октомври", *ROWS).replace("<td>Справка", "<td colspan=8>Справка")
    text = text.replace("<tr><td>9000101", '<tr style="display:none"><td>9000101', 1)
    upload = read(Source("справка.xls", text.encode()))
    assert upload.files[0].header_lines == (2,)
    assert upload.files[0].rows_good == 2
    assert "Скрити на листа, но прочетени: 1 ред." in upload.files[0].notes


def test_typed_cells_of_an_xml_of_excel(read):
    head = "Код по НЕИСПУО;Учебна година;Срок;ЕГН/ЛНЧ;Предмет;Процент отсъствия"
    text = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    first = "".join(text.format(cell) for cell in ("2023/2024", "I срок", "дете-1", "Математика"))
    code = '<Cell><Data ss:Type="Number">9000101</Data></Cell>'
    percent = '<Cell ss:StyleID="s1"><Data ss:Type="Number">0.28125</Data></Cell>'
    error = '<Cell ss:Index="6" ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>'
    styles = '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Percent"/></Style></Styles>'
    second = first.replace("дете-1", "дете-2")
    rows = [head, f"<Row>{code}{first}{percent}</Row>", f'<Row ss:Index="5">{code}{second}{error}</Row>']
    upload = read(Source("справка.xls", xml_2003(*rows, styles=styles).encode()))
    assert staged(upload, "subject_absences", "share") == [(28.125,)]
    assert faults(upload) == [(5, "error_cell")]


def test_a_hidden_sheet_of_an_xml_of_excel_is_not_read(read):
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
    (report,) = read(Source("справка.xls", xml_2003(*ROWS).replace("</Worksheet>", hidden).encode())).files
    assert report.refused == "В книгата няма нито един попълнен лист."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", NO_TABLE),
        (page("Потребител;").encode(), NO_TABLE),
        (mhtml("<html><body>Изход</body></html>"), NO_TABLE),
        (b"<?xml version='1.0'?><order><line>1</line></order>", OTHER_XML),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&c;</Workbook>',
            OTHER_XML,
        ),
        (
            xml_2003(*ROWS).encode()[:-60],
            "Таблицата е повредена и не се чете докрай. Отворете файла в Excel и го запишете като работна книга "
            "(.xlsx).",
        ),
        (
            xml_2003(ROWS[0], '<Row ss:Index="900000000"><Cell><Data ss:Type="String">а</Data></Cell></Row>').encode(),
            "Таблицата е твърде голяма, за да се прочете в този вид. Отворете файла в Excel и го запишете като .xlsx.",
        ),
    ],
    ids=["page", "one cell", "saved page", "other xml", "entities", "cut short", "far row"],
)
def test_what_holds_no_table_says_what_to_do(read, data, why):
    (report,) = read(Source("справка.xls", data)).files
    assert report.refused == why


@pytest.mark.parametrize("make", [page, xml_2003])
def test_names_and_identifiers_of_such_a_file_are_shown_nowhere(read, tmp_path, make):
    text = make("ЕГН;Име;Фамилия", f"{EGN};Пробко;Образцов", f"{EGN};Пробка;Образцова")
    upload = read(Source("справка.xls", text.encode()))
    assert "Пробк" not in repr(upload.files)
    assert EGN not in repr(upload.files)
    path = tmp_path / "справка.xls"
    path.write_text(text, "utf-8")
    shown = command("read", path, folder=tmp_path)
    assert shown.stdout.splitlines() == ["ЕГН,Име,Фамилия", *["75••••••••,,"] * 2]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('<td x:num="7.5">8</td>', 7.5),
        ('<td sdval="7.5" sdnum="1026;">8</td>', 7.5),
        ("<td><del>9</del><ins>7,5</ins></td>", 7.5),
        ('<td><span style="display:none">0007</span>7,5</td>', 7.5),
        ("<td><select><option>1</option><option selected>7,5</option></select></td>", 7.5),
        ("<td><select><option>7,5</option><option>1</option></select></td>", 7.5),
        ("<td>7<sup>1</sup></td>", None),
        ("<td>9<br>7,5</td>", None),
    ],
)
def test_a_cell_says_what_is_seen_in_it_in_full(read, written, seen):
    text = page(*ROWS).replace("<td>7,5</td>", written)
    upload = read(Source("справка.xls", text.encode()))
    assert [hours for (hours,) in staged(upload, "absences", "unexcused")][: seen is not None] == [seen] * (
        seen is not None
    )
    assert upload.files[0].rows_rejected == (seen is None)


def test_a_number_that_is_shown_with_its_zeros_keeps_them(read):
    text = page(*ROWS).replace("<td>7б</td>", '<td x:num="7">07</td>')
    assert ("07",) in staged(read(Source("справка.xls", text.encode())), "absences", "class_name")


def test_a_page_that_says_latin_1_of_cyrillic_is_read(read):
    text = page(*ROWS, charset="iso-8859-1")
    upload = read(Source("справка.xls", text.encode("windows-1251")))
    assert staged(upload, "absences", "class_name") == CLASSES
