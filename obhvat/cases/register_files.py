"""The registers of cases and of steps with what was entered here, as tables that can be uploaded back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.cases.register import actions, cases
from obhvat.datasets import Dataset, Field, dataset
from obhvat.language import BULGARIAN, speaking
from obhvat.people import EVERY, Reach
from obhvat.store import Store


@speaking(BULGARIAN)
def register_tables(
    store: Store, day: date, known_at: datetime, municipality: str | None = None, reach: Reach = EVERY
) -> dict[str, pd.DataFrame]:
    """The registers as of a day: „случаи“ and „действия“, with the captions of our templates, of the oblast or of a
    municipality, with the cases of a reach. Without the identifiers: the store knows whose a case is by its number and
    signal.

    Steps of cases that are on no register are left out, because a file with them would not be accepted; `conflicts`
    lists them.
    """
    of_cases, of_actions = cases(store, day, known_at, reach), actions(store, day, known_at, reach)
    of_actions = of_actions[of_actions["case_number"].isin(of_cases["number"])]
    # A file goes from hand to hand: what is kept to one institution does not go with it.
    of_actions = of_actions.assign(result=of_actions["result"].where(of_actions["note_of"].isna(), None))
    if municipality:
        of_cases = of_cases[of_cases["municipality"] == municipality]
        of_actions = of_actions[of_actions["municipality"] == municipality]
    return {
        declared.file_stem: _table(declared, rows, day)
        for declared, rows in ((dataset("cases"), of_cases), (dataset("actions"), of_actions))
    }


def _table(declared: Dataset, rows: pd.DataFrame, day: date) -> pd.DataFrame:
    rows = rows.assign(as_of=pd.Timestamp(day))
    return pd.DataFrame(
        {
            field.caption: pd.Series([_cell(field, value) for value in rows[field.name]], dtype=object)
            for field in declared.printed
            if field.type != "pupil"
        }
    )


def _cell(field: Field, value: Any) -> Any:
    """A value as the register writes it."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if field.type == "set":
        return "; ".join(field.caption_of(code) for code in value)
    if field.type == "enum":
        return field.caption_of(value)
    if field.type == "date":
        return value.date()
    if field.type in ("grade", "integer"):
        return int(value)
    return bool(value) if field.type == "boolean" else value
