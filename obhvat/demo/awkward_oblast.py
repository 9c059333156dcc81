"""The awkward sister's institutions and children: namesakes, a closing, a merger, and children in two schools at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from obhvat.demo.oblast import Child, Children, Institution, SchoolClass, first_year, next_year, split

YEARS = (2022, 2023)
NAMESAKES = ("9101004", "9101005", "9102005")
CLOSED, CLOSED_ON, TAKES_OVER = "9101006", date(2023, 11, 30), "9101002"
MERGED, MERGER, MERGED_ON = ("9102002", "9102003"), "9102004", date(2023, 9, 15)
LATE = "9101003"
"""Sends every month two months late."""
SENDS_ONE = "9103002"
"""Sent October of the five months of the first term."""
NO_LIST = "9104001"
"""Sends its months, and never a list of its pupils."""

# code, name, kind, municipality, settlement, pupils a grade, how much is missed
_INSTITUTIONS = (
    ("9101001", "СУ „Зорница“", "secondary", "Речиград", "гр. Речиград", 14, 1.0),
    ("9101002", "ОУ „Изгрев“", "basic", "Речиград", "гр. Речиград", 18, 1.1),
    ("9101003", "ПГ по транспорт", "vocational", "Речиград", "гр. Речиград", 16, 1.4),
    ("9101004", "ОУ „Христо Ботев“", "basic", "Речиград", "с. Горен Брод", 4, 1.5),
    ("9101005", "ОУ „Христо Ботев“", "basic", "Речиград", "с. Долен Брод", 3, 1.2),
    ("9101006", "ОУ „Буквар“", "basic", "Речиград", "с. Липак", 2, 1.3),
    ("9101081", "ДГ „Слънчо“", "kindergarten", "Речиград", "гр. Речиград", 12, 0.8),
    ("9102001", "СУ „Родина“", "secondary", "Мъхово", "гр. Мъхово", 10, 0.9),
    ("9102002", "ОУ „Светлина“", "basic", "Мъхово", "гр. Мъхово", 5, 1.2),
    ("9102003", "ОУ „Вихрен“", "basic", "Мъхово", "гр. Мъхово", 4, 1.4),
    ("9102004", "ОУ „Хоризонт“", "basic", "Мъхово", "гр. Мъхово", 0, 1.3),
    ("9102005", "ОУ „Христо Ботев“", "basic", "Мъхово", "с. Ракитак", 3, 0.7),
    ("9102081", "ДГ „Пролет“", "kindergarten", "Мъхово", "гр. Мъхово", 8, 1.0),
    ("9103001", "СУ „Будители“", "secondary", "Соколец", "гр. Соколец", 8, 1.0),
    ("9103002", "НУ „Пчелица“", "primary", "Соколец", "гр. Соколец", 7, 0.6),
    ("9104001", "ОУ „Искра“", "basic", "Перуника", "с. Перуника", 3, 1.1),
)


@dataclass(frozen=True)
class Move:
    """A child that goes to another school during the year: from that day on it is on the other's list."""

    child: Child
    day: date
    origin: str
    to: str
    grade: int
    hours: float = 0
    """Unexcused hours that each of the two schools writes for the month of the move; 0: only the other writes any."""


def make_institutions(random: Random) -> list[Institution]:
    """The fourteen schools and two kindergartens, with their classes in both years."""
    institutions = [
        replace(
            Institution(code, name, kind, municipality, settlement, diligence, "," if int(code) % 3 == 0 else "."),
            opened=MERGED_ON if code == MERGER else None,
            closed=CLOSED_ON if code == CLOSED else date(2023, 8, 31) if code in MERGED else None,
        )
        for code, name, kind, municipality, settlement, _, diligence in _INSTITUTIONS
    ]
    sizes = {row[0]: row[5] for row in _INSTITUTIONS}
    children = Children(random)
    teaching = [i for i in institutions if i.code != MERGER]
    groups = first_year(teaching, sizes, YEARS[0], children, random)
    for year in YEARS:
        if year != YEARS[0]:
            groups = _merged(next_year(teaching, groups, sizes, year, children, random))
        for i in institutions:
            i.classes[year] = tuple(split(groups.get(i.code, {})))
    return institutions


def _merged(groups: dict[str, dict[int, list[Child]]]) -> dict[str, dict[int, list[Child]]]:
    """The pupils of the two schools in the classes of the one they became."""
    together: dict[int, list[Child]] = {}
    for code in MERGED:
        for grade, members in groups[code].items():
            together.setdefault(grade, []).extend(members)
    return {code: grades for code, grades in groups.items() if code not in MERGED} | {MERGER: together}


def make_moves(institutions: Sequence[Institution]) -> list[Move]:
    """Who moved in the first term of 2023/2024: two children in two schools in November, then a whole school."""
    by_code = {i.code: i for i in institutions}
    moves = [
        _move(by_code[LATE], 9, date(2023, 11, 10), "9101001", 3),
        _move(by_code["9102001"], 10, date(2023, 11, 15), "9103001", 6),
    ]
    for school_class in by_code[CLOSED].classes[YEARS[-1]]:
        for child in school_class.children:
            moves.append(Move(child, date(2023, 12, 1), CLOSED, TAKES_OVER, school_class.grade))
    return moves


def _move(origin: Institution, grade: int, day: date, to: str, hours: float) -> Move:
    child = next(c.children[0] for c in origin.classes[YEARS[-1]] if c.grade == grade)
    return Move(child, day, origin.code, to, grade, hours)


def moved(i: Institution, year: int, day: date, moves: Sequence[Move]) -> tuple[SchoolClass, ...]:
    """An institution's classes of a year with those who came and without those who left up to a day."""
    if year != YEARS[-1]:
        return i.classes.get(year, ())
    gone = {m.child for m in moves if m.origin == i.code and m.day <= day}
    come = [m for m in moves if m.to == i.code and m.day <= day]
    classes = []
    for c in i.classes[year]:
        is_first = c.name == f"{c.grade}а"
        newcomers = [m.child for m in come if is_first and m.grade == c.grade]
        children = (*(child for child in c.children if child not in gone), *newcomers)
        classes += [replace(c, children=children)] if children else []
    return tuple(classes)
