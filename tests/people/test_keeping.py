"""The terms for which data are kept: declared, set by version, with a ground."""

from __future__ import annotations

from datetime import datetime

import pytest
from viewers import expert

from obhvat.errors import ObhvatError, UnknownName
from obhvat.people.keeping import MOST_YEARS, default_kinds, kinds_of, set_years, versions_of_years
from obhvat.store import Store


def test_every_kind_has_a_ground_and_says_that_its_number_is_a_proposal() -> None:
    assert all("2016/679" in kind.ground and "предложение" in kind.ground for kind in default_kinds())


def test_terms_are_set_by_version(store: Store) -> None:
    declared = {kind.id: kind.years for kind in default_kinds()}
    assert set_years(store, {"children": 7}, expert("Иванова"), datetime(2026, 3, 1))
    assert not set_years(store, {"children": 7}, expert("Иванова"), datetime(2026, 4, 1))
    assert {kind.id: kind.years for kind in kinds_of(store)} == declared | {"children": 7}
    assert {kind.id: kind.years for kind in kinds_of(store, datetime(2026, 2, 1))} == declared
    [row] = versions_of_years(store).to_dict("records")
    assert (row["set_by"], row["change"]) == ("Иванова", "Списъци, отсъствия и оценки по деца: от 5 години на 7 години")


@pytest.mark.parametrize("years", [0, MOST_YEARS + 1, True])
def test_years_that_cannot_be_are_refused(store: Store, years: int) -> None:
    with pytest.raises(ObhvatError, match="цяло число"):
        set_years(store, {"cases": years}, expert("Иванова"))


def test_a_kind_that_is_not_declared_is_refused(store: Store) -> None:
    with pytest.raises(UnknownName):
        set_years(store, {"names": 3}, expert("Иванова"))
