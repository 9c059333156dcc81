"""The protocol of a forgetting: what was deleted, on what ground, by whom, and which copies still hold it."""

from __future__ import annotations

from collections.abc import Iterator

from obhvat.language import BULGARIAN, speaking
from obhvat.people.keeping import Protocol
from obhvat.reports import word
from obhvat.texts import counted, moment, number

TITLE = "Протокол за заличаване на данни"
_STAYS = (
    "Остават числата на заличените учебни години, закритите заседания с показаното в тях, решенията, проверките и "
    "обходите: в тях няма дете. Редовете са изтрити и файлът на базата е записан наново без тях."
)


def file_name(protocol: Protocol) -> str:
    """„протокол-заличаване-2026-11-26.docx“"""
    return f"протокол-заличаване-{protocol.at:%Y-%m-%d}.docx"


@speaking(BULGARIAN)
def protocol_text(protocol: Protocol) -> str:
    """The protocol as lines of text."""
    return "\n".join(_lines(protocol))


@speaking(BULGARIAN)
def protocol_document(protocol: Protocol) -> bytes:
    """The protocol as .docx, with room for a number and signatures."""
    made = word.new_document(TITLE)
    word.centred(made, TITLE.upper(), bold=True, size=14)
    word.centred(made, "№ …………… / …………… г.")
    word.paragraph(made, _when(protocol))
    rows = [(of.kind, of.of, number(of.n_rows), of.ground) for of in protocol.forgotten]
    word.table(made, ("Вид данни", "За кога", "Редове", "Основание и срок"), rows, (4.0, 3.4, 1.8, 7.3))
    word.paragraph(made, _STAYS)
    word.paragraph(made, _copies(protocol))
    word.points(made, protocol.copies)
    word.signatures(made, ("Заличил (име, длъжност, подпис)", "Началник на РУО (подпис и печат)"))
    return word.as_bytes(made)


def _lines(protocol: Protocol) -> Iterator[str]:
    yield f"{TITLE} № {protocol.entry_id}"
    yield _when(protocol)
    for of in protocol.forgotten:
        yield f"– {of.kind}, {of.of}: {counted(of.n_rows, 'ред')}. {of.ground}"
    yield _STAYS
    yield _copies(protocol)
    yield from (f"– {copy}" for copy in protocol.copies)


def _when(protocol: Protocol) -> str:
    return f"Заличено на {moment(protocol.at)} от {protocol.who}."


def _copies(protocol: Protocol) -> str:
    if not protocol.copies:
        return "До базата няма копия. Ако са правени другаде, те още държат заличеното: изтрийте ги."
    return (
        "Тези копия още държат заличеното, докато не бъдат изтрити; върнато копие го връща. Копия, направени другаде, "
        "програмата не знае."
    )
