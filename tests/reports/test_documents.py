"""The documents of a meeting, opened again by other programs than wrote them; their numbers are the metric layer's."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime

import openpyxl
import pytest
from docx import Document
from docx.document import Document as DocumentOfWord
from openpyxl.workbook import Workbook
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LTChar, LTTextContainer
from small_oblast import cases, put, register
from store_files import copy_store, throw_away
from viewers import expert

from obhvat.disclosure import Disclosure
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.decisions import add, decisions, to_follow
from obhvat.meeting.meetings import Meeting, attendance, open_meeting, set_attendance
from obhvat.meeting.slide import Slide
from obhvat.meeting.slides import slides
from obhvat.metrics import all_metrics, figure
from obhvat.periods import Period
from obhvat.reports.figures import figures_workbook, slide_tables
from obhvat.reports.ministry import ministry_report
from obhvat.reports.press import press_document, press_text
from obhvat.reports.protocol import protocol
from obhvat.reports.slides_pdf import slides_pdf
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import number

TERM, HELD = Period(2023, "term", 1), date(2024, 3, 13)
WHO = "тест"


REPORTED = [one for one in all_metrics() if one.reported]


Held = tuple[Store, Meeting]


@pytest.fixture(scope="module")
def held_in(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Held]]:
    """A meeting of an oblast with two decisions and a proposal; the tests of documents only read it."""
    made: dict[str, Held] = {}

    def of(which: str) -> Held:
        if which not in made:
            store = Store(copy_store(request.getfixturevalue(f"{which}_path"), tmp_path_factory.mktemp("held")))
            made[which] = store, _held_in(store)
        return made[which]

    yield of
    for store, _ in made.values():
        throw_away(store)


@pytest.fixture(scope="module")
def held(held_in: Callable[[str], Held]) -> Held:
    """That of the invented oblast."""
    return held_in("demo")


@pytest.fixture(scope="module")
def minutes(held: Held) -> DocumentOfWord:
    """Its protocol, opened again."""
    return Document(io.BytesIO(_protocol(*held)))


@pytest.fixture(scope="module")
def workbook(held: Held) -> Workbook:
    """Its workbook without the slides, opened again."""
    return openpyxl.load_workbook(io.BytesIO(figures_workbook(*held, datetime.now(), {})))


@pytest.fixture(scope="module")
def workbook_with_slides(held: Held) -> Workbook:
    tables = slide_tables(slides(*held, "members"))
    return openpyxl.load_workbook(io.BytesIO(figures_workbook(*held, datetime.now(), tables)))


def _held_in(store: Store) -> Meeting:
    meeting = open_meeting(store, HELD, TERM, "областен управител", viewer=expert(WHO))
    set_attendance(store, meeting.meeting_id, "РУО", True, "началник", viewer=expert(WHO))
    set_attendance(store, meeting.meeting_id, "РЗИ", False, viewer=expert(WHO))
    add(store, meeting.meeting_id, "decision", "Общините представят данни за санкциите", "РУО", "общини",
        date(2024, 4, 15), viewer=expert(WHO))  # fmt: skip
    add(store, meeting.meeting_id, "decision", "Месечни срещи с медиаторите", "РУО", "РУО", None, viewer=expert(WHO))
    add(
        store, meeting.meeting_id, "proposal", "Повече часове по български език", "РУО", "МОН", None, viewer=expert(WHO)
    )
    return meeting


@pytest.fixture
def pasted(store: Store) -> Held:
    """A meeting with a decision that was stored with a sign of Word's, before such signs were taken out."""
    put(store, register(), cases(date(2024, 1, 31), {f"КГ-{n:03}": "в работа" for n in range(9)}))
    meeting = _held_in(store)
    with store.transaction() as cursor:
        cursor.execute("update decisions set text = text || chr(2) || ' и още' where text like 'Месечни%'").fetchall()
    return store, meeting


def _own(store: Store, meeting: Meeting):
    found = decisions(store, meeting.held_on)
    return found[found["meeting"].dt.date == meeting.held_on]


def _words(document: bytes) -> str:
    """All text of a .docx, tables included."""
    return _words_of(Document(io.BytesIO(document)))


def _words_of(opened: DocumentOfWord) -> str:
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])


