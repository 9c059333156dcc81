"""What is written over in a text, and what a person may not type."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.errors import ObhvatError
from obhvat.privacy import MACROS, mask, refuse_personal, scrub, without_ids


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(MACROS)
        yield connection


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12345678", "12345678"),
        ("123456789", "••••••••••"),
        ("7501010010.csv", "••••••••••.csv"),
        ("1400842_2025_10_File.txt", "1400842_2025_10_File.txt"),
    ],
)
def test_digits_as_long_as_an_identifier_are_hidden(text, shown):
    assert without_ids(text) == shown


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ЕГН 7501010010.", "ЕГН ••••••••••."),
        ("12345678 остава", "12345678 остава"),
        ("Мария Иванова Петрова, майка", "[име], майка"),
        ("при Иван Петров Стоянски.", "при [име]."),
        ("училище „Христо Ботев“", "училище „Христо Ботев“"),
    ],
)
def test_free_text_is_scrubbed(text, left):
    assert scrub(text) == left


def test_two_characters_of_an_identifier_are_shown(connection):
    assert mask(" 7501010010") == "75••••••••"
    assert connection.execute("select mask('7501010010')").fetchall() == [("75••••••••",)]


words = st.sampled_from(
    ["Иван", "Петров", "Стоянски", "Мария", "Иванова", "ЕГН", "120101123", "٣٣٣٣٣٣٣٣٣", "1", ",", "а", "„Ян“"]
)


@given(st.lists(words | st.text(max_size=3)), st.sampled_from([" ", "", "\n"]))
def test_a_text_is_scrubbed_the_same_in_a_statement(connection, parts, between):
    text = between.join(parts)
    [(in_sql,)] = connection.execute("select scrub($text)", {"text": text}).fetchall()
    assert scrub(text) == in_sql


def test_a_school_called_after_a_person_is_no_person():
    refuse_personal("в СУ „Петко Рачов Славейков“ на 05.02.2024", "Бележка")
    with pytest.raises(ObhvatError, match=r"^В „Бележка“ има имена на човек\."):
        refuse_personal("Петко Рачов Славейков", "Бележка")
