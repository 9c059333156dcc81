"""What is given to a child's parent: everything that the store holds about the child, as a workbook and as a text in
plain words; and the protocol of a request. No name and no identifier is in them: who signs writes it in by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from obhvat.cases.one_child import Held
from obhvat.language import BULGARIAN, speaking
from obhvat.people import ROLES
from obhvat.people.child_requests import ANSWERS, Request
from obhvat.people.keeping import BY_YEARS, default_kinds
from obhvat.reports import word
from obhvat.reports.tables import write_workbook
from obhvat.texts import MECHANISM, counted, listed, lowered, moment, number

TITLE = "Сведение за личните данни на дете"
_FOR = "Отнася се за: …………………………………………………………………………………… (попълва се на ръка: в базата няма имена и ЕГН)"
_NOTHING = "За това дете в базата няма данни."
_LONGEST_SHEET = 31


@speaking(BULGARIAN)
def child_workbook(held: Sequence[Held], at: datetime, who: str) -> bytes:
    """A sheet for each kind of data."""
    notes = "\n".join([f"{TITLE} по чл. 15 от Регламент (ЕС) 2016/679 (ОРЗД), {moment(at)}, {who}", _FOR])
    return write_workbook({each.title[:_LONGEST_SHEET]: each.rows for each in held}, notes, notes_first=True)


@speaking(BULGARIAN)
def child_document(
    held: Sequence[Held], years: Mapping[str, int], looks: Mapping[str, int], at: datetime, who: str
) -> bytes:
    """The same as .docx, with all that art. 15 asks to be told.

    `years`: for how many years kinds of data are kept, by their ids; `looks`: how many times the child was looked at,
    by role.
    """
    made = word.new_document(TITLE)
    word.centred(made, TITLE.upper(), bold=True, size=14)
    word.centred(made, "по чл. 15 от Регламент (ЕС) 2016/679 (ОРЗД)")
    word.paragraph(made, _FOR)
    for title, text in _told(years, looks):
        word.paragraph(made, f"{title}: {text}")
    word.heading(made, "Какво се пази")
    if not held:
        word.paragraph(made, _NOTHING)
    for each in held:
        word.heading(made, f"{each.title} ({counted(len(each.rows), 'ред')})")
        for line in _lines(each):
            word.paragraph(made, line)
    word.paragraph(made, f"Изготвено на {moment(at)} от {who}.")
    word.signatures(made, ("Изготвил (име, длъжност, подпис)",))
    return word.as_bytes(made)


def _lines(held: Held) -> Iterator[str]:
    """„– Месец: октомври 2023 г.; По неуважителни причини: 3. Откъде е: файл „…“, ред 2. Състояние: в сила.“"""
    for row in held.rows.to_dict("records"):
        *says, where, state = ((caption, value) for caption, value in row.items() if value is not None)
        told = "; ".join(f"{caption}: {value}" for caption, value in says)
        yield f"– {told}. {where[0]}: {where[1]}. {state[0]}: {state[1]}."


def _told(years: Mapping[str, int], looks: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What must be told beside the data."""
    yield (
        "Защо",
        (
            f"за {MECHANISM} (ПМС № 100/2018 г.), на основание чл. 6, пар. 1, б. „в“ и „д“ от ОРЗД: за да не остане "
            "дете извън училище"
        ),
    )
    yield (
        "Откъде",
        (
            "от месечните файлове и списъците на училищата и детските градини, от АСП, от регистрите на случаите на "
            "общините и РУО и от въведеното от експертите; при всеки ред е казано откъде е"
        ),
    )
    yield (
        "Как",
        (
            "вместо ЕГН, ЛНЧ или служебен номер се пази код, който без ключа на базата не води до детето; имена, "
            "адреси и телефони не се пазят. Правилата за риск само предлагат: решава човек"
        ),
    )
    whose = listed(lowered(role.name) for role in ROLES.values() if role.cases != "none")
    yield "Кой има достъп", f"{whose}, всеки само до децата, за които отговаря"
    if looks:
        by_role = listed(f"{lowered(ROLES[role].name)} – {number(n)}" for role, n in looks.items() if role in ROLES)
        yield "Колко пъти са гледани данните, сами или в списък", by_role
    terms = (
        f"{lowered(kind.name)} – {counted(years[kind.id], 'година')} от {kind.since}"
        for kind in default_kinds()
        if kind.id in BY_YEARS
    )
    yield "Докога", "; ".join(terms)
    yield (
        "Какво може да поискате",
        (
            "коригиране (на ред от файл – от училището или общината, която го е изпратила), изтриване, ограничаване на "
            "обработването или да възразите; може да подадете жалба до Комисията за защита на личните данни "
            "(www.cpdp.bg)"
        ),
    )


@speaking(BULGARIAN)
def request_document(request: Request) -> bytes:
    """The protocol of a request as .docx."""
    title = "Протокол по искане за данни на дете"
    made = word.new_document(title)
    word.centred(made, title.upper(), bold=True, size=14)
    word.centred(made, f"№ {request.entry_id} / {moment(request.at)}")
    word.paragraph(made, _FOR)
    rows = [
        ("Решение", ANSWERS[request.what]),
        ("Основание", request.ground),
        ("Причина", request.reason),
        ("Редове", number(request.n_rows)),
        ("Решил", request.who),
    ]
    word.table(made, ("", ""), rows, (4.0, 12.5))
    if request.what == "erased":
        word.paragraph(
            made,
            "Редовете за детето са изтрити и файлът на базата е записан наново без тях. Остават числата на закритите "
            "заседания: в тях няма дете. Нов файл, в който детето е, ще го върне: при качване програмата пита.",
        )
        if request.copies:
            word.paragraph(made, "Тези копия още държат изтритото, докато не бъдат изтрити; върнато копие го връща:")
            word.points(made, request.copies)
    word.signatures(made, ("Решил (име, длъжност, подпис)", "Началник на РУО (подпис и печат)"))
    return word.as_bytes(made)


def request_file_name(request: Request) -> str:
    """„протокол-искане-17-2026-11-26.docx“"""
    return f"протокол-искане-{request.entry_id}-{request.at:%Y-%m-%d}.docx"
