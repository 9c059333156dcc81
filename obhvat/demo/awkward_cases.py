"""The awkward sister's cases: statuses that change after the term, one child in three cases, work done in summer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from obhvat.demo.cases import Action, Case
from obhvat.demo.oblast import Institution

LEFT_OFF = "РГ-005"
"""In work on the register of 20.11.2023, and on no later one."""
RETURNED_ROW = "МХ-006"
"""Its status is dated after the register: the row goes back."""
WITHOUT_DATE = "МХ-004"
"""Its status has no date."""
UNTOLD = ("РГ-007", date(2023, 11, 15))
"""A visit that the register of 20.11.2023 has and the later one does not repeat."""

_WORK, _UNENROLLED = "подлежи на обхват (в работа)", "незаписан"
_REASONS = {"отпаднал": "голям брой отсъствия", "повторно отпаднал": "социални и семейни причини"}
_WITH = {
    "study": ("проучване на случая", "училище"),
    "call": ("телефонен разговор", "училище"),
    "meeting": ("среща с родител", "училище; община"),
    "visit": ("посещение на адрес", "РУО; училище; община"),
    "police": ("справка МВР", "ОД на МВР"),
    "notice": ("уведомяване на ОЗД/РДСП", "РУО; ОЗД"),
    "enrol": ("записване", "училище"),
}


@dataclass(frozen=True)
class LongCase(Case):
    """A case whose status changes more than once: each register says the last one up to its day."""

    statuses: tuple[tuple[date, str, str], ...] = ()

    def is_on_register(self, day: date) -> bool:
        if self.number == LEFT_OFF and day > date(2023, 11, 20):
            return False
        year_start = date(day.year if day >= date(day.year, 9, 15) else day.year - 1, 9, 15)
        return self.opened <= day and (self.closed is None or self.closed >= year_start)

    def is_in_work(self, day: date) -> bool:
        return self._status(day)[1] in (_WORK, _UNENROLLED)

    def _status(self, day: date) -> tuple[date, str, str]:
        return [(self.opened, _WORK, ""), *(s for s in self.statuses if s[0] <= day)][-1]

    def row(self, day: date) -> tuple[object, ...]:
        on, status, confidence = self._status(day)
        if self.number == RETURNED_ROW:
            on = day + timedelta(days=8)
        return (*super().row(day)[:12], status, None if self.number == WITHOUT_DATE else on, confidence)


# Number, category, school, school year, grade, which child of the grade (None: not told), when it was opened, its
# statuses, its steps: day, kind, contact and, where another step is planned, what and by when.
_Told = tuple[str, str, str, int, int, int | None, str, tuple[tuple[str, str, str], ...], tuple[str, ...]]
_CASES: tuple[_Told, ...] = (
    ("РГ-001", "отпаднал", "9101001", 2022, 8, 0, "2022-10-03",
     (("2023-01-24", "реинтегриран", "документ"),),
     ("2022-10-05 study", "2022-10-07 call да", "2022-10-19 visit да", "2023-01-24 enrol да")),
    ("МХ-001", "отпаднал", "9102002", 2022, 5, 0, "2022-10-17",
     (("2023-03-20", "в друга област", "документ"),),
     ("2022-10-18 study", "2022-10-21 call не", "2022-11-02 meeting да", "2022-12-01 police", "2023-01-31 visit да")),
    ("РГ-002", "отпаднал", "9101003", 2022, 10, 1, "2022-11-14",
     (("2023-02-03", "в чужбина", "по сведения"),),
     ("2022-11-15 study", "2022-11-18 call не", "2022-12-07 visit в чужбина", "2023-01-12 police", "2023-02-02 call да")),
    ("СК-001", "отпаднал", "9103001", 2022, 11, 0, "2022-11-21",
     (("2023-06-14", "отказ на родителя", ""),),
     ("2022-11-22 study", "2022-12-13 visit отказ", "2023-05-10 meeting отказ", "2023-06-14 notice")),
    ("РГ-003", "повторно отпаднал", "9101006", 2022, 6, 0, "2022-12-06",
     (("2023-08-29", "реинтегриран", "документ"),),
     ("2022-12-08 study", "2022-12-20 meeting не", "2023-02-01 visit не е открит", "2023-03-15 visit не е открит",
      "2023-07-11 visit не е открит", "2023-08-22 visit да", "2023-08-29 enrol да")),
    ("МХ-002", "отпаднал", "9102001", 2022, 9, 0, "2023-01-09",
     (("2023-09-12", "неоткрит на адреса", ""), ("2024-02-19", "реинтегриран", "документ")),
     ("2023-01-10 study", "2023-01-25 visit не е открит", "2023-07-18 visit не е открит",
      "2023-09-05 visit не е открит", "2023-10-04 police", "2024-02-05 call да", "2024-02-19 enrol да")),
    ("РГ-004", "завършил VII клас, незаписан в VIII", "9101004", 2022, 7, 0, "2023-09-05", (),
     ("2023-09-05 study", "2023-10-11 visit да", "2024-02-01 meeting да", "2024-03-06 visit да АУАН 2024-03-27")),
    ("МХ-003", "отпаднал", "9102003", 2022, 5, 0, "2023-09-18",
     (("2023-12-08", "реинтегриран", "документ"),),
     ("2023-09-19 study", "2023-10-02 call да", "2023-10-25 visit да", "2023-12-08 enrol да")),
    ("СК-002", "отпаднал", "9103001", 2023, 8, 1, "2023-10-03",
     (("2024-01-12", "записан повторно след отпадане", "документ"),),
     ("2023-10-04 study", "2023-11-01 visit да", "2024-01-12 enrol да")),
    (LEFT_OFF, "отпаднал", "9101002", 2023, 6, 0, "2023-10-09", (),
     ("2023-10-10 study", "2023-10-12 call не")),
    ("РГ-006", "повторно отпаднал", "9101001", 2023, 9, 0, "2023-10-16", (),
     ("2023-10-17 study", "2023-11-08 visit да", "2023-12-14 visit да", "2024-01-16 meeting да среща 2024-02-06")),
    (WITHOUT_DATE, "отпаднал", "9102004", 2023, 7, 0, "2023-10-24",
     (("2023-10-24", _UNENROLLED, ""),),
     ("2023-10-25 study", "2023-12-05 call не")),
    ("ПР-001", "отпаднал", "9104001", 2023, 5, 0, "2023-10-30", (), ()),
    ("РГ-007", "отпаднал", "9101005", 2023, 5, 0, "2023-11-13",
     (("2024-02-21", "в чужбина", "МВР"),),
     ("2023-11-14 study", "2023-11-15 visit не е открит", "2024-02-02 police")),
    ("РГ-011", "отпаднал", "9101003", 2023, 11, 2, "2023-11-27",
     (("2024-03-04", "навършил 16 г.", ""),),
     ("2023-11-28 study", "2023-12-12 visit отказ")),
    ("РГ-008", "отпаднал", "9101003", 2023, 11, None, "2023-12-04", (),
     ("2023-12-05 study", "2023-12-06 visit да", "2024-01-31 meeting да посещение 2024-02-28")),
    ("МХ-005", "отпаднал", "9102005", 2023, 6, 0, "2023-12-11", (),
     ("2023-12-12 study", "2023-12-14 call да", "2024-01-23 visit да")),
    ("СК-004", "отпаднал", "9102005", 2023, 6, 0, "2023-12-18", (),
     ("2024-01-09 call не",)),
    ("РГ-012", "4–6-годишен, незаписан в детска градина", "", 2023, -1, None, "2024-01-10", (),
     ("2024-01-11 visit да",)),
    ("СК-003", "отпаднал", "9101001", 2023, 9, 0, "2024-01-15", (),
     ("2024-01-17 visit не е открит",)),
    ("РГ-009", "повторно отпаднал", "9101001", 2023, 9, 0, "2024-01-22", (),
     ("2024-01-23 call да",)),
    ("РГ-010", "отпаднал", "9101006", 2023, 4, 0, "2024-02-05",
     (("2024-03-18", "реинтегриран", "документ"),),
     ("2024-02-05 visit да", "2024-02-14 call да", "2024-03-18 enrol да")),
    ("МХ-006", "отпаднал", "9102001", 2023, 10, 1, "2024-02-26", (), ("2024-02-27 study",)),
)  # fmt: skip
_PLACES = {"РГ": "Речиград", "МХ": "Мъхово", "СК": "Соколец", "ПР": "Перуника"}


def make_cases(institutions: Sequence[Institution]) -> list[LongCase]:
    """The cases of both school years, in the order they were opened."""
    by_code = {i.code: i for i in institutions}
    return [_case(told, by_code.get(told[2])) for told in _CASES]


def _case(told: _Told, school: Institution | None) -> LongCase:
    number, category, code, year, grade, n, opened_on, statuses, steps = told
    opened = date.fromisoformat(opened_on)
    dated = tuple((date.fromisoformat(on), status, sure) for on, status, sure in statuses)
    ends = [on for on, status, _ in dated if status != _UNENROLLED]
    children = [c for k in school.classes[year] if k.grade == grade for c in k.children] if school else []
    return LongCase(
        number=number,
        category=category,
        municipality=_PLACES[number[:2]],
        school=code,
        grade=grade,
        opened=opened,
        dropped=opened - timedelta(days=9),
        reason=_REASONS.get(category, "други"),
        source="ИСРМ" if number == "РГ-009" else "училище",
        repeat=category.startswith("повторно"),
        outcome="in_work",
        closed=ends[-1] if ends else None,
        confidence="",
        actions=[_action(step) for step in steps],
        child=children[n].identifier if n is not None else "",
        statuses=dated,
    )


def _action(step: str) -> Action:
    """„2024-01-16 meeting да среща 2024-02-06“: a day, a kind, a contact, what is next and by when."""
    day, kind, *words = step.split(" ")
    due = date.fromisoformat(words.pop()) if words and words[-1].startswith("20") else None
    following = words.pop() if due else ""
    caption, institutions = _WITH[kind]
    team = "Екип 2" if kind == "visit" else ""
    plain = Action(date.fromisoformat(day), caption, institutions, " ".join(words), team=team)
    full = {"среща": "среща с родител", "посещение": "посещение на адрес"}
    return replace(plain, next_step=full.get(following, following), next_due=due)
