"""Whose a step is and in how many working days: declared with sources, set by version."""

from __future__ import annotations

from datetime import datetime

import pytest
from small_cases import case, day_of, put, standing, step
from viewers import expert

from obhvat.cases.terms import OWNERS, default_terms, not_done_by, rungs, set_terms, term_versions, terms_of
from obhvat.datasets import dataset
from obhvat.errors import ObhvatError, UnknownName
from obhvat.store import Store

MORNING, NOON, EVENING = (datetime(2024, 3, 13, hour) for hour in (9, 12, 18))
KINDS = [value.code for value in dataset("actions")["kind"].values]


def test_every_kind_of_action_is_done_by_exactly_one_step() -> None:
    assert sorted(kind for one in default_terms().steps for kind in one.kinds) == sorted(KINDS)


def test_every_step_has_a_known_institution_days_and_a_source() -> None:
    for one in default_terms().steps:
        assert one.owner in OWNERS
        assert 1 <= one.working_days <= 20
        assert "предложение" in one.source, "no law gives days for a step"


def test_every_rung_but_the_signal_has_one_step_that_leads_to_it() -> None:
    leading = [one.rung for one in default_terms().steps if one.rung and not one.after]
    assert leading == [*rungs()][1:]


def test_measures_are_asked_for_by_every_outcome_of_a_visit_but_contact() -> None:
    contacts = {value.code for value in dataset("actions")["contact"].values}
    asking = [contact for one in default_terms().steps for contact in one.after]
    assert sorted(asking) == sorted(contacts - {"made"})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("повторно посещение", "visit"),
        ("Разговор", "talk"),
        ("среща с родителя в МВР", "talk"),
        ("справка в МВР за пребиваване", "check"),
        ("проверка на адрес", "visit"),
        ("АУАН", "sanction"),
        ("да се запише в ОУ", "outcome"),
        ("контакт с майката", None),
        ("изчакване", None),
    ],
)
def test_a_step_in_a_persons_own_words(said: str, code: str | None) -> None:
    found = default_terms().named_in(said)
    assert (found and found.code) == code


@pytest.mark.parametrize("kind", dataset("actions")["kind"].values, ids=lambda v: v.code)
def test_a_kind_of_action_named_as_the_next_step_is_understood(kind) -> None:
    found = default_terms().named_in(kind.caption)
    assert found
    assert kind.code in found.kinds


def test_an_institution_that_is_not_one_body_is_named_with_its_place() -> None:
    assert not_done_by("ruo", ["Горун"]) == "РУО не е изпълнило"
    assert not_done_by("municipality", ["Горун"]) == "Община Горун не е изпълнила"
    assert not_done_by("municipality", ["Горун", "Ведрово"]) == "Общините не са изпълнили"
    assert not_done_by("school", ["Горун", "Ведрово"]) == "Училищата не са изпълнили"


def test_nobody_set_anything_yet(store: Store) -> None:
    assert terms_of(store) == default_terms()
    assert term_versions(store).empty


def test_what_is_set_counts_from_its_moment_and_the_rest_stays(store: Store) -> None:
    assert set_terms(store, {"visit": ("municipality", 4)}, expert("РУО"), MORNING) == 1
    assert set_terms(store, {"visit": ("municipality", 5), "study": ("ruo", 3)}, expert("РУО"), EVENING) == 2

    def at(moment: datetime) -> tuple[object, ...]:
        found = terms_of(store, moment)
        return found.version, *((found[code].owner, found[code].working_days) for code in ("visit", "study"))

    assert terms_of(store, datetime(2024, 3, 12)) == default_terms()
    assert at(NOON) == (1, ("municipality", 4), ("school", 3))
    assert at(EVENING) == (2, ("municipality", 5), ("ruo", 3))
    assert terms_of(store)["check"] == default_terms()["check"]


def test_what_is_as_before_makes_no_version(store: Store) -> None:
    assert set_terms(store, {"visit": ("ruo", 7)}, expert("РУО")) == 0
    assert set_terms(store, {"visit": ("ruo", 8)}, expert("РУО")) == 1
    assert set_terms(store, {"visit": ("ruo", 8)}, expert("РУО")) == 1
    assert len(term_versions(store)) == 1


def test_versions_say_what_changed_by_whom_newest_first(store: Store) -> None:
    set_terms(store, {"study": ("school", 1)}, expert("експерт"), MORNING)
    set_terms(store, {"visit": ("ruo", 5), "study": ("ruo", 2)}, expert("началник"), NOON)
    found = term_versions(store)
    assert list(zip(found["version"], found["step"], found["set_by"], strict=True)) == [
        (2, "study", "началник"),
        (2, "visit", "началник"),
        (1, "study", "експерт"),
    ]
    assert found["change"][0] == "проучване на случая: от „училище, 1 работен ден“ на „РУО, 2 работни дни“"
    assert found["change"][2] == "проучване на случая: от „училище, 3 работни дни“ на „училище, 1 работен ден“"


@pytest.mark.parametrize("days", [0, -1, 251, 2.5, True])
def test_days_that_cannot_be_are_refused_and_nothing_is_stored(store: Store, days) -> None:
    with pytest.raises(ObhvatError, match="цяло число от 1 до 250"):
        set_terms(store, {"study": ("ruo", 4), "visit": ("ruo", days)}, expert("РУО"))
    assert terms_of(store) == default_terms()


def test_unknown_steps_and_institutions_are_refused(store: Store) -> None:
    with pytest.raises(UnknownName, match="стъпка „dance“"):
        set_terms(store, {"dance": ("ruo", 4)}, expert("РУО"))
    with pytest.raises(UnknownName, match="институция „nobody“"):
        set_terms(store, {"visit": ("nobody", 4)}, expert("РУО"))


def test_the_ladder_uses_what_was_set(store: Store) -> None:
    put(store, [case("А-1", "08.05.2024")], [step("А-1", "09.05.2024", "проучване")])
    assert standing(store).loc["А-1", ["owner", "due"]].to_list() == ["school", day_of("14.05.2024")]
    set_terms(store, {"talk": ("municipality", 5)}, expert("РУО"))
    assert standing(store).loc["А-1", ["owner", "due"]].to_list() == ["municipality", day_of("16.05.2024")]