def _protocol(store: Store, meeting: Meeting) -> bytes:
    came = attendance(store, meeting.meeting_id)
    shown = slides(store, meeting, "members")
    followed = to_follow(store, meeting.held_on)
    return protocol(store, meeting, came, shown, _own(store, meeting), followed)


def test_the_protocol_says_who_was_present_and_who_was_not(minutes: DocumentOfWord) -> None:
    words = _words_of(minutes)
    assert "РУО – началник" in words
    assert "Отсъстват: РЗИ." in words


def test_the_protocol_repeats_every_slides_sentence_and_number(held: Held, minutes: DocumentOfWord) -> None:
    words = _words_of(minutes)
    shown = slides(*held, "members")
    assert len(shown) >= 8
    assert [one.title for one in shown if one.sentence.rstrip(".") not in words] == []


def test_the_protocols_tables_are_the_slides_and_no_decision_stands_in_two(held: Held, minutes: DocumentOfWord) -> None:
    store, meeting = held
    followed = to_follow(store, meeting.held_on)
    tables = [[tuple(cell.text for cell in row.cells) for row in table.rows] for table in minutes.tables]
    for one in slides(store, meeting, "members"):
        rows = [tuple(cell or "–" for cell in row) if any(row[1:]) else row for row in one.rows]
        # Those of decisions are the protocol's own.
        if rows and one.key not in ("decisions_last", "proposals", "closing"):
            assert [tuple(one.columns), *rows] in tables, one.key
    cells = [cell for table in tables if table[0][0] == "№" for row in table for cell in row]
    assert cells.count("Общините представят данни за санкциите") == 1
    assert all(cells.count(text) == 1 for text in followed["text"])


def test_the_protocol_has_the_decisions_with_their_terms(minutes: DocumentOfWord) -> None:
    words = _words_of(minutes)
    assert "Общините представят данни за санкциите" in words
    assert "15.04.2024 г." in words
    assert "без срок" in words


def test_the_protocol_says_what_became_of_earlier_decisions(held: Held, minutes: DocumentOfWord) -> None:
    words = _words_of(minutes)
    assert "Изпълнение на решенията от предходните заседания" in words
    followed = to_follow(held[0], HELD)
    assert len(followed) == 4
    assert [text for text in followed["text"] if text not in words] == []


def test_the_protocols_cases_are_the_metrics(held: Held, minutes: DocumentOfWord) -> None:
    store, _ = held
    n = figure(store, "cases_in_work", TERM).n
    assert n == 14
    assert "14 случая" in _words_of(minutes)


def test_the_pdf_has_a_page_a_slide_with_selectable_text(held: Held) -> None:
    store, meeting = held
    shown = slides(store, meeting, "members")
    made = slides_pdf(shown, "Заседание", "данни към 13.03.2024 г.")
    assert len(list(extract_pages(io.BytesIO(made)))) == len(shown)
    text = " ".join(extract_text(io.BytesIO(made)).split())
    assert [one.title for one in shown if one.title not in text] == []
    assert "38 от 40" in text


def test_the_pdfs_letters_are_fonts_that_are_inside_it(held: Held) -> None:
    made = slides_pdf([Slide("text", "Заглавие", "Изречение с ѝ и „кавички“")], "З", "данни")
    fonts = {
        char.fontname
        for page in extract_pages(io.BytesIO(made))
        for box in page
        if isinstance(box, LTTextContainer)
        for line in box
        for char in line
        if isinstance(char, LTChar)
    }
    # A subset of an embedded font has a prefix of six letters. The screen is set in the same.
    assert {name[6:] for name in fonts} == {"+SourceSans3-Roman"}


def test_a_page_of_the_pdf_says_once_of_what_the_numbers_are(held: Held) -> None:
    shown = slides(*held, "members")
    made = slides_pdf(shown, "Заседание на 13.03.2024 г.", "данни към 13.03.2024 г. в 10:15")
    for page, one in zip(extract_pages(io.BytesIO(made)), shown, strict=True):
        text = " ".join(" ".join(box.get_text() for box in page if isinstance(box, LTTextContainer)).split())
        assert text.count("данни към 13.03.2024 г. в 10:15") == 1
        assert not one.source or text.count(one.source) == 1


def test_a_slides_text_is_never_markup_of_the_pdf() -> None:
    made = slides_pdf([Slide("text", "#panic()", '"] #read("/etc/passwd") $x$ *b*')], "t", "f")
    text = extract_text(io.BytesIO(made))
    assert '#read("/etc/passwd")' in text


