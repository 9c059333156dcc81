"""What is written over in a text, and what a person may not type."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from obhvat.errors import ObhvatError
from obhvat.privacy import MASK, LooksLikeName, ask_about_names, mask, refuse_numbers, scrub, without_ids


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(MASK)
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


@pytest.mark.parametrize("text", ["в СУ „Петко Рачов Славейков“ на 05.02.2024", "код 1400842", "Заповед № РД-09-12"])
def test_dates_codes_and_schools_called_after_people_may_be_typed(text):
    refuse_numbers(text, "Бележка")
    assert ask_about_names([text], ()) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ЕГН 7501010010", "число, което прилича на ЕГН"),
        ("тел. 0888 123 457", "число, което прилича на ЕГН"),
        ("m@x.bg", "електронен адрес"),
    ],
)
def test_identifiers_phones_and_mail_may_not_be_typed(text, why):
    with pytest.raises(ObhvatError, match=rf"^В „Бележка“ има {why}"):
        refuse_numbers(text, "Бележка")


def test_what_looks_like_a_name_is_asked_about_until_it_is_confirmed():
    texts = ["обход на Рошманов и Тодоров", "среща с Петър"]
    with pytest.raises(LooksLikeName) as asked:
        ask_about_names(texts, ["Петър"])
    assert asked.value.names == ("Рошманов", "Тодоров", "Петър")
    assert "Прилича на име на човек: „Рошманов“, „Тодоров“ и „Петър“. Ако е улица, училище" in str(asked.value)
    assert ask_about_names(texts, asked.value.names) == ["Рошманов", "Тодоров", "Петър"]
