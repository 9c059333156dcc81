"""The letters out, opened again and counted once more from the rows as they were sent."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date, datetime

import pandas as pd
import pytest
from docx import Document
from recount.whole import Recount, total
from small_oblast import SCHOOLS, put, register

from obhvat.cases.terms import OWNERS, heading_of
from obhvat.datasets import dataset
from obhvat.disclosure import Audience, Disclosure
from obhvat.errors import ObhvatError
from obhvat.ingest import Source
from obhvat.meeting.checklist import checklist
from obhvat.meeting.letters import Letter, letters
from obhvat.meeting.prepared import About
from obhvat.people import ALONE
from obhvat.periods import Period
from obhvat.reports.letters import Sender, archive, file_name, letter_document, letter_text
from obhvat.scope import Scope
from obhvat.store import Store

TERM, HELD = Period(2023, "term", 1), date(2024, 3, 13)
SENDER = Sender("Каменград", "Областен управител", date(2024, 3, 13), date(2024, 3, 20))


def about(store: Store, audience: Audience = "internal", municipality: str | None = None) -> About:
    scope = Scope(municipality, None, store.now())
    return About(store, None, HELD, TERM, scope, Disclosure(store, audience))


def words(document: bytes) -> str:
    opened = Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells]).replace("\xa0", " ")


def rows_of(letter: Letter, title: str) -> list[tuple[str, ...]]:
    return [row for part in letter.parts if part.title == title for row in part.rows]


def test_letters_are_only_for_inside(demo_store: Store):
    with pytest.raises(ObhvatError, match="само във вътрешния изглед"):
        letters(about(demo_store, "members"), ALONE)


def test_who_sent_no_absences_is_written_to_and_nobody_else(demo_store: Store):
    made = letters(about(demo_store), ALONE).letters
    written = {
        next(line for line in letter.head if line.startswith("код"))[-7:]
        for letter in made
        if any("не са подадени" in row for row in rows_of(letter, "Неподадени и непотвърдени отсъствия"))
    }
    sent = demo_store.read(
        """
        select distinct slices.school, slices.period
        from slices
        where slices.dataset = 'absences' and slices.period between date '2023-09-01' and date '2024-01-01'
        """
    )
    months = Counter(sent["school"])
    schools = demo_store.read("select distinct code from schools where level in ('school', 'kindergarten')")["code"]
    assert written == {code for code in schools if months[code] == 0} == {"9004002"}
    assert max(months.values()) == 5


def test_the_findings_of_letters_are_those_of_the_rows_that_nobody_closed(demo_store: Store):
    made = letters(about(demo_store), ALONE).letters
    told = {row[0].split(" ")[1] for letter in made for row in rows_of(letter, "Неизпълнени препоръки от проверки")}
    raw = demo_store.read(
        """
        select number, school, date, kind, finding, recommendation, closed_on, repeat_of
        from inspections
        where date between date '2023-09-15' and date '2024-01-31'
        """
    )
    found = raw[(raw["finding"].fillna("") != "") | (raw["recommendation"].fillna("") != "")]
    undone = {
        row.number
        for row in found.itertuples()
        if not (row.closed_on <= pd.Timestamp(2024, 1, 31))
        and not (
            (raw["school"] == row.school)
            & (raw["date"] > row.date)
            & ((raw["repeat_of"] == row.number) | (raw["kind"] == row.kind))
        ).any()
    }
    assert told == undone
    assert len(told) == 6


def test_a_step_that_is_late_is_in_one_letter_of_whoever_owes_it(demo_store: Store):
    made = letters(about(demo_store), ALONE)
    told = [
        (letter.recipient, row[0])
        for letter in made.letters
        for row in rows_of(letter, "Стъпки по случаи с изтекъл срок")
    ]
    assert len({number for _, number in told}) == len(told) == 4 - made.unaddressed
    assert sorted(number for recipient, number in told if recipient == "РУО") == ["КГ-026", "ЯВ-004"]
    [step] = [i for i in checklist(about(demo_store)) if i.title == "Стъпки по случаите"]
    assert step.sentence.startswith("По 4 от 14 случая")


def test_of_the_awkward_oblast_every_late_step_and_open_finding_is_written_of_once(
    awkward_store: Store, awkward_recount: Recount
):
    made = letters(about(awkward_store), ALONE)
    counted = awkward_recount.at(awkward_recount.last).answers
    told: Counter[str] = Counter(school=made.unaddressed)
    findings = 0
    for letter in made.letters:
        owner = {heading_of(owner): owner for owner in OWNERS}.get(letter.recipient, "school")
        owner = "municipality" if letter.recipient.startswith("Община ") else owner
        told[owner] += len(rows_of(letter, "Стъпки по случаи с изтекъл срок"))
        findings += len(rows_of(letter, "Неизпълнени препоръки от проверки"))
    late = {owner: total(counted(TERM.key)[f"steps_overdue_{owner}"], 0).n for owner in OWNERS}
    assert {owner: n for owner, n in told.items() if n} == {owner: n for owner, n in late.items() if n}
    assert len([n for n in late.values() if n]) > 2
    assert findings > 1
    assert findings == total(counted("2023")["findings_open"], 0).n


def test_a_document_has_its_addressee_day_and_what_is_asked(demo_store: Store):
    [letter] = [one for one in letters(about(demo_store), ALONE).letters if "Росица" in one.recipient]
    said = words(letter_document(letter, SENDER))
    for part in (
        "ДО ДИРЕКТОРА НА ОУ „РОСИЦА“",
        "с. Бистрата, община Горун",
        "Изх. № …………………… / 13.03.2024 г.",
        "Моля за писмен отговор до 20.03.2024 г. Отговорът",
        "от септември 2023 г. до януари 2024 г.",
        "Областен управител: …",
    ):
        assert part in said
    assert "г.." not in said


def test_the_text_for_an_email_says_what_the_document_says(demo_store: Store):
    for letter in letters(about(demo_store), ALONE).letters:
        text, document = letter_text(letter, SENDER), words(letter_document(letter, SENDER))
        assert text.startswith("Относно: ")
        for part in letter.parts:
            assert part.request in text
            assert part.request in document
            for row in part.rows:
                assert [cell for cell in row if cell not in document or cell.removesuffix(".") not in text] == []


def test_no_letter_names_a_child_or_quotes_a_free_text_of_a_case(demo_store: Store):
    pupils = {p for (p,) in demo_store.rows("select pupil::varchar from pupils union select pupil::varchar from cases")}
    own = [text for (text,) in demo_store.rows("select distinct next_step from actions where next_step is not null")]
    text = "\n".join(letter_text(letter, SENDER) for letter in letters(about(demo_store), ALONE).letters)
    assert len(pupils) > 1000
    assert not any(word in pupils for word in text.split())
    made = letters(about(demo_store), ALONE).letters
    steps = [row[2] for letter in made for row in rows_of(letter, "Стъпки по случаи с изтекъл срок")]
    assert steps
    assert set(steps).isdisjoint(own)


def test_an_archive_has_a_document_a_letter_by_bulgarian_names(demo_store: Store):
    made = letters(about(demo_store), ALONE).letters
    with zipfile.ZipFile(io.BytesIO(archive(made, SENDER))) as opened:
        names = opened.namelist()
        assert opened.testzip() is None
    assert names == [file_name(letter, SENDER) for letter in made]
    assert "писмо-ОУ-Росица-с-Бистрата-2024-03-13.docx" in names


def test_two_letters_of_one_name_are_two_files(demo_store: Store):
    letter = letters(about(demo_store), ALONE).letters[0]
    with zipfile.ZipFile(io.BytesIO(archive([letter, letter], SENDER))) as opened:
        assert len(set(opened.namelist())) == 2


def test_every_recipient_has_a_letter_or_is_said_to_have_none(demo_store: Store):
    made = letters(about(demo_store), ALONE)
    assert {letter.recipient for letter in made.letters}.isdisjoint(made.without)
    [(institutions,)] = demo_store.rows(
        "select count(distinct code) from schools where level in ('school', 'kindergarten')"
    )
    [(municipalities,)] = demo_store.rows("select count(distinct municipality) from schools where level = 'school'")
    assert len(made.letters) + len(made.without) == institutions + municipalities + 10


def test_a_municipality_gets_only_its_own(demo_store: Store):
    made = letters(about(demo_store, municipality="Яворец"), ALONE).letters
    assert made
    assert {letter.municipality for letter in made} <= {"Яворец", ""}
    assert {row[1] for letter in made for row in rows_of(letter, "Стъпки по случаи с изтекъл срок")} == {"Яворец"}


def test_returned_rows_are_told_by_line_and_column_without_who_they_are_of(store: Store):
    put(store, register(), at=datetime(2024, 2, 1))
    school = next(iter(SCHOOLS))
    raw = (
        "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини\n"
        f"{school};2023/2024;01;дете-1;5;5а;0;-3\n"
        f"{school};2023/2024;01;дете-2;5;5а;0;2\n"
        f"{school};2023/2024;01;дете-3;5;5а;0;много\n"
    )
    put(store, Source("отсъствия.csv", raw.encode("utf-8")), at=datetime(2024, 2, 6))
    frame = pd.read_csv(io.StringIO(raw), sep=";", dtype=str)
    hours = pd.to_numeric(frame["По неуважителни причини"], errors="coerce")
    wrong = [n + 2 for n in frame.index[~(hours >= 0)]]
    made = letters(about(store), ALONE).letters
    rows = [row for letter in made for row in rows_of(letter, "Редове за поправка")]
    absences = dataset("absences")
    assert sorted(row[1] for row in rows) == [f"Ред {line}" for line in wrong]
    assert {row[2] for row in rows} == {absences["unexcused"].caption}
    text = "\n".join(letter_text(letter, SENDER) for letter in made)
    assert "не са приети 2 реда" in text
    assert not any(identifier in text for identifier in frame["ЕГН/ЛНЧ"])
