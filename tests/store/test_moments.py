"""An answer that is kept by what its queries read is forgotten with that, and cannot read anything else."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from examples import absences, put, register
from places import ROOT

from obhvat.cases.register import cases
from obhvat.indicators.measures import of_months
from obhvat.marts import MARTS
from obhvat.periods import parse_period
from obhvat.resources import read_sql
from obhvat.scope import Scope, institutions
from obhvat.store import Store
from obhvat.store.entries import add_entry
from obhvat.store.history import mark
from obhvat.store.moments import EVERY, OF_DATA, kinds_read
from obhvat.store.schema import VIEWS

NOON = datetime(2024, 3, 13, 12)
OF_OCTOBER = """
    select count(*)
    from absences
    join live_slices('absences', $known_at) as live using (slice_id)
    where live.period = date '2023-10-01'
"""
OF_SCHOOLS = "select count(*) from schools join live_slices('schools', $known_at) as live using (slice_id)"


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        (OF_SCHOOLS, {"schools"}),
        ("select 1", set()),
        ("from absence_levels join live_slices('absences', $known_at) as live using (slice_id)", {"absences"}),
        ("from shared_absences", {"absences", "pupils"}),
        ("from lists_in_force($known_at, [$day])", {"pupils", "schools"}),
        ("from cases_ever($known_at, $day)", {"cases", "entered", "said"}),
        ("from action_rows($known_at, $day)", {"actions", "cases", "entered", "said"}),
        ("from thresholds", {"thresholds"}),
        ("select max(period) from slices where dataset = 'cases'", EVERY),
        ("from live_slices($dataset, $known_at)", EVERY),
        ("from meta", EVERY),
        ("select rounds.n from live_slices('cases', $known_at)", {"cases"}),
        ("select n as rounds from live_slices('cases', $known_at)", {"cases", "rounds"}),
        ("-- absences\nselect 1", set()),
    ],
)
def test_a_query_reads_of_the_kinds_whose_tables_and_views_it_names(sql: str, kinds: set[str]) -> None:
    assert kinds_read(sql) == kinds


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_is_of_what_it_is_made_from(mart: str) -> None:
    assert kinds_read(f"from {mart}") == set(MARTS[mart])


@pytest.mark.parametrize(
    "sql",
    [
        "select * from cases_ever($known_at, $last)",
        "select * from action_rows($known_at, $last)",
        "select * from listed_children($known_at, $last)",
        of_months("flags", "settled"),
        of_months("measures", "everyone"),
        read_sql("indicators/sql/gone.sql"),
        read_sql("indicators/sql/signed_off.sql"),
        read_sql("indicators/sql/suspicious.sql"),
    ],
    ids=lambda sql: re.sub(r"\W+", " ", sql)[-40:],
)
def test_every_table_that_duckdb_reads_for_it_is_among_them(sql: str, demo_store: Store) -> None:
    given = {
        **dict.fromkeys(("known_at", "last"), NOON),
        **dict.fromkeys(("month", "year_first", "lists_from", "year_before_first"), NOON.date()),
        **dict.fromkeys(("few_pupils", "few_hours", "double", "half", "start_year", "newest_term"), 1),
        "months": [NOON.date()],
        **{name: [] for name in ("gone", "signed_off", "signed_off_on")},
        "rules": [{"rule": 0, "measure": "rise", "unit": "hours", "least": 1.0}],
    }
    named = {name: given[name] for name in set(re.findall(r"\$(\w+)", sql))}
    with demo_store.cursor() as cursor:
        [(_, plan)] = cursor.execute(f"explain (format json) {sql}", named).fetchall()
    scanned = {name.split(".")[-1] for name in re.findall(r'"Table": "([^"]+)"', json.dumps(json.loads(plan)))}
    # Of which dataset the slices are that it reads, it says itself.
    tables = scanned - {"slices", "batches", "batch_marks"}
    assert tables
    assert kinds_read(sql) >= frozenset().union(*(kinds_read(f"from {table}") for table in tables)) & OF_DATA


def n_schools(store: Store, at: datetime, sql: str = OF_SCHOOLS) -> int:
    """How many are in the register, kept by the register alone."""
    bound = {"known_at": at} if "$known_at" in sql else {}
    return store.kept_of_data("schools", at, lambda: store.rows(sql, bound)[0][0], reads=(OF_SCHOOLS,))


def test_an_answer_is_kept_while_other_data_comes_and_forgotten_with_its_own(store: Store) -> None:
    put(store, register(), at=NOON)
    n = n_schools(store, NOON)
    asked = "select committed_at from batches"
    with pytest.raises(AssertionError, match="kept by"):
        store.kept_of_data("batches", NOON, lambda: store.rows(asked), reads=(OF_SCHOOLS,))
    put(store, absences(), at=NOON)
    with store.transaction() as cursor:
        add_entry(cursor, "status", "РУО", NOON)
    # It would be refused, were it asked again.
    assert n_schools(store, NOON, asked) == n
    mark(store, [1], "undo", "РУО", NOON.replace(hour=13))
    with pytest.raises(AssertionError, match="kept by"):
        n_schools(store, NOON.replace(hour=14), asked)


def test_an_answer_that_is_kept_by_less_cannot_use_one_that_is_kept_by_more(store: Store) -> None:
    with pytest.raises(AssertionError, match="kept by"):
        store.kept_of_data("a", NOON, lambda: store.kept_of_data("b", NOON, lambda: 1), reads=(OF_SCHOOLS,))
    inside = store.kept_of_data("c", NOON, lambda: n_schools(store, NOON), reads=(OF_SCHOOLS, "from absences"))
    assert inside == 0


def n_of_october(store: Store, at: datetime, sql: str) -> int:
    """How many rows October has, kept while later months come."""
    answer = partial(store.rows, sql, {"known_at": at})
    return store.kept_of_data("october", at, lambda: answer()[0][0], reads=(OF_OCTOBER,), until=date(2023, 10, 31))


def test_an_answer_about_days_up_to_one_is_kept_while_absences_and_lists_of_later_ones_come(store: Store) -> None:
    put(store, register(), absences(10), at=NOON)
    n = n_of_october(store, NOON, OF_OCTOBER)
    assert n == 3
    [later] = put(store, absences(11), at=NOON)
    mark(store, [later], "undo", "РУО", NOON.replace(hour=13))
    # It would be refused, were it asked again.
    refused = "select count(*) from pupils where slice_id > 0 or $known_at is null"
    assert n_of_october(store, NOON.replace(hour=14), refused) == n
    [september] = put(store, absences(9), at=NOON.replace(hour=15))
    with pytest.raises(AssertionError, match="kept by"):
        n_of_october(store, NOON.replace(hour=16), refused)
    assert n_of_october(store, NOON.replace(hour=16), OF_OCTOBER) == n
    mark(store, [september], "undo", "РУО", NOON.replace(hour=17))
    with pytest.raises(AssertionError, match="kept by"):
        n_of_october(store, NOON.replace(hour=18), refused)


def test_an_answer_about_days_up_to_one_cannot_use_one_about_later_ones(store: Store) -> None:
    october, november = date(2023, 10, 31), date(2023, 11, 30)

    def nested(outer: date, inner: date | None, reads: str = "from absences") -> int:
        def answer() -> int:
            return store.kept_of_data((outer, inner, reads), NOON, lambda: 1, reads=(reads,), until=inner)

        return store.kept_of_data((outer, inner), NOON, answer, reads=("from absences, schools",), until=outer)

    for inner in (november, None):
        with pytest.raises(AssertionError, match="kept until"):
            nested(october, inner)
    assert nested(november, october) == nested(october, None, "from schools") == 1


def test_what_was_read_before_a_commit_is_kept_for_nobody_who_asks_after_it(store: Store) -> None:
    [batch] = put(store, register(), at=NOON)
    later = NOON + timedelta(hours=1)

    def within(n: int) -> int:
        return store.kept_of_data("within", later, lambda: n, reads=(OF_SCHOOLS,))

    def answer() -> int:
        n = n_schools(store, later)
        # Somebody else undoes it meanwhile.
        with ThreadPoolExecutor(1) as other:
            other.submit(mark, store, [batch], "undo", "РУО", NOON).result()
        return within(n)

    assert store.kept_of_data("whole", later, answer, reads=(OF_SCHOOLS,)) > 0
    assert within(n_schools(store, later)) == 0


def test_no_query_reads_the_day_of_a_moment() -> None:
    """Then an answer is the same at all moments at which the same was known, whatever their day: it is kept for all."""
    views = "|".join(re.findall(r"create macro (\w+)\(", "".join(map(read_sql, VIEWS))))
    # It is handed to a view, compared with when something was recorded, or a row's own column.
    as_it_may = (
        rf"\b({views})\(([^(),]+, )?\$?known_at\b(?!::)|<= \$?known_at$|frozen_stamps\.known_at|known_at timestamp"
    )
    reading = {
        (path.name, line.strip())
        for kind, named in (("sql", "known_at"), ("py", r"\$known_at"))
        for path in (ROOT / "obhvat").rglob(f"*.{kind}")
        for line in re.sub(" and ", "\n", re.sub("(?m)^ *--.*", "", path.read_text("utf-8"))).splitlines()
        if re.search(named, re.sub(as_it_may, "", line))
    }
    assert reading == set()


def test_an_answer_about_what_stays_is_kept_for_every_day(store: Store) -> None:
    put(store, register(), at=datetime(2022, 9, 20))
    term, midnight = parse_period("2022-I"), datetime(2023, 12, 31)
    evening, morning = (midnight + timedelta(hours=hours) for hours in (-1, 1))
    schools = [institutions(store, term, Scope(known_at=moment)) for moment in (evening, morning)]
    assert schools[0] is schools[1]
    assert cases(store, term.last, evening) is cases(store, term.last, morning)
    # Before its end the term is only as long as was known.
    within = [institutions(store, term, Scope(known_at=datetime(2022, 10, day))) for day in (1, 2)]
    assert within[0] is not within[1]