def test_the_workbook_begins_with_what_it_is_of(workbook: Workbook) -> None:
    first = [str(row[0].value) for row in workbook.worksheets[0].iter_rows()]
    assert any(line.startswith("Период: I срок на 2023/2024 г.") for line in first)
    assert any(line == "Прагове: по подразбиране" for line in first)
    assert [one.name for one in REPORTED if not any(line.startswith(f"{one.name}: ") for line in first)] == []


def test_the_workbooks_numbers_are_the_metrics(held: Held, workbook: Workbook) -> None:
    store, meeting = held
    pages = workbook.worksheets[1:]
    written = {row[0].value: (row[1].value, row[2].value) for page in pages for row in page.iter_rows()}
    for one in REPORTED:
        found = meeting_figure(store, one.id, meeting, datetime.now())
        value = found.value if found.value is None or one.kind != "ratio" else round(found.value, 2)
        assert written[one.name] == (value, found.d if one.kind == "share" else None), one.id


def test_the_workbooks_sheets_can_be_read(held: Held, workbook_with_slides: Workbook) -> None:
    book = workbook_with_slides
    titles = {f"Слайд – {one.title}" for one in slides(*held, "members")} | {"Слайд – Промени", "Слайд – Месечен праг"}
    assert [page.title for page in book.worksheets if page.title.startswith("Слайд") and page.title not in titles] == []
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A2"
        for column in page.iter_cols(max_row=1):
            words = str(column[0].value).split(" ")
            assert page.column_dimensions[column[0].column_letter].width >= max(map(len, words))
    formats = {cell.value: cell.number_format for row in book["Отсъствия и подаване"].iter_rows() for cell in row}
    assert (formats[10810], formats[4.3], formats[3.48], formats[460]) == ("#,##0", "0.0", "0.00", "0")


def test_the_workbooks_municipalities_add_up_to_the_oblast(held: Held, workbook: Workbook) -> None:
    captions, *rows = [[cell.value for cell in row] for row in workbook["По общини"].iter_rows()]
    at = captions.index("Проверки")
    assert sum(row[at] for row in rows[:-1]) == rows[-1][at] == figure(held[0], "inspections", TERM).n


def test_the_workbook_has_the_tables_of_the_slides_with_real_numbers(
    held: Held, workbook_with_slides: Workbook
) -> None:
    shown = [one for one in slides(*held, "members") if one.rows]
    sheets = [page for page in workbook_with_slides.worksheets if page.title.startswith("Слайд – ")]
    assert len(sheets) == len(shown) > 5
    for page, one in zip(sheets, shown, strict=True):
        captions, *rows = [[cell.value for cell in row] for row in page.iter_rows()]
        assert captions == list(one.columns)
        assert [[str("" if cell is None else cell) for cell in row] for row in rows] == [list(row) for row in one.rows]
    cases = next(page for page, one in zip(sheets, shown, strict=True) if one.key == "cases")
    assert isinstance(cases["B2"].value, int)


def test_small_numbers_of_children_are_not_in_the_workbook(workbook: Workbook) -> None:
    captions, *rows = [[cell.value for cell in row] for row in workbook["По общини"].iter_rows()]
    at = captions.index("Случаи в работа")
    assert [row[at] for row in rows[:-1] if isinstance(row[at], int) and 0 < row[at] < 5] == []
    assert rows[-1][at] == 14


@pytest.mark.parametrize("which", ["demo", "awkward"])
def test_every_number_of_the_report_to_the_ministry_is_the_metrics(held_in: Callable[[str], Held], which: str) -> None:
    (store, meeting), known_at = held_in(which), datetime.now()
    report = Document(io.BytesIO(ministry_report(store, meeting, known_at, _own(store, meeting), [])))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in report.tables]
    told = {row[0]: dict(zip(table[0], row, strict=True)) for table in tables for row in table[1:]
            if table[0][0] == "Показател"}  # fmt: skip
    by_place: dict[str, dict[str, str]] = {}
    for table in tables:
        if table[0][0] == "Община":
            for row in table[1:]:
                by_place.setdefault(row[0], {}).update(zip(table[0][1:], row[1:], strict=True))
    for one in REPORTED:
        answer = meeting_figure(store, one.id, meeting, known_at)
        shown = Disclosure(store, "members").figure(answer)
        value = number(answer.value, 2 if one.kind == "ratio" and not float(answer.value or 0).is_integer() else 0)
        assert told[one.name]["Стойност"] == (shown.text if shown.is_hidden else value), one.id
        whole = number(answer.d) if one.kind == "share" else "–"
        assert shown.is_hidden or told[one.name]["От общо"] == whole, one.id
        if one.name in by_place["Общо за областта"] and not shown.is_hidden:
            assert by_place["Общо за областта"][one.name] == number(answer.n), one.id
        rows = answer.by("municipality").set_index("municipality")
        for place, counts in by_place.items():
            if place != "Общо за областта" and one.name in counts and counts[one.name].isdecimal():
                assert int(counts[one.name]) == rows.loc[place, "n"], (one.id, place)


