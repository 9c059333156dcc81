"""Children's data: identifiers become pseudonyms, names are dropped, and neither is kept or shown anywhere."""

from __future__ import annotations

import hashlib

import pytest
from drops import (
    ABSENCES_HEAD,
    CASES_HEAD,
    EGN,
    absence,
    absences,
    case,
    everything_kept,
    faults,
    put,
    refusals,
    register,
    staged,
    table,
)

from obhvat.errors import UnreadableFile
from obhvat.ingest import Source
from obhvat.ingest.knowing.plain_table import read_table
from obhvat.store import Store

NAMES = ("Радостин", "Златков", "Бързаков")
WITH_NAMES = f"Име;Презиме;Фамилия;{ABSENCES_HEAD}"


def named(row: str) -> str:
    return ";".join((*NAMES, row))


def pseudonym_by_hand(key: str, identifier: str) -> int:
    return int(hashlib.sha256(f"{key}:{identifier}".encode()).hexdigest()[:16], 16)


def test_an_identifier_becomes_its_keyed_hash(read, store):
    upload = read(absences(absence(EGN)), store=store)
    assert staged(upload, "absences", "pupil") == [(pseudonym_by_hand(store.key, EGN),)]


@pytest.mark.parametrize("written", ["42100012", "0042100012", "42100012.0", " 0042100012 "])
def test_an_egn_without_its_zeros_is_the_same_child(read, store, written):
    upload = read(absences(absence(written)), store=store)
    assert staged(upload, "absences", "pupil") == [(pseudonym_by_hand(store.key, "0042100012"),)]


def test_the_same_child_in_two_files_has_one_pseudonym(read, store):
    pupils = table("Код по НЕИСПУО;Към дата;ЕГН;Випуск", f"9000101;15.09.2023;{EGN};7", name="ученици.csv")
    upload = read(absences(absence(EGN)), pupils, store=store)
    assert staged(upload, "absences", "pupil") == staged(upload, "pupils", "pupil")


def test_another_key_gives_another_pseudonym(read, store, tmp_path):
    with Store(tmp_path / "other" / "obhvat.duckdb") as other:
        here, there = (read(absences(absence(EGN)), store=s) for s in (store, other))
        assert staged(here, "absences", "pupil") != staged(there, "absences", "pupil")


def test_without_a_store_the_key_is_thrown_away(read):
    first, second = (read(absences(absence(EGN))) for _ in range(2))
    assert staged(first, "absences", "pupil") != staged(second, "absences", "pupil")


def test_nothing_of_an_identifier_or_a_name_stays_in_staging(read):
    rows = (named(absence(EGN)), named(absence("7502020020", "-1")), named(absence("7503030030")) + ";")
    kept = everything_kept(read(table(WITH_NAMES, *rows)))
    assert "9000101" in kept
    assert [word for word in (EGN, "7502020020", "7503030030", *NAMES) if word in kept] == []


def test_an_identifier_is_masked_in_the_row_that_goes_back(read):
    upload = read(table(WITH_NAMES, named(absence("дете-1")), named(absence(EGN, "-1"))))
    [row] = upload.rejected_rows(0).values.tolist()
    assert row[:9] == [3, "", "", "", "9000101", "2023/2024", "10", "75••••••••", "7"]


def test_an_unreadable_identifier_is_masked_in_its_message(read):
    upload = read(absences(absence("дете-1"), absence("Радостин Златков")))
    assert upload.rejected(0)[["rule", "value", "reason"]].values.tolist() == [
        [
            "type",
            "Ра••••••••",
            "„Ра••••••••“ в „ЕГН/ЛНЧ“ не е идентификатор (ЕГН, ЛНЧ, ЛОН или местен номер). Поправете стойността.",
        ]
    ]


def test_a_preview_shows_no_pupils(read):
    preview = read(table(WITH_NAMES, named(absence(EGN)))).preview(0)
    assert list(preview.columns) == [
        "Ред",
        "Код по НЕИСПУО",
        "Месец",
        "Випуск",
        "Код на класа",
        "Код на групата",
        "Паралелка",
        "Дата на отписване",
        "По уважителни причини",
        "По неуважителни причини",
    ]


