"""Reasons in the ministry's list, and what others' words become in it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from accounted import put, schools

from obhvat.cases.reasons import OTHER_SPELLINGS, REASONS, reason_mapping
from obhvat.cases.register import cases
from obhvat.datasets import dataset
from obhvat.demo.files import Demo
from obhvat.ingest import Source
from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.store import Store


def test_the_invented_oblast_has_the_reasons_of_its_cases(demo_store: Store):
    first, day, term = date(2023, 9, 1), date(2024, 2, 5), Period(2023, "term", 1)
    figures = {value.caption: figure(demo_store, f"cases_by_reason_{value.code}", term) for value in REASONS}
    expected = Counter(
        case.reason for case in Demo().cases if case.opened <= day and (case.closed is None or case.closed >= first)
    )
    expected["заминаване в чужбина"] = expected.pop("заминали в чужбина")
    assert {name: part.n for name, part in figures.items() if part.n} == dict(expected)
    unsaid = figure(demo_store, "cases_without_reason", term)
    assert {part.d for part in (*figures.values(), unsaid)} == {expected.total()}
    assert sum(part.n or 0 for part in (*figures.values(), unsaid)) == expected.total()


def test_a_mapped_word_is_read_as_the_mapping_says(store: Store):
    """Every word of the three lists in a register of its own line."""
    mapping = reason_mapping()
    head = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Причина;Статус"
    rows = [f"К-{n:03};31.01.2024;отпаднал;Каменград;10.10.2023;{said};в работа" for n, said in mapping["said"].items()]
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, Source("случаи.csv", "\n".join([head, *rows]).encode()))
    found = cases(store, date(2024, 1, 31), datetime(2024, 2, 6)).sort_values("number")
    field = dataset("cases")["reason"]
    assert [field.caption_of(code) for code in found["reason"]] == list(mapping["ministry"])


def test_the_lists_of_the_ministry_of_statistics_and_of_the_press_are_shown():
    mapping = reason_mapping()
    assert list(mapping["list"].unique()) == ["МОН", "НСИ", "медии и отчети", OTHER_SPELLINGS]
    became = mapping.set_index(["list", "said"])["ministry"]
    assert became["НСИ", "поради семейни причини"] == "социални и семейни причини"
    assert became["медии и отчети", "ранни бракове"] == "социални и семейни причини"
    assert became["медии и отчети", "сезонна миграция"] == "заминаване в чужбина"


def test_who_counts_those_abroad_is_said():
    abroad = reason_mapping().query("said == 'заминали в чужбина'").set_index("list")["note"]
    assert abroad.to_dict() == {"МОН": "не се брои за отпадане", "НСИ": "брои се за напускане"}


def test_every_spelling_is_shown_once_for_its_list():
    mapping = reason_mapping()
    assert not mapping.duplicated(["list", "said"]).any()
    synonyms = {said for value in dataset("cases")["reason"].values for said in value.synonyms}
    assert synonyms <= set(mapping["said"])
