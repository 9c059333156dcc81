"""A Word form as it comes from a person: whether it is one, whether anything in it could act, whether its fields are
those it is given. What is not right is one sentence with the remedy; what is right is kept as this program writes it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence

from docx import Document
from docx.document import Document as Doc
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree  # ty: ignore[missing-module-member]
from rapidfuzz import process

from obhvat.errors import ObhvatError
from obhvat.language import N_, _
from obhvat.reports.forms.declared import Field, Form
from obhvat.reports.forms.filling import (
    FIELD,
    Element,
    Mark,
    Misplaced,
    Value,
    ending,
    fill,
    is_alone,
    lines,
    mark_fields,
    marks,
    part_between,
    stories,
)
from obhvat.texts import printable, size

MOST_BYTES = 5_000_000
_MOST_UNPACKED, _MOST_TEXT, _MOST_FILES, _MOST_FIELDS = 40_000_000, 1_000_000, 400, 400
# What a document may be made of; anything else (macros, embedded files, comments, charts) is refused.
_PARTS = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.(?:"
    r"wordprocessingml\.(?:document\.main|styles|settings|webSettings|fontTable|numbering|header|footer|footnotes|"
    r"endnotes)\+xml|wordprocessingml\.printerSettings|theme\+xml|customXmlProperties\+xml|obfuscatedFont|"
    r"extended-properties\+xml|custom-properties\+xml)"
    r"|application/vnd\.openxmlformats-package\.core-properties\+xml"
    r"|application/vnd\.ms-word\.stylesWithEffects\+xml"
    r"|application/xml"
    r"|image/(?:png|jpeg|gif|bmp|tiff|x-emf|x-wmf)"
)
_ACTING = ("altChunk", "object", "control", "subDoc", "OLEObject", "dataSource", "frameset")
# Fields of Word's own that only count pages, days and headings.
_WORD_FIELDS = re.compile(
    r'(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|DATE|TIME|REF|PAGEREF|TOC|STYLEREF|SEQ)\b|HYPERLINK\s+"(?:https?:|mailto:)'
    r"|HYPERLINK\s+\\l\b"
)
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


_SAVE_AS = N_("Отворете я в Word и я запишете като „Документ на Word (*.docx)“")
_NOT_WORD = N_("Бланката не е документ на Word или е повредена. {save_as}, без парола.")


class BadForm(ObhvatError):
    """A Word form that cannot be used; it says why and what to do."""


_BROKEN = (
    *(AttributeError, IndexError, KeyError, NotImplementedError, OSError, RecursionError, TypeError, ValueError),
    *(OpcError, etree.LxmlError, zipfile.BadZipFile, zlib.error),
)
"""What a file that is no Word document makes of those who read it."""


def checked(form: Form, content: bytes) -> bytes:
    """The form to keep: the document written anew, with what belongs to its text alone. Raises BadForm."""
    _no_bomb(content)
    made = _document(content)
    _harmless(made)
    made.core_properties.author = made.core_properties.last_modified_by = made.core_properties.comments = ""
    kept = _bytes_of(made)
    if faults := _Fields(form).faults(made):
        raise BadForm(" ".join(dict.fromkeys(faults)))
    _document(filled(kept, form.trial()))
    return kept


def filled(content: bytes, values: Mapping[str, Value], title: str = "") -> bytes:
    """A form that was `checked`, filled in. Raises BadForm when it is not one any more."""
    made = _document(content)
    try:
        fill(made, values)
    except Misplaced as error:
        raise BadForm(_misplaced(error)) from None
    made.core_properties.title, made.core_properties.author = printable(title), "обхват"
    made.core_properties.language = "bg-BG"
    return _bytes_of(made)


def _bytes_of(made: Doc) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _document(content: bytes) -> Doc:
    try:
        return Document(io.BytesIO(content))
    except _BROKEN:
        raise BadForm(_(_NOT_WORD).format(save_as=_(_SAVE_AS))) from None


def _no_bomb(content: bytes) -> None:
    """Refuse what would be too much to open, and macros, before anything is opened."""
    if len(content) > MOST_BYTES:
        raise BadForm(
            _(
                "Бланката е {size}, а най-много може {most}. Намалете картините: в Word – „Формат на картина“, "
                "„Компресиране на картини“."
            ).format(size=size(len(content)), most=size(MOST_BYTES))
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            if len(inside) > _MOST_FILES or sum(part.file_size for part in inside) > _MOST_UNPACKED:
                raise BadForm(_("В бланката има твърде много вложени файлове или картини. Оставете само герба."))
            names = [part.filename.casefold() for part in inside]
            texts = [part for part in inside if _is_text(archive, part)]
            if any(part.file_size > _MOST_TEXT for part in texts):
                raise BadForm(_("Бланката е твърде дълга. Оставете в нея само текста, който се повтаря всеки път."))
            macros = any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names)
            if macros or b"macroEnabled" in archive.read("[Content_Types].xml"):
                raise BadForm(_("В бланката има макроси. {save_as}, без макроси.").format(save_as=_(_SAVE_AS)))
            if any(b"<!DOCTYPE" in archive.read(part) for part in texts):
                raise BadForm(_("Бланката не е записана от Word. {save_as}.").format(save_as=_(_SAVE_AS)))
    except _BROKEN:
        raise BadForm(_(_NOT_WORD).format(save_as=_(_SAVE_AS))) from None


def _is_text(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a file may be read as XML: that is told by what is in it, as any name may be given to it."""
    with archive.open(part) as opened:
        begins = opened.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return begins[:1] in (b"", b"<") or part.filename.casefold().endswith((".xml", ".rels"))


