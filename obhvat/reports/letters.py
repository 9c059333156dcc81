"""The letters of the centre as Word documents, as texts for an e-mail, and all of them in one archive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from docx.enum.text import WD_ALIGN_PARAGRAPH

from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.letters import Letter
from obhvat.reports import word
from obhvat.texts import MECHANISM, day

# What no file system takes, and what would end a name of a file too early.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|„“,.\s]+')
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Sender:
    """Who writes, when, and by when an answer is asked for."""

    oblast: str | None
    signs: str
    """The official who signs, by post: „Областен управител“."""
    written_on: date
    answer_by: date


def file_name(letter: Letter, sender: Sender) -> str:
    """„писмо-ОУ-Росица-с-Извор-2024-03-13.docx“"""
    of = _NOT_IN_NAMES.sub("-", letter.recipient).strip("-")[:_LONGEST_NAME].strip("-")
    return f"писмо-{of}-{sender.written_on:%Y-%m-%d}.docx"


@speaking(BULGARIAN)
def letter_document(letter: Letter, sender: Sender) -> bytes:
    """A letter as .docx: letterhead, number and day, addressee, what is asked for with its tables, signature."""
    made = word.new_document(f"Писмо до {letter.recipient}")
    where = f" – ОБЛАСТ {sender.oblast.upper()}" if sender.oblast else ""
    word.centred(made, f"ОБЛАСТЕН КООРДИНАЦИОНЕН ЦЕНТЪР{where}", bold=True, size=13)
    word.centred(made, f"по {MECHANISM}", size=10)
    word.paragraph(made, f"Изх. № …………………… / {day(sender.written_on)}")
    for line in letter.head:
        address = made.add_paragraph()
        address.alignment = WD_ALIGN_PARAGRAPH.LEFT
        address.paragraph_format.left_indent = word.Cm(8.5)
        address.paragraph_format.space_after = word.Pt(0)
        address.add_run(word.printable(line)).bold = line == letter.head[0]
    made.add_paragraph()
    word.paragraph(made, f"Относно: {letter.subject}")
    word.heading(made, letter.opening)
    for part in letter.parts:
        if len(letter.parts) > 1:
            word.heading(made, f"{_number(letter, part.title)}{part.title}")
        word.paragraph(made, _tied(part.request))
        word.table(made, part.columns, [[_tied(cell) for cell in row] for row in part.rows])
    for line in _ending(sender):
        word.paragraph(made, line)
    word.paragraph(made, "С уважение,")
    word.signatures(made, (sender.signs,))
    return word.as_bytes(made)


@speaking(BULGARIAN)
def letter_text(letter: Letter, sender: Sender) -> str:
    """The same to be pasted into an e-mail: the subject in the first line, then the text."""
    lines = [f"Относно: {letter.subject}", "", _cased(letter.opening), ""]
    for part in letter.parts:
        lines += [f"{_number(letter, part.title)}{part.title}"] if len(letter.parts) > 1 else []
        lines += [part.request]
        lines += [f"– {'; '.join(_told(part.columns, row))}" for row in part.rows]
        lines.append("")
    where = f", област {sender.oblast}" if sender.oblast else ""
    lines += [*_ending(sender), "", "С уважение,", sender.signs, f"Областен координационен център{where}"]
    return "\n".join(lines)


@speaking(BULGARIAN)
def archive(letters: Iterable[Letter], sender: Sender) -> bytes:
    """All letters as a ZIP, a document each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        taken: set[str] = set()
        for letter in letters:
            name, n = file_name(letter, sender), 1
            while name.casefold() in taken:
                n += 1
                name = f"{file_name(letter, sender).removesuffix('.docx')}-{n}.docx"
            taken.add(name.casefold())
            zipped.writestr(name, letter_document(letter, sender))
    return out.getvalue()


def _ending(sender: Sender) -> tuple[str, ...]:
    return (
        f"Моля за писмен отговор до {day(sender.answer_by)} "
        "Отговорът Ви ще бъде докладван на следващото заседание на координационния център.",
        "В отговора си не посочвайте имена и ЕГН на деца и ученици.",
    )


def _tied(text: str) -> str:
    """A text in which „2024 г.“ and „№ 5“ stay on one line."""
    return text.replace(" г.", "\u00a0г.").replace("№ ", "№\u00a0")


def _number(letter: Letter, title: str) -> str:
    """„2. “ before a part."""
    return f"{[part.title for part in letter.parts].index(title) + 1}. "


def _told(columns: Iterable[str], row: Iterable[str]) -> Iterable[str]:
    """The cells of a row with their captions; one that ends its own sentence does not end the line's."""
    return (f"{caption}: {cell.removesuffix('.') if not cell.endswith('г.') else cell}"
            for caption, cell in zip(columns, row, strict=True))  # fmt: skip


def _cased(opening: str) -> str:
    """„УВАЖАЕМИ КОЛЕГИ,“ as an e-mail begins: „Уважаеми колеги,“."""
    words = opening.lower()
    return f"{words[0].upper()}{words[1:]}"