def test_the_report_to_the_ministry_has_every_figure_that_is_reported(held: Held) -> None:
    store, meeting = held
    words = _words(ministry_report(store, meeting, datetime.now(), _own(store, meeting), ["Работи се по 14 случая."]))
    assert [one.name for one in REPORTED if one.name not in words] == []
    assert number(figure(store, "inspections", TERM).n) in words
    assert "Общините представят данни за санкциите" in words


def test_the_press_text_says_the_oblasts_numbers(held: Held) -> None:
    store, meeting = held
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting))
    assert "Към момента се работи по 14 случая" in text
    assert "в 38 от 40 училища" in text
    assert f"{number(figure(store, 'inspections', TERM).n)} проверки" in text
    assert "Общините" not in text.split("решения:")[0]


def test_the_press_text_says_in_words_that_no_case_is_in_work(store: Store) -> None:
    register_of_cases = cases(date(2024, 1, 31), {f"КГ-{n:03}": "реинтегриран" for n in range(6)})
    put(store, register(), register_of_cases, at=datetime(2024, 2, 6))
    meeting = open_meeting(store, HELD, TERM, "областен управител", viewer=expert(WHO))
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting))
    assert "Към момента няма случаи в работа" in text
    assert "по 0 случая" not in text


def test_the_press_text_names_no_municipality_and_no_school(held: Held) -> None:
    store, meeting = held
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting))
    places = [name for (name,) in store.rows("select distinct municipality from schools where municipality <> oblast")]
    assert len(places) >= 5
    assert [name for name in places if f"община {name}" in text] == []


def test_the_press_text_leaves_small_numbers_of_children_out(held: Held) -> None:
    store, meeting = held
    returned = figure(store, "cases_returned", TERM, Scope()).n
    assert returned == 3
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting))
    assert "върнат" not in text


@pytest.mark.parametrize("which", ["demo", "awkward", "blank"])
def test_the_press_text_ends_no_sentence_twice(held_in: Callable[[str], Held], which: str) -> None:
    store, meeting = held_in(which)
    text = press_text(store, meeting, attendance(store, meeting.meeting_id), _own(store, meeting))
    assert ".." not in text
    assert " ." not in text
    assert all(part.rstrip().endswith((".", ";", ":")) for part in text.split("\n\n")[1:])


def test_the_press_document_is_as_the_editor_left_it(held: Held) -> None:
    store, meeting = held
    words = _words(press_document(store, "Моето заглавие\n\nПърви параграф.\n\n– точка;\n– друга.", meeting))
    assert "\nМоето заглавие\nПърви параграф.\n– точка;\n– друга.\n" in words


def test_nothing_is_written_beside_the_store(held: Held) -> None:
    store, meeting = held
    before = sorted(path.name for path in store.path.parent.iterdir())
    _protocol(store, meeting)
    slides_pdf(slides(store, meeting, "press"), "t", "f")
    assert sorted(path.name for path in store.path.parent.iterdir()) == before


def test_a_sign_that_no_document_may_hold_stops_none(pasted: Held) -> None:
    store, meeting = pasted
    assert "Месечни срещи с медиаторите и още" in _words(_protocol(store, meeting))
    assert slides_pdf(slides(store, meeting, "members"), "З", "данни").startswith(b"%PDF")
    report = _words(ministry_report(store, meeting, datetime.now(), _own(store, meeting), ["Работи\x02 се."]))
    assert "Месечни срещи с медиаторите и още" in report
    assert "Работи се." in report
    assert "Мое заглавие" in _words(press_document(store, "Мое\x00 заглавие\n\nПърви параграф.", meeting))
