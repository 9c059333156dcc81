"""Words of lists as people write them: taken where only one can be read so, offered where it is likely, returned with
the list otherwise."""

from __future__ import annotations

import pytest
from drops import ACTIONS_HEAD, CASES_HEAD, case, cases, faults, numbered, put, register, staged, staged_of, table
from viewers import expert

from obhvat.ingest import commit
from obhvat.store import Store
from obhvat.store.history import history

FULL_HEAD = f"{CASES_HEAD};Причина;Източник"


def places(*said: str):
    return cases(*(case(f"КГ-{n}", place) for n, place in enumerate(said)))


# All of a table are read in one drop, each in a file of its own.
PLAIN = (
    *("гр. Каменград", "гр.Каменград", "ГРАД КАМЕНГРАД", "Община Каменград", "общ.Каменград", "Каменград (общ.)"),
    *("Каменград, гр.", "община Каменград, обл. Примерна", "с. Извор, общ. Каменград", "Кaмeнград"),
    # In Latin letters.
    *("Kamengrad", "gr. Kamengrad", "obshtina Kamengrad", "KAMENGRAD"),
)


def test_a_municipality_with_its_kind_beside_it_or_in_latin_letters_is_plain(read):
    upload = read(register(), *numbered(places(said) for said in PLAIN))
    found = staged_of(upload, "cases", "municipality")
    assert {said: found.get(n) for n, said in enumerate(PLAIN, 1)} == {said: [("Каменград",)] for said in PLAIN}
    assert [report.unclear_words for report in upload.files[1:]] == [[]] * len(PLAIN)


OTHERWISE = (
    ("reason", "Социални причини", "social_family"),
    ("reason", "ПРИЧИНИ: семейни и социални", "social_family"),
    ("reason", "соц. причини", "social_family"),
    ("reason", "заминал в чужбина", "abroad"),
    ("source", "Училището", "school"),
    ("source", "А.С.П.", "social"),
    ("source", "MBP", "police"),
    ("source", "uchilishte", "school"),
    ("status", "v rabota", "in_work"),
    ("status", "неоткрит на адрес", "not_found"),
    ("status", "навършени 16", "aged_out"),
)


def line_of(**said: str) -> str:
    """A case on which these words are said."""
    row = {"status": "в работа", "reason": "", "source": "", "category": "отпаднал", "place": "Каменград"} | said
    line = case("КГ-1", row["place"], status=row["status"]).replace("отпаднал", row["category"])
    return f"{line};{row['reason']};{row['source']}"


def test_the_same_words_in_another_form_are_plain(read):
    files = (table(FULL_HEAD, line_of(**{field: said})) for field, said, _ in OTHERWISE)
    upload = read(register(), *numbered(files))
    found = staged_of(upload, "cases", "reason, source, status")
    fields = ("reason", "source", "status")
    for n, (field, said, code) in enumerate(OTHERWISE, 1):
        assert [row[fields.index(field)] for row in found[n]] == [code], said
        [note] = [note for note in upload.files[n].notes if note.startswith("Приети по смисъл")]
        assert f": „{said}“" in note


def test_words_that_are_taken_are_said_with_their_rows(read):
    upload = read(register(), places("гр. Каменград", "Ведрово", "гр. Каменград"))
    assert upload.files[1].notes == ["Приети по смисъл: „гр. Каменград“ е „Каменград“ (2 реда)."]


@pytest.mark.parametrize(
    ("said", "offers"),
    [("Каменграт", ("Каменград",)), ("Ведровво", ("Ведрово",)), ("с. Извор", ("Ведрово",)), ("Другаде", ())],
)
def test_a_slip_of_the_pen_and_a_village_are_offered_and_never_taken(read, said, offers):
    village = "Примерна;9000103;ОУ „Извор“;основно;Ведрово;с. Извор"
    upload = read(register(village), places("Каменград", said))
    assert staged(upload, "cases", "municipality") == [("Каменград",)]
    assert [word.offers for word in upload.files[1].unclear_words] == ([offers] if offers else [])
    assert faults(upload, 1) == [(3, "likely" if offers else "municipality")]


