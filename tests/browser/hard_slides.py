"""Slides of oblasts that are hard to draw: long names, one municipality, twenty-two, thousands of cases."""

from __future__ import annotations

from obhvat.meeting.slide import Slide

_LONG = "Община с много дълго име край язовира №"
_SCHOOL = "Обединено училище „Св. св. Кирил и Методий“, с. Горна Малина Крайречна (последна 25.05.2023)"
_WHO = "началникът на Регионалното управление на образованието – Велико Търново"
_TEXT = (
    "Общините представят пред екипите за обхват списък на децата, които не са записани в училище или в детска градина, "
    "заедно с предприетите мерки, и уведомяват дирекциите „Социално подпомагане“ до петнадесето число на всеки месец"
)
_SENTENCE = "По 1234 от 12 345 случая срокът на следващата стъпка е изтекъл и никой не е отговорил."
_STATES = ("не са подадени", "нито един неизвинен час", "изглеждат удвоени", "не са подписани", "подадени", "подадени")


def _places(n: int) -> tuple[str, ...]:
    return tuple(f"{_LONG} {nth}" for nth in range(1, n + 1))


def _more(n: int, columns: int) -> tuple[str, ...]:
    return (f"и още {n}", *[""] * (columns - 1))


HARD = (
    Slide(
        "since_last", "От 22 общини", "В работа са 1234 случая – с 1017 повече спрямо 14 март 2023 г.", "1234",
        columns=("Показател", "На 14 март 2023 г.", "Сега", "Промяна"), picture="change",
        rows=tuple((f"Ученици, достигнали месечния праг {n}", "12 345", "10 345", "с 2000 ученици по-малко (тогава "
                    "по данни от 5 общини)") for n in range(7)),
        data=tuple((str(n), 10345.0, 12345.0) for n in range(7)),
    ),
    Slide(
        "decisions_last", "Дълги решения", _SENTENCE, columns=("№", "Решение", "Отговорник", "Изпълнение"),
        rows=(*((f"{n} от 14.03.2023", _TEXT, _WHO, "в изпълнение; закъснява със 126 работни дни") for n in range(7)),
              _more(5, 4)), picture="decisions", data=tuple((str(n), 126.0 * (n < 3), float(n > 4)) for n in range(12)),
    ),
    Slide(
        "cases", "Много изходи", "Работи се по 1234 от 12 345 случая, на 1230 деца.", "1234", picture="waterfall",
        rows=(("Всички", "12345"),),
        data=(("Върнати", 3000.0, 0.0), ("В друга област", 2000.0, 0.0), ("В чужбина", 4000.0, 0.0),
              ("Неоткрити", 1000.0, 0.0), ("Отказ на родителя", 500.0, 0.0), ("Друг изход", 300.0, 0.0),
              ("Неприети редове", 200.0, 0.0), ("Непознат статус", 111.0, 0.0), ("Случаи в работа", 1234.0, 1.0)),
    ),
    Slide(
        "cases", "Нито един в работа", "Няма случаи в работа.", "0", picture="waterfall",
        rows=(("Всички", "3"),), data=(("Върнати", 3.0, 0.0),),
    ),
    Slide(
        "overdue", "Осем закъснели", _SENTENCE, picture="late", is_late=True,
        columns=("Отговорник", "Най-голямо закъснение", "Случаи"),
        rows=(*((_WHO[:40 + n], f"{260 - n} работни дни", "123") for n in range(7)), ("Общини", "без закъснение", "0")),
        data=tuple((_WHO[:40 + n], 260.0 - n) for n in range(7)),
    ),
    *(
        Slide(
            "inspections", f"{n} общини, {each} училища", "Проверени са 3 училища.", picture="squares",
            columns=("Община", "Проверени", "Без проверка"),
            rows=(*((place, f"{each - 2} от {each}", f"{_SCHOOL}; {_SCHOOL}; {_SCHOOL}; още 12") for place in
                    _places(n)[:7 if n > 8 else n]), *((_more(n - 7, 3),) if n > 8 else ())),
            data=tuple((place, each - 2.0, float(each)) for place in _places(n)),
        )
        for n, each in ((1, 5), (1, 120), (22, 2), (22, 40))
    ),
    Slide(
        "findings", "Осем констатации", _SENTENCE, "1234 от 12 345", "препоръки без изпълнение", picture="ranking",
        columns=("Констатация", "Брой", "Неизпълнени"), rows=tuple((_TEXT[:70 + n], "1234", "12") for n in range(8)),
        data=tuple((_TEXT[:70 + n], 1234.0, 12.0) for n in range(8)),
    ),
    *(
        Slide(
            "risk", f"Риск в {n} общини", "12 345 от 123 450 ученици имат 5 и повече неизвинени часа за януари.",
            "12 345", "ученици с 5 и повече неизвинени часа", "със 175 ученици по-малко спрямо 14 март 2023 г.",
            picture="ranges", columns=("Община", "Достигнали прага", "Ученици по списък"),
            rows=(*((place, ("скрито", "под 10", "134")[nth % 3], "1340") for nth, place in
                    enumerate(_places(n)[:6 if n > 7 else n])), *((_more(n - 6, 3),) if n > 7 else ()),
                  ("Общо", "12 345", "123 450")),
            data=tuple((place, (None, None, 134.0)[nth % 3], 1340.0) for nth, place in enumerate(_places(n))),
            whole=(12345.0, 123450.0),
            trend=tuple((f"{month:02}.2024", 12345.0, 123450.0) for month in range(1, 11)),
        )
        for n in (1, 3, 22)
    ),
    Slide(
        "submissions", "Осем неподали", "1234 от 1240 училища и 112 от 112 детски градини са подали.", picture="sent",
        columns=("Институция", "Община", "сеп", "окт", "ное", "дек", "яну", "фев",
                 "Забележка"),
        rows=(*((_SCHOOL, place, *_STATES, "нито един неизвинен час") for place in _places(7)), _more(5, 9)),
        data=(("училища", 1234.0, 1240.0), ("детски градини", 112.0, 112.0)),
    ),
    Slide(
        "clock", "Дълги задължения", _SENTENCE, columns=("Срок", "Задължение", "Отговорник", "До срока"),
        rows=(*(("28.03.2024", _TEXT, _WHO, "изтекъл преди 104 дни") for _ in range(5)), _more(4, 4)), picture="dates",
        data=(("28.03.2024", -104.0),) * 9,
    ),
    Slide(
        "closing", "Осем решения", _SENTENCE, columns=("Срок", "Решение", "Отговорник"),
        rows=(*(("14 септември 2024 г.", _TEXT, _WHO) for _ in range(7)), _more(4, 3)), picture="dates",
    ),
    Slide(
        "work", "Работа", "Екипите са провели 1234 разговора.", columns=("Вид", "Брой", "Промяна"), picture="work",
        rows=tuple((f"Посетени адреси при обходите {n}", "12 345" if n < 6 else "скрито", "") for n in range(7)),
        data=tuple((f"Посетени адреси при обходите {n}", 12345.0 if n < 6 else None) for n in range(7)),
    ),
)  # fmt: skip
