"""The schematic map of the municipalities: a click looks at one, another click at the whole oblast again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from obhvat.charts import Patch, schematic_map
from obhvat.language import _
from obhvat.ui.filters import View
from obhvat.ui.place_filters import WHOLE_OBLAST
from obhvat.ui.widgets.picture import drawing, picture


def municipalities_map(patches: Sequence[Patch], key: str, says: str, caption: str, view: View) -> None:
    """Draw the patches; `caption` names their number in the table. `key` must change with the chosen municipality."""

    def look_at() -> None:
        for point in st.session_state[key].selection.points:
            name = next(iter(_values(point["customdata"])))
            st.session_state["municipality"] = WHOLE_OBLAST if name == view.scope.municipality else name

    table = pd.DataFrame([(p.name, p.label) for p in patches], columns=[_("Община"), caption])
    alternative = f"{says}: " + ", ".join(f"{p.name} {p.label}" for p in patches)
    picture(drawing(schematic_map, patches, height=330), key, alternative, table, on_select=look_at)


def _values(customdata: dict[str, str] | list[str]) -> list[str]:
    """Streamlit hands a point's data back as a list or as a dictionary by place."""
    return list(customdata.values()) if isinstance(customdata, dict) else customdata
