"""What others have published: the sums that foot, and those that must be reported as not footing."""

from __future__ import annotations

import pytest

from obhvat.cases.published import Published, checks, published, yields
from obhvat.sums import Ratio, Sum


def case(name: str, when: str = "") -> Published:
    [found] = [one for one in published() if one.name == name and when in one.when]
    return found


def numbers(one: Sum) -> list[float]:
    return [part.n for part in one.parts]


def sentences() -> list[str]:
    return [check.sentence.replace("\u202f", " ") for check in checks()]


@pytest.mark.parametrize(
    ("name", "when", "total", "parts"),
    [
        ("Перник", "", 12, [2, 2, 2, 6]),
        ("Сливен", "2009", 307, [102, 165, 40]),
        ("Хасково, АСП", "", 367, [328, 39]),
        ("Кърджали", "", 70, [55, 2, 13]),
    ],
)
def test_sums_that_foot(name: str, when: str, total: int, parts: list[int]):
    one = case(name, when).sums[0]
    assert (one.total, numbers(one), one.left, one.adds_up) == (total, parts, 0, True)


def test_sliven_foots_as_far_as_about_nine_hundred_goes():
    [one] = case("Сливен", "център").sums
    assert numbers(one) == [652, 69, 1288, 900]
    assert one.total - 652 - 69 - 1288 == 884
    assert one.parts[-1].about
    assert one.adds_up


def test_a_part_of_haskovo_foots_in_its_own_parts():
    whole, kindergartens = case("Хасково, АСП").sums
    assert numbers(kindergartens) == [11, 8, 7, 7, 5, 1]
    assert kindergartens.total == numbers(whole)[1] == sum(numbers(kindergartens))


def test_everything_that_does_not_add_up_is_said_and_nothing_else():
    assert sentences() == [
        "Видин, 2025/2026 г.: 129 + 28 = 157, а са обявени 379 посетени; за 222 не се казва нищо.",
        "Монтана, около 2022 г.: 36 + 51 + 63 = 150, а са обявени около 200 върнати; за 50 не се казва нищо.",
        "Добрич, ноември 2025 г., екипи за обхват: 10 + 203 + 123 + 42 + 23 + 77 = 478, а са обявени 479 членове на "
        "екипите; за 1 не се казва нищо.",
        "Русе, август 2025 г.: от 422 на 59 нерегистрирани деца е 7,2 пъти по-малко, а не 11.",
        "Русе, 2019 г., екипи за обхват: 384 + 46 + 56 = 486, а са обявени 502 членове на екипите; за 16 не се казва "
        "нищо.",
        "Русе, АСП, май: 162 семейства и 33 деца са събрани като 195 семейства: това са различни единици.",
        "Силистра, 2022 г.: в чужбина са 2332 от 3055, това са 76,3 %, а не 67,6 %.",
        "Варна, отсъствия за учебна година: 12 562 извинени отсъствия на 47 491 ученици са 0,26 на ученик, а не 26,02; "
        "при 26,02 биха били 1 235 716.",
        "Бургас, 2011/2012 г.: 216 861 ученици са 5 месечни списъка, събрани един с друг: учениците са около 43 372, "
        "а неизвинени отсъствия са 4,25 на ученик, не 0,9.",
    ]


def test_every_published_number_has_its_address():
    assert all(one.source.startswith("https://") for one in published())
    assert all(check.source.startswith("https://") for check in checks())


@pytest.mark.parametrize(
    ("ratio", "adds_up"),
    [
        (Ratio("percent", 330, 3055, 10.8), True),
        (Ratio("percent", 330, 3055, 10.7), False),
        # Cut, not rounded: 4.783.
        (Ratio("mean", 227162, 47491, 4.7), True),
        (Ratio("mean", 227162, 47491, 4.8), True),
        (Ratio("mean", 227162, 47491, 4.9), False),
        (Ratio("times", 422, 59, 7), True),
        (Ratio("times", 422, 59, 8), False),
    ],
)
def test_a_ratio_adds_up_to_the_digits_it_is_printed_with(ratio: Ratio, adds_up: bool):
    assert ratio.adds_up is adds_up


def test_yields_are_returned_of_a_hundred_visited():
    found = yields().set_index("name")
    assert found["returned"].to_dict() == {"Сливен": 652, "Русе": 35, "Пазарджик": 158, "Кюстендил": 5}
    assert found["per_100"].round(2).to_dict() == {
        "Сливен": 22.54,
        "Русе": 4.14,
        "Пазарджик": 4.09,
        "Кюстендил": 1.06,
    }
    assert found["unit"].to_dict() == {
        "Сливен": "дете",
        "Русе": "адрес",
        "Пазарджик": "адрес",
        "Кюстендил": "посещение",
    }


def test_what_was_not_published_is_missing_and_not_zero():
    found = yields()
    assert found["found"].isna().all()
    # Returned in a year, visited in a part of it: no yield.
    assert case("Кюстендил", "2025").visited == 435
    assert not (found["when"] == case("Кюстендил", "2025").when).any()
