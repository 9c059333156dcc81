"""Rows that were handed back return corrected, saved as anything: they join what was accepted of their file."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from drops import ACTIONS_HEAD, absence, absences, case, cases, put, register, table
from openpyxl.worksheet.worksheet import Worksheet
from viewers import expert

from obhvat.ingest import FileAnswers, Source, Upload, commit
from obhvat.ingest.judging.registers import WHOSE
from obhvat.ingest.reading.returned import ADDED, LINE, REASON
from obhvat.reports.tables import write_csv, write_workbook
from obhvat.store import Store
from obhvat.store.history import history, mark

CURRENT = """
select cases.number, cases.line, batches.file_name
from cases
join live_slices('cases', now()::timestamp) as live on live.slice_id = cases.slice_id
join slices on slices.slice_id = live.slice_id
join batches on batches.batch_id = slices.batch_id
order by cases.line
"""
GOOD, BAD = range(1, 7), range(7, 14)
REGISTER = cases(
    *(case(f"КГ-{n}") for n in GOOD),
    *(case(f"КГ-{n}", "гр. Каменово") for n in BAD),
)


def handed_back(upload: Upload, file_no: int = 0) -> Source:
    rows, title = upload.rejected_rows(file_no), upload.title_of_rejected(file_no)
    return Source("случаи-за-поправка.xlsx", write_workbook({"За поправка": rows}, title=title))


def edited(workbook: Source, edit: Callable[[Worksheet], None]) -> Source:
    """As a person saves it after correcting: the same cells, another program's file."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.data))
    edit(book.active)
    out = io.BytesIO()
    book.save(out)
    return Source(workbook.name, out.getvalue())


def in_place(page: Worksheet, only: range | None = None) -> None:
    for row in page.iter_rows(min_row=3):
        for cell in row:
            if cell.value == "гр. Каменово" and (only is None or row[0].value in only):
                cell.value = "Каменград"


def as_csv(workbook: Source) -> Source:
    """The sheet as Excel saves it: every line as wide as the table."""
    page = openpyxl.load_workbook(io.BytesIO(workbook.data)).active
    lines = [";".join("" if v is None else str(v) for v in row) for row in page.iter_rows(values_only=True)]
    return Source("случаи-за-поправка.csv", "\r\n".join(lines).encode("cp1251", "replace"))


def recorded(read: Callable[..., Upload], store: Store, source: Source) -> Source:
    """Record a file; gives the workbook with its rows that go back."""
    put(store, register())
    upload = read(source, store=store)
    back = handed_back(upload)
    commit(upload, store, expert())
    return back


def numbers(store: Store) -> list[str]:
    return [number for number, _, _ in store.rows(CURRENT)]


@pytest.mark.parametrize("saved", [lambda book: book, as_csv])
def test_the_accepted_rows_stay_beside_the_corrected_ones(read, store, saved):
    back = recorded(read, store, REGISTER)
    upload = read(saved(edited(back, in_place)), store=store)
    [report] = upload.files
    assert (report.rows_good, report.rows_rejected, report.doubts) == (13, 0, [])
    assert "добавят се към 6 реда, приети от него преди" in report.joined.words
    assert report.changes.words == "Редове спрямо предишния файл за същото: 7 нови и 6 без промяна."
    commit(upload, store, expert())
    name = f"случаи.csv, поправен с „{report.name}“"
    assert store.rows(CURRENT) == [(f"КГ-{n}", n + 1, name) for n in (*GOOD, *BAD)]
    assert store.rows("select sum(rows_good), sum(rows_rejected) from batches where dataset = 'cases'") == [(19, 7)]


def test_undoing_the_correction_brings_the_file_back_as_it_was(read, store):
    back = recorded(read, store, REGISTER)
    commit(read(edited(back, in_place), store=store), store, expert())
    newest = int(history(store)["batch_id"].iloc[0])
    mark(store, [newest], "undo", "Проба")
    assert numbers(store) == [f"КГ-{n}" for n in GOOD]
    mark(store, [newest], "redo", "Проба")
    assert len(numbers(store)) == 13