def _harmless(made: Doc) -> None:
    """Refuse what acts by itself or is fetched from elsewhere; the address of the author's template is taken out."""
    parts = [*made.part.package.iter_parts()]
    if any(not _PARTS.fullmatch(part.content_type) for part in parts):
        raise BadForm(
            _(
                "В бланката има коментари, диаграми или вложени файлове. Изтрийте ги; картините се вмъкват като "
                "картина (PNG или JPEG)."
            )
        )
    if any(rel.is_external for rel in made.part.package.rels.values()):
        raise BadForm(_FROM_ELSEWHERE)
    for part in parts:
        for key, rel in [*part.rels.items()]:
            if rel.is_external and rel.reltype.endswith("/attachedTemplate"):
                _forget_template(part, key)
            elif rel.is_external and not (rel.reltype == RELATIONSHIP_TYPE.HYPERLINK and _LINK.match(rel.target_ref)):
                raise BadForm(_FROM_ELSEWHERE)
    for story in [*stories(made), *_beside(parts)]:
        for node in story.iter(etree.Element):
            name = etree.QName(node).localname
            if name in _ACTING:
                raise BadForm(
                    _("В бланката има вложен обект или бутон. Изтрийте го; картините се вмъкват като картина.")
                )
            if name == "mailMerge":
                raise BadForm(
                    _(
                        "Бланката взема данни за циркулярни писма. В Word изберете „Пощенски пратки“, „Стартиране на "
                        "циркулярни документи“, „Нормален документ на Word“ и я запишете."
                    )
                )
            if name in ("ins", "del", "moveFrom", "moveTo"):
                raise BadForm(
                    _("В бланката има отбелязани промени. Приемете ги в Word: „Преглед“, „Приемане на всички“.")
                )
            if any(etree.QName(key).localname in ("src", "href") for key in node.attrib):
                raise BadForm(_FROM_ELSEWHERE)
        for instruction in _instructions(story):
            if not _WORD_FIELDS.match(instruction.strip()):
                raise BadForm(
                    _(
                        "В бланката има поле на Word „{text}“, което не може да се използва. Изтрийте го; позволени са "
                        "номерата на страници и датата."
                    ).format(text=instruction.strip()[:40])
                )


_FROM_ELSEWHERE = (
    "В бланката има картина или файл, които се вземат от друго място. Изтрийте ги и вмъкнете картината във файла: "
    "„Вмъкване“, „Картини“, „Това устройство“."
)


def _beside(parts: Sequence[Part]) -> Iterator[Element]:
    """What is no text of the form and can act as well: footnotes with their fields, settings that ask for data."""
    for part in parts:
        if part.content_type.endswith((".footnotes+xml", ".endnotes+xml", ".settings+xml")):
            try:
                yield parse_xml(part.blob)
            except _BROKEN:
                raise BadForm(_(_NOT_WORD).format(save_as=_(_SAVE_AS))) from None


def _forget_template(part: Part, key: str) -> None:
    del part.rels[key]
    element: Element = getattr(part, "element", None)
    if element is not None:
        for node in element.findall(qn("w:attachedTemplate")):
            element.remove(node)


def _instructions(story: Element) -> Iterator[str]:
    """What Word's own fields ask for, also of fields within fields."""
    yield from (node.get(qn("w:instr"), "") for node in story.iter(qn("w:fldSimple")))
    open_fields: list[str] = []
    for node in story.iter(qn("w:fldChar"), qn("w:instrText")):
        if node.tag == qn("w:instrText"):
            if not open_fields:
                yield node.text or ""
            else:
                open_fields[-1] += node.text or ""
        elif node.get(qn("w:fldCharType")) == "begin":
            open_fields.append("")
        elif node.get(qn("w:fldCharType")) == "end" and open_fields:
            yield open_fields.pop()
    yield from open_fields


