"""The figures of school years whose rows were forgotten, as a workbook for inside."""

from __future__ import annotations

import pandas as pd

from obhvat.language import BULGARIAN, speaking
from obhvat.reports.tables import write_workbook

_NOTES = (
    "Числата са от деня преди заличаването на редовете за годината; оттогава не могат да се преброят наново. За "
    "вътрешна употреба: малките числа не са скрити."
)


@speaking(BULGARIAN)
def kept_workbook(rows: pd.DataFrame) -> bytes:
    """One row a figure: `rows` as `kept_figures` gives them."""
    table = pd.DataFrame(
        {
            "Период": [period.label for period in rows["period"]],
            "Показател": rows["name"],
            "Община": rows["municipality"].replace("", "областта"),
            "Стойност": rows["value"],
            "n": rows["n"],
            "N": rows["d"],
            "Подали": rows["reporting"],
            "От": rows["places"],
        }
    )
    return write_workbook({"Числа": table}, _NOTES, notes_name="Бележки")
