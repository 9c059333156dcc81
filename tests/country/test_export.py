"""What an oblast sends: what the press may be told of the whole of it, and not a row of a child."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from filling import begin
from signed_oblasts import JANUARY, WHO, Oblast, brought
from small_oblast import absences, listing, put, register
from store_files import copy_store, throw_away

from obhvat.attack import intervals
from obhvat.attack.reached import Collector, Reached
from obhvat.attack.told_at import suppose_unchanged
from obhvat.country.export import figures_file, lines_of
from obhvat.country.keys import signing_key, signing_key_path
from obhvat.country.oblasts import trust
from obhvat.country.signed import About, read_signed, sign
from obhvat.country.told import Told
from obhvat.disclosure import Disclosure
from obhvat.errors import ObhvatError, UnreadableFile
from obhvat.metrics import all_metrics, figure, metric
from obhvat.metrics.answers import answer_as_json
from obhvat.periods import last_of, month_period, parse_period
from obhvat.scope import Scope
from obhvat.store import Store

OwnMonth = tuple[Store, bytes]
MONTHS = [date(2023, 10, 1), date(2023, 11, 1), date(2023, 12, 1), JANUARY]


def rows_of(store: Store, data: bytes) -> tuple[Told, ...]:
    return read_signed("файл", data).rows(signing_key(store.path).public_key())


def test_figures_are_those_of_the_command(own_month: OwnMonth) -> None:
    store, data = own_month
    shown = [row for row in rows_of(store, data) if not row.why]
    assert len(shown) > 200
    for row in shown[::8]:
        period = parse_period(row.period)
        day = None if period.kind == "month" else last_of(JANUARY)
        answer = answer_as_json(store, row.metric, period, Scope(), day)
        assert (row.n, row.value, row.reporting, row.places) == (
            pytest.approx(answer["n"]),
            pytest.approx(answer["value"]),
            answer["reporting"],
            answer["places"],
        ), row.metric


def test_what_is_hidden_from_the_press_is_hidden(own_month: OwnMonth) -> None:
    store, data = own_month
    hidden = [row for row in rows_of(store, data) if row.why]
    assert [row.metric for row in hidden] == ["cases_overdue"]
    assert 0 < (figure(store, "cases_overdue", month_period(JANUARY)).n or 0) < 5
    assert {(row.value, row.n, row.d, row.text) for row in hidden} == {(None, None, None, "скрито")}


def test_nothing_is_told_below_the_oblast_or_of_a_child(own_month: OwnMonth) -> None:
    store, data = own_month
    text = data.decode()
    first, *lines = (json.loads(line) for line in text.splitlines()[:-1])
    assert {*first} == {"obhvat_figures", "oblast", "month", "made_at", "program", "audience", "figures"}
    assert {key for line in lines for key in line} == {field.name for field in fields(Told)}
    pupils = {f"{child}" for (child,) in store.rows("select distinct pupil from absences where pupil is not null")}
    numbers = {number for (number,) in store.rows("select distinct number from cases")}
    places = {name for row in store.rows("select distinct municipality, code from schools") for name in row}
    assert min(map(len, (pupils, numbers, places))) > 5
    words = {word for line in lines for value in line.values() for word in str(value).replace(",", " ").split()}
    # A municipality has the name of its oblast.
    assert not words & (pupils | numbers | places - {first["oblast"]})
    assert not any(child in text for child in pupils)


@pytest.fixture(scope="module")
def corrected(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A school sends a correction: the file of October made in December is another than that made in November."""
    opened = begin(Store(copy_store(blank_path, tmp_path_factory.mktemp("corrected"))))
    put(opened, register(), listing("9000101", date(2023, 9, 15), 60), at=datetime(2023, 9, 20))
    put(opened, absences("9000101", 10, [6] * 9 + [0] * 51), at=datetime(2023, 11, 3))
    put(opened, absences("9000101", 10, [6] * 3 + [0] * 57), at=datetime(2023, 12, 2))
    put(opened, absences("9000101", 11, [6] * 7 + [0] * 53), at=datetime(2023, 12, 3))
    yield opened
    throw_away(opened)