def test_rows_that_are_still_wrong_or_missing_go_on_waiting(read, store):
    back = recorded(read, store, REGISTER)

    def some(page):
        in_place(page, range(8, 10))
        page.delete_rows(page.max_row)

    upload = read(edited(back, some), store=store)
    assert (upload.files[0].rows_good, upload.rejected_rows(0)[LINE].tolist()) == (8, [10, 11, 12, 13, 14])
    rest = handed_back(upload)
    commit(upload, store, expert())
    upload = read(edited(rest, in_place), store=store)
    commit(upload, store, expert())
    assert [n for _, n, _ in store.rows(CURRENT)] == list(range(2, 15))
    assert upload.files[0].sent_as == "случаи.csv"


def test_the_same_workbook_may_be_corrected_twice(read, store):
    back = recorded(read, store, REGISTER)
    for only in (range(8, 10), range(8, 15)):
        commit(read(edited(back, lambda page, only=only: in_place(page, only)), store=store), store, expert())
    assert len(numbers(store)) == 13


def test_rows_are_known_by_their_lines_when_the_mark_was_deleted(read, store):
    back = recorded(read, store, REGISTER)
    [report] = read(edited(edited(back, in_place), lambda page: page.delete_rows(1)), store=store).files
    assert (report.rows_good, report.doubts) == (13, [])


def test_rows_of_an_unknown_file_are_asked_about(read, store):
    back = recorded(read, store, REGISTER)

    def nobodys(page):
        in_place(page)
        page.delete_rows(1)
        for n, row in enumerate(page.iter_rows(min_row=2), start=400):
            row[0].value = n

    [report] = read(edited(back, nobodys), store=store).files
    assert "returned_alone" in [d.code for d in report.doubts]


def test_rows_of_a_file_that_was_not_recorded_are_refused(read, store):
    put(store, register())
    back = handed_back(read(REGISTER, store=store))
    [report] = read(edited(back, in_place), store=store).files
    assert report.refused.startswith("Това са само поправените редове на файл, чиито приети редове не са записани")


def test_a_file_all_of_whose_rows_went_back_returns_by_itself(read, store):
    put(store, register())
    back = handed_back(read(cases(*(case(f"КГ-{n}", "гр. Каменово") for n in BAD)), store=store))
    [report] = read(edited(back, in_place), store=store).files
    assert (report.rows_good, report.refused, report.doubts) == (7, None, [])


def test_rows_of_a_file_that_another_replaced_are_refused(read, store):
    back = recorded(read, store, REGISTER)
    put(store, cases(*(case(f"КГ-{n}") for n in range(1, 12)), name="нов.csv"))
    [report] = read(edited(back, in_place), store=store).files
    assert "вместо него вече е записан „нов.csv“" in report.refused


def test_other_parts_of_the_file_stay_as_they_are(read, store):
    rows = [case("КГ-1"), case("КГ-2", status="няма такъв"), case("ВД-1", "Ведрово"), case("ВД-2", "Ведрово")]
    back = recorded(read, store, cases(*rows))
    put(store, cases(case("ВД-1", "Ведрово"), case("ВД-2", "Ведрово"), case("ВД-3", "Ведрово"), name="Ведрово.csv"))

    def settle(page):
        next(c for c in page[3] if c.value == "няма такъв").value = "в работа"

    commit(read(edited(back, settle), store=store), store, expert())
    assert sorted(numbers(store)) == ["ВД-1", "ВД-2", "ВД-3", "КГ-1", "КГ-2"]


def test_a_row_without_a_line_of_its_own_is_a_new_one(read, store):
    back = recorded(read, store, REGISTER)

    def more(page):
        in_place(page)
        copy = [cell.value for cell in page[3]]
        page.append([copy[0], "КГ-99", *copy[2:]])

    upload = read(edited(back, more), store=store)
    commit(upload, store, expert())
    assert store.rows(CURRENT)[-1][:2] == ("КГ-99", ADDED)
    assert "1 ред без номер „Ред във файла“ е броен за нов" in upload.files[0].joined.words


def added(*new: str, right: range | None = None) -> Callable[[Worksheet], None]:
    """Corrects lines, and adds cases that nobody handed back, those with „?“ of an unknown municipality."""

    def edit(page):
        cells = [cell.value for cell in page[3]]
        in_place(page, right)
        for number in new:
            wrong = [None, number, *cells[2:]]
            page.append(wrong if "?" in number else ["Каменград" if v == "гр. Каменово" else v for v in wrong])

    return edit


