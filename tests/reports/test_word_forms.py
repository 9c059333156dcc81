"""Word forms as people change them: what is kept, what is refused and why, and that a form can do nothing but print."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from viewers import expert

from obhvat.reports.forms import all_forms, change_form, form_in_force, written
from obhvat.reports.forms.checking import MOST_BYTES, BadForm, checked, filled
from obhvat.reports.forms.declared import Field
from obhvat.store import Store
from obhvat.store.word_forms import form_changes, keep_form

PRESS = all_forms()["press"]
WHOLE = "{{ заглавие }}\n{{ начало текст }}\n{{ абзац }}\n{{ край текст }}"
VALUES = {
    "област": "Каменград",
    "дата": "13.03.2024 г.",
    "заглавие": "Заглавие",
    "текст": [{"абзац": "Първи."}, {"абзац": "Втори."}],
}


def form_of(text: str, change: Callable[[Doc], object] = lambda made: None) -> bytes:
    """A form with a paragraph a line."""
    made = Document()
    for line in text.split("\n"):
        made.add_paragraph(line)
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def lines_of(document: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(document)).paragraphs]


def with_parts(form: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The form with files of its archive written over, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def refusal(form: bytes, kind: str = "press") -> str:
    with pytest.raises(BadForm) as refused:
        checked(all_forms()[kind], form)
    return str(refused.value)


@pytest.mark.parametrize("name", all_forms())
def test_the_forms_of_the_package_are_what_they_ask_of_others(name: str) -> None:
    assert checked(all_forms()[name], all_forms()[name].own)


@pytest.mark.parametrize("name", all_forms())
def test_the_forms_of_the_package_print_every_field_they_are_given(name: str) -> None:
    form = all_forms()[name]
    document = Document(io.BytesIO(filled(form.own, form.trial())))
    text = "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))
    assert "{{" not in text

    def examples(fields: tuple[Field, ...]) -> list[str]:
        return [e for f in fields for e in ([f.example] if f.kind == "text" else examples(f.fields))]

    unused = {"номер"} if name == "ministry" else set()
    wanted = [e for e in examples(tuple(f for f in form.fields if f.name not in unused)) if e]
    assert [e for e in wanted if e not in text and e != form.trial().get("дата")] == []


def test_a_field_that_word_split_over_runs_is_one() -> None:
    made = Document()
    line = made.add_paragraph("От ")
    for piece in ("{", "{ загла", "вие", " }", "} в"):
        line.add_run(piece).bold = piece == "вие"
    line.add_run("ред.")
    for text in WHOLE.split("\n")[1:]:
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    assert lines_of(filled(checked(PRESS, out.getvalue()), VALUES)) == ["От Заглавие вред.", "Първи.", "Втори."]


def test_capitals_and_blanks_in_a_fields_name_do_not_matter() -> None:
    form = WHOLE.replace("{{ заглавие }}", "{{Заглавие}}").replace("{{ начало текст }}", "{{  Начало   текст }}")
    assert lines_of(filled(checked(PRESS, form_of(form)), VALUES)) == ["Заглавие", "Първи.", "Втори."]


def test_a_part_stays_or_goes_with_its_list() -> None:
    form = form_of(f"{WHOLE}\n{{{{ няма текст }}}}Няма текст.{{{{ край текст }}}}")
    assert lines_of(filled(form, VALUES)) == ["Заглавие", "Първи.", "Втори."]
    assert lines_of(filled(form, {**VALUES, "текст": []})) == ["Заглавие", "Няма текст."]


def test_a_row_of_a_table_is_repeated_and_its_captions_go_when_there_are_none() -> None:
    form = all_forms()["protocol"]
    trial = form.trial()
    tables = Document(io.BytesIO(filled(form.own, trial))).tables
    captions = ["№", "Текст", "Вносител", "Отговорник", "Срок"]
    decisions = next(t for t in tables if [c.text for c in t.rows[0].cells] == captions)
    assert [row.cells[0].text for row in decisions.rows] == ["№", "1", "2"]
    empty = filled(form.own, {**trial, "решения": [], "предложения": []})
    assert all([c.text for c in t.rows[0].cells] != captions for t in Document(io.BytesIO(empty)).tables)
    assert "Няма взети решения." in lines_of(empty)


def test_rows_stay_whole_captions_are_repeated_and_signatures_are_never_alone() -> None:
    form = all_forms()["protocol"]
    document = Document(io.BytesIO(filled(form.own, form.trial())))
    for table in document.tables:
        assert all(row._tr.get_or_add_trPr().find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table.rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None
    end = [p for p in document.paragraphs if p.text][-6:]
    assert end[0].text.startswith("Поради изчерпване")
    assert all(p.paragraph_format.keep_with_next for p in end[:-1])


def test_what_is_filled_in_is_never_a_field() -> None:
    values = {**VALUES, "заглавие": "{{ дата }}", "текст": [{"абзац": "{{ начало текст }}"}]}
    assert lines_of(filled(form_of(WHOLE), values)) == ["{{ дата }}", "{{ начало текст }}"]


def test_headers_and_footers_are_filled_in() -> None:
    def with_header(made: Doc) -> None:
        made.sections[0].header.paragraphs[0].text = "Област {{ област }}"

    document = Document(io.BytesIO(filled(checked(PRESS, form_of(WHOLE, with_header)), VALUES)))
    assert document.sections[0].header.paragraphs[0].text == "Област Каменград"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (WHOLE + "\n{{ заглавия }}", "Няма поле {{ заглавия }}. Може би е {{ заглавие }}."),
        (WHOLE + "\n{{ ЕГН }}", "Няма поле {{ егн }}."),
        (WHOLE + "\n{{ решения }}", "Няма поле {{ решения }}."),
        (WHOLE.replace("\n{{ край текст }}", ""), "{{ начало текст }} няма край. Допишете {{ край текст }}."),
        (WHOLE + "\n{{ край текст }}", "{{ край текст }} няма начало."),
        (WHOLE + "\n{{ дата", "има поле без „}}“ или без „{{“"),
        (WHOLE + "\n{{ текст }}", "{{ текст }} е списък."),
        (WHOLE + "\n{{ абзац }}", "{{ абзац }} не може да стои тук"),
        (WHOLE.replace("{{ заглавие }}", "Заглавие"), "Липсва {{ заглавие }} – първият ред на текста."),
        ("{{ заглавие }}", "Липсва {{ начало текст }} … {{ край текст }}"),
        (WHOLE.replace("\n{{ край текст }}", " и {{ край текст }}"), "не е цяла"),
    ],
)
def test_a_fault_of_a_form_is_told_with_its_remedy(form: str, said: str) -> None:
    assert said in refusal(form_of(form))


def test_a_list_cannot_be_repeated_within_another_so_that_no_document_grows_without_bound() -> None:
    nested = WHOLE.replace("{{ абзац }}", "{{ начало текст }}\n{{ абзац }}\n{{ край текст }}")
    assert "{{ начало текст }} не може да стои тук" in refusal(form_of(nested))


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ заглавие.__class__ }}",
        "{{ 9**9**9 }}",
        "{{ заглавие * 1000000000 }}",
        "{{ range(1000000000) }}",
    ],
)
def test_an_expression_is_a_field_that_does_not_exist(attack: str) -> None:
    assert "Няма поле" in refusal(form_of(f"{WHOLE}\n{attack}"))


@pytest.mark.parametrize("attack", ["{% for x in range(10) %}", "{# #}", "#{7*7}", "${7*7}", "<%= 7*7 %>"])
def test_the_languages_of_other_forms_are_text(attack: str) -> None:
    assert attack in lines_of(filled(checked(PRESS, form_of(f"{WHOLE}\n{attack}")), VALUES))


def _external(kind: str, target: str) -> Callable[[Doc], object]:
    return lambda made: made.part.relate_to(target, kind, is_external=True)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (RELATIONSHIP_TYPE.IMAGE, "http://example.com/следа.png"),
        (RELATIONSHIP_TYPE.OLE_OBJECT, "file:///C:/Windows/System32/calc.exe"),
        (RELATIONSHIP_TYPE.A_F_CHUNK, "http://example.com/a.html"),
        (RELATIONSHIP_TYPE.HYPERLINK, "file://сървър/дял"),
    ],
)
def test_nothing_is_fetched_from_elsewhere(kind: str, target: str) -> None:
    assert "се вземат от друго място" in refusal(form_of(WHOLE, _external(kind, target)))


def test_a_link_to_a_page_stays() -> None:
    assert checked(PRESS, form_of(WHOLE, _external(RELATIONSHIP_TYPE.HYPERLINK, "https://example.bg")))


def test_the_address_of_the_authors_template_is_taken_out() -> None:
    def attached(made: Doc) -> None:
        settings = next(p for p in made.part.package.iter_parts() if p.partname == "/word/settings.xml")
        key = settings.relate_to(
            "http://example.com/a.dotm",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate",
            is_external=True,
        )
        made.settings.element.insert(0, parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{key}"/>'))

    assert b"example.com" in zipfile.ZipFile(io.BytesIO(form_of(WHOLE, attached))).read("word/_rels/settings.xml.rels")
    kept = zipfile.ZipFile(io.BytesIO(checked(PRESS, form_of(WHOLE, attached))))
    assert all(b"example.com" not in kept.read(name) for name in kept.namelist())
    assert b"attachedTemplate" not in kept.read("word/settings.xml")


@pytest.mark.parametrize(
    "instruction",
    [
        "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe",
        "INCLUDEPICTURE http://example.com/x.png",
        "INCLUDETEXT file",
        'HYPERLINK "file://x"',
        "",
    ],
)
def test_a_field_of_word_that_acts_is_refused(instruction: str) -> None:
    def with_field(made: Doc) -> None:
        line = made.add_paragraph()
        for tag, kind, text in (
            ("w:fldChar", "begin", None),
            # Word may split it anywhere.
            ("w:instrText", None, f" {instruction[:6]}"),
            ("w:instrText", None, f"{instruction[6:]} "),
            ("w:fldChar", "end", None),
        ):
            part = OxmlElement(tag)
            part.text = text
            if kind:
                part.set(qn("w:fldCharType"), kind)
            line.add_run()._r.append(part)

    assert "има поле на Word" in refusal(form_of(WHOLE, with_field))


@pytest.mark.parametrize("element", ["w:altChunk", "w:object", "w:control", "w:subDoc"])
def test_an_embedded_object_is_refused(element: str) -> None:
    def with_object(made: Doc) -> None:
        made.element.body.insert(0, parse_xml(f"<{element} {nsdecls('w')}/>"))

    assert "вложен обект" in refusal(form_of(WHOLE, with_object))


def test_macros_are_refused() -> None:
    form = form_of(WHOLE)
    assert "има макроси" in refusal(with_parts(form, {"word/vbaProject.bin": b"x"}))
    types = zipfile.ZipFile(io.BytesIO(form)).read("[Content_Types].xml")
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert "има макроси" in refusal(with_parts(form, {"[Content_Types].xml": types.replace(main, kind)}))


def test_comments_are_refused() -> None:
    def with_comment(made: Doc) -> None:
        made.add_comment(made.paragraphs[0].runs, "бележка", "автор")

    assert "коментари" in refusal(form_of(WHOLE, with_comment))


def test_what_is_too_large_is_refused_before_it_is_opened() -> None:
    assert "най-много може 5,0 MB" in refusal(b"x" * (MOST_BYTES + 1))
    bomb = with_parts(form_of(WHOLE), {f"word/media/{n}.png": bytes(9_000_000) for n in range(5)})
    assert len(bomb) < 200_000
    assert "твърде много вложени" in refusal(bomb)
    long = with_parts(form_of(WHOLE), {"word/document.xml": b" " * 2_000_000})
    assert "твърде дълга" in refusal(long)


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", b"\xd0\xcf\x11\xe0 an old .doc"])
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    assert "не е документ на Word или е повредена" in refusal(content)


def test_entities_are_refused() -> None:
    xml = zipfile.ZipFile(io.BytesIO(form_of(WHOLE))).read("word/document.xml")
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    hostile = xml.replace(b"?>", b"?>" + entity, 1).replace("Заглавие".encode(), b"&e;")
    assert "не е записана от Word" in refusal(with_parts(form_of(WHOLE), {"word/document.xml": hostile}))


def test_a_form_of_braces_alone_is_refused_at_once() -> None:
    assert "без „}}“" in refusal(form_of(WHOLE + "\n" + "{{ " * 150_000))
    assert "повече от 400 полета" in refusal(form_of(WHOLE + "\n" + "{{ дата }}" * 20_000))


def test_a_refused_form_leaves_the_one_in_force(store: Store) -> None:
    change_form(store, "press", form_of("ГЕРБ\n" + WHOLE), expert("тест"))
    with pytest.raises(BadForm):
        change_form(store, "press", form_of("ДРУГ ГЕРБ"), expert("тест"))
    assert lines_of(written(store, "press", VALUES, "т")) == ["ГЕРБ", "Заглавие", "Първи.", "Втори."]
    assert len(form_changes(store, "press")) == 1


def test_the_programs_own_form_comes_back_and_the_history_stays(store: Store) -> None:
    assert form_in_force(store, "press") == PRESS.own
    change_form(store, "press", form_of("ГЕРБ\n" + WHOLE), expert("тест"))
    keep_form(store, "press", None, "тест")
    assert form_in_force(store, "press") == PRESS.own
    changes = form_changes(store, "press")
    assert list(changes["n_bytes"].notna()) == [False, True]
    assert set(changes["set_by"]) == {"тест"}


def test_the_authors_name_is_not_kept(store: Store) -> None:
    def by(made: Doc) -> None:
        made.core_properties.author = made.core_properties.last_modified_by = "Иван Иванов Иванов"

    change_form(store, "press", form_of(WHOLE, by), expert("тест"))
    kept = zipfile.ZipFile(io.BytesIO(form_in_force(store, "press")))
    assert all("Иванов".encode() not in kept.read(name) for name in kept.namelist())
