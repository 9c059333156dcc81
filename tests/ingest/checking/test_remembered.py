"""What cells mean is remembered between uploads, and nothing of anybody."""

from __future__ import annotations

from datetime import date

import pytest
from drops import TODAY, absence, absences, case, cases, faults, staged

from obhvat.ingest.checking import remembered


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, ...], remembered.Meanings]:
    """What is remembered, of nothing at first."""
    monkeypatch.setattr(remembered, "_of_fields", {})
    return remembered._of_fields


def texts(kept: dict[tuple[str, ...], remembered.Meanings]) -> set[str]:
    return {text for meanings in kept.values() for key in meanings for text in key if text}


def test_a_file_that_comes_after_its_like_says_the_same(read, kept) -> None:
    file = absences(absence("дете-1", "1,5"), absence("дете-2", "много"), absence("дете-3", "-1"), absence("дете-4"))
    first, second = read(file), read(file)
    assert {"10", "2023/2024", "1,5", "1"} <= texts(kept)
    columns = "line, month, unexcused"
    assert staged(first, "absences", columns) == staged(second, "absences", columns) != []
    assert faults(first) == faults(second) == [(3, "type"), (4, "negative")]


def test_no_text_that_may_be_of_a_person_is_kept(read, kept) -> None:
    egn, lost, name = "7501010010", "41010010", "Иванова"
    read(
        absences(absence(egn, "1"), *(absence(f"дете-{text}", text, class_name=text) for text in (egn, lost, name))),
        cases(case(lost).replace("12.10.2023", name), case(name)),
    )
    assert "12.10.2023" in texts(kept)
    assert [text for text in texts(kept) if egn in text or lost in text or name in text] == []


def test_a_day_that_was_still_to_come_is_read_when_it_has_come(read, kept) -> None:
    file = cases(case("КГ-1", as_of="13.03.2024"))
    assert faults(read(file, today=date(2024, 3, 12))) == [(2, "future")]
    assert faults(read(file, today=TODAY)) == []
    assert faults(read(file, today=date(2024, 3, 12))) == [(2, "future")]
