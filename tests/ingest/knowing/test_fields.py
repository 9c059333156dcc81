"""What a table is about, and which column becomes which field."""

from __future__ import annotations

import pytest
from drops import ABSENCES_HEAD, CASES_HEAD, absence, case, register, staged, table

from obhvat.datasets import NAMES, dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest.knowing.fields import Recognition, looks_like_id, recognise
from obhvat.ingest.reading.table import find_tables
from obhvat.ingest.reading.text import read_text


def known(head: str, *rows: str, name: str = "файл.csv", sheet: str = "") -> Recognition:
    return recognise(find_tables(read_text("\n".join([head, *rows]).encode()))[0], name, sheet)


@pytest.mark.parametrize("name", NAMES)
def test_every_synonym_of_a_caption_is_understood(name):
    wanted = dataset(name)
    captions = [f.caption for f in wanted.printed]
    row = "\t".join(f.examples[0] for f in wanted.printed)
    missed = []
    for n, f in enumerate(wanted.printed):
        for synonym in f.synonyms:
            found = known("\t".join([*captions[:n], synonym, *captions[n + 1 :]]), row, name=f"{wanted.file_stem}.csv")
            if found.dataset.name != name or found.columns[n].field != f.name:
                missed.append((f.name, synonym, found.dataset.name, found.columns[n].field))
    assert missed == []


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda c: f"  {c} :", lambda c: c.replace(" ", "_")])
def test_case_blanks_and_punctuation_of_a_caption_do_not_matter(change):
    head = ";".join(change(c) for c in ABSENCES_HEAD.split(";"))
    assert [c.field for c in known(head, absence("дете-1")).columns] == [
        "school",
        "school_year",
        "month",
        "pupil",
        "grade",
        "class_name",
        "excused",
        "unexcused",
    ]


def test_latin_letters_that_look_cyrillic_do_not_matter():
    head = CASES_HEAD.replace("Статус", "Cтaтуc").replace("Категория", "Kатегopия")
    assert {c.use for c in known(head, case("КГ-1")).columns} == {"field"}


def test_the_printed_caption_wins_over_a_synonym():
    found = known(f"Уважителни;{ABSENCES_HEAD}", "9;" + absence("дете-1"))
    assert (found.columns[0].use, found.index_of("excused")) == ("unused", 7)


def test_the_name_of_the_file_decides_between_equal_captions():
    head = "Община;Месец;Вид;Семейства;Покани;Докладни"
    row = "Каменград;10.2023;училище;21;1;2"
    assert known(head, row, name="помощи.csv").dataset.name == "benefits"


def test_the_name_of_the_sheet_decides_too():
    head = "Община;Месец;Вид;Семейства;Покани;Докладни"
    row = "Каменград;10.2023;училище;21;1;2"
    assert known(head, row, name="октомври.xlsx", sheet="Санкции").dataset.name == "sanctions"


def test_a_missing_required_column_is_named():
    with pytest.raises(UnreadableFile) as told:
        known("Код по НЕИСПУО;Месец;ЕГН;Випуск;По уважителни причини", "9000101;10.2023;дете-1;7;0")
    assert str(told.value) == (
        "Прилича на „Отсъствия“, но липсва колоната „По неуважителни причини“. Добавете я и качете файла отново."
    )


def test_a_table_of_something_else_is_refused_with_its_captions():
    with pytest.raises(UnreadableFile) as told:
        known("Община;Клас;температура", "Каменград;7;21,5")
    assert str(told.value).startswith(
        "Не познах какво съдържа файлът по заглавията на колоните: „Община“, „Клас“ и „температура“."
    )


@pytest.mark.parametrize(
    ("cells", "looks"),
    [
        (["7501010010"], True),
        (["42100012.0"], False),
        (["742100012"], True),
        (["9000101", "9000102"], False),
        (["", "", "7501010010"], True),
        (["7501010010", "а", "б", "в"], False),
        (["7501010010", "а", "б"], True),
        ([], False),
    ],
)
def test_a_column_that_looks_like_identifiers(cells, looks):
    assert looks_like_id([[c] for c in cells], 0) is looks


SLOPPY = (
    "kodNEISPUO;uchebna_godina;mesec;egn;vipusk;paralelka;po_uvazhitelni_prichini;PoNeuvajitelniPrichini;Ime;familiq"
)


def test_a_table_whose_captions_are_in_latin_letters_is_known(read):
    row = "9000101;2023/2024;10;примерен-1;7;7а;0;3;Анна;Тестова"
    upload = read(register(), table(SLOPPY, row, name="otsastvia.csv"))
    report = upload.files[1]
    assert (report.refused, report.dataset and report.dataset.name, report.rows_good) == (None, "absences", 1)
    assert [c.caption for c in report.columns if c.use == "personal"] == ["Ime", "familiq"]
    assert staged(upload, "absences", "school, grade, class_name, unexcused") == [("9000101", 7, "7а", 3)]


def test_a_register_in_latin_letters_is_the_register(read):
    upload = read(
        table("kod;ime_na_institutsiya;tip;obshtina;naseleno_mqsto", "9000101;ОУ „Пример“;основно;Каменград;Каменград")
    )
    [report] = upload.files
    assert (report.layout, report.rows_good) == ("register", 1)
    assert staged(upload, "schools", "code, kind, municipality, settlement") == [
        ("9000101", "basic", "Каменград", "Каменград")
    ]


def test_what_is_lacking_is_named_in_a_table_with_latin_captions(read):
    [report] = read(table("nomer_na_sluchaq;kategoriya;obshtina;status", "1;отпаднал;Каменград;в работа")).files
    assert report.refused is not None
    assert report.refused.startswith("Прилича на „Случаи“, но липс")


def test_a_month_in_latin_letters_is_a_month_too(read):
    """Without the code it is absences of a month that lack it, not those of a term."""
    [report] = read(table(SLOPPY.replace("kodNEISPUO;", ""), "2023/2024;10;примерен-1;7;7а;0;3;Анна;Тестова")).files
    assert report.refused is not None
    assert report.refused.startswith("Прилича на „Отсъствия“, но липсва колоната „Код по НЕИСПУО“.")


@pytest.mark.parametrize(
    "head",
    ["Община;Училище;Клас;ЕГН;Месец;Извинени;Неизвинени", "Obshtina;Uchilishte;Klas;EGN;Mesec;Izvineni;Neizvineni"],
)
def test_a_table_of_which_most_would_be_passed_over_is_not_taken_for_another(read, head):
    """Municipality and month are all that fines need."""
    [report] = read(table(head, "Каменград;ОУ „Пример“;7;примерен-1;10.2023;0;3")).files
    assert report.refused is not None
    assert report.refused.startswith("Прилича на „Отсъствия“, но липсва колоната „Код по НЕИСПУО“.")


def test_what_is_understood_of_latin_captions_is_named_in_the_answer(read):
    head, row = "obshtina;tip;uchilishte;paralelka;egn;mesec;otsastvia", "А;основно;ОУ;7а;п-1;10.2023;3"
    [report] = read(table(head, row)).files
    assert report.refused is not None
    assert report.refused.startswith("Не познах какво съдържа файлът по заглавията на колоните: „obshtina“, „tip“")
    assert report.table is not None
