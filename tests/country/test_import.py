"""What the ministry takes of an oblast, and what it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from signed_oblasts import JANUARY, MADE, WHO, Oblast, brought, of_month, told, without_signature
from small_oblast import register

from obhvat.country.compared import compared
from obhvat.country.importing import Imported
from obhvat.country.oblasts import trust
from obhvat.errors import ObhvatError
from obhvat.ingest import commit, read_files
from obhvat.ingest.undoing import mark
from obhvat.store import Store
from obhvat.store.history import history

ROWS = of_month(400, 10_000, 38, 40)


def cases_of(country: Store, oblast: Oblast) -> float | None:
    found = compared(country, "cases_in_work", JANUARY)
    return next(place.n for place in found.places if place.oblast == oblast.name)


def test_a_signed_file_is_stored_whole(country: Store, oblasts: list[Oblast]) -> None:
    assert brought(country, oblasts[0].file(*ROWS)) == [
        Imported("Бистрец-2024-01.jsonl", "Бистрец", "януари 2024 г.", figures=4)
    ]
    assert cases_of(country, oblasts[0]) == 14


def test_the_same_file_again_is_known(country: Store, oblasts: list[Oblast]) -> None:
    file = oblasts[0].file(*ROWS)
    brought(country, file)
    assert [done.is_known for done in brought(country, file)] == [True]
    assert len(history(country)) == 1


def test_a_newer_file_replaces_the_older_and_undone_leaves_it(country: Store, oblasts: list[Oblast]) -> None:
    brought(country, oblasts[0].file(*ROWS))
    [done] = brought(country, oblasts[0].file(told("cases_in_work", 20), later=timedelta(days=1)))
    assert (done.is_replaced, cases_of(country, oblasts[0])) == (True, 20)
    mark(country, WHO, [2], "undo")
    assert cases_of(country, oblasts[0]) == 14


def test_an_older_file_than_the_held_is_refused(country: Store, oblasts: list[Oblast]) -> None:
    brought(country, oblasts[0].file(*ROWS))
    [done] = brought(country, oblasts[0].file(told("cases_in_work", 20), later=-timedelta(days=1)))
    assert "е по-стар от записания файл" in done.refused
    assert cases_of(country, oblasts[0]) == 14


def test_two_files_at_once_are_taken_the_older_first(country: Store, oblasts: list[Oblast]) -> None:
    newer = oblasts[0].file(told("cases_in_work", 20), later=timedelta(days=1))
    done = brought(country, newer, oblasts[0].file(*ROWS))
    assert [one.refused for one in done] == ["", ""]
    assert cases_of(country, oblasts[0]) == 20


def test_an_older_month_may_come_later(country: Store, oblasts: list[Oblast]) -> None:
    brought(country, oblasts[0].file(*ROWS))
    december = of_month(300, 10_000, 30, 40, date(2023, 12, 1))
    [done] = brought(country, oblasts[0].file(*december, month=date(2023, 12, 1), later=-timedelta(days=30)))
    assert done.refused == ""
    assert cases_of(country, oblasts[0]) == 14


def test_a_file_changed_by_a_digit_is_refused(country: Store, oblasts: list[Oblast]) -> None:
    name, data = oblasts[0].file(*ROWS)
    [done] = brought(country, (name, data.replace(b'"n":14', b'"n":15')))
    assert "променен след подписването" in done.refused
    assert history(country).empty


def test_a_line_that_is_left_out_is_noticed(country: Store, oblasts: list[Oblast]) -> None:
    name, data = oblasts[0].file(*ROWS)
    lines = data.splitlines(keepends=True)
    [done] = brought(country, (name, b"".join([*lines[:2], *lines[3:]])))
    assert "променен след подписването" in done.refused


def test_a_file_of_another_oblast_under_this_name_is_refused(country: Store, oblasts: list[Oblast]) -> None:
    stranger = Oblast(oblasts[0].name, Ed25519PrivateKey.generate())
    [done] = brought(country, stranger.file(*ROWS))
    assert "не е подписан с ключа, вписан за област Бистрец" in done.refused


def test_an_oblast_that_is_not_enrolled_is_refused(country: Store) -> None:
    [done] = brought(country, Oblast("Лозница", Ed25519PrivateKey.generate()).file(*ROWS))
    assert "Област „Лозница“ не е вписана" in done.refused


def test_a_file_without_its_signature_is_refused(country: Store, oblasts: list[Oblast]) -> None:
    name, data = oblasts[0].file(*ROWS)
    [done] = brought(country, (name, without_signature(data)))
    assert done.refused == f"„{name}“ не е подписан; поискайте го отново от областта."


@pytest.mark.parametrize("data", [b"", b"{", b"[[[[", b"\xff\xfe", b"a;b\n1;2\n", b'{"signature":"x"}', b"[" * 5000])
def test_any_other_file_is_refused(country: Store, data: bytes) -> None:
    [done] = brought(country, ("файл.csv", data))
    assert "не е файл с числа на област" in done.refused


def test_a_file_of_tomorrow_is_refused(country: Store, oblasts: list[Oblast]) -> None:
    ahead = datetime.now(UTC) - MADE + timedelta(days=3)
    [done] = brought(country, oblasts[0].file(*ROWS, later=ahead))
    assert "е с дата в бъдещето" in done.refused


def test_of_several_files_the_good_ones_are_stored(country: Store, oblasts: list[Oblast]) -> None:
    done = brought(country, ("нещо.txt", b"x"), oblasts[1].file(*ROWS), oblasts[2].file(*ROWS))
    assert [bool(one.refused) for one in done] == [True, False, False]
    assert len(history(country)) == 2


def test_a_new_key_takes_the_place_of_the_old(country: Store, oblasts: list[Oblast]) -> None:
    renewed = Oblast(oblasts[0].name, Ed25519PrivateKey.generate())
    trust(country, renewed.name, renewed.pem, WHO)
    assert "не е подписан с ключа" in brought(country, oblasts[0].file(*ROWS))[0].refused
    assert brought(country, renewed.file(*ROWS))[0].refused == ""


def test_one_key_is_not_of_two_oblasts(country: Store, oblasts: list[Oblast]) -> None:
    with pytest.raises(ObhvatError, match="вече е вписана област Бистрец"):
        trust(country, "Лозница", oblasts[0].pem, WHO)


def test_a_private_key_is_not_taken(country: Store) -> None:
    with pytest.raises(ObhvatError, match="тайният ключ"):
        trust(country, "Лозница", b"-----BEGIN PRIVATE KEY-----", WHO)


def test_a_store_of_an_oblast_does_not_become_the_countrys(own_demo: Store, oblasts: list[Oblast]) -> None:
    with pytest.raises(ObhvatError, match="има данни на област"):
        trust(own_demo, oblasts[0].name, oblasts[0].pem, WHO)


def test_no_row_of_an_oblast_comes_into_a_store_of_the_country(country: Store) -> None:
    upload = read_files([register()], country, today=date(2024, 3, 13))
    with pytest.raises(ObhvatError, match="в нея няма ред за дете"):
        commit(upload, country, WHO)
    upload.close()


def test_figures_do_not_come_into_a_store_of_an_oblast(store: Store, oblasts: list[Oblast]) -> None:
    with pytest.raises(ObhvatError, match="не е на страната"):
        brought(store, oblasts[0].file(*ROWS))