def test_no_number_of_children_is_told_or_computed_that_the_press_cannot_reach(corrected: Store) -> None:
    november, december = datetime(2023, 11, 5), datetime(2023, 12, 5)
    sent = [(november, MONTHS[0]), (december, MONTHS[0]), (december, MONTHS[1])]
    reached, only = Reached(), frozenset({"pupils_over_threshold"})
    then = Collector(corrected, "press", november, reached, "ноември", (), only)
    now = Collector(corrected, "press", december, reached, "", (), only)
    for collector in (then, now):
        collector.collect([2023])
    suppose_unchanged(now, then)
    told = {}
    for at, month in sent:
        [row] = lines_of(corrected, metric("pupils_over_threshold"), month, at)
        if row.n is not None:
            of = figure(corrected, row.metric, parse_period(row.period), Scope(known_at=at))
            told[(now if at == december else then).cell(of)] = row.n
    assert sorted(told.values()) == [7, 9]
    assert told.items() <= reached.known.shown.items()
    small = [cell for cell, n in reached.truth.items() if 0 < n < 5]
    assert len(small) == 1
    assert all(low < high for low, high in intervals(reached.known, small).values())


def test_numbers_of_children_are_told_of_the_month_alone(own_month: OwnMonth) -> None:
    store, data = own_month
    periods = {row.period for row in rows_of(store, data) if metric(row.metric).children}
    assert periods == {"2024-01"}


def test_what_happened_is_told_up_to_the_end_of_the_month(demo_store: Store) -> None:
    rows = {row.period: row for row in lines_of(demo_store, metric("visits"), date(2023, 12, 1), datetime.now())}
    till_then = figure(demo_store, "visits", parse_period("2023"), Scope(), date(2023, 12, 31))
    assert {*rows} == {"2023-12", "2023-I", "2023"}
    assert rows["2023"].n == till_then.n
    assert (till_then.n or 0) < (figure(demo_store, "visits", parse_period("2023")).n or 0)


def test_what_nobody_sent_is_neither_zero_nor_hidden(store: Store) -> None:
    put(store, register())
    [of] = lines_of(store, metric("pupils_over_threshold"), JANUARY, datetime.now())
    assert (of.value, of.why, of.reporting, of.places) == (None, "", 0, 4)
    assert "няма данни" in of.text


def test_every_metric_the_press_is_told_is_there_once_a_time(own_month: OwnMonth) -> None:
    store, data = own_month
    door = Disclosure(store, "press")
    rows = rows_of(store, data)
    assert {row.metric for row in rows} == {of.id for of in all_metrics() if door.tells_alone(of.id)}


def test_a_file_is_taken_by_the_ministry_as_it_was_sent(own_month: OwnMonth, new_store: Callable[[], Store]) -> None:
    sender, data = own_month
    ministry = new_store()
    oblast = Oblast("Каменград", signing_key(sender.path))
    trust(ministry, oblast.name, oblast.pem, WHO)
    [done] = brought(ministry, ("файл.jsonl", data))
    kept = ministry.rows("select metric, period, n, d, why from country_figures order by line")
    assert done.refused == ""
    assert kept == [(row.metric, row.period, row.n, row.d, row.why) for row in rows_of(sender, data)]


def test_the_signing_key_is_for_its_owner_and_made_once(store: Store) -> None:
    key = signing_key(store.path)
    path = signing_key_path(store.path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(store.path).private_bytes_raw() == key.private_bytes_raw()


def test_a_month_that_is_not_over_is_not_sent(own_demo: Store) -> None:
    with pytest.raises(ObhvatError, match="не е изтекъл"):
        figures_file(own_demo, datetime.now().date().replace(day=1))


def test_a_store_without_a_register_sends_nothing(store: Store) -> None:
    with pytest.raises(ObhvatError, match="Не се знае на коя област"):
        figures_file(store, JANUARY)


@pytest.mark.parametrize(
    "changed",
    [
        {"pupil": 1},
        {"n": -1},
        {"n": float("1e300")},
        {"n": True},
        {"n": "14"},
        {"metric": "select *"},
        {"name": "а\u202eб"},
        {"text": "x" * 500},
        {"kind": "child"},
        {"period": "2024-1"},
        {"day": "вчера"},
        {"places": 4.5},
        {"definition": "x"},
        {"why": "малко"},
    ],
)
def test_a_line_with_anything_else_in_it_is_refused_though_it_is_signed(changed: dict[str, object]) -> None:
    key = Ed25519PrivateKey.generate()
    good = Told("visits", "Посещения", "посещение", "count", "2024-01", None, "0" * 16, "", "3", 3, 3, None, "", 6, 6)

    class Line:
        def as_json(self) -> dict[str, object]:
            return good.as_json() | changed

    about = About("Каменград", JANUARY, datetime.combine(JANUARY, time()).astimezone(), "0.2.0")
    with pytest.raises(UnreadableFile, match="не е файл с числа на област"):
        read_signed("файл", sign(about, [Line()], key)).rows(key.public_key())  # ty: ignore
