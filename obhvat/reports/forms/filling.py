"""Filling in a Word form: fields stand in double braces where a person typed them.

    {{ председател }}                            gives place to its text, in the type it was typed in
    {{ начало решения }} … {{ край решения }}    is repeated for each of a list; for a text, stays when there is one
    {{ няма решения }} … {{ край решения }}      stays when there are none

A repeated part is whole paragraphs between two lines that hold nothing else, rows of a table, or words of a line. A
form can name what it is given and repeat it, and nothing else: there is no expression that could compute, call or open
anything (docxtpl would run Jinja, which any form could use to run commands, over XML changed by patterns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from docx.document import Document as Doc
from docx.oxml.ns import qn
from docx.parts.story import StoryPart
from docx.text.run import Run

from obhvat.reports import word
from obhvat.texts import printable

Value = str | word.Table | Sequence[Mapping[str, "Value"]]
"""What a field is given: a text, a table, or a list of the same fields."""

# Elements of lxml: their types are made while it runs.
Element = Any

FIELD = re.compile(r"\{\{([^{}]{1,80})\}\}")
_COMMANDS: Mapping[str, Literal["each", "none", "end"]] = {"начало": "each", "няма": "none", "край": "end"}
# Our own marks on a run that is a field, on the fields at the ends of a repeated part, on a line that had fields.
_NAME, _EDGE, _LINE = "obhvat-field", "obhvat-edge", "obhvat-line"
_DRAWN = tuple(map(qn, ("w:drawing", "w:pict", "w:br", "w:tab", "w:sectPr", "w:fldChar", "w:fldSimple", "w:sym")))


class Misplaced(Exception):
    """A part of a form whose beginning and end do not enclose whole lines, rows or words."""


@dataclass(frozen=True)
class Mark:
    """What is written in double braces: a field's name, and whether a part of it begins or ends."""

    command: Literal["", "each", "none", "end"]
    name: str

    def __str__(self) -> str:
        word_of = {command: text for text, command in _COMMANDS.items()}
        return f"{{{{ {' '.join(filter(None, (word_of.get(self.command), self.name)))} }}}}"


def mark_of(text: str) -> Mark:
    """„начало  Решения“ begins the part of „решения“: blanks and capital letters that Word makes do not matter."""
    first, *rest = text.casefold().split() or [""]
    return Mark(_COMMANDS[first], " ".join(rest)) if rest and first in _COMMANDS else Mark("", " ".join([first, *rest]))


def stories(made: Doc) -> list[Element]:
    """Where text of a document stands: its body, its headers and its footers."""
    parts = made.part.package.iter_parts()
    return [part.element for part in parts if isinstance(part, StoryPart)]


def lines(story: Element) -> Iterator[tuple[Element, str]]:
    """Paragraphs with their own text, without that of a text box within them."""
    for paragraph in story.iter(qn("w:p")):
        yield paragraph, "".join(text.text or "" for text in _texts(paragraph))


def fill(made: Doc, values: Mapping[str, Value]) -> None:
    """Fill in a form in place. A field that is not among `values` stays as it was typed.

    Raises Misplaced.
    """
    for story in stories(made):
        mark_fields(story)
        _fill(story, values)
        _tidy(story)


def mark_fields(story: Element) -> None:
    """Put every field in a run of its own, whatever Word split it into, and mark it: what is filled in later is never
    taken for a field."""
    for paragraph, text in [*lines(story)]:
        if "{{" in text:
            paragraph.set(_LINE, "")
            # From the last: what stands before it keeps its place.
            for found in reversed([*FIELD.finditer(text)]):
                _part(_texts(paragraph), found.start(), found.end()).set(_NAME, found.group(1))


def marks(story: Element) -> list[tuple[Element, Mark]]:
    """The fields that were marked, in their order."""
    return [(run, mark_of(run.get(_NAME))) for run in story.iter(qn("w:r")) if run.get(_NAME) is not None]


def ending(fields: Sequence[tuple[Element, Mark]], at: int) -> int | None:
    """Where the part that begins at a place ends; None when it does not."""
    depth = 0
    for n, (_, mark) in enumerate(fields[at:], start=at):
        if mark.name == fields[at][1].name and mark.command:
            depth += -1 if mark.command == "end" else 1
            if not depth:
                return n
    return None


def part_between(first: Element, last: Element) -> tuple[list[Element], list[Element]]:
    """What is repeated between two fields, and what of the document gives place to it. Raises Misplaced."""
    if first.getparent() is last.getparent():
        whole = _between(first, last)
        return whole[1:-1], whole
    above = {id(node): node for node in last.iterancestors()}
    common = next(node for node in first.iterancestors() if id(node) in above)
    if common.tag == qn("w:tr"):
        return [common], [common]
    a, b = (next(node for node in _up(run) if node.getparent() is common) for run in (first, last))
    whole = _between(a, b)
    if common.tag == qn("w:tbl"):
        return whole, whole
    alone = all(p.tag == qn("w:p") and _only(p, run) for p, run in ((a, first), (b, last)))
    if not alone:
        raise Misplaced(str(mark_of(first.get(_NAME))))
    return whole[1:-1], whole


