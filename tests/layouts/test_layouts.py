"""Files whose form is fixed by others are known without asking."""

from __future__ import annotations

import pytest

from obhvat.datasets import dataset
from obhvat.layouts import NAMES, all_layouts, layout

NATIONAL = ["1400842", "2025", "10", "", "0849000001", "Диана", "Лазарова", "Митева"]
NATIONAL += ["08", "2", "1", "8б", "", "", "0.00", "1.50"]
SHORT = NATIONAL[:15]


def test_an_unknown_layout_is_a_key_error():
    with pytest.raises(KeyError):
        layout("diary")


def test_every_column_of_a_layout_is_a_field_of_its_dataset():
    unknown = [
        (x.name, c.field) for x in all_layouts() for c in x.columns if c.field and c.field not in dataset(x.dataset)
    ]
    assert unknown == []


@pytest.mark.parametrize("name", NAMES)
def test_every_layout_has_a_title(name):
    assert layout(name).title


def test_the_national_file_has_sixteen_fields_and_three_of_them_are_names():
    national = layout("neispuo_absences")
    assert (len(national.columns), sum(c.personal for c in national.columns), national.delimiter) == (16, 3, "|")


@pytest.mark.parametrize(
    ("rows", "fits"),
    [
        ([NATIONAL], True),
        ([NATIONAL] * 3 + [SHORT] * 2, True),
        ([NATIONAL] * 2 + [SHORT] * 3, False),
        ([SHORT], False),
        ([["x", *NATIONAL[1:]]], False),
        ([], False),
    ],
)
def test_most_rows_must_look_like_the_national_file(rows, fits):
    assert layout("neispuo_absences").fits_cells(rows) is fits


def test_the_register_is_never_known_by_its_cells():
    assert layout("register").fits_cells([NATIONAL]) is False


@pytest.mark.parametrize(
    ("header", "fits"),
    [
        (["Код по НЕИСПУО", "Наименование", "Община", "Населено място"], True),
        (["Населено място", "Име на училище/детска градина", "№", "Община", "код"], True),
        (["neispuo_code", "name", "municipality"], True),
        (["Код по НЕИСПУО", "Наименование", "Населено място"], False),
        ([], False),
    ],
)
def test_the_register_is_known_by_its_captions_in_any_order(header, fits):
    assert bool(layout("register").fits_captions(header)) is fits


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("1400842_2025_10_File.txt", {"school": "1400842", "school_year": "2025", "month": "10"}),
        ("140084_2023_9.csv", {"school": "140084", "school_year": "2023", "month": "9"}),
        ("1400842_2025_01_file.TXT", {"school": "1400842", "school_year": "2025", "month": "01"}),
        ("1400842_2025_13_File.txt", {}),
        ("1400842_2025_00_File.txt", {}),
        ("asp_export_1400842_2025_10.txt", {}),
        ("отсъствия.txt", {}),
    ],
)
def test_what_the_name_of_a_national_file_says(name, values):
    assert layout("neispuo_absences").from_file_name(name) == values


def test_the_name_of_a_register_says_nothing():
    assert layout("register").from_file_name("1400842_2025_10_File.txt") == {}