@pytest.mark.parametrize(
    "caption", ["Име", "ПРЕЗИМЕ", "Фамилия ", "Name 1", "Адрес", "Телефон", "e-mail", "Дата на раждане", "Етнос"]
)
def test_personal_columns_are_dropped_and_said_so(read, caption):
    report = read(table(f"{ABSENCES_HEAD};{caption}", absence("дете-1") + ";нещо лично")).files[0]
    assert report.columns[-1].use == "personal"
    assert f"Лични данни, които не се записват: „{caption.strip()}“." in report.notes


def test_cells_of_unknown_columns_do_not_go_back(read):
    upload = read(table(f"{ABSENCES_HEAD};Тел. на майката", absence("дете-1", "-1") + ";0888 123 456"))
    assert "0888 123 456" not in everything_kept(upload)


def test_a_kept_column_full_of_identifiers_refuses_the_file(read):
    rows = [case(f"750101001{n}") for n in range(6)]
    [refused] = refusals(read(table(CASES_HEAD, *rows, name="случаи.csv")))
    assert refused == (
        "Колоната „№ на случая“ съдържа числа, които приличат на ЕГН. Файлът не е прочетен. Премахнете ги "
        "или ги сложете в колона „ЕГН/ЛНЧ“, където се превръщат в псевдоним."
    )


def test_an_unknown_column_of_identifiers_is_hidden_and_said_so(read):
    report = read(table(f"{ABSENCES_HEAD};Служебно", f"{absence('дете-1')};{EGN}")).files[0]
    assert "Прилича на ЕГН и не се записва: „Служебно“." in report.notes


def test_one_identifier_in_a_column_of_text_is_refused_with_its_row(read):
    upload = read(table(CASES_HEAD, *(case(f"КГ-{n}") for n in range(8)), case(EGN), name="случаи.csv"))
    assert faults(upload) == [(10, "identifier")]
    assert EGN not in everything_kept(upload)


def test_identifiers_and_names_in_free_text_are_removed(read):
    head = f"{CASES_HEAD};Уточнение"
    text = f"бабата на Иван Петров Иванов, ЕГН {EGN}, се обади"
    upload = read(table(head, f"{case('КГ-1')};{text}", name="случаи.csv"))
    assert staged(upload, "cases", "reason_note") == [("бабата на [име], ЕГН ••••••••••, се обади",)]


def test_an_identifier_in_a_caption_is_hidden(read):
    report = read(table(f"{ABSENCES_HEAD};бележка за {EGN}", f"{absence('дете-1')};да")).files[0]
    assert report.columns[-1].caption == "бележка за ••••••••••"


def test_an_identifier_in_a_file_name_is_hidden(read):
    report = read(absences(absence("дете-1"), name=f"отсъствия {EGN}.csv")).files[0]
    assert report.name == "отсъствия ••••••••••.csv"


def test_names_of_a_list_without_captions_are_not_repeated_in_the_refusal(read):
    [refused] = refusals(read(Source("списък.csv", f"{';'.join(NAMES)}\nМария;Иванова;Колева\n".encode())))
    assert refused == (
        "Не познах какво съдържа файлът по заглавията на колоните на ред 1. "
        "Посочете какво е всяка колона или ги сравнете с образците в страница „Помощ“."
    )


def test_identifiers_reach_neither_the_store_nor_what_stands_beside_it(store):
    rows = (named(absence(EGN)), named(absence("7502020020", "-1")), named(absence("7503030030")) + ";")
    put(store, register(), table(WITH_NAMES, *rows, name=f"{EGN}.csv"))
    store.close()
    written = b"".join(p.read_bytes() for p in store.path.parent.iterdir())
    private = [word.encode() for word in (EGN, "7502020020", "7503030030", *NAMES)]
    assert [word for word in private if word in written] == []


def test_the_table_of_an_accepted_form_is_shown_masked():
    source = table(WITH_NAMES, named(absence(EGN)))
    assert read_table(source)[1] == [
        ["", "", "", "9000101", "2023/2024", "10", "75••••••••", "7", "7а", "0", "1"],
    ]


def test_the_table_of_an_unknown_form_is_shown_masked():
    source = table("нещо;Име;друго", f"{EGN};Радостин;обади се {EGN}", "7502020020;Мария;не")
    assert read_table(source)[1] == [
        ["75••••••••", "", "обади се ••••••••••"],
        ["75••••••••", "", "не"],
    ]


def test_a_sheet_that_is_not_there_is_named():
    with pytest.raises(UnreadableFile, match="Книгата не може да се отвори"):
        read_table(Source("x.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)), "Лист1")
