"""Messages of one kind are one line with a count; what goes back is as people write it."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
from drops import ABSENCES_HEAD, absence, absences, case, cases, register

from obhvat.ingest import Source
from obhvat.reports.returned import returned_workbook


def test_faults_of_one_kind_are_one_line_with_their_rows(read):
    rows = [absence(f"дете-{n}", "много" if n in (1, 3, 6, 7, 8) else "-1" if n == 4 else "1") for n in range(9)]
    [first, second] = read(absences(*rows)).complaints(0)
    assert first.words == (
        "5 реда: „много“ в „По неуважителни причини“ не е число. Поправете стойността. (редове 3, 5, 8 и още 2)"
    )
    assert (second.n_rows, second.where) == (1, "ред 6")


def test_other_values_of_the_kind_are_named_after_the_first(read):
    upload = read(register(), cases(case("КГ-1"), *(case(f"КГ-{n}", place) for n, place in enumerate("АБВ", 2))))
    [complaint] = upload.complaints(1)
    assert complaint.reason == (
        "Община „А“ няма в регистъра на областта. В него са: „Ведрово“ и „Каменград“. Същото е с „Б“ и „В“."
    )
    assert complaint.where == "редове 3, 4 и 5"


def test_words_that_are_like_different_ones_are_told_apart(read):
    said = enumerate(["Каменград", "Каменграт", "Ведровво", "Каменграт"])
    upload = read(register(), cases(*(case(f"КГ-{n}", place) for n, place in said)))
    assert [(c.n_rows, c.where) for c in upload.complaints(1)] == [(2, "редове 3 и 5"), (1, "ред 4")]


def test_what_goes_back_from_a_workbook_is_as_people_write_it(read):
    book = openpyxl.Workbook()
    book.active.append([*ABSENCES_HEAD.split(";"), "Видяно на"])
    book.active.append(["9000101", "2023/2024", 10, "дете-1", 7, "7а", 0, 1, date(2023, 10, 13)])
    book.active.append(["9000101", "2023/2024", 10, "дете-2", 7, "7а", 2.5, 1.25, date(2023, 10, 13)])
    out = io.BytesIO()
    book.save(out)
    upload = read(Source("отсъствия.xlsx", out.getvalue()))
    [row] = upload.rejected_rows(0).to_dict("records")
    assert (row["По уважителни причини"], row["По неуважителни причини"]) == ("2,5", "1,25")
    assert "„1,25“ в" in row["Какво да се поправи"]


def test_a_date_goes_back_as_people_write_it(read):
    upload = read(cases(case("КГ-1"), case("КГ-2", as_of="2024-02-05", status="няма")))
    assert upload.rejected_rows(0)["Към дата"].tolist() == ["05.02.2024"]


def test_the_workbook_says_each_kind_once_on_a_sheet_that_is_not_read(read, store):
    upload = read(register(), cases(case("КГ-1"), case("КГ-2", "А"), case("КГ-3", "А")))
    back = returned_workbook(upload.rejected_rows(1), upload.title_of_rejected(1), upload.complaints(1))
    book = openpyxl.load_workbook(io.BytesIO(back))
    assert book.sheetnames == ["За поправка", "Указания"]
    assert [row[0] for row in book["Указания"].iter_rows(values_only=True)] == [
        "Какво да се поправи, накратко:",
        "– 2 реда: Община „А“ няма в регистъра на областта. В него са: „Ведрово“ и „Каменград“. (редове 3 и 4)",
    ]
    again = read(register(), Source("върнати.xlsx", back))
    assert [f.title for f in again.files] == ["институции.csv", "върнати.xlsx"]