def test_rows_that_were_added_stay_when_others_are_added_later(read, store):
    back = recorded(read, store, REGISTER)
    upload = read(edited(back, added("КГ-98", "КГ-99?", right=range(8, 10))), store=store)
    rest = handed_back(upload)
    assert upload.rejected_rows(0)[LINE].tolist() == [*range(10, 15), ADDED + 1]
    commit(upload, store, expert())
    upload = read(edited(rest, added("КГ-100")), store=store)
    assert (upload.files[0].rows_good, upload.files[0].rows_rejected, upload.files[0].doubts) == (16, 0, [])
    commit(upload, store, expert())
    assert sorted(numbers(store)) == sorted([f"КГ-{n}" for n in (*GOOD, *BAD, 98, 100)] + ["КГ-99?"])
    lines = [line for _, line, _ in store.rows(CURRENT)]
    assert len(set(lines)) == len(lines)


def test_a_row_that_was_added_comes_again_with_the_same_workbook(read, store):
    back = recorded(read, store, REGISTER)
    for right in (range(8, 10), range(8, 15)):
        upload = read(edited(back, added("КГ-98", right=right)), store=store)
        assert upload.files[0].doubts == []
        commit(upload, store, expert())
    assert sorted(numbers(store)) == sorted(f"КГ-{n}" for n in (*GOOD, *BAD, 98))


def test_a_topic_that_was_added_comes_again_with_the_same_workbook(read, store):
    head = "Код по НЕИСПУО;Дата;Паралелка;Предмет"
    topics = ["9000101;10.10.2023;7а;Математика", "9000101;11.10.2023;7а;Математика", "9000101;в сряда;7а;Математика"]
    back = recorded(read, store, table(head, *topics, name="теми.csv"))

    def more(page, title):
        page.title = title
        cells = [cell.value for cell in page[3]]
        page.append([None, *("12.10.2023" if v == "в сряда" else v for v in cells[1:])])

    for title in ("първи път", "втори път"):
        commit(read(edited(back, lambda page, title=title: more(page, title)), store=store), store, expert())
    slices = store.rows("select n_rows from slices where dataset = 'missing_topics' order by slice_id")
    assert slices == [(2,), (3,), (3,)]


def test_an_accepted_row_that_is_repeated_is_said(read, store):
    back = recorded(read, store, REGISTER)

    def repeat(page):
        in_place(page)
        page["B3"].value = "КГ-1"

    upload = read(edited(back, repeat), store=store)
    assert [d.code for d in upload.files[0].doubts] == ["returned_same_key"]
    commit(upload, store, expert())
    assert sorted(numbers(store)) == sorted(f"КГ-{n}" for n in (*GOOD, *BAD) if n != 7)


def test_steps_of_a_case_that_went_back_come_with_it(read, store):
    put(store, register())
    steps = table(
        ACTIONS_HEAD,
        "КГ-1;05.02.2024;Каменград;20.10.2023;телефонен разговор",
        "КГ-7;05.02.2024;Каменград;21.10.2023;телефонен разговор",
        "КГ-99;05.02.2024;Каменград;22.10.2023;телефонен разговор",
        name="действия.csv",
    )
    upload = read(REGISTER, steps, store=store)
    assert upload.rejected_rows(1)[LINE].tolist() == [3, 4]
    back = handed_back(upload)
    commit(upload, store, expert())
    upload = read(edited(back, in_place), store=store)
    assert [(f.dataset.name, f.rows_good, f.rows_rejected, f.doubts) for f in upload.files] == [
        ("cases", 13, 0, []),
        ("actions", 2, 1, []),
    ]
    commit(upload, store, expert())
    live = "join live_slices('actions', now()::timestamp) as live on live.slice_id = actions.slice_id"
    assert store.rows(f"select case_number, line from actions {live} order by line") == [("КГ-1", 2), ("КГ-7", 3)]
    assert upload.rejected_rows(1)[LINE].tolist() == [4]
    assert [f.dataset.name for f in read(edited(back, in_place), store=store).files] == ["cases"]


