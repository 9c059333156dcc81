"""The awkward sister's checks and rounds: in July and August, on 5 September, on the first days of February."""

from __future__ import annotations

from datetime import date, timedelta

from obhvat.demo.inspections import Inspection, Round

_FINDING = ("не са вписани отсъствия за първия час", "ежедневен контрол на дневника")
_KINDS = {"in": "присъствие в час", "diary": "вписване в дневника", "work": "дейности на директора"}

# Number, day, school, kind, classes, enrolled, present, absent by diary, days given for the finding, the day it was
# done, the check it repeats.
_CHECKS: tuple[tuple[str, str, str, str, str, int | None, int | None, int | None, int | None, str, str], ...] = (
    ("П-01", "2022-10-11", "9101001", "in", "8а", 14, 12, 2, None, "", ""),
    ("П-02", "2022-11-09", "9101003", "diary", "9а", 16, 12, 2, 14, "2022-11-23", ""),
    ("П-03", "2022-12-07", "9102002", "work", "", None, None, None, 14, "", ""),
    ("П-04", "2023-01-18", "9103001", "in", "10а", 8, 7, 1, None, "", ""),
    ("П-05", "2023-02-02", "9101003", "diary", "9а", 16, 13, 1, 14, "2023-03-01", "П-02"),
    ("П-06", "2023-04-19", "9101004", "in", "7а", 4, 3, 1, None, "", ""),
    ("П-07", "2023-05-17", "9102003", "in", "6а", 4, 3, 0, 21, "", ""),
    ("П-08", "2023-09-05", "9101006", "work", "", None, None, None, 28, "2023-10-09", ""),
    ("П-09", "2023-10-10", "9101001", "in", "8а, 9а", 27, 25, 2, None, "", ""),
    ("П-10", "2023-10-24", "9101003", "diary", "10а", 17, 11, 3, 14, "2024-02-12", "П-05"),
    ("П-11", "2023-11-14", "9101006", "in", "4а", 2, 1, 1, 14, "", ""),
    ("П-12", "2023-11-22", "9102004", "work", "", None, None, None, 30, "2023-12-20", ""),
    ("П-13", "2023-12-06", "9101005", "in", "5а", 3, 2, 0, 14, "2024-01-10", ""),
    ("П-14", "2024-01-17", "9102005", "diary", "6а", 3, 3, 0, None, "", ""),
    ("П-15", "2024-01-31", "9103001", "in", "8а", 8, 7, 1, 30, "", ""),
    ("П-16", "2024-02-02", "9101003", "in", "10а, 11а", 33, 24, 6, 21, "", "П-10"),
    ("П-17", "2024-02-27", "9101002", "work", "", None, None, None, None, "", ""),
)

# Number, day, municipality, district, addresses, children seen and returned, the check beside it.
_ROUNDS: tuple[tuple[str, str, str, str, int, int, int, str], ...] = (
    ("О-01", "2022-10-19", "Речиград", "гр. Речиград", 9, 6, 1, ""),
    ("О-02", "2022-12-07", "Мъхово", "гр. Мъхово", 5, 4, 0, "П-03"),
    ("О-11", "2023-03-15", "Речиград", "с. Липак", 6, 2, 0, ""),
    ("О-03", "2023-07-11", "Речиград", "с. Липак", 7, 3, 0, ""),
    ("О-04", "2023-08-22", "Речиград", "с. Липак", 6, 4, 1, ""),
    ("О-05", "2023-09-05", "Речиград", "с. Липак", 4, 2, 0, "П-08"),
    ("О-06", "2023-10-25", "Мъхово", "гр. Мъхово", 8, 5, 1, ""),
    ("О-07", "2023-11-22", "Мъхово", "гр. Мъхово", 5, 5, 0, "П-12"),
    ("О-08", "2024-01-17", "Соколец", "гр. Соколец", 10, 7, 0, ""),
    ("О-09", "2024-02-01", "Речиград", "с. Горен Брод", 6, 2, 0, ""),
    ("О-10", "2024-02-27", "Речиград", "гр. Речиград", 7, 6, 1, "П-17"),
)


def make_inspections() -> tuple[list[Inspection], list[Round]]:
    """The checks and the rounds, oldest first."""
    with_round = {check: number for number, *_, check in _ROUNDS if check}
    inspections = []
    for number, on, school, kind, classes, enrolled, present, recorded, given, closed, repeat_of in _CHECKS:
        day = date.fromisoformat(on)
        finding, recommendation = _FINDING if given else ("", "")
        inspections.append(
            Inspection(
                *(number, day, school, _KINDS[kind], classes, enrolled, present, recorded, finding, recommendation),
                due=day + timedelta(days=given) if given else None,
                closed=date.fromisoformat(closed) if closed else None,
                repeat_of=repeat_of,
                round=with_round.get(number, ""),
            )
        )
    rounds = [
        Round(number, date.fromisoformat(on), municipality, district, "Екип 2", "РУО; училище; община", *counts, check)
        for number, on, municipality, district, *counts, check in _ROUNDS
    ]
    return inspections, rounds
