"""An upload that was read before a child was erased, or a year forgotten, does not bring it back without a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from forgotten_oblast import OTHER, SCHOOL, TODAY
from small_oblast import listing
from viewers import expert

from obhvat.cases.child_answers import erase_child
from obhvat.cases.entries import change_status
from obhvat.cases.one_child import find_child, held_of
from obhvat.errors import StoreChanged
from obhvat.ingest import Upload, commit
from obhvat.metrics.forgetting import figures_of
from obhvat.people.child_requests import GROUNDS
from obhvat.people.forgetting import due, forget
from obhvat.store import Store

WHO = expert("Иванова")
LISTS = listing(SCHOOL, date(2023, 9, 15), 3)
Read = Callable[..., Upload]


def erase(store: Store, typed: str) -> int:
    child = find_child(store, WHO, typed)
    erase_child(store, WHO, child, GROUNDS["erased"][0], "по искане на родителя")
    return child


def test_who_was_erased_meanwhile_is_asked_about(filled: Store, read: Read) -> None:
    waiting = read(LISTS, store=filled)
    child = erase(filled, "дете-101-1")
    with pytest.raises(StoreChanged, match=r"Докато „ученици.*“ чакаше, данните на 1 дете от него са изтрити"):
        commit(waiting, filled, WHO)
    assert held_of(filled, WHO, child) == ()
    again = read(LISTS, store=filled)
    assert "erased" in [doubt.code for doubt in again.files[0].doubts]
    commit(again, filled, WHO)
    assert held_of(filled, WHO, child)


def test_another_child_erased_after_one_was_asked_about_is_asked_about_too(filled: Store, read: Read) -> None:
    erase(filled, "дете-101-1")
    waiting = read(LISTS, store=filled)
    change_status(filled, OTHER, "reintegrated", date(2024, 3, 20), viewer=WHO)
    child = erase(filled, "дете-101-3")
    with pytest.raises(StoreChanged, match="1 дете"):
        commit(waiting, filled, WHO)
    assert held_of(filled, WHO, child) == ()


def test_files_without_the_child_go_on(filled: Store, read: Read) -> None:
    waiting = read(listing("9000201", date(2023, 9, 15), 3), store=filled)
    erase(filled, "дете-101-1")
    assert len(commit(waiting, filled, WHO).batch_ids) == 1


def test_a_year_that_was_forgotten_meanwhile_is_asked_about(filled: Store, read: Read) -> None:
    waiting = read(LISTS, store=filled)
    forget(filled, due(filled, TODAY), figures_of(filled, [], datetime.now()), "Иванова", datetime.now(), TODAY)
    with pytest.raises(StoreChanged, match=r"данните за учебната 2023/2024 г\. са заличени"):
        commit(waiting, filled, WHO)
    assert filled.rows("select count(*) from pupils") == [(0,)]
    again = read(LISTS, store=filled)
    assert "forgotten" in [doubt.code for doubt in again.files[0].doubts]
    assert len(commit(again, filled, WHO).batch_ids) == 1
