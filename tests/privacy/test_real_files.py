"""Names in files as schools send them: in the file's own name, a class, a reason, a returned row, a sheet, XML."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from program import command
from viewers import expert

from obhvat.ingest import Source, Upload, commit
from obhvat.reports.tables import write_workbook
from obhvat.store import Store

ABSENCES = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
CASES = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Уточнение"
EXCEL_2003 = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet><Table><Row><Cell><Data>Ксенофонтина</Data></Cell><Cell><Data>Пантелейкова</Data></Cell></Row></Table>
</Worksheet></Workbook>"""


def file(name: str, head: str, *rows: str) -> Source:
    return Source(name, "\n".join([head, *rows]).encode())


def stored(store: Store, upload: Upload) -> None:
    commit(upload, store, expert())
    upload.close()


def test_a_childs_name_in_a_file_name_is_not_kept(read, store: Store) -> None:
    row = "9000101;2023/2024;10;дете-1;7;7а;0;1"
    upload = read(file("Петър Стоянов Колев 0645127890.csv", ABSENCES, row), store=store)
    assert upload.files[0].title == "[име] ••••••••••.csv"
    assert "Името на човек в името на файла или на листа е заменено с „[име]“." in upload.files[0].notes
    stored(store, upload)
    assert store.rows("select file_name from batches") == [("[име] ••••••••••.csv",)]


def test_a_class_called_after_its_only_pupil_is_kept_without_the_name(read, store: Store) -> None:
    rows = [f"9000101;2023/2024;10;дете-{n};7;{c};0;1" for n, c in enumerate(["7а", "Иван Петров - ИФО", "7 „Слънчо“"])]
    upload = read(file("отсъствия.csv", ABSENCES, *rows), store=store)
    assert "Имена на хора са заменени с „[име]“ в 1 клетка." in upload.files[0].notes
    stored(store, upload)
    kept = store.rows("select class_name from absences union select class_name from absence_classes")
    assert {name for (name,) in kept} == {"7а", "[име] - ИФО", "7 „Слънчо“"}


def test_a_name_in_a_reason_stays_neither_in_the_case_nor_in_the_row_that_goes_back(read, store: Store) -> None:
    good = "КГ-1;05.02.2024;отпаднал;Каменград;12.10.2023;в работа;живее с майката Мария Иванова на ул. „Петър Берон“"
    bad = "КГ-2;05.02.2024;отпаднал;Каменград;12.10.2023;при баба Стоянка;бащата Ахмед е в Германия"
    upload = read(file("случаи.csv", CASES, good, bad), store=store)
    [reason] = upload.rejected(0)["reason"]
    assert reason.startswith("„при баба [име]“ в „Статус“ не е сред допустимите")
    assert list(upload.rejected_rows(0)["Уточнение"]) == ["бащата [име] е в Германия"]
    assert "Имена на хора са заменени с „[име]“ в 2 клетки." in upload.files[0].notes
    stored(store, upload)
    assert store.rows("select reason_note from cases") == [("живее с майката [име] на ул. „Петър Берон“",)]
    [(cells, faults)] = store.rows("select cells, faults from rejected_rows")
    assert cells[-2:] == ["при баба [име]", "бащата [име] е в Германия"]
    assert [fault["value"] for fault in faults] == ["при баба [име]"]


def test_places_and_schools_of_a_returned_row_stay_as_they_are(read) -> None:
    head = "Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38"
    bad = "код;ОУ „Христо Ботев“;Велико Търново;Елена;гр. Елена;основно училище"
    good = "9000101;СУ „Иван Вазов“;Велико Търново;Елена;гр. Елена;средно училище"
    upload = read(file("институции.csv", head, good, bad))
    assert list(upload.rejected_rows(0).iloc[0])[1:6] == bad.split(";")[:5]
    assert list(upload.preview(0).iloc[0])[1:4] == ["9000101", "СУ „Иван Вазов“", "средно училище"]


def test_a_name_of_a_sheet_is_not_shown(read) -> None:
    columns = ABSENCES.split(";")
    sheets = {
        name: pd.DataFrame([["9000101", "2023/2024", month, f"дете-{month}", "7", "7а", "0", "1"]], columns=columns)
        for month, name in ((10, "Мария Иванова"), (11, "7а"))
    }
    files = read(Source("отсъствия.xlsx", write_workbook(sheets))).files
    assert [f.title for f in files] == ["отсъствия.xlsx · [име]", "отсъствия.xlsx · 7а"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_of_names_that_is_taken_for_captions_is_not_printed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ученици.xml"
    path.write_text(EXCEL_2003, encoding)
    done = command("read", path, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, ",\n", "")


def test_read_hides_names_under_any_caption(tmp_path: Path) -> None:
    rows = "Дете;Клас;Бележка\nКсенофонтина;7а;болно\nИван;7а;при баба Мария\nСтоян Колев;6б;в Каменград\n"
    (tmp_path / "списък.csv").write_text(rows, "utf-8")
    done = command("read", tmp_path / "списък.csv", folder=tmp_path)
    assert done.stdout == "Дете,Клас,Бележка\n,7а,болно\n,7а,при баба [име]\n,6б,в Каменград\n"


def test_a_file_that_is_not_there_is_refused_without_a_name(tmp_path: Path) -> None:
    done = command("read", tmp_path / "Иван Петров.csv", folder=tmp_path)
    assert "[име].csv“ не може да се отвори" in done.stderr
    assert "Петров" not in done.stderr
