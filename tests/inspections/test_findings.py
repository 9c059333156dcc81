"""What became of findings, on a day; typical findings; by school."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from small_registers import AT, FIRST, SECOND, TERM, THIRD, check, checks, put, register

from obhvat.inspections.findings import by_school, categories, category_of, findings
from obhvat.metrics import figure, typical_findings
from obhvat.periods import parse_period
from obhvat.scope import Scope
from obhvat.store import Store

DAY = date(2024, 2, 5)


def one(store: Store, *rows: str, day: date = DAY) -> dict[str, Any]:
    """The first of the findings, after a commit of these checks."""
    put(store, register(), checks(*rows))
    return findings(store, TERM, AT, day).iloc[0].to_dict()


def found(number: int = 1, day: str = "02.10.2023", code: str = FIRST, **how: Any) -> str:
    return check(number, day, code, finding=how.pop("finding", "не са вписани отсъствия"), **how)


def each(store: Store, *asked: tuple[dict[str, Any], date, Any], what: str) -> list[Any]:
    """Of each finding, all made on one day, what is said of it on a day."""
    put(store, register(), checks(*(found(n, **how) for n, (how, _, _) in enumerate(asked, 1))))
    told = (findings(store, TERM, AT, day).set_index("number") for _, day, _ in asked)
    return [rows.loc[f"П-{n}", what] for n, rows in enumerate(told, 1)]


def test_a_finding_stands_as_its_dates_say(store: Store) -> None:
    asked: tuple[tuple[dict[str, Any], date, str], ...] = (
        ({}, DAY, "open"),
        ({"due": "16.10.2023"}, date(2023, 10, 16), "open"),
        ({"due": "16.10.2023"}, date(2023, 10, 17), "overdue"),
        ({"due": "16.10.2023", "closed": "20.10.2023"}, date(2023, 10, 19), "overdue"),
        ({"due": "16.10.2023", "closed": "20.10.2023"}, date(2023, 10, 20), "closed"),
        ({"closed": "20.10.2023"}, DAY, "closed"),
    )
    assert each(store, *asked, what="state") == [state for _, _, state in asked]


def test_late_is_counted_in_working_days(store: Store) -> None:
    asked: tuple[tuple[dict[str, Any], date, int], ...] = (
        ({"due": "16.10.2023"}, date(2023, 10, 16), 0),
        # From Monday the 16th: Tuesday to Friday, and the Monday after.
        ({"due": "16.10.2023"}, date(2023, 10, 23), 5),
        ({"due": "16.10.2023", "closed": "18.10.2023"}, DAY, 2),
        ({"due": "16.10.2023", "closed": "10.10.2023"}, DAY, 0),
        # Christmas is three days off, New Year one.
        ({"due": "22.12.2023"}, date(2024, 1, 2), 3),
        ({}, DAY, 0),
    )
    assert each(store, *asked, what="late") == [late for _, _, late in asked]


@pytest.mark.parametrize(
    ("later", "recheck"),
    [
        (check(2, "06.11.2023"), "2023-11-06"),
        (check(2, "06.11.2023", kind="diary"), None),
        (check(2, "06.11.2023", kind="diary", repeat_of="П-1"), "2023-11-06"),
        (check(2, "06.11.2023", SECOND), None),
        (check(2, "02.10.2023"), None),
    ],
    ids=["same kind", "other kind", "says so", "other school", "same day"],
)
def test_a_later_check_that_repeats_or_is_of_the_kind_is_the_recheck(
    store: Store, later: str, recheck: str | None
) -> None:
    row = one(store, found(due="16.10.2023"), later)
    assert row["recheck"] == pd.Timestamp(recheck) if recheck else pd.isna(row["recheck"])
    assert row["state"] == ("rechecked" if recheck else "overdue")


def test_the_first_of_several_rechecks_counts_and_ends_the_delay(store: Store) -> None:
    row = one(store, found(due="16.10.2023"), check(2, "20.10.2023"), check(3, "06.11.2023"))
    assert (row["recheck"], row["late"]) == (pd.Timestamp("2023-10-20"), 4)


def test_a_recheck_after_the_day_is_not_known_on_it(store: Store) -> None:
    row = one(store, found(), check(2, "06.11.2023"), day=date(2023, 11, 5))
    assert row["state"] == "open"
    assert pd.isna(row["recheck"])


def test_a_check_without_finding_or_recommendation_is_none(store: Store) -> None:
    put(
        store, register(), checks(check(1, "02.10.2023"), found(2), check(3, "03.10.2023", recommendation="инструктаж"))
    )
    assert findings(store, TERM, AT, DAY)["number"].tolist() == ["П-2", "П-3"]


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("не са вписани отсъствия за първия час", "unrecorded"),
        ("Две отсъствия НЕ СА вписани", "unrecorded"),
        ("невписани отсъствия в 7а", "unrecorded"),
        ("разлика между преброените и дневника", "unrecorded"),
        ("закъснения са отбелязани като присъствие", "late_as_present"),
        ("закъсненията не са отбелязани", "late_as_present"),
        ("липсват документи за уважителни причини", "no_documents"),
        ("няма медицински бележки", "no_documents"),
        ("няма протоколи от разговори с родители", "no_talks"),
        ("родителите не са уведомени; не са уведомени родители", "no_talks"),
        ("невписани теми по математика", "topics"),
        ("не са вписани теми", "topics"),
        ("дневникът е скъсан", "other"),
        ("забележки по хигиената, няма", "other"),
    ],
)
def test_a_finding_in_the_words_of_an_expert_has_its_category(said: str, category: str) -> None:
    assert category_of(said) == category


def test_a_check_with_only_a_recommendation_is_known_by_it() -> None:
    assert category_of("", "да се впишат теми, липсват темите") == "topics"
    assert category_of("дневникът е скъсан", "липсват темите") == "other"


def test_every_category_is_declared_once_and_the_last_says_nothing() -> None:
    ids = [one.id for one in categories()]
    assert len(set(ids)) == len(ids)
    assert [one.id for one in categories() if not one.said] == ["other"] == ids[-1:]


def test_typical_findings_are_counted(store: Store) -> None:
    rows = (
        found(1, finding="странно"),
        found(2, finding="странно"),
        found(3, finding="невписани теми"),
        found(4, finding="невписани отсъствия", closed="20.10.2023"),
        found(5, finding="невписани отсъствия", code=SECOND),
    )
    put(store, register(), checks(*rows))
    counted = typical_findings(store, TERM, AT)
    assert counted.to_numpy().tolist() == [
        ["unrecorded", "невписани отсъствия", 2, 1],
        ["topics", "невписани теми", 1, 1],
        ["other", "друго", 2, 2],
    ]


def test_schools_with_most_overdue_come_first(store: Store) -> None:
    rows = (
        found(1),
        found(2, "03.10.2023", due="31.01.2024"),
        found(3, "04.10.2023", closed="20.10.2023"),
        found(4, code=SECOND, due="16.10.2023", kind="diary"),
        found(5, "04.10.2023", SECOND, due="17.10.2023", kind="director"),
    )
    put(store, register(), checks(*rows))
    # Of the first school the checks of 2 and 3 October were made again.
    counted = by_school(findings(store, TERM, AT, date(2023, 10, 18)))
    assert counted[["school", "n", "open", "overdue", "late"]].to_numpy().tolist() == [
        [SECOND, 2, 2, 2, 2],
        [FIRST, 3, 1, 0, 0],
    ]


def test_findings_of_the_demonstration_are_those_of_its_files(demo_store: Store) -> None:
    """Counted again in SQL without the module: a finding is closed, made again, late or open."""
    period, day = parse_period("2023-I"), date(2024, 2, 5)
    rows = findings(demo_store, period, Scope(), day)
    expected = demo_store.rows(
        """
        select
            number,
            case
                when closed_on <= $day then 'closed'
                when exists (
                    select 1 from inspections as later
                    where later.school = checks.school and later.date > checks.date
                    and (later.kind = checks.kind or later.repeat_of = checks.number)
                ) then 'rechecked'
                when due < $day then 'overdue'
                else 'open'
            end
        from inspections as checks
        where finding is not null and date between $first and $last
        """,
        {"day": day, "first": period.first, "last": period.last},
    )
    assert sorted(zip(rows["number"], rows["state"], strict=True)) == sorted(expected)
    assert by_school(rows)["n"].sum() == len(rows)
    kinds = typical_findings(demo_store, period, Scope())
    whole, undone = (figure(demo_store, of, period).n for of in ("findings", "findings_open"))
    assert (kinds["n"].sum(), kinds["open"].sum()) == (whole, undone)


def test_findings_without_any_are_empty(store: Store) -> None:
    rows = findings(store, TERM, AT, DAY)
    assert (rows.empty, typical_findings(store, TERM, AT).empty, by_school(rows).empty) == (True, True, True)


def test_what_is_owed_counts_the_findings_of_earlier_years(store: Store) -> None:
    earlier, now = found(1, "03.10.2022", due="01.12.2022"), found(2, code=SECOND, due="31.01.2024")
    put(store, register(), checks(earlier, name="2022.csv"), checks(now))
    for of, n, d in (("findings_open", 1, 1), ("findings_owed", 2, 2), ("findings_overdue", 0, 1)):
        owed = figure(store, of, TERM, AT)
        assert (owed.n, owed.d) == (n, d), of
    late = figure(store, "findings_owed_late", TERM, AT)
    assert (late.n, late.by("school").set_index("school")["n"].to_dict()) == (1, {FIRST: 1, SECOND: 0, THIRD: 0})
