"""An oblast of three municipalities in which every child, case and note is known again by a word of its own; and whose
words they are, from the raw rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from small_oblast import put, register
from viewers import expert

from obhvat.cases.entries import add_action
from obhvat.cases.one_child import find_child
from obhvat.cases.terms import OWNERS
from obhvat.ingest import Source
from obhvat.meeting import decisions
from obhvat.meeting.meetings import open_meeting
from obhvat.people import ROLES, Role, Viewer
from obhvat.people.child_requests import GROUNDS, answer
from obhvat.periods import Period
from obhvat.store import Store

PLACES = ("Каменград", "Ведрово", "Горица")
SCHOOLS = {
    "9000101": PLACES[0],
    "9000102": PLACES[0],
    "9000201": PLACES[1],
    "9000202": PLACES[1],
    "9000301": PLACES[2],
}
OWN = {"oblast": "", "municipality": PLACES[0], "school": "9000101", "institution": "ДСП"}
BY = Viewer("Ръководител Надежда", ROLES["administrator"])
HIDDEN = "дете-102-1"
"""Whose processing is restricted."""
_CASES = (
    "№ на случая;Към дата;ЕГН/ЛНЧ;Категория;Община по адрес;Община на обучение;Училище (код);Дата на сигнала;Уточнение;"
    "Статус;Статус от дата"
)
_STEPS = "№ на случая;Към дата;Община;Дата;Вид действие;Участвали институции;Резултат"
_MISSED = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
_LISTS = "Код по НЕИСПУО;Към дата;ЕГН/ЛНЧ;Випуск;Паралелка"


def person_of(role: Role) -> Viewer:
    """Who has a role: „Иван coordinator“, of the first municipality, its first school or ДСП."""
    return Viewer(f"Иван {role.id}", role, OWN[role.place])


def fill(store: Store) -> None:
    """Five schools with three children over the threshold each, a case of the first child of each, one of two
    municipalities, their steps, notes of one's own, a child whose processing is restricted, and a meeting."""
    put(store, register(SCHOOLS), at=datetime(2023, 9, 1))
    children = [(code, f"дете-{code[-3:]}-{n}", f"5-к{code[-3:]}{n}") for code in SCHOOLS for n in (1, 2, 3)]
    put(
        store,
        _table("ученици.csv", _LISTS, (f"{code};15.09.2023;{child};5;{name}" for code, child, name in children)),
        *(
            _table(
                f"отсъствия-{school}-{month}.csv",
                _MISSED,
                (
                    f"{code};2023/2024;{month};{child};5;{name};1;{7 + n}"
                    for n, (code, child, name) in enumerate(children)
                    if code == school
                ),
            )
            for school in SCHOOLS
            for month in (11, 12)
        ),
        at=datetime(2024, 1, 5),
    )
    of_cases = [(f"КД-{code[-3:]}", f"дете-{code[-3:]}-1", place, place, code) for code, place in SCHOOLS.items()]
    of_cases.append(("КД-901", "дете-901-1", PLACES[0], PLACES[1], "9000202"))
    put(
        store,
        _table(
            "случаи.csv",
            _CASES,
            (
                f"{number};13.03.2024;{child};отпаднал;{home};{place};{school};03.10.2023;Бележка{number[3:]};в работа;"
                "10.03.2024"
                for number, child, home, place, school in of_cases
            ),
        ),
        at=datetime(2024, 3, 13),
    )
    put(
        store,
        _table(
            "действия.csv",
            _STEPS,
            (
                f"{number};13.03.2024;{home};01.02.2024;телефонен разговор;{took};Резултат{number[3:]}"
                for (number, _child, home, _place, _school), took in zip(
                    of_cases, ("ДСП", "", "", "ДСП", "", ""), strict=True
                )
            ),
        ),
        at=datetime(2024, 3, 13, 1),
    )
    for role in ("coordinator", "institution"):
        add_action(
            store, "КД-101", date(2024, 3, 1), "call", result=f"Своебележка{role}", is_own_note=True,
            viewer=person_of(ROLES[role]), at=datetime(2024, 3, 14),
        )  # fmt: skip
    who = expert("Експерт Асенова")
    answer(store, who, find_child(store, who, HIDDEN), "restricted", *_on_ground("restricted"), 1)
    held = open_meeting(store, date(2024, 2, 14), Period(2023, "term", 1), viewer=who)
    decisions.add(store, held.meeting_id, "decision", "Обход по населени места", viewer=who)


def _on_ground(what) -> tuple[str, str]:
    return GROUNDS[what][0], "поискано е писмено"


def _table(name: str, head: str, rows: Iterator[str]) -> Source:
    return Source(name, "\n".join([head, *rows]).encode())


def words_of_others(store: Store, viewer: Viewer) -> frozenset[str]:
    """What names a child that a viewer may not be told of: the numbers of cases, what is written about them, and the
    classes that one child is in; and the pseudonyms, which nobody is told. From the raw rows."""
    own = _own_cases(store, viewer)
    [(hidden,)] = store.rows("select pupil from restricted_children")
    others = {
        number
        for number, pupil in store.rows("select number, pupil from cases")
        if number not in own or pupil == hidden
    }
    told = store.rows("select number, reason_note from cases union select case_number, result from actions")
    words = others | {text for number, text in told if number in others and text}
    entered = store.rows("select result, note_of from entered_actions")
    words |= {text for text, of in entered if viewer.role.cases != "all" and of != viewer.institution}
    classes = store.rows("select distinct class_name, school from absences")
    words |= {name for name, school in classes if school not in _own_schools(viewer)}
    return frozenset(
        words | {str(child) for (child,) in store.rows("select pupil from pupils union select pupil from cases")}
    )


def own_numbers(store: Store, viewer: Viewer) -> frozenset[str]:
    """The cases that a viewer is told of."""
    return frozenset(_own_cases(store, viewer) - words_of_others(store, viewer))


def _own_cases(store: Store, viewer: Viewer) -> set[str]:
    match viewer.role.cases:
        case "all":
            which = "true"
        case "municipality":
            which = "$given in (municipality, school_municipality)"
        case "school":
            which = "school = $given"
        case "partner":
            [code] = [code for code, name in OWNERS.items() if name == viewer.given]
            taken = store.rows("select case_number, institutions from actions")
            return {number for number, names in taken if code in (names or ())}
        case _:
            return set()
    given = {"given": viewer.given} if "$" in which else {}
    return {number for (number,) in store.rows(f"select number from cases where {which}", given)}


def _own_schools(viewer: Viewer) -> set[str]:
    match viewer.role.cases:
        case "all":
            return {*SCHOOLS}
        case "municipality":
            return {code for code, place in SCHOOLS.items() if place == viewer.given}
        case "school":
            return {viewer.given}
    return set()
