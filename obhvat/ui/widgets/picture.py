"""Plotly figures on a page: Bulgarian, without toolbars, with a text alternative and the table behind them."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from babel.dates import get_day_names, get_month_names

from obhvat.language import _
from obhvat.ui.session import open_store

_LOCALE = {
    "locale": "bg",
    "locales": {
        "bg": {
            "dictionary": {},
            "format": {
                "months": [get_month_names("wide", locale="bg")[n] for n in range(1, 13)],
                "shortMonths": [get_month_names("abbreviated", locale="bg")[n] for n in range(1, 13)],
                "days": [get_day_names("wide", locale="bg")[n] for n in (6, 0, 1, 2, 3, 4, 5)],
                "shortDays": [get_day_names("abbreviated", locale="bg")[n] for n in (6, 0, 1, 2, 3, 4, 5)],
                "date": "%d.%m.%Y",
                "decimal": ",",
                "thousands": "\u202f",
            },
        }
    },
}


def drawing(draw: Callable[..., go.Figure], *inputs: Any, **how: Any) -> go.Figure:
    """What `draw` makes of the inputs, drawn once for as long as they are the same: drawing is most of a rerun.

    The figure is shared between sessions: do not change it.
    """
    of_inputs = hashlib.blake2b(pickle.dumps((inputs, how)), digest_size=16).digest()
    question = ("drawing", draw, of_inputs)
    return open_store().kept(question, datetime.now(), lambda: draw(*inputs, **how), daily=False)


def picture(
    figure: go.Figure,
    key: str,
    says: str,
    table: pd.DataFrame,
    on_select: Callable[[], None] | None = None,
) -> Any:
    """Draw a figure. `says` is its text alternative; `table` is shown folded under it."""
    config = {"displayModeBar": False, "responsive": True, **_LOCALE}
    extra: dict[str, Any] = {"on_select": on_select, "selection_mode": "points"} if on_select else {}
    chosen = st.plotly_chart(figure, key=key, theme=None, config=config, alt=says, **extra)
    with st.expander(_("Таблица"), type="compact"):
        st.dataframe(table, hide_index=True, width="stretch", placeholder="–", key=f"{key}-table")
    return chosen
