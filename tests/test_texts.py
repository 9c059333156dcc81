"""Numbers, dates and counted nouns as Bulgarian writes them."""

from __future__ import annotations

import ast
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.texts import (
    change,
    counted,
    day,
    listed,
    moment,
    noun,
    number,
    one_word,
    out_of,
    percent,
    printable,
    size,
    trimmed,
    was,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (2893, 0, "2893"),
        (12345, 0, "12\u202f345"),
        (1234567, 0, "1\u202f234\u202f567"),
        (-5, 0, "−5"),
        (-0.4, 0, "0"),
        (7.5, 1, "7,5"),
        (12345.678, 2, "12\u202f345,68"),
        (Decimal("9999.6"), 0, "10\u202f000"),
        (None, 0, "няма данни"),
    ],
)
def test_numbers(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(7, "7"), (7.0, "7"), (7.5, "7,5"), (6.96, "7"), (0.25, "0,2"), (-7.5, "−7,5")]
)
def test_at_most_one_decimal_and_never_a_zero(value, text):
    assert trimmed(value) == text


@given(st.integers(-(10**12), 10**12))
def test_the_digits_of_a_number_stay(value):
    assert int(number(value).replace("\u202f", "").replace("−", "-")) == value


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "text"),
    [(38, 40, 0, "95\u202f%"), (1, 3, 1, "33,3\u202f%"), (0, 40, 0, "0\u202f%"), (0, 0, 0, "няма данни")],
)
def test_percents(part, whole, decimals, text):
    assert percent(part, whole, decimals) == text


@pytest.mark.parametrize(
    ("n", "name", "text"),
    [
        (1, "случай", "1 случай"),
        (14, "случай", "14 случая"),
        (0, "случай", "0 случая"),
        (21, "проверка", "21 проверки"),
        (1, "дете", "1 дете"),
        (2, "дете", "2 деца"),
        (12345, "ред", "12\u202f345 реда"),
        (1, "решение", "1 решение"),
        (3, "решение", "3 решения"),
        (1, "предложение", "1 предложение"),
        (0, "предложение", "0 предложения"),
        (2, "заседание", "2 заседания"),
        (1, "добра практика", "1 добра практика"),
        (5, "добра практика", "5 добри практики"),
        (1, "констатация", "1 констатация"),
        (21, "констатация", "21 констатации"),
        (2, "препоръка", "2 препоръки"),
        (26, "работен ден", "26 работни дни"),
        (14, "стъпка", "14 стъпки"),
        (2, "запис", "2 записа"),
        (1, "стъпка", "1 стъпка"),
        (3, "стъпка", "3 стъпки"),
        (1, "работен ден", "1 работен ден"),
        (12, "работен ден", "12 работни дни"),
    ],
)
def test_counted_nouns(n, name, text):
    assert counted(n, name) == text


@pytest.mark.parametrize(
    ("name", "word"),
    [("случай", "един"), ("проверка", "една"), ("дете", "едно"), ("решение", "едно"), ("констатация", "една")],
)
def test_one_in_words(name, word):
    assert one_word(name) == word


@pytest.mark.parametrize(
    ("n", "name", "text"),
    [
        (1, "обход", "проведен е 1 обход"),
        (1, "проверка", "проведена е 1 проверка"),
        (1, "посещение", "проведено е 1 посещение"),
        (2, "проверка", "проведени са 2 проверки"),
        (14, "обход", "проведени са 14 обхода"),
        (0, "среща", "проведени са 0 срещи"),
        (21, "среща", "проведени са 21 срещи"),
    ],
)
def test_a_participle_agrees_with_what_is_counted(n, name, text):
    assert f"{was('проведен', n, name)} {counted(n, name)}" == text


@pytest.mark.parametrize(
    ("n", "whole", "text"),
    [(38, 40, "38 от 40"), (0, 10843, "0 от 10\u202f843"), (14, None, "14"), (None, 40, "няма данни")],
)
def test_a_part_of_a_whole(n, whole, text):
    assert out_of(n, whole) == text


def test_a_part_of_a_whole_that_is_named():
    assert (out_of(1, 1, "училище"), out_of(38, 40, "училище")) == ("1 от 1 училище", "38 от 40 училища")


def test_a_noun_without_its_number():
    assert (noun(1, "училище"), noun(2, "училище")) == ("училище", "училища")


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["а"], "а"), (["а", "б"], "а и б"), (["а", "б", "в"], "а, б и в")]
)
def test_lists(items, text):
    assert listed(items) == text


def test_a_list_of_choices():
    assert listed(["а", "б"], last="или") == "а или б"


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (14, 11, "с 3 случая повече спрямо I срок"),
        (11, 12, "с 1 случай по-малко спрямо I срок"),
        (11, 11, "без промяна спрямо I срок"),
    ],
)
def test_changes(now, before, text):
    assert change(now, before, "случай", "I срок") == text


def test_days_and_moments():
    assert (day(date(2024, 2, 5)), moment(datetime(2024, 2, 5, 14, 5))) == ("05.02.2024 г.", "05.02.2024 г. в 14:05")


@pytest.mark.parametrize(
    ("n_bytes", "text"), [(0, "1 KB"), (12_300, "12 KB"), (3_400_000, "3,4 MB"), (12_345_678_900, "12\u202f345,7 MB")]
)
def test_sizes(n_bytes, text):
    assert size(n_bytes) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Каменград, ул. „Първа“ № 7\u202f345 – 5 €", "Каменград, ул. „Първа“ № 7\u202f345 – 5 €"),
        ("ред\n\tи ред", "ред\n\tи ред"),
        ("бележка\x02 под линия\x00", "бележка под линия"),
        ("два\x0bреда\x0cи\r\nоще\u2028един", "два\nреда\nи\nоще\nедин"),
        ("бяло\x1eзелен, учи\x1fлище, учи\xadлище", "бяло-зелен, училище, училище"),
        ("7\u200b5\ufeff1\u200e", "751"),
        ("половин \ud83d знак \uffff", "половин  знак "),
        ("😀", "😀"),
    ],
)
def test_what_is_not_seen_is_not_kept(text, kept):
    assert printable(text) == kept


def test_every_noun_that_is_counted_is_known():
    """A word that only a rare sentence counts would stop it with an error."""
    asked = {"counted": 1, "noun": 1, "out_of": 2, "was": 2, "one_word": 0}
    root, words = Path(__file__).parents[1], set()
    for path in [root / "app.py", *root.glob("pages/**/*.py"), *root.glob("obhvat/**/*.py")]:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in asked:
                given = call.args[asked[call.func.id] : asked[call.func.id] + 1]
                words |= {each.value for each in given if isinstance(each, ast.Constant)}
    assert len(words) > 20
    unknown = set()
    for word in words:
        try:
            noun(1, word)
        except KeyError:
            unknown.add(word)
    assert not unknown


def test_of_many_the_first_are_named_and_the_others_counted():
    assert listed(["а", "б", "в"], most=3) == "а, б и в"
    assert listed(["а", "б", "в", "г"], most=2) == "а, б и още 2"
