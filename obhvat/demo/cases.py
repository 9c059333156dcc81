"""Invented cases and the steps in them. On 05.02.2024 fourteen are in work, as in the real report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from types import MappingProxyType

from obhvat.demo.oblast import Institution

Wanted = tuple[str, str, bool]
# (municipality, how it ended, whether that was by the end of the first term) of the cases of each school year,
# after the cases carried over from the year before. `in_work` cases have not ended.
FIRST_YEAR: list[Wanted] = (
    [("Каменград", "reintegrated", True)] * 2
    + [("Ведрово", "after_dropout", True)]
    + [("Каменград", "other_oblast", True), ("Яворец", "other_oblast", True)]
    + [("Каменград", "abroad", True), ("Ведрово", "abroad", True)]
    + [("Каменград", "reintegrated", False)] * 5
    + [("Ведрово", "reintegrated", False)] * 2
    + [("Каменград", "first_time", False), ("Горун", "from_abroad", False)]
    + [("Каменград", "other_oblast", False)] * 2
    + [("Ведрово", "other_oblast", False)]
    + [("Каменград", "abroad", False)] * 3
    + [("Яворец", "abroad", False), ("Ведрово", "abroad", False)]
    + [("Каменград", "not_found", False), ("Ведрово", "not_found", False)]
    + [("Каменград", "refused", False)]
    + [("Каменград", "in_work", False)] * 3
    + [("Ведрово", "in_work", False)]
)
SECOND_YEAR: list[Wanted] = (
    [("Каменград", "reintegrated", True)] * 2
    + [("Ведрово", "from_abroad", True)]
    + [("Каменград", "other_oblast", True), ("Яворец", "other_oblast", True)]
    + [("Каменград", "abroad", True)] * 2
    + [("Ведрово", "abroad", True)]
    # With the four carried over: eight in Каменград, three in Ведрово, one each in three small municipalities.
    + [("Каменград", "in_work", False)] * 5
    + [("Ведрово", "in_work", False)] * 2
    + [("Яворец", "in_work", False), ("Горун", "in_work", False), ("Студеница", "in_work", False)]
)
_CAPTIONS = {
    "reintegrated": "реинтегриран",
    "after_dropout": "записан повторно след отпадане",
    "first_time": "записан за първи път",
    "from_abroad": "записан след завръщане от чужбина",
    "other_oblast": "в друга област",
    "abroad": "в чужбина",
    "not_found": "неоткрит на адреса",
    "refused": "отказ на родителя",
    "in_work": "подлежи на обхват (в работа)",
}
_REASONS = (
    "социални и семейни причини",
    "голям брой отсъствия",
    "нежелание",
    "заминали в чужбина",
    "слаб успех",
)
# What is done later about a case in work, and what is planned next.
_LATER = (
    ("среща с родител", "училище; община", "да"),
    ("справка МВР", "ОД на МВР", ""),
    ("посещение на адрес", "РУО; училище; община", "не е открит"),
    ("уведомяване на ОЗД/РДСП", "РУО; ОЗД", ""),
    ("телефонен разговор", "училище", "да"),
)
_NEXT = (
    "среща с родител",
    "посещение на адрес",
    "справка МВР",
    "АУАН",
    "включване в подкрепа/медиатор",
    "",
)
PREFIXES = {
    "Каменград": "КГ",
    "Ведрово": "ВД",
    "Яворец": "ЯВ",
    "Горун": "ГР",
    "Студеница": "СТ",
    "Самодол": "СМ",
}


@dataclass(frozen=True)
class Action:
    day: date
    kind: str
    institutions: str
    contact: str = ""
    result: str = ""
    next_step: str = ""
    next_due: date | None = None
    team: str = ""

    def row(self) -> tuple[object, ...]:
        return (
            self.day, self.kind, 1, self.team, self.institutions, self.contact,
            self.result, self.next_step, self.next_due,
        )  # fmt: skip


@dataclass(frozen=True)
class Case:
    number: str
    category: str
    municipality: str
    school: str
    grade: int
    opened: date
    dropped: date
    reason: str
    source: str
    repeat: bool
    outcome: str
    closed: date | None
    confidence: str
    actions: list[Action] = field(default_factory=list)
    child: str = ""
    """Whose case it is."""

    def is_on_register(self, day: date) -> bool:
        """A register holds the year's cases and those the year before left in work."""
        year_start = date(day.year if day.month >= 9 else day.year - 1, 9, 1)
        return self.opened <= day and (self.closed is None or self.closed >= year_start)

    def row(self, day: date) -> tuple[object, ...]:
        ended = self.closed is not None and self.closed <= day
        return (
            self.number, day, self.child, self.category, self.municipality, self.school, self.grade, self.opened,
            self.dropped, self.reason, self.source, self.repeat,
            _CAPTIONS[self.outcome if ended else "in_work"],
            self.closed if ended else self.opened,
            self.confidence if ended else "",
        )  # fmt: skip