def is_alone(run: Element) -> bool:
    """Whether a field is all that stands in its paragraph."""
    paragraph = run.getparent()
    return paragraph.tag == qn("w:p") and _only(paragraph, run)


def _only(paragraph: Element, run: Element) -> bool:
    rest = (text for text in _texts(paragraph) if text.getparent() is not run)
    return not "".join(text.text or "" for text in rest).strip()


def _up(node: Element) -> Iterator[Element]:
    yield node
    yield from node.iterancestors()


def _between(first: Element, last: Element) -> list[Element]:
    parent = first.getparent()
    return list(parent)[parent.index(first) : parent.index(last) + 1]


def _texts(paragraph: Element) -> list[Element]:
    return [t for t in paragraph.iter(qn("w:t")) if next(t.iterancestors(qn("w:p"))) is paragraph]


def _part(texts: Sequence[Element], start: int, end: int) -> Element:
    """The letters from `start` to `end` of a paragraph as a run of their own."""
    at, pieces = 0, []
    for text in texts:
        length = len(text.text or "")
        if at < end and at + length > start:
            pieces.append((text, max(start - at, 0), min(end - at, length)))
        at += length
    (text, first, last), *more = pieces
    for other, _, cut in more:
        _write(other, other.text[cut:])
    run = text.getparent()
    field, after = _like(run), _like(run)
    rest = deepcopy(text)
    _write(rest, text.text[last:])
    after.extend([rest, *text.itersiblings()])
    _write(text, text.text[:first])
    run.addnext(field)
    field.addnext(after)
    return field


def _like(run: Element) -> Element:
    """An empty run in the same type."""
    made = run.makeelement(run.tag)
    if (how := run.find(qn("w:rPr"))) is not None:
        made.append(deepcopy(how))
    return made


def _write(text: Element, words: str) -> None:
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _fill(root: Element, values: Mapping[str, Value]) -> None:
    while begun := next(((n, f) for n, f in enumerate(marks(root)) if f[1].command in ("each", "none")), None):
        fields, (at, (first, mark)) = marks(root), begun
        end = ending(fields, at)
        if end is None:
            raise Misplaced(str(mark))
        last = fields[end][0]
        inner, outer = part_between(first, last)
        first.set(_EDGE, ""), last.set(_EDGE, "")
        place = outer[0]
        for more in _times(mark, values.get(mark.name, "")):
            copy = root.makeelement("part")
            copy.extend(deepcopy(node) for node in inner)
            for edge in [run for run in copy.iter(qn("w:r")) if run.get(_EDGE) is not None]:
                edge.getparent().remove(edge)
            _fill(copy, {**values, **more})
            for node in [*copy]:
                place.addprevious(node)
        for node in outer:
            node.getparent().remove(node)
    for run, mark in marks(root):
        del run.attrib[_NAME]
        _put(run, values.get(mark.name, str(mark)))


def _times(mark: Mark, value: Value) -> Sequence[Mapping[str, Value]]:
    """The fields of each repetition of a part."""
    if mark.command == "none":
        return [] if value else [{}]
    if isinstance(value, str | word.Table):
        return [{}] if value else []
    return value


def _put(run: Element, value: Value) -> None:
    if isinstance(value, word.Table):
        paragraph = next(run.iterancestors(qn("w:p")))
        run.getparent().remove(run)
        if value:
            paragraph.addprevious(word.grid(value))
            # It parts the table from what follows: two tables that touch are one.
            del paragraph.attrib[_LINE]
    else:
        Run(run, None).text = printable(value if isinstance(value, str) else "")  # ty: ignore[invalid-argument-type]


def _tidy(story: Element) -> None:
    """Take out what is empty once it is filled in: lines, tables of which only the captions are left."""
    for paragraph in [p for p in story.iter(qn("w:p")) if p.get(_LINE) is not None]:
        del paragraph.attrib[_LINE]
        if any(text.text for text in paragraph.iter(qn("w:t"))) or any(True for _ in paragraph.iter(*_DRAWN)):
            continue
        before, after = paragraph.getprevious(), paragraph.getnext()
        # Two tables that touch are one.
        if before is None or after is None or not before.tag == after.tag == qn("w:tbl"):
            paragraph.getparent().remove(paragraph)
    for table in [*story.iter(qn("w:tbl"))]:
        if all(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.iterchildren(qn("w:tr"))):
            table.getparent().remove(table)
    # A cell, a header and a text box end with a paragraph.
    for box in story.iter(*map(qn, ("w:tc", "w:hdr", "w:ftr", "w:txbxContent"))):
        if not len(box) or box[-1].tag != qn("w:p"):
            box.append(box.makeelement(qn("w:p")))
