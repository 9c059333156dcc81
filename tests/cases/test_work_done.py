"""What was done: each kind for itself, who took part, and what came of visiting."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime

import pandas as pd
import pytest
from accounted import AT, OBLAST, TERM, day_of, line, put, register, schools

from obhvat.cases.durations import NAMES
from obhvat.cases.stayed import DAYS, OUTCOMES
from obhvat.datasets import dataset
from obhvat.demo.writers import DemoFile
from obhvat.ingest import Source
from obhvat.metrics import figure
from obhvat.metrics.work import Came, came, taking_part, work_done
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import counted

DAY = "31.01.2024"


def told(store: Store, metric_id: str, scope: Scope = OBLAST) -> tuple[float | None, float | None]:
    """n and d of the term."""
    found = figure(store, metric_id, TERM, scope)
    return found.n, found.d


def actions(*rows: str) -> Source:
    """case;municipality;date;kind;n;institutions;contact."""
    head = "№ на случая;Към дата;Община;Дата;Вид действие;Пореден №;Участвали институции;Осъществен контакт"
    lines = (";".join([number, DAY, *rest]) for number, *rest in (row.split(";") for row in rows))
    return Source("действия.csv", "\n".join([head, *lines]).encode())


def rounds(*rows: str) -> Source:
    """number;date;municipality;institutions;addresses;found;returned."""
    head = "№ на обхода;Дата;Община;Участвали институции;Посетени адреси;Открити деца;Върнати деца"
    return Source("обходи.csv", "\n".join([head, *rows]).encode())


def put_many(store: Store, *sources: Source) -> None:
    put(store, schools(), at=datetime(2023, 9, 1))
    put(store, *sources)


def demo_rows(files: list[DemoFile], stem: str, encoding: str, delimiter: str) -> list[dict[str, str]]:
    [source] = [f.source for f in files if f.source.safe_name.startswith(stem)]
    return list(csv.DictReader(io.StringIO(source.data.decode(encoding)), delimiter=delimiter))


def demo_steps(files: list[DemoFile]) -> list[dict[str, str]]:
    """The steps of both registers of the term, each once: the newer leaves out those of cases that have ended."""
    both = [
        row for day in ("2023-11-30", "2024-02-05") for row in demo_rows(files, f"действия_{day}", "windows-1251", ";")
    ]
    key = ("№ на случая", "Дата", "Вид действие", "Пореден №")
    return list({tuple(row[name] for name in key): row for row in both}.values())


def of_term(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if TERM.first <= day_of(row["Дата"]) <= TERM.last]


# --- the invented oblast once more, from its files


def test_steps_are_those_of_the_files(demo_store: Store, demo_files: list[DemoFile]):
    rows = of_term(demo_steps(demo_files))
    kinds = {spelling: v.code for v in dataset("actions")["kind"].values for spelling in (v.caption, *v.synonyms)}
    expected = Counter(kinds[row["Вид действие"]] for row in rows)
    cases = {(kinds[row["Вид действие"]], row["№ на случая"]) for row in rows}
    done = work_done(demo_store, TERM, Scope()).set_index("kind")
    of_cases = done.drop(["round", "address"])
    assert of_cases["n"].to_dict() == {kind: expected[kind] for kind in of_cases.index}
    assert of_cases["cases"].to_dict() == Counter(kind for kind, _ in cases) | dict.fromkeys(
        set(of_cases.index) - expected.keys(), 0
    )


def test_rounds_and_their_addresses_are_those_of_the_files(demo_store: Store, demo_files: list[DemoFile]):
    rows = of_term(demo_rows(demo_files, "обходи_09.2023", "utf-8", "\t"))
    done = work_done(demo_store, TERM, Scope()).set_index("kind")["n"]
    assert done["round"] == len(rows)
    assert done["address"] == sum(int(row["Посетени адреси"]) for row in rows)
    of = done["address"]
    assert told(demo_store, "rounds_found", Scope()) == (sum(int(row["Открити деца"]) for row in rows), of)
    assert told(demo_store, "rounds_returned", Scope()) == (sum(int(row["Върнати деца"]) for row in rows), of)


@pytest.mark.parametrize("period", [TERM, Period(2022, "year"), Period(2023, "month", 11)])
@pytest.mark.parametrize("place", [None, "Каменград"])
def test_what_is_also_a_metric_says_the_same(demo_store: Store, period: Period, place: str | None):
    scope = Scope(municipality=place)
    done = work_done(demo_store, period, scope).set_index("kind")["n"]
    metrics = {"call": "calls", "meeting": "meetings", "visit": "visits", "round": "rounds"}
    metrics["address"] = "addresses_visited"
    assert {kind: done[kind] for kind in metrics} == {
        kind: figure(demo_store, name, period, scope).n for kind, name in metrics.items()
    }


def test_institutions_are_those_of_the_files(demo_store: Store, demo_files: list[DemoFile]):
    steps = of_term(demo_steps(demo_files))
    walked = of_term(demo_rows(demo_files, "обходи_09.2023", "utf-8", "\t"))
    took = taking_part(demo_store, TERM, Scope()).set_index("name")
    for name in ("РУО", "училище", "община", "ОД на МВР", "РЗИ"):
        mine = [row for row in steps if name in row["Участвали институции"].split("; ")]
        assert took.loc[name, "steps"] == len(mine)
        assert took.loc[name, "rounds"] == sum(name in row["Участвали институции"].split("; ") for row in walked)
    assert took["steps"].iloc[0] + took["rounds"].iloc[0] == (took["steps"] + took["rounds"]).max()


# --- by hand


def test_every_kind_of_work_has_a_noun_of_its_own(store: Store):
    put_many(store, register(line("К-1")), actions("К-1;Каменград;12.10.2023;среща;1;РУО;да"))
    done = work_done(store, TERM, OBLAST)
    assert all(counted(2, unit).startswith("2 ") for unit in done["unit"])
    apart = done.set_index("kind").loc[["call", "meeting", "visit", "round", "address"], "unit"]
    assert apart.is_unique


def test_without_a_register_work_is_missing_and_not_zero(store: Store):
    put_many(store, register(line("К-1")), actions("К-1;Каменград;12.10.2023;среща;1;РУО;да"))
    done = work_done(store, TERM, OBLAST).set_index("kind")["n"]
    assert (done["meeting"], done["call"]) == (1, 0)
    assert done[["round", "address"]].isna().all()
    assert told(store, "rounds_returned") == (None, None)
    other = Scope(municipality="Горун", known_at=AT)
    assert work_done(store, TERM, other)["n"].isna().all()
    assert told(store, "cases_reached_at_visit", other) == (None, None)
    took = taking_part(store, TERM, OBLAST).set_index("institution")
    assert took["rounds"].isna().all()
    assert took.loc[["ruo", "police"], "steps"].tolist() == [1, 0]


def test_work_of_a_school_is_that_in_its_cases(store: Store):
    put_many(
        store,
        register(line("К-1", school="9000103"), line("К-2")),
        actions("К-1;Каменград;12.10.2023;среща;1;РУО;да", "К-2;Каменград;12.10.2023;среща;1;РУО;да"),
        rounds("О-1;12.10.2023;Каменград;РУО;5;1;0"),
    )
    school = Scope(municipality="Каменград", school="9000103", known_at=AT)
    done = work_done(store, TERM, school).set_index("kind")["n"]
    assert done["meeting"] == 1
    assert pd.isna(done["round"])
    assert work_done(store, TERM, OBLAST).set_index("kind")["n"]["round"] == 1


def test_a_round_that_does_not_say_what_it_found_is_unknown_and_not_zero(store: Store):
    put_many(
        store,
        rounds(
            "О-1;12.10.2023;Каменград;РУО;40;10;2",
            "О-2;13.10.2023;Каменград;РУО; 60;5;",
            "О-3;14.10.2023;Ведрово;РУО;100;;",
            "О-4;15.08.2023;Ведрово;РУО;1000;1000;1000",
        ),
    )
    assert (told(store, "rounds")[0], told(store, "addresses_visited")[0]) == (3, 200)
    assert told(store, "rounds_found") == (15, 100)
    assert told(store, "rounds_returned") == (2, 40)
    assert came(figure(store, "rounds_returned", TERM, OBLAST)).per_100 == 5
    of_one = Scope(municipality="Ведрово", known_at=AT)
    assert told(store, "rounds", of_one)[0] == 1
    assert told(store, "rounds_returned", of_one) == (None, None)
    nothing = came(figure(store, "rounds_returned", TERM, of_one))
    assert (nothing, nothing.per_100, nothing.interval) == (Came(None, 0), None, None)


def test_the_interval_is_wilsons():
    low, high = Came(5, 471).interval or (0, 0)
    # By the formula of Wilson (1927) with z = 1.96.
    n, z = 471, 1.959964
    p = 5 / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    assert (low, high) == pytest.approx((100 * (middle - half), 100 * (middle + half)), abs=1e-6)
    assert Came(0, 20).interval == pytest.approx((0, 100 * z * z / (20 + z * z)), abs=1e-6)


def test_more_children_than_addresses_have_no_interval():
    assert (Came(12, 10).per_100, Came(12, 10).interval) == (120, None)


def test_visits_are_followed_to_the_contact_and_to_the_return(store: Store):
    put_many(
        store,
        register(
            line("К-1", "реинтегриран", on="20.11.2023"),
            # Returned before anybody came.
            line("К-2", "реинтегриран", on="01.10.2023", opened="01.09.2023"),
            # Returned nobody knows when.
            line("К-3", "реинтегриран"),
            line("К-4"),
            line("К-5"),
        ),
        actions(
            "К-1;Каменград;12.10.2023;посещение;1;РУО;не е открит",
            "К-1;Каменград;19.10.2023;посещение;1;РУО;да",
            "К-2;Каменград;12.10.2023;посещение;1;РУО;отказ",
            "К-3;Каменград;12.10.2023;посещение;1;РУО;",
            "К-4;Каменград;12.10.2023;посещение;1;РУО;не е открит",
            # Reached on the telephone is not reached at a visit.
            "К-4;Каменград;13.10.2023;телефонен разговор;1;РУО;да",
            "К-5;Каменград;13.10.2023;телефонен разговор;1;РУО;да",
        ),
    )
    assert (told(store, "visits")[0], told(store, "cases_with_visit")[0]) == (5, 4)
    assert told(store, "cases_reached_at_visit") == (2, 3)
    assert told(store, "cases_returned_after_visit") == (1, 3)


def test_visits_before_the_period_do_not_count(store: Store):
    put_many(
        store,
        register(line("К-1", "реинтегриран", on="20.11.2023", opened="01.06.2023")),
        actions("К-1;Каменград;12.06.2023;посещение;1;РУО;да"),
    )
    assert (told(store, "visits")[0], told(store, "cases_with_visit")[0]) == (0, 0)
    assert told(store, "cases_returned_after_visit") == (0, 0)
    assert TERM.first == date(2023, 9, 15)


@pytest.mark.parametrize("scope", [Scope(), Scope(municipality="Каменград"), Scope(municipality="Ведрово")])
def test_what_became_of_the_cases_foots(demo_store: Store, scope: Scope):
    def n(metric_id: str) -> tuple[float, float | None]:
        found = figure(demo_store, metric_id, TERM, scope)
        assert found.n is not None
        assert found.by("municipality")["n"].sum() == found.by("school")["n"].sum() == found.n
        return found.n, found.d

    for days in DAYS:
        parts = [n(f"returns_{outcome}_{days}") for outcome in OUTCOMES]
        assert {d for _, d in parts} == {sum(count for count, _ in parts)}
    for what in NAMES:
        (timed, of), (waiting, of_timed), (untimed, _) = (
            n(f"cases_{part}_{what}") for part in ("timed", "waiting", "untimed")
        )
        assert of == timed + untimed
        assert 0 <= waiting <= timed == of_timed