def make_cases(
    schools: list[Institution],
    random: Random,
    wanted_by_year: Mapping[int, Sequence[Wanted]] = MappingProxyType({2022: FIRST_YEAR, 2023: SECOND_YEAR}),
    prefixes: Mapping[str, str] = MappingProxyType(PREFIXES),
) -> list[Case]:
    """The cases of both school years, in the order they were opened. `prefixes` begin the numbers of a municipality's
    cases."""
    serial = dict.fromkeys(prefixes, 0)
    cases = []
    for year, wanted in wanted_by_year.items():
        term_end = date(year + 1, 2, 5)
        # Of the first year's cases 24 were known at the end of its first term, 17 of them in work.
        later = [n for n, (_, _, by_term) in enumerate(wanted) if not by_term]
        opened_later = set(later[len(later) * 17 // 24 :]) if year == 2022 else set()
        for n, (municipality, outcome, by_term) in enumerate(wanted):
            serial[municipality] += 1
            if n in opened_later:
                opened = term_end + timedelta(days=random.randint(5, 60))
            else:
                opened = date(year, 9, 20) + timedelta(days=random.randint(0, 70))
            last = term_end if by_term else date(year + 1, 6, 28)
            closed = None
            if outcome != "in_work":
                earliest = opened + timedelta(days=21)
                if not by_term:
                    earliest = max(earliest, term_end + timedelta(days=4))
                closed = earliest + timedelta(days=random.randint(0, max(0, (last - earliest).days)))
                closed = min(closed, last)
            near = [s for s in schools if s.municipality == municipality] or schools
            school = random.choice(near)
            grade = random.choice([c.grade for c in school.classes[year] if c.grade <= 10] or [8])
            case = Case(
                number=f"{prefixes[municipality]}-{serial[municipality]:03}",
                category="повторно отпаднал" if n % 9 == 4 else "отпаднал",
                municipality=municipality,
                school=school.code,
                grade=grade,
                opened=opened,
                dropped=opened - timedelta(days=random.randint(3, 30)),
                reason="заминали в чужбина" if outcome == "abroad" else random.choice(_REASONS),
                source=random.choice(("училище", "училище", "ИСРМ", "община")),
                repeat=n % 9 == 4,
                outcome=outcome,
                closed=closed,
                child=_child_of(school, year, grade, n),
                confidence={"abroad": "МВР" if n % 3 else "по сведения"}.get(outcome, "документ" if closed else ""),
            )
            _add_actions(case, n, random)
            cases.append(case)
    return sorted(cases, key=lambda c: (c.opened, c.number))


def _child_of(school: Institution, year: int, grade: int, n: int) -> str:
    """One of those who miss most in the grade."""
    children = [child for c in school.classes[year] if c.grade == grade for child in c.children]
    most = sorted(children, key=lambda child: (-child.leaning, child.identifier))
    return most[n % 3 % len(most)].identifier if most else ""


def _workday(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _add_actions(case: Case, n: int, random: Random) -> None:
    """Study, then calls and meetings, then a visit by a team made up for the case."""
    until = case.closed or date(2024, 2, 5)
    team = f"Екип {1 + n % 7}"
    day = _workday(case.opened + timedelta(days=random.randint(1, 5)))
    steps = [Action(day, "проучване на случая", "училище", result="проверени са адресът и отсъствията", next_step="разговор", next_due=day + timedelta(days=7))]  # fmt: skip
    day = _workday(day + timedelta(days=random.randint(1, 6)))
    steps.append(Action(day, "телефонен разговор", "училище", "да" if random.random() < 0.6 else "не"))
    if random.random() < 0.75:
        day = _workday(day + timedelta(days=random.randint(2, 9)))
        steps.append(Action(day, "среща с родител", "училище; община", "да" if random.random() < 0.7 else "не"))
    if case.outcome in ("abroad", "other_oblast"):
        day = _workday(day + timedelta(days=random.randint(2, 12)))
        steps.append(Action(day, "справка МВР", "ОД на МВР"))
    if random.random() < 0.8:
        day = _workday(day + timedelta(days=random.randint(3, 14)))
        members = random.choice(("РУО; училище; община", "РУО; училище; ОД на МВР", "РУО; училище; ДСП", "РУО; училище; община; ОД на МВР"))  # fmt: skip
        contact = {"not_found": "не е открит", "refused": "отказ", "abroad": "в чужбина"}.get(case.outcome, "да")
        step = "повторно посещение" if case.closed is None else ""
        due = day + timedelta(days=21) if case.closed is None else None
        steps.append(Action(day, "посещение на адрес", members, contact, "", step, due, team))
    if case.outcome in ("reintegrated", "after_dropout", "first_time", "from_abroad") and case.closed:
        steps.append(Action(case.closed, "записване", "училище", "да", "детето посещава училище"))
    if case.closed is None:
        steps += _follow_ups(case, steps[-1].day, team, until)
    case.actions.extend(a for a in steps if a.day <= until)


def _follow_ups(case: Case, last: date, team: str, until: date) -> list[Action]:
    """What is still done about a case in work: every month something, the newest with a term for what is next."""
    random = Random(case.number)
    steps: list[Action] = []
    if random.random() < 0.3 and case.opened.year == 2023 and case.opened.month >= 10:
        return steps
    for n in range(12):
        last = _workday(last + timedelta(days=random.randint(18, 40)))
        if last > until - timedelta(days=3):
            break
        kind, institutions, contact = _LATER[(n + len(case.number + case.municipality)) % len(_LATER)]
        steps.append(Action(last, kind, institutions, contact, team=team if "адрес" in kind else ""))
    if steps:
        term = _workday(steps[-1].day + timedelta(days=random.randint(9, 27)))
        steps[-1] = replace(steps[-1], next_step=random.choice(_NEXT), next_due=term)
    return steps
