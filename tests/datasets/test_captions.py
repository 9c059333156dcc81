"""Two spellings of a caption are equal when a person would say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.datasets.captions import normal, same_letters


@pytest.mark.parametrize(
    ("spelling", "other"),
    [
        ("Код по НЕИСПУО", "КОД  ПО НЕИСПУО:"),
        ("oтсъстващи за деня", "отсъстващи за деня"),
        ("Kатегория", "Категория"),
        ("neispuo_code", "NEISPUO code"),
        ("№ на случая", "номер на случая"),
        ("Вид по чл. 38\n(детайлен)", "вид по чл 38 (детайлен)"),
        ("\ufeffОбласт", "Област"),
        ("Област", "Област\xa0"),
        ("е-mail", "е mail"),
    ],
)
def test_spellings_that_are_equal(spelling, other):
    assert normal(spelling) == normal(other)


@pytest.mark.parametrize(
    ("spelling", "other"),
    [("Уважителни", "Неуважителни"), ("I срок", "II срок"), ("% изпитани", "изпитани"), ("2", "3")],
)
def test_spellings_that_are_not_equal(spelling, other):
    assert normal(spelling) != normal(other)


def test_latin_words_stay_latin():
    assert same_letters("Xerox и Kолона") == "Xerox и Колона"


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(text):
    assert normal(normal(text)) == normal(text)