@pytest.mark.parametrize(
    ("kind", "contact", "of_kind", "of_contact"),
    [
        ("разговор по телефона", "да", "call", "made"),
        ("тел. разговор", "не е открита", "call", "not_found"),
        ("посещение на адреса", "не е осъществен", "visit", "not_found"),
    ],
)
def test_a_step_in_other_words(read, kind, contact, of_kind, of_contact):
    step = f"КГ-1;05.02.2024;Каменград;13.10.2023;{kind};{contact}"
    upload = read(register(), cases(case("КГ-1")), table(f"{ACTIONS_HEAD};Осъществен контакт", step))
    assert staged(upload, "actions", "kind, contact") == [(of_kind, of_contact)]


def test_an_opposite_is_neither_taken_nor_offered(read):
    files = (cases(case("КГ-1"), case("КГ-2", status=said)) for said in ("открит", "незавършил", "записан"))
    upload = read(register(), *numbered(files))
    found = staged_of(upload, "cases", "number")
    for n in (1, 2, 3):
        offered = {code for word in upload.files[n].unclear_words for code in word.offers}
        assert len(found[n]) == 1
        assert not offered & {"not_found", "unenrolled"}


WITHOUT = (
    ("status", "записан в чужбина"),
    ("status", "записан в областта"),
    ("category", "незаписан в VII клас"),
    ("category", "завършил 8 клас"),
    ("reason", "голям брой деца"),
    ("reason", "ваксиниран"),
    ("reason", "изследван"),
    ("place", "с. Каменград, обл. Другаде"),
)


def test_words_without_the_one_that_matters_are_not_taken(read):
    upload = read(register(), *numbered(table(FULL_HEAD, line_of(**{field: said})) for field, said in WITHOUT))
    assert staged_of(upload, "cases", "number") == {}
    assert {said: len(faults(upload, n)) for n, (_, said) in enumerate(WITHOUT, 1)} == {said: 1 for _, said in WITHOUT}


def test_several_institutions_in_a_cell(read):
    head = "№ на обхода;Дата;Община;Участвали институции;Посетени адреси"
    rows = [f"О-{n};05.02.2024;Каменград;{said};3" for n, said in enumerate(["РУО и училище", "МВР/ДСП, кмета"])]
    upload = read(register(), table(head, *rows))
    assert staged(upload, "rounds", "institutions") == [(["ruo", "school"],), (["police", "social", "municipality"],)]


def test_what_a_person_said_of_a_word_is_taken_for_all_rows_alike_and_remembered(read, store: Store):
    put(store, register())
    sent = places("Каменграт", "Каменграт", "Ведрово")
    [asked] = read(sent, store=store).files[0].unclear_words
    assert (asked.text, asked.n_rows, asked.likely) == ("Каменграт", 2, "„Каменград“")
    upload = read(sent, store=store, aliases={asked.said: asked.offers[0]})
    told = "„Каменграт“ е „Каменград“ (2 реда)."
    assert upload.files[0].notes == [f"Приети по отговор, който се помни: {told}"]
    commit(upload, store, expert())
    assert history(store).iloc[0]["doubts"].tolist() == [f"Приети по отговор: {told}"]
    again = read(places("Ведрово", "КАМЕНГРАТ"), store=store)
    assert staged(again, "cases", "municipality") == [("Ведрово",), ("Каменград",)]


def test_somebodys_name_is_not_asked_about(read):
    upload = read(register(), table(FULL_HEAD, f"{case('КГ-1')};;училище", f"{case('КГ-2')};;Иван Петров Иванов"))
    assert (upload.files[1].unclear_words, faults(upload, 1)) == ([], [(3, "enumeration")])
    assert "Петров" not in upload.rejected(1)["reason"][0]