def _misplaced(error: Misplaced) -> str:
    return _(
        "Частта от {mark} до нейния край не е цяла. Двете стоят сами на ред, в клетките на един ред от "
        "таблица или в едно изречение."
    ).format(mark=error)


class _Fields:
    """The fields of a document held against those a form is given."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.used: set[tuple[str, ...]] = set()

    def faults(self, made: Doc) -> list[str]:
        """What is wrong with them, a sentence each."""
        texts = [text for story in stories(made) for _where, text in lines(story)]
        if sum(len(FIELD.findall(text)) for text in texts) > _MOST_FIELDS:
            return [
                _("В бланката има повече от {most} полета. Оставете тези, които са нужни.").format(most=_MOST_FIELDS)
            ]
        known = {field.name: field for field in self.form.fields}
        for text in texts:
            rest = FIELD.sub("", text)
            if "{{" in rest or "}}" in rest:
                return [
                    _("В реда „{text}“ има поле без „}}}}“ или без „{{{{“. Допишете го.").format(text=rest.strip()[:60])
                ]
        faults = []
        for story in stories(made):
            mark_fields(story)
            faults += self._walk(marks(story), known, ())
        return faults or [*self._missing(self.form.fields, ())]

    def _walk(
        self, fields: Sequence[tuple[Element, Mark]], known: Mapping[str, Field], within: tuple[str, ...]
    ) -> Iterator[str]:
        at = 0
        while at < len(fields):
            run, mark = fields[at]
            at += 1
            field = known.get(mark.name)
            if field is None:
                yield self._unknown(mark, known)
            elif mark.command == "end":
                yield _("{mark} няма начало. Допишете {begin} пред него или го изтрийте.").format(
                    mark=mark, begin=Mark("each", mark.name)
                )
            elif mark.command:
                end = ending(fields, at - 1)
                if end is None:
                    yield _("{mark} няма край. Допишете {end}.").format(mark=mark, end=Mark("end", mark.name))
                    continue
                try:
                    part_between(run, fields[end][0])
                except Misplaced as error:
                    yield _misplaced(error)
                inside = known
                path = within
                if mark.command == "each":
                    self.used.add((*within, mark.name))
                    if field.kind == "list":
                        # A list within another is one of its own: what is printed cannot grow without bound.
                        inside = {one.name: one for one in known.values() if one.kind == "text"}
                        inside |= {one.name: one for one in field.fields}
                        path = (*within, mark.name)
                yield from self._walk(fields[at:end], inside, path)
                at = end + 1
            elif field.kind == "list":
                yield _("{mark} е списък. Напишете {begin} … {end}.").format(
                    mark=mark, begin=Mark("each", mark.name), end=Mark("end", mark.name)
                )
            elif field.kind == "table" and not is_alone(run):
                yield _("{mark} е таблица. Оставете полето само на ред.").format(mark=mark)
            else:
                self.used.add((*within, mark.name))

    def _unknown(self, mark: Mark, known: Mapping[str, Field]) -> str:
        anywhere = {*_names(self.form.fields)}
        if mark.name in anywhere:
            return _(
                "{mark} не може да стои тук: полето е от списък. Преместете го между началото и края на списъка си."
            ).format(mark=mark)
        near = process.extractOne(mark.name, [*known], score_cutoff=70)
        meant = _(" Може би е {mark}.").format(mark=Mark(mark.command, near[0])) if near else ""
        return _("Няма поле {mark}.{meant} Поправете го; всички полета са в списъка под бланката.").format(
            mark=mark, meant=meant
        )

    def _missing(self, fields: Sequence[Field], within: tuple[str, ...]) -> Iterator[str]:
        for field in fields:
            path = (*within, field.name)
            if path in self.used:
                yield from self._missing(field.fields, path)
            elif field.required and field.kind == "list":
                begin, end = Mark("each", field.name), Mark("end", field.name)
                yield _("Липсва {begin} … {end} – {meaning}. Без него документът не е цял; върнете го.").format(
                    begin=begin, end=end, meaning=_(field.meaning)
                )
            elif field.required:
                yield _("Липсва {mark} – {meaning}. Без него документът не е цял; върнете го.").format(
                    mark=Mark("", field.name), meaning=_(field.meaning)
                )


def _names(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        yield field.name
        yield from _names(field.fields)
