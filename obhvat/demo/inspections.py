"""Invented checks of РУО and rounds. In the first term of 2023/2024: 38 of 40 schools, some more than once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from obhvat.demo.oblast import Institution

# How many checks the checked schools of a term had: {checks: schools}. The last sums to 38 schools, 53 checks.
_TERMS: tuple[tuple[date, date, dict[int, int]], ...] = (
    (date(2022, 10, 3), date(2023, 1, 27), {1: 28, 2: 6, 3: 1}),
    (date(2023, 2, 13), date(2023, 6, 9), {1: 27, 2: 9}),
    (date(2023, 10, 2), date(2024, 1, 26), {1: 27, 2: 8, 3: 2, 4: 1}),
)
_FINDINGS = (
    ("не са вписани отсъствия за първия час", "ежедневен контрол на дневника"),
    ("закъснения са отбелязани като присъствие", "инструктаж на учителите"),
    ("липсват документи за уважителни причини", "събиране на медицински бележки в срок"),
    ("няма протоколи от разговори с родители", "протокол за всеки разговор"),
)


@dataclass(frozen=True)
class Round:
    number: str
    day: date
    municipality: str
    district: str
    team: str
    institutions: str
    addresses: int
    found: int
    returned: int
    inspection: str

    def row(self) -> tuple[object, ...]:
        return (
            self.number, self.day, self.municipality, self.district, self.team, self.institutions,
            self.addresses, self.found, self.returned, self.inspection,
        )  # fmt: skip


@dataclass(frozen=True)
class Inspection:
    number: str
    day: date
    school: str
    kind: str
    classes: str
    enrolled: int | None
    present: int | None
    absent_recorded: int | None
    finding: str
    recommendation: str
    due: date | None
    closed: date | None
    repeat_of: str
    round: str

    def row(self) -> tuple[object, ...]:
        return (
            self.number, self.day, self.school, self.kind, self.classes, self.enrolled, self.present,
            self.absent_recorded, self.finding, self.recommendation, self.due, self.closed, self.repeat_of,
            bool(self.round), self.round,
        )  # fmt: skip


def make_inspections(
    schools: list[Institution], random: Random, unchecked: Collection[str], times: float = 1
) -> tuple[list[Inspection], list[Round]]:
    """Checks and rounds of three terms, `times` as many as in an oblast of forty schools; every check of a director's
    work has its round. `unchecked` are left out in the last term."""
    inspections: list[Inspection] = []
    rounds: list[Round] = []
    for first, last, bands in _TERMS:
        is_latest = first.year == 2023 and first.month == 10
        open_to_check = [s for s in schools if not (is_latest and s.code in unchecked)]
        # The more is missed in a school, the sooner it is checked again.
        chosen = sorted(open_to_check, key=lambda s: s.diligence + random.random(), reverse=True)
        counts = [n for n in sorted(bands, reverse=True) for _ in range(round(times * bands[n]))]
        visits = sorted(
            (first + timedelta(days=random.randint(0, (last - first).days)), school.code, n)
            for school, count in zip(chosen, counts, strict=False)
            for n in range(count)
        )
        by_code = {s.code: s for s in schools}
        previous: dict[str, str] = {}
        for serial, (day, code, _) in enumerate(visits, start=1):
            day = _workday(day, last)
            number = f"П-{first.year % 100}{'I' if first.month > 8 else 'II'}-{serial:03}"
            kind = ("присъствие в час", "вписване в дневника", "дейности на директора", "присъствие в час")[serial % 4]
            round_number = ""
            if kind == "дейности на директора":
                round_number = f"О-{number[2:]}"
                rounds.append(_round(round_number, day, by_code[code], number, random))
            inspections.append(
                _inspection(number, day, by_code[code], kind, previous.get(code, ""), round_number, random)
            )
            previous[code] = number
        for n in range(round(6 * times)):
            day = _workday(first + timedelta(days=14 * (n % 6) + 4), last)
            school = random.choice(schools)
            rounds.append(
                _round(
                    f"О-{first.year % 100}{'I' if first.month > 8 else 'II'}-М{n + 1}",
                    day,
                    school,
                    "",
                    random,
                )
            )
    return inspections, rounds


def _workday(day: date, last: date) -> date:
    while day.weekday() > 4 or (day.month == 12 and day.day > 22) or (day.month == 1 and day.day < 3):
        day += timedelta(days=1)
    return min(day, last)


def _round(number: str, day: date, school: Institution, inspection: str, random: Random) -> Round:
    addresses = random.randint(3, 9) if inspection else random.randint(8, 20)
    children = random.randint(addresses // 3, addresses)
    institutions = random.choice(("РУО; училище", "РУО; училище; община", "РУО; училище; ОД на МВР; община"))
    return Round(
        number, day, school.municipality, school.settlement, f"Екип {random.randint(1, 7)}", institutions,
        addresses, children, 1 if random.random() < 0.15 else 0, inspection,
    )  # fmt: skip


def _inspection(
    number: str, day: date, school: Institution, kind: str, repeat_of: str, round_number: str, random: Random
) -> Inspection:
    year = day.year if day.month >= 9 else day.year - 1
    classes = random.sample(school.classes[year], k=min(2, len(school.classes[year])))
    enrolled = sum(len(c.children) for c in classes)
    absent = min(enrolled, round(enrolled * 0.09 * school.diligence * random.uniform(0.4, 1.8)))
    recorded = max(0, absent - (random.randint(1, 3) if random.random() < 0.3 else 0))
    counted = kind != "дейности на директора"
    has_finding = absent != recorded or random.random() < 0.25
    finding, recommendation = random.choice(_FINDINGS) if has_finding else ("", "")
    due = day + timedelta(days=14) if has_finding else None
    closed = due if due and random.random() < 0.6 else None
    return Inspection(
        number, day, school.code, kind, ", ".join(c.name for c in classes) if counted else "",
        enrolled if counted else None, enrolled - absent if counted else None, recorded if counted else None,
        finding, recommendation, due, closed, repeat_of, round_number,
    )  # fmt: skip
