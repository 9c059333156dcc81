"""Pieces of a school's page: how it is reached, and what is worked out for it from the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from obhvat.datasets import dataset
from obhvat.metrics import Figure
from obhvat.metrics.suppression import SMALLEST_SHOWN, hidden_parts
from obhvat.texts import number
from obhvat.ui.filters import ALL_SCHOOLS, View, take_along
from obhvat.ui.shell import page_file
from obhvat.ui.widgets.tile import HIDDEN

SHORT_HIDDEN = "скр."
"""A hidden number in a narrow column."""
_CLICKED, _LEAVING = "clicked-school", "leave-school"
USUAL_LOW, USUAL_HIGH = 0.1, 0.9
"""Between these shares of the schools is what is usual: eight schools of ten."""
_GRADES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def label_of(view: View, code: str) -> str:
    """A school as the filter „Училище“ names it, or all schools when it is not in the register."""
    known = view.institutions[view.institutions["code"] == code]
    return f"{known.iloc[0]['name']}, {known.iloc[0]['settlement']} · {code}" if len(known) else ALL_SCHOOLS


def open_school(view: View, code: str) -> NoReturn:
    """Go to a school's page with the filters and the audience kept."""
    take_along(school=label_of(view, code))
    # Without parameters Streamlit refuses: those of the filters are bound to them.
    st.switch_page(page_file("school"), query_params={})


def clicked_row(
    table: pd.DataFrame, codes: Sequence[str], key: str, height: int | None = None, *, sentences: bool = False
) -> None:
    """A table of schools: a click on a row opens its school. `codes` are the schools of the rows; with `sentences`
    the last column holds some, and the rows have room for its lines."""

    def remember() -> None:
        for row in st.session_state[key].selection.rows:
            st.session_state[_CLICKED] = codes[row]

    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=height or "auto",
        placeholder="–",
        key=key,
        on_select=remember,
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
    found = view.institutions.set_index("code")["name"]
    short = {code: str(found.get(code, code)) for code in codes}
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
    if code := st.session_state.pop(_CLICKED, None):
        open_school(view, code)


def back_buttons() -> None:
    """The ways back, without the school and with everything else that was chosen."""
    bar = st.container(horizontal=True, horizontal_alignment="right", gap="small")
    for page, label in (("inspections", "Към проверките"), ("risk", "Към риска")):
        bar.button(label, icon=":material/arrow_back:", key=f"to-{page}", on_click=lambda page=page: _leave_to(page))


def _leave_to(page: str) -> None:
    st.session_state["school"] = ALL_SCHOOLS
    st.session_state[_LEAVING] = page


def go_back_if_asked() -> None:
    """Once the filters know that no school is chosen, go where `back_buttons` was told."""
    if page := st.session_state.pop(_LEAVING, None):
        st.switch_page(page_file(page), query_params={})


def against_others(of_oblast: Figure, school: str) -> pd.DataFrame:
    """A school's value a pupil by month beside the others': columns month, value, low, high, usual.

    `of_oblast` is a monthly ratio of the whole oblast. low and high hold eight schools of ten; usual is the oblast's
    own ratio. Null where nobody has sent; value also where the school has not. Months nobody sent are left out.
    """
    rows = of_oblast.rows[of_oblast.rows["reports"] & (of_oblast.rows["d"] > 0)]
    rows = rows.assign(value=rows["n"].astype(float) / rows["d"].astype(float))
    by_month = rows.groupby("month")
    found = pd.DataFrame(
        {
            "low": by_month["value"].quantile(USUAL_LOW),
            "high": by_month["value"].quantile(USUAL_HIGH),
            "usual": by_month["n"].sum().astype(float) / by_month["d"].sum().astype(float),
        }
    )
    found["value"] = rows[rows["school"] == school].set_index("month")["value"]
    return found.reset_index()[["month", "value", "low", "high", "usual"]]


def by_grade(listed: pd.DataFrame, audience: str) -> tuple[list[str], list[str]]:
    """Grades of a school's list and how many are in each, small ones hidden outside. `listed`: a row a child."""
    # Groups of the preschool have several codes below 1.
    counts = listed["grade"].fillna(0).clip(lower=0).value_counts().sort_index()
    numbers = {"ПГ" if grade < 1 else _GRADES[int(grade) - 1]: int(n) for grade, n in counts.items()}
    hidden = frozenset() if audience == "internal" else hidden_parts(numbers)
    return list(numbers), [SHORT_HIDDEN if grade in hidden else number(n) for grade, n in numbers.items()]


def results_table(results: pd.DataFrame, audience: str, most: int = 3) -> tuple[list[str], list[list[str]]]:
    """The newest terms and exams as captions and rows: a row a subject, „here / in the oblast“ in each term's cell.
    An average of few pupils is hidden outside."""
    exams = dataset("results")["exam"]
    when = results[["school_year", "exam"]].drop_duplicates().head(most)[::-1]
    captions, cells = ["Предмет"], {}
    for n, (year, exam) in enumerate(when.itertuples(index=False, name=None)):
        captions.append(f"{exams.caption_of(exam)} {year}/{(year + 1) % 100:02}")
        for row in results[(results["school_year"] == year) & (results["exam"] == exam)].itertuples(index=False):
            few = audience != "internal" and row.examined < SMALLEST_SHOWN
            here = HIDDEN if few else number(row.average, 2)
            cells[row.subject, n] = f"{here} / {number(row.oblast, 2)}"
    subjects = sorted({subject for subject, _ in cells})
    return captions, [[s, *(cells.get((s, n), "–") for n in range(len(when)))] for s in subjects]
