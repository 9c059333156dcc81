"""Rows that say what can hardly be are asked about, each kind in one line with the lines of the file."""

from __future__ import annotations

import pytest
from drops import ACTIONS_HEAD, case, cases, put, register, staged, table

from obhvat.ingest import Source

INSPECTIONS = (
    "№ на проверката;Дата;Училище (код);Вид проверка;Списъчен състав;Присъстващи;Отсъстващи по дневник;Срок;"
    "Изпълнена на"
)
CHECK = "П-{};10.10.2023;9000101;присъствие в час;{}"


def asked(upload) -> list[str]:
    return [d.text for d in upload.files[-1].doubts if d.code == "unlikely"]


def checks(*rows: str) -> Source:
    return table(INSPECTIONS, *(CHECK.format(n, row) for n, row in enumerate(rows)))


def test_more_present_than_enrolled_is_asked_about_and_stays_when_confirmed(read):
    upload = read(register(), checks("22;25;3;;", "20;19;1;;", "15;16;;;"))
    assert asked(upload) == [
        "2 реда: присъстващите са повече от списъчния състав (ред 2: 25 и 22; ред 4: 16 и 15). "
        "Проверете ги или потвърдете."
    ]
    assert staged(upload, "inspections", "present") == [(25,), (19,), (16,)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("22;3;25;;", "отсъстващите по дневник са повече от списъчния състав (ред 2: 25 и 22)"),
        ("22;20;3;;", "присъстващите и отсъстващите по дневник заедно са повече от списъчния състав (ред 2: 23 и 22)"),
        ("22;20;2;09.10.2023;", "срокът на препоръката е преди проверката (ред 2: 09.10.2023 и 10.10.2023)"),
        ("22;20;2;;01.10.2023", "изпълнена е преди проверката (ред 2: 01.10.2023 и 10.10.2023)"),
    ],
)
def test_what_a_check_can_hardly_say(read, row, said):
    assert asked(read(register(), checks(row))) == [f"1 ред: {said}. Проверете го или потвърдете."]


@pytest.mark.parametrize("row", ["22;20;2;24.10.2023;20.10.2023", "22;20;;;", ";25;;;", "22;22;0;;"])
def test_what_may_well_be_is_not_asked_about(read, row):
    assert asked(read(register(), checks(row))) == []


def test_a_step_before_the_signal_of_its_case(read, store):
    put(store, register(), cases(case("КГ-1"), case("КГ-2")))
    steps = [f"КГ-1;05.02.2024;Каменград;{day};телефонен разговор" for day in ("11.10.2023", "12.10.2023")]
    assert asked(read(table(ACTIONS_HEAD, *steps), store=store)) == [
        "1 ред: датата на действието е преди сигнала за случая (ред 2: 11.10.2023 и 12.10.2023). "
        "Проверете го или потвърдете."
    ]


def test_a_status_before_the_signal(read):
    head = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Статус от дата"
    upload = read(register(), table(head, f"{case('КГ-1')};01.10.2023", f"{case('КГ-2')};13.10.2023"))
    assert asked(upload) == [
        "1 ред: статусът е от дата преди сигнала (ред 2: 01.10.2023 и 12.10.2023). Проверете го или потвърдете."
    ]


def test_more_hours_than_a_month_can_have(read):
    head = "Код по НЕИСПУО;Календарна година;Месец;ЕГН/ЛНЧ;Отсъствия – часове;Отсъствия – дни"
    rows = (f"9000101;2023;10;дете-{n};{hours};" for n, hours in enumerate(["184", "184,5"]))
    assert asked(read(register(), table(head, *rows, name="потвърждения АСП.csv"))) == [
        "1 ред: часовете са повече, отколкото може да има един месец (ред 3: 184,5 и 184). Проверете го или потвърдете."
    ]
