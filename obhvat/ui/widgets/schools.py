"""Schools in tables and pictures: a click opens a school's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from obhvat.language import _
from obhvat.ui.filters import View, take_along
from obhvat.ui.shell import page_file, pages_of

_CLICKED, _PAGE = "clicked-school", "school"


def open_school(view: View, code: str) -> NoReturn:
    """Go to a school's page with the filters and the audience kept."""
    take_along(school=view.label_of(code))
    # Without parameters Streamlit refuses: those of the filters are bound to them.
    st.switch_page(page_file(_PAGE), query_params={})


def _opens(view: View) -> bool:
    """Whether who is looking has the page of a school."""
    return _PAGE in pages_of(view.viewer.role)


def by_row(view: View, note: str = "") -> str:
    """What is said of a table of schools: a note, and that a click opens one, to who has the page that it opens."""
    click = _("натиснете ред, за да отворите училището") if _opens(view) else ""
    return "; ".join(filter(None, (note, click)))


def by_cell(view: View) -> str:
    """The same of a picture."""
    return _("натиснете клетка, за да отворите училището") if _opens(view) else ""


def clicked_row(
    view: View,
    table: pd.DataFrame,
    codes: Sequence[str],
    key: str,
    height: int | None = None,
    *,
    sentences: bool = False,
) -> None:
    """A table of schools: a click on a row opens its school. `codes` are the schools of the rows; with `sentences`
    the last column holds some, and the rows have room for its lines."""

    def remember() -> None:
        for row in st.session_state[key].selection.rows:
            st.session_state[_CLICKED] = codes[row]

    # Its overloads do not know a choice of both.
    on_select: Any = remember if _opens(view) else "ignore"
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=height or "auto",
        placeholder="–",
        key=key,
        on_select=on_select,
        selection_mode="single-row",
        row_height=72 if sentences else None,
        column_config=_columns(table) | ({table.columns[-1]: st.column_config.Column(width=760)} if sentences else {}),
    )


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    """Dates and numbers as Bulgarian writes them."""
    types = pd.api.types
    dates = {name for name in table if types.is_datetime64_any_dtype(table[name])}
    numbers = {name for name in table if types.is_float_dtype(table[name])}
    return {name: st.column_config.DateColumn(format="DD.MM.YYYY") for name in dates} | {
        name: st.column_config.NumberColumn(format="localized") for name in numbers
    }


def unique_names(view: View, codes: Iterable[str]) -> dict[str, str]:
    """Code → the school's name in a picture: as short as tells it apart, else with its settlement or its code."""
    names_of = dict(zip(view.institutions["code"], view.institutions["name"], strict=True))
    short = {code: str(names_of.get(code, code)) for code in codes}
    often = Counter(short.values())
    names = {code: name if often[name] == 1 else view.name_of(code) for code, name in short.items()}
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name} · {code}" for code, name in names.items()}


def point_clicked(key: str, names: Mapping[str, str]) -> Callable[[], None]:
    """What a picture does on a click on a school: its points carry the name of `names` as customdata."""
    codes = {name: code for code, name in names.items()}

    def remember() -> None:
        for point in st.session_state[key].selection.points[:1]:
            about = point.get("customdata")
            name = about if isinstance(about, str) else about["0"] if isinstance(about, dict) else (about or [None])[0]
            if name in codes:
                st.session_state[_CLICKED] = codes[name]

    return remember


def go_where_clicked(view: View) -> None:
    """Open the school that was clicked, once."""
    code = st.session_state.pop(_CLICKED, None)
    if code and _opens(view):
        open_school(view, code)