def test_children_of_a_national_file_join_their_month(read, store):
    lines = [f"9000101|2023|10|0|70010100{n}0|А|Б|В|7|1||7а|1||{n}|{'-1' if n > 3 else '2'}" for n in range(1, 6)]
    source = Source("9000101_2023_10_File.txt", "\n".join(lines).encode("cp1251"))
    back = recorded(read, store, source)

    def correct(page):
        captions = [cell.value for cell in page[2]]
        missed, child = captions.index("По неуважителни причини"), captions.index("Идентификатор")
        for n, row in enumerate(page.iter_rows(min_row=3), start=4):
            row[missed].value, row[child].value = "3", f"70010100{n}0"

    upload = read(edited(back, correct), store=store)
    [report] = upload.files
    assert (report.refused, report.rows_good, report.doubts) == (None, 5, [])
    commit(upload, store, expert())
    live = "select slice_id from live_slices('absences', now()::timestamp)"
    asked = f"select line, excused, unexcused from absences where slice_id in ({live}) order by line"
    assert store.rows(asked) == [(1, 1, 2), (2, 2, 2), (3, 3, 2), (4, 4, 3), (5, 5, 3)]


def test_a_row_of_another_school_does_not_pass_alone(read, store):
    rows = [absence("дете-1"), absence("дете-2"), absence("дете-3", school="9000102")]
    back = recorded(read, store, absences(*rows))
    [report] = read(edited(back, lambda page: page["E3"].__setattr__("value", "дете-3")), store=store).files
    assert "институция 9000102, а поправяният файл е за институция 9000101" in report.refused


def test_what_the_file_said_of_all_its_rows_returns_with_them(read, store):
    captions = "Клас;Предмет;Изпитани ученици;Успех"
    titled = table(
        captions, "7а;Математика;20;4,50", "7б;Математика;20;7,50", name="успех-9000101-първи срок-2023-2024.csv"
    )
    back = recorded(read, store, titled)
    upload = read(edited(back, lambda page: page["E3"].__setattr__("value", "5,50")), store=store)
    assert (upload.files[0].refused, upload.files[0].rows_good) == (None, 2)


def test_the_columns_of_ours_are_no_part_of_the_table(read, store):
    back = recorded(read, store, REGISTER)
    [report] = read(edited(back, in_place), store=store).files
    assert not {LINE, REASON} & {column.caption for column in report.columns}


def test_the_csv_that_goes_back_returns_as_well(read, store):
    put(store, register())
    upload = read(REGISTER, store=store)
    text = write_csv(upload.rejected_rows(0), title=upload.title_of_rejected(0)).decode("utf-8-sig")
    commit(upload, store, expert())
    again = Source("случаи-за-поправка.csv", text.replace("гр. Каменово", "Каменград").encode())
    assert read(again, store=store).files[0].rows_good == 13


def test_what_goes_back_tells_of_its_rows_alone_what_the_file_said_of_them(read, store):
    put(store, register(), cases(case("КГ-1"), case("ВД-1", "Ведрово")))
    rows = [
        ";".join(case(f"КГ-{n}", place).split(";")[:1] + case("", place).split(";")[2:])
        for n, place in ((1, "Каменград"), (2, "гр. Каменово"))
    ]
    head = "№ на случая;Категория;Община по адрес;Дата на сигнала;Статус"
    told = {"": FileAnswers(given={WHOSE: "part", "as_of": "2024-03-05"})}
    upload = read(table(head, *rows, name="случаи.csv"), store=store, told=told)
    assert [q.field.name for q in upload.files[0].questions] == ["as_of", WHOSE]
    assert upload.files[0].given == {"Към дата": "05.03.2024"}


def test_every_sheet_and_file_has_a_name_of_its_own_when_it_goes_back(read, store):
    put(store, register())
    book = openpyxl.Workbook()
    for page in (book.active, book.create_sheet()):
        for line in REGISTER.data.decode().splitlines():
            page.append(line.split(";"))
    book.worksheets[0].title, book.worksheets[1].title = "Север", 'Юг "2"'
    out = io.BytesIO()
    book.save(out)
    files = Source("случаи.xlsx", out.getvalue()), REGISTER, Source("случаи.txt", REGISTER.data)
    assert list(read(*files, store=store).names_of_rejected().values()) == [
        "случаи-Север-за-поправка",
        "случаи-Юг _2_-за-поправка",
        "случаи-за-поправка",
        "случаи-за-поправка-2",
    ]
