"""A caption in Latin letters, by the law or as people write, in CamelCase and with underscores."""

from __future__ import annotations

import pytest

from obhvat.datasets import all_datasets
from obhvat.datasets.latin import is_unusual, key, keys
from obhvat.datasets.personal import is_personal


@pytest.mark.parametrize(
    ("caption", "ways"),
    [
        ("Община", "obshtina obstina ob6tina Obshtina OBSHTINA obština"),
        ("Училище", "uchilishte u4ili6te uciliste UCHILISHTE"),
        ("Паралелка", "paralelka"),
        ("ЕГН", "egn EGN"),
        ("Месец", "mesets mesec Mesetz"),
        ("отсъствия", "otsastvia otsastviya otsustviq otsystvija otsystvia"),
        ("Населено място", "naseleno_myasto naseleno_mqsto NaselenoMyasto naselenoMiasto naseleno-masto НаселеноМясто"),
        ("Учебна година", "uchebna_godina UchebnaGodina u4ebnaGodina"),
        ("По неуважителни причини", "po_neuvazhitelni_prichini PoNeuvajitelniPrichini po-neuvazitelni-pricini"),
        ("Брой", "broy broi broj"),
        ("Възраст", "vazrast vuzrast vyzrast"),
        ("Фамилия", "familia familiya familiq"),
        ("Ключ", "klyuch kluch"),
        ("Код по НЕИСПУО", "kod_po_neispuo KodPoNEISPUO"),
        ("Вид", "vid wid"),
        ("Часове", "chasove 4asove"),
    ],
)
def test_a_caption_is_known_in_every_way_of_writing_it(caption, ways):
    assert [way for way in ways.split() if key(way) not in keys(caption)] == []


@pytest.mark.parametrize(("caption", "other"), [("Община", "oblast"), ("Вид", "vik"), ("Клас", "glas"), ("Код", "kot")])
def test_another_word_is_another_word(caption, other):
    assert key(other) not in keys(caption)


@pytest.mark.parametrize("dataset", all_datasets(), ids=lambda d: d.name)
def test_no_two_fields_of_a_dataset_are_written_alike(dataset):
    fields = [(k, f.name) for f in dataset.fields for k in f.keys]
    assert len({k for k, _ in fields}) == len(fields)


PERSONAL = "ime Familiya familiq adres telefon imeNaDeteto rojdena_data ime-na-uchenika Majka"


@pytest.mark.parametrize("caption", PERSONAL.split())
def test_names_and_addresses_are_dropped_in_latin_letters_too(caption):
    assert is_personal(caption)


def test_a_bulgarian_caption_as_it_is_printed_is_nothing_unusual():
    assert [f.caption for d in all_datasets() for f in d.fields if is_unusual(f.caption)] == []
