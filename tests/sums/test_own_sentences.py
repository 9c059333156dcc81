"""An expert's own sentence, before it is sent: what is understood of it, what does not add up, and by how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obhvat.sums import check


def reads(text: str) -> list[str]:
    """What was understood, with plain spaces."""
    return [_plain(verdict.read) for verdict in check(text).verdicts]


def faults(text: str) -> list[str]:
    return [_plain(verdict.fault) for verdict in check(text).verdicts if verdict.fault]


def _plain(text: str) -> str:
    return text.replace("\u202f", " ")


@pytest.mark.parametrize(
    "text",
    [
        "12 отпаднали: 2 реинтегрирани, 2 извън областта, 2 в чужбина и 6 подлежат",
        "Отпадналите през срока са 12. От тях 2 са върнати, 2 са извън областта, двама са в чужбина, а 6 се търсят.",
        "От 12 отпаднали ученици 2 са върнати, 2 са в друга област, 2 са зад граница, а 6 подлежат на обхват.",
        "2 върнати, 2 извън областта, 2 с украински произход в чужбина и 6 за обхват – общо 12 деца.",
        "Общо 12 отпаднали: 2 върнати; 2 извън областта; 2 в чужбина; 6 подлежат.",
        "2 + 2 + 2 + 6 = 12",
        "Обходени са 2 893 деца: 652 върнати, 69 отпаднали, 1288 зад граница по думи на съседи, близо 900 отказали.",
        "2.893 посетени: 652 върнати, 69 отпаднали, 1.288 в чужбина и 884 отказали",
        "Посетени са 2893 деца. Върнати са 652, отпаднали – 69, в чужбина – 1288, родителски откази – близо 900.",
        "Отпаднаха 70 деца: 55 заради отсъствия, 2 заради слаб успех и 13 по социални причини.",
        "307 от 22 796 ученици са отпаднали: 102 в I–IV клас, 165 в V–VIII клас и 40 в IX–XIII клас.",
        "367 семейства: 328 с ученици и 39 с деца в детска градина",
        "39 (11+8+7+7+5+1) семейства с деца в градина",
        "Незаписани са 330 от 3055 деца (10,8 %).",
        "330 от 3055, това са 10,8 на сто.",
        "10,8 % (330 от 3055) са записани.",
        "Дял на върнатите 22,5 %, или 652 от 2893.",
        "1937 отсъствия на 311 ученици, средно по 6,2 на ученик",
        "550 ученици имат 1756 неизвинени отсъствия, което прави 3,2 средно на ученик.",
        "554 / 72 = 7,7",
        "Едно училище има 30 ученици с 2434 отсъствия, по 81,1 средно на дете.",
        "227 162 неизвинени отсъствия на 47 491 ученици – 4,7 средно на ученик",
        "Незаписаните намаляха 7 пъти – от 422 на 59.",
        "Двойно повече: 62 върнати при 31 миналата година.",
        "Учениците са намалели с 626 – от 48 392 на 47 766.",
        "Заминалите за чужбина са с 97 повече: от 426 на 523.",
        "Над прага са 450 ученици, ръст 9 пъти от 49 на 450.",
        "С 7 повече от миналата година (19 срещу 12).",
        "Проверени са 38 от 40 училища.",
        "80 деца за издирване, от които 79 в чужбина.",
    ],
)
def test_what_adds_up_is_understood_and_said_to(text: str) -> None:
    assert reads(text) != []
    assert faults(text) == []
    assert check(text).words.startswith(("Излиза", "Излизат"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("12 отпаднали: 2 върнати, 2 извън областта, 2 в чужбина и 7 подлежат", "частите са с 1 повече от общото"),
        ("Върнати са около 200 деца: 36 след отпадане, 51 за първи път, 63 от чужбина.",
         "частите са с 50 по-малко от общото"),
        ("16 екипа с 471 посещения: неоткрити 343, за първи път 3, повторно 2.", "частите са с 123 по-малко от общото"),
        ("190 от 3055, 10,8 %", "разликата е 4,6 пункта; 10,8 % от 3055 са 330"),
        ("В чужбина са 2332 от 3055 деца, или 67,6 %.", "разликата е 8,7 пункта; 67,6 % от 3055 са 2065"),
        ("Спад 11 пъти от 422 на 59", "разликата е 3,8 пъти; 422 : 11 = 38"),
        ("Нерегистрираните са намалели 11 пъти – от 422 на 59 деца.", "разликата е 3,8 пъти; 422 : 11 = 38"),
        (
            "12 562 извинени отсъствия на 47 491 деца са 26,02 на дете.",
            "при 26,02 на всеки от 47 491 биха били 1 235 716",
        ),
        ("Увеличили са се от 523 на 426.", "написано е увеличение, а е намаление"),
        ("Учениците са с 662 по-малко: от 48 392 на 47 766.", "разликата е 36"),
        ("Ръст с 25 % – от 50 на 60 деца", "разликата е 5 пункта"),
        ("45 от 40 училища са проверени", "45 е над 40"),
        ("12 отпаднали: 2 (16,7 %) върнати, 4 (33,3 %) в чужбина и 6 (45 %) за обхват.",
         "разликата е 5,0 пункта; 45 % от 12 са 5"),
        ("10 + 203 + 123 + 42 + 23 + 77 = 479 членове на екипите", "частите са с 1 по-малко от общото"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_said_with_how_much(text: str, fault: str) -> None:
    assert faults(text) == [fault]
    assert check(text).words.startswith("Не излиза")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("379 посетени, от тях 129 в чужбина и 28 в друга област.", "за 222 не се казва нищо"),
        ("328 семейства (Горно 81, Долно 71, Малко 60, Крайно 52…)", "за 64 не се казва нищо"),
        ("162 семейства и 33 деца – общо 195 семейства", "събрани са различни единици: деца и семейства"),
    ],
)
def test_what_may_be_left_unsaid_is_asked_about(text: str, fault: str) -> None:
    [words] = faults(text)
    assert words.startswith(fault)
    assert check(text).words == "Има нещо за уточняване."


def test_several_claims_are_each_told() -> None:
    text = (
        "В чужбина са 2332 деца (67,6 %), няма информация за 190, записани са 330 (10,8 %), незаписани 203, общо 3055."
    )
    assert reads(text) == [
        "2332 + 190 + 330 + 203 = 3055; обявено: 3055",
        "2332 от 3055 са 76,3 %; обявено: 67,6 %",
        "330 от 3055 са 10,8 %; обявено: 10,8 %",
    ]
    assert check(text).words == "Не излиза 1 от 3 проверени."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Институциите работят добре.",
        "На 13 март 2024 г. в 14:30 ч. се проведе заседание по чл. 5, ал. 3 от ПМС № 100/2018.",
        "През учебната 2023/2024 г. учениците от 5. до 7. клас и 5-годишните деца са на училище.",
        "асдф ; ; \t ((( %%% == ++ :::",
        "Навършили 16 г. не подлежат; над 5 години – да.",
    ],
)
def test_a_text_without_numbers_to_check_says_so(text: str) -> None:
    assert check(text).verdicts == ()
    assert check(text).words == "В текста няма числа, които да се проверят."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("31 екипа с 400 души обходиха 846 адреса и върнаха 35 деца.", ("31", "400", "846", "35")),
        ("Към момента се работи по 14 случая.", ("14",)),
        ("Отпаднаха 5 деца, а 7 заминаха.", ("5", "7")),
    ],
)
def test_numbers_nothing_is_claimed_of_are_listed_as_not_understood(text: str, left: tuple[str, ...]) -> None:
    assert check(text).verdicts == ()
    assert check(text).unchecked == left
    assert check(text).words.startswith("Не разбрах какво да проверя")


def test_numbers_beside_what_was_checked_are_listed() -> None:
    answer = check("Заседанието обсъди 14 случая. 12 отпаднали: 6 върнати и 6 в чужбина.")
    assert answer.unchecked == ("14",)
    assert answer.faults == ()


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    assert check(text).words


@given(st.lists(st.integers(1, 60_000), min_size=2, max_size=6), st.integers(-3, 3))
def test_a_sum_is_right_or_wrong_by_what_it_is_off(parts: list[int], off: int) -> None:
    total = sum(parts) + off
    said = [f"{n} {word}" for n, word in zip(parts, ("върнати", "тук", "там", "другаде", "горе", "долу"), strict=False)]
    answer = check(f"{total} отпаднали: {', '.join(said)}")
    [verdict] = answer.verdicts
    assert bool(verdict.fault) == (off != 0)
    if off:
        assert f"с {abs(off)} {'по-малко' if off > 0 else 'повече'}" in verdict.fault


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 2))
def test_a_share_that_is_worked_out_is_always_right(n: int, more: int, decimals: int) -> None:
    share = f"{100 * n / (n + more):.{decimals}f}".replace(".", ",")
    assert faults(f"{n} от {n + more} деца ({share} %)") == []
