"""Steps of a case that is not there yet: they wait for it, and that is said."""

from __future__ import annotations

import pandas as pd
import pytest
from drops import ACTIONS_HEAD, case, cases, put, register, table
from viewers import expert

from obhvat.ingest import commit
from obhvat.ingest.checking.waiting import steps_by_case, waiting_words
from obhvat.store import Store

GOOD, BAD = range(1, 7), range(7, 14)
REGISTER = cases(
    *(case(f"КГ-{n}") for n in GOOD),
    *(case(f"КГ-{n}", "гр. Каменово") for n in BAD),
)


def step(case_number: str, day: str = "20.10.2023", as_of: str = "05.02.2024") -> str:
    return f"{case_number};{as_of};Каменград;{day};телефонен разговор"


def live_steps(store: Store) -> list[tuple[str, int]]:
    live = "join live_slices('actions', now()::timestamp) as live on live.slice_id = actions.slice_id"
    return store.rows(f"select case_number, day(date) from actions {live} order by all")


def test_steps_that_wait_come_beside_other_steps_of_the_same_drop(read, store):
    put(store, register(), REGISTER, table(ACTIONS_HEAD, step("КГ-1"), step("КГ-7"), name="действия.csv"))
    newer = table(ACTIONS_HEAD, step("КГ-1", "21.12.2023", as_of="05.03.2024"), name="действия-март.csv")
    fixed = cases(*(case(f"КГ-{n}") for n in (*GOOD, *BAD)))
    commit(read(fixed, newer, store=store), store, expert())
    assert live_steps(store) == [("КГ-1", 20), ("КГ-1", 21), ("КГ-7", 20)]


def test_a_newer_file_of_the_same_day_takes_the_place_of_those_that_wait(read, store):
    put(store, register(), REGISTER, table(ACTIONS_HEAD, step("КГ-1"), step("КГ-7"), name="действия.csv"))
    newer = table(ACTIONS_HEAD, step("КГ-1"), step("КГ-2"), name="действия-ново.csv")
    fixed = cases(*(case(f"КГ-{n}") for n in (*GOOD, *BAD)))
    assert [f.dataset.name for f in read(fixed, newer, store=store).files] == ["cases", "actions"]


def test_a_file_whose_steps_all_wait_is_recorded_and_comes_with_its_cases(read, store):
    put(store, register(), REGISTER)
    upload = read(table(ACTIONS_HEAD, step("КГ-7"), step("КГ-8"), name="действия.csv"), store=store)
    assert (upload.files[0].rows_good, upload.files[0].refused) == (0, None)
    commit(upload, store, expert())
    waiting = steps_by_case(store, store.now())
    assert waiting.values.tolist() == [["КГ-7", 1], ["КГ-8", 1]]
    commit(read(cases(*(case(f"КГ-{n}") for n in (*GOOD, 7))), store=store), store, expert())
    assert live_steps(store) == [("КГ-7", 20)]
    assert steps_by_case(store, store.now()).values.tolist() == [["КГ-8", 1]]
    commit(read(cases(*(case(f"КГ-{n}") for n in (*GOOD, 7, 8))), store=store), store, expert())
    assert (live_steps(store), len(steps_by_case(store, store.now()))) == ([("КГ-7", 20), ("КГ-8", 20)], 0)


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        ([], ""),
        ([("КГ-7", 1)], "1 действие чака случай КГ-7: влиза в данните само, когато той дойде с регистъра на случаите."),
        (
            [("КГ-7", 2), ("КГ-8", 1)],
            "3 действия чакат случаите КГ-7 (2) и КГ-8 (1): влизат в данните сами, "
            "когато дойдат с регистъра на случаите.",
        ),
    ],
)
def test_how_many_steps_wait_and_for_which_cases_in_words(waiting, words):
    assert waiting_words(pd.DataFrame(waiting, columns=["case_number", "n"])) == words
